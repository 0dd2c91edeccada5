import { beforeAll, describe, expect, test } from 'vitest';
import { type HazardState, hazardModel } from '../../models/hazardModel.ts';
import { incidence } from '../../models/hazards.ts';
import type { Frame, FrameColumn } from '../../src/frame.ts';
import { takeRows } from '../../src/frame.ts';
import type { LandmarkRows } from '../../training/landmarkRows.ts';
import { type Fate, type StateName, stateNames, toyArtifact, toyBytes, toyCompany, toyRows, toyStates, withFrameColumns } from './states.ts'; // biome-ignore format: one import

/** What every state that can be served promises, whichever candidate it came from. */

const rows = toyRows(400, 41);
const unseen = toyRows(120, 42).X;
let states: Map<StateName, HazardState>;
let again: Map<StateName, HazardState>;
let others: Map<StateName, HazardState>;
const before = snapshotOf(rows);
beforeAll(async () => {
  states = await toyStates(rows);
  again = await toyStates(rows);
  others = await toyStates(rows, 8);
});

const predict = (state: HazardState, frame: Frame) => hazardModel(state, toyCompany.calendar).predict(frame);
function snapshotOf({ X, outcomes, account }: LandmarkRows): string {
  const columns = [...X.columns].map(([name, c]) => [name, c.type === 'number' ? [...c.values] : [...c.codes]]);
  return JSON.stringify([X.ids, [...X.asOf], columns, outcomes, account]);
}
const allMissing = (frame: Frame): Frame =>
  withFrameColumns(frame, [...frame.columns].map(([name, column]): readonly [string, FrameColumn] => [
    name,
    column.type === 'number'
      ? { type: 'number', values: column.values.map(() => Number.NaN) }
      : { ...column, codes: column.codes.map(() => -1) },
  ])); // biome-ignore format: one call

/** Probabilities in range, bins that sum to 1, curves that rise and end at most at 1. */
function sane(state: HazardState, frame: Frame): void {
  const p = predict(state, frame);
  expect(p.length).toBe(frame.ids.length * 15);
  const wrong: string[] = []; // one check at the end: a million small ones are slow
  for (let cell = 0; cell < p.length; cell += 3) {
    const three = [p[cell]!, p[cell + 1]!, p[cell + 2]!];
    if (!three.every((v) => v >= 0 && v <= 1)) wrong.push(`cell ${cell} holds ${three}`);
    if (!(Math.abs(three[0]! + three[1]! + three[2]! - 1) < 1e-6)) wrong.push(`cell ${cell} sums to other than 1`);
  }
  const { grid } = hazardModel(state, toyCompany.calendar);
  const times = [0, 3, 7, 20, 90, 200, 365, 1000];
  const F = incidence(grid, p, times);
  for (let at = 0; at < F.length; at += 2) {
    if (!(F[at]! + F[at + 1]! <= 1 + 1e-6)) wrong.push(`curve at ${at} beyond 1`);
    if (at % (2 * times.length) === 0) continue;
    for (const c of [0, 1]) if (!(F[at + c]! >= F[at + c - 2]! - 1e-12)) wrong.push(`curve at ${at} falls`);
  }
  expect(wrong).toEqual([]);
}

