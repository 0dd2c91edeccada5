import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'; // biome-ignore format: one list
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { leads, writeTable } from '../training/tables/files.ts';
import { inside } from './inside.ts';

const folder = mkdtempSync(join(tmpdir(), 'foresell-table-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
// So few of the rarer outcome that no network is trained: what is tested is what is around it.
const rows = leads(45);
const only = (...names: (keyof (typeof rows)[number])[]) =>
  rows.map((row) => Object.fromEntries(names.map((name) => [name, row[name]])));

const run = (...args: string[]) => inside('table', ...args);

const cellsOf = (name: string) =>
  readFileSync(at(name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));

beforeAll(() => {
  writeTable(folder, 'leads.csv', only('lead', 'source', 'employees', 'opened', 'converted'));
  writeTable(folder, 'new.parquet', only('opened', 'lead', 'employees', 'source').slice(0, 30));
});

describe('four tasks, from a file to a file', () => {
  test('binary: types and held-out losses are shown; headers in another order, Parquet and stdout', async () => {
    const fit = await run('fit', '--data', at('leads.csv'), '--target', 'converted', '--id', 'lead', '--out', at('b.model')); // biome-ignore format: one call
    expect(fit.code).toBe(0);
    expect(fit.out).toContain('the probability is of "yes"');
    expect(fit.out).toMatch(/lead\s+left out\s+names the row/);
    expect(fit.out).toMatch(/opened\s+date\s+dates/);
    expect(fit.out).toMatch(/base rate\s+0\.\d+/);
    const predict = await run('predict', '--model', at('b.model'), '--data', at('leads.csv'), '--out', at('b.csv'));
    expect(predict).toMatchObject({ code: 0, out: '' });
    const cells = cellsOf('b.csv');
    expect(cells[0]).toEqual(['id', 'probability']);
    expect(cells.map(([id]) => id).slice(1)).toEqual(rows.map(({ lead }) => lead));
    for (const [, p] of cells.slice(1)) expect(Number(p) > 0 && Number(p) < 1).toBe(true);
    const unused = await run('predict', '--data', at('leads.csv'), '--model', at('b.model'), '--value', 'mean', '--out', at('mean.csv')); // biome-ignore format: one call
    expect(unused.code).toBe(2);
    expect(unused.err).toContain('--value is for amounts; this model tells of a binary');
    const shuffled = await run('predict', '--model', at('b.model'), '--data', at('new.parquet'), '--out', '-', '--quiet'); // biome-ignore format: one call
    expect(shuffled.err).toBe('');
    expect(shuffled.out.trimEnd().split('\n').map((line) => line.split(','))).toEqual(cells.slice(0, 31)); // biome-ignore format: one check
  });

  test('class, duration and amount have the columns that the contract names; without --id rows are numbered from 0', async () => {
    const columns = async (data: Record<string, unknown>[], ...args: string[]) => {
      const path = writeTable(folder, 'task.csv', data);
      const fit = await run('fit', '--data', path, '--out', at('t.model'), '--quiet', '--json', ...args);
      expect(fit).toMatchObject({ code: 0, err: '' });
      expect((await run('predict', '--data', path, '--model', at('t.model'), '--out', at('t.csv'))).code).toBe(0);
      const cells = cellsOf('t.csv');
      expect(cells.slice(1).map(([id]) => id)).toEqual(rows.map((_, i) => String(i)));
      for (const line of cells.slice(1)) for (const cell of line) expect(Number.isNaN(Number(cell))).toBe(false);
      return { header: cells[0]!, json: JSON.parse(fit.out) as Record<string, unknown>, cells };
    };
    const grade = await columns(only('source', 'employees', 'grade'), '--target', 'grade');
    expect(grade.header).toEqual(['id', 'p_gold', 'p_none', 'p_silver']);
    expect(grade.json).toMatchObject({ task: 'class' });
    for (const line of grade.cells.slice(1)) expect(line.slice(1).reduce((s, p) => s + Number(p), 0)).toBeCloseTo(1, 6); // biome-ignore format: one check
    const when = await columns(only('source', 'employees', 'months', 'converted'), '--time', 'months', '--event', 'converted', '--times', '0.5,1'); // biome-ignore format: one call
    expect(when.header).toEqual(['id', 'median', 'p10', 'p90', 's_0.5', 's_1']);
    const causes = await columns(only('source', 'employees', 'months', 'grade').map((row) => ({ ...row, grade: row['grade'] === 'none' ? 0 : row['grade'] })), '--time', 'months', '--event', 'grade', '--times', '1'); // biome-ignore format: one call
    expect(causes.header).toEqual(['id', 'median', 'p10', 'p90', 's_1', 'f_gold_1', 'f_silver_1']);
    const spent = await columns(only('source', 'employees', 'spent'), '--target', 'spent');
    expect(spent.header).toEqual(['id', 'value', 'p10', 'p90']);
    const values = spent.cells.slice(1).map((line) => line.slice(1).map(Number)) as [number, number, number][];
    for (const [value, p10, p90] of values) expect(value >= p10 && value <= p90).toBe(true);
    const mean = await run('predict', '--data', at('task.csv'), '--model', at('t.model'), '--value', 'mean', '--out', at('mean.csv')); // biome-ignore format: one call
    expect(mean.code).toBe(0);
    const means = cellsOf('mean.csv').slice(1);
    expect(means.map(([, , p10, p90]) => [Number(p10), Number(p90)])).toEqual(values.map(([, p10, p90]) => [p10, p90]));
    expect(means.map(([, value]) => Number(value))).not.toEqual(values.map(([value]) => value));
    expect(spent.json).toMatchObject({ task: 'amount', columns: [{ type: 'category' }, { type: 'number' }, {}] });
  }, 120_000);
});

describe('what is odd is refused or said', () => {
  const refused: [string, string, string[], RegExp][] = [
    ['a target that is not there', 'source,won\nweb,1\n', ['--target', 'converted'], /no column "converted"; the table has source, won/], // biome-ignore format: one case
    ['one class only', `a,y\n${'1,1\n2,1\n'.repeat(9)}`, ['--target', 'y'], /says "1" in every row/],
    ['fewer than ten rows', 'a,y\n1,0\n2,1\n', ['--target', 'y'], /2 of 2 rows .* at least 10/],
    ['nothing but one value', `a,y\n${'1,1\n1,0\n'.repeat(9)}`, ['--target', 'y'], /no column is left to learn/],
    ['an empty file', '', ['--target', 'y'], /empty; the first line must name the columns/],
    ['a header and no rows', 'a,y\n', ['--target', 'y'], /a header and no rows; there is nothing to read/],
    ['an amount without end', `a,v\n${'1,2.5\n2,3.5\n'.repeat(9)}3,inf\n`, ['--target', 'v', '--task', 'amount'], /row 18: "v" is "inf"; an amount is a finite number/], // biome-ignore format: one case
    ['headers twice', 'a,a,y\n1,2,1\n', ['--target', 'y'], /column "a" appears twice/],
    ['2,000 columns', `${Array.from({ length: 2_000 }, (_, i) => `c${i}`).join(',')}\n`, ['--target', 'c1'], /2000 columns; a table may have 1000/], // biome-ignore format: one case
    ['no target', 'a,y\n1,2\n', [], /no target; name its column with --target/],
    ['a bad schema', 'a,y\n1,2\n', ['--target', 'y', '--schema', 'SCHEMA'], /columns\.a\.type/],
    ['an order that is none', `a,b,y\n${'x,1,1\ny,2,0\n'.repeat(9)}`, ['--target', 'y', '--order', 'a'], /an order is a number or a date in every row/], // biome-ignore format: one case
  ];
  test.each(refused)('%s: exit 2, what to do, and no half file', async (_, text, args, message) => {
    writeFileSync(at('bad.csv'), text);
    writeFileSync(at('schema.yaml'), 'columns: { a: { type: float } }');
    const given = args.map((arg) => (arg === 'SCHEMA' ? at('schema.yaml') : arg));
    const { code, err } = await run('fit', '--data', at('bad.csv'), '--out', at('bad.model'), ...given);
    expect(err).toMatch(message);
    expect(code).toBe(2);
    expect(existsSync(at('bad.model'))).toBe(false);
    expect(existsSync(at('bad.model.part'))).toBe(false);
  });

  test('at predict: missing columns are named, others ignored; text, words never met and infinity are counted', async () => {
    await run('fit', '--data', at('leads.csv'), '--target', 'converted', '--id', 'lead', '--out', at('odd.model'), '--quiet'); // biome-ignore format: one call
    const predict = (text: string) => {
      writeFileSync(at('odd.csv'), text);
      return run('predict', '--model', at('odd.model'), '--data', at('odd.csv'), '--out', at('odd-out.csv'));
    };
    const lacking = await predict('source\nweb\n');
    expect(lacking.code).toBe(2);
    expect(lacking.err).toMatch(/no column "employees", "opened"; the model reads source, employees, opened, the file has source/); // biome-ignore format: one check
    expect(existsSync(at('odd-out.csv'))).toBe(false);
    const { code, err } = await predict(
      'opened,extra,employees,source\n2026-01-12,1,many,web\nsoon,2,Infinity,radio\n',
    );
    expect(code).toBe(0);
    expect(err).toContain('no column "lead": the rows\' numbers are their ids');
    expect(err).toContain('columns that training did not have are ignored: extra');
    expect(err).toContain('"employees": 2 cells are no finite number (as "many"); they count as missing');
    expect(err).toContain('"source": 1 cells say a word never met in training (as "radio"); they count as rare ones');
    expect(err).toContain('"opened": 1 cells are no date (as "soon"); they count as missing');
    for (const [, p] of cellsOf('odd-out.csv').slice(1)) expect(Number(p)).toBeGreaterThan(0);
  });

  test('at fit: one value alone is set aside; words and infinity among numbers count as missing; huge numbers are numbers', async () => {
    const broken = leads(160).map(({ lead, employees, converted }, i) => ({ lead, employees, one: 7, ratio: i % 4 ? i / 7 : ['inf', '-Infinity', 'n/k'][i % 3]!, huge: i % 9 ? i % 31 : '1e300', converted })); // biome-ignore format: one table
    const path = writeTable(folder, 'broken.csv', broken);
    const { code, out } = await run('fit', '--data', path, '--target', 'converted', '--id', 'lead', '--out', at('broken.model')); // biome-ignore format: one call
    expect(code).toBe(0);
    expect(out).toMatch(/one +left out +the same in every row \("7"\)/);
    expect(out).toMatch(/ratio +number +120 different numbers; 40 other cells \("inf"\) count as missing/);
    expect(out).toMatch(/huge +number/);
    expect(out).not.toMatch(/NaN|Infinity/);
    await run('predict', '--model', at('broken.model'), '--data', path, '--out', at('broken.csv.out.csv'), '--quiet');
    for (const [, p] of cellsOf('broken.csv.out.csv').slice(1)) expect(Number(p)).toBeGreaterThan(0);
  });

  test('a file that is no model is the request’s mistake, and named', async () => {
    for (const command of ['predict', 'export']) {
      const data = command === 'predict' ? ['--data', at('leads.csv')] : [];
      const { code, err } = await run(command, '--model', at('leads.csv'), '--out', at('none.onnx'), ...data);
      expect([code, err]).toEqual([2, expect.stringMatching(/--model \S+leads\.csv: .*\[artifact-damaged\]/)]);
      expect(existsSync(at('none.onnx'))).toBe(false);
    }
  });

  test('columns with commas, times told twice, amounts beyond what can be squared, objects to stdout', async () => {
    const odd = rows.map((row, i) => ({ 'a,b': i % 7, source: row.source, t: 1 + (i % 9), e: i % 2, huge: `${1 + (i % 5)}e300` })); // biome-ignore format: one table
    const path = writeTable(folder, 'commas.csv', odd);
    const fit = await run('fit', '--data', path, '--time', 't', '--event', 'e', '--drop', '"a,b",huge', '--times', '3,3,5', '--out', at('commas.model')); // biome-ignore format: one call
    expect([fit.code, fit.err]).toEqual([0, expect.anything()]);
    expect(fit.out).toMatch(/a,b +left out/);
    const told = await run('predict', '--data', path, '--model', at('commas.model'), '--out', '-', '--json', '--times', '5,5', '--quiet'); // biome-ignore format: one call
    const lines = told.out.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>); // biome-ignore format: one chain
    expect(lines.length).toBe(rows.length);
    expect(lines[0]).toMatchObject({ id: '0' });
    const amount = await run('fit', '--data', path, '--target', 'huge', '--task', 'amount', '--drop', '"a,b"', '--out', at('huge.model')); // biome-ignore format: one call
    expect(amount.code).toBe(0);
    expect(amount.out).toMatch(/rmse \d\S*e\+\d+/);
    expect(amount.out).not.toMatch(/NaN|Infinity/);
  });

  test('rows without a target are left out and counted; a schema and --keep decide; a leak is left out by name', async () => {
    const leak = leads(160).map((row, i) => ({ ...row, converted: i < 20 ? '' : row.converted, closed: row.converted === 'yes' ? i : '' })); // biome-ignore format: one table
    const path = writeTable(folder, 'leak.csv', leak);
    writeFileSync(at('s.yaml'), 'columns: { lead: { type: id }, employees: { missing: [7] } }');
    const args = ['--data', path, '--target', 'converted', '--drop', 'months,grade', '--drop', 'spent', '--schema', at('s.yaml'), '--out', at('l.model')]; // biome-ignore format: one list
    const { out, code } = await run('fit', ...args);
    expect(code).toBe(0);
    expect(out).toContain('20 rows say nothing in the target: left out');
    expect(out).toMatch(/closed\s+left out\s+a leak: alone it tells the outcomes apart \(AUC 1\.000\)/);
    expect(out).toMatch(/lead\s+left out\s+the schema says that it names rows/);
    const kept = await run('fit', ...args, '--keep', 'closed');
    expect(kept.out).toContain('closed would be left out as a leak');
    expect(kept.out).toMatch(/closed\s+number/);
  });
});

describe('what is written is tried before any work, and overwrites nothing that the command needs', () => {
  const inside = (name: string) => join(at('places'), name);
  const learn = (...args: string[]) => run('fit', '--target', 'converted', '--id', 'lead', '--quiet', ...args);
  const score = (...args: string[]) => run('predict', '--quiet', ...args);
  const bytes = (name: string) => readFileSync(inside(name)).toString('latin1');

  beforeAll(async () => {
    mkdirSync(inside('folder'), { recursive: true });
    copyFileSync(at('leads.csv'), inside('own.csv'));
    writeFileSync(inside('schema.yaml'), 'columns: { lead: { type: id } }');
    symlinkSync('own.csv', inside('link.csv'));
    await learn('--data', at('leads.csv'), '--out', at('places.model'));
    copyFileSync(at('places.model'), inside('own.model'));
  });

  const table = ['--data', 'own.csv'];
  const scored = [...table, '--model', 'own.model'];
  const refused: [string, 'fit' | 'predict' | 'export', string[], string][] = [
    ['fit over its data', 'fit', [...table, '--out', 'own.csv'], 'file-same'],
    ['fit over its data behind a link', 'fit', [...table, '--out', 'link.csv'], 'file-same'],
    ['fit over its schema', 'fit', [...table, '--schema', 'schema.yaml', '--out', 'schema.yaml'], 'file-same'],
    ['a report over the model', 'fit', [...table, '--out', 'o.model', '--report', 'o.model'], 'file-same'],
    ['a report over the data', 'fit', [...table, '--out', 'o.model', '--report', 'own.csv'], 'file-same'],
    ['a model over the record of runs', 'fit', [...table, '--out', 'table-runs.ndjson'], 'file-same'],
    ['predict over its data', 'predict', [...scored, '--out', 'own.csv'], 'file-same'],
    ['predict over its model', 'predict', [...scored, '--out', 'own.model'], 'file-same'],
    ['export over its model', 'export', ['--model', 'own.model', '--out', 'own.model'], 'file-same'],
    ['fit into a folder', 'fit', [...table, '--out', 'folder'], 'file-unwritable'],
    ['a report into a folder that is not there', 'fit', [...table, '--out', 'o.model', '--report', 'none/r.html'], 'file-unwritable'], // biome-ignore format: one case
    ['a report of no name', 'fit', [...table, '--out', 'o.model', '--report', ''], 'file-unwritable'],
    ['predict into a folder', 'predict', [...scored, '--out', 'folder'], 'file-unwritable'],
    ['predict to no name', 'predict', [...scored, '--out', ''], 'file-unwritable'],
    ['export into a folder', 'export', ['--model', 'own.model', '--out', 'folder'], 'file-unwritable'],
    ['a folder of tfjs that is a file', 'export', ['--model', 'own.model', '--format', 'tfjs', '--out', 'own.csv'], 'file-unwritable'], // biome-ignore format: one case
  ];
  test.each(refused)('%s: exit 2, all as it was', async (_, command, args, code) => {
    const before = readdirSync(at('places')).map((name) => name === 'folder' || bytes(name));
    const given = args.map((arg, i) => (args[i - 1]?.match(/^--(data|out|report|model|schema)$/) && arg ? inside(arg) : arg)); // biome-ignore format: one choice
    const done = command === 'fit' ? await learn(...given) : await run(command, ...given);
    expect(done.err).toContain(`[${code}]`);
    expect(done).toMatchObject({ code: 2, out: '' });
    // A run would be remembered beside the model had the work begun.
    expect(readdirSync(at('places')).map((name) => name === 'folder' || bytes(name))).toEqual(before);
  });

  test('of a link the target is replaced; a run is remembered where the link is', async () => {
    mkdirSync(at('linked/real'), { recursive: true });
    for (const name of ['l.model', 'l.csv']) symlinkSync(join('real', name), at(`linked/${name}`));
    expect((await learn('--data', at('leads.csv'), '--out', at('linked/l.model'))).code).toBe(0);
    expect((await score('--model', at('linked/l.model'), '--data', at('leads.csv'), '--out', at('linked/l.csv'))).code).toBe(0); // biome-ignore format: one call
    for (const name of ['l.model', 'l.csv']) expect(lstatSync(at(`linked/${name}`)).isSymbolicLink()).toBe(true);
    expect(readdirSync(at('linked')).sort()).toEqual(['l.csv', 'l.model', 'real', 'table-runs.ndjson']);
    expect(readdirSync(at('linked/real')).sort()).toEqual(['l.csv', 'l.model']);
    expect(cellsOf('linked/l.csv')).toHaveLength(rows.length + 1);
  });

  test.skipIf(process.platform === 'win32')('a pipe is written to, and no run is remembered beside it', async () => {
    mkdirSync(at('piped'));
    const through = async (work: (pipe: string) => Promise<{ code: number; out: string; err: string }>) => {
      const [pipe, got] = [at('piped/pipe'), at('piped-got')];
      execFileSync('mkfifo', [pipe]);
      const reader = spawn('sh', ['-c', 'exec cat "$0" > "$1"', pipe, got]);
      try {
        const done = await work(pipe);
        expect(done).toMatchObject({ code: 0, err: '' });
        expect(lstatSync(pipe).isFIFO()).toBe(true);
        expect(readdirSync(at('piped'))).toEqual(['pipe']);
        if (reader.exitCode === null) await once(reader, 'exit');
        return { done, got: readFileSync(got) };
      } finally {
        reader.kill();
        rmSync(pipe);
      }
    };
    const { done, got } = await through((pipe) => learn('--data', at('leads.csv'), '--out', pipe, '--json'));
    expect(JSON.parse(done.out)).toMatchObject({ run: null });
    writeFileSync(at('piped.model'), got);
    const answer = await through((pipe) => score('--model', at('piped.model'), '--data', at('leads.csv'), '--out', pipe)); // biome-ignore format: one call
    expect(answer.got.toString().trimEnd().split('\n')).toHaveLength(rows.length + 1);
  });
});

test('help has examples, and an unknown flag is refused', async () => {
  const help = await run('fit', '--help');
  expect(help).toMatchObject({ code: 0 });
  expect(help.out).toContain('Examples:');
  expect((await run('fit', '--data', 'x', '--out', 'y', '--targte', 'z')).code).toBe(2);
});
