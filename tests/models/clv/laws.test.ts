import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { beta as drawBeta, gamma as drawGamma, simulateCustomers } from '../../../datasets/customers.ts';
import {
  type BgNbd,
  bgNbdAlive,
  bgNbdBeyond,
  bgNbdExpected,
  bgNbdLogLikelihood,
  bgNbdSilence,
  fitBgNbd,
} from '../../../models/clv/bgNbd.ts';
import {
  expectedValue,
  fitGammaGamma,
  gammaGammaLogLikelihood,
  populationMean,
} from '../../../models/clv/gammaGamma.ts';
import {
  fitParetoNbd,
  paretoNbdAlive,
  paretoNbdBeyond,
  paretoNbdExpected,
  paretoNbdLogLikelihood,
  paretoNbdSilence,
} from '../../../models/clv/paretoNbd.ts';
import { type Purchases, purchaseTable } from '../../../models/clv/purchases.ts';
import { random } from '../../../src/random.ts';
import { logHyp2f1 } from '../../../src/stats/hyp2f1.ts';
import { logGamma } from '../../../src/stats/logGamma.ts';

const SEED = Number(process.env['FORESELL_TEST_SEED'] ?? 17);
const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);

const few: readonly Purchases[] = [
  { x: 0, tx: 0, T: 38.9 },
  { x: 0, tx: 0, T: 0 },
  { x: 1, tx: 1.7, T: 38.9 },
  { x: 1, tx: 0.01, T: 12 },
  { x: 2, tx: 30.43, T: 38.86 },
  { x: 7, tx: 29.4, T: 30 },
  { x: 26, tx: 38.4, T: 38.4 },
  { x: 300, tx: 200, T: 380 },
];
const customer = fc
  .record({
    x: fc.integer({ min: 0, max: 60 }),
    spare: fc.double({ min: 0, max: 800, noNaN: true }),
    share: fc.double({ min: 0.01, max: 1, noNaN: true }),
  })
  .map(({ x, spare, share }): Purchases => ({ x, T: x + spare, tx: x === 0 ? 0 : share * (x + spare) })); // one a day at most
const positive = (min: number, max: number) =>
  fc.double({ min: Math.log(min), max: Math.log(max), noNaN: true }).map(Math.exp);

/** The gradient by central differences, relative steps. */
function numericGradient(f: (p: Float64Array, g: Float64Array) => number, at: readonly number[]): number[] {
  return at.map((value, i) => {
    const h = 1e-5 * value;
    const moved = (by: number) =>
      f(
        Float64Array.from(at, (v, j) => (j === i ? v + by : v)),
        new Float64Array(at.length),
      );
    return (moved(h) - moved(-h)) / (2 * h);
  });
}

describe('gradients: analytic equal numeric', () => {
  const table = purchaseTable([...few, few[2]!, few[0]!]);
  const spends = [
    { x: 1, meanValue: 12.5 },
    { x: 4, meanValue: 30 },
    { x: 9, meanValue: 7.25 },
    { x: 40, meanValue: 220 },
  ];
  test.each<[string, (p: Float64Array, g: Float64Array) => number, readonly number[]]>([
    ['BG/NBD', (p, g) => bgNbdLogLikelihood(table, p, g), [0.24, 4.4, 0.79, 2.4]],
    ['BG/NBD, strange', (p, g) => bgNbdLogLikelihood(table, p, g), [5, 0.3, 4, 0.2]],
    ['Pareto/NBD', (p, g) => paretoNbdLogLikelihood(table, p, g), [0.55, 10.6, 0.6, 11.7]],
    ['Pareto/NBD, alpha > beta', (p, g) => paretoNbdLogLikelihood(table, p, g), [2, 30, 1, 0.5]],
    ['Pareto/NBD, alpha < beta', (p, g) => paretoNbdLogLikelihood(table, p, g), [0.2, 0.6, 2.5, 40]],
    ['Gamma-Gamma', (p, g) => gammaGammaLogLikelihood(spends, p, g), [6.2, 3.7, 15.4]],
  ])('%s', (_name, f, at) => {
    const gradient = new Float64Array(at.length);
    f(Float64Array.from(at), gradient);
    const numeric = numericGradient(f, at);
    for (const [i, expected] of numeric.entries()) {
      expect(Math.abs(gradient[i]! - expected)).toBeLessThan(1e-5 * (1 + Math.abs(expected)));
    }
  });
});

