import { describe, expect, test } from 'vitest';
import { fitConstantHazards } from '../../models/constantHazards.ts';
import { eventually, hazards, incidence, nllOfProbabilities, place } from '../../models/hazards.ts';
import {
  binClock,
  fitLinearHazards,
  linearLogits,
  PENALTIES,
  predictLinearHazards,
  shareOfEffects,
  tunePenalty,
} from '../../models/linearHazards.ts';
import { type HazardRows, takeHazardRows } from '../../models/networkFit.ts';
import { random } from '../../src/random.ts';
import { block } from '../golden/values.ts';

const grid = hazards([0, 10, 20, 40, 80], 2);
const bins = 4;
const truth = {
  intercept: [-2, -1.8, -2.1, -1.6, -1.9, -1.7, -1.5, -1.2],
  beta: [0.8, -0.5, -0.4, 0.6, 0, 0],
  gamma: [0.7, 0.2, 0, -0.6],
};

/** Rows drawn from known additive hazards: three inputs, two covariates a bin, some censored. */
function simulate(rows: number, seed: number, tilt: readonly number[] = [0, 0, 0, 0, 0, 0]): HazardRows {
  const clock = binClock(grid.edges);
  const draw = random(seed);
  const x = Float32Array.from({ length: rows * 3 }, () => draw.normal());
  const q = Float32Array.from({ length: rows * bins * 2 }, () => draw.uniform());
  const time = new Float64Array(rows);
  const cause = new Uint8Array(rows);
  for (let i = 0; i < rows; i++) {
    const end = draw.uniform() < 0.3 ? draw.uniform() * 80 : 80;
    time[i] = end;
    for (let b = 0; b < bins; b++) {
      const e = [1, 0, 0];
      for (let c = 0; c < 2; c++) {
        let z = truth.intercept[b * 2 + c]!;
        for (let j = 0; j < 3; j++) z += x[i * 3 + j]! * (truth.beta[j * 2 + c]! + clock[b]! * tilt[j * 2 + c]!);
        for (let k = 0; k < 2; k++) z += q[(i * bins + b) * 2 + k]! * truth.gamma[k * 2 + c]!;
        e[c + 1] = Math.exp(z);
      }
      const u = draw.uniform() * (e[0]! + e[1]! + e[2]!);
      if (u < e[0]!) continue;
      const at = grid.edges[b]! + draw.uniform() * (grid.edges[b + 1]! - grid.edges[b]!);
      if (at <= end) {
        time[i] = at;
        cause[i] = u < e[0]! + e[1]! ? 1 : 2;
      }
      break;
    }
  }
  return { rows, inputs: 3, x, q, grid, placed: place(grid, time, cause) };
}
const worst = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, v, i) => Math.max(most, Math.abs(v - b[i]!)), 0);

