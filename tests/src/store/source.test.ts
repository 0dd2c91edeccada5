import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Company } from '../../../src/company.ts';
import { type EntityKind, records } from '../../../src/records.ts';
import { connect } from '../../../src/store/connection.ts';
import { openStore } from '../../../src/store/open.ts';
import { scannedSource } from '../../../src/store/source.ts';
import type { Store } from '../../../src/store/store.ts';
import { parseInstant } from '../../../src/time.ts';
import { world } from '../../../src/world.ts';
import { small, tryImport, writeFolder } from '../connectors/folders.ts';
import { scratch } from './scratch.ts';

const entities: readonly EntityKind[] = ['deal', 'lead', 'account', 'user', 'product'];

async function smallStore(): Promise<Store> {
  const folder = scratch();
  const store = openStore(join(folder, 'x.db'));
  await tryImport(store, writeFolder(join(folder, 'in'), small));
  return store;
}

test('facts read one entity at a time equal those of one scan', async () => {
  const store = await smallStore();
  const [lazy, scanned] = [store.source(), store.loadedSource()];
  let compared = 0;
  for (const of of entities) {
    expect(lazy.ids(of)).toEqual(scanned.ids(of));
    for (const id of lazy.ids(of)) {
      expect(lazy.history(of, id)).toEqual(scanned.history(of, id));
      compared++;
    }
  }
  expect(compared).toBe(3 + 2 + 2 + 1);
  expect(lazy.history('deal', 'crm:none')).toBeUndefined();
  store.close();
});

test('ids and references are canonical, also inside changes', async () => {
  const store = await smallStore();
  const past = world(store.source(), parseInstant('2025-03-10T00:00:00+07:00', 'UTC')!).past('deal', 'crm:d2');
  expect(past.value('owner_id')).toBe('crm:u2');
  expect(past.account?.id).toBe('crm:a2');
  expect(past.owner?.last('user')?.kind).toBe('user');
  store.close();
});

test('a commit of another connection is seen by the next source, one without facts is not', async () => {
  const store = await smallStore();
  const other = openStore(store.path);
  const before = store.source();
  other.addKey({ id: 'k', hash: 'h', role: 'read', name: 'n' });
  expect(store.source()).toBe(before);
  other.saveSettings({ ...other.company().settings, name: 'Renamed' });
  expect(store.source()).not.toBe(before);
  expect(store.company().settings.name).toBe('Renamed');
  store.saveSettings({ ...store.company().settings, name: 'Again' });
  expect(store.source().company.settings.name).toBe('Again');
  other.close();
  store.close();
});

test('a bare id resolves where one source has it; a canonical one resolves to itself', async () => {
  const store = await smallStore();
  expect(store.resolveId('deal', 'd1')).toEqual(['crm:d1']);
  expect(store.resolveId('deal', 'crm:d1')).toEqual(['crm:d1']);
  expect(store.resolveId('deal', 'nobody')).toEqual([]);
  const folder = writeFolder(`${store.path}-second`, { 'deals.csv': ['id', 'd1'] });
  const { csvFolder } = await import('../../../src/connectors/folder.ts');
  const { importBundle } = await import('../../../src/connectors/import.ts');
  await importBundle(store, await csvFolder(folder), { source: 'erp', at: Date.UTC(2026, 6, 1), dryRun: false });
  expect(store.resolveId('deal', 'd1')).toEqual(['crm:d1', 'erp:d1']);
  store.close();
});

test('the newest knowledge is neither a plan nor the import', async () => {
  const store = await smallStore();
  expect(store.newestKnownAt()).toBe(parseInstant('2025-04-02T09:00:00+07:00', 'UTC'));
  store.close();
});

test('every kind of record has its table in the schema that migrations are made from', async () => {
  const schema: Readonly<Record<string, unknown>> = await import('../../../src/store/tables.ts');
  for (const kind of Object.keys(records)) expect(schema[kind], kind).toBeDefined();
  const store = await smallStore();
  for (const kind of Object.keys(records) as (keyof typeof records)[])
    expect(store.count(kind)).toBeGreaterThanOrEqual(0);
  expect(store.integrityCheck()).toBe('ok');
  store.close();
});

test('a scan of all facts sees one state, though another process commits in the middle of it', async () => {
  const store = await smallStore();
  const db = connect(store.path);
  const other = connect(store.path);
  let committed = false;
  const meddling: Company = {
    ...store.company(),
    isFixed: () => {
      // Asked for the accounts, before the deals are read.
      if (!committed) other.exec("BEGIN; UPDATE deals SET pipeline = 'new'; DELETE FROM activities; COMMIT");
      committed = true;
      return false;
    },
  };
  const source = scannedSource(db, meddling);
  expect(committed).toBe(true);
  expect(source.history('deal', 'crm:d1')!.deal![0]!.pipeline).toBeNull();
  expect(source.history('deal', 'crm:d1')!.activity).toHaveLength(2);
  for (const open of [db, other, store]) open.close();
});