test('the Pareto/NBD likelihood equals its form in 2F1', () => {
  // Fader and Hardie (2005), equations 17 and 18, for alpha >= beta and for alpha < beta.
  for (const [r, alpha, s, beta] of [
    [0.5533, 10.578, 0.6062, 11.669],
    [0.5533, 14, 0.6062, 5],
    [2, 3, 1.5, 2],
  ] as const) {
    for (const { x, tx, T } of few.slice(0, 7)) {
      const n = r + s + x;
      const f = (t: number) => {
        const [big, small, second] = alpha >= beta ? [alpha, beta, s + 1] : [beta, alpha, r + x];
        return Math.exp(logHyp2f1(n, second, n + 1, (big - small) / (big + t)) - n * Math.log(big + t));
      };
      const log = (v: number) => Math.log(v);
      const inner = Math.exp(-(r + x) * log(alpha + T) - s * log(beta + T)) + (s / n) * (f(tx) - f(T));
      const expected = logGamma(r + x) - logGamma(r) + r * log(alpha) + s * log(beta) + log(inner);
      const got = paretoNbdLogLikelihood(
        purchaseTable([{ x, tx, T }]),
        Float64Array.of(r, alpha, s, beta),
        new Float64Array(4),
      );
      expect(got).toBeCloseTo(expected, 8);
    }
  }
});

test('customers who all leave at one rate are the limit of very alike ones, and cost no more', () => {
  // Maxima can lie there: panels were once counted by s alone, some ten thousand of them a customer.
  const at = (s: number) =>
    paretoNbdLogLikelihood(purchaseTable(few), Float64Array.of(0.6, 0.01, s, 90 * s), new Float64Array(4));
  expect(at(20_000)).toBeCloseTo(at(10_000), 2);
});

test('equal customers count as often as they occur, whatever their order', () => {
  const p = Float64Array.of(0.3, 5, 0.8, 2);
  const g = () => new Float64Array(4);
  const doubled = bgNbdLogLikelihood(purchaseTable([...few, ...few]), p, g());
  expect(doubled).toBeCloseTo(2 * bgNbdLogLikelihood(purchaseTable([...few].reverse()), p, g()), 9);
  expect(purchaseTable([...few, ...few]).x.length).toBe(few.length);
  expect(() => purchaseTable([{ x: 1, tx: 9, T: 3 }])).toThrow('0 <= t_x <= T');
});

