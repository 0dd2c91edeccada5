import { expect, test } from 'vitest';
import { minorAt, noRates, rateTable } from '../../src/money-rates.ts';

const rates = rateTable([
  { from: 'EUR', to: 'THB', at: 10, knownAt: 10, rate: 36 },
  { from: 'EUR', to: 'THB', at: 20, knownAt: 25, rate: 40 },
  { from: 'JPY', to: 'THB', at: 5, knownAt: 5, rate: 0.25 },
]);

test('the newest quotation that was known counts', () => {
  expect([9, 10, 20, 24, 25].map((asOf) => rates.rateAt('EUR', 'THB', asOf))).toEqual([undefined, 36, 36, 36, 40]);
});

test('the other direction is the inverse; one currency is 1; an unknown pair has none', () => {
  expect(rates.rateAt('THB', 'EUR', 30)).toBeCloseTo(1 / 40);
  expect(noRates.rateAt('THB', 'THB', 0)).toBe(1);
  expect(rates.rateAt('EUR', 'JPY', 30)).toBeUndefined();
});

test('amounts convert between minor units of different fineness', () => {
  expect(minorAt(rates, 1000, 'JPY', 'THB', 30)).toBe(25_000);
  expect(minorAt(rates, 25_000, 'THB', 'JPY', 30)).toBe(1000);
  expect(minorAt(rates, 1, 'EUR', 'JPY', 30)).toBeNaN();
});
