import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openStore } from '../../src/store/open.ts';
import { tryImport, writeFolder } from '../src/connectors/folders.ts';
import { scratch } from '../src/store/scratch.ts';
import { LIVE, NOW, plainEngine } from './company.ts';

it('counts what was imported a minute ago, also what has no history', async () => {
  const folder = scratch();
  const store = openStore(join(folder, 'company.db'), { now: () => NOW });
  const deals = ['id,stage,amount,currency,created_at', 'd1,New,1000.00,THB,2026-05-01T00:00:00Z'];
  const files = {
    'company.json': JSON.stringify({ name: 'New', time_zone: 'Asia/Bangkok', base_currency: 'THB' }),
    'stages.csv': ['stage,rank,kind', 'New,1,open', 'Won,2,won', 'Lost,3,lost'],
    'deals.csv': deals,
  };
  const engine = plainEngine(store);
  engine.serve('plain-1');
  expect(engine.liveAsOf()).toBe(LIVE);
  const imported = NOW - 60_000;
  await tryImport(store, writeFolder(join(folder, 'bundle'), files), imported);
  expect(engine.liveAsOf()).toBe(imported);
  expect(engine.latest('deal', 'd1').amount).toEqual({ minor: 100_000, currency: 'THB' });
  const asOf = engine.liveAsOf();
  expect(engine.forecast({ period: engine.period({}, asOf), by: 'all', asOf }).apart).toEqual([]);
  store.close();
});
