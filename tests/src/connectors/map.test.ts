import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importBundle } from '../../../src/connectors/import.ts';
import { parseMap } from '../../../src/connectors/map.ts';
import { mappedFolder } from '../../../src/connectors/mapped.ts';
import { openStore } from '../../../src/store/open.ts';
import { dealState } from '../../../src/subjects/deal.ts';
import { DAY, parseInstant } from '../../../src/time.ts';
import { world } from '../../../src/world.ts';
import { scratch } from '../store/scratch.ts';
import { IMPORTED, writeFolder } from './folders.ts';

const maps = new URL('../../../datasets/maps/', import.meta.url);
const at = (text: string) => parseInstant(text, 'UTC')!;

async function importMapped(files: Parameters<typeof writeFolder>[1], yaml: string) {
  const folder = scratch();
  const path = join(folder, 'map.yaml');
  writeFileSync(path, yaml);
  const store = openStore(join(folder, 'x.db'));
  const { bundle, name } = await mappedFolder(writeFolder(join(folder, 'in'), files), path);
  const report = await importBundle(store, bundle, { source: name, at: IMPORTED, dryRun: false });
  return { store, report };
}

const EVENTS = [
  'case;what;when;who;sum',
  'c1;open;01/03/2568 09:00;ann;1.250,50',
  'c1;start;02/03/2568 09:00;ann;',
  'c1;end;02/03/2568 09:30;bo;',
  'c1;end;02/03/2568 10:00;bo;',
  'c2;open;05/03/2568 09:00;cy;7',
  'c1;won;09/03/2568 09:00;bo;',
].map((line) => line.split(';').map((cell) => `"${cell}"`).join(',')); // biome-ignore format: a row

const YAML = `
name: log
settings: { time_zone: Asia/Bangkok, base_currency: THB, fixed: [deal.amount] }
files: { events: events.csv, people: people.csv }
stages: [{ stage: open, rank: 1, kind: open }]
records:
  - kind: deal
    from: events
    group: case
    columns:
      id: case
      name: { template: 'Case {case} of {who}' }
      currency: { constant: THB }
      amount: { first: sum, decimal: ',' }
      created_at: { min: when, date: { format: DD/MM/BBBB HH:mm } }
      closed_at: { first: when, where: { what: won }, date: { format: DD/MM/BBBB HH:mm } }
      outcome: { first: what, where: { what: won }, lookup: { won: won } }
      owner_id: { last: who, alias: { cy: cyd }, join: { file: people, on: name, take: id } }
  - kind: change
    from: events
    by: case
    only_changes: who
    columns:
      kind: { constant: deal }
      id: case
      at: { column: when, date: { format: DD/MM/BBBB HH:mm } }
      field: { constant: owner_id }
      old_value: { previous: who }
      new_value: who
  - kind: activity
    from: events
    by: case
    where: { what: end }
    columns:
      id: { template: '{case}/{when}' }
      kind: { column: what, lookup: { call: call }, otherwise: task }
      at: { previous: when, where: { what: start }, once: true, else: when, date: { format: DD/MM/BBBB HH:mm } }
      ended_at: { column: when, date: { format: DD/MM/BBBB HH:mm } }
      deal_id: case
`;
const PEOPLE = ['id,name', '1,ann', '2,bo', '3,cyd'];

