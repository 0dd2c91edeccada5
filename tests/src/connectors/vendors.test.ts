import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importBundle } from '../../../src/connectors/import.ts';
import { openBundle } from '../../../src/connectors/open.ts';
import { openStore } from '../../../src/store/open.ts';
import type { Store } from '../../../src/store/store.ts';
import { dealState } from '../../../src/subjects/deal.ts';
import { parseInstant } from '../../../src/time.ts';
import { world } from '../../../src/world.ts';
import { scratch } from '../store/scratch.ts';
import { IMPORTED, writeFolder } from './folders.ts';

const fixtures = join(process.env['FORESELL_DATA'] ?? '', 'crm_export_fixtures');
const absent = !process.env['FORESELL_DATA'] || !existsSync(fixtures);
const at = (text: string) => parseInstant(text, 'UTC')!;

async function importFrom(source: string, folder: string, store: Store = openStore(join(scratch(), 'x.db'))) {
  const { bundle, name } = await openBundle(folder, { source });
  const report = await importBundle(store, bundle, { source: name, at: IMPORTED, dryRun: false });
  const { read, accepted, unchanged, rejected } = report.total;
  expect(accepted + unchanged + rejected).toBe(read);
  const counts = (kind: string) => report.files.filter((file) => file.kind === kind).map((file) => [file.read, file.rejected]); // biome-ignore format: a row
  return { store, report, counts };
}

