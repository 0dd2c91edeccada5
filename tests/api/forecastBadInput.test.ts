import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createApp } from '../../api/app.ts';
import { forecastAnswer } from '../../api/forecastAnswer.ts';
import { openStore } from '../../src/store/open.ts';
import { tryImport, writeFolder } from '../src/connectors/folders.ts';
import { scratch } from '../src/store/scratch.ts';
import { NOW, plainEngine } from './company.ts';

const DEALS = 'id,account_id,owner_id,stage,amount,currency,created_at,expected_close_date,closed_at,outcome';
const CHANGES = 'kind,id,at,field,old_value,new_value,by';
const QUOTAS = 'owner_id,team_id,period_start,period_end,amount,currency';
const people = {
  'company.json': JSON.stringify({ name: 'Small', time_zone: 'Asia/Bangkok', base_currency: 'THB' }),
  'users.csv': ['id,name,team_id', 'u1,Anong,t1', 'u2,Boon,t1'],
  'teams.csv': ['id,name,parent_id', 't1,North,'],
  'stages.csv': ['stage,rank,kind', 'New,1,open', 'Offer,2,open', 'Won,3,won', 'Lost,4,lost'],
};
/** An open deal with its amount told by history, so that it is known before the import. */
const open = (id: string, amount: string, currency = 'THB', owner = 'u1') => ({
  deal: `${id},a1,${owner},New,${amount},${currency},2026-04-10T03:00:00Z,2026-06-10,,`,
  changes: [`deal,${id},2026-04-10T03:00:00Z,amount,,${amount},${owner}`, `deal,${id},2026-04-10T03:00:00Z,owner_id,,${owner},${owner}`, `deal,${id},2026-04-10T03:00:00Z,stage,,New,${owner}`], // biome-ignore format: rows
});

/** What is answered of a company of these rows, and what import said of each that it did not take. */
async function company(
  deals: readonly { deal: string; changes?: readonly string[] }[],
  more: Record<string, readonly string[] | string> = {},
) {
  const folder = scratch();
  const store = openStore(join(folder, 'company.db'), { now: () => NOW });
  const files = { ...people, 'deals.csv': [DEALS, ...deals.map(({ deal }) => deal)], 'changes.csv': [CHANGES, ...deals.flatMap(({ changes = [] }) => changes)], ...more }; // biome-ignore format: a row
  const { report } = await tryImport(
    store,
    writeFolder(join(folder, 'bundle'), files),
    Date.parse('2026-05-20T05:00:00Z'),
  );
  const engine = plainEngine(store);
  engine.serve('plain-1');
  const app = createApp(engine, { now: () => NOW });
  const ask = (path: string) => app.request(`http://localhost${path}`, { headers: { host: 'localhost' } });
  const forecast = async (query = '') => {
    const answer = await ask(`/v1/forecast${query}`);
    expect(answer.status, await answer.clone().text()).toBe(200);
    return forecastAnswer.parse(await answer.json());
  };
  return { report, forecast, ask };
}

