import { describe, expect, test } from 'vitest';
import { company, parseSettings } from '../../src/company.ts';
import { contactLink, factsOf, memorySource, type Stored } from '../../src/facts.ts';
import { contractsOf } from '../../src/norms/contracts.ts';
import { type FactOf, fieldName, type RecordDeclaration, type RecordKind, records } from '../../src/records.ts';
import { parseInstant } from '../../src/time.ts';
import { world } from '../../src/world.ts';

/** Facts of contracts, and of records that name a contact instead of an account. */

const acme = (fixed: string[] = []) =>
  company(parseSettings({ time_zone: 'Asia/Bangkok', base_currency: 'THB', fixed }, 'test'));
const at = (text: string) => parseInstant(text, 'Asia/Bangkok')!;
const IMPORTED = at('2026-06-01T12:00:00');
function row<K extends RecordKind>(kind: K, cells: Readonly<Record<string, unknown>>): Stored<K> {
  const declaration: RecordDeclaration = records[kind];
  const empty = Object.entries(declaration.columns).map(([name, column]) => [fieldName(name, column.type), null]);
  return { ...Object.fromEntries(empty), knownAt: null, custom: {}, importedAt: IMPORTED, ...cells } as Stored<K>;
}

const START = at('2024-01-10T09:00:00');
const subscription = row('subscription', {
  id: 's',
  accountId: 'a',
  startedAt: START,
  endsAt: at('2026-01-10T00:00:00'),
  amountMinor: 130_00,
  currency: 'THB',
});
const change = (field: string, when: string, oldValue: string, newValue: string, knownAt: string | null = null) =>
  row('change', { kind: 'subscription', id: 's', field, at: at(when), oldValue, newValue, knownAt: knownAt && at(knownAt) }); // biome-ignore format: a row
const terms = (changes: Stored<'change'>[], fixed: string[] = []) =>
  factsOf('subscription', subscription, changes, acme(fixed)).map(({ fact }) => fact as FactOf<'subscriptionTerm'>);

describe('terms of a subscription', () => {
  test('without history its end and amount are known from the import only: a renewal wrote over the end', () => {
    expect(terms([])).toMatchObject([
      { at: START, knownAt: START, endsAt: null, amountMinor: null },
      { at: IMPORTED, knownAt: IMPORTED, endsAt: subscription.endsAt, amountMinor: 130_00 },
    ]);
  });

  test('marked fixed they are known from the start', () => {
    expect(terms([], ['subscription.ends_at', 'subscription.amount'])).toMatchObject([
      { at: START, knownAt: START, endsAt: subscription.endsAt, amountMinor: 130_00 },
    ]);
  });

  test('with history each change tells the term anew, with what was known then', () => {
    const told = terms([
      change('ends_at', '2025-01-05T10:00:00', '2025-01-10', '2026-01-10'),
      change('amount', '2025-01-05T10:00:00', '120', '130', '2025-03-01T00:00:00'),
    ]);
    expect(told).toMatchObject([
      { at: START, knownAt: START, endsAt: at('2025-01-10'), amountMinor: 120_00 },
      { at: at('2025-01-05T10:00:00'), knownAt: at('2025-01-05T10:00:00'), endsAt: at('2026-01-10'), amountMinor: 120_00 }, // biome-ignore format: a row
      { at: at('2025-01-05T10:00:00'), knownAt: at('2025-03-01T00:00:00'), endsAt: at('2026-01-10'), amountMinor: 130_00 }, // biome-ignore format: a row
    ]);
    expect(new Set(told.map(({ id }) => id)).size).toBe(3);
  });

  test('a change learned after a later one puts both right, and tells nothing before', () => {
    const told = terms([
      change('amount', '2024-06-01T10:00:00', '100', '110', '2024-12-01T10:00:00'),
      change('ends_at', '2024-09-01T10:00:00', '2025-01-10', '2026-01-10'),
    ]);
    const on = (when: string) => {
      const about = told.map((fact) => ({ fact, about: { account: 'a' } }));
      return world(memorySource(acme(), about), at(when)).past('account', 'a').last('subscriptionTerm');
    };
    expect(on('2024-10-01')).toMatchObject({ endsAt: at('2026-01-10'), amountMinor: 100_00 });
    expect(on('2025-01-01')).toMatchObject({ endsAt: at('2026-01-10'), amountMinor: 110_00 });
  });

  test('contracts count renewals and keep the amount before the last change', () => {
    const told = terms([
      change('ends_at', '2025-01-05T10:00:00', '2025-01-10', '2026-01-10'),
      change('amount', '2025-01-05T10:00:00', '120', '130'),
    ]).map((fact) => ({ fact, about: { account: 'a' } }));
    const past = world(memorySource(acme(), told), at('2025-02-01')).past('account', 'a');
    expect(contractsOf(past)).toMatchObject([
      { startedAt: START, renewals: 1, renewedAt: at('2025-01-05T10:00:00'), amountBefore: 120_00, amountMinor: 130_00 }, // biome-ignore format: a row
    ]);
  });
});

describe('records that name a contact', () => {
  const contact = row('contact', { id: 'c', accountId: 'a', createdAt: at('2025-02-01T09:00:00') });
  const contactOf = (id: string) => (id === 'c' ? contactLink(contact, acme()) : undefined);
  const sent = at('2025-01-15T09:00:00');

  test('belong to its account, from when the contact is known', () => {
    const member = row('campaignMember', { campaignId: 'k', contactId: 'c', sentAt: sent });
    const told = factsOf('campaignMember', member, [], acme(), [], contactOf).filter(({ about }) => about.account);
    expect(told).toMatchObject([
      {
        fact: { kind: 'campaignSent', at: sent, knownAt: contact.createdAt, campaignId: 'k' },
        about: { account: 'a' },
      },
    ]);
  });

  test('an account of its own counts before that of the contact', () => {
    const ticket = row('ticket', { id: 't', accountId: 'b', contactId: 'c', openedAt: sent });
    expect(factsOf('ticket', ticket, [], acme(), [], contactOf).map(({ about }) => about)).toEqual([{ account: 'b' }]);
  });
});