describe('linear hazards', () => {
  test('recover planted coefficients, the better the more rows', () => {
    const errors = [500, 8000].map((rows) => {
      const fit = fitLinearHazards(simulate(rows, 3), { penalty: 10, units: rows });
      return Math.max(worst(fit.beta, truth.beta), worst(fit.gamma, truth.gamma));
    });
    console.info(`linear hazards: largest error ${errors.map((e) => e.toFixed(3)).join(' at 500 rows, ')} at 8,000`);
    expect(errors[1]).toBeLessThan(0.2);
    expect(errors[1]).toBeLessThan(errors[0]!);
  });

  test('recover effects that change with time, and find next to none where they do not', () => {
    const tilt = [-0.6, 0.3, 0, 0, 0.5, 0];
    const options = { penalty: 10, units: 8000, tilted: true };
    const found = fitLinearHazards(simulate(8000, 3, tilt), options);
    const none = fitLinearHazards(simulate(8000, 3), options);
    const errors = [worst(found.tilt, tilt), worst(found.beta, truth.beta), worst(none.tilt, [0, 0, 0, 0, 0, 0])];
    console.info(`linear hazards: largest error of a tilt ${errors.map((e) => e.toFixed(3)).join(', ')}`);
    for (const error of errors) expect(error).toBeLessThan(0.2);
    expect(binClock([0, 7, 14, 30, 60])[0]).toBe(-1);
    expect(binClock([0, 7, 14, 30, 60]).at(-1)).toBe(1);
    expect([...binClock([0, 1])]).toEqual([0]);
    expect(fitLinearHazards(simulate(300, 3), { penalty: 1, units: 300 }).tilt).toHaveLength(0);
  });

  test('inputs that tell where a row stands are hardly shrunk; the others are', () => {
    const rows = simulate(1500, 4);
    const fitted = (structure?: Uint8Array) => fitLinearHazards(rows, { penalty: 0.001, units: rows.rows, structure });
    const size = ({ beta }: ReturnType<typeof fitted>, input: number) =>
      Math.hypot(beta[input * 2]!, beta[input * 2 + 1]!);
    const [plain, first] = [fitted(), fitted(Uint8Array.of(1, 0, 0))];
    expect(size(plain, 0)).toBeLessThan(0.6);
    expect(size(first, 0)).toBeGreaterThan(0.75);
    expect(size(first, 1)).toBeLessThan(0.5);
  });

  const data = simulate(1500, 4);
  const objective = (fit: ReturnType<typeof fitLinearHazards>, penalty: number) => {
    const loss = nllOfProbabilities(grid, predictLinearHazards(fit, data), data.placed).reduce((s, v) => s + v, 0);
    let size = 0;
    for (const v of fit.beta) size += v * v;
    for (const v of fit.tilt) size += 4 * v * v;
    for (const v of fit.gamma) size += Math.min(1, penalty) * v * v;
    return size / 2 + penalty * loss;
  };

  test('the fit is where the stated objective has no slope', () => {
    const fit = fitLinearHazards(data, { penalty: 0.1, units: data.rows, tolerance: 1e-12, tilted: true });
    const at = objective(fit, 0.1);
    for (const name of ['beta', 'tilt', 'gamma'] as const) {
      for (let i = 0; i < fit[name].length; i++) {
        for (const by of [-0.01, 0.01]) {
          const moved = { ...fit, [name]: fit[name].map((v, k) => (k === i ? v + by : v)) };
          expect(objective(moved, 0.1)).toBeGreaterThan(at);
        }
      }
    }
  });

  test('a penalty that shrinks features away leaves the effects of time almost as they are', () => {
    const [free, shrunk] = [10, 0.001].map((penalty) => fitLinearHazards(data, { penalty, units: data.rows }));
    const size = (values: ArrayLike<number>) => Math.hypot(...Array.from(values));
    expect(size(shrunk!.beta) / size(free!.beta)).toBeLessThan(0.5);
    expect(size(shrunk!.gamma) / size(free!.gamma)).toBeGreaterThan(0.7);
  });

  test('rows in another order, the same fit; every row twice at the same units, the same', () => {
    const fit = fitLinearHazards(data, { penalty: 0.1, units: 700, tolerance: 1e-12 });
    const order = Array.from({ length: data.rows }, (_, i) => (i * 7 + 3) % data.rows).filter((v, i, a) => a.indexOf(v) === i); // biome-ignore format: one chain
    expect(order.length).toBe(data.rows);
    const turned = fitLinearHazards(takeHazardRows(data, order), { penalty: 0.1, units: 700, tolerance: 1e-12 });
    expect(worst(turned.beta, fit.beta)).toBeLessThan(1e-4);
    const twice = takeHazardRows(data, [...order, ...order]);
    const doubled = fitLinearHazards(twice, { penalty: 0.1, units: 700, tolerance: 1e-12 });
    expect(worst(doubled.beta, fit.beta)).toBeLessThan(1e-4);
    expect(worst(doubled.gamma, fit.gamma)).toBeLessThan(1e-4);
  });

  test('a start elsewhere on the path of penalties ends at the same place', () => {
    const exact = { units: data.rows, tolerance: 1e-12, tilted: true };
    const cold = fitLinearHazards(data, { penalty: 0.1, ...exact });
    const start = fitLinearHazards(data, { penalty: 0.003, ...exact });
    const warm = fitLinearHazards(data, { penalty: 0.1, start, ...exact });
    expect(worst(warm.beta, cold.beta)).toBeLessThan(1e-3);
    expect(worst(warm.tilt, cold.tilt)).toBeLessThan(1e-3);
    expect(worst(warm.intercept, cold.intercept)).toBeLessThan(2e-3);
    const sizes = [0.0003, 0.01, 1].map((penalty) =>
      fitLinearHazards(data, { penalty, ...exact }).beta.reduce((s, v) => s + v * v, 0),
    );
    expect(sizes[0]).toBeLessThan(sizes[1]!);
    expect(sizes[1]).toBeLessThan(sizes[2]!);
  });

  test('nothing ever happened, or only one thing: finite all the same', () => {
    for (const cause of [0, 1, 2]) {
      const placed = place(grid, Float64Array.from({ length: 200 }, (_, i) => (i % 80) + 1), new Uint8Array(200).fill(cause)); // biome-ignore format: one call
      const rows = {
        ...takeHazardRows(
          data,
          Array.from({ length: 200 }, (_, i) => i),
        ),
        placed,
      };
      const fit = fitLinearHazards(rows, { penalty: 1, units: 200 });
      expect([...fit.intercept, ...fit.beta, ...fit.gamma].every(Number.isFinite)).toBe(true);
      const ever = eventually(grid, predictLinearHazards(fit, rows));
      for (let i = 0; i < 200; i++) {
        if (cause > 0) expect(ever[i * 2 + cause - 1]).toBeGreaterThan(ever[i * 2 + 2 - cause]!);
      }
    }
  });

  test('the penalty is one of the path, by held-out loss', () => {
    const half = Array.from({ length: 300 }, (_, i) => i);
    const other = half.map((i) => i + 300);
    const { penalty, losses } = tunePenalty([[takeHazardRows(data, half), takeHazardRows(data, other)]], 1);
    expect(PENALTIES).toContain(penalty);
    expect(losses[PENALTIES.indexOf(penalty as (typeof PENALTIES)[number])]).toBe(Math.min(...losses));
  });
});

