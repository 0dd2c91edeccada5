import { expect, it } from 'vitest';
import { checkerFor } from '../../../src/connectors/validate.ts';
import type { RecordKind } from '../../../src/records.ts';
import { testCompany } from '../../arbitraries.ts';

/** What is wrong with a row of a kind, by its cells; undefined where it is believed. */
function fault(kind: RecordKind, cells: Readonly<Record<string, string>>) {
  const checked = checkerFor(kind, 'file.csv', Object.keys(cells), 'csv', testCompany).check(Object.values(cells));
  return 'code' in checked ? `${checked.field} ${checked.code}` : undefined;
}
const meeting = { id: 'M', kind: 'meeting', at: '2026-01-06T10:00:00+07:00' };
const quota = {
  owner_id: 'U',
  period_start: '2026-10-01',
  period_end: '2026-12-31',
  amount: '100.00',
  currency: 'THB',
};

it('refuses what ended before it began', () => {
  expect(fault('activity', { ...meeting, ended_at: '2026-01-06T09:00:00+07:00' })).toBe('ended_at time-order');
  expect(fault('quota', { ...quota, period_end: '2026-09-30' })).toBe('period_end time-order');
  expect(fault('subscription', { id: 'S', account_id: 'A', started_at: '2026-01-01', ends_at: '2025-12-31' })).toBe('ends_at time-order'); // biome-ignore format: one check
  expect(fault('ticket', { id: 'T', opened_at: '2026-02-02', closed_at: '2026-01-01' })).toBe('closed_at time-order');
});

it('takes what ends as it begins, and a bare date for all of its day', () => {
  expect(fault('activity', { ...meeting, ended_at: meeting.at })).toBeUndefined();
  expect(fault('activity', { ...meeting, ended_at: '2026-01-06' })).toBeUndefined();
  expect(fault('activity', { ...meeting, ended_at: '' })).toBeUndefined();
  expect(fault('quota', { ...quota, period_end: quota.period_start })).toBeUndefined();
});

it('takes a deal that was typed in after it was closed', () => {
  expect(fault('deal', { id: 'D', created_at: '2026-02-01', closed_at: '2025-06-30', outcome: 'won' })).toBeUndefined();
});

it('refuses fewer than none, and rates that turn money into nothing', () => {
  expect(fault('activity', { ...meeting, participants: '-5' })).toBe('participants out-of-range');
  expect(fault('activity', { ...meeting, participants: '0' })).toBeUndefined();
  expect(fault('account', { id: 'A', employees: '-1' })).toBe('employees out-of-range');
  expect(fault('change', { kind: 'account', id: 'A', at: '2026-01-01', field: 'employees', new_value: '-1' })).toBe('new_value out-of-range'); // biome-ignore format: one check
  expect(fault('quota', { ...quota, amount: '-0.01' })).toBe('amount out-of-range');
  for (const rate of ['0', '-35'])
    expect(fault('exchangeRate', { from: 'USD', to: 'THB', at: '2026-01-01', rate })).toBe('rate out-of-range');
  // Credit notes, returns and reductions are what they are.
  expect(fault('deal', { id: 'D', amount: '-100.00', currency: 'THB' })).toBeUndefined();
});
