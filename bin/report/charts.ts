import { html } from 'hono/html';
import type { EffectBin, JudgedRows } from '../../training/evidence.ts';
import type { LearningCurve } from '../../training/runRecord.ts';
import { lineKey, type Markup, pointsOf, roundSteps, square, tidy } from '../drawing/square.ts';
import { distribution, gainPoints, liftByTenth, type Point, precisionRecallPoints, reliability, rocPoints } from './figures.ts'; // biome-ignore format: one import
import type { Words } from './words.ts';

/** Class of a method's line; plain percentages share one. */
const CLASSES: Readonly<Record<string, string>> = { model: 'm-ours', ridge: 'm-rep', baseRate: 'm-base' };
const classOf = (method: string): string => CLASSES[method] ?? 'm-plain';

export const chartStyle = `
.bar-yes { fill: var(--accent); } .bar-no { fill: none; stroke: var(--ink); stroke-width: 1.5; } .interval { stroke: var(--accent); stroke-width: 2; }
.effect-up { fill: var(--good); } .effect-down { fill: var(--bad); } .spread { stroke: var(--ink); stroke-width: 1.5; } .axis { stroke: var(--soft); }
svg.effect { width: 15rem; min-width: 9rem; } td.bar { width: 45%; padding-right: 0; }
`;

/** Methods that rank: of the base rate all rows are alike. */
const ranking = ({ rivals }: JudgedRows) => Object.entries(rivals).filter(([name]) => name !== 'baseRate');

function lines(
  judged: JudgedRows,
  of: (event: readonly number[], p: readonly number[]) => Point[],
  label: string,
  x: string,
  y: string,
  chance: readonly [Point, Point],
): Markup {
  return square(
    label,
    x,
    y,
    (px, py) => html`<polyline class="line m-base" points="${pointsOf(chance, px, py)}" />
${ranking(judged).map(([name, p]) => html`<polyline class="line ${classOf(name)}" points="${pointsOf(of(judged.event, p), px, py)}" />`)}
<polyline class="line m-ours" points="${pointsOf(of(judged.event, judged.p), px, py)}" />`,
  );
}

const DIAGONAL = [
  [0, 0],
  [1, 1],
] as const satisfies readonly [Point, Point];

export const rocChart = (judged: JudgedRows, w: Words): Markup =>
  lines(judged, rocPoints, w.roc, w.falsePositive, w.truePositive, DIAGONAL);

export function precisionRecallChart(judged: JudgedRows, w: Words): Markup {
  const rate = judged.event.reduce((sum, e) => sum + e, 0) / judged.event.length;
  return lines(judged, precisionRecallPoints, w.precisionRecall, w.recall, w.precision, [
    [0, rate],
    [1, rate],
  ]);
}

export const gainChart = (judged: JudgedRows, w: Words): Markup =>
  lines(judged, gainPoints, w.gain, w.gainX, w.gainY, DIAGONAL);

/** Said against happened, with intervals. */
export function reliabilityChart(judged: JudgedRows, w: Words): Markup {
  const bins = reliability(judged);
  return square(w.calibration, `${w.said} (%)`, `${w.happened} (%)`, (px, py) => {
    return html`<polyline class="line m-base" points="${pointsOf(DIAGONAL, px, py)}" />
${bins.map((bin) => html`<line class="interval" x1="${px(bin.said)}" x2="${px(bin.said)}" y1="${py(bin.low)}" y2="${py(bin.high)}" /><circle class="dot" cx="${px(bin.said)}" cy="${py(bin.happened)}" r="5" />`)}`;
  });
}