describe('the base rate', () => {
  test('with many rows is the Aalen-Johansen estimate, counted by hand', () => {
    const rows = 200_000;
    const draw = random(6);
    const time = Float64Array.from({ length: rows }, () => grid.edges[1 + draw.below(4)]!);
    const cause = Uint8Array.from({ length: rows }, () => draw.below(3));
    const placed = place(grid, time, cause);
    const F = incidence(grid, fitConstantHazards(grid, placed), [10, 20, 40, 80]);
    const expected = [0, 0];
    let open = 1;
    for (const [b, edge] of [10, 20, 40, 80].entries()) {
      let risk = 0;
      const ended = [0, 0];
      for (let i = 0; i < rows; i++) {
        if (time[i]! < edge) continue;
        // Censored at the end of a bin are at risk through it.
        risk++;
        if (time[i] === edge && cause[i]! > 0) ended[cause[i]! - 1]!++;
      }
      for (const c of [0, 1]) expected[c]! += (open * ended[c]!) / risk;
      open *= 1 - (ended[0]! + ended[1]!) / risk;
      for (const c of [0, 1]) expect(F[b * 2 + c]).toBeCloseTo(expected[c]!, 3);
    }
  });
  test('golden: Aalen-Johansen, every row repeated until the pseudo rows do not count', () => {
    const golden = block<{ time: number[]; cause: number[]; kmTimes: number[]; aalenJohansen_F1_F2_S: number[][] }>(
      'survival',
    );
    const edges = hazards([0, ...golden.kmTimes], 2);
    const n = golden.time.length;
    const repeated = (values: readonly number[]) => Float64Array.from({ length: 20_000 * n }, (_, i) => values[i % n]!);
    const p = fitConstantHazards(edges, place(edges, repeated(golden.time), repeated(golden.cause)));
    const F = incidence(edges, p, golden.kmTimes);
    for (const [t, [won, lost]] of golden.aalenJohansen_F1_F2_S.entries()) {
      expect(F[t * 2]).toBeCloseTo(won!, 3);
      expect(F[t * 2 + 1]).toBeCloseTo(lost!, 3);
    }
  });
  test('no outcomes at all: nothing is said to happen', () => {
    const p = fitConstantHazards(grid, place(grid, [5, 30, 90], [0, 0, 0]));
    for (let b = 0; b < bins; b++) expect([...p.slice(b * 3, b * 3 + 3)]).toEqual([1, 0, 0]);
  });
});

test('a share of the effects: the mean row stays, others are as much nearer to it, but not in what is structure', () => {
  const data = simulate(400, 8, [0.3, 0, 0, -0.2, 0.1, 0]);
  const model = fitLinearHazards(data, { penalty: 1, units: 400, tilted: true });
  const mean = Float64Array.from({ length: 3 }, (_, j) => 0.5 * j - 0.3);
  const half = shareOfEffects(model, 0.5, mean, grid.edges, Uint8Array.of(0, 1, 0));
  const logits = (of: typeof model, x: readonly number[]) =>
    linearLogits(of, { rows: 1, inputs: 3, x: Float32Array.from(x), grid });
  const usual = logits(model, [...mean]);
  for (const [e, z] of logits(half, [...mean]).entries()) expect(z).toBeCloseTo(usual[e]!, 6);
  const away = logits(model, [mean[0]! + 1, mean[1]!, mean[2]! - 2]);
  for (const [e, z] of logits(half, [mean[0]! + 1, mean[1]!, mean[2]! - 2]).entries())
    expect(z - usual[e]!).toBeCloseTo(0.5 * (away[e]! - usual[e]!), 6);
  const older = logits(model, [mean[0]!, mean[1]! + 1, mean[2]!]);
  for (const [e, z] of logits(half, [mean[0]!, mean[1]! + 1, mean[2]!]).entries()) expect(z).toBeCloseTo(older[e]!, 6);
});
