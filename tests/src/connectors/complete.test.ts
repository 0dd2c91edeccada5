import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../../src/store/open.ts';
import { churn } from '../../../src/subjects/churn.ts';
import { deal } from '../../../src/subjects/deal.ts';
import { landmarks } from '../../../src/subjects/landmarks.ts';
import { outcomesOf } from '../../../src/subjects/outcomes.ts';
import { DAY } from '../../../src/time.ts';
import { future, world } from '../../../src/world.ts';
import { scratch } from '../store/scratch.ts';
import { IMPORTED, small, tryImport, writeFolder } from './folders.ts';

const LATER = IMPORTED + 7 * DAY;
const LAST = IMPORTED + 14 * DAY;
const CONFIRMED = { confirmed: true };
const dealsWithout = (id: string) => ({ 'deals.csv': small['deals.csv'].filter((row) => !row.startsWith(id)) });

function fresh() {
  const folder = scratch();
  const store = openStore(join(folder, 'x.db'));
  let n = 0;
  return { store, put: (files: Parameters<typeof writeFolder>[1]) => writeFolder(join(folder, `in${n++}`), files) };
}

test('an absent deal is gone from then on, and before it everything is as it was', async () => {
  const { store, put } = fresh();
  await tryImport(store, put(small));
  const before = world(store.source(), LATER - DAY).past('deal', 'crm:d2');
  const was = { state: deal.state(before), facts: before.all('change') };
  const { report } = await tryImport(store, put(dealsWithout('d2')), LATER, false, CONFIRMED);
  expect(report).toMatchObject({ removed: { deal: 1 }, returned: 0, unsure: [], total: { accepted: 0 } });
  expect(store.count('deal')).toBe(3);

  for (const source of [store.source(), store.loadedSource()]) {
    const then = world(source, LATER - DAY);
    expect({ state: deal.state(then.past('deal', 'crm:d2')), facts: then.past('deal', 'crm:d2').all('change') }).toEqual(was); // biome-ignore format: one look
    expect(then.past('deal', 'crm:d2').last('deal')).not.toHaveProperty('goneAt');
    const now = world(source, LATER + DAY);
    expect(now.ids('deal')).toEqual(['crm:d1', 'crm:d3']);
    expect(deal.state(now.past('deal', 'crm:d2'))).toEqual({ is: 'absent' });
    // Nothing is learned of the time after it: neither a look, nor that it stayed open.
    const looks = landmarks(source, deal, 'crm:d2', LAST);
    expect(Math.max(...looks.map(({ asOf }) => asOf))).toBeLessThan(LATER);
    const [outcome] = outcomesOf(source, deal, looks.slice(-1), LAST);
    expect(outcome).toMatchObject({ cause: undefined, timeDays: (LATER - looks.at(-1)!.asOf) / DAY });
    expect(future(source, 'deal', 'crm:d3', IMPORTED, LAST).until).toBe(LAST);
  }

  // The next complete export says it again, and nothing changes.
  const again = await tryImport(store, put(dealsWithout('d2')), LAST, false, CONFIRMED);
  expect(again.report).toMatchObject({ removed: {}, returned: 0 });
  store.close();
});

test('what had closed stays as it closed', async () => {
  const { store, put } = fresh();
  await tryImport(store, put(small));
  await tryImport(store, put(dealsWithout('d1')), LATER, false, CONFIRMED);
  expect(deal.state(world(store.source(), LAST).past('deal', 'crm:d1'))).toMatchObject({ is: 'ended', as: 'won' });
  store.close();
});

test('a record that is there again is known again, and was not in between', async () => {
  const { store, put } = fresh();
  await tryImport(store, put(small));
  await tryImport(store, put(dealsWithout('d2')), LATER, false, CONFIRMED);
  const { report } = await tryImport(store, put(small), LAST);
  expect(report).toMatchObject({ removed: {}, returned: 1 });
  const stateAt = (at: number) => deal.state(world(store.source(), at).past('deal', 'crm:d2')).is;
  expect([stateAt(LATER - 1), stateAt(LATER + 1), stateAt(LAST + 1)]).toEqual(['open', 'absent', 'open']);
  store.close();
});

