import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connect } from '../../../src/store/connection.ts';
import { openStore } from '../../../src/store/open.ts';
import { factsStamp } from '../../../src/store/settings.ts';
import { workedOutOf } from '../../../src/store/workedOut.ts';
import { scratch } from './scratch.ts';

test('what was worked out of all facts is there again after a start, until the facts or the settings are others', () => {
  const path = join(scratch(), 'x.db');
  const values = [0.1, 1 / 3, 1e-300];
  const first = openStore(path);
  const held = first.loadedSource().workedOut!;
  expect(held.get('level')).toBeUndefined();
  held.set('level', values);
  first.close();

  const second = openStore(path);
  expect(second.loadedSource().workedOut!.get('level')).toEqual(values);
  const before = second.loadedSource().workedOut!;
  second.saveSettings({ ...second.company().settings, name: 'Another' });
  expect(second.loadedSource().workedOut!.get('level')).toBeUndefined();
  before.set('level', values); // of facts that are no more
  expect(second.loadedSource().workedOut!.get('level')).toBeUndefined();
  second.close();
});

test('only the newest are kept; a reader without the right to write goes without', () => {
  const path = join(scratch(), 'x.db');
  const store = openStore(path);
  const workedOut = store.loadedSource().workedOut!;
  for (let i = 0; i < 40; i++) workedOut.set(`level ${i}`, [i]);
  expect([7, 8, 39].map((i) => workedOut.get(`level ${i}`))).toEqual([undefined, [8], [39]]);
  store.close();
  const reader = openStore(path, { readonly: true });
  const read = reader.loadedSource().workedOut!;
  read.set('level 40', [40]);
  expect([read.get('level 39'), read.get('level 40')]).toEqual([[39], undefined]);
  reader.close();
});

test('a full disk keeps nobody from what was worked out', () => {
  const store = openStore(join(scratch(), 'x.db'));
  const db = connect(store.path);
  const workedOut = workedOutOf(db, store.company(), factsStamp(db))!;
  db.pragma('max_page_count = 1'); // as many as there are
  const many = Array.from({ length: 20_000 }, (_, i) => i / 7);
  expect(() => db.prepare('INSERT INTO settings VALUES (?, ?)').run('x', JSON.stringify(many))).toThrow('full');
  workedOut.set('level', many);
  expect(workedOut.get('level')).toBeUndefined();
  db.pragma('max_page_count = 1000000');
  workedOut.set('level', many);
  expect(workedOut.get('level')).toEqual(many);
  db.close();
  store.close();
});

test('nothing is kept of what a company’s own code computes', () => {
  const feature = { of: 'deal', name: 'own', type: 'number', unit: 'none', says: 'own', compute: () => 1 } as const;
  const store = openStore(join(scratch(), 'x.db'), { own: { features: [feature as never], subjects: [] } });
  expect(store.loadedSource().workedOut).toBeUndefined();
  store.close();
});
