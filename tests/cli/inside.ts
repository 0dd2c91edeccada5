import { main } from '../../bin/cli.ts';
import type { Ran } from './run.ts';

/** Runs a command in this process, with what it wrote: quicker than a process of its own where only words and code are tested. */
export async function inside(...args: string[]): Promise<Ran & { readonly code: number }> {
  const written = { out: '', err: '' };
  const [stdout, stderr] = [process.stdout.write, process.stderr.write];
  const into = (key: 'out' | 'err') =>
    ((text: string) => {
      written[key] += text;
      return true;
    }) as typeof stdout;
  process.stdout.write = into('out');
  process.stderr.write = into('err');
  try {
    return { code: await main(args), ...written };
  } finally {
    process.stdout.write = stdout;
    process.stderr.write = stderr;
  }
}
