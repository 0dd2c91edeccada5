import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandLine, foresell } from './run.ts';

const commands = [
  'import',
  'train',
  'score',
  'forecast',
  'pipeline',
  'clv',
  'models',
  'features',
  'serve',
  'keys',
  'generate',
];
let folder: string;
let db: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'foresell-cli-'));
  db = join(folder, 'tiny.db');
  const made = foresell(['generate', '--out', join(folder, 'tiny'), '--scenario', 'tiny', '--no-truth', '--quiet']);
  expect(made).toMatchObject({ code: 0 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Parses as one JSON document and nothing else. */
const onlyJson = (text: string): unknown => JSON.parse(text);

describe('help', () => {
  test('the program names every command', () => {
    const { code, out } = foresell(['--help']);
    expect(code).toBe(0);
    for (const name of commands) expect(out).toContain(name);
  });

  test('--version is that of the package', () => {
    expect(foresell(['--version'])).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  test.each(commands)('%s has a summary and an example', (name) => {
    const { code, out } = foresell([name, '--help']);
    expect(code).toBe(0);
    expect(out).toContain('Examples:');
    expect(out).toContain(`foresell ${name}`);
  });
});

test('a reader that closes the pipe stops the command quietly', async () => {
  const child = spawn(process.execPath, [...commandLine, 'import', '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  let complaints = '';
  child.stderr.on('data', (piece) => (complaints += piece));
  const [code] = await once(child, 'close');
  expect({ code, complaints }).toEqual({ code: 141, complaints: '' });
});

describe('a request that is wrong ends with 2 and says what to do', () => {
  test.each([
    ['an unknown command', ['sing'], 'sing'],
    ['an unknown flag', ['train', '--louder'], '--louder'],
    ['a value outside the choices', ['train', '--profile', 'heroic'], 'heroic'],
    ['a number that is none', ['generate', '--out', 'x', '--deals', 'many'], 'many'],
    ['an adjustment without a reason', ['forecast', 'adjustments', 'add', '--kind', 'commit', '--amount', '1'], '--reason'], // biome-ignore format: a row
    ['a time that is none', ['forecast', '--as-of', 'yesterdayish'], 'ISO 8601'],
    ['a database that is not there', ['forecast', '--db', 'nowhere.db'], 'nowhere.db'],
    [
      'its own options of a sub-command',
      ['forecast', 'changes', '--db', 'nowhere.db', '--from', '2025-01-01'],
      'nowhere.db',
    ],
    ['an export that is not there', ['import', './nowhere', '--db', 'unborn.db'], 'nowhere'],
    ['a source that is not one', ['import', '.', '--source', 'abacus', '--db', 'unborn.db'], 'abacus'],
    ['neither ids nor all', ['score', '--model', 'deal'], '--ids'],
    ['an unknown ending', ['score', '--all', '--out', 'scores.xyz'], '.csv'],
  ])('%s', (_what, args, said) => {
    const { code, out, err } = foresell(args, folder);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(said);
    expect(err).not.toContain('    at '); // a stack trace is for us, not for callers
  });

  test('a request that was refused leaves no file behind', () => {
    expect(existsSync(join(folder, 'nowhere.db'))).toBe(false);
    expect(existsSync(join(folder, 'scores.xyz'))).toBe(false);
  });
});

describe('work', () => {
  test('import, --json: one document, with every row accounted for', () => {
    const { code, out } = foresell(['import', join(folder, 'tiny'), '--db', db, '--json', '--quiet'], folder);
    expect(code).toBe(0);
    const { total } = onlyJson(out) as {
      total: { read: number; accepted: number; unchanged: number; rejected: number };
    };
    expect(total.read).toBeGreaterThan(100);
    expect(total.accepted + total.unchanged + total.rejected).toBe(total.read);
  });

  test('forecast before any training: a message, no stack trace, and not 0', () => {
    const { code, out, err } = foresell(['forecast', '--db', db, '--json'], folder);
    expect(code).toBeGreaterThan(0);
    expect(out).toBe('');
    expect(err).toContain('train');
    expect(err).not.toContain('    at ');
  });

  test('train, models, score and forecast, --json: one document each', () => {
    const run = (...args: string[]) => {
      const ran = foresell([...args, '--db', db, '--json', '--quiet'], folder);
      expect(ran.code, ran.err).toBe(0);
      return ran.out;
    };
    const none = foresell(['train', '--model', 'renewal', '--db', db], folder); // which there are depends on the company
    expect([none.code, none.err]).toEqual([2, expect.stringContaining('there is deal, lead, churn [model-unknown]')]);
    const trained = onlyJson(run('train', '--profile', 'fast')) as { version: string };
    expect(trained.version).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(onlyJson(run('models', 'list')))).toContain(trained.version.slice(0, 12));
    for (const line of run('score', '--model', 'deal', '--all').trim().split('\n')) {
      expect(JSON.parse(line)).toMatchObject({ model: 'deal', version: trained.version });
    }
    expect(onlyJson(run('forecast', '--by', 'team'))).toHaveProperty('total');
    // A bare date is the company's day, in Bangkok here, as in the API.
    const changes = run('forecast', 'changes', '--from', '2025-05-01', '--to', '2025-06-01', '--by', 'team');
    expect(onlyJson(changes)).toHaveProperty('total.causes');
    expect(onlyJson(run('forecast', '--as-of', '2025-06-01'))).toMatchObject({ asOf: '2025-05-31T17:00:00.000Z' });
    const promoted = onlyJson(run('models', 'promote', trained.version.slice(0, 12)));
    expect(promoted).toMatchObject({ served: trained.version, previous: trained.version });
    expect(foresell(['models', 'rollback', '--db', db, '--json'], folder)).toMatchObject({ code: 2, out: '' });
    const shown = foresell(['score', '--all', '--db', db], folder); // thirty deals teach nothing: a band, and no reasons
    expect(shown.out).toMatch(/\d+ % to \d+ %.*insufficient data/);
    expect(shown.err).toContain('insufficient data');
  });

  test('what was said is kept; what people put beside it has an author and a reason, and is undone by a row of its own', () => {
    const run = (...args: string[]) => {
      const ran = foresell([...args, '--db', db, '--json', '--quiet'], folder);
      expect(ran.code, ran.err).toBe(0);
      return ran.out;
    };
    const kept = onlyJson(run('forecast', 'history', '--keep')) as { items: object[] };
    expect(kept.items).toMatchObject([{ version: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
    const add = ['forecast', 'adjustments', 'add', '--kind', 'commit', '--amount', '1200.50', '--reason', 'two sign', '--author', 'anong', '--once', 'k1']; // biome-ignore format: a row
    const one = onlyJson(run(...add)) as { id: number };
    expect(one).toMatchObject({ kind: 'commit', group: null, amount: { minor: 120050 }, author: { name: 'anong' } });
    expect(onlyJson(run(...add))).toEqual(one);
    expect(onlyJson(run('forecast'))).toMatchObject({
      total: { commit: { id: one.id, author: 'anong' } },
      blend: null,
    });
    run('forecast', 'adjustments', 'undo', String(one.id), '--reason', 'slip');
    const all = onlyJson(run('forecast', 'adjustments', 'list')) as { items: { kind: string; inForce: boolean }[] };
    expect(all.items.map(({ kind, inForce }) => [kind, inForce])).toEqual([['commit', false], ['undo', false]]); // biome-ignore format: one check
  }, 120_000);

  test('a file that is no database: 1 or 2, a message, no stack trace', () => {
    const broken = join(folder, 'broken.db');
    writeFileSync(broken, 'this is not a database '.repeat(100));
    const { code, err } = foresell(['forecast', '--db', broken], folder);
    expect([1, 2]).toContain(code);
    expect(err).toContain('broken.db');
    expect(err).not.toContain('    at ');
  });
});
