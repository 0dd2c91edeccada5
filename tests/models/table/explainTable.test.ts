import { beforeAll, describe, expect, test } from 'vitest';
import { tableReasons } from '../../../api/tableReasons.ts';
import { type Explained, tableExplainer } from '../../../models/table/explainTable.ts';
import { type OpenedTable, tableOfRows } from '../../../models/table/tableModel.ts';
import { answersFrom } from '../../../models/tableAnswers.ts';
import { fitTableReport, type TableModelOptions } from '../../../training/tables/model.ts';
import { type ColumnSchema, readColumnSchema } from '../../../training/tables/schema.ts';
import { leads } from '../../training/tables/files.ts';

const rows = leads(124);
const table = tableOfRows(rows);
/** As few as tell anything: what is held to here are sums, not skill. */
const few = tableOfRows(rows.slice(0, 40));
const some = tableOfRows(rows.slice(0, 12));
const schema: ColumnSchema = readColumnSchema('columns: { employees: { label: { en: staff, th: พนักงาน } } }', 'schema');
const asks: Readonly<Record<OpenedTable['target']['task'], TableModelOptions>> = {
  binary: { target: 'converted', drop: ['months', 'grade', 'spent'], schema },
  class: { target: 'grade', drop: ['months', 'converted', 'spent'] },
  duration: { time: 'months', event: 'converted', drop: ['grade', 'spent', 'opened'], times: [0.5, 1] },
  amount: { target: 'spent', drop: ['months', 'converted', 'grade', 'opened'], keep: ['employees'] },
};
const opened = new Map<string, OpenedTable>();
beforeAll(async () => {
  for (const [task, ask] of Object.entries(asks)) {
    // An amount needs some 40 rows for each of its value bins.
    const { opened: made } = await fitTableReport(task === 'amount' ? table : few, { ...ask, id: 'lead' });
    opened.set(task, { ...made, header: { ...made.header, lowSkill: false } });
  }
}, 120_000);

test('without skill there are no reasons', () => {
  const made = opened.get('binary')!;
  expect(tableExplainer({ ...made, header: { ...made.header, lowSkill: true } })).toBeUndefined();
});

const logit = (p: number) => Math.log(p / (1 - p));
/** What the explanation says that it explains, from the answers. */
function said(model: OpenedTable, explains: Explained, row: number): number {
  const answers = model.answers(some);
  if (answers.task === 'binary') return logit(answers.probability[row]!);
  if (answers.task === 'amount') return answers.mean[row]!;
  if (answers.task === 'class' && explains.kind === 'class')
    return logit(answers.p[row * answers.levels.length + answers.levels.indexOf(explains.level)]!);
  if (answers.task === 'duration' && explains.kind === 'endedBy')
    return logit(1 - answers.survival[row * answers.times.length + answers.times.indexOf(explains.time)]!);
  throw new Error('not explained');
}

describe('reasons of a table', () => {
  test.each(Object.keys(asks))('%s: contributions add up to what is said', (task) => {
    const model = opened.get(task)!;
    const found = tableExplainer(model)!(some);
    expect(found).toHaveLength(12);
    found.forEach(({ explains, base, total, unit, contributions }, row) => {
      const sum = [...contributions.values()].reduce((s, v) => s + v, base);
      expect(Math.abs(sum - total)).toBeLessThanOrEqual(1e-3 * unit);
      expect(Math.abs(total - said(model, explains, row))).toBeLessThan(1e-4 * unit);
    });
  });

  test('a calibration map: they add up to the odds that are said after it', () => {
    const plain = opened.get('binary')!;
    const target = {
      ...plain.target,
      map: { kind: 'beta' as const, a: 1.4, b: 0.8, c: -0.3 },
    } as OpenedTable['target'];
    const explained = tableExplainer({ ...plain, target })!(some);
    const before = tableExplainer(plain)!(some);
    explained.forEach(({ base, total, contributions }, row) => {
      expect(total).not.toBeCloseTo(before[row]!.total, 3);
      expect(Math.abs([...contributions.values()].reduce((s, v) => s + v, base) - total)).toBeLessThan(2e-3);
    });
  });

  test('words: the label of the schema, the value, what is usual and its range, in both languages', () => {
    const model = opened.get('binary')!;
    const [first] = tableExplainer(model)!(some);
    const found = { ...first!, contributions: new Map([['employees', 0.4], ['opened', -0.3], ['source', 0.01]]) }; // biome-ignore format: one record
    const of = (language: 'en' | 'th') => tableReasons(model, some, 1, found, 9, language);
    const day = '2026-\\d\\d-\\d\\d';
    expect(of('en').reasons.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^Staff: \d+ \(usual \d+, mostly \d+ to \d+\)$/),
      expect.stringMatching(new RegExp(`^Opened: ${day} \\(usual ${day}, mostly ${day} to ${day}\\)$`)),
    ]);
    expect(of('th').reasons[0]!.text).toMatch(/^พนักงาน: \d+ \(ปกติ \d+ ส่วนใหญ่ \d+ ถึง \d+\)$/);
    const { baseValue, reasons, otherContribution } = of('en');
    expect(reasons.reduce((sum, { contribution }) => sum + contribution, baseValue + otherContribution)).toBeCloseTo(first!.total, 9); // biome-ignore format: one check
  });

  test('an interval holds the probability that it is given for', () => {
    const p = [0.02, 0.1, 0.3, 0.5, 0.7, 0.97];
    const seen = { score: [0.1, 0.5, 0.9], rows: [40, 40, 40], mean: [0.3, 0.5, 0.6] };
    const law = Float64Array.from(p.flatMap((v) => [1 - v, v]));
    for (const map of [null, { kind: 'platt' as const, a: 0.5, b: 1 }]) {
      const said = answersFrom({ edges: [0, 1], causes: 1 }, { task: 'binary', positive: 'yes', map, seen }, law, p.length, []); // biome-ignore format: one call
      if (said.task !== 'binary') throw new Error('not binary');
      expect(said.probability.every((v, row) => said.low[row]! <= v && v <= said.high[row]!)).toBe(true);
      expect(said.low[3]).toBeLessThan(said.high[3]!);
    }
  });
});
