import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandLine, foresell } from './cli/run.ts';

/**
 * The README's examples, run as they stand against a tiny company: blocks marked `sh run` by the command line, blocks
 * marked `sh serve` against a running server; a block whose mark ends on a file name is that file.
 */
const blocks = [...readFileSync('README.md', 'utf8').matchAll(/^```(\w+) (\S+)\n([\s\S]*?)^```/gm)].map(
  ([, language, mark, text]) => ({ language: language!, mark: mark!, text: text! }),
);
const commands = (mark: string) =>
  blocks
    .filter((block) => block.language === 'sh' && block.mark === mark)
    .flatMap(({ text }) => text.trim().split('\n'));

/** Words of a command line, with single quotes kept together. */
const words = (line: string) => [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'foresell-readme-'));
  for (const { language, mark, text } of blocks) {
    if (language === 'sh') continue;
    mkdirSync(dirname(join(folder, mark)), { recursive: true });
    writeFileSync(join(folder, mark), text);
  }
  const setUp = [
    ['generate', '--out', './sample', '--scenario', 'tiny', '--no-truth', '--quiet'],
    ['import', './sample', '--db', './sample.db', '--quiet'],
    ['train', '--profile', 'fast', '--db', './sample.db', '--quiet'],
  ];
  for (const args of setUp) {
    const { code, err } = foresell(args, folder);
    expect(code, err).toBe(0);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('README', () => {
  test('it has examples of every kind', () => {
    expect(commands('run').length).toBeGreaterThanOrEqual(6);
    expect(commands('serve').length).toBeGreaterThanOrEqual(2);
  });

  test.each(commands('run'))('%s', (line) => {
    const [npx, program, ...args] = words(line);
    expect([npx, program]).toEqual(['npx', 'foresell']);
    const { code, err } = foresell(args, folder);
    expect(code, err).toBe(0);
  });

  test('the import by a map reads every row', () => {
    const args = ['import', './crm', '--map', 'my-crm.yaml', '--db', './again.db', '--json', '--quiet'];
    const { out } = foresell(args, folder);
    const { total } = JSON.parse(out) as { total: { accepted: number; rejected: number } };
    expect(total).toMatchObject({ rejected: 0 });
    expect(total.accepted).toBeGreaterThanOrEqual(3);
  });
});

const curl = spawnSync('curl', ['--version']).status === 0;
describe.skipIf(!curl)(`README over HTTP${curl ? '' : ' (skipped: curl is not installed)'}`, () => {
  let server: ChildProcess;
  let port: number;
  beforeAll(async () => {
    port = await freePort();
    const args = [...commandLine, 'serve', '--db', './sample.db', '--port', String(port)];
    server = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    await new Promise<void>((resolve, reject) => {
      const said: string[] = [];
      createInterface({ input: server.stderr! }).on('line', (line) => {
        said.push(line);
        if (line.startsWith('Foresell is at')) resolve();
      });
      server.once('exit', (code) => reject(new Error(`serve ended with ${code}: ${said.join('\n')}`)));
    });
  });
  afterAll(async () => {
    server.removeAllListeners('exit');
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGTERM');
    await ended;
  });

  test.each(commands('serve'))('%s', (line) => {
    // The README asks for a deal of the sample of `npm start`; the tiny company has others.
    const { out } = foresell(['score', '--model', 'deal', '--all', '--db', './sample.db', '--json', '--quiet'], folder);
    const { id } = JSON.parse(out.split('\n')[0]!) as { id: string };
    const [program, ...args] = words(line);
    expect(program).toBe('curl');
    const here = args.map((word) => word.replace(':3000', `:${port}`).replace(/csv:D\d+/, id));
    const { stdout, stderr } = spawnSync('curl', here, { encoding: 'utf8' });
    const answer = JSON.parse(stdout || stderr) as { items: readonly { probability?: number; status?: string; kind?: string }[] }; // biome-ignore format: one type
    expect(answer.items, stdout).toHaveLength(1);
    if (line.includes('/v1/facts')) {
      expect(answer.items[0]!.status).toBe('added');
      return;
    }
    if (line.includes('/adjustments')) {
      expect(answer.items[0]!.kind).toBe('commit');
      return;
    }
    expect(answer.items[0]!.probability, stdout).toBeGreaterThan(0);
    expect(answer.items[0]!.probability).toBeLessThan(1);
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
