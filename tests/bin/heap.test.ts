import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { heapFlags } from '../../bin/heap.ts';

const MB = 1024 ** 2;
const GB = 1024 * MB;

describe('heap of a command', () => {
  test('goes with the file, within the machine', () => {
    expect(heapFlags(399 * MB, 16 * GB, 4 * GB, [])).toEqual([]);
    expect(heapFlags(1 * GB, 16 * GB, 2 * GB, [])).toEqual(['--max-old-space-size=4096', '--max-semi-space-size=64']);
    expect(heapFlags(0.5 * GB, 16 * GB, 4 * GB, [])[0]).toBe('--max-old-space-size=4096'); // no less than Node's own
    expect(heapFlags(8 * GB, 16 * GB, 4 * GB, [])[0]).toBe(`--max-old-space-size=${Math.round(0.9 * 16 * 1024)}`);
  });

  test('is left alone where somebody said how large it is to be', () => {
    for (const given of ['--max-old-space-size=8000', '--title=x --max_semi_space_size=16'])
      expect(heapFlags(2 * GB, 16 * GB, 4 * GB, [given])).toEqual([]);
  });
});

describe('a process with a heap of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'foresell-heap-'));
  const large = join(folder, 'large.db');
  const script = join(folder, 'command.mts');
  const heap = JSON.stringify(fileURLToPath(new URL('../../bin/heap.ts', import.meta.url)));
  beforeAll(() => {
    writeFileSync(large, '');
    // No block of it is on the disk.
    truncateSync(large, 500 * MB);
    writeFileSync(
      script,
      `import { inLargeHeap } from ${heap};
       import { getHeapStatistics } from 'node:v8';
       const work = async () => {
         const [, , , , mode] = process.argv;
         const stay = setInterval(() => {}, 1000);
         const asked = new Promise((resolve) => process.once('SIGTERM', resolve));
         console.log(JSON.stringify({ pid: process.pid, limit: getHeapStatistics().heap_size_limit, within: process.env.FORESELL_WITHIN ?? null }));
         if (mode === 'wait') await asked;
         clearInterval(stay);
         return 7;
       };
       const argv = process.argv.slice(2);
       process.exitCode = await (inLargeHeap(argv) ?? work());`,
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** The command, what it said first, and how it will end. */
  async function started(db: string, mode = 'end', command = 'serve') {
    const child = spawn(process.execPath, ['--import', 'tsx', script, command, `--db=${db}`, mode], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    const ended = new Promise<number | string | null>((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
    const first = await new Promise<string>((resolve) => child.stdout.once('data', (data) => resolve(String(data))));
    const said = JSON.parse(first) as { readonly pid: number; readonly limit: number; readonly within: string | null };
    return { child, ended, said };
  } // biome-ignore format: short

  test('a small company is served by the process that was started, a large one by one with room; its exit code is passed on', async () => {
    const small = await started(join(folder, 'none.db'));
    expect(small.said.pid).toBe(small.child.pid);
    expect(await small.ended).toBe(7);
    const own = await started(large);
    expect(own.said.pid).not.toBe(own.child.pid);
    expect(own.said.limit).toBeGreaterThanOrEqual((3 * 500 + 1024) * MB);
    expect(own.said.within).toBeNull();
    expect(await own.ended).toBe(7);
    const other = await started(large, 'end', 'generate');
    expect(other.said.pid).toBe(other.child.pid);
    expect(await other.ended).toBe(7);
  });

  test('it hears the signals of the one that was started, and ends with it', async () => {
    const asked = await started(large, 'wait');
    asked.child.kill('SIGTERM');
    expect(await asked.ended).toBe(7);
    const killed = await started(large, 'wait');
    killed.child.kill('SIGKILL');
    expect(await killed.ended).toBe('SIGKILL');
    const isThere = () => {
      try {
        return process.kill(killed.said.pid, 0);
      } catch {
        return false;
      }
    };
    await expect.poll(isThere, { timeout: 20_000 }).toBe(false);
  });
});
