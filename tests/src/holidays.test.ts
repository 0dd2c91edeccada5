import { describe, expect, test } from 'vitest';
import { countryOfZone, holidaysAhead, holidaysOf, workingDays } from '../../src/holidays.ts';

describe('public holidays', () => {
  // As announced by the Thai government: Makha Bucha, Visakha Bucha, Asalha Bucha.
  test.each([
    [2015, '2015-03-04', '2015-06-01', '2015-07-30'],
    [2016, '2016-02-22', '2016-05-20', '2016-07-19'],
    [2018, '2018-03-01', '2018-05-29', '2018-07-27'],
    [2020, '2020-02-08', '2020-05-06', '2020-07-05'],
    [2023, '2023-03-06', '2023-06-03', '2023-08-01'],
    [2024, '2024-02-24', '2024-05-22', '2024-07-20'],
    [2025, '2025-02-12', '2025-05-11', '2025-07-10'],
    [2026, '2026-03-03', '2026-05-31', '2026-07-29'],
  ])('Thai lunar days of %i', (year, ...days) => {
    expect(holidaysOf('TH', year)).toEqual(expect.arrayContaining(days));
  });

  test('a Thai holiday on a weekend moves to the next working day, also into the next year', () => {
    expect(holidaysOf('TH', 2024)).toEqual(expect.arrayContaining(['2024-04-16', '2024-10-14']));
    expect(holidaysOf('TH', 2017)).toContain('2017-01-02');
  });

  test('moving days of other countries', () => {
    expect(holidaysOf('US', 2025)).toEqual(expect.arrayContaining(['2025-01-20', '2025-05-26', '2025-11-27']));
    expect(holidaysOf('DE', 2024)).toEqual(expect.arrayContaining(['2024-03-29', '2024-05-09', '2024-05-20']));
    expect(holidaysOf('GB', 2025)).toEqual(expect.arrayContaining(['2025-04-21', '2025-05-05', '2025-08-25']));
  });

  test('working days are neither weekends nor holidays; an unknown country has weekends only', () => {
    expect(countryOfZone('Asia/Bangkok')).toBe('TH');
    expect(workingDays('2025-04-10', '2025-04-21', 'TH')).toBe(4); // 10, 11, 17, 18: Songkran and its substitute
    expect(workingDays('2025-04-10', '2025-04-21', undefined)).toBe(7);
    expect(holidaysAhead('2025-04-10', 14, 'TH')).toBe(3);
  });
});
