import { beforeAll, describe, expect, test } from 'vitest';
import { positiveBy, positiveOfEnded, slopeAt } from '../../models/explain.ts';
import { type HazardModel, hazardModel } from '../../models/hazardModel.ts';
import { type Scorer, scorerOf } from '../../models/scorer.ts';
import { type Frame, takeRows } from '../../src/frame.ts';
import { random } from '../../src/random.ts';
import { testSeed } from '../arbitraries.ts';
import { type StateName, toyArtifact, toyCompany, toyRows, toyStates } from '../contract/states.ts';

const rows = toyRows(400, 41);
const candidates = takeRows(
  rows.X,
  Array.from({ length: 300 }, (_, i) => i),
);
const asked = (row: number) => ({ frame: rows.X, row });
const names: readonly StateName[] = ['ridge', 'network', 'average'];
const scorers = new Map<StateName, Scorer>();
const models = new Map<StateName, HazardModel>();
beforeAll(async () => {
  for (const [name, state] of await toyStates(rows)) {
    scorers.set(name, scorerOf(toyArtifact(rows, state), toyCompany));
    models.set(name, hazardModel(state, toyCompany.calendar));
  }
});
const level = [1.3, 0.8];
const logit = (p: number) => Math.log(p / (1 - p));

describe('the slope at a row', () => {
  test.each(names)('%s: equals differences of the score', (name) => {
    const model = models.get(name)!;
    const draw = random(testSeed);
    for (const score of [positiveOfEnded(365, [true, false]), positiveBy(41, [true, false])]) {
      const { x, q } = model.rows(takeRows(rows.X, [draw.below(400)]));
      const { slopeX, slopeQ, value } = slopeAt(model, { x, q }, score, level);
      const at = (x: Float32Array, q: Float32Array) => slopeAt(model, { x, q }, score, level).value;
      expect(at(x, q)).toBe(value);
      const h = 2 ** -9;
      const nudged = (values: Float32Array, j: number, by: number) => values.map((v, k) => (k === j ? v + by : v));
      for (let k = 0; k < 12; k++) {
        const j = draw.below(x.length);
        const numeric = (at(nudged(x, j, h), q) - at(nudged(x, j, -h), q)) / (2 * h);
        expect(slopeX[j], `column ${j}, seed ${testSeed}`).toBeCloseTo(numeric, 2);
        const e = draw.below(q.length);
        expect(slopeQ[e]).toBeCloseTo((at(x, nudged(q, e, h)) - at(x, nudged(q, e, -h))) / (2 * h), 2);
      }
    }
  });
});

describe.each(names)('the nearest by %s', (name) => {
  /** By hand, in double loops, from the encoded rows. */
  function oracle(frame: Frame, row: number) {
    const model = models.get(name)!;
    const { encoder } = model.state;
    const one = model.rows(takeRows(rows.X, [row]));
    const all = model.rows(frame);
    const n = frame.ids.length;
    const { slopeX, slopeQ } = slopeAt(model, one, positiveOfEnded(365, [true, false]), level);
    const width = encoder.width;
    const sd = Array.from({ length: width }, (_, j) => {
      const column = Array.from({ length: n }, (_, i) => all.x[i * width + j]!);
      const mean = column.reduce((s, v) => s + v, 0) / n;
      return Math.sqrt(column.reduce((s, v) => s + (v - mean) ** 2, 0) / n) || 1;
    });
    return Array.from({ length: n }, (_, i) => {
      const effects = new Map<string, number>();
      const add = (feature: string, value: number) => effects.set(feature, (effects.get(feature) ?? 0) + value);
      let plain = 0;
      for (let j = 0; j < width; j++) {
        const apart = one.x[j]! - all.x[i * width + j]!;
        add(encoder.sources[encoder.source[j]!]!, slopeX[j]! * apart);
        plain += Math.min(Math.abs(apart) / sd[j]!, 5) ** 2;
      }
      one.q.forEach((v, e) => {
        add(e % 2 ? 'expected_close_in_days' : 'quarter_end', slopeQ[e]! * (v - all.q[i * one.q.length + e]!));
      });
      let distance = 0.05 * Math.sqrt(plain / width);
      for (const effect of effects.values()) distance += Math.abs(effect);
      return { row: i, distance, effects };
    }).sort((a, b) => a.distance - b.distance || (frame.ids[a.row]! < frame.ids[b.row]! ? -1 : 1));
  }

  test('are those of a double loop, with the same parts', () => {
    const comparer = scorers.get(name)!.comparer(candidates)!;
    for (const row of [310, 350, 399]) {
      const near = comparer.nearest(asked(row), 5, level);
      const truth = oracle(candidates, row).slice(0, 5);
      near.forEach((one, i) => {
        expect(one.distance).toBeCloseTo(truth[i]!.distance, 6);
        expect(one.row).toBe(truth[i]!.row);
        for (const [feature, effect] of truth[i]!.effects) expect(one.effects.get(feature) ?? 0).toBeCloseTo(effect, 6);
      });
    }
  });

  test('do not hang on the order of the candidates', () => {
    const order = Array.from({ length: 300 }, (_, i) => (i * 101 + 7) % 300);
    const turned = scorers.get(name)!.comparer(takeRows(candidates, order))!.nearest(asked(333), 8);
    const straight = scorers.get(name)!.comparer(candidates)!.nearest(asked(333), 8);
    expect(turned.map(({ row }) => order[row])).toEqual(straight.map(({ row }) => row));
  });

  test('begin with the row itself, at no distance; more than there are gives all; none of none', () => {
    const comparer = scorers.get(name)!.comparer(candidates)!;
    const [self] = comparer.nearest(asked(17), 3);
    expect(self).toMatchObject({ row: 17, distance: 0 });
    expect(comparer.nearest(asked(17), 1000)).toHaveLength(300);
    expect(scorers.get(name)!.comparer(takeRows(rows.X, []))!.nearest(asked(3), 5)).toEqual([]);
  });
});

