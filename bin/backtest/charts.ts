import { html } from 'hono/html';
import type { BacktestResult } from '../../training/backtest/backtest.ts';
import type { Estimate } from '../../training/backtest/judge.ts';
import { type Language, nameOf, type Words } from './words.ts';

type Markup = ReturnType<typeof html>;
const tidy = (value: number): number => Math.round(value * 10) / 10;

/** Class of a method's line and key; each also has its own dashes, for those who see no colours and for print. */
const CLASSES: Readonly<Record<string, string>> = {
  foresell: 'm-ours',
  plainPercentage: 'm-plain',
  rep: 'm-rep',
  incumbent: 'm-incumbent',
  baseRate: 'm-base',
};

export const chartStyle = `
:root { --plain: #b45309; --rep: #7c3aed; --incumbent: #0f766e; }
@media (prefers-color-scheme: dark) { :root { --plain: #f5a54a; --rep: #c4a1ff; --incumbent: #5ed3c6; } }
.m-ours { stroke: var(--accent); stroke-width: 3.5; } .m-plain { stroke: var(--plain); stroke-width: 2; stroke-dasharray: 9 4; }
.m-rep { stroke: var(--rep); stroke-width: 2; stroke-dasharray: 3 3; } .m-incumbent { stroke: var(--incumbent); stroke-width: 2; stroke-dasharray: 12 3 3 3; }
.m-base { stroke: var(--soft); stroke-width: 1.5; stroke-dasharray: 4 4; } .line { fill: none; stroke-linejoin: round; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; list-style: none; padding: 0; margin: .5rem 0 0; font-size: .925rem; }
.legend li { display: flex; align-items: center; gap: .5rem; } .legend svg { width: 2.4rem; height: .8rem; flex: none; }
.bar-ours { fill: var(--accent); } .bar-real { fill: none; stroke: var(--ink); stroke-width: 2; }
.zero { stroke: var(--soft); } .whisker { stroke-width: 2; } .good-mark { stroke: var(--good); fill: var(--good); } .bad-mark { stroke: var(--bad); fill: var(--bad); } .even-mark { stroke: var(--soft); fill: var(--soft); }
.guide { stroke: var(--line); stroke-dasharray: 2 3; }
`;

export const keyOf = (method: string): Markup =>
  html`<svg viewBox="0 0 38 10" aria-hidden="true"><line class="${CLASSES[method] ?? 'm-base'}" x1="1" x2="37" y1="5" y2="5" /></svg>`;

/** Axes of shares, 0 to 100 %, and what lies on them. */
function square(
  label: string,
  x: string,
  y: string,
  inside: (px: (v: number) => number, py: (v: number) => number) => Markup,
): Markup {
  const size = 420;
  const [left, right, top, bottom] = [46, size - 14, 10, size - 52];
  const px = (v: number) => tidy(left + v * (right - left));
  const py = (v: number) => tidy(bottom - v * (bottom - top));
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1];
  return html`<svg viewBox="0 0 ${size} ${size}" role="img" aria-label="${label}">
${ticks.map(
  (
    tick,
  ) => html`<line class="s-line" x1="${px(tick)}" x2="${px(tick)}" y1="${py(1)}" y2="${py(0)}" /><line class="s-line" x1="${px(0)}" x2="${px(1)}" y1="${py(tick)}" y2="${py(tick)}" />
<text x="${px(tick)}" y="${py(0) + 18}" text-anchor="middle">${Math.round(tick * 100)}</text><text x="${px(0) - 8}" y="${py(tick) + 4}" text-anchor="end">${Math.round(tick * 100)}</text>`,
)}
${inside(px, py)}
<text x="${(px(0) + px(1)) / 2}" y="${py(0) + 42}" text-anchor="middle">${x}</text>
<text x="13" y="${(py(0) + py(1)) / 2}" text-anchor="middle" transform="rotate(-90 13 ${(py(0) + py(1)) / 2})">${y}</text>
</svg>`;
}

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
