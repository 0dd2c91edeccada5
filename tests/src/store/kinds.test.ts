import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../../src/store/open.ts';
import { parseInstant } from '../../../src/time.ts';
import { kindsIn, world } from '../../../src/world.ts';
import { small, tryImport, writeFolder } from '../connectors/folders.ts';
import { listsOf } from './lists.ts';
import { scratch } from './scratch.ts';

/** One small file of every kind that tells of customers and campaigns. */
const whole = {
  ...small,
  'contacts.csv': ['id,account_id,title,created_at', 'c1,a1,CEO,2025-01-05', 'c2,a2,,2025-02-05'],
  'leads.csv': ['id,source,owner_id,created_at,status', 'l1,web,u1,2025-03-01T08:00:00+07:00,new'],
  'invoices.csv': ['id,account_id,issued_at,due_at,paid_at,amount,currency', 'i1,a1,2025-04-02,2025-05-02,2025-05-20,1200.50,THB'], // biome-ignore format: a file
  'subscriptions.csv': ['id,account_id,product_id,started_at,ends_at,cancelled_at,amount,currency,interval', 's1,a1,p1,2025-02-01,2026-02-01,,500,THB,month', 's2,a2,p1,2025-02-01,,2025-08-01,90,THB,month'], // biome-ignore format: a file
  'tickets.csv': ['id,account_id,contact_id,opened_at,first_reply_at,closed_at,priority,reopened,csat,subject', 't1,,c1,2025-04-05T09:00:00+07:00,2025-04-05T11:00:00+07:00,2025-04-06T09:00:00+07:00,high,true,2,Broken'], // biome-ignore format: a file
  'surveys.csv': ['id,account_id,at,kind,score,text', 'v1,a2,2025-06-01T09:00:00+07:00,nps,9,ดีมาก'],
  'campaigns.csv': ['id,name,channel,started_at,ended_at,cost', 'k1,Spring,email,2025-03-01,2025-03-31,1000'],
  'campaign_members.csv': ['campaign_id,contact_id,lead_id,variant,sent_at,opened_at,clicked_at,responded_at', 'k1,c1,,a,2025-03-02T09:00:00+07:00,2025-03-02T10:00:00+07:00,,', 'k1,,l1,b,2025-03-02T09:00:00+07:00,,,'], // biome-ignore format: a file
  'consents.csv': ['contact_id,purpose,channel,given_at,withdrawn_at', 'c2,news,email,2025-02-06T09:00:00+07:00,2025-07-01T09:00:00+07:00'], // biome-ignore format: a file
  'usage.csv': ['account_id,product_id,at,quantity', 'a1,p1,2025-05-01,12', 'a1,p1,2025-06-01,9'],
};

test('every kind comes in, twice changes nothing, and one entity at a time reads as one scan', async () => {
  const folder = scratch();
  const store = openStore(join(folder, 'x.db'));
  const path = writeFolder(join(folder, 'in'), whole);
  const first = await tryImport(store, path);
  expect(first.rejects).toEqual([]);
  const again = await tryImport(store, path, Date.UTC(2026, 5, 2, 12));
  expect(again.report.total).toMatchObject({ accepted: 0, rejected: 0 });

  const [lazy, scanned, serving] = [store.source(), store.loadedSource(), store.servingSource()];
  let readLater = 0;
  for (const of of ['deal', 'lead', 'account', 'user', 'product'] as const) {
    expect(lazy.ids(of)).toEqual(scanned.ids(of));
    expect(serving.ids(of)).toEqual(scanned.ids(of));
    for (const id of lazy.ids(of)) {
      expect(lazy.history(of, id)).toEqual(scanned.history(of, id));
      expect(listsOf(serving.history(of, id)!)).toEqual(scanned.history(of, id));
      readLater += kindsIn(serving.history(of, id)!).length - Object.keys(serving.history(of, id)!).length;
    }
  }
  expect(readLater).toBeGreaterThan(0);
  expect(serving.history('deal', 'crm:none')).toBeUndefined();

  const now = world(lazy, parseInstant('2025-12-31T00:00:00+07:00', 'UTC')!);
  const [a1, a2, l1] = [now.past('account', 'crm:a1'), now.past('account', 'crm:a2'), now.past('lead', 'crm:l1')];
  // Contacts without accounts of their own bring the ticket and the campaign to the account.
  expect(a1.last('ticketClosed')).toMatchObject({ ticketId: 'crm:t1', reopened: true, csat: 2 });
  expect([a1.all('campaignSent').length, a1.all('campaignOpened').length, l1.all('campaignSent').length]).toEqual([1, 1, 1]); // biome-ignore format: one look
  expect([a2.all('consentGiven').length, a2.all('consentWithdrawn').length, a2.last('survey')?.score]).toEqual([1, 1, 9]); // biome-ignore format: one look
  expect([a1.all('usage').length, a1.all('invoicePaid').length]).toEqual([2, 1]);
  // Ends and amounts have no history here: until the import they are not known.
  expect(a1.all('subscriptionTerm')).toMatchObject([{ subscriptionId: 'crm:s1', endsAt: null, amountMinor: null }]);
  expect(a2.last('subscriptionCancelled')?.subscriptionId).toBe('crm:s2');
  // Words of persons are in no fact.
  expect(JSON.stringify([lazy.history('account', 'crm:a1'), lazy.history('account', 'crm:a2')])).not.toMatch(/Broken|ดีมาก/); // biome-ignore format: one look
  store.close();
});

test('a later export that moves an end becomes a change of the term, known from that import', async () => {
  const folder = scratch();
  const store = openStore(join(folder, 'x.db'));
  await tryImport(store, writeFolder(join(folder, 'in'), whole));
  const renewed = whole['subscriptions.csv'].map((line) => line.replace('2026-02-01', '2027-02-01'));
  const later = Date.UTC(2026, 8, 1, 12);
  await tryImport(store, writeFolder(join(folder, 'later'), { ...whole, 'subscriptions.csv': renewed }), later);
  const terms = world(store.source(), later).past('account', 'crm:a1').all('subscriptionTerm');
  const ends = ['2026-02-01', '2027-02-01'].map((date) => parseInstant(date, 'Asia/Bangkok')!);
  expect(terms.map((term) => term.endsAt)).toEqual([null, ...ends]);
  expect(terms.at(-1)).toMatchObject({ at: later, knownAt: later });
  store.close();
});