test('what moves nothing sets nobody apart', () => {
  // A frame that differs in a constant column only: the encoder leaves it out.
  const other = new Map(rows.X.columns);
  other.set('always_three', { type: 'number', values: new Float64Array(400).fill(9) });
  const comparer = scorers.get('average')!.comparer({ ...rows.X, columns: other })!;
  expect(comparer.nearest(asked(5), 1)[0]).toMatchObject({ row: 5, distance: 0 });
});

describe('an explanation from another row', () => {
  test.each(names)('%s: parts sum to the difference of the two within 1e-3, with what the other had', (name) => {
    const scorer = scorers.get(name)!;
    const draw = random(testSeed);
    const { probability } = scorer.predict(rows.X, level);
    let worst = 0;
    for (let k = 0; k < 30; k++) {
      const [row, from] = [draw.below(400), draw.below(400)];
      const given = scorer.explain(rows.X, row, 'probability', level, { frame: rows.X, row: from })!;
      expect(given.base).toBeCloseTo(logit(probability[from]!), 5);
      expect(given.total).toBeCloseTo(logit(probability[row]!), 5);
      const sum = [...given.contributions.values()].reduce((s, v) => s + v, 0);
      worst = Math.max(worst, Math.abs(sum - (given.total - given.base)));
      const before = scorer.explain(rows.X, from, 'probability', level, { frame: rows.X, row })!;
      expect(before.total).toBeCloseTo(given.base, 9);
    }
    console.info(`completeness of a move, ${name}: ${worst.toExponential(1)}, seed ${testSeed}`);
    expect(worst).toBeLessThanOrEqual(1e-3);
  });

  test('from itself there is nothing to explain; what did not change has no part', () => {
    const scorer = scorers.get('average')!;
    const same = scorer.explain(rows.X, 8, 'byPeriodEnd', undefined, { frame: rows.X, row: 8 })!;
    expect(same.total).toBe(same.base);
    expect([...same.contributions.values()].every((v) => v === 0)).toBe(true);
    const columns = new Map(rows.X.columns);
    const activity = columns.get('activity_count') as { type: 'number'; values: Float64Array };
    columns.set('activity_count', { type: 'number', values: activity.values.map((v) => v + 4) });
    const more = scorer.explain({ ...rows.X, columns }, 8, 'probability', undefined, { frame: rows.X, row: 8 })!;
    for (const [feature, v] of more.contributions) {
      if (feature === 'activity_count') expect(Math.abs(v - (more.total - more.base))).toBeLessThanOrEqual(1e-3);
      else expect(v).toBe(0);
    }
    expect(more.usual.get('activity_count')).toBe(activity.values[8]);
  });
});

test('a model without skill compares nobody', () => {
  expect(scorers.get('baseRate')!.comparer(candidates)).toBeUndefined();
});
