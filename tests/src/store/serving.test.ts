import { join } from 'node:path';
import { expect, test } from 'vitest';
import { appendFacts, type GivenFact, sourceOf } from '../../../src/connectors/append.ts';
import { openStore } from '../../../src/store/open.ts';
import { tryImport, writeFolder } from '../connectors/folders.ts';
import { listsOf } from './lists.ts';
import { scratch } from './scratch.ts';

const DEALS = 1_500;
const company = {
  'company.json': '{"name":"X","time_zone":"Asia/Bangkok","base_currency":"THB"}',
  'stages.csv': ['stage,rank,kind', 'New,1,open', 'Won,2,won', 'Lost,3,lost'],
  'accounts.csv': ['id,name,created_at', 'a1,One,2025-01-01'],
  'deals.csv': ['id,account_id,name,stage,created_at', ...Array.from({ length: DEALS }, (_, i) => `d${i},a1,D,New,2025-02-01`)], // biome-ignore format: a file
  'changes.csv': ['kind,id,field,at,old_value,new_value', ...Array.from({ length: DEALS }, (_, i) => `deal,d${i},stage,2025-03-01,Old,New`)], // biome-ignore format: a file
  'activities.csv': ['id,kind,at,deal_id,account_id', ...Array.from({ length: DEALS }, (_, i) => `x${i},call,2025-02-05,d${i},a1`), 'y,call,2025-02-05,,a9'], // biome-ignore format: a file
} as const;

async function imported() {
  const folder = scratch();
  const store = openStore(join(folder, 'x.db'));
  await tryImport(store, writeFolder(join(folder, 'in'), company));
  return { store, folder };
}

test('read ahead with pauses it is what it is read at once', async () => {
  const { store } = await imported();
  let pauses = 0;
  await store.readAhead(async () => void pauses++);
  expect(pauses).toBe(2); // of changes and of deals, each 1,500
  const other = openStore(store.path);
  for (const of of ['deal', 'account'] as const) {
    expect(store.servingSource().ids(of)).toEqual(other.loadedSource().ids(of));
    for (const id of other.loadedSource().ids(of).slice(0, 50))
      expect(listsOf(store.servingSource().history(of, id)!)).toEqual(other.loadedSource().history(of, id));
  }
  other.close();
  store.close();
});

test('what comes in while it is read ahead is in it all the same', async () => {
  const { store, folder } = await imported();
  const more = writeFolder(join(folder, 'more'), { 'deals.csv': ['id,created_at', 'late,2025-02-09'] });
  let hasCome = false;
  let pauses = 0;
  await store.readAhead(async () => {
    pauses++;
    if (hasCome) return;
    hasCome = true;
    await tryImport(store, more);
  });
  expect(pauses).toBeGreaterThan(2); // anew, and ahead again
  expect(store.servingSource().ids('deal')).toHaveLength(DEALS + 1);
  expect(store.servingSource().history('deal', 'crm:late')!.deal).toHaveLength(1);
  store.close();
});

test('what is appended while it is read ahead is in it, once', async () => {
  const { store } = await imported();
  const facts = [
    { kind: 'deal', cells: { id: 'late', account_id: 'a1', created_at: '2025-02-09' } },
    { kind: 'activity', cells: { id: 'x0', kind: 'call', at: '2025-02-06', deal_id: 'd0', account_id: 'a1' } },
    { kind: 'activity', cells: { id: 'z', kind: 'call', at: '2025-02-07', deal_id: 'd1', account_id: 'a1' } },
  ].map((fact) => ({ ...fact, pathOf: (column: string) => column })) as GivenFact[];
  const writer = openStore(store.path);
  let pauses = 0;
  await store.readAhead(async () => {
    if (pauses++ > 0) return;
    const [answer] = writer.append(Date.now(), [(appending) => appendFacts(writer, appending, facts, sourceOf(writer, undefined), Date.now())]); // biome-ignore format: one call
    expect(answer).not.toHaveProperty('error');
  });
  expect(pauses).toBe(2); // not anew
  const other = openStore(store.path);
  for (const of of ['deal', 'account'] as const) {
    expect(store.servingSource().ids(of)).toEqual(other.loadedSource().ids(of));
    for (const id of other
      .loadedSource()
      .ids(of)
      .filter((id) => !/d\d{2,}$/.test(id)))
      expect(listsOf(store.servingSource().history(of, id)!)).toEqual(other.loadedSource().history(of, id));
  }
  for (const each of [other, writer, store]) each.close();
});

test('reading ahead ends where nobody waits any more', async () => {
  const { store } = await imported();
  await expect(store.readAhead(() => Promise.reject(new Error('stopped')))).rejects.toThrow('stopped');
  expect(store.servingSource().ids('deal')).toHaveLength(DEALS);
  store.close();
});