describe('the language', () => {
  test('groups, earlier rows, look-ups, Buddhist dates and decimal commas', async () => {
    const { store, report } = await importMapped({ 'events.csv': EVENTS, 'people.csv': PEOPLE }, YAML);
    expect(report.total).toMatchObject({ rejected: 0, accepted: 1 + 2 + 3 + 2 });
    const [c1, c2] = [...store.rows('deal')];
    expect(c1).toMatchObject({ id: 'log:c1', name: 'Case c1 of ann', amountMinor: 125_050, createdAt: at('2025-03-01T09:00:00+07:00'), closedAt: at('2025-03-09T09:00:00+07:00'), outcome: 'won', ownerId: 'log:2' }); // biome-ignore format: a row
    expect(c2).toMatchObject({ amountMinor: 700, outcome: null, ownerId: 'log:3' });
    expect([...store.rows('change')].map((row) => [row.id, row.oldValue, row.newValue])).toEqual([
      ['log:c1', null, 'log:ann'],
      ['log:c1', 'log:ann', 'log:bo'],
      ['log:c2', null, 'log:cy'],
    ]);
    expect([...store.rows('activity')].map((row) => [row.at, row.endedAt])).toEqual([
      [at('2025-03-02T09:00:00+07:00'), at('2025-03-02T09:30:00+07:00')],
      [at('2025-03-02T10:00:00+07:00'), at('2025-03-02T10:00:00+07:00')],
    ]);
    expect(report.notes).toEqual([
      { file: 'events.csv as deal', field: 'owner_id', code: 'alias-used', value: 'cy', rows: 1 },
    ]);
    expect(store.company().stage('open')?.kind).toBe('open');
    store.close();
  });

  test('what a look-up does not find is reported, and left empty', async () => {
    const { store, report } = await importMapped({ 'events.csv': EVENTS, 'people.csv': ['id,name', '1,ann'] }, YAML);
    expect(report.notes.filter((note) => note.code === 'not-found').map((note) => [note.value, note.rows])).toEqual([['bo', 1], ['cyd', 1]]); // biome-ignore format: a row
    expect([...store.rows('deal')].map((row) => row.ownerId)).toEqual([null, null]);
    store.close();
  });

  test('a row that names no group is rejected, not passed over', async () => {
    const nameless = ',open,01/03/2568 09:00,ann,'.split(',').map((cell) => `"${cell}"`).join(); // biome-ignore format: a row
    const { store, report } = await importMapped({ 'events.csv': [...EVENTS, nameless], 'people.csv': PEOPLE }, YAML);
    expect(report.files.find((file) => file.kind === 'deal')!.rejected).toBe(1);
    store.close();
  });

  test('a date that is not of the declared form is rejected, not guessed', async () => {
    const { store, report } = await importMapped({ 'events.csv': [...EVENTS, '"c3","open","2025-03-05T09:00","x","1"', '"c4","open","31/04/2568 09:00","x","1"'], 'people.csv': PEOPLE }, YAML); // biome-ignore format: one import
    const deals = report.files.find((file) => file.kind === 'deal')!;
    expect([deals.read, deals.accepted, deals.rejected]).toEqual([4, 3, 1]); // an ISO time is a time everywhere
    store.close();
  });

  test.each([
    ['no such file', YAML.replace('from: events', 'from: nowhere'), 'nowhere'],
    ['no such kind', YAML.replace('kind: deal', 'kind: dael'), 'kind'],
    ['a required column left out', YAML.replace("      id: { template: '{case}/{when}' }\n", ''), '"id" is required'],
    ['two sources of a value', YAML.replace('{ min: when,', '{ min: when, max: when,'), 'exactly one of'],
    ['an aggregate without a group', YAML.replace('{ previous: who }', '{ first: who }'), 'needs group'],
    ['an unknown word', YAML.replace('only_changes', 'only_change'), 'only_change'],
    ['an unknown setting', YAML.replace('time_zone', 'timezone'), 'timezone'],
    ['broken YAML', 'name: [', 'map.yaml'],
  ])('%s is refused by name', (_what, yaml, named) => {
    expect(() => parseMap(yaml, 'map.yaml')).toThrow(expect.objectContaining({ message: expect.stringContaining(named) })); // biome-ignore format: one look
  });

  test('a time that is refused is said to be not of the declared form, and what form that is', async () => {
    const rows = ['id,created_at', '1,1/2/2569', '2,01/02/2026', '3,29/02/2569', '4,2569-01-01'];
    const yaml = 'name: crm\nfiles: { d: deals.csv }\nrecords:\n  - kind: deal\n    from: d\n    columns: { id: id, created_at: { column: created_at, date: { format: DD/MM/BBBB } } }\n'; // biome-ignore format: a text
    const folder = scratch();
    writeFileSync(join(folder, 'map.yaml'), yaml);
    const store = openStore(join(folder, 'x.db'));
    const { bundle } = await mappedFolder(writeFolder(join(folder, 'in'), { 'deals.csv': rows }), join(folder, 'map.yaml')); // biome-ignore format: one call
    const said: string[] = [];
    const rejects = { write: ({ message }: { message: string }) => said.push(message), close: () => {} };
    await importBundle(store, bundle, { source: 'crm', at: IMPORTED, dryRun: false, rejects });
    const form = 'is not of the form that the map declares, DD/MM/BBBB, nor a time of ISO 8601';
    expect(said).toEqual([`"1/2/2569" ${form}`, `"01/02/2026" ${form}`, '"2026-02-29" is no such day or time', `"2569-01-01" ${form}`]); // biome-ignore format: one check
    store.close();
  });

  test('a column that the file does not have is found before anything is read', async () => {
    const bad = YAML.replace('id: case', 'id: casus');
    await expect(importMapped({ 'events.csv': EVENTS, 'people.csv': PEOPLE }, bad)).rejects.toMatchObject({ code: 'column-missing' }); // biome-ignore format: one look
  });
});

