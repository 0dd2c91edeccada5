// `npm test`: sets up, then the arrows between folders, style, types and the quick tier of tests; a table of the steps,
// and a last line "N passed, N failed" from vitest's own report. Every step runs, so that one failure hides no other.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pendingSetup } from './setup.mjs';
import { endTogether, root, run, StepFailed, steps } from './steps.mjs';

/** What else may be named: `npm test -- slow` runs the slow tier, alone. */
const TIERS = { quick: 'vitest.config.ts', slow: 'vitest.slow.config.ts' };
const tool = (...path) => join(root, 'node_modules', ...path);
const tier = process.argv[2] ?? 'quick';
if (!(tier in TIERS)) {
  process.stderr.write(`npm test: no tier "${tier}"; there is: ${Object.keys(TIERS).join(', ')}\n`);
  process.exit(2);
}
const report = join(root, '.foresell', `vitest-${tier}.json`);
const skips = join(root, '.foresell', `skips-${tier}.json`);
const FOLDERS = ['src', 'features', 'models', 'training', 'api', 'datasets', 'bin', 'benchmarks', 'tests'];
const arrows = ['--config', '.dependency-cruiser.cjs', '--output-type', 'err', ...FOLDERS];
const checks = [
  { what: 'arrows between folders', args: [tool('dependency-cruiser', 'bin', 'dependency-cruise.mjs'), ...arrows] },
  { what: 'format and lint', args: [tool('@biomejs', 'biome', 'bin', 'biome'), 'check', '--error-on-warnings', '.'] },
  { what: 'types', args: [tool('typescript', 'bin', 'tsc'), '--noEmit'] },
];
const tests = {
  what: `tests, ${tier} tier`,
  args: [
    tool('vitest', 'vitest.mjs'),
    'run',
    '--config',
    TIERS[tier],
    '--reporter=default',
    '--reporter=json',
    `--reporter=${join(root, 'bin', 'skips.mjs')}`,
    `--outputFile.json=${report}`,
  ],
  show: 'plain',
};

endTogether();
process.chdir(root);
const setup = pendingSetup();
const todo = tier === 'quick' ? [...checks, tests] : [tests];
const { step } = steps(setup.length + todo.length);
const table = [];
try {
  for (const { what, work } of setup) await timed(what, () => work().then(() => true));
  for (const file of [report, skips]) rmSync(file, { force: true });
  mkdirSync(join(root, '.foresell'), { recursive: true });
  for (const { what, args, show } of todo) {
    await timed(
      what,
      async () =>
        (
          await run(process.execPath, args, {
            mayFail: true,
            show: show ?? 'all',
            env: { FORESELL_SKIPS: skips, FORESELL_BUILT: '1' },
          })
        ).code === 0,
    );
  }
} catch (error) {
  if (!(error instanceof StepFailed)) throw error;
  process.stderr.write(`npm test: ${error.message}\n`);
}
process.exitCode = summary();

async function timed(what, work) {
  const row = { what, seconds: 0, passed: false };
  table.push(row);
  const begun = performance.now();
  await step(what, async () => {
    row.passed = await work();
    return row.passed ? 'passed' : 'FAILED';
  });
  row.seconds = (performance.now() - begun) / 1000;
}

/** The table, the tests that were skipped and why, and the closing line; the exit code. */
function summary() {
  const counts = counted();
  process.stdout.write('\n');
  for (const { what, seconds, passed } of table) {
    process.stdout.write(`${passed ? 'passed' : 'FAILED'}  ${`${seconds.toFixed(1)} s`.padStart(8)}  ${what}\n`);
  }
  for (const name of counts.skipped) process.stdout.write(`skipped: ${name}\n`);
  // A check that is not a test counts as one, so that the last line never says less than the exit code.
  const others = table.filter((row) => row.what !== tests.what);
  const failed = counts.failed + others.filter((row) => !row.passed).length + (counts.none ? 1 : 0);
  const passed = counts.passed + others.filter((row) => row.passed).length;
  const unexplained = failed === 0 && table.some((row) => !row.passed) ? 1 : 0;
  const skipped = counts.skipped.length > 0 ? `, ${counts.skipped.length} skipped` : '';
  process.stdout.write(`\n${passed} passed, ${failed + unexplained} failed${skipped}\n`);
  return failed + unexplained === 0 ? 0 : 1;
}

function counted() {
  if (!existsSync(report)) return { passed: 0, failed: 0, skipped: [], none: true };
  const { numPassedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const all = testResults.flatMap((file) => file.assertionResults);
  const broken = testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((t) => t.status !== 'failed'),
  );
  const skipped = existsSync(skips) ? JSON.parse(readFileSync(skips, 'utf8')) : [];
  const failed = all.filter((test) => test.status === 'failed').length + broken.length;
  return { passed: numPassedTests, failed, skipped, none: numPassedTests + failed === 0 };
}
