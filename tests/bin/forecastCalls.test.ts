import { expect, test } from 'vitest';
import { forecastExample } from '../../api/examples.ts';
import { saysCalls } from '../../bin/commands/forecast.ts';

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