describe('Salesforce, small tables by hand', () => {
  const files = {
    'company.json': '{"name":"Acme","time_zone":"Asia/Bangkok","base_currency":"THB"}',
    'opportunity.csv': [
      'id,account_id,owner_id,name,stage_name,amount,created_date,close_date,is_closed,is_won,is_deleted,forecast_category_name',
      '006A,001A,005A,One,Closed Won,1200.50,2025-03-01 02:00:00,2025-04-01 00:00:00,true,true,false,Closed',
      '006B,001A,005B,Two,Proposal,900,2025-03-05 02:00:00,2025-05-31 00:00:00,FALSE,FALSE,FALSE,Pipeline',
      '006C,001A,005B,Gone,Proposal,900,2025-03-05 02:00:00,2025-05-31 00:00:00,false,false,true,Pipeline',
      '006D,001A,005B,Three,Closed Lost,5,2025-03-05 02:00:00,2025-04-30 00:00:00,true,false,false,Omitted',
    ],
    // The rows of a deal are not in order of time.
    'opportunity_history.csv': [
      'id,_fivetran_start,stage_name,amount,close_date,owner_id,forecast_category_name',
      '006A,2025-04-01 03:00:00.5,Closed Won,1200.50,2025-04-01 00:00:00,005A,Closed',
      '006A,2025-03-01 02:00:00,Qualify,1000,2025-03-31 00:00:00,005A,Pipeline',
      '006A,2025-03-12 02:00:00,Proposal,1000,2025-03-31 00:00:00,005A,Pipeline',
    ],
    'lead.csv': [
      'id,name,owner_id,created_date,status,is_converted,converted_date,converted_opportunity_id,is_deleted',
      '00Q1,Ann,005A,2025-02-01 02:00:00,Converted,TRUE,2025-03-01 02:00:00,006A,false',
      '00Q2,Bo,005A,2025-02-02 02:00:00,Open,FALSE,,,false',
    ],
    'task.csv': [
      'id,who_id,what_id,owner_id,account_id,subject,description,status,task_subtype,call_type,activity_date,completed_date_time,created_date',
      '00T1,0031,006A,005A,001A,Hello,Words,Completed,Call,Outbound,2025-03-09 00:00:00,2025-03-09 03:30:00,2025-03-10 02:00:00',
      '00T2,00Q2,,005A,,Ping,,Open,Email,,2025-03-20 00:00:00,,2025-03-10 02:00:00',
    ],
    'opportunity_line_item.csv': [
      'id,opportunity_id,product_2_id,quantity,list_price,unit_price,created_date,is_deleted',
      '00k1,006A,01t1,13,100,92.35,2025-03-12 02:00:00,false',
    ],
  } as const;

  test('deals, changes in order of time, leads, activities, lines; what was deleted is passed over and counted', async () => {
    const { store, report } = await importFrom('salesforce', writeFolder(join(scratch(), 'in'), files));
    expect(report.total.rejected).toBe(0);
    expect(report.notes).toEqual([{ file: 'opportunity.csv as deal', field: '', code: 'deleted', value: '', rows: 1 }]);
    expect(store.company().settings.base_currency).toBe('THB');
    const deals = [...store.rows('deal')];
    expect(deals.map((deal) => [deal.id, deal.outcome, deal.closedAt, deal.amountMinor, deal.leadId])).toEqual([
      // A close date is a day where the company is.
      ['salesforce:006A', 'won', at('2025-04-01T00:00:00+07:00'), 120_050, 'salesforce:00Q1'],
      ['salesforce:006B', null, null, 90_000, null],
      ['salesforce:006D', 'lost', at('2025-04-30T00:00:00+07:00'), 500, null],
    ]);
    const stages = [...store.rows('change')].filter((change) => change.field === 'stage');
    expect(stages.map((change) => [change.at, change.oldValue, change.newValue])).toEqual([
      [at('2025-03-01T02:00:00Z'), null, 'Qualify'],
      [at('2025-03-12T02:00:00Z'), 'Qualify', 'Proposal'],
      [at('2025-04-01T03:00:00.500Z'), 'Proposal', 'Closed Won'],
    ]);
    const past = (when: string) => world(store.source(), at(when)).past('deal', 'salesforce:006A');
    expect([past('2025-03-20').value('stage'), past('2025-03-20').value('amount')]).toEqual(['Proposal', 100_000]);
    expect([dealState(past('2025-03-31T16:59:00Z')), dealState(past('2025-04-02'))]).toEqual(['open', 'won']);
    expect(past('2025-03-20').all('quoteLine')).toMatchObject([
      { quantity: 13, unitPriceMinor: 9235, currency: 'THB' },
    ]);
    const [lead, other] = [...store.rows('lead')];
    expect(lead).toMatchObject({ outcome: 'converted', convertedDealId: 'salesforce:006A', closedAt: at('2025-03-01T02:00:00Z') }); // biome-ignore format: a row
    expect(other).toMatchObject({ outcome: null, convertedDealId: null, closedAt: null });
    const [call, mail] = [...store.rows('activity')];
    expect(call).toMatchObject({ kind: 'call', direction: 'out', at: at('2025-03-09T03:30:00Z'), knownAt: at('2025-03-10T02:00:00Z'), dealId: 'salesforce:006A', contactId: 'salesforce:0031', leadId: null }); // biome-ignore format: a row
    expect(mail).toMatchObject({ kind: 'email', at: at('2025-03-20T00:00:00Z'), dealId: null, leadId: 'salesforce:00Q2', contactId: null }); // biome-ignore format: a row
    store.close();
  });

  test('comes again unchanged', async () => {
    const folder = writeFolder(join(scratch(), 'in'), files);
    const { store } = await importFrom('salesforce', folder);
    const { report } = await importFrom('salesforce', folder, store);
    expect([report.total.accepted, report.total.unchanged]).toEqual([0, report.total.read]);
    store.close();
  });

  test('without its main table it is refused by name', async () => {
    const folder = writeFolder(join(scratch(), 'in'), { 'task.csv': files['task.csv'] });
    await expect(importFrom('salesforce', folder)).rejects.toMatchObject({ code: 'file-missing', message: expect.stringContaining('opportunity.csv') }); // biome-ignore format: one look
  });
});

