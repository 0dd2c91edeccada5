import { expect, test } from 'vitest';
import { forecastSeries, forecastSeriesSet, type SeriesForecast } from '../../../models/series/index.ts';

const line = (periods: number, at: (t: number) => number) => Float64Array.from({ length: periods }, (_, t) => at(t));
const ends = ({ intervals }: SeriesForecast) =>
  ([80, 95] as const).flatMap((level) => [...intervals[level].low, ...intervals[level].high]);

test('a line without error leaves the intervals of the others as they are', () => {
  const ask = { season: 7, horizon: 1, method: 'auto', origins: 3 } as const;
  const short = { y: Float64Array.of(7, 9) };
  const [alone] = forecastSeriesSet([short], ask);
  const [, beside] = forecastSeriesSet([{ y: line(60, (t) => t) }, short], ask);
  expect(ends(beside!)).toEqual(ends(alone!));
  expect(beside!.intervals[80].high[0]).toBeLessThan(12);
});

test.each([
  ['in cents', (t: number) => Math.round((100_000 + (1000 / 3) * t) * 100) / 100],
  ['in whole units', (t: number) => Math.round(100_000 + (1000 / 3) * t)],
  ['of one rate', (t: number) => Math.round(1e7 * 0.98 ** t) / 100],
])('nor does one that is all but exact widen them: %s', (_, at) => {
  const ask = { season: 12, horizon: 1, method: 'auto', origins: 3 } as const;
  const short = { y: Float64Array.of(7, 9) };
  const [own, beside] = forecastSeriesSet([{ y: line(60, at) }, short], ask);
  const { low, high } = forecastSeriesSet([short], ask)[0]!.intervals[80];
  const width = beside!.intervals[80].high[0]! - beside!.intervals[80].low[0]!;
  expect(width / (high[0]! - low[0]!)).toBeGreaterThan(0.7);
  expect(width / (high[0]! - low[0]!)).toBeLessThan(1.5);
  expect(own!.intervals[80].low[0]).toBeLessThan(at(60));
  expect(own!.intervals[80].high[0]).toBeGreaterThan(at(60));
});

// The mean lags by half the slope of Theta; no origin within the history reaches what 6 and 8 periods leave.
test.each([
  ['falling', 60, -10, -1, 3],
  ['of cents', 60, 19.99, 0.35, 3],
  ['high up', 60, 1e6, 1, 3],
  ['without an origin', 60, -10, -1, 0],
  ['short', 8, 4, 2, 3],
])('an exact line is said with a width that holds what comes: %s', (_, periods, first, slope, origins) => {
  const y = line(periods, (t) => first + slope * t);
  const { intervals } = forecastSeries(y, { season: 7, horizon: 4, origins });
  for (let h = 0; h < 4; h++) {
    const truth = first + slope * (periods + h);
    expect(intervals[80].low[h]).toBeLessThan(truth);
    expect(intervals[80].high[h]).toBeGreaterThan(truth);
    expect(intervals[95].high[h]! - intervals[95].low[h]!).toBeLessThan(10 * Math.abs(slope));
  }
});

test('an exact line that falls to 0 has a width above it', () => {
  const { intervals } = forecastSeries(
    line(60, (t) => 59 - t),
    { horizon: 1, season: 7 },
  );
  expect(intervals[80].low[0]).toBe(0);
  expect(intervals[80].high[0]).toBeGreaterThan(0.1);
  expect(intervals[80].high[0]).toBeLessThan(1);
});

test('a constant line is still said without width', () => {
  const constant = { y: new Float64Array(30).fill(7) };
  const lines = [constant, { y: line(60, (t) => t) }, { y: line(40, (t) => 20 + ((t * 7) % 11)) }];
  const [said] = forecastSeriesSet(lines, { season: 1, horizon: 3, method: 'auto', origins: 3 });
  expect(ends(said!)).toEqual(new Array(12).fill(7));
});
