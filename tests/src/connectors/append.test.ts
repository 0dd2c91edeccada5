import { join } from 'node:path';
import { expect, test } from 'vitest';
import { appendFacts, type GivenFact, sourceOf } from '../../../src/connectors/append.ts';
import { csvFolder } from '../../../src/connectors/folder.ts';
import { importBundle } from '../../../src/connectors/import.ts';
import type { EntityKind, RecordKind } from '../../../src/records.ts';
import { openStore } from '../../../src/store/open.ts';
import type { Store } from '../../../src/store/store.ts';
import { DAY } from '../../../src/time.ts';
import { listsOf } from '../store/lists.ts';
import { scratch } from '../store/scratch.ts';
import { IMPORTED, small, tryImport, writeFolder } from './folders.ts';

const NOW = IMPORTED + 3 * DAY + 1_000;

async function company() {
  const folder = scratch();
  const store = openStore(join(folder, 'x.db'), { now: () => NOW });
  await tryImport(store, writeFolder(join(folder, 'small'), small));
  return { store, folder };
}

const fact = (kind: RecordKind, cells: Record<string, string>): GivenFact => ({ kind, cells, pathOf: (column) => `f.${column}` }); // biome-ignore format: one fact
function put(store: Store, ...facts: GivenFact[]) {
  const [answer] = store.append(NOW, [(appending) => appendFacts(store, appending, facts, sourceOf(store, undefined), NOW)]); // biome-ignore format: one call
  if ('error' in answer!) throw answer.error;
  return answer!;
}

/** Every history as another process reads it, from the file. */
function expectSameAsRead(store: Store): void {
  const other = openStore(store.path, { now: () => NOW });
  const [here, lazy, serving, there] = [store.loadedSource(), store.source(), store.servingSource(), other.loadedSource()]; // biome-ignore format: one list
  for (const of of ['deal', 'lead', 'account', 'user', 'product'] as const satisfies readonly EntityKind[]) {
    expect([...here.ids(of)].sort()).toEqual([...there.ids(of)].sort());
    expect([...serving.ids(of)].sort()).toEqual([...there.ids(of)].sort());
    for (const id of there.ids(of)) {
      expect(here.history(of, id), `${of} ${id}`).toEqual(there.history(of, id));
      expect(lazy.history(of, id), `${of} ${id}`).toEqual(there.history(of, id));
      expect(listsOf(serving.history(of, id)!), `${of} ${id}`).toEqual(there.history(of, id));
    }
  }
  other.close();
}

test('what was read and what is appended is what is read anew, and only what is touched is read again', async () => {
  const { store } = await company();
  const before = store.loadedSource();
  store.servingSource();
  const untouched = before.history('account', 'crm:a2');
  put(
    store,
    fact('activity', {
      id: 'm1',
      kind: 'email',
      at: '2026-06-04T10:00:00Z',
      deal_id: 'd1',
      subject: 'Thank you, great',
    }),
    fact('contact', { id: 'c9', account_id: 'a1', title: 'Buyer' }),
  );
  put(store, fact('activity', { id: 'm2', kind: 'call', at: '2026-06-04T11:00:00Z', contact_id: 'c9' }));
  put(store, fact('deal', { id: 'd1', amount: '77.00' }), fact('deal', { id: 'new', account_id: 'a1', created_at: '2026-06-04T08:00:00Z' })); // biome-ignore format: one call
  put(store, fact('order', { id: 'o1', account_id: 'a1', at: '2026-06-03T08:00:00Z' }), fact('orderLine', { id: 'l1', order_id: 'o1', quantity: '2', currency: 'THB' })); // biome-ignore format: one call
  put(store, fact('change', { kind: 'deal', id: 'd1', at: '2026-06-04T12:00:00Z', field: 'stage', old_value: 'New', new_value: 'Offer' })); // biome-ignore format: one call
  expectSameAsRead(store);
  const after = store.loadedSource();
  expect(after.population).toBe(before);
  expect(after.history('account', 'crm:a2')).toBe(untouched);
  expect(after.ids('deal')).toContain('crm:new');
  // Definitions change everybody: nothing that was read stays.
  put(store, fact('stage', { stage: 'Pilot', rank: '2', kind: 'open' }));
  expect(store.loadedSource().population).toBeUndefined();
  expect(store.company().stages.some(({ stage }) => stage === 'Pilot')).toBe(true);
  store.close();
});

test('another process sees an append without reading everything again', async () => {
  const { store } = await company();
  const other = openStore(store.path, { now: () => NOW });
  const base = other.loadedSource();
  put(store, fact('activity', { id: 'm1', kind: 'email', at: '2026-06-04T10:00:00Z', deal_id: 'd1' }));
  const seen = other.loadedSource();
  expect(seen.population).toBe(base);
  expect(seen.history('deal', 'crm:d1')!.activity!.some(({ id }) => id === 'activity:crm:m1')).toBe(true);
  expect(other.appends({ after: 0 })).toMatchObject([{ at: NOW, since: NOW, touched: { deal: ['crm:d1'] } }]);
  other.close();
  store.close();
});

