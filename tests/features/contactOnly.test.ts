import { join } from 'node:path';
import { expect, test } from 'vitest';
import { featureSets, snapshot } from '../../features/index.ts';
import { cellOf } from '../../src/frame.ts';
import { openStore } from '../../src/store/open.ts';
import { DAY, parseInstant } from '../../src/time.ts';
import { type FactSource, world } from '../../src/world.ts';
import { small, tryImport, writeFolder } from '../src/connectors/folders.ts';
import { scratch } from '../src/store/scratch.ts';

const at = (text: string) => parseInstant(text, 'UTC')!;
const all = [...featureSets.deal];
const value = (source: FactSource, id: string, asOf: number, name: string) =>
  cellOf(snapshot(source, all.filter((feature) => feature.name === name), [{ id: `crm:${id}`, asOf }]).columns.get(name)!, 0); // biome-ignore format: one look

const CONTACTS = ['id,account_id,created_at', 'k1,a2,2025-03-08T00:00:00Z', 'k2,a2,2025-03-01T00:00:00Z'];
const ACTIVITIES = [
  'id,kind,direction,at,deal_id,account_id,contact_id,subject,known_at',
  'own,call,out,2025-03-09T10:00:00Z,d2,a2,k2,,',
  'alone,email,in,2025-03-10T10:00:00Z,,,k2,A wonderful offer. Thank you!,',
  'early,email,in,2025-03-02T10:00:00Z,,,k2,,',
  'late,email,in,2025-03-11T10:00:00Z,,,k2,,2025-03-20T00:00:00Z',
  'unknown,email,in,2025-03-04T10:00:00Z,,,k1,,',
  'booked,meeting,,2025-04-01T10:00:00Z,,,k2,,2025-03-10T10:00:00Z',
  'named,email,in,2025-03-10T10:00:00Z,,a2,k2,,',
];
async function company(more: Readonly<Record<string, readonly string[]>> = {}) {
  const store = openStore(join(scratch(), 'x.db'));
  await tryImport(store, writeFolder(join(scratch(), 'in'), { ...small, 'contacts.csv': CONTACTS, 'activities.csv': ACTIVITIES, ...more })); // biome-ignore format: one import
  return store;
}

test('what only names a contact reaches the account, and the deals open with it then, from when it was known', async () => {
  const store = await company();
  for (const source of [store.source(), store.loadedSource()]) {
    const account = (when: string) => world(source, at(when)).past('account', 'crm:a2').all('activity').map(({ id }) => id.slice(13)); // biome-ignore format: one look
    expect(account('2025-03-07T00:00:00Z')).toEqual(['early']); // the contact of "unknown" is known a day later
    expect(account('2025-03-12T00:00:00Z')).toEqual(['early', 'unknown', 'own', 'alone', 'named']);
    const counts = (when: string, name: string) => ['d1', 'd2', 'd3'].map((id) => value(source, id, at(when), name));
    // d1 is of another account; "early" came before d2 and d3; "named" names its account, and "late" is known later.
    expect(counts('2025-03-12T00:00:00Z', 'email_in_count_30d')).toEqual([0, 1, 1]);
    expect(counts('2025-03-21T00:00:00Z', 'email_in_count_30d')).toEqual([0, 2, 2]);
    expect(counts('2025-03-12T00:00:00Z', 'activity_count')).toEqual([0, 2, 1]);
    expect(counts('2025-03-12T00:00:00Z', 'meeting_planned_count')).toEqual([0, 1, 1]);
    expect(counts('2025-03-12T00:00:00Z', 'sentiment_mean_30d')[1]).toBeGreaterThan(0);
    expect(counts('2025-03-10T09:00:00Z', 'email_in_count_30d')).toEqual([0, 0, 0]);
  }
  store.close();
});

test('where people are named for a deal, only theirs count', async () => {
  const store = await company({
    'deal_contacts.csv': ['deal_id,contact_id,role,at', 'd2,k1,buyer,2025-03-06T00:00:00Z'],
  });
  const counts = ['d2', 'd3'].map((id) => value(store.source(), id, at('2025-03-12T00:00:00Z'), 'email_in_count_30d'));
  expect(counts).toEqual([0, 1]);
  store.close();
});

