import { describe, expect, it } from 'vitest';
import { accuracyAnswer } from '../../api/forecastAccuracyAnswer.ts';
import { LIVE, sharedApp, testApp } from './company.ts';

describe('GET /v1/forecast/accuracy', () => {
  const app = sharedApp();
  const accuracy = async (query = '') => {
    const answer = await app().ask(`/v1/forecast/accuracy${query}`);
    expect(answer.status, await answer.clone().text()).toBe(200);
    return accuracyAnswer.parse(await answer.json());
  };
  interface Forecast {
    total: Record<'closed' | 'expected' | 'p10' | 'p90', { minor: number }>;
  }
  const forecast = async (query: string) =>
    (await (await app().ask(`/v1/forecast?period=2026-Q1&${query}`)).json()) as Forecast;

  it('says of each look what /v1/forecast says as of then, and what came as it is known now', async () => {
    const { looks, all, unseen, asOf } = await accuracy('?from=2026-02-20&every=14');
    expect(looks.map(({ period, weeksLeft }) => [period, weeksLeft])).toEqual([['2026-Q1', 6], ['2026-Q1', 4], ['2026-Q1', 2]]); // biome-ignore format: one check
    const { total: now } = await forecast('');
    for (const look of looks) {
      const { total } = await forecast(`asOf=${look.at}`);
      expect([look.booked, look.expected, look.p10, look.p90]).toEqual([total.closed, total.expected, total.p10, total.p90]); // biome-ignore format: one check
      expect(look.came).toEqual(now.closed);
      // The version of these tests learned up to now.
      expect(look.hindsight).toBe(true);
    }
    expect(unseen).toBeNull();
    expect(Date.parse(asOf)).toBe(LIVE);
    expect(all).toMatchObject({ looks: 3, periods: 1 });
    expect(all.figures.map(({ way }) => way)).toEqual(['foresell', 'usual', 'stageRate']); // nobody records categories
    expect(all.owners.map(({ id, name }) => [id, name])).toContainEqual(['crm:u1', 'Rep 1']);
  });

  it('judges what people had put beside the forecast by then, by group, beside the model at the same looks', async () => {
    const { store, ask } = await testApp();
    const period = store.company().calendar.period('2026-Q1');
    const row = { kind: 'commit' as const, by: 'team', node: 'crm:t1', period: period.label, from: period.from, to: period.to, amountMinor: 500_000_00, currency: 'THB', reason: 'x', author: null, undoes: null }; // biome-ignore format: a row
    const at = Date.parse('2026-03-01T00:00:00Z');
    store.append(at, [({ adjustments }) => adjustments.add({ ...row, at })]);
    const answer = accuracyAnswer.parse(await (await ask('/v1/forecast/accuracy?from=2026-02-20&every=14')).json());
    const team = async (query: string) => {
      const { groups } = (await (await ask(`/v1/forecast?period=2026-Q1&by=team&${query}`)).json()) as { groups: { id: string; closed: { minor: number }; expected: { minor: number } }[] }; // biome-ignore format: one line
      return groups.find(({ id }) => id === 'crm:t1')!;
    };
    const came = (await team('')).closed.minor;
    const expected = await Promise.all(answer.looks.slice(1).map(async (look) => (await team(`asOf=${look.at}`)).expected.minor)); // biome-ignore format: one call
    const off = (said: readonly number[]) => said.reduce((sum, minor) => sum + Math.abs(minor - came), 0) / (came * said.length); // biome-ignore format: one call
    expect(answer.all.groups).toEqual([
      expect.objectContaining({ kind: 'commit', by: 'team', id: 'crm:t1', name: 'North', looks: 2, periods: 1, wape: off([500_000_00, 500_000_00]), modelWape: off(expected) }), // biome-ignore format: a row
    ]);
  });

  it('is asked of months as well, each as /v1/forecast says it of that month', async () => {
    const answer = await accuracy('?from=2026-02-20&every=28&of=month');
    expect(answer.of).toBe('month');
    expect(answer.looks.map(({ period, weeksLeft }) => [period, weeksLeft])).toEqual([['2026-02', 2], ['2026-03', 2], ['2026-04', 2]]); // biome-ignore format: one check
    for (const look of answer.looks) {
      const said = (await (await app().ask(`/v1/forecast?period=${look.period}&asOf=${look.at}`)).json()) as Forecast;
      const now = (await (await app().ask(`/v1/forecast?period=${look.period}`)).json()) as Forecast;
      expect([look.booked, look.expected, look.p10]).toEqual([said.total.closed, said.total.expected, said.total.p10]);
      expect(look.came).toEqual(now.total.closed);
    }
    expect(answer.notes.join()).toContain('Looks at one month share');
    expect(answer.all.blend).toMatchObject([{ verdict: 'nobody', says: expect.stringContaining('nobody') }]);
  });

  it('says that it is no test where the version knew what came', async () => {
    expect((await accuracy()).notes.join()).toContain('no test');
  });

  it.each([
    ['?from=2020-01-01', 'from', 'backtest-too-early'],
    ['?from=2026-05-01', 'from', 'backtest-too-late'],
    ['?from=2026-03-01&to=2026-02-20', 'to', 'backtest-range'],
    ['?every=0', 'every', 'field-invalid'],
    ['?every=2e1', 'every', 'field-invalid'],
    ['?from=2026-01-28&every=1', 'every', 'field-invalid'],
    ['?when=now', 'when', 'field-unknown'],
  ])('refuses %s', async (query, path, code) => {
    const answer = await app().ask(`/v1/forecast/accuracy${query}`);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ path, code });
  });
});