test('orders and their lines are no revenue from when they are gone; files that are not there say nothing', async () => {
  const { store, put } = fresh();
  await tryImport(store, put(small));
  const { report } = await tryImport(store, put({ ...dealsWithout('none'), 'orders.csv': [small['orders.csv'][0], 'o2,a1,,2025-05-02,open'] }), LATER, false, CONFIRMED); // biome-ignore format: one import
  expect(report.removed).toEqual({ order: 1 });
  const account = (at: number) => world(store.source(), at).past('account', 'crm:a1');
  expect([account(LATER - 1).all('orderLine').length, account(LATER + 1).all('orderLine').length]).toEqual([1, 0]);
  expect([account(LATER - 1).all('order').length, account(LATER + 1).all('order').length]).toEqual([2, 1]);
  expect(churn.state(account(LATER + 1))).toMatchObject({ is: 'outside' });
  store.close();
});

test('more than a tenth of a kind is refused, unless confirmed; a dry run confirms nothing', async () => {
  const { store, put } = fresh();
  await tryImport(store, put(small));
  const path = put(dealsWithout('d2'));
  await expect(tryImport(store, path, LATER, false, { confirmed: false })).rejects.toMatchObject({
    code: 'complete-too-many',
    blame: 'request',
    message: expect.stringContaining('1 of 3 in deals.csv') as string,
  });
  const dry = await tryImport(store, path, LATER, true, CONFIRMED);
  expect(dry.report.removed).toEqual({ deal: 1 });
  expect(world(store.source(), LAST).ids('deal')).toHaveLength(3);
  store.close();
});

test('a kind of which rows were rejected loses nothing: whether absent or unreadable is not known', async () => {
  const { store, put } = fresh();
  await tryImport(store, put(small));
  const rows = [...dealsWithout('d2')['deals.csv'].slice(0, -1), 'd3,a2,u1,New,not money,THB,2025-03-07,,,'];
  const { report } = await tryImport(store, put({ 'deals.csv': rows }), LATER, false, CONFIRMED);
  expect(report).toMatchObject({ removed: {}, unsure: ['deal'], total: { rejected: 1 } });
  store.close();
});

test('only records of the same source can be gone', async () => {
  const { store, put } = fresh();
  await tryImport(store, put(small));
  const { csvFolder } = await import('../../../src/connectors/folder.ts');
  const { importBundle } = await import('../../../src/connectors/import.ts');
  const other = await csvFolder(put({ 'deals.csv': [small['deals.csv'][0], 'x9,a1,u1,New,5,THB,2025-03-01,,,'] }));
  const report = await importBundle(store, other, { source: 'erp', at: LATER, dryRun: false, complete: { confirmed: false } }); // biome-ignore format: one call
  expect(report.removed).toEqual({});
  store.close();
});

test('a source that tells its deletions writes removals.csv', async () => {
  const { store, put } = fresh();
  const removals = ['kind,id,at,event', 'deal,d2,2025-06-01T00:00:00+07:00,removed', 'price,x,2025-06-01,removed'];
  const { report, rejects } = await tryImport(store, put({ ...small, 'removals.csv': removals }));
  expect(report.total.rejected).toBe(1);
  expect(rejects[0]).toContain('removals.csv,3,kind,level-unknown');
  const stateAt = (at: number) => deal.state(world(store.source(), at).past('deal', 'crm:d2')).is;
  expect([stateAt(Date.UTC(2025, 4, 31)), stateAt(Date.UTC(2025, 5, 2))]).toEqual(['open', 'absent']);
  store.close();
});

test('a name or an address that a later export corrects leaves no copy in the history', async () => {
  const { store, put } = fresh();
  const contacts = (email: string) => ({ ...small, 'contacts.csv': ['id,account_id,name,email,created_at', `k1,a1,Ann,${email},2025-03-01`] }); // biome-ignore format: one file
  await tryImport(store, put(contacts('old@person.example')));
  await tryImport(store, put(contacts('new@person.example')), LATER);
  expect([...store.rows('contact')].map(({ email }) => email)).toEqual(['new@person.example']);
  expect(JSON.stringify([...store.rows('change')])).not.toContain('person.example');
  store.close();
});