test('a deal that was closed then is not reached', async () => {
  const deals = small['deals.csv'].map((row) => (row.startsWith('d2') ? 'd2,a2,u2,Won,900,THB,2025-03-05T09:00:00+07:00,2025-03-10T09:00:00Z,won,shop' : row)); // biome-ignore format: one choice
  const store = await company({ 'deals.csv': deals });
  expect(value(store.source(), 'd2', at('2025-03-12T00:00:00Z'), 'email_in_count_30d')).toBe(0);
  store.close();
});

test('a cancelled order is revenue until it is known to be cancelled, and again when it stands again', async () => {
  const orders = [
    'id,account_id,deal_id,at,status',
    'o1,a2,,2025-03-09T00:00:00Z,open',
    'o2,a2,,2025-03-08T00:00:00Z,open',
  ];
  const lines = [
    'id,order_id,product_id,quantity,unit_price,currency',
    'l1,o1,p1,2,100.00,THB',
    'l2,o2,p1,1,50.00,THB',
  ];
  const changes = [
    ...small['changes.csv'],
    'order,o1,2025-03-10T00:00:00Z,status,open,Cancelled,',
    'order,o1,2025-03-20T00:00:00Z,status,Cancelled,open,',
    'order,o2,2025-03-11T00:00:00Z,status,open,ยกเลิกแล้ว,',
  ];
  const store = await company({ 'orders.csv': orders, 'order_lines.csv': lines, 'changes.csv': changes });
  for (const source of [store.source(), store.loadedSource()]) {
    const seen = (when: string) => ['order_count_365d', 'order_value_365d', 'order_cancelled_ratio_365d'].map((name) => value(source, 'd2', at(when), name)); // biome-ignore format: one look
    expect(seen('2025-03-09T12:00:00Z')).toEqual([2, 25_000, 0]);
    expect(seen('2025-03-10T12:00:00Z')).toEqual([1, 5_000, 0.5]);
    expect(seen('2025-03-12T00:00:00Z')).toEqual([0, 0, 1]);
    expect(seen('2025-03-21T00:00:00Z')).toEqual([1, 20_000, 0.5]);
  }
  store.close();
});

test('a cancellation without its history is known from the import on', async () => {
  const orders = ['id,account_id,deal_id,at,status', 'o1,a2,,2025-03-09T00:00:00Z,cancelled'];
  const store = await company({ 'orders.csv': orders });
  const count = (asOf: number) => value(store.source(), 'd2', asOf, 'order_count_365d');
  const imported = Date.UTC(2026, 5, 1, 12);
  expect([count(at('2025-04-01T00:00:00Z')), count(imported - 90 * DAY), count(imported + 1)]).toEqual([1, 1, 0]);
  store.close();
});

test('of leads: consent as it was known then, and the campaigns that reached them', async () => {
  const store = await company({
    'leads.csv': ['id,name,created_at,status,consent', 'l1,Ann,2025-03-01T00:00:00Z,new,withdrawn'],
    'changes.csv': [...small['changes.csv'], 'lead,l1,2025-03-05T00:00:00Z,consent,given,withdrawn,'],
    'campaigns.csv': ['id,name', 'g1,Spring', 'g2,Summer'],
    'campaign_members.csv': [
      'campaign_id,lead_id,sent_at,opened_at',
      'g1,l1,2025-03-02T00:00:00Z,2025-03-03T00:00:00Z',
      'g2,l1,2025-03-06T00:00:00Z,',
    ],
  });
  const set = featureSets.lead.filter(({ name }) => name === 'lead_consent' || name === 'lead_campaign_count_365d');
  const seen = (when: string) => {
    const frame = snapshot(store.source(), set, [{ id: 'crm:l1', asOf: at(when) }], 'lead');
    return ['lead_consent', 'lead_campaign_count_365d'].map((name) => cellOf(frame.columns.get(name)!, 0));
  };
  expect(seen('2025-03-04T00:00:00Z')).toEqual(['agreed', 1]);
  expect(seen('2025-03-07T00:00:00Z')).toEqual(['refused', 2]);
  store.close();
});