describe('HubSpot, small tables by hand', () => {
  test('stages by their labels, closes by their flags, two times of a change, links of engagements', async () => {
    const { store, report } = await importFrom('hubspot', writeFolder(join(scratch(), 'in'), {
      'deal.csv': [
        'deal_id,is_deleted,deal_pipeline_id,deal_pipeline_stage_id,owner_id,property_dealname,property_amount,property_closedate,property_createdate',
        '1,false,p,s1,9,One,100,2025-05-01 00:00:00,2025-03-01 2:00:00',
        '2,false,p,s2,9,Two,200,2025-04-01 10:00:00,2025-03-02 2:00:00',
        '3,false,p,s3,9,Three,300,2025-04-02 10:00:00,2025-03-03 2:00:00',
      ],
      'deal_pipeline.csv': ['pipeline_id,label', 'p,Sales'],
      'deal_pipeline_stage.csv': ['stage_id,label,pipeline_id,display_order,is_closed,closed_won', 's1,Offer,p,0,FALSE,FALSE', 's2,Won,p,1,TRUE,TRUE', 's3,Lost,p,2,TRUE,FALSE'],
      'deal_stage.csv': ['deal_id,value,date_entered,_fivetran_start', '2,s2,2025-04-01 10:00:00,2025-04-01 11:00:00', '2,s1,2025-03-02 2:00:00,2025-03-02 3:00:00', '3,zz,2025-03-02 2:00:00,2025-03-02 3:00:00'],
      'deal_property_history.csv': ['deal_id,name,timestamp,value', '1,closedate,2025-03-01 02:00:00.123,1743379200000', '1,closedate,2025-03-20 02:00:00,1746057600000', '1,amount,2025-03-01 02:00:00,80', '1,amount,2025-03-04 02:00:00,100', '1,description,2025-03-01 02:00:00,x'],
      'deal_company.csv': ['deal_id,company_id', '1,77'],
      'engagement_call.csv': ['engagement_id,property_hs_timestamp,property_hs_createdate,property_hubspot_owner_id', '5,2025-03-05 02:00:00,2025-03-08 02:00:00,9'],
      'engagement_deal.csv': ['deal_id,engagement_id', '1,5'],
    })); // biome-ignore format: one call
    expect(report.total.rejected).toBe(0);
    const deals = [...store.rows('deal')];
    expect(deals.map((deal) => [deal.stage, deal.pipeline, deal.outcome, deal.closedAt, deal.accountId])).toEqual([
      ['Offer', 'Sales', null, null, 'hubspot:77'],
      ['Won', 'Sales', 'won', at('2025-04-01T10:00:00Z'), null],
      ['Lost', 'Sales', 'lost', at('2025-04-02T10:00:00Z'), null],
    ]);
    expect(store.company().stages.map(({ stage, kind }) => [stage, kind])).toEqual([['Offer', 'open'], ['Won', 'won'], ['Lost', 'lost']]); // biome-ignore format: a row
    const changes = [...store.rows('change')].map(({ id, field, at: when, knownAt, oldValue, newValue }) => [id.slice(8), field, when, knownAt, oldValue, newValue]); // biome-ignore format: a row
    expect(changes).toEqual([
      ['2', 'stage', at('2025-03-02T02:00:00Z'), at('2025-03-02T03:00:00Z'), null, 'Offer'],
      ['3', 'stage', at('2025-03-02T02:00:00Z'), at('2025-03-02T03:00:00Z'), null, 'zz'],
      ['2', 'stage', at('2025-04-01T10:00:00Z'), at('2025-04-01T11:00:00Z'), 'Offer', 'Won'],
      ['1', 'amount', at('2025-03-01T02:00:00Z'), null, null, '80'],
      ['1', 'amount', at('2025-03-04T02:00:00Z'), null, '80', '100'],
      ['1', 'expected_close_date', at('2025-03-01T02:00:00.123Z'), null, null, '2025-03-31T00:00:00.000Z'],
      ['1', 'expected_close_date', at('2025-03-20T02:00:00Z'), null, '2025-03-31T00:00:00.000Z', '2025-05-01T00:00:00.000Z'],
    ]); // biome-ignore format: a table
    expect(report.notes.map(({ code, value }) => [code, value])).toEqual([['not-found', 'zz']]);
    expect([...store.rows('activity')]).toMatchObject([{ kind: 'call', dealId: 'hubspot:1', at: at('2025-03-05T02:00:00Z'), knownAt: at('2025-03-08T02:00:00Z') }]); // biome-ignore format: a row
    store.close();
  });
});

