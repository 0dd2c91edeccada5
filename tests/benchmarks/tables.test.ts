import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { naiveBayes, naiveBayesScore } from '../../benchmarks/peers/naiveBayes.ts';
import { codesMatrix, peerFrames } from '../../benchmarks/peers/peerTable.ts';
import { areasOf, judged, pairedDifferences, ranked } from '../../benchmarks/quality/tableJudge.ts';
import { correctedMean, repeated } from '../../benchmarks/quality/tableRepeats.ts';
import { importedBy, type Method, type Runner, type TableTask, writeCsv } from '../../benchmarks/quality/tableRun.ts';
import { cleanTable, clv, xedu } from '../../benchmarks/quality/tableSets.ts';
import { stratified, tableSplits } from '../../benchmarks/quality/tableSplits.ts';
import { markdown } from '../../benchmarks/quality/tables.ts';
import { readTable, type Table } from '../../src/connectors/table.ts';
import { random } from '../../src/random.ts';
import { auc } from '../../src/stats/auc.ts';
import { averagePrecision } from '../../src/stats/averagePrecision.ts';
import { logLoss } from '../../src/stats/logLoss.ts';

const scratch = mkdtempSync(join(tmpdir(), 'foresell-tables-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const tableOf = (columns: Readonly<Record<string, readonly string[]>>): Table => ({
  path: 'test',
  header: Object.keys(columns),
  cells: new Map(Object.entries(columns)),
  rows: Object.values(columns)[0]!.length,
});

/** Events with scores that know something of them, many of them equal. */
function drawn(rows: number, skill: number, seed: number) {
  const stream = random(seed);
  const event = Uint8Array.from({ length: rows }, () => (stream.uniform() < 0.3 ? 1 : 0));
  const p = Float64Array.from(event, (e) => Math.round(20 * (0.1 + 0.5 * stream.uniform() + skill * e)) / 20 / 1.2);
  return { event, p };
}

describe('how tables are judged', () => {
  it('counts rows as often as told: areas are those of the rows repeated', () => {
    const { event, p } = drawn(300, 0.2, 3);
    const stream = random(4);
    const count = Float64Array.from(event, () => stream.below(3));
    const rows = [...event.keys()].flatMap((i) => Array<number>(count[i]!).fill(i));
    const of = (values: ArrayLike<number>) => rows.map((i) => values[i]!);
    const areas = areasOf(event, ranked(p), count);
    expect(areas.auc).toBeCloseTo(auc(of(event), of(p)), 12);
    expect(areas.averagePrecision).toBeCloseTo(averagePrecision(of(event), of(p)), 12);
  });

  it('gives the difference of the figures themselves, within its interval', () => {
    const { event, p } = drawn(800, 0.25, 5);
    const worse = p.map((v) => 0.5 * v + 0.15);
    const a = [{ event, p }];
    const b = [{ event, p: worse }];
    const d = pairedDifferences(a, b, { draws: 200 });
    expect(d.logLoss.value).toBeCloseTo(logLoss(event, p) - logLoss(event, worse), 12);
    expect(d.logLoss.low).toBeLessThan(d.logLoss.value);
    expect(d.logLoss.high).toBeGreaterThan(d.logLoss.value);
    expect(d.auc).toEqual({ value: 0, low: 0, high: 0 }); // the order is the same
    expect(pairedDifferences(a, b, { draws: 200 })).toEqual(d);
  });

  it('calls true probabilities calibrated, and one probability for all nothing', () => {
    const stream = random(6);
    const p = Float64Array.from({ length: 4000 }, () => 0.05 + 0.9 * stream.uniform());
    const event = Uint8Array.from(p, (v) => (stream.uniform() < v ? 1 : 0));
    const { slope, intercept, eceDebiased } = judged([{ event, p }]);
    expect(slope.low).toBeLessThan(1);
    expect(slope.high).toBeGreaterThan(1);
    expect(intercept.low * intercept.high).toBeLessThan(0);
    expect(eceDebiased).toBeLessThan(0.03);
    const flat = judged([{ event, p: new Float64Array(4000).fill(0.5) }]);
    expect([flat.auc, flat.slope.value]).toEqual([0.5, Number.NaN]);
  });

  it('widens the interval of repeated folds by the rows that they share', () => {
    const differences = [0.01, -0.02, 0.005, 0.015, -0.01];
    const plain = correctedMean(differences, 0);
    const corrected = correctedMean(differences, 0.25);
    expect(plain.value).toBeCloseTo(0, 12);
    expect((corrected.high - corrected.low) / (plain.high - plain.low)).toBeCloseTo(Math.sqrt((1 / 5 + 0.25) / (1 / 5)), 10); // biome-ignore format: one call
    // t at 4 degrees of freedom 2.776, standard deviation .01458: half width 2.776 * .01458 / sqrt(5)
    expect(plain.high).toBeCloseTo(0.0181, 3);
  });

  it('prints one row a method, the data named once', () => {
    const figures = judged([drawn(200, 0.2, 7)]);
    const row = { set: 'x', split: 'fifth row', rows: { train: 800, test: 200 }, figures };
    const lines = markdown([{ ...row, method: 'ours' }, { ...row, method: 'baseRate' }]); // biome-ignore format: one call
    expect(lines).toHaveLength(4);
    expect(lines[2]).toMatch(/^\| x, fifth row \(800 \/ 200\) \| ours \|/);
    expect(lines[3]).toMatch(/^\| {2}\| baseRate \|/);
    expect(new Set(lines.map((line) => line.split(' | ').length)).size).toBe(1);
  });
});

