import { describe, expect, test } from 'vitest';
import { type BgNbdTruth, type ParetoNbdTruth, simulateCustomers } from '../../../datasets/customers.ts';
import { type ClvModel, estimateClv, fitClv } from '../../../models/clv/clv.ts';
import { bgNbdLaw, type PurchaseLaw, paretoNbdLaw } from '../../../models/clv/laws.ts';
import { type Customer, customerOf } from '../../../models/clv/purchases.ts';
import { rfmCuts, rfmOf, segmentOf } from '../../../models/clv/segments.ts';
import { spendLaw } from '../../../models/clv/spendLaw.ts';
import { random } from '../../../src/random.ts';

const SEED = Number(process.env['FORESELL_TEST_SEED'] ?? 23);
const UNTIL = 540;
const HORIZON = 180;
const truths = {
  'bg-nbd': {
    ...{ customers: 4_000, seed: SEED, joinDays: 200, endDay: UNTIL + HORIZON, value: { p: 5, q: 4, v: 20 } },
    law: { kind: 'bg-nbd', r: 1.2, alpha: 40, a: 0.8, b: 4 },
  } satisfies BgNbdTruth,
  'pareto-nbd': {
    ...{ customers: 4_000, seed: SEED, joinDays: 200, endDay: UNTIL + HORIZON, value: { p: 5, q: 4, v: 20 } },
    law: { kind: 'pareto-nbd', r: 1.2, alpha: 40, s: 0.7, beta: 150 },
  } satisfies ParetoNbdTruth,
};

/** As observed until the cut, exactly (two purchases of a day stay two), with what they spent after it. */
function seen(truth: BgNbdTruth | ParetoNbdTruth) {
  return simulateCustomers(truth).map(({ id, purchases }) => {
    const then = purchases.filter(({ day }) => day < UNTIL);
    const later = purchases.filter(({ day }) => day >= UNTIL);
    const x = then.length - 1;
    const first = then[0]!.day;
    const repeat = then.slice(1).reduce((sum, { value }) => sum + value, 0);
    const customer: Customer = {
      ...{ id, x, tx: then.at(-1)!.day - first, T: UNTIL - first },
      ...{ meanValue: x ? repeat / x : 0, spent: repeat + then[0]!.value },
    };
    return { customer, count: later.length, spent: later.reduce((sum, { value }) => sum + value, 0) };
  });
}

const modelOf = (law: PurchaseLaw, value: { p: number; q: number; v: number }, customers = 1): ClvModel => ({
  law,
  value: { ...value, logLikelihood: 0, converged: true, heavy: false, customers },
  usualValue: (value.p * value.v) / (value.q - 1),
  correlation: 0,
  warnings: [],
  newestBlock: {},
  until: UNTIL,
  customers: 100,
  repeaters: 100,
});

