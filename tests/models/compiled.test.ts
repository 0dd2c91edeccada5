import { beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../models/compiled/compile.ts';
import { pathSlopes } from '../../models/compiled/reasons.ts';
import { integratedGradients, positiveBy, positiveOfEnded } from '../../models/explain.ts';
import { hazardModel } from '../../models/hazardModel.ts';
import type { HazardState } from '../../models/parts.ts';
import { type Frame, takeRows } from '../../src/frame.ts';
import { random } from '../../src/random.ts';
import { testSeed } from '../arbitraries.ts';
import { stateNames, toyCompany, toyMixture, toyRows, toyStates, withFrameColumns } from '../contract/states.ts'; // biome-ignore format: one import
import { furthest } from './stock.ts';

const { calendar } = toyCompany;
const rows = toyRows(500, 81);
/** Rows that training never saw: cells far outside, infinite, missing, of words unknown. */
const unseen = wild(toyRows(150, 82).X);
const states = new Map<string, HazardState>();
beforeAll(async () => {
  for (const [name, state] of await toyStates(rows)) states.set(name, state);
  states.set('mixture', toyMixture(states));
});
const names = [...stateNames, 'mixture'] as const;

function wild(frame: Frame): Frame {
  const odd = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300, -1e300, 1e5, -50, 0, Number.NaN];
  return withFrameColumns(
    frame,
    [...frame.columns].map(([name, column], k) => [
      name,
      column.type === 'number'
        ? { ...column, values: column.values.map((v, i) => ((i + k) % 7 ? v : odd[(i + k) % odd.length]!)) }
        : { ...column, levels: column.levels.map((level, i) => (i % 5 ? level : `${level} renamed`)) },
    ]),
  );
}

describe.each(names)('%s, compiled', (name) => {
  test('says within 1e-6 what plain arrays say, of seen rows and of absurd ones', () => {
    const state = states.get(name)!;
    const model = hazardModel(state, calendar);
    expect(model.compiled).toBeDefined();
    for (const frame of [rows.X, unseen, withFrameColumns(unseen, [])]) {
      const gap = furthest(model.predict(frame), hazardModel(state, calendar, 'plain').predict(frame));
      expect(gap).toBeLessThan(1e-6);
    }
  });

  test('says of a row alone what plain arrays say of it', () => {
    const state = states.get(name)!;
    for (const few of [[4], [7, 2, 9]]) {
      const frame = takeRows(rows.X, few);
      const plain = hazardModel(state, calendar, 'plain').predict(frame);
      expect(plain.every(Number.isFinite)).toBe(true);
      expect(furthest(hazardModel(state, calendar).predict(frame), plain)).toBeLessThan(1e-6);
    }
  });

  test('a row alone, in any tile and in any order has the same bits', () => {
    const model = hazardModel(states.get(name)!, calendar);
    const all = model.predict(unseen);
    for (const size of [1, 3, 31, 32, 33, 47, 48, 49, 64]) {
      const order = Array.from({ length: size }, (_, i) => (i * 37 + size) % 150);
      const some = model.predict(takeRows(unseen, order));
      for (const [k, i] of order.entries())
        expect(some.slice(k * 15, k * 15 + 15)).toEqual(all.slice(i * 15, i * 15 + 15));
    }
  });

  test('reasons are those of plain arrays walked in as many steps, from the mean row and from another', () => {
    const state = states.get(name)!;
    const model = hazardModel(state, calendar);
    if (model.compiled!.trees) return; // trees are explained on plain arrays
    const { source, codes } = state.encoder;
    const draw = random(testSeed);
    for (const score of [positiveOfEnded(365, [true, false]), positiveBy(41, [true, false])])
      for (const level of [undefined, [1.4, 0.7]])
        for (const twoRows of [false, true]) {
          const [row, other] = [draw.below(500), draw.below(500)];
          const { x, q } = model.rows(takeRows(rows.X, [row]));
          const from = twoRows ? model.rows(takeRows(rows.X, [other])) : { x: state.meanX, q: state.meanQ };
          const plain = integratedGradients(model, x, q, score, level, { ...from, steps: 27 });
          const compiledForm = model.compiled!;
          if (twoRows) compiledForm.read(rows.X, other, 0);
          compiledForm.read(rows.X, row, twoRows ? 1 : 0);
          const how = { steps: 27, tolerance: 1e-3 };
          const found = pathSlopes(compiledForm, model.grid, twoRows ? 2 : 1, from.q, q, score, level, how);
          const byCode = new Float64Array(codes.length);
          plain.columns.forEach((value, j) => {
            byCode[source[j]!]! += value;
          });
          expect(found.steps).toBe(plain.steps);
          expect(furthest(found.codes, byCode)).toBeLessThan(2e-4); // a unit at the edge of relu may fall on either side
          expect(furthest(found.covariates, plain.covariates)).toBeLessThan(2e-4);
          expect(furthest([found.base, found.total], [plain.base, plain.total])).toBeLessThan(1e-5);
        }
  });
});

test('a row has no reasons to differ from itself', () => {
  const state = states.get('average')!;
  const model = hazardModel(state, calendar);
  const form = compile(state)!;
  form.read(rows.X, 3, 0);
  form.read(rows.X, 3, 1);
  const { q } = model.rows(takeRows(rows.X, [3]));
  const same = pathSlopes(form, model.grid, 2, q, q, positiveBy(41, [true, false]), undefined, { steps: 4, tolerance: 1e-3 }); // biome-ignore format: one call
  expect(same.total).toBe(same.base);
  expect([...same.codes, ...same.covariates].every((v) => v === 0)).toBe(true);
});