describe('peers', () => {
  it('naive Bayes says what the reference does', () => {
    const fields = [
      { won: 10, lost: 30, wonTotal: 40, lostTotal: 60 },
      { won: 12, lost: 6, wonTotal: 38, lostTotal: 55 },
    ];
    expect(naiveBayesScore(40, 60, fields)).toBeCloseTo(0.4910714286, 9);
    expect(naiveBayesScore(1, 1e9, fields)).toBe(0.0001);
  });

  it('naive Bayes learns from words and tenths, and passes over what it never saw', () => {
    const event = Uint8Array.from({ length: 200 }, (_, i) => i % 2);
    const word = [...event].map((e, i) => (i % 10 === 0 ? 'other' : e ? 'a' : 'b'));
    const number = [...event].map((e, i) => String(e * 5 + (i % 7)));
    const train = tableOf({ word, number });
    const test = tableOf({ word: ['a', 'b', 'never'], number: ['11', '0', ''] });
    const frames = peerFrames(train, test, { target: 'y' });
    const [high, low, unknown] = naiveBayes(frames.train, event, frames.test);
    expect(high).toBeGreaterThan(0.9);
    expect(low).toBeLessThan(0.1);
    expect(unknown).toBeCloseTo(0.5, 9);
  });

  it('see a table by the training rows alone', () => {
    const train = tableOf({
      y: ['1', '0', '1', '0'],
      code: ['1', '2', '2', '3'],
      amount: ['5', '', '7', '8'],
      same: ['x', 'x', 'x', 'x'],
      word: ['b', 'a', 'a', ''],
    });
    const test = tableOf({ y: ['1'], code: ['9'], amount: ['none'], same: ['y'], word: ['b'] });
    const frames = peerFrames(train, test, { target: 'y', categories: ['code'] });
    const { values, width, levels } = codesMatrix(frames.train, frames.test);
    expect([width, levels]).toEqual([3, [3, 0, 2]]);
    const none = Number.NaN;
    expect([...values]).toEqual([1, 5, 1, 0, none, 0, 0, 7, 0, 2, 8, none, none, none, 1]);
  });

  it('keep the most frequent words of many apart', () => {
    const word = Array.from({ length: 3000 }, (_, i) => (i < 2000 ? `w${i % 400}` : 'w7'));
    const { train } = peerFrames(tableOf({ word }), tableOf({ word: ['w7'] }), { target: 'y' });
    const column = train.columns.get('word')!;
    if (column.type !== 'category') throw new Error('not words');
    expect([column.levels.length, column.levels[0], Math.max(...column.codes)]).toEqual([250, 'w7', 249]);
  });
});

describe('the splits', () => {
  it('deal every class out over the folds', () => {
    const target = Array.from({ length: 103 }, (_, i) => (i % 7 === 0 ? 'yes' : 'no'));
    const folds = stratified(target, 5, 0);
    expect(folds.flatMap(({ test }) => test).sort((a, b) => a - b)).toEqual(Array.from({ length: 103 }, (_, i) => i));
    for (const { train, test } of folds) {
      expect(train.length + test.length).toBe(103);
      expect(test.filter((row) => target[row] === 'yes').length).toBe(3);
    }
    expect(stratified(target, 5, 1)).not.toEqual(folds);
  });

  it('test what is later, in order of time', () => {
    const at = Array.from({ length: 50 }, (_, i) => String((i * 37) % 50));
    const split = tableSplits.find(({ set, inTime }) => set === xedu && inTime)!;
    const [{ train, test }] = split.folds(tableOf({ 'Lead Number': at })) as [{ train: number[]; test: number[] }];
    expect(train.map((row) => Number(at[row]))).toEqual(Array.from({ length: 40 }, (_, i) => i));
    expect(Math.min(...test.map((row) => Number(at[row])))).toBe(40);
  });

  it('name every set of the acceptance table', () => {
    const named = tableSplits.map(({ set, split }) => `${set.name} ${split}`);
    expect(new Set(named).size).toBe(named.length);
    for (const set of ['telco', 'mlc', 'xedu', 'coil', 'bank', 'clv'])
      expect(
        named.some((name) => name.startsWith(set)),
        set,
      ).toBe(true);
  });
});

