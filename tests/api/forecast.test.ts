import { describe, expect, it } from 'vitest';
import { createApp } from '../../api/app.ts';
import { forecastAnswer } from '../../api/schemas.ts';
import { convertMinor } from '../../src/money.ts';
import { bundle, companyStore, NOW, plainEngine, sharedApp } from './company.ts';

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

describe('a company whose rows have slips', () => {
  it('is forecast all the same: circular teams, an absurd amount, a quota without a rate', async () => {
    const files = bundle();
    const deals = files['deals.csv'] as string[];
    const header = deals[0]!.split(',');
    const at = header.indexOf('amount');
    const broken = deals.map((line) => {
      const cells = line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/);
      if (cells[0] === 'd45') cells[at] = '90071992547409.00';
      return cells.join(',');
    });
    const changes = (files['changes.csv'] as string[]).filter((line) => !/^deal,d45,.*,amount,/.test(line));
    const store = await companyStore({
      ...files,
      'deals.csv': broken,
      'changes.csv': changes,
      'teams.csv': ['id,name,parent_id', 't0,Whole,t0', 't1,North,t2', 't2,South,t1'],
      'quotas.csv': [
        ...(files['quotas.csv'] as string[]),
        'u1,,2026-05-01,2026-06-01,5.00,KWD',
        'u9,,2026-05-01,2026-06-01,5.00,KWD',
      ],
    });
    const engine = plainEngine(store);
    engine.serve('plain-1');
    const app = createApp(engine, { now: () => NOW });
    const ask = (path: string) => app.request(`http://localhost${path}`, { headers: { host: 'localhost' } });
    const answer = forecastAnswer.parse(await (await ask('/v1/forecast?by=team')).json());
    expect(answer.apart).toContainEqual({ id: 'crm:d45', why: 'too large', currency: 'THB' });
    expect(answer.notes.join(' ')).toMatch(/Quotas in KWD are left out.*crm:t1 is its own superior/);
    const tops = answer.groups.filter((group) => group.parentId === null);
    expect(tops.reduce((sum, group) => sum + group.expected.minor, 0)).toBe(answer.total.expected.minor);
    expect((await ask('/')).status).toBe(200);
    store.close();
  });
});
