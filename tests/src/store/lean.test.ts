import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../../src/store/open.ts';
import type { FactSource } from '../../../src/world.ts';
import { tryImport, writeFolder } from '../connectors/folders.ts';
import { scratch } from './scratch.ts';

const small = {
  'company.json': '{"name":"X","time_zone":"Asia/Bangkok","base_currency":"THB"}',
  'stages.csv': ['stage,rank,kind', 'New,1,open', 'Won,2,won', 'Lost,3,lost'],
  'accounts.csv': ['id,name,created_at', 'a1,One,2025-01-01', 'a2,Two,2025-01-01'],
  'contacts.csv': [
    'id,account_id,name,created_at',
    'c1,a1,Ann,2025-01-02',
    'c2,,Ben,2025-01-02',
    'c3,a2,Cat,2025-05-01',
  ],
  'leads.csv': ['id,name,created_at', 'l1,Lee,2025-01-03'],
  'deals.csv': [
    'id,account_id,lead_id,name,stage,amount,currency,created_at,closed_at,outcome',
    'd1,a1,l1,One,New,10,THB,2025-02-01,,',
    'd2,a1,,Two,Lost,20,THB,2025-02-02,2025-03-01,lost',
    'd3,a2,,Three,New,30,THB,2025-02-03,,',
    'd4,,,Nobody’s,New,30,THB,2025-02-03,,',
  ],
  'activities.csv': [
    'id,kind,direction,at,ended_at,deal_id,lead_id,account_id,contact_id,outcome,known_at',
    'x1,email,in,2025-02-05T09:00:00+07:00,,d1,,a1,c1,,',
    'x2,call,out,2025-02-04T09:00:00+07:00,2025-02-04T09:20:00+07:00,d1,,,c1,done,',
    'x3,meeting,out,2025-03-04T09:00:00+07:00,2025-03-04T10:00:00+07:00,,,a1,,held,2025-02-20',
    'x4,email,in,2025-02-06T09:00:00+07:00,,,l1,,,,',
    'x5,chat,in,2025-02-07T09:00:00+07:00,,,,,c1,,', // of nobody but the contact, and so of its account
    'x6,chat,in,2025-02-08T09:00:00+07:00,,,,,c3,,',
    'x7,chat,in,2025-02-08T09:00:00+07:00,,,,,c2,,', // of a contact without account
    'x8,email,out,2025-02-09T09:00:00+07:00,,d3,,a2,,,2025-02-20',
    'x9,email,out,2025-02-09T09:00:00+07:00,,d2,,a2,,,', // a deal of one account, sent to another
  ],
} as const;

const facts = (source: FactSource, whom: Readonly<Record<'deal' | 'account' | 'lead', readonly string[]>>) =>
  Object.entries(whom).flatMap(([of, ids]) =>
    ids.map((id) => [id, source.history(of as keyof typeof whom, `crm:${id}`)]),
  );

test('whole of some, it tells of them, their accounts and leads what one scan of all tells', async () => {
  const folder = scratch();
  const store = openStore(join(folder, 'x.db'));
  await tryImport(store, writeFolder(join(folder, 'in'), small));
  const all = store.loadedSource();
  const { source: lean, close } = store.leanSource();
  const cases = [
    ['deal', ['d1', 'd4'], { deal: ['d1', 'd4'], account: ['a1'], lead: ['l1'] }],
    ['deal', ['d2', 'd3'], { deal: ['d2', 'd3'], account: ['a1', 'a2'], lead: [] }],
    ['account', ['a2'], { deal: [], account: ['a2'], lead: [] }],
    ['lead', ['l1'], { deal: [], account: [], lead: ['l1'] }],
  ] as const;
  for (const [of, ids, whom] of cases) {
    const canonical = ids.map((id) => `crm:${id}`);
    const whole = lean.whole!(of, canonical);
    expect(facts(whole, whom)).toEqual(facts(all, whom));
    expect(whole.population).toBe(lean);
  }
  expect(all.history('deal', 'crm:d1')!.activity).toHaveLength(2);
  expect(lean.history('deal', 'crm:d1')!.activity).toEqual(all.history('deal', 'crm:d1')!.activity);
  expect(lean.history('deal', 'crm:d1')!.deal).toEqual(all.history('deal', 'crm:d1')!.deal);
  expect(lean.ids('deal')).toEqual(all.ids('deal'));

  // It stays as it was: what is committed later is of another source.
  const more = { 'deals.csv': ['id,created_at', 'd9,2025-02-09'], 'activities.csv': ['id,kind,at,deal_id', 'y1,call,2025-02-10,d1'] }; // biome-ignore format: two rows
  await tryImport(store, writeFolder(join(folder, 'more'), more));
  expect(facts(lean.whole!('deal', ['crm:d1']), cases[0][2]).slice(0, 1)).toEqual(facts(all, cases[0][2]).slice(0, 1));
  expect(store.loadedSource().history('deal', 'crm:d1')!.activity).toHaveLength(3);
  close();
  store.close();
});