describe.skipIf(absent)('crm_export_fixtures (needs FORESELL_DATA)', () => {
  test('Salesforce: every table is read, and all its deals are in the bin', async () => {
    const { store, report, counts } = await importFrom('salesforce', join(fixtures, 'salesforce'));
    expect(report.total).toEqual({ read: 126, accepted: 126, unchanged: 0, rejected: 0 });
    const deleted = report.notes.filter(({ code }) => code === 'deleted').map(({ file, rows }) => [file, rows]);
    expect(deleted).toEqual([['sf_account_data.csv as account', 9], ['sf_user_role_data.csv as team', 2], ['sf_opportunity_data.csv as deal', 10]]); // biome-ignore format: a row
    expect([counts('activity'), counts('user'), counts('quoteLine'), counts('order'), counts('lead')]).toEqual([[[10, 0], [10, 0]], [[10, 0]], [[10, 0]], [[10, 0]], [[1, 0]]]); // biome-ignore format: a row
    expect([...store.rows('lead')]).toMatchObject([{ id: 'salesforce:00Q1G00000nDnM5UAK', company: 'Z', outcome: 'converted', convertedAt: at('2019-11-11T17:23:34Z') }]); // biome-ignore format: a row
    expect([...store.rows('quoteLine')][2]).toMatchObject({ dealId: 'salesforce:0061G00000HhviAQAR', quantity: 50, listPriceMinor: 150_000, unitPriceMinor: 76_186 }); // biome-ignore format: a row
    store.close();
  });

  test('Salesforce, taken out of the bin: outcomes by their flags, close dates as days', async () => {
    const folder = join(scratch(), 'salesforce');
    cpSync(join(fixtures, 'salesforce'), folder, { recursive: true });
    const path = join(folder, 'sf_opportunity_data.csv');
    const [header, ...lines] = readFileSync(path, 'utf8').trim().split('\n');
    const deletedAt = header!.split(',').indexOf('is_deleted');
    const restored = lines.map((line) => line.split(',').map((cell, i) => (i === deletedAt ? 'false' : cell)).join()); // biome-ignore format: a row
    writeFileSync(path, [header, ...restored].join('\n'));
    const { store, report } = await importFrom('salesforce', folder);
    expect(report.total.rejected).toBe(0);
    // Two of the ten are no longer current to the pipeline.
    const deals = new Map([...store.rows('deal')].map((deal) => [deal.id.slice(11), deal]));
    expect(deals.size).toBe(8);
    expect(deals.get('006q000000HddohAAB')).toMatchObject({ outcome: 'won', amountMinor: 2_412_000_000, closedAt: at('2018-12-19'), createdAt: at('2018-12-19T19:51:13Z') }); // biome-ignore format: a row
    expect(deals.get('006q000000HK8jdAAD')).toMatchObject({ outcome: 'lost', amountMinor: 20_000_000, closedAt: at('2018-11-21') }); // biome-ignore format: a row
    expect([...deals.values()].filter((deal) => deal.outcome === 'won')).toHaveLength(5);
    store.close();
  });

  test('HubSpot: every table is read; deals without a stage stay without one', async () => {
    const { store, report, counts } = await importFrom('hubspot', join(fixtures, 'hubspot'));
    expect(report.total).toEqual({ read: 395, accepted: 395, unchanged: 0, rejected: 0 });
    expect([counts('deal'), counts('stage'), counts('user'), counts('account'), counts('contact')]).toEqual([[[44, 0]], [[71, 0]], [[100, 0]], [[24, 0]], [[22, 0]]]); // biome-ignore format: a row
    expect(counts('activity')).toEqual([[1, 0], [1, 0], [1, 0], [100, 0], [1, 0], [2, 0]]); // biome-ignore format: a row
    expect([...store.rows('deal')][0]).toMatchObject({ id: 'hubspot:1244495215', stage: null, outcome: null, createdAt: at('2019-12-04T12:48:22Z') }); // biome-ignore format: a row
    const owners = [...store.rows('user')].filter((user) => user.teamId !== null).map((user) => [user.id, user.teamId]);
    expect(owners).toEqual(expect.arrayContaining(owners.length ? [['hubspot:40706000', 'hubspot:1234']] : []));
    const meeting = [...store.rows('activity')].find((row) => row.id === 'hubspot:3416212491');
    expect(meeting).toMatchObject({ kind: 'meeting', at: at('2019-09-26T13:00:00Z'), endedAt: at('2019-09-26T14:30:00Z') }); // biome-ignore format: a row
    store.close();
  });
});
