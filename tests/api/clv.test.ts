import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../api/app.ts';
import { accountValues } from '../../api/clv.ts';
import { clvAnswer, clvExample } from '../../api/clvAnswer.ts';
import { simulateCustomers } from '../../datasets/customers.ts';
import type { Store } from '../../src/store/store.ts';
import { DAY } from '../../src/time.ts';
import { bundle, companyStore, LIVE, NOW, plainEngine } from './company.ts';

const START = Date.parse('2024-01-01T03:00:00Z');
const END = Math.floor((LIVE - START) / DAY);

/** The company of the other tests with 120 accounts of its own that order at random, some in dollars. */
function ordering(): Record<string, readonly string[] | string> {
  const base = bundle();
  const customers = simulateCustomers({
    ...{ customers: 120, seed: 31, joinDays: 300, endDay: END, value: { p: 6, q: 4, v: 1500 } },
    law: { kind: 'bg-nbd', r: 0.9, alpha: 40, a: 0.8, b: 4 },
  });
  const time = (day: number) => new Date(START + Math.floor(day * 86_400) * 1_000).toISOString();
  const accounts = customers.map(({ id }) => `${id},Customer ${id},retail,north,2023-12-01`);
  const orders = customers.flatMap(({ id, purchases }) =>
    purchases.map(({ day }, i) => `${id}-${i},${id},${time(day)},shipped`),
  );
  const lines = customers.flatMap(({ id, purchases }, c) =>
    purchases.map(
      ({ value }, i) =>
        `${id}-${i}/1,${id}-${i},p1,1,${(c % 5 ? value : value / 35).toFixed(2)},${c % 5 ? 'THB' : 'USD'}`,
    ),
  );
  return {
    ...base,
    'accounts.csv': [...(base['accounts.csv'] as string[]), ...accounts, 'new,Nobody yet,retail,north,2026-05-01'],
    'orders.csv': ['id,account_id,at,status', ...orders],
    'order_lines.csv': ['id,order_id,product_id,quantity,unit_price,currency', ...lines],
  };
}

describe('GET /v1/accounts/{id}/clv', () => {
  const folder = mkdtempSync(join(tmpdir(), 'foresell-clv-'));
  let store: Store;
  let ask: (path: string, headers?: Record<string, string>) => Promise<Response>;
  beforeAll(async () => {
    store = await companyStore(ordering(), folder);
    const app = createApp(plainEngine(store), { now: () => NOW, onFailure: (error) => console.error(error) });
    ask = async (path, headers = {}) =>
      app.request(`http://127.0.0.1:3000${path}`, { headers: { host: '127.0.0.1:3000', ...headers } });
  });
  afterAll(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const value = async (path: string, headers?: Record<string, string>) => {
    const answer = await ask(path, headers);
    expect(answer.status, await answer.clone().text()).toBe(200);
    return clvAnswer.parse(await answer.json());
  };

  it('says what an account will bring, in the base currency', async () => {
    const said = await value('/v1/accounts/c3/clv');
    expect(said).toMatchObject({ id: 'crm:c3', model: 'clv', horizonDays: 365, sample: false, stale: false });
    expect(said.expectedValue.currency).toBe('THB');
    expect(said.interval.low.minor).toBeLessThanOrEqual(said.interval.high.minor);
    expect(said.segment.text).toMatch(/^(Keep|Grow|Let go)/);
    expect(await value('/v1/accounts/crm:c3/clv')).toEqual(said);
  });

  it('answers margin, discount, horizon and a past instant', async () => {
    const whole = await value('/v1/accounts/c7/clv');
    const part = await value('/v1/accounts/c7/clv?margin=0.3');
    expect(part.expectedValue.minor).toBeCloseTo(0.3 * whole.expectedValue.minor, -1);
    const discounted = await value('/v1/accounts/c7/clv?discount=.1'.replace('=.1', '=0.1'));
    expect(discounted.expectedValue.minor).toBeLessThan(whole.expectedValue.minor);
    const short = await value('/v1/accounts/c7/clv?horizonDays=30');
    expect(short.expectedPurchases).toBeLessThan(whole.expectedPurchases);
    expect(short.pNoOrder).toBeGreaterThan(whole.pNoOrder);
    const then = await value('/v1/accounts/c7/clv?asOf=2025-06-01');
    expect(then.orders).toBeLessThanOrEqual(whole.orders);
    expect(then.learnedAt <= then.asOf).toBe(true);
  });

  it('speaks Thai where asked', async () => {
    const said = await value('/v1/accounts/c3/clv', { 'accept-language': 'th' });
    expect(said.segment.text).toMatch(/[\u0e00-\u0e7f]/);
    expect(said.segment.code).toBe((await value('/v1/accounts/c3/clv')).segment.code);
  });

  it.each([
    ['an unknown account', '/v1/accounts/nobody/clv', 404, 'account-unknown'],
    ['an account that never ordered', '/v1/accounts/new/clv', 409, 'account-no-orders'],
    ['too little known then', '/v1/accounts/c3/clv?asOf=2024-03-01', 409, ''],
    ['a horizon that is none', '/v1/accounts/c3/clv?horizonDays=soon', 400, 'field-invalid'],
    ['a horizon out of range', '/v1/accounts/c3/clv?horizonDays=99999', 400, 'field-invalid'],
    ['the future', '/v1/accounts/c3/clv?asOf=2031-01-01', 400, 'as-of-future'],
    ['an unknown field', '/v1/accounts/c3/clv?speed=9', 400, 'field-unknown'],
  ])('refuses %s', async (_what, path, status, code) => {
    const answer = await ask(path);
    expect(answer.status).toBe(status);
    const problem = (await answer.json()) as { code: string; detail: string };
    expect(problem.code).toContain(code);
  });

  it('has a true example', () => {
    expect(clvAnswer.safeParse(clvExample).error).toBeUndefined();
  });

  it('learns once a week and source, and a later order changes no earlier answer', () => {
    const values = accountValues(store);
    const plain = { horizonDays: 365, margin: 1, discount: 0 };
    const monday = values.one('c3', Date.parse('2026-05-18T06:00:00Z'), plain);
    const wednesday = values.one('c3', LIVE, plain);
    expect(wednesday.model).toBe(monday.model);
    const all = values.all(LIVE, plain, 'auto');
    expect(all.length).toBe(120);
    expect(all.find(({ id }) => id === 'crm:c3')).toEqual(wednesday);
    const early = all.filter(({ firstOrderAt }) => firstOrderAt <= LIVE).length;
    expect(early).toBe(120);
    for (const { low, high, pAlive, pSilent, expectedPurchases, expectedValue } of all) {
      expect(low).toBeLessThanOrEqual(high);
      expect(
        Math.min(pAlive, 1 - pAlive, pSilent, 1 - pSilent, expectedPurchases, expectedValue),
      ).toBeGreaterThanOrEqual(0);
    }
  });
});
