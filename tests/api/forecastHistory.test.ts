import { describe, expect, it } from 'vitest';
import { forecastHistoryAnswer } from '../../api/routes/forecastHistory.ts';
import { openStore } from '../../src/store/open.ts';
import { DAY, formatInstant } from '../../src/time.ts';
import { LIVE, sharedApp, testApp } from './company.ts';

const historyOf = async (ask: (path: string) => Promise<Response> | Response, query = '') =>
  forecastHistoryAnswer.parse(await (await ask(`/v1/forecast/history${query}`)).json());

describe('GET /v1/forecast/history', () => {
  const app = sharedApp();

  it('holds each day’s forecast as it was said, with its version, once', async () => {
    const { engine, store, ask } = await testApp();
    expect((await historyOf(ask)).items).toEqual([]);
    expect(engine.keepForecasts(1)).toBe(1);
    expect(engine.keepForecasts()).toBe(3);
    expect(engine.keepForecasts()).toBe(0);
    const { items, period } = await historyOf(ask);
    const said = (await (await ask('/v1/forecast')).json()) as Record<'version' | 'asOf', string> & { total: Record<string, unknown> }; // biome-ignore format: a row
    expect(period).toBe('2026-Q2');
    expect(items).toHaveLength(1);
    const { closed: booked, expected, p10, p50, p90, quota, probabilityOfQuota, openDeals } = said.total;
    expect(items[0]).toEqual({ day: '2026-05-20', asOf: said.asOf, version: said.version, booked, expected, p10, p50, p90, quota, probabilityOfQuota, openDeals }); // biome-ignore format: one check
    for (const label of ['2026-Q3', '2026-05', '2026']) expect((await historyOf(ask, `?period=${label}`)).items).toHaveLength(1); // biome-ignore format: one check
    expect((await historyOf(ask, '?period=2025')).items).toEqual([]);
    // There after the process is gone.
    const again = openStore(store.path);
    expect(again.forecastsSaid().map(({ period: label }) => label).sort()).toEqual(['2026', '2026-05', '2026-Q2', '2026-Q3']); // biome-ignore format: one check
    again.close();
  });

  it('the first word of a day stands, whatever is said of it later; the next day is a row of its own', async () => {
    const { engine, store } = await testApp();
    engine.keepForecasts();
    const [row] = store.forecastsSaid(engine.period({}, LIVE));
    expect(store.keepForecasts([{ ...row!, expectedMinor: 1, version: 'other' }])).toBe(0);
    expect(store.keepForecasts([{ ...row!, day: '2026-05-21', at: row!.at + DAY, expectedMinor: 2 }])).toBe(1);
    const kept = store.forecastsSaid(engine.period({}, LIVE));
    expect(kept.map(({ day, expectedMinor }) => [day, expectedMinor])).toEqual([['2026-05-20', row!.expectedMinor], ['2026-05-21', 2]]); // biome-ignore format: one check
    expect(formatInstant(kept[0]!.at)).toBe(formatInstant(LIVE));
  });

  it('keeps all of a question or nothing', async () => {
    const { engine, store } = await testApp();
    engine.keepForecasts();
    const [row] = store.forecastsSaid();
    const bad = { ...row!, day: '2026-06-02', version: null as unknown as string };
    expect(() => store.keepForecasts([{ ...row!, day: '2026-06-01' }, bad])).toThrow();
    expect(store.forecastsSaid().filter(({ day }) => day >= '2026-06')).toEqual([]);
  });

  it.each([
    ['?period=2026-Q9', 'period-unknown'],
    ['?when=now', 'field-unknown'],
  ])('refuses %s', async (query, code) => {
    const answer = await app().ask(`/v1/forecast/history${query}`);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code });
  });
});
