// A reporter of vitest for `npm test`: which tests were skipped and why, which its JSON report does not say.
import { writeFileSync } from 'node:fs';

export default class Skips {
  onTestRunEnd(modules) {
    const skipped = modules.flatMap((module) =>
      [...module.children.allTests('skipped')].map((test) => {
        const { note } = test.result();
        return note ? `${test.fullName}: ${note}` : test.fullName;
      }),
    );
    writeFileSync(process.env.FORESELL_SKIPS, JSON.stringify(skipped));
  }
}
