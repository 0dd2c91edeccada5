import { describe, expect, it } from 'vitest';
import { changesAnswer } from '../../api/forecastChangesAnswer.ts';
import { groupings } from '../../models/forecast/rollup.ts';
import { random } from '../../src/random.ts';
import { DAY, formatInstant } from '../../src/time.ts';
import { testSeed } from '../arbitraries.ts';
import { LIVE, sharedApp } from './company.ts';

describe('GET /v1/forecast/changes', () => {
  const app = sharedApp();
  const changes = async (query: string) => {
    const answer = await app().ask(`/v1/forecast/changes?${query}`);
    expect(answer.status, await answer.clone().text()).toBe(200);
    return changesAnswer.parse(await answer.json());
  };
  type Answer = Awaited<ReturnType<typeof changes>>;
  const addsUp = ({ before, after, change, causes }: Answer['total'] | Answer['deals'][number]) => {
    expect(after.minor - before.minor).toBe(change.minor);
    expect(causes.reduce((sum, cause) => sum + cause.change.minor, 0)).toBe(change.minor + 0);
  };

  it(`adds up by deal, by group and in total, for random dates and groups (seed ${testSeed})`, async () => {
    const stream = random(testSeed);
    for (let k = 0; k < 7; k++) {
      const days = [stream.below(130), stream.below(130)].sort((a, b) => a - b);
      const [from, to] = [LIVE - (days[1]! + 1) * DAY, LIVE - days[0]! * DAY];
      const by = groupings[k % groupings.length]!;
      const period = stream.uniform() < 0.5 ? '' : '&period=2026-Q2';
      const answer = await changes(`from=${formatInstant(from)}&to=${formatInstant(to)}&by=${by}&deals=1000${period}`);
      for (const one of [answer.total, ...answer.groups, ...answer.deals]) addsUp(one);
      const tops = answer.groups.filter((group) => group.parentId === null);
      if (by !== 'all') {
        for (const side of ['before', 'after'] as const) {
          expect(tops.reduce((sum, group) => sum + group[side].minor, 0)).toBe(answer.total[side].minor);
        }
      }
      const ofDeals = answer.deals.reduce((sum, deal) => sum + deal.change.minor, 0);
      const rest = answer.total.causes.filter(({ cause }) => cause === 'newBusiness' || cause === 'renewals');
      expect(ofDeals + rest.reduce((sum, { change }) => sum + change.minor, 0)).toBe(answer.total.change.minor);
    }
  });

  it('is the difference of the two forecasts', async () => {
    const answer = await changes('from=2026-04-20&to=2026-05-10');
    for (const [at, money] of [
      ['2026-04-20', answer.total.before],
      ['2026-05-10', answer.total.after],
    ] as const) {
      const forecast = await app().ask(`/v1/forecast?asOf=${at}&period=2026-Q2`);
      expect(((await forecast.json()) as { total: { expected: object } }).total.expected).toEqual(money);
    }
    expect(answer.period).toBe('2026-Q2');
    expect(answer.changedDeals).toBeGreaterThan(0);
  });

  it.each([
    ['to=2026-05-01', 'from'],
    ['from=2026-05-02&to=2026-05-01', 'from'],
    ['from=2027-01-01', 'asOf'],
    ['from=2026-05-01&by=planet', 'by'],
    ['from=2026-05-01&deals=', 'deals'],
    ['from=2026-05-01&deals=0x10', 'deals'],
  ])('refuses ?%s', async (query, path) => {
    const answer = await app().ask(`/v1/forecast/changes?${query}`);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ path });
  });
});

