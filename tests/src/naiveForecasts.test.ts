import { describe, expect, it } from 'vitest';
import { simulate, simulatedSource } from '../../datasets/synthetic.ts';
import { callsOf, categoryShare, naiveForecasts } from '../../src/naiveForecasts.ts';
import { dealState } from '../../src/subjects/deal.ts';
import { DAY } from '../../src/time.ts';
import { type FactSource, type Past, world } from '../../src/world.ts';
import { knownBefore } from '../training/knownBefore.ts';

const sim = simulate({ deals: 120, seed: 12 });
const source = simulatedSource(sim);
const at = sim.clock.end - 120 * DAY + 3_600_000;
const period = source.company.calendar.quarter(at);

const said = (from: FactSource) => {
  const then = world(from, at);
  const open = then.ids('deal').filter((id) => dealState(then.past('deal', id)) === 'open').sort(); // biome-ignore format: one call
  const deals = open.map((id) => {
    const past = then.past('deal', id);
    return { id, amountMinor: Number(past.value('amount') ?? 0), expectedClose: past.value('expected_close_date') as number | undefined }; // biome-ignore format: a row
  });
  return { forecasts: naiveForecasts(from, then, deals, 1000, period), calls: callsOf(then, deals, period), deals };
};

describe('usual rules', () => {
  const { forecasts, calls, deals } = said(source);

  it('know nothing of what was learned after the look', () => {
    expect(deals.length).toBeGreaterThan(5);
    expect(said(knownBefore(source, at + 1))).toEqual({ forecasts, calls, deals });
    // The test can fail: what was known two months earlier is not what was known then.
    expect(said(knownBefore(source, at - 60 * DAY))).not.toEqual({ forecasts, calls, deals });
  });

  it('add up to booked + what is called of each deal', () => {
    const called = deals.reduce((sum, { amountMinor }, i) => sum + calls[i]! * amountMinor, 1000);
    expect(forecasts.categories).toBeCloseTo(called, 6); // each deal of this company has a category
    expect(forecasts.usual).toBeGreaterThan(1000);
    for (const [i, { expectedClose }] of deals.entries())
      if (expectedClose === undefined || expectedClose < at || expectedClose >= period.to) expect(calls[i]).toBe(0);
  });

  it.each([
    ['commit', 1],
    ['Commit', 1],
    ['Best Case', 0.5],
    ['best_case', 0.5],
    ['BestCase', 0.5],
    ['pipeline', 0],
    [undefined, 0],
  ])('category %s counts %s', (category, share) => {
    const past = { value: (field: string) => (field === 'forecast_category' ? category : undefined), last: () => undefined }; // biome-ignore format: a row
    expect(categoryShare(past as unknown as Past)).toBe(share);
  });
});
