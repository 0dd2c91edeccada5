import { expect, test } from 'vitest';
import { fillGaps } from '../../src/connectors/seriesTable.ts';
import { type Frequency, periodGrid } from '../../src/periodGrid.ts';

test.each<[Frequency, string[], string[], string?]>([
  ['D', ['2024-02-27', '2024-02-28'], ['2024-02-29', '2024-03-01']],
  ['W', ['2026-11-02', '2026-11-16'], ['2026-11-23', '2026-11-30']],
  ['W', ['2026-W52'], ['2026-W53', '2027-W01']],
  ['M', ['2026-10-31', '2026-11-30'], ['2026-12-31', '2027-01-31', '2027-02-28']],
  ['M', ['2026-10-31', '2026-12-31'], ['2027-01-31', '2027-02-28']],
  ['M', ['2026-10-15'], ['2026-11-15']],
  ['M', ['2026-12'], ['2027-01']],
  ['Q', ['2026-06-30', '2026-09-30'], ['2026-12-31', '2027-03-31']],
  ['Q', ['2026-Q4'], ['2027-Q1']],
  ['Q', ['2026Q3'], ['2026Q4']],
  ['Y', ['2026'], ['2027']],
  ['Y', ['2023-12-31T00:00:00Z'], ['2024-12-31T00:00:00Z']],
  ['M', ['30/11/2569'], ['31/12/2569'], 'DD/MM/BBBB'],
])('%s %j goes on as %j', (frequency, dates, next, format) => {
  const grid = periodGrid(dates, frequency, format);
  const last = grid.index(dates.at(-1)!);
  expect(dates.map((text) => grid.text(grid.index(text)))).toEqual(dates);
  expect(next.map((_, i) => grid.text(last + 1 + i))).toEqual(next);
});

test.each<[Frequency, string[], string]>([
  ['W', ['2026-11-02', '2026-11-10'], 'ds-misfit'],
  ['M', ['2026-11-02', '2026-12-03'], 'ds-misfit'],
  ['Q', ['2026-01-01', '2026-03-01'], 'ds-misfit'],
  ['D', ['2026-01-01', '2026-02'], 'ds-forms'],
  ['D', ['2026-02-30'], 'ds-invalid'],
  ['D', ['2026-01-01T09:30:00'], 'ds-invalid'],
  ['D', ['2569-01-01'], 'ds-invalid'],
])('%s refuses %j', (frequency, dates, code) => {
  expect(() => periodGrid(dates, frequency)).toThrow(expect.objectContaining({ code }));
});

test('gaps: between steady values a line, in a sparse line nothing', () => {
  const steady = Float64Array.of(1, 2, Number.NaN, Number.NaN, 5, 6, 7, 8, 9, 10);
  expect(fillGaps(steady, 'auto')).toEqual({ zeros: 0, interpolated: 2 });
  expect([...steady]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  const sparse = Float64Array.of(4, Number.NaN, Number.NaN, 2, Number.NaN, 1);
  expect(fillGaps(sparse, 'auto')).toEqual({ zeros: 3, interpolated: 0 });
  expect([...sparse]).toEqual([4, 0, 0, 2, 0, 1]);
});
