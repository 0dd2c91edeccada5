import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calendarCell, cycles, localDays } from '../../../models/forecast/calendarCells.ts';
import { calendarEffects, type DayCount } from '../../../models/forecast/calendarEffects.ts';
import { shrunkRatios } from '../../../models/forecast/shrunkRatios.ts';
import { winsByDay } from '../../../models/forecast/winsByDay.ts';
import { random } from '../../../src/random.ts';
import { calendar, DAY } from '../../../src/time.ts';
import { testSeed } from '../../arbitraries.ts';

const bangkok = calendar('Asia/Bangkok', 4);
const START = Date.UTC(2024, 9, 1);
const day = (n: number) => bangkok.startOfDay(START + (n + 0.5) * DAY);

/** Poisson counts of so many days, with a level that drifts from month to month. */
function counts(
  days: number,
  perDay: number,
  seed: number,
  weight: (cell: ReturnType<typeof calendarCell>) => number,
  drift = 0,
): DayCount[] {
  const draw = random(seed);
  let level = 1;
  return Array.from({ length: days }, (_, n): DayCount => {
    const at = day(n);
    if (n % 30 === 0) level = Math.exp(drift * draw.normal());
    const mean = perDay * level * weight(calendarCell(bangkok, at));
    let observed = 0;
    for (let rest = Math.exp(-mean), p = draw.uniform(); p > rest; p *= draw.uniform()) observed++;
    return { day: at, observed, expected: 1 };
  });
}

describe('the calendar of a company', () => {
  test('cells: weekday, sixth of the month, month of the fiscal quarter', () => {
    const at = bangkok.period('2026-02').to - DAY; // Saturday 28 February; a fiscal year from April has a quarter from January
    expect(calendarCell(bangkok, at)).toEqual({ weekday: 5, monthPart: 5, quarterMonth: 1 });
    expect(calendarCell(bangkok, bangkok.period('2026-04').from)).toEqual({
      weekday: 2,
      monthPart: 0,
      quarterMonth: 0,
    });
  });

  test('a working week and a late month are found, beside a level that moves', () => {
    const week = [1.4, 1.4, 1.4, 1.4, 1.4, 0, 0];
    const months = [0.7, 0.9, 1.4];
    const { of } = calendarEffects(
      counts(640, 6, 5, ({ weekday, quarterMonth }) => week[weekday]! * months[quarterMonth]!, 0.1),
      bangkok,
    );
    for (const [k, weight] of week.entries()) expect(Math.abs(of.weekday![k]! - weight)).toBeLessThan(0.12);
    for (const [k, weight] of months.entries()) expect(Math.abs(of.quarterMonth![k]! - weight)).toBeLessThan(0.12);
    for (const weight of of.monthPart!) expect(Math.abs(weight - 1)).toBeLessThan(0.06);
  });

  test('a company without a rhythm gets none: few wins or many, a steady level or one that turns', () => {
    for (const [perDay, drift] of [
      [0.2, 0],
      [0.2, 0.4],
      [5, 0],
      [5, 0.3],
      [60, 0.3],
    ] as const) {
      // biome-ignore format: one table
      const off: Record<string, number> = { weekday: 0, monthPart: 0, quarterMonth: 0 };
      for (let seed = 1; seed <= 20; seed++) {
        const { of } = calendarEffects(
          counts(500, perDay, seed, () => 1, drift),
          bangkok,
        );
        for (const [cycle, weights] of Object.entries(of)) off[cycle]! += Math.sqrt(weights.reduce((sum, one) => sum + (one - 1) ** 2, 0) / weights.length) / 20; // biome-ignore format: one sum
      }
      for (const rms of Object.values(off)) expect(rms).toBeLessThan(0.05);
    }
  });

  test('weights are above 0 with mean 1 in each cycle, whatever was counted; how much was expected a day changes nothing', () => {
    const anyDays = fc.array(fc.record({ observed: fc.nat(40), expected: fc.double({ min: 0, max: 5, noNaN: true }) }), { maxLength: 240 }); // biome-ignore format: one arbitrary
    fc.assert(
      fc.property(anyDays, fc.nat(90), (rows, from) => {
        const days = rows.map((row, n) => ({ day: day(from + n), ...row }));
        const { of, weight } = calendarEffects(days, bangkok);
        for (const [cycle, cells] of Object.entries(cycles)) {
          const weights = of[cycle as keyof typeof cycles]!;
          expect(weights.reduce((sum, one) => sum + one, 0) / cells).toBeCloseTo(1, 9);
          for (const one of weights) expect(one).toBeGreaterThan(0);
        }
        expect(weight(day(3))).toBeGreaterThan(0);
        const twice = calendarEffects(days.map((one) => ({ ...one, expected: 2 * one.expected })), bangkok); // biome-ignore format: one call
        expect([...twice.of.quarterMonth!]).toEqual([...of.quarterMonth!].map((one) => expect.closeTo(one, 9)));
      }),
      { seed: testSeed, numRuns: 60 },
    );
  });
});

