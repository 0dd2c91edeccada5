import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endedIn, fromAbove } from '../../api/comparison.ts';
import { comparisonAnswer } from '../../api/comparisonAnswer.ts';
import { groupings } from '../../models/forecast/rollup.ts';
import { DAY, WEEK } from '../../src/time.ts';
import { sharedApp } from './company.ts';

describe('GET /v1/forecast/comparison', () => {
  const app = sharedApp();
  const ask = async (query: string) => {
    const answer = await app().ask(`/v1/forecast/comparison?${query}`);
    expect(answer.status, await answer.clone().text()).toBe(200);
    return comparisonAnswer.parse(await answer.json());
  };

  it('agrees with the forecast of the same period, and what it says follows from its parts', async () => {
    const { total, elapsed, now } = await ask('period=2026-Q2').then((answer) => ({ ...answer, now: answer.total.now })); // biome-ignore format: one call
    const forecast = await app().ask('/v1/forecast?period=2026-Q2');
    const { total: said } = (await forecast.json()) as { total: Record<string, { minor: number } | number> };
    expect(now.booked).toEqual(said['closed']);
    expect(total.expected).toEqual(said['expected']);
    expect(total.quota).toEqual(said['quota']);
    // One was won without an amount: it counts, and is named apart where amounts are added up.
    expect(now.wonDeals).toBe((said['closedDeals'] as number) + 1);
    expect(total.attainment).toBeCloseTo(now.booked.minor / total.quota!.minor, 12);
    expect(total.pace).toBeCloseTo(total.attainment! / elapsed, 12);
    expect(total.probabilityOfQuota).toBe(said['probabilityOfQuota']);
    expect(now.winRate).toBeCloseTo(now.wonDeals / (now.wonDeals + now.lostDeals), 12);
  });

  it('looks from above only where there are weeks enough', async () => {
    // The first was won some four months ago.
    expect((await ask('period=2026-Q2')).topDown).toBeNull();
    const weekly = (weeks: number) => Array.from({ length: weeks }, (_, k) => [{ won: true, amountMinor: 700 }, { won: true, amountMinor: undefined }, { won: false, amountMinor: 9_000 }].map((end) => ({ ...end, at: k * WEEK, createdAt: undefined }))).flat(); // biome-ignore format: a table
    const period = { from: 39 * WEEK, to: 52 * WEEK };
    expect(fromAbove(weekly(44), 44 * WEEK, period)).toBe(13 * 700);
    expect(fromAbove(weekly(25), 25 * WEEK, period)).toBeNull();
    expect(fromAbove(weekly(60), 60 * WEEK, period)).toBeNull();
    expect(fromAbove(weekly(44), 44 * WEEK, { from: 52 * WEEK, to: 152 * WEEK })).toBeNull();
  });

  it('tells how often what is due covers what the quota lacks, and nothing where it lacks nothing', async () => {
    const early = await ask('period=2026-Q2&by=team&asOf=2026-04-10');
    const late = await ask('period=2026-Q2&by=team');
    const groups = [early.total, ...early.groups, late.total, ...late.groups].filter(({ quota }) => quota !== null);
    const missing = groups.map(({ quota, now }) => quota!.minor - now.booked.minor);
    expect(missing.some((minor) => minor > 0)).toBe(true);
    expect(missing.some((minor) => minor <= 0)).toBe(true);
    for (const [i, { coverage, due }] of groups.entries()) {
      if (missing[i]! > 0) expect(coverage).toBeCloseTo(due.minor / missing[i]!, 12);
      else expect(coverage).toBeNull();
    }
  });

  it.each(groupings.filter((by) => by !== 'all'))('by %s: the groups without a parent add up to the total', async (by) => {
    const { total, groups } = await ask(`period=2026-Q2&by=${by}`);
    const tops = groups.filter((group) => group.parentId === null);
    const sum = (of: (group: typeof total) => number) => tops.reduce((all, group) => all + of(group), 0);
    for (const of of [
      (g: typeof total) => g.now.booked.minor,
      (g: typeof total) => g.now.lostDeals,
      (g: typeof total) => g.expected.minor,
      (g: typeof total) => g.due.minor,
      (g: typeof total) => g.openDeals,
      (g: typeof total) => g.previous!.byThen.booked.minor,
      (g: typeof total) => g.previous!.whole.wonDeals,
    ])
      expect(sum(of)).toBe(of(total));
  }); // biome-ignore format: a table

  it('of a period that is over, by then is the whole; of one that has not begun, nothing is attained', async () => {
    const over = await ask('period=2026-Q1');
    expect(over.elapsed).toBe(1);
    expect(over.total.previous?.byThen).toEqual(over.total.previous?.whole);
    expect(over.previous.period).toBe('2025-Q4');
    const coming = await ask('period=2026-Q3');
    expect(coming.elapsed).toBe(0);
    expect(coming.total.pace).toBeNull();
    expect(coming.total.now.wonDeals + coming.total.now.lostDeals).toBe(0);
    expect(coming.total.previous!.byThen.wonDeals).toBe(0);
    // Before the first record nothing can be compared.
    expect((await ask('period=2021-Q3')).total.previous).toBeNull();
  });

  it('sees only what was known then', async () => {
    const then = await ask('period=2026-Q2&asOf=2026-04-20');
    const now = await ask('period=2026-Q2');
    expect(then.total.now.wonDeals).toBeLessThanOrEqual(now.total.now.wonDeals);
    expect(then.elapsed).toBeLessThan(now.elapsed);
  });

  it.each([
    ['by=planet', 'by'],
    ['period=2026-Q5', 'period'],
    ['period=2569-Q4', 'period'],
    ['period=2026-Q2&from=2026-01-01', 'period'],
    ['from=1000-01-01&to=1000-02-01', 'from'],
    ['period=1000', 'period'],
  ])('%s is refused by name of the field', async (query, path) => {
    const answer = await app().ask(`/v1/forecast/comparison?${query}`);
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { path: string }).path).toContain(path);
  });
});

describe('what ended in a stretch of time', () => {
  it('is what a plain count finds, for any endings', () => {
    const ending = fc.record({
      won: fc.boolean(),
      at: fc.integer({ min: 0, max: 100 }),
      createdAt: fc.option(fc.integer({ min: -100, max: 0 }), { nil: undefined }),
      amountMinor: fc.option(fc.integer({ min: -50, max: 1000 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(ending), fc.integer({ min: 0, max: 60 }), (endings, from) => {
        const inside = endings.filter(({ at }) => at >= from && at < from + 30);
        const won = inside.filter((one) => one.won);
        const said = endedIn(endings, from, from + 30);
        expect(said.wonDeals).toBe(won.length);
        expect(said.lostDeals).toBe(inside.length - won.length);
        expect(said.bookedMinor).toBe(won.reduce((sum, { amountMinor = 0 }) => sum + amountMinor, 0));
        const days = won.flatMap(({ at, createdAt }) => (createdAt === undefined ? [] : [(at - createdAt) / DAY])).sort((a, b) => a - b); // biome-ignore format: one chain
        const middle = days.length % 2 ? days[(days.length - 1) / 2] : (days[days.length / 2 - 1]! + days[days.length / 2]!) / 2; // biome-ignore format: a choice
        if (days.length === 0) expect(said.cycleDays).toBeNull();
        else expect(said.cycleDays).toBeCloseTo(middle!, 12);
      }),
    );
  });
});