describe('forecasts of a customer', () => {
  const horizon = positive(0.5, 400);
  test('BG/NBD: expectation, law of the count and silence agree, and stay in range', () => {
    fc.assert(
      fc.property(
        customer,
        horizon,
        positive(0.1, 5),
        positive(5, 300),
        positive(0.1, 4),
        positive(0.3, 8),
        (of, t, r, alpha, a, b) => {
          const model = { r, alpha, a, b };
          const beyond = bgNbdBeyond(model, of, t);
          const expected = bgNbdExpected(model, of, t);
          const alive = bgNbdAlive(model, of);
          expect(Math.abs(sum(beyond) - expected)).toBeLessThan(1e-4 * (1 + expected));
          expect(Math.abs(1 - bgNbdSilence(model, of, t) - (beyond[0] ?? 0))).toBeLessThan(2e-9);
          expect(alive).toBeGreaterThanOrEqual(0);
          expect(alive).toBeLessThanOrEqual(1);
          for (let n = 1; n < beyond.length; n++) expect(beyond[n]!).toBeLessThanOrEqual(beyond[n - 1]!);
          expect(bgNbdExpected(model, of, 2 * t)).toBeGreaterThanOrEqual(expected * (1 - 1e-6));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('Pareto/NBD: the same', () => {
    fc.assert(
      fc.property(
        customer,
        horizon,
        positive(0.1, 5),
        positive(5, 300),
        positive(0.1, 4),
        positive(0.5, 300),
        (of, t, r, alpha, s, beta) => {
          const model = { r, alpha, s, beta };
          const beyond = paretoNbdBeyond(model, of, t);
          const expected = paretoNbdExpected(model, of, t);
          expect(Math.abs(sum(beyond) - expected)).toBeLessThan(1e-3 * (1 + expected));
          expect(paretoNbdSilence(model, of, t)).toBeCloseTo(1 - (beyond[0] ?? 0), 12);
          expect(paretoNbdAlive(model, of)).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 100 },
    );
  });

  test('near a = 1, where the formula is 0 / 0, nothing jumps', () => {
    const at = (a: number) => bgNbdExpected({ r: 0.5, alpha: 20, a, b: 2 }, { x: 3, tx: 100, T: 120 }, 90);
    expect(at(1)).toBeCloseTo(at(1.0003), 3);
    expect(at(1)).toBeCloseTo(at(0.9997), 3);
  });

  test('silence is what a simulation of that customer finds', () => {
    const model: BgNbd = { r: 0.8, alpha: 30, a: 0.9, b: 3 };
    const draw = random(SEED);
    for (const of of [
      { x: 0, tx: 0, T: 60 },
      { x: 3, tx: 40, T: 90 },
      { x: 12, tx: 85, T: 90 },
    ]) {
      const rounds = 40_000;
      const alive = bgNbdAlive(model, of);
      let silent = 0;
      for (let i = 0; i < rounds; i++) {
        const rate = drawGamma(model.r + of.x, draw) / (model.alpha + of.T);
        drawBeta(model.a, model.b + of.x, draw);
        if (draw.uniform() >= alive || -Math.log(1 - draw.uniform()) / rate > 50) silent++;
      }
      const said = bgNbdSilence(model, of, 50);
      expect(Math.abs(silent / rounds - said), `seed ${SEED}`).toBeLessThan(
        4 * Math.sqrt((said * (1 - said)) / rounds),
      );
    }
  });
});

const base = { joinDays: 90, endDay: 730, value: { p: 6, q: 4, v: 15 } };
const observed = (seed: number, customers: number, law: Parameters<typeof simulateCustomers>[0]['law']) =>
  simulateCustomers({ ...base, customers, seed, law } as Parameters<typeof simulateCustomers>[0]).map(
    ({ purchases }) => {
      const x = purchases.length - 1;
      const spent = sum(purchases.slice(1).map(({ value }) => value));
      const first = purchases[0]!.day;
      return { x, tx: purchases.at(-1)!.day - first, T: base.endDay - first, meanValue: x ? spent / x : 0 };
    },
  );

describe('recovery: simulate, fit, recover, tighter as n grows', () => {
  const error = (got: object, truth: object) =>
    Math.max(
      ...Object.entries(truth).map(([key, value]) => Math.abs(Math.log((got as Record<string, number>)[key]! / value))),
    );
  const sizes = [500, 8_000];

  test('BG/NBD', () => {
    const law = { r: 0.6, alpha: 40, a: 0.9, b: 3 };
    const errors = sizes.map((n) => error(fitBgNbd(purchaseTable(observed(SEED, n, { kind: 'bg-nbd', ...law }))), law));
    expect(errors[1], `seed ${SEED}`).toBeLessThan(0.15);
    expect(errors[1]!, `seed ${SEED}`).toBeLessThan(errors[0]!);
  });

  test('Pareto/NBD', () => {
    const law = { r: 0.7, alpha: 25, s: 0.6, beta: 90 };
    const errors = sizes.map((n) =>
      error(fitParetoNbd(purchaseTable(observed(SEED, n, { kind: 'pareto-nbd', ...law }))), law),
    );
    expect(errors[1], `seed ${SEED}`).toBeLessThan(0.25);
    expect(errors[1]!, `seed ${SEED}`).toBeLessThan(errors[0]!);
  });

  test('Gamma-Gamma', () => {
    const law = { kind: 'bg-nbd', r: 0.6, alpha: 40, a: 0.9, b: 3 } as const;
    const errors = sizes.map((n) => error(fitGammaGamma(observed(SEED, n, law)), base.value));
    expect(errors[1], `seed ${SEED}`).toBeLessThan(0.15);
    expect(errors[1]!, `seed ${SEED}`).toBeLessThan(errors[0]!);
  });
});

test('times and values in another unit give the same law in that unit', () => {
  const customers = observed(3, 800, { kind: 'bg-nbd', r: 0.6, alpha: 40, a: 0.9, b: 3 });
  const weeks = customers.map((c) => ({ ...c, tx: c.tx / 7, T: c.T / 7, meanValue: c.meanValue * 100 }));
  const days = fitBgNbd(purchaseTable(customers));
  const inWeeks = fitBgNbd(purchaseTable(weeks));
  expect(inWeeks.alpha * 7).toBeCloseTo(days.alpha, 2);
  expect(inWeeks.r).toBeCloseTo(days.r, 4);
  expect(fitGammaGamma(weeks).v / 100).toBeCloseTo(fitGammaGamma(customers).v, 3);
});

test('values without a mean are held to one, and said', () => {
  const draw = random(SEED);
  const wild = Array.from({ length: 400 }, () => ({ x: 3, meanValue: drawGamma(2, draw) / drawGamma(0.5, draw) }));
  const fit = fitGammaGamma(wild);
  expect(fit).toMatchObject({ heavy: true, q: 2 });
  expect(populationMean(fit)).toBeLessThan(Number.POSITIVE_INFINITY);
  expect(expectedValue(fit, { x: 0, meanValue: 0 })).toBeCloseTo(populationMean(fit), 9);
});
