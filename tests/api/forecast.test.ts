import { describe, expect, it } from 'vitest';
import { forecastAnswer } from '../../api/schemas.ts';
import { convertMinor } from '../../src/money.ts';
import { sharedApp } from './company.ts';

describe('GET /v1/forecast', () => {
  const app = sharedApp();
  const forecast = async (query = '') => {
    const answer = await app().ask(`/v1/forecast${query}`);
    expect(answer.status).toBe(200);
    return forecastAnswer.parse(await answer.json());
  };

  it('takes the current quarter of the company, and what was closed in it', async () => {
    const answer = await forecast();
    expect(answer).toMatchObject({ period: '2026-Q2', by: 'all', currency: 'THB', groups: [] });
    expect(answer.from).toBe('2026-03-31T17:00:00.000Z');
    const { store } = app();
    let closed = 0;
    for (const deal of store.rows('deal')) {
      if (deal.outcome !== 'won' || deal.closedAt! < Date.parse(answer.from) || deal.amountMinor === null) continue;
      // USD became 36.25 baht on 1 April.
      closed += convertMinor(deal.amountMinor, deal.currency!, 'THB', deal.currency === 'USD' ? 36.25 : 1);
    }
    expect(closed).toBeGreaterThan(0);
    expect(answer.total.closed).toEqual({ minor: closed, currency: 'THB' });
  });

  it.each(['team', 'owner'])('adds up by %s, to the minor unit', async (by) => {
    const answer = await forecast(`?by=${by}`);
    const tops = answer.groups.filter((group) => group.parentId === null);
    for (const part of ['closed', 'expected'] as const) {
      expect(tops.reduce((sum, group) => sum + group[part].minor, 0)).toBe(answer.total[part].minor);
    }
    expect(answer.groups.length).toBeGreaterThanOrEqual(by === 'team' ? 3 : 4);
    expect(answer.total.quota).toEqual({ minor: (300 + 301 + 302 + 303) * 100_000, currency: 'THB' });
  });

  it.each(['period=0000', 'period=0099-Q1', 'asOf=0001-01-01', 'from=0050-01-01&to=2026-01-01'])(
    'refuses ?%s rather than read it as another century',
    async (query) => {
      expect((await app().ask(`/v1/forecast?${query}`)).status).toBe(400);
    },
  );

  it('orders its quantiles and stays within what can be', async () => {
    const { total } = await forecast('?by=team');
    expect(total.closed.minor).toBeLessThanOrEqual(total.p10.minor);
    expect(total.p10.minor).toBeLessThanOrEqual(total.p50.minor);
    expect(total.p50.minor).toBeLessThanOrEqual(total.p90.minor);
    expect(total.gapToQuota!.minor).toBe(total.quota!.minor - total.expected.minor);
  });

  it('names the deals that it leaves out, and estimates where only quotes tell the amount', async () => {
    const answer = await forecast();
    expect(answer.apart).toContainEqual({ id: 'crm:d69', why: 'no rate', currency: 'KWD' });
    expect(answer.apart.some((deal) => deal.id === 'crm:d49')).toBe(false);
    const one = (await (await app().ask('/v1/scores/deal/d49')).json()) as { amountEstimated: boolean };
    expect(one.amountEstimated).toBe(true);
  });

  it('says of a past quarter what was closed, of a later one only what may come', async () => {
    const past = await forecast('?period=2026-Q1');
    expect(past.total).toMatchObject({ openDeals: 0 });
    expect(past.total.expected).toEqual(past.total.closed);
    const next = await forecast('?from=2026-07-01&to=2026-10-01');
    expect(next.total.closed.minor).toBe(0);
    expect(next.total.expected.minor).toBeGreaterThan(0);
    expect((await forecast('?asOf=2026-02-01')).period).toBe('2026-Q1');
  });

  it.each([
    ['period=2026-Q5', 'period'],
    ['from=2026-01-01', 'from'],
    ['from=2026-02-01&to=2026-01-01', 'from'],
    ['period=2026&from=2026-01-01&to=2026-02-01', 'period'],
    ['by=region', 'by'],
    ['asOf=2027-01-01', 'asOf'],
    ['seed=1', 'seed'],
  ])('refuses ?%s', async (query, path) => {
    const answer = await app().ask(`/v1/forecast?${query}`);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ path });
  });
});
