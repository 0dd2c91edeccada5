import { describe, expect, it } from 'vitest';
import { accuracyAnswer } from '../../api/forecastAccuracyAnswer.ts';
import { LIVE, sharedApp } from './company.ts';

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

  it('says that it is no test where the version knew what came', async () => {
    expect((await accuracy()).notes.join()).toContain('no test');
  });

  it.each([
    ['?from=2020-01-01', 'from', 'backtest-too-early'],
    ['?from=2026-05-01', 'from', 'backtest-too-late'],
    ['?from=2026-03-01&to=2026-02-20', 'to', 'backtest-range'],
    ['?every=0', 'every', 'field-invalid'],
    ['?from=2026-01-28&every=1', 'every', 'field-invalid'],
    ['?when=now', 'when', 'field-unknown'],
  ])('refuses %s', async (query, path, code) => {
    const answer = await app().ask(`/v1/forecast/accuracy${query}`);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ path, code });
  });
});