describe.each(['bg-nbd', 'pareto-nbd'] as const)('%s customers with known parameters', (kind) => {
  const truth = truths[kind];
  const law = truth.law.kind === 'bg-nbd' ? bgNbdLaw(truth.law) : paretoNbdLaw(truth.law);
  const model = modelOf(law, truth.value);
  const all = seen(truth);
  const n = all.length;
  const ask = { horizonDays: HORIZON, margin: 1, discount: 0 };
  const said = all.map(({ customer }) => estimateClv(model, customer, ask));

  test('expectations add up to what came', () => {
    const count = all.reduce((sum, { count }) => sum + count, 0);
    const expected = said.reduce((sum, { expectedPurchases }) => sum + expectedPurchases, 0);
    expect(Math.abs(expected / count - 1), `seed ${SEED}`).toBeLessThan(0.03);
    const spent = all.reduce((sum, { spent }) => sum + spent, 0);
    const value = said.reduce((sum, { expectedValue }) => sum + expectedValue, 0);
    expect(Math.abs(value / spent - 1), `seed ${SEED}`).toBeLessThan(0.06);
  });

  test('the chance of silence comes true, overall and where it is high', () => {
    for (const part of [said.map((_, i) => i), said.flatMap(({ pSilent }, i) => (pSilent > 0.7 ? [i] : []))]) {
      const silent = part.filter((i) => all[i]!.count === 0).length / part.length;
      const chance = part.reduce((sum, i) => sum + said[i]!.pSilent, 0) / part.length;
      expect(Math.abs(silent - chance), `seed ${SEED}`).toBeLessThan(4 * Math.sqrt(0.25 / part.length));
    }
  });

  test('the law of the money is uniform in its own probabilities', () => {
    const draw = random(SEED);
    const levels = all.map(({ customer, spent }) => {
      const money = spendLaw(law.beyond(customer, HORIZON), model.value, customer);
      const at = money.cdf(spent);
      return spent > 0 ? at : draw.uniform() * at; // the chance of nothing is a step: spread over it
    });
    for (const level of [0.1, 0.25, 0.5, 0.75, 0.9, 0.97]) {
      const share = levels.filter((p) => p <= level).length / n;
      expect(Math.abs(share - level), `level ${level}, seed ${SEED}`).toBeLessThan(
        4 * Math.sqrt((level * (1 - level)) / n),
      );
    }
  });

  test('80 % intervals hold 80 % where money is sure to come, and more where nothing may', () => {
    const inside = (i: number) => all[i]!.spent >= said[i]!.low && all[i]!.spent <= said[i]!.high;
    const sure = said.flatMap(({ pSilent }, i) => (pSilent < 0.1 ? [i] : []));
    expect(sure.length).toBeGreaterThan(100);
    const covered = sure.filter(inside).length / sure.length;
    expect(Math.abs(covered - 0.8), `seed ${SEED}`).toBeLessThan(4 * Math.sqrt(0.16 / sure.length));
    expect(said.filter((_, i) => inside(i)).length / n, `seed ${SEED}`).toBeGreaterThan(0.79);
  });
});

test('quantiles are the inverse of the distribution', () => {
  const law = bgNbdLaw({ r: 0.5, alpha: 30, a: 0.8, b: 3 });
  for (const customer of [
    { x: 0, tx: 0, T: 5, meanValue: 0 },
    { x: 9, tx: 60, T: 70, meanValue: 40 },
    { x: 80, tx: 360, T: 365, meanValue: 3 },
  ]) {
    const money = spendLaw(law.beyond(customer, 365), { p: 6, q: 4, v: 15 }, customer);
    for (const level of [0.05, 0.1, 0.5, 0.9, 0.999]) {
      const at = money.quantile(level);
      if (at > 0) expect(Math.abs(money.cdf(at) - level)).toBeLessThan(1e-5);
      else expect(money.cdf(0)).toBeGreaterThanOrEqual(level);
    }
  }
});

test('margin scales, discount lowers, and a longer horizon brings more', () => {
  const model = modelOf(bgNbdLaw({ r: 0.5, alpha: 30, a: 0.8, b: 3 }), { p: 6, q: 4, v: 15 });
  const customer: Customer = { id: 'c', x: 5, tx: 100, T: 120, meanValue: 30, spent: 200 };
  const plain = estimateClv(model, customer, { horizonDays: 365, margin: 1, discount: 0 });
  const third = estimateClv(model, customer, { horizonDays: 365, margin: 0.3, discount: 0 });
  const later = estimateClv(model, customer, { horizonDays: 365, margin: 1, discount: 0.1 });
  for (const key of ['expectedValue', 'low', 'high'] as const) expect(third[key]).toBeCloseTo(0.3 * plain[key], 9);
  expect(later.expectedValue).toBeLessThan(plain.expectedValue);
  expect(later.expectedValue).toBeGreaterThan(plain.expectedValue / 1.1);
  const longer = estimateClv(model, customer, { horizonDays: 730, margin: 1, discount: 0 });
  expect(longer.expectedValue).toBeGreaterThan(plain.expectedValue);
});

