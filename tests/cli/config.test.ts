import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { defaultSettings, exampleConfig } from '../../bin/configDefaults.ts';
import { readWatch, trainsAs } from '../../bin/watch/settings.ts';
import { companySettings } from '../../src/company.ts';
import { scratch } from '../src/store/scratch.ts';
import { inside } from './inside.ts';

test('what is in force: the company as imported, the file, what it defines; in YAML or JSON', async () => {
  const folder = scratch();
  const db = join(folder, 'acme.db');
  mkdirSync(join(folder, 'in'));
  writeFileSync(join(folder, 'in', 'company.json'), '{"name":"Acme","time_zone":"Asia/Bangkok","base_currency":"THB","pinned":["deal_age_days"]}'); // biome-ignore format: one call
  writeFileSync(join(folder, 'in', 'stages.csv'), 'pipeline,stage,rank,kind\nSales,Offer,1,open\n');
  writeFileSync(join(folder, 'in', 'deals.csv'), 'id,stage,created_at\nD1,Offer,2026-01-05\n');
  expect(await inside('import', join(folder, 'in'), '--db', db, '--quiet')).toMatchObject({ code: 0 });
  writeFileSync(join(folder, 'foresell.yaml'), 'train: { profile: fast }\nretrain: { every: 28d }\n');
  const { code, out } = await inside('config', '--db', db);
  expect(code).toBe(0);
  const shown = {
    database: db,
    company: { name: 'Acme', time_zone: 'Asia/Bangkok', pinned: ['deal_age_days'], lead: { within_days: 90 } },
    stages: [{ stage: 'Offer', kind: 'open' }],
    file: join(folder, 'foresell.yaml'),
    train: { profile: 'fast' },
    retrain: { every: '28d' },
    own: { features: [], labels: [] },
  };
  expect(parse(out)).toMatchObject(shown);
  expect(out).toContain('pinned: [ deal_age_days ]');
  expect(JSON.parse((await inside('config', '--db', db, '--json')).out)).toMatchObject(shown);
  writeFileSync(join(folder, 'foresell.yaml'), 'train: { profile: great }\n');
  expect(await inside('config', '--db', db)).toMatchObject({ code: 2, err: expect.stringContaining('train.profile') });
});

test('without a database or a file it says that there is none', async () => {
  const { code, out } = await inside('config', '--db', join(scratch(), 'none.db'));
  expect(code).toBe(0);
  expect(parse(out)).toMatchObject({ company: null, file: null });
});

test('the file to start from says nothing until it is uncommented, and is then valid: the defaults as they are', async () => {
  const { code, out } = await inside('config', '--default');
  expect(code).toBe(0);
  expect(parse(out)).toBeNull();
  const { sample: _, ...settings } = companySettings.parse({}); // only a generated company is one
  expect(parse(defaultSettings)).toEqual(settings);
  expect(Object.keys(parse(exampleConfig) as object)).toEqual(['features', 'labels', 'train', 'retrain', 'rollback', 'alarms']); // biome-ignore format: one list
  const folder = scratch();
  writeFileSync(join(folder, 'foresell.yaml'), exampleConfig);
  const place = { db: join(folder, 'foresell.db') };
  expect(readWatch(place)).toMatchObject({ asked: true, rollback: true });
  expect(trainsAs(place).changes).toEqual({ network: { epochs: 60 } });
});