describe('repeated folds', () => {
  it('pair every method by fold, search once a seed, and say who is lower', async () => {
    const { event, p } = drawn(200, 0.3, 8);
    const id = Array.from(event, (_, i) => String(i));
    writeCsv(join(scratch, 'some.csv'), tableOf({ id, x: Array.from(p, String), y: Array.from(event, String) }));
    const set = { name: 'some', folder: '.', file: 'some.csv', target: 'y', schema: { id: 'id', drop: ['y'] } };
    const asked: [Method, TableTask][] = [];
    const sharp: Readonly<Partial<Record<Method, number>>> = {
      ours: 0.8,
      xgboost: 0.6,
      histGradientBoosting: 0.5,
      ridge: 0.2,
    };
    const runner: Runner = {
      skipped: [],
      versions: 'none',
      run: async (method, task) => {
        asked.push([method, task]);
        const keep = sharp[method]!; // the surer of what is known, the lower the loss
        const said = task.test.cells.get('y')!.map((y) => 0.5 + (y === '1' ? 0.4 : -0.4) * keep);
        return { p: said, fitSeconds: 1, cpuSeconds: 1, peakMb: 1, chosen: { of: task.seed } };
      },
    };
    const effort = { profile: 'fast', tries: 2, searchRows: 100 } as const;
    const result = await repeated(scratch, [set], runner, { seeds: 2, folds: 5, effort, say: () => {} });
    expect(asked).toHaveLength(2 * 5 * 4);
    const searches = asked.filter(([method, task]) => method === 'xgboost' && task.chosen === undefined);
    expect(searches).toHaveLength(2);
    expect(asked.filter(([method, task]) => method === 'ours' && task.chosen !== undefined)).toHaveLength(0);
    expect(new Set(asked.map(([, task]) => task.train.rows + task.test.rows))).toEqual(new Set([200]));
    const [interval, lower] = result.accept;
    expect(interval!.name).toBe('some: lower end of ours - xgboost');
    expect(interval!.value).toBeLessThan(0);
    expect(lower!.value).toBe(1);
    expect(result.lines.at(-1)).toMatch(/^\| some \| 0\.198/); // -ln(.82)
  });
});

describe('files between processes', () => {
  it('hold any cell', async () => {
    const table = tableOf({ 'a "b"': ['1', 'x, y', 'say "no"'], c: ['', 'ไทย', 'two words'], y: ['1', '0', '1'] });
    const path = join(scratch, 'cells.csv');
    writeCsv(path, table, 'y');
    const read = await readTable(path);
    expect(read.header).toEqual(['a "b"', 'c']);
    expect([...read.cells]).toEqual([...table.cells].filter(([name]) => name !== 'y'));
  });

  it('are kept by a hash of all the code behind them', () => {
    const files = importedBy([new URL('../../benchmarks/peers/tunedRidge.ts', import.meta.url).pathname]);
    const names = files.map((file) => file.replace(/.*\/(?=models|src|benchmarks)/, ''));
    expect(names).toContain('models/linearHazards.ts');
    expect(names).toContain('src/optim/lbfgs.ts');
    expect(names.some((name) => name.startsWith('training/'))).toBe(false);
  });
});

const root = process.env['FORESELL_DATA'];
describe.skipIf(!root)('cells as the READMEs ask (skipped without FORESELL_DATA)', () => {
  it('repeated customers are gone', async () => {
    expect((await cleanTable(root!, clv)).rows).toBeLessThan(9134);
  });

  it('leaks are gone, and Select says nothing', async () => {
    const leads = await cleanTable(root!, xedu);
    expect(leads.header).not.toContain('Tags');
    expect(leads.header).toContain('Lead Number');
    expect(leads.cells.get('Specialization')).not.toContain('Select');
  });
});
