import { expect, it } from 'vitest';
import { arrivingSettings, parseSettings } from '../../src/company.ts';

it.each([
  ['base_currency', { base_currency: 'ABC' }],
  ['fixed', { fixed: ['deals.amount'] }],
  ['fixed', { fixed: ['amount'] }],
  ['numeric', { numeric: ['deal.'] }],
])('refuses %s by which nothing could be read: %j', (path, settings) => {
  expect(() => arrivingSettings(settings, 'company.json')).toThrow(expect.objectContaining({ code: 'settings-invalid', path })); // biome-ignore format: one check
  // A database that has them is still opened.
  expect(parseSettings(settings, 'stored')).toMatchObject(settings);
});

it('takes columns of a company’s own', () => {
  const settings = { base_currency: 'KWD', fixed: ['deal.source', 'account.employees'], numeric: ['deal.seats'] };
  expect(arrivingSettings(settings, 'company.json')).toMatchObject(settings);
});