/** A shipped map on its real data; skipped where FORESELL_DATA does not hold them. */
function real(set: string): { folder: string; map: string; skip: boolean } {
  const folder = join(process.env['FORESELL_DATA'] ?? '', set);
  const map = new URL(`${set}.yaml`, maps).pathname;
  return { folder, map, skip: !process.env['FORESELL_DATA'] || !existsSync(folder) };
}

const maven = real('maven_crm_opportunities');
const bpic = real('bpic2012_loan_pipeline');

test.each([maven.map, bpic.map])('the shipped map %s is well-formed', (path) => {
  expect(parseMap(readFileSync(path, 'utf8'), path).records.length).toBeGreaterThan(4);
});

describe.skipIf(maven.skip)('maven_crm_opportunities (needs FORESELL_DATA)', () => {
  test('has its known counts, and its faults are reported', async () => {
    const store = openStore(join(scratch(), 'x.db'));
    const { bundle, name } = await mappedFolder(maven.folder, maven.map);
    const report = await importBundle(store, bundle, { source: name, at: IMPORTED, dryRun: false });
    expect(report.total.rejected).toBe(0);
    const deals = [...store.rows('deal')];
    const won = deals.filter((deal) => deal.outcome === 'won');
    const count = (outcome: string | null) => deals.filter((deal) => deal.outcome === outcome).length;
    expect([deals.length, count('won'), count('lost'), count(null)]).toEqual([8800, 4238, 2473, 2089]);
    expect(won.reduce((sum, deal) => sum + deal.amountMinor!, 0)).toBe(1_000_553_400);
    expect(report.audit.missingCreatedAt).toEqual({ 'deals.csv': 500 });
    expect(report.audit.dangling).toEqual({});
    expect(report.audit.usersWithoutDeals).toBe(5);
    const mended = report.notes.map((note) => [note.value, note.rows]);
    expect(mended).toEqual(expect.arrayContaining([['GTXPro', 1480], ['technolgy', 12], ['Philipines', 1]])); // biome-ignore format: a row
    expect(store.count('quoteLine')).toBe(8300);
    expect([...store.rows('quoteLine')].every((line) => line.listPriceMinor! > 0 && line.unitPriceMinor === null)).toBe(
      true,
    );
    // Nothing that a close reveals may be seen before it.
    const source = store.loadedSource();
    for (const deal of won.slice(0, 50)) {
      const before = world(source, deal.closedAt!).past('deal', deal.id);
      expect([dealState(before), before.value('amount'), before.value('stage')]).toEqual([
        'open',
        undefined,
        'Engaging',
      ]);
      expect(before.value('product')).toBeTypeOf('string');
      expect(
        world(source, deal.closedAt! + 2 * DAY)
          .past('deal', deal.id)
          .last('closed')?.amountMinor,
      ).toBe(deal.amountMinor);
    }
    const again = await importBundle(store, bundle, { source: name, at: IMPORTED + DAY, dryRun: false });
    expect([again.total.accepted, again.total.unchanged]).toEqual([0, again.total.read]);
    store.close();
  });
});