describe('ratios drawn to one', () => {
  test('what was to be seen is 1, many counts speak for themselves, an empty cell is near 0', () => {
    expect([...shrunkRatios([0, 0, 0], [0, 0, 0])]).toEqual([1, 1, 1]);
    for (const ratio of shrunkRatios([103, 96, 101, 99], [100, 100, 100, 100])) expect(Math.abs(ratio - 1)).toBeLessThan(0.01); // biome-ignore format: one loop
    const [much, none] = shrunkRatios([1500, 0], [1000, 500]);
    expect(much).toBeCloseTo(1.5, 2);
    expect(none).toBeLessThan(0.01);
  });
});

describe('wins by day', () => {
  test('as many are expected as came, and on each day the hazards of who was open, counted the plain way', () => {
    const draw = random(9);
    const asOf = day(200) + 0.4 * DAY;
    const deals = Array.from({ length: 300 }, () => {
      const createdAt = START + 190 * DAY * draw.uniform();
      const closed = createdAt + 40 * DAY * draw.uniform();
      const closedAt = closed < asOf && draw.uniform() < 0.8 ? closed : undefined;
      return { createdAt, closedAt, won: closedAt !== undefined && draw.uniform() < 0.5, amountMinor: 1 };
    });
    const days = winsByDay(deals, bangkok, asOf);
    const first = Math.min(...deals.map(({ closedAt }) => closedAt ?? asOf));
    expect(days.map((count) => count.day)).toEqual(localDays(bangkok, first, asOf));
    const sum = (of: 'observed' | 'expected') => days.reduce((all, count) => all + count[of], 0);
    expect(sum('expected')).toBeCloseTo(sum('observed'), 9);

    const end = bangkok.startOfDay(asOf);
    const openOn = (at: number) => deals.filter((deal) => bangkok.startOfDay(deal.createdAt) <= at && (deal.closedAt === undefined || bangkok.startOfDay(deal.closedAt) >= at)); // biome-ignore format: one call
    const age = (deal: (typeof deals)[number], at: number) =>
      Math.round((at - bangkok.startOfDay(deal.createdAt)) / DAY);
    const risk = new Map<number, number>();
    const wins = new Map<number, number>();
    for (const { day: at } of days)
      for (const deal of openOn(at)) {
        risk.set(age(deal, at), (risk.get(age(deal, at)) ?? 0) + 1);
        if (deal.won && deal.closedAt! < end && bangkok.startOfDay(deal.closedAt!) === at) wins.set(age(deal, at), (wins.get(age(deal, at)) ?? 0) + 1); // biome-ignore format: one choice
      }
    for (const { day: at, expected } of days) {
      const plain = openOn(at).reduce(
        (all, deal) => all + (wins.get(age(deal, at)) ?? 0) / risk.get(age(deal, at))!,
        0,
      );
      expect(expected).toBeCloseTo(plain, 9);
    }
  });

  test('none where nothing ended', () => {
    expect(
      winsByDay([{ createdAt: START, closedAt: undefined, won: false, amountMinor: 1 }], bangkok, day(90)),
    ).toEqual([]);
  });
});