test('an append tells from when it may be seen', async () => {
  const { store } = await company();
  const since = (...facts: GivenFact[]) => {
    put(store, ...facts);
    return store.appends({ after: 0 }).at(-1)!.since;
  };
  const mail = { kind: 'email', at: '2026-06-01T10:00:00Z', deal_id: 'd1' };
  expect(since(fact('activity', { id: 'm1', ...mail }))).toBe(NOW);
  expect(since(fact('activity', { id: 'm2', ...mail, known_at: '2026-06-02T10:00:00Z' }))).toBe(Date.parse('2026-06-02T10:00:00Z')); // biome-ignore format: one check
  expect(since(fact('deal', { id: 'd1', amount: '5.00' }))).toBe(NOW);
  const closedAt = '2026-06-03T10:00:00Z';
  put(store, fact('deal', { id: 'n1', created_at: '2026-05-03T10:00:00Z', known_at: '2026-05-03T10:00:00Z' }));
  expect(since(fact('deal', { id: 'n1', closed_at: closedAt, outcome: 'won' }))).toBe(Date.parse(closedAt));
  // What was said of a message itself is told anew: how it was before is not known.
  expect(since(fact('activity', { id: 'm1', ...mail, direction: 'in' }))).toBeUndefined();
  store.close();
});

test('an import and facts may come at the same time, unless they speak of the same record', async () => {
  const { store, folder } = await company();
  const again = writeFolder(join(folder, 'more'), { 'deals.csv': ['id,created_at,amount', 'd8,2026-05-01T08:00:00Z,8.00'] }); // biome-ignore format: one call
  const importing = async (meanwhile: GivenFact) => {
    const bundle = await csvFolder(again);
    const [table] = bundle.tables;
    const rows = async function* () {
      yield* table!.rows();
      put(store, meanwhile);
    };
    return importBundle(store, { ...bundle, tables: [{ ...table!, rows }] }, { source: 'crm', at: NOW, dryRun: false });
  };
  await expect(importing(fact('deal', { id: 'd8', amount: '9.00' }))).rejects.toMatchObject({
    code: 'import-overtaken',
  });
  const { total } = await importing(fact('activity', { id: 'm5', kind: 'call', at: '2026-06-04T10:00:00Z', deal_id: 'd1' })); // biome-ignore format: one call
  expect(total).toMatchObject({ read: 1, rejected: 0 });
  expectSameAsRead(store);
  store.close();
});

test('a quota is read where it is asked for: nothing else is read anew for it', async () => {
  const { store } = await company();
  const before = store.loadedSource();
  const quota = {
    owner_id: 'u1',
    period_start: '2026-07-01',
    period_end: '2026-09-30',
    amount: '100.00',
    currency: 'THB',
  };
  expect(put(store, fact('quota', quota))[0]!.status).toBe('added');
  expect(store.loadedSource()).toBe(before);
  expect([...store.rows('quota')].some(({ amountMinor }) => amountMinor === 10_000)).toBe(true);
  store.close();
});

test('whoever names no source speaks of the record that is known by its id', async () => {
  const { store } = await company();
  put(store, fact('activity', { id: 'm1', kind: 'note', at: '2026-06-04T10:00:00Z', deal_id: 'd1' }));
  const submit = (named: boolean, ...facts: GivenFact[]) => {
    const [answer] = store.append(NOW, [(appending) => appendFacts(store, appending, facts, 'api', NOW, named)]);
    if ('error' in answer!) throw answer.error;
    return answer!;
  };
  expect(submit(false, fact('deal', { id: 'd1', amount: '5.00' }))).toEqual([
    { kind: 'deal', id: 'crm:d1', status: 'changed' },
  ]);
  expect(store.resolveId('deal', 'd1')).toEqual(['crm:d1']);
  expect(submit(false, fact('deal', { id: 'fresh', created_at: '2026-06-04T08:00:00Z' }))[0]!.id).toBe('api:fresh');
  // An email is known to the program that sends it: the same id of two sources is two emails.
  expect(
    submit(false, fact('activity', { id: 'm1', kind: 'email', at: '2026-06-04T10:00:00Z', deal_id: 'd1' }))[0]!.id,
  ).toBe('api:m1');
  // Whoever names the source has records of its own.
  expect(submit(true, fact('deal', { id: 'd1', created_at: '2026-06-04T08:00:00Z' }))[0]!.id).toBe('api:d1');
  expect(() => submit(false, fact('deal', { id: 'd1', amount: '6.00' }))).not.toThrow();
  store.close();
});

test('half of a character is refused, a whole one of two halves is not', async () => {
  const { store } = await company();
  const note = (id: string) => fact('activity', { id, kind: 'note', at: '2026-06-04T10:00:00Z', deal_id: 'd1' });
  for (const id of ['E\ud800', '\udbffE']) expect(() => put(store, note(id))).toThrow('half of a character');
  expect(put(store, note('E😀'))[0]!.id).toBe('crm:E😀');
  store.close();
});

test('ids are those that are known, else of the source; several sources are told apart', async () => {
  const { store, folder } = await company();
  await importBundle(store, await csvFolder(writeFolder(join(folder, 'erp'), { 'deals.csv': ['id,created_at', 'd1,2026-05-01T08:00:00Z'] })), { source: 'erp', at: NOW, dryRun: false }); // biome-ignore format: one call
  const mail = (deal: string) =>
    fact('activity', { id: 'm1', kind: 'email', at: '2026-06-04T10:00:00Z', deal_id: deal });
  expect(sourceOf(store, undefined)).toBe('api');
  expect(() => put(store, mail('d1'))).toThrow('in several sources');
  expect(put(store, mail('erp:d1'))).toEqual([{ kind: 'activity', id: 'api:m1', status: 'added' }]);
  expect(store.sources()).toEqual(['api', 'crm', 'erp']);
  expect(store.resolveId('activity', 'm1')).toEqual(['api:m1']);
  store.close();
});
