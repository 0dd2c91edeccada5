import { html } from 'hono/html';
import type { BacktestResult } from '../../training/backtest/backtest.ts';
import type { Estimate } from '../../training/backtest/judge.ts';
import { drawingStyle, lineKey, type Markup, square, tidy } from '../drawing/square.ts';
import { type Language, nameOf, type Words } from './words.ts';

/** Class of a method's line and key; each also has its own dashes, for those who see no colours and for print. */
const CLASSES: Readonly<Record<string, string>> = {
  foresell: 'm-ours',
  plainPercentage: 'm-plain',
  rep: 'm-rep',
  incumbent: 'm-incumbent',
  baseRate: 'm-base',
};

export const chartStyle = `${drawingStyle}
.bar-ours { fill: var(--accent); } .bar-real { fill: none; stroke: var(--ink); stroke-width: 2; }
.zero { stroke: var(--soft); } .whisker { stroke-width: 2; } .good-mark { stroke: var(--good); fill: var(--good); } .bad-mark { stroke: var(--bad); fill: var(--bad); } .even-mark { stroke: var(--soft); fill: var(--soft); }
.guide { stroke: var(--line); stroke-dasharray: 2 3; }
`;

export const keyOf = (method: string): Markup => lineKey(CLASSES[method] ?? 'm-base');

/** How much of what was won lies in the best-ranked share; chance is the diagonal. */
export function gainChart(result: BacktestResult, by: 'money' | 'list', w: Words): Markup {
  const curves = result.judgement.curves.filter((curve) => curve.by === by && curve.method !== 'baseRate');
  const points = (gained: readonly (number | null)[], px: (v: number) => number, py: (v: number) => number) =>
    gained.flatMap((v, i) => (v === null ? [] : [`${px(i / (gained.length - 1))},${py(v)}`])).join(' ');
  const money = by === 'money';
  return square(w.gainTitle(money, result.subject.noun.many), w.gainX(money), w.gainY(money), (px, py) => {
    const ours = curves.find(({ method }) => method === 'foresell')?.gained[4] ?? null;
    return html`<line class="m-base" x1="${px(0)}" y1="${py(0)}" x2="${px(1)}" y2="${py(1)}" />
${[...curves].reverse().map(({ method, gained }) => html`<polyline class="line ${CLASSES[method]}" points="${points(gained, px, py)}" />`)}
${ours === null ? '' : html`<circle class="dot" cx="${px(0.2)}" cy="${py(ours)}" r="5" /><text class="mark" x="${px(0.2) - 8}" y="${py(ours) - 8}" text-anchor="end">${Math.round(100 * ours)} %</text>`}`;
  });
}

/** Said against happened: our dots as large as there are looks, the rivals as lines. */
export function calibrationChart(result: BacktestResult, w: Words): Markup {
  const { calibration, methods } = result.judgement;
  const of = calibration.within;
  const most = Math.max(...of['foresell']!.map(({ rows }) => rows));
  return square(w.calibrationTitle, `${w.said} (%)`, `${w.happened} (%)`, (px, py) => {
    return html`<line class="m-base" x1="${px(0)}" y1="${py(0)}" x2="${px(1)}" y2="${py(1)}" />
${methods.filter((m) => m !== 'foresell' && m !== 'baseRate').map((m) => html`<polyline class="line ${CLASSES[m]}" opacity=".7" points="${of[m]!.map((bin) => `${px(bin.said)},${py(bin.happened)}`).join(' ')}" />`)}
${of['foresell']!.map((bin) => html`<circle class="dot" cx="${px(bin.said)}" cy="${py(bin.happened)}" r="${tidy(3.5 + 4 * Math.sqrt(bin.rows / most))}" />`)}`;
  });
}

/** Expected beside happened, a pair of bars a look. */
export function looksChart(result: BacktestResult, language: Language, w: Words, date: (at: number) => string): Markup {
  const { origins } = result;
  const [width, height, left, bottom, top] = [960, 220, 40, 178, 8];
  const most = Math.max(1, ...origins.flatMap(({ expected, happened }) => [expected, happened])) * 1.08;
  const y = (v: number) => tidy(bottom - (v / most) * (bottom - top));
  const slot = (width - left - 8) / origins.length;
  const bar = Math.min(26, slot * 0.36);
  const every = Math.ceil((origins.length * 76) / (width - left));
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(
    1,
    (rough / power <= 1.5 ? 1 : rough / power <= 3.5 ? 2 : rough / power <= 7.5 ? 5 : 10) * power,
  );
  const ticks = Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step);
  return html`<svg class="wide" viewBox="0 0 ${width} ${height}" role="img" aria-label="${w.looksTitle}" lang="${language}">
${ticks.map((tick) => html`<line class="s-line" x1="${left}" x2="${width}" y1="${y(tick)}" y2="${y(tick)}" /><text x="${left - 8}" y="${y(tick) + 4}" text-anchor="end">${tick}</text>`)}
${origins.map(({ at, expected, happened }, i) => {
  const middle = left + slot * (i + 0.5);
  return html`<rect class="bar-ours" x="${tidy(middle - bar - 1)}" y="${y(expected)}" width="${tidy(bar)}" height="${tidy(bottom - y(expected))}" rx="2" /><rect class="bar-real" x="${tidy(middle + 2)}" y="${y(happened)}" width="${tidy(bar - 2)}" height="${tidy(bottom - y(happened))}" rx="2" />${i % every === 0 ? html`<text x="${tidy(middle)}" y="${bottom + 20}" text-anchor="middle">${date(at)}</text>` : ''}`;
})}
<rect class="bar-ours" x="${left}" y="${height - 12}" width="12" height="11" rx="2" /><text x="${left + 18}" y="${height - 2}">${w.expected}</text>
<rect class="bar-real" x="${left + 150}" y="${height - 12}" width="11" height="10" rx="2" /><text x="${left + 168}" y="${height - 2}">${w.happened}</text>
</svg>`;
}

/** Differences as dots with whiskers over one common axis, zero marked: left is better for losses. */
export function whisker(of: Estimate | { value: number; low: number; high: number }, most: number): Markup {
  const [width, height] = [220, 20];
  const x = (v: number) => tidy(width / 2 + (Math.max(-most, Math.min(most, v)) / most) * (width / 2 - 6));
  const { value, low, high } = of;
  if (value === null || low === null || high === null) return html`–`;
  const kind = high < 0 ? 'good-mark' : low > 0 ? 'bad-mark' : 'even-mark';
  return html`<svg class="whiskers" viewBox="0 0 ${width} ${height}" aria-hidden="true"><line class="zero" x1="${width / 2}" x2="${width / 2}" y1="0" y2="${height}" /><line class="whisker ${kind}" x1="${x(low)}" x2="${x(high)}" y1="${height / 2}" y2="${height / 2}" /><circle class="${kind}" cx="${x(value)}" cy="${height / 2}" r="4.5" /></svg>`;
}

/** Keys of the methods' lines. */
export function legend(result: BacktestResult, language: Language): Markup {
  return html`<ul class="legend">${result.judgement.methods.map((m) => html`<li>${keyOf(m)}${nameOf(m, result, language)}</li>`)}</ul>`;
}