describe('learning from purchases', () => {
  const histories = (kind: 'bg-nbd' | 'pareto-nbd', customers = 1_500) =>
    simulateCustomers({ ...truths[kind], customers } as BgNbdTruth).map(({ id, purchases }) => ({
      id,
      purchases: purchases.map(({ day, value }) => ({ day: Math.floor(day), value })),
    }));

  test('later purchases change nothing', () => {
    const all = histories('bg-nbd');
    const cut = all.map(({ id, purchases }) => ({ id, purchases: purchases.filter(({ day }) => day <= UNTIL) }));
    const options = { until: UNTIL, law: 'bg-nbd' } as const;
    expect(JSON.stringify(fitClv(all, options))).toBe(JSON.stringify(fitClv(cut, options)));
  });

  test('the law that says the newest block better is taken', () => {
    const model = fitClv(histories('pareto-nbd', 4_000), { until: UNTIL, law: 'auto' });
    expect(model.newestBlock['pareto-nbd']).toBeGreaterThan(model.newestBlock['bg-nbd']!);
    expect(model.law.kind).toBe('pareto-nbd');
  });

  test('value that depends on frequency is told', () => {
    const tied = histories('bg-nbd').map(({ id, purchases }) => ({
      id,
      purchases: purchases.map(({ day }, i) => ({ day, value: 10 + purchases.length + (i % 2) })),
    }));
    const codes = (of: typeof tied) => fitClv(of, { until: UNTIL, law: 'bg-nbd' }).warnings.map(({ code }) => code);
    expect(codes(tied)).toContain('value-depends-on-frequency');
    expect(codes(histories('bg-nbd'))).toEqual([]);
  });

  test('too few customers are refused with what is needed', () => {
    expect(() => fitClv(histories('bg-nbd', 49), { until: UNTIL, law: 'auto' })).toThrow(/49 customers.*at least 50/);
    const once = Array.from({ length: 100 }, (_, i) => ({ id: `c${i}`, purchases: [{ day: i, value: 5 }] }));
    expect(() => fitClv(once, { until: 200, law: 'auto' })).toThrow(/100 customers, 0 of them/);
  });

  test('customers who all spend the same, or nothing, are no obstacle', () => {
    for (const amount of [0, 25]) {
      const same = histories('bg-nbd').map(({ id, purchases }) => ({
        id,
        purchases: purchases.map(({ day }) => ({ day, value: amount })),
      }));
      const model = fitClv(same, { until: UNTIL, law: 'bg-nbd' });
      const said = estimateClv(model, model.of.find(({ x }) => x > 3)!, { horizonDays: 90, margin: 1, discount: 0 });
      expect(said.expectedValue).toBeCloseTo(said.expectedPurchases * amount, 0);
      expect(said.low).toBeLessThanOrEqual(said.high);
    }
  });
});

test('purchases of one day are one, and those after the cut are unknown', () => {
  const purchases = [
    { day: 10, value: 5 },
    { day: 3, value: 7 },
    { day: 10, value: 1 },
    { day: 30, value: 100 },
  ];
  expect(customerOf('a', purchases, 20)).toEqual({ id: 'a', x: 1, tx: 7, T: 17, meanValue: 6, spent: 13 });
  expect(customerOf('a', purchases, 2)).toBeUndefined();
});

test('fifths and segments', () => {
  const people = Array.from({ length: 100 }, (_, i) => ({ sinceDays: i, purchases: i < 60 ? 1 : i, spent: 10 * i }));
  const cuts = rfmCuts(people);
  expect(rfmOf(cuts, people[0]!)).toEqual({ recency: 5, frequency: 1, monetary: 1 });
  expect(rfmOf(cuts, people[99]!)).toEqual({ recency: 1, frequency: 5, monetary: 5 });
  const fifths = people.map((of) => rfmOf(cuts, of).monetary);
  for (const fifth of [1, 2, 3, 4, 5]) expect(fifths.filter((f) => f === fifth).length).toBe(20);
  expect([150, 100, 50, 30, 0].map((profit) => segmentOf(profit, 100))).toEqual([
    'keep',
    'keep',
    'grow',
    'let go',
    'let go',
  ]);
  expect(segmentOf(0, 0)).toBe('let go');
});