describe('POST /v1/whatif of the pipeline', () => {
  const app = sharedApp();
  interface Outlook {
    expected: { minor: number };
    closed: { minor: number };
    open: { minor: number };
    newBusiness: { minor: number };
  }
  const ask = async (pipeline: object, more: object = {}) => {
    const answer = await app().post('/v1/whatif', { pipeline, ...more });
    const body = (await answer.json()) as { before: Outlook; after: Outlook; change: { minor: number }; code?: string; path?: string }; // biome-ignore format: one type
    return { status: answer.status, ...body };
  };
  const forecast = async () =>
    (await (await app().ask('/v1/forecast?deals=1000')).json()) as {
      total: Outlook;
      deals: { id: string; probability: number; amount: { minor: number }; expected: { minor: number } }[];
    };

  it('drops, wins, re-prices and pushes deals, and stores nothing', async () => {
    const { total, deals } = await forecast();
    const [first, second, third] = deals;
    const dropped = await ask({ drop: [first!.id] });
    expect(dropped.before.expected.minor).toBe(total.expected.minor);
    // The shares of the others may round otherwise by a unit.
    expect(Math.abs(dropped.change.minor + first!.expected.minor)).toBeLessThanOrEqual(1);
    const won = await ask({ win: [second!.id] });
    expect(won.after.closed.minor - won.before.closed.minor).toBe(second!.amount.minor);
    const twice = await ask({
      reprice: [{ id: third!.id, amount: { minor: 2 * third!.amount.minor, currency: 'THB' } }],
    });
    expect(Math.abs(twice.change.minor - third!.expected.minor)).toBeLessThanOrEqual(1);
    const later = await ask({ push: [{ id: first!.id, days: 30 }] });
    expect(later.change.minor).toBeLessThan(0);
    expect((await forecast()).total).toEqual(total);
  });

  it('changes the win rate, new business and headcount', async () => {
    const rate = await ask({ winRate: 0.5 });
    expect(Math.abs(rate.after.open.minor - rate.before.open.minor / 2)).toBeLessThanOrEqual(1);
    expect(Math.abs(rate.after.newBusiness.minor - rate.before.newBusiness.minor / 2)).toBeLessThanOrEqual(1);
    const none = await ask({ newBusiness: 0 });
    expect(none.after.newBusiness.minor).toBe(0);
    // Four sellers.
    const more = await ask({ headcount: 2 });
    expect(Math.abs(more.after.newBusiness.minor - 1.5 * more.before.newBusiness.minor)).toBeLessThanOrEqual(1);
  });

  it('refuses what cannot be', async () => {
    const { deals } = await forecast();
    const { id } = deals[0]!;
    const path = async (pipeline: object, more: object = {}) => {
      const { status, path } = await ask(pipeline, more);
      return [status, path];
    };
    expect(await path({ drop: ['d0'] })).toEqual([400, 'pipeline.drop[0]']);
    expect(await path({ drop: ['nowhere'] })).toEqual([404, 'pipeline.drop[0]']);
    expect(await path({ win: [id, 'nowhere'] })).toEqual([404, 'pipeline.win[1]']);
    expect(await path({ push: [{ id: 'nowhere', days: 1 }] })).toEqual([404, 'pipeline.push[0].id']);
    expect(await path({ reprice: [{ id: 'nowhere', amount: { minor: 5, currency: 'THB' } }] })).toEqual([404, 'pipeline.reprice[0].id']); // biome-ignore format: one check
    expect(await path({ drop: [id], win: [id] })).toEqual([400, 'pipeline.win[0]']);
    expect(await path({ headcount: -4 })).toEqual([400, 'pipeline.headcount']);
    expect(await path({ reprice: [{ id, amount: { minor: 5, currency: 'USD' } }] })).toEqual([400, 'pipeline.reprice[0].amount']); // biome-ignore format: one check
    expect(await path({}, { id })).toEqual([400, 'id']);
    expect(await path({ winRate: -1 })).toEqual([400, 'pipeline.winRate']);
  });

  it('refuses what contradicts itself, and amounts that none can be', async () => {
    const { deals } = await forecast();
    const { id } = deals[0]!;
    const bare = id.split(':')[1]!;
    const price = (of: string, minor: number) => ({ id: of, amount: { minor, currency: 'THB' } });
    const said = async (pipeline: object) => {
      const { status, code, path } = await ask(pipeline);
      return [status, code, path];
    };
    for (const minor of [-1, 1e14 + 1]) {
      expect(await said({ reprice: [price(id, minor)] })).toEqual([400, 'field-invalid', 'pipeline.reprice[0].amount']);
    }
    expect(await said({ reprice: [price(id, 5), price(bare, 6)] })).toEqual([400, 'field-invalid', 'pipeline.reprice[1].id']); // biome-ignore format: one check
    expect(await said({ push: [{ id, days: 3 }, { id: bare, days: 4 }] })).toEqual([400, 'field-invalid', 'pipeline.push[1].id']); // biome-ignore format: one check
    expect(await said({ drop: [id], reprice: [price(id, 5)] })).toEqual([400, 'field-invalid', 'pipeline.reprice[0].id']); // biome-ignore format: one check
    expect(await said({ drop: [id], push: [{ id, days: 3 }] })).toEqual([400, 'field-invalid', 'pipeline.push[0].id']);
    const dearer = await ask({ win: [id], reprice: [price(id, 1e14)] });
    expect(dearer.after.closed.minor - dearer.before.closed.minor).toBe(1e14);
    expect((await ask({ reprice: [price(id, 0)], push: [{ id, days: 3 }] })).change.minor).toBeLessThan(0);
  });
});
