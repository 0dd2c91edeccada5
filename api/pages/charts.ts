import { html } from 'hono/html';
import type { GroupForecast } from '../forecast.ts';
import type { CalibrationRow } from '../ports.ts';
import { type Language, moneyText } from '../reasons.ts';
import type { Words } from './words.ts';

const WIDTH = 960;
const LEFT = 12;
const RIGHT = WIDTH - 12;

/** A step of 1, 2 or 5 times a power of ten that divides a range into about four. */
function niceStep(range: number): number {
  const rough = range / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  return (rough / power <= 1.5 ? 1 : rough / power <= 3.5 ? 2 : rough / power <= 7.5 ? 5 : 10) * power;
}

/** A tenth of a pixel is enough. */
const tidy = (value: number): number => Math.round(value * 10) / 10;

/** The quarter as one bar: closed, expected on top, the band of the total, the quota as a mark. */
export function forecastChart(total: GroupForecast, currency: string, language: Language, w: Words) {
  const most = Math.max(total.p90Minor, total.expectedMinor, total.quotaMinor ?? 0, 1) * 1.08;
  const x = (minor: number) => tidy(LEFT + (Math.max(0, minor) / most) * (RIGHT - LEFT));
  const money = (minor: number) => moneyText(minor, currency, language, true);
  const step = niceStep(most);
  const ticks = Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step);
  const said = [
    `${w.closed} ${money(total.closedMinor)}`,
    `${w.expected} ${money(total.expectedMinor)}`,
    `${w.band} ${money(total.p10Minor)} – ${money(total.p90Minor)}`,
    ...(total.quotaMinor === null ? [] : [`${w.quota} ${money(total.quotaMinor)}`]),
  ].join(', ');
  return html`<svg class="wide" viewBox="0 0 ${WIDTH} 108" role="img" aria-label="${said}">
    ${ticks.map(
      (tick) => html`<line class="s-line" x1="${x(tick)}" x2="${x(tick)}" y1="6" y2="84" />
        <text x="${x(tick)}" y="101" text-anchor="${tick === 0 ? 'start' : 'middle'}">${money(tick)}</text>`,
    )}
    <rect class="f-band" x="${x(total.p10Minor)}" y="12" width="${tidy(Math.max(2, x(total.p90Minor) - x(total.p10Minor)))}" height="66" rx="6" />
    <rect class="f-expected" x="${LEFT}" y="28" width="${tidy(x(total.expectedMinor) - LEFT)}" height="34" rx="4" />
    <rect class="f-closed" x="${LEFT}" y="28" width="${tidy(x(total.closedMinor) - LEFT)}" height="34" rx="4" />
    ${
      total.quotaMinor === null
        ? ''
        : html`<line class="s-quota" x1="${x(total.quotaMinor)}" x2="${x(total.quotaMinor)}" y1="6" y2="84" />`
    }
  </svg>`;
}

/** Reliability diagram: chance given against share won, dots as large as there are cases. */
export function reliabilityChart(rows: readonly CalibrationRow[], w: Words) {
  const size = 320;
  const from = 40;
  const to = size - 12;
  const x = (p: number) => tidy(from + p * (to - from));
  const y = (p: number) => tidy(to - 28 - p * (to - from - 8));
  const most = Math.max(...rows.map((row) => row.n));
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  return html`<svg viewBox="0 0 ${size} ${size + 8}" role="img" aria-label="${w.trustWhy}">
    ${ticks.map(
      (tick) => html`<line class="s-line" x1="${x(tick)}" x2="${x(tick)}" y1="${y(1)}" y2="${y(0)}" />
        <line class="s-line" x1="${x(0)}" x2="${x(1)}" y1="${y(tick)}" y2="${y(tick)}" />
        <text x="${x(tick)}" y="${y(0) + 18}" text-anchor="middle">${tick * 100}</text>
        <text x="${x(0) - 6}" y="${y(tick) + 4}" text-anchor="end">${tick * 100}</text>`,
    )}
    <line class="s-soft" x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}" />
    ${rows.map(
      (row) =>
        html`<circle class="dot" cx="${x(row.predicted)}" cy="${y(row.observed)}" r="${tidy(3 + 5 * Math.sqrt(row.n / most))}" />`,
    )}
    <text x="${(x(0) + x(1)) / 2}" y="${y(0) + 38}" text-anchor="middle">${w.said} (%)</text>
    <text x="14" y="${(y(0) + y(1)) / 2}" text-anchor="middle" transform="rotate(-90 14 ${(y(0) + y(1)) / 2})">${w.happened} (%)</text>
  </svg>`;
}
