import { expect, test } from 'vitest';
import { forecastExample } from '../../api/examples.ts';
import type { Forecast, GroupForecast } from '../../api/forecast.ts';
import { printed, saysCalls } from '../../bin/commands/forecast.ts';

test('what people put beside the number is told with how far it is, by whom and why', () => {
  const { total } = forecastExample;
  const thb = (minor: number) => ({ minor, currency: 'THB' });
  const adjustment = { ...total.commit!, amount: thb(700_000_000), difference: thb(-42_000_000), author: null };
  expect(saysCalls([{ ...total, name: 'North', adjustment }])).toBe(
    '\n\nNorth: commit of 7,800,000 THB, 380,000 above what is expected (crm: two large ones sign this month)' +
      '\nNorth: adjustment of 7,000,000 THB, 420,000 below what is expected (two large ones sign this month)',
  );
  const dollars = { ...total.commit!, amount: { minor: 5_00, currency: 'USD' }, difference: null };
  expect(saysCalls([{ ...total, commit: dollars }])).toContain('All: commit of 5 USD (crm:');
  expect(saysCalls([{ ...total, commit: null }])).toBe('');
});

test('the columns before what is expected add up to it, renewals too', () => {
  const whole = (renewalMinor: number) =>
    ({ kind: 'all', closedMinor: 100, openMinor: 200, newMinor: 300, renewalMinor, expectedMinor: 600 + renewalMinor, p10Minor: 500, p50Minor: 600, p90Minor: 700, openDeals: 3, quotaMinor: null, quotaProbability: null, categories: [] }) as unknown as GroupForecast; // biome-ignore format: a row
  const said = (renewalMinor: number) =>
    printed({
      total: whole(renewalMinor),
      groups: [],
      apart: [],
      toClose: null,
      openOnly: { expectedMinor: 1, p10Minor: 1, p90Minor: 1 },
      currency: 'JPY',
    } as unknown as Forecast)
      .split('\n')
      .slice(0, 2)
      .map((line) => line.split(/ +/).slice(0, 6));
  expect(said(0)).toEqual([
    ['JPY', 'closed', 'open', 'new', 'expected', 'p10'],
    ['all', '100', '200', '300', '600', '500'],
  ]);
  expect(said(400)).toEqual([
    ['JPY', 'closed', 'open', 'new', 'renewals', 'expected'],
    ['all', '100', '200', '300', '400', '1,000'],
  ]);
});
