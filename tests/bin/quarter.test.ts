import { describe, expect, it } from 'vitest';
import { quarterContent } from '../../bin/quarter/content.ts';
import { quarterHtml } from '../../bin/quarter/report.ts';
import { LIVE, sharedApp } from '../api/company.ts';

describe('the report of a period', () => {
  const app = sharedApp();
  const content = (label: string, asOf = LIVE) => {
    const { engine } = app();
    return quarterContent(engine, 'Asia/Bangkok', { period: engine.period({ label }, asOf), by: 'team', asOf });
  };

  it('shows the forecast, how it came about and how it may go on, each as the engine says it', () => {
    const told: string[] = [];
    const { engine } = app();
    const period = engine.period({ label: '2026-Q2' }, LIVE);
    const shown = quarterContent(engine, 'Asia/Bangkok', { period, by: 'all', asOf: LIVE }, (text) => told.push(text));
    const forecast = engine.forecast({ period, by: 'all', asOf: LIVE });
    expect(shown.fan.at(-1)).toEqual({ at: period.to, expectedMinor: forecast.total.expectedMinor, bands: forecast.total.bands }); // biome-ignore format: one check
    // What is booked by a later day is no less, in the middle and in every band.
    for (const [i, { expectedMinor, bands }] of shown.fan.entries()) {
      const before = shown.fan[i - 1];
      if (!before) continue;
      expect(expectedMinor).toBeGreaterThanOrEqual(before.expectedMinor - 1);
      for (const [k, { highMinor }] of bands.entries())
        expect(highMinor).toBeGreaterThanOrEqual(before.bands[k]!.lowMinor);
    }
    expect(shown.looks.at(-1)).toMatchObject({ at: LIVE, expectedMinor: forecast.total.expectedMinor });
    expect(told).toHaveLength(shown.looks.length);
    const { changes } = shown;
    expect(changes?.total.afterMinor).toBe(forecast.total.expectedMinor);
    expect(changes?.total.beforeMinor).toBe(shown.looks[0]!.expectedMinor);
    expect(forecast.bookings.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(forecast.total.closedMinor);
    expect(shown.comparison.groups.length).toBeGreaterThan(0); // teams, where no grouping was asked for
  });

  it('is one file that asks for nothing else, in English and in Thai, whose years are of the Buddhist era', () => {
    const shown = content('2026-Q2');
    for (const language of ['en', 'th'] as const) {
      const page = quarterHtml(shown, language);
      expect(page).not.toMatch(/<script|https?:|src=|@import|url\(|undefined|NaN|\[object/);
      expect(page).toContain(`<html lang="${language}">`);
      expect(page.match(/<svg class="wide"/g)).toHaveLength(3);
      expect(page).toContain(language === 'th' ? '2569' : '2026');
    }
  });

  it('shows what people call the open deals, where they do', () => {
    const shown = content('2026-Q2');
    const categories = [{ category: null, openDeals: 3, amountMinor: 500_00, dueMinor: 0, expectedMinor: 100_00 }];
    const total = { ...shown.forecast.total, categories };
    const page = quarterHtml({ ...shown, forecast: { ...shown.forecast, total } }, 'en');
    expect(page).toMatch(/What people call the open deals.*No category<\/th><td class="number">3</s);
    expect(quarterHtml(shown, 'en')).not.toContain('What people call');
  });

  it('names the fewest deals that would close the gap to the quota', () => {
    const shown = content('2026-Q2');
    const [deal] = shown.forecast.deals;
    const total = { ...shown.forecast.total, quotaMinor: shown.forecast.total.expectedMinor + 1_000_00 };
    const page = (toClose: typeof shown.forecast.toClose) => quarterHtml({ ...shown, forecast: { ...shown.forecast, total, toClose } }, 'en'); // biome-ignore format: one call
    expect(page([deal!])).toMatch(
      /฿1k less than the quota is expected; winning this one deal would bring it: Deal &lt;/,
    );
    expect(page(null)).toContain('more than all open deals together would bring');
    expect(quarterHtml(shown, 'en')).not.toContain('less than the quota');
  });

  it('of a period that is over shows what came; of one that has not begun there is none', () => {
    const over = content('2026-Q1');
    expect(over.fan).toEqual([]);
    expect(quarterHtml(over, 'en')).not.toMatch(/undefined|NaN/);
    expect(() => content('2026-Q3')).toThrow(/has not begun/);
  });

  it('escapes what people called their deals', () => {
    const shown = content('2026-Q2');
    const [id] = [...shown.names.keys()];
    const page = quarterHtml({ ...shown, names: new Map([[id!, '<b onclick=x>']]) }, 'en');
    expect(page).toContain('&lt;b onclick=x&gt;');
    expect(page).not.toContain('<b onclick');
  });
});