/** Bars over an axis from 0, ticks at round steps; each slot holds one bar or two. */
function bars(
  label: string,
  x: string,
  slots: readonly { readonly name: string; readonly of: readonly (readonly [className: string, height: number])[] }[],
  line: number | undefined,
): Markup {
  const [width, height, left, bottom, top] = [420, 300, 46, 250, 10];
  const most = Math.max(line ?? 0, ...slots.flatMap(({ of }) => of.map(([, value]) => value)), 1e-9) * 1.06;
  const y = (v: number) => tidy(bottom - (v / most) * (bottom - top));
  const slot = (width - left - 14) / slots.length;
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
${roundSteps(most, 4).map((tick) => html`<line class="s-line" x1="${left}" x2="${width - 14}" y1="${y(tick)}" y2="${y(tick)}" /><text x="${left - 8}" y="${y(tick) + 4}" text-anchor="end">${Number(tick.toPrecision(6))}</text>`)}
${slots.map(({ name, of }, i) => {
  const each = (slot * 0.8) / of.length;
  return html`${of.map(([className, value], k) => html`<rect class="${className}" x="${tidy(left + slot * (i + 0.1) + k * each)}" y="${y(value)}" width="${tidy(Math.max(each - 1, 1))}" height="${tidy(bottom - y(value))}" />`)}${name ? html`<text x="${tidy(left + slot * (i + 0.5))}" y="${bottom + 18}" text-anchor="middle">${name}</text>` : ''}`;
})}
${line === undefined ? '' : html`<line class="m-base" x1="${left}" x2="${width - 14}" y1="${y(line)}" y2="${y(line)}" />`}
<text x="${(left + width - 14) / 2}" y="${height - 8}" text-anchor="middle">${x}</text>
</svg>`;
}

export const liftChart = ({ event, p }: JudgedRows, w: Words): Markup =>
  bars(w.lift, w.tenth, liftByTenth(event, p).map((lift, i) => ({ name: String(i + 1), of: [['bar-yes', lift]] })), 1); // biome-ignore format: one call

export function distributionChart({ event, p }: JudgedRows, w: Words): Markup {
  const { positive, negative } = distribution(event, p);
  const slots = positive.map((yes, i) => ({
    name: i % 4 === 0 ? String(i * 5) : '',
    of: [['bar-yes', yes], ['bar-no', negative[i]!]] as const, // biome-ignore format: a pair
  }));
  return bars(w.distribution, w.probability, slots, undefined);
}

/** One network's loss by epoch. */
export function learningChart({ epochs, step }: LearningCurve, w: Words): Markup {
  const values = epochs.flatMap(({ loss, stopLoss }) => (stopLoss === null ? [loss] : [loss, stopLoss]));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const [width, height, left, bottom, top] = [420, 240, 56, 192, 10];
  const x = (i: number) => tidy(left + (i / Math.max(epochs.length - 1, 1)) * (width - left - 14));
  const y = (v: number) => tidy(bottom - ((v - low) / Math.max(high - low, 1e-9)) * (bottom - top));
  const line = (of: (e: LearningCurve['epochs'][number]) => number | null) =>
    epochs.flatMap((e, i) => (of(e) === null ? [] : [`${x(i)},${y(of(e)!)}`])).join(' ');
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${w.learning}: ${step}">
${[low, (low + high) / 2, high].map((v) => html`<line class="s-line" x1="${left}" x2="${width - 14}" y1="${y(v)}" y2="${y(v)}" /><text x="${left - 8}" y="${y(v) + 4}" text-anchor="end">${v.toFixed(3)}</text>`)}
<polyline class="line m-base" points="${line(({ loss }) => loss)}" /><polyline class="line m-ours" points="${line(({ stopLoss }) => stopLoss)}" />
<text x="${left}" y="${bottom + 18}">${epochs[0]?.epoch ?? ''}</text><text x="${width - 14}" y="${bottom + 18}" text-anchor="end">${epochs.at(-1)?.epoch ?? ''}</text>
<text x="${(left + width - 14) / 2}" y="${height - 8}" text-anchor="middle">${w.epoch} · ${step}</text>
</svg>`;
}

/** A mean contribution as a bar from the middle, with the spread of the rows, on an axis that all share. */
export function effectBar({ mean, low, high }: EffectBin, most: number): Markup {
  const [width, height] = [220, 20];
  const x = (v: number) => tidy(width / 2 + (Math.max(-most, Math.min(most, v)) / most) * (width / 2 - 4));
  const [from, to] = mean < 0 ? [x(mean), x(0)] : [x(0), x(mean)];
  return html`<svg class="effect" viewBox="0 0 ${width} ${height}" aria-hidden="true"><rect class="${mean < 0 ? 'effect-down' : 'effect-up'}" x="${from}" y="4" width="${tidy(Math.max(to - from, 0.5))}" height="12" rx="2" /><line class="spread" x1="${x(low)}" x2="${x(high)}" y1="10" y2="10" /><line class="axis" x1="${x(0)}" x2="${x(0)}" y1="0" y2="${height}" /></svg>`;
}

/** Keys of the methods' lines. */
export const legend = (judged: JudgedRows, nameOf: (method: string) => string): Markup =>
  html`<ul class="legend"><li>${lineKey('m-ours')}${nameOf('model')}</li>${ranking(judged).map(([name]) => html`<li>${lineKey(classOf(name))}${nameOf(name)}</li>`)}</ul>`;
