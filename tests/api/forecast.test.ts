import { describe, expect, it } from 'vitest';
import { createApp } from '../../api/app.ts';
import { forecastAnswer } from '../../api/forecastAnswer.ts';
import { shortestToClose } from '../../models/forecast/toClose.ts';
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

  it.each(['team', 'owner', 'region', 'product', 'segment', 'business'])(
    'adds up by %s, to the minor unit',
    async (by) => {
      const answer = await forecast(`?by=${by}`);
      const tops = answer.groups.filter((group) => group.parentId === null);
      for (const part of ['closed', 'open', 'newBusiness', 'renewals', 'expected'] as const) {
        expect(tops.reduce((sum, group) => sum + group[part].minor, 0)).toBe(answer.total[part].minor);
      }
      const least: Record<string, number> = { team: 3, owner: 4 };
      expect(answer.groups.length).toBeGreaterThanOrEqual(least[by] ?? 1);
      expect(answer.total.quota).toEqual({ minor: (300 + 301 + 302 + 303) * 100_000, currency: 'THB' });
    },
  );

  it.each(['period=0000', 'period=0099-Q1', 'asOf=0001-01-01', 'from=0050-01-01&to=2026-01-01'])(
    'refuses ?%s rather than read it as another century',
    async (query) => {
      expect((await app().ask(`/v1/forecast?${query}`)).status).toBe(400);
    },
  );

  it('orders its quantiles and stays within what can be', async () => {
    const { total } = await forecast('?by=team');
    for (const [k, { level, low, high }] of total.bands.entries()) {
      expect(level).toBe([50, 80, 95][k]);
      expect(low.minor).toBeLessThanOrEqual(total.p50.minor);
      expect(high.minor).toBeGreaterThanOrEqual(total.bands[k - 1]?.high.minor ?? total.p50.minor);
    }
    expect([total.bands[1]!.low, total.bands[1]!.high]).toEqual([total.p10, total.p90]);
    expect(total.closed.minor).toBeLessThanOrEqual(total.p10.minor);
    expect(total.p10.minor).toBeLessThanOrEqual(total.p50.minor);
    expect(total.p50.minor).toBeLessThanOrEqual(total.p90.minor);
    expect(total.gapToQuota!.minor).toBe(total.quota!.minor - total.expected.minor);
  });

  it('says which parts are in the number, and what it would be without those to come', async () => {
    const whole = await forecast();
    const said = (answer: typeof whole) => answer.parts.map(({ part, counted }) => [part, counted]);
    expect(said(whole)).toEqual([
      ['booked', true],
      ['open', true],
      ['new', true],
      ['renewals', false],
      ['churn', false],
    ]);
    const counted = whole.parts.reduce((sum, part) => sum + (part.counted ? part.expected!.minor : 0), 0);
    expect(counted).toBe(whole.total.expected.minor);
    expect(whole.parts[2]!.expected!.minor).toBeGreaterThan(0);
    expect(whole.createdDeals).toBeGreaterThan(0);
    expect(whole.parts[3]).toMatchObject({ expected: null, absent: expect.stringContaining('train --model churn') });
    const open = await forecast('?parts=open');
    expect(open.total.expected).toEqual(whole.openOnly.expected);
    expect(open.total.p90).toEqual(whole.openOnly.p90);
    expect(open.total.expected.minor + whole.total.newBusiness.minor).toBe(whole.total.expected.minor);
    expect(open.notes.join(' ')).toContain('Not counted: deals not yet created');
  });

  it('names the fewest deals that would close the gap, and what each deal adds', async () => {
    const { total, toClose, deals } = await forecast('?deals=1000&parts=open');
    expect(deals.reduce((sum, deal) => sum + deal.expected.minor, 0)).toBe(total.open.minor);
    expect(deals.map((deal) => deal.expected.minor)).toEqual(deals.map((deal) => deal.expected.minor).sort((a, b) => b - a)); // biome-ignore format: one check
    // The quota is within what is expected already.
    expect(total.gapToQuota!.minor).toBeLessThan(0);
    expect(toClose).toEqual([]);
    const adds = deals.map((deal) => deal.amount.minor - deal.expected.minor).sort((a, b) => b - a);
    const most = (count: number) => adds.slice(0, count).reduce((sum, value) => sum + value, 0);
    const plain = deals.map(({ id, amount, expected }) => ({ id, amountMinor: amount.minor, expectedMinor: expected.minor })); // biome-ignore format: a row
    for (const count of [1, 3, adds.length]) {
      expect(shortestToClose(plain, most(count) - 1)).toHaveLength(count);
    }
    expect(shortestToClose(plain, most(adds.length) + 1)).toBeNull();
  });

  it('answers in another currency at dated rates, and refuses one without', async () => {
    const dollars = await forecast('?currency=USD&by=team');
    const baht = await forecast();
    expect(dollars.currency).toBe('USD');
    // What was booked before April is at the rate of its day.
    expect(dollars.total.closed.minor / baht.total.closed.minor).toBeCloseTo(1 / 36.25, 4);
    const tops = dollars.groups.filter((group) => group.parentId === null);
    expect(tops.reduce((sum, group) => sum + group.expected.minor, 0)).toBe(dollars.total.expected.minor);
    for (const [code, problem] of [
      ['KWD', 'rate-missing'],
      ['XQX', 'currency-unknown'],
    ]) {
      const answer = await app().ask(`/v1/forecast?currency=${code}`);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ code: problem });
    }
  });

  it('takes weeks: seven days from the first day of the week', async () => {
    const week = await forecast('?period=2026-W21');
    expect([week.from, week.to]).toEqual(['2026-05-17T17:00:00.000Z', '2026-05-24T17:00:00.000Z']);
    expect((await app().ask('/v1/forecast?period=2025-W53')).status).toBe(400);
    expect((await forecast('?period=2026-W53')).from).toBe('2026-12-27T17:00:00.000Z');
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
    ['period=2569-Q4', 'period'],
    ['from=2026-01-01', 'from'],
    ['from=2026-02-01&to=2026-01-01', 'from'],
    ['period=2026&from=2026-01-01&to=2026-02-01', 'period'],
    ['by=planet', 'by'],
    ['parts=open,wishes', 'parts'],
    ['currency=baht', 'currency'],
    ...['-1', '', '0x10', '1e2', '%205', '1001', '2.0'].map((deals) => [`deals=${deals}`, 'deals']),
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

  it('looks at the past with the definitions of then: a stage that was made surer later is not', async () => {
    const stages = ['stage,rank,kind,category,from,to', 'New,1,open,pipeline,,', 'Offer,2,open,pipeline,,2026-04-01', 'Offer,2,open,commit,2026-04-01,', 'Won,3,won,closed,,', 'Lost,4,lost,omitted,,']; // biome-ignore format: a table
    const store = await companyStore({ ...bundle(), 'stages.csv': stages });
    const engine = plainEngine(store);
    engine.serve('plain-1');
    const app = createApp(engine, { now: () => NOW });
    const said = async (query: string) =>
      forecastAnswer.parse(await (await app.request(`http://localhost/v1/forecast${query}`, { headers: { host: 'localhost' } })).json()).total.categories.map(({ category }) => category); // biome-ignore format: one call
    expect(await said('?asOf=2026-03-20T00:00:00Z')).toEqual(['pipeline']);
    expect(await said('')).toEqual(['commit', 'pipeline']);
    store.close();
  });

  it('tells the open deals of every group by what people call them, and they add up', async () => {
    const stages = ['stage,rank,kind,category', 'New,1,open,PIPELINE', 'Offer,2,open,Commit', 'Won,3,won,closed', 'Lost,4,lost,omitted']; // biome-ignore format: a table
    const store = await companyStore({ ...bundle(), 'stages.csv': stages });
    const engine = plainEngine(store);
    engine.serve('plain-1');
    const app = createApp(engine, { now: () => NOW });
    const said = async (query: string) =>
      forecastAnswer.parse(await (await app.request(`http://localhost/v1/forecast?${query}`, { headers: { host: 'localhost' } })).json()); // biome-ignore format: one call
    const { total, groups, deals } = await said('by=team&deals=1000');
    expect(total.categories.map(({ category }) => category)).toEqual(['commit', 'pipeline']);
    for (const group of [total, ...groups]) {
      const sum = (of: (one: (typeof group.categories)[number]) => number) => group.categories.reduce((all, one) => all + of(one), 0); // biome-ignore format: one call
      expect(sum((one) => one.expected.minor)).toBe(group.open.minor);
      expect(sum((one) => one.openDeals)).toBe(group.openDeals);
    }
    const stageOf = (id: string) => [...store.rows('deal')].find((deal) => deal.id === id)!.stage;
    const offers = deals.filter(({ id }) => stageOf(id) === 'Offer');
    const sumOf = (rows: readonly { amount: { minor: number }; expected: { minor: number } }[], what: 'amount' | 'expected') => rows.reduce((all, row) => all + row[what].minor, 0); // biome-ignore format: one call
    expect(total.categories[0]).toMatchObject({
      openDeals: offers.length,
      amount: { minor: sumOf(offers, 'amount') },
      // All of them are expected in June.
      due: { minor: sumOf(offers, 'amount') },
      expected: { minor: sumOf(offers, 'expected') },
    });
    // Also where they are not in the number: what they would bring.
    const without = await said('by=owner&parts=new');
    expect(without.total.open.minor).toBe(0);
    expect(without.total.categories).toEqual(total.categories);
    expect((await said('period=2026-07')).total.categories[0]!.due.minor).toBe(0);
    store.close();
  });

  it('counts amounts of nothing and below nothing as they are, and a year and its quarters as one promise', async () => {
    const files = bundle();
    const deals = files['deals.csv'] as string[];
    const at = deals[0]!.split(',').indexOf('amount');
    const amounts: Record<string, string> = { d45: '0.00', d46: '-5000.00' };
    const odd = deals.map((line) => {
      const cells = line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/);
      if (amounts[cells[0]!] !== undefined) cells[at] = amounts[cells[0]!]!;
      return cells.join(',');
    });
    const changes = (files['changes.csv'] as string[]).filter((line) => !/^deal,d4[56],.*,amount,/.test(line));
    const quotas = ['owner_id,team_id,period_start,period_end,amount,currency', 'u1,,2026-04-01,2026-07-01,900.00,THB', 'u1,,2026-04-01,2026-05-01,300.00,THB']; // biome-ignore format: a file
    const store = await companyStore({ ...files, 'deals.csv': odd, 'changes.csv': changes, 'quotas.csv': quotas });
    const engine = plainEngine(store);
    engine.serve('plain-1');
    const app = createApp(engine, { now: () => NOW });
    const said = async (by: string) => forecastAnswer.parse(await (await app.request(`http://localhost/v1/forecast?deals=1000&by=${by}`, { headers: { host: 'localhost' } })).json()); // biome-ignore format: one call
    const { total, deals: adds } = await said('all');
    const adding = new Map(adds.map((deal) => [deal.id, deal.expected.minor]));
    expect(adding.get('crm:d45')).toBe(0);
    expect(adding.get('crm:d46')).toBeLessThan(0);
    expect(total.open.minor).toBe([...adding.values()].reduce((sum, minor) => sum + minor, 0));
    expect(total.quota?.minor).toBe(90_000);
    expect(total.p10.minor).toBeLessThanOrEqual(total.p90.minor);
    const { groups } = await said('owner');
    expect(groups.reduce((sum, group) => sum + group.expected.minor, 0)).toBe(total.expected.minor);
    store.close();
  });
});
