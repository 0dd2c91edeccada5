import { beforeAll, describe, expect, test } from 'vitest';
import { integratedGradients, positiveBy, positiveOfEnded, type ScoreFunction } from '../../models/explain.ts';
import { type HazardModel, hazardModel } from '../../models/hazardModel.ts';
import { takeRows } from '../../src/frame.ts';
import { random } from '../../src/random.ts';
import { testSeed } from '../arbitraries.ts';
import { type StateName, stateNames, toyCompany, toyRows, toyStates } from '../contract/states.ts';

const rows = toyRows(600, 21);
const models = new Map<StateName, HazardModel>();
beforeAll(async () => {
  for (const [name, state] of await toyStates(rows)) models.set(name, hazardModel(state, toyCompany.calendar));
});

const won = [true, false];
const scores: readonly (readonly [string, ScoreFunction])[] = [
  ['probability', positiveOfEnded(365, won)],
  ['byPeriodEnd', positiveBy(41, won)],
];
const sum = (values: Float64Array) => values.reduce((s, v) => s + v, 0);
const explain = (model: HazardModel, row: number, score: ScoreFunction) => {
  const { x, q } = model.rows(takeRows(rows.X, [row]));
  return integratedGradients(model, x, q, score);
};

describe('integrated gradients', () => {
  describe.each(scores)('of %s', (_, score) => {
    test.each(stateNames)('%s: parts sum to the difference within 1e-3, for 40 random rows', (name) => {
      const model = models.get(name)!;
      const draw = random(testSeed);
      let worst = 0;
      let most = 0;
      for (let k = 0; k < 40; k++) {
        const { base, total, columns, covariates, steps } = explain(model, draw.below(600), score);
        worst = Math.max(worst, Math.abs(sum(columns) + sum(covariates) - (total - base)));
        most = Math.max(most, steps);
      }
      console.info(`completeness ${name}: ${worst.toExponential(1)}, at most ${most} steps, seed ${testSeed}`);
      expect(worst).toBeLessThanOrEqual(1e-3);
    });
  });

  test('the total is the log odds of what is predicted', () => {
    for (const name of stateNames) {
      const model = models.get(name)!;
      const p = model.predict(takeRows(rows.X, [3]));
      // By hand: P(won) over the horizon bin by bin.
      let open = 1;
      const F = [0, 0];
      for (let b = 0; b < 5; b++) {
        for (const c of [0, 1]) F[c]! += open * p[b * 3 + c + 1]!;
        open *= p[b * 3]!;
      }
      const { total } = explain(model, 3, positiveOfEnded(365, won));
      expect(total).toBeCloseTo(Math.log(F[0]! / F[1]!), 5);
    }
  });

  test('a network with sharp corners takes more steps and is complete too', () => {
    const { state } = models.get('network')!;
    const { weights, shape } = state.network!;
    const sharp = { ...weights, w2: weights.w2.map((v) => 3 * v), head: weights.head.map((v) => 3 * v) };
    const model = hazardModel({ ...state, network: { weight: 1, shape, weights: sharp } }, toyCompany.calendar);
    let most = 0;
    for (let row = 0; row < 30; row++) {
      for (const [, score] of scores) {
        const { base, total, columns, covariates, steps } = explain(model, row * 19, score);
        most = Math.max(most, steps);
        expect(Math.abs(sum(columns) + sum(covariates) - (total - base))).toBeLessThanOrEqual(1e-3);
      }
    }
    console.info(`completeness of a sharp network: at most ${most} steps`);
    expect(most).toBeGreaterThan(32);
  });

  test('a constant model has nothing to explain', () => {
    for (const [, score] of scores) {
      const { base, total, columns, covariates } = explain(models.get('baseRate')!, 5, score);
      expect(total).toBe(base);
      expect(columns.length).toBe(0);
      expect([...covariates]).toEqual([0, 0]);
    }
  });

  test('the same row has the same parts, to the last bit', () => {
    for (const name of stateNames) expect(explain(models.get(name)!, 8, scores[0]![1])).toEqual(explain(models.get(name)!, 8, scores[0]![1])); // biome-ignore format: one check
  });

  test('the mean row differs from itself in nothing; a column at its mean has no part', () => {
    const model = models.get('average')!;
    const { meanX, meanQ } = model.state;
    const { base, total, columns, covariates } = integratedGradients(model, meanX, meanQ, scores[1]![1]);
    expect(total).toBe(base);
    expect([...columns, ...covariates].every((v) => v === 0)).toBe(true);
    const { x, q } = model.rows(takeRows(rows.X, [4]));
    x[6] = meanX[6]!;
    expect(integratedGradients(model, x, q, scores[0]![1]).columns[6]).toBe(0);
  });

  test('what drives the outcome in truth leads the list', () => {
    const model = models.get('ridgePle')!;
    const { source, sources } = model.state.encoder;
    const size = new Map<string, number>();
    for (let row = 0; row < 600; row += 10) {
      const parts = new Map<string, number>();
      explain(model, row, scores[0]![1]).columns.forEach((v, column) => {
        const name = sources[source[column]!]!;
        parts.set(name, (parts.get(name) ?? 0) + v);
      });
      for (const [name, v] of parts) size.set(name, (size.get(name) ?? 0) + Math.abs(v));
    }
    const order = [...size].sort((a, b) => b[1] - a[1]).map(([name]) => name);
    expect(order.slice(0, 2).sort()).toEqual(['activity_count', 'stage_current']);
  });
});
