import { describe, expect, test } from 'vitest';
import { driftOf, type Judged } from '../../../models/drift/drift.ts';
import { columnReference, countedRows, type Reference, referenceSchema } from '../../../models/drift/reference.ts';
import type { Frame, FrameColumn } from '../../../src/frame.ts';
import { type Random, random } from '../../../src/random.ts';

/** A company of 120 accounts: amounts, a word, a half-missing number, a count with many zeros, a season. */
interface Rows {
  readonly X: Frame;
  readonly groups: readonly string[];
  readonly scores: Float64Array;
}
function rowsOf(
  n: number,
  draw: Random,
  start: number,
  change: (columns: Map<string, FrameColumn>) => void = () => {},
): Rows {
  const number = (value: (row: number) => number): FrameColumn => ({ type: 'number', values: Float64Array.from({ length: n }, (_, row) => value(row)) }); // biome-ignore format: one column
  const columns = new Map<string, FrameColumn>([
    ['amount', number(() => Math.exp(8 + draw.normal()))],
    ['count', number(() => (draw.uniform() < 0.6 ? 0 : 1 + draw.below(9)))],
    ['reply', number(() => (draw.uniform() < 0.5 ? Number.NaN : 20 * draw.uniform()))],
    ['filled', number(() => draw.normal())],
    ['season', number((row) => Math.sin((2 * Math.PI * (start + (365 * row) / n / 4)) / 365) + 0.1 * draw.normal())],
    [
      'stage',
      { type: 'category', levels: ['a', 'b', 'c'], codes: Int32Array.from({ length: n }, () => draw.below(3)) },
    ],
  ]);
  change(columns);
  const asOf = Float64Array.from({ length: n }, (_, row) => row);
  return {
    X: { ids: Array.from({ length: n }, (_, row) => `d${row}`), asOf, columns },
    groups: Array.from({ length: n }, () => `a${draw.below(120)}`),
    scores: Float64Array.from({ length: n }, () => 1 / (1 + Math.exp(-draw.normal()))),
  };
}

/** Four quarters of 1,000 rows. */
function learned(draw: Random): Reference {
  const quarters = [0, 91, 182, 274].map((start) => rowsOf(1000, draw, start));
  const groups = quarters.flatMap((part) => part.groups);
  const all = countedRows(groups, Array.from(groups.keys()));
  const stretches = quarters.map((_, k) => countedRows(groups, Array.from({ length: 1000 }, (_unused, i) => 1000 * k + i))); // biome-ignore format: one row a quarter
  const columns = Object.fromEntries(
    [...quarters[0]!.X.columns.keys()].map((name) => {
      const parts = quarters.map((part) => part.X.columns.get(name)!);
      const first = parts[0]!;
      const whole: FrameColumn =
        first.type === 'number'
          ? { type: 'number', values: Float64Array.from(parts.flatMap((part) => (part.type === 'number' ? [...part.values] : []))) } // biome-ignore format: one column
          : { ...first, codes: Int32Array.from(parts.flatMap((part) => (part.type === 'category' ? [...part.codes] : []))) }; // biome-ignore format: one column
      return [name, columnReference(whole, all, stretches)];
    }),
  );
  const scores = { type: 'number' as const, values: Float64Array.from(quarters.flatMap((part) => [...part.scores])) };
  return { columns, scores: columnReference(scores, all, stretches), outcomes: { rate: 0.35, ended: 800, moved: 0.03 } }; // biome-ignore format: one answer
}

/** Endings of which what was said is right, or the odds are off by a factor. */
function judged(n: number, draw: Random, off: (i: number) => number = () => 0): Judged[] {
  return Array.from({ length: n }, (_, i) => {
    const logit = 1.2 * draw.normal() - 0.6;
    const happens = 1 / (1 + Math.exp(-logit - off(i)));
    return { said: 1 / (1 + Math.exp(-logit)), event: draw.uniform() < happens ? 1 : 0, knownAt: i, group: `a${draw.below(120)}` }; // biome-ignore format: one row
  });
}
const endings = (n: number, rate: number, draw: Random) =>
  Array.from({ length: n }, () => (draw.uniform() < rate ? 1 : 0));