describe.each(stateNames)('%s', (name) => {
  test('saved and opened it predicts the same: bit for bit from then on, within 1e-6 of what was trained', () => {
    const first = toyArtifact(rows, states.get(name)!);
    const second = toyArtifact(rows, first.state);
    expect(second.version).toBe(first.version);
    const opened = predict(first.state, unseen);
    expect(predict(second.state, unseen)).toEqual(opened);
    const trained = predict(states.get(name)!, unseen);
    expect(Math.max(...trained.map((v, e) => Math.abs(v - opened[e]!)))).toBeLessThan(1e-6);
  });
  test('same rows and seed, same bytes', () => {
    expect(Buffer.from(toyBytes(rows, again.get(name)!)).equals(Buffer.from(toyBytes(rows, states.get(name)!)))).toBe(
      true,
    );
  });
  test('only what draws depends on the seed', () => {
    const same = Buffer.from(toyBytes(rows, others.get(name)!)).equals(Buffer.from(toyBytes(rows, states.get(name)!)));
    expect(same).toBe(!['network', 'average', 'trees'].includes(name));
  });
  test('ranges and monotone curves, on rows it has not seen', () => {
    sane(states.get(name)!, unseen);
  });
  test('neither fitting nor predicting touches its rows', () => {
    predict(states.get(name)!, rows.X);
    expect(snapshotOf(rows)).toBe(before);
  });
  test('permuted rows permute the answers, to the bit; one row alone; no rows', () => {
    const state = states.get(name)!;
    const n = unseen.ids.length;
    const all = predict(state, unseen);
    const order = Array.from({ length: n }, (_, i) => (i * 77 + 3) % n);
    const turned = predict(state, takeRows(unseen, order));
    for (const [k, i] of order.entries())
      expect(turned.slice(k * 15, k * 15 + 15)).toEqual(all.slice(i * 15, i * 15 + 15));
    for (const i of [0, n - 1]) expect(predict(state, takeRows(unseen, [i]))).toEqual(all.slice(i * 15, i * 15 + 15));
    expect(predict(state, takeRows(unseen, [])).length).toBe(0);
  });
  test('columns in another order, and more of them, change nothing', () => {
    const more: readonly [string, FrameColumn] = [
      'zz',
      { type: 'number', values: new Float64Array(unseen.ids.length) },
    ];
    const other = withFrameColumns(unseen, [more, ...[...unseen.columns].reverse()]);
    expect(predict(states.get(name)!, other)).toEqual(predict(states.get(name)!, unseen));
  });
  test('a column that is not there is one with every cell missing; absurd cells are answered all the same', () => {
    const state = states.get(name)!;
    expect(predict(state, withFrameColumns(unseen, []))).toEqual(predict(state, allMissing(unseen)));
    sane(state, allMissing(unseen));
    for (const cell of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e308, -1e308]) {
      const absurd = [...unseen.columns].map(([key, column]): readonly [string, FrameColumn] => [
        key,
        column.type === 'number' ? { type: 'number', values: column.values.map(() => cell) } : column,
      ]);
      sane(state, withFrameColumns(unseen, absurd));
    }
  });
});

describe.each(['won', 'lost', 'open'] as const satisfies readonly Fate[])('where every deal is %s', (fate) => {
  test('all candidates fit, stay in range and say which side', async () => {
    const few = toyRows(200, 43, fate);
    for (const [name, state] of await toyStates(few)) {
      const opened = toyArtifact(few, state).state;
      sane(opened, unseen);
      const F = incidence(hazardModel(opened, toyCompany.calendar).grid, predict(opened, unseen), [365]);
      if (fate === 'open' || name === 'network' || name === 'average') continue; // four epochs teach a network little
      const side = fate === 'won' ? 0 : 1;
      for (let row = 0; row < unseen.ids.length; row++)
        expect(F[row * 2 + side]).toBeGreaterThan(F[row * 2 + 1 - side]!);
    }
  });
});

test('training cells that are not finite, or huge, leave no weight that is not a number', async () => {
  const spoilt = toyRows(200, 44);
  for (const column of spoilt.X.columns.values()) {
    if (column.type !== 'number') continue;
    column.values[3] = Number.POSITIVE_INFINITY;
    column.values[40] = Number.NEGATIVE_INFINITY;
    column.values[77] = 1e308;
    column.values[120] = -1e308;
  }
  for (const state of (await toyStates(spoilt)).values()) {
    sane(toyArtifact(spoilt, state).state, unseen); // opening refuses what is not finite
    sane(state, spoilt.X);
  }
});