describe('a forecast of little, or of slips', () => {
  it('of no deal at all is nothing, and says why nothing is told of deals to come', async () => {
    const { forecast, ask } = await company([]);
    const { total, parts, deals, toClose } = await forecast('?by=team');
    expect([total.closed, total.expected, total.p10, total.p90].map(({ minor }) => minor)).toEqual([0, 0, 0, 0]);
    expect([total.openDeals, deals, toClose, total.probabilityOfQuota]).toEqual([0, [], null, null]);
    expect(parts.find(({ part }) => part === 'new')).toMatchObject({ counted: false, absent: expect.stringContaining('too short a past') }); // biome-ignore format: one check
    for (const path of ['/v1/forecast/comparison', '/v1/forecast/changes?from=2026-05-01', '/v1/forecast/history', '/v1/pipeline', '/']) // biome-ignore format: a list
      expect((await ask(path)).status, path).toBe(200);
    const accuracy = await ask('/v1/forecast/accuracy');
    expect(accuracy.status).toBe(400);
    expect(await accuracy.json()).toMatchObject({ code: 'backtest-no-outcomes' });
  });

  it('of one deal is that deal: nothing, or all of it', async () => {
    const { total, deals } = await (await company([open('d1', '1000.00')])).forecast();
    expect(deals).toHaveLength(1);
    expect(total.expected.minor).toBe(deals[0]!.expected.minor);
    expect(total.expected.minor).toBe(Math.round(deals[0]!.probability * 100_000));
    expect([total.p10.minor, total.p90.minor].every((minor) => minor === 0 || minor === 100_000)).toBe(true);
  });

  it('leaves a currency without a rate out of the sum, by name, and refuses to answer in one', async () => {
    const { forecast, ask } = await company([open('d1', '1000.00'), open('d2', '77.00', 'CHF')]);
    const { total, apart, notes } = await forecast();
    expect(apart).toEqual([{ id: expect.stringContaining('d2'), why: 'no rate', currency: 'CHF' }]);
    expect(total.openDeals).toBe(1);
    expect(notes.join(' ')).toContain('named apart');
    const answer = await ask('/v1/forecast?currency=CHF');
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'rate-missing', path: 'currency' });
  });

  it('a quota of nobody is the whole’s; one of somebody unknown is said under their id; either way it adds up', async () => {
    const quotas = [QUOTAS, ',,2026-04-01,2026-07-01,5000.00,THB', 'u404,,2026-04-01,2026-07-01,300.00,THB'];
    const { forecast, report } = await company([open('d1', '1000.00')], { 'quotas.csv': quotas });
    expect(report.total.rejected).toBe(0);
    const { total, groups } = await forecast('?by=owner');
    expect(total.quota).toEqual({ minor: 500_000, currency: 'THB' });
    expect(groups.map(({ id, quota, expected }) => [id, quota?.minor ?? null, expected.minor > 0])).toEqual([['crm:u1', null, true], ['crm:u404', 30_000, false]]); // biome-ignore format: one check
    expect(groups.reduce((sum, { expected }) => sum + expected.minor, 0)).toBe(total.expected.minor);
  });

  it('of quotas that overlap in part the longer one counts, of equal ones the earlier', async () => {
    const quota = async (...rows: readonly string[]) =>
      (await (await company([open('d1', '1000.00')], { 'quotas.csv': [QUOTAS, ...rows] })).forecast()).total.quota
        ?.minor;
    expect(await quota('u1,,2026-04-01,2026-06-15,700.00,THB', 'u1,,2026-06-01,2026-07-01,300.00,THB')).toBe(70_000);
    expect(await quota('u1,,2026-05-01,2026-06-30,300.00,THB', 'u1,,2026-04-01,2026-05-31,200.00,THB')).toBe(20_000);
    expect(await quota('u1,,2026-04-01,2026-06-15,700.00,THB', 'u2,,2026-06-01,2026-07-01,300.00,THB')).toBe(100_000);
  });

  it('a deal that was closed before it opened is booked when it was closed', async () => {
    const early = { deal: 'd9,a1,u1,Won,500.00,THB,2026-05-10T03:00:00Z,,2026-05-04T03:00:00Z,won' };
    const { forecast, report } = await company([open('d1', '1000.00'), early]);
    expect(report.total.rejected).toBe(0);
    const { total, deals } = await forecast();
    expect([total.closed.minor, total.closedDeals, total.openDeals]).toEqual([50_000, 1, 1]);
    expect(deals.map(({ id }) => id)).toEqual(['crm:d1']);
    expect(total.expected.minor).toBe(50_000 + total.open.minor);
    expect((await forecast('?asOf=2026-05-03T00:00:00Z&period=2026-Q2')).total.closed.minor).toBe(0);
  });
});