const reference = learned(random(31));
const look = (draw: Random, change?: (columns: Map<string, FrameColumn>) => void, n = 1000) => ({
  ...rowsOf(n, draw, 30, change),
  endings: endings(200, 0.35, draw),
  judged: judged(200, draw),
});

describe('drift', () => {
  test('a reference is plain data that the header of a version takes', () => {
    expect(referenceSchema.parse(JSON.parse(JSON.stringify(reference)))).toEqual(reference);
    for (const { shares } of Object.values(reference.columns)) expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12); // biome-ignore format: one loop
  });
  test('200 stationary replays: how many are called anything', () => {
    const levels = Array.from({ length: 200 }, (_, k) => driftOf(reference, look(random(4000 + k))).level);
    const alarms = { look: levels.filter((l) => l === 'look').length, act: levels.filter((l) => l === 'act').length };
    console.info(`200 stationary replays: ${JSON.stringify(alarms)}`);
    expect(alarms.act).toBe(0);
    expect(alarms.look).toBeLessThanOrEqual(6);
  });
  test('a season that comes round is no drift', () => {
    const { inputs } = driftOf(reference, look(random(7)));
    expect(inputs.moved.map(({ feature }) => feature)).not.toContain('season');
    expect(reference.columns['season']!.movedPsi).toBeGreaterThan(0.25);
  });

  const shifts: [string, (columns: Map<string, FrameColumn>) => void, string][] = [
    ['a shifted number', (c) => map(c, 'amount', (v) => v * 3), 'amount'],
    ['a unit a hundred times as large', (c) => map(c, 'amount', (v) => v * 100), 'amount'],
    ['nulls from none to 30 %', (c) => map(c, 'filled', (v, i) => (i % 10 < 3 ? Number.NaN : v)), 'filled'],
    [
      'new words',
      (c) => {
        const stage = c.get('stage') as FrameColumn & { readonly type: 'category' };
        c.set('stage', {
          ...stage,
          levels: [...stage.levels, 'new'],
          codes: stage.codes.map((v, i) => (i % 10 < 3 ? 3 : v)),
        });
      },
      'stage',
    ],
    ['a column that changed its kind', (c) => c.set('count', { type: 'category', levels: ['x'], codes: new Int32Array(1000) }), 'count'], // biome-ignore format: one row
  ];
  test.each(shifts)('%s is noticed within 1,000 rows', (_says, change, feature) => {
    for (const seed of [1, 2, 3]) {
      const { level, inputs } = driftOf(reference, look(random(seed), change));
      expect(level).toBe('act');
      expect(inputs.moved[0]).toMatchObject({ feature, level: 'act' });
    }
  });
  test('scores that moved, outcomes that moved', () => {
    const draw = random(11);
    const calm = look(draw);
    expect(driftOf(reference, { ...calm, scores: calm.scores.map((p) => p ** 2) }).scores.level).toBe('act');
    expect(driftOf(reference, { ...calm, endings: endings(300, 0.2, draw) }).outcomes.level).toBe('act');
    expect(driftOf(reference, { ...calm, endings: endings(10, 0, draw) }).outcomes.level).toBe('quiet');
  });
  test('probabilities that turn wrong are noticed, and from when', () => {
    const draw = random(12);
    const calm = look(draw);
    const turned = driftOf(reference, { ...calm, judged: judged(600, draw, (i) => (i >= 300 ? 3 : 0)) }).calibration;
    expect(turned.level).toBe('act');
    expect(turned.since).toBeGreaterThan(250);
    expect(turned.since).toBeLessThan(350);
    const wrongAlways = driftOf(reference, { ...calm, judged: judged(600, draw, () => 1.5) }).calibration;
    expect(wrongAlways.level).toBe('act');
    expect(wrongAlways.logLoss! - wrongAlways.expected!).toBeGreaterThan(0.06);
    expect(driftOf(reference, { ...calm, judged: [] }).calibration).toMatchObject({ level: 'quiet', logLoss: null });
  });
});

function map(columns: Map<string, FrameColumn>, name: string, to: (value: number, row: number) => number): void {
  const column = columns.get(name) as FrameColumn & { readonly type: 'number' };
  columns.set(name, { type: 'number', values: column.values.map(to) });
}
