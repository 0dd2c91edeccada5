import { html } from 'hono/html';
import { type LedgerLook, type OwnerCalls, type Way, ways } from '../../../models/forecast/ledger.ts';
import { drawingStyle, lineKey, type Markup, roundSteps, tidy } from '../../drawing/square.ts';
import type { Words } from './words.ts';

/** Class of a way's line; each also has its own dashes. */
const CLASSES: Readonly<Record<Way, string>> = { foresell: 'm-ours', usual: 'm-plain', stageRate: 'm-rep', categories: 'm-incumbent' }; // biome-ignore format: a table

export const chartStyle = `${drawingStyle}
.brought { stroke: var(--ink); stroke-width: 3; } .split { stroke: var(--line); stroke-width: 1.5; }
.zero { stroke: var(--soft); } .whisker { stroke-width: 2; } .good-mark { stroke: var(--good); fill: var(--good); } .bad-mark { stroke: var(--bad); fill: var(--bad); } .even-mark { stroke: var(--soft); fill: var(--soft); }
.whiskers { width: 12rem; display: inline-block; vertical-align: middle; }
`;

export const keyOf = (way: Way): Markup => lineKey(CLASSES[way]);

/** The band, what was expected by each way and what came, a column a look. */
export function looksChart(
  looks: readonly LedgerLook[],
  unit: number,
  w: Words,
  date: (at: number) => string,
  shown: readonly Way[],
): Markup {
  const [width, height, left, top, bottom] = [960, 330, 62, 12, 280];
  const values = looks.flatMap((look) => [look.p90Minor, look.actualMinor, ...shown.map((way) => look.said[way] ?? 0)]);
  const most = (Math.max(1, ...values) / unit) * 1.06;
  const y = (minor: number) => tidy(bottom - (Math.max(0, minor) / unit / most) * (bottom - top));
  const slot = (width - left - 8) / looks.length;
  const middle = (i: number) => tidy(left + slot * (i + 0.5));
  const half = Math.min(13, slot * 0.3);
  const every = Math.ceil((looks.length * 84) / (width - left));
  const others = shown.filter((way) => way !== 'foresell');
  return html`<svg class="wide" viewBox="0 0 ${width} ${height}" role="img" aria-label="${w.chartTitle}">
${roundSteps(most, 5).map((tick) => html`<line class="s-line" x1="${left}" x2="${width}" y1="${y(tick * unit)}" y2="${y(tick * unit)}" /><text x="${left - 8}" y="${y(tick * unit) + 4}" text-anchor="end">${short(tick)}</text>`)}
${looks.map((look, i) => {
  const x = middle(i);
  const isFirst = look.period.label !== looks[i - 1]?.period.label;
  return html`${isFirst ? html`<line class="split" x1="${tidy(left + slot * i)}" x2="${tidy(left + slot * i)}" y1="${top}" y2="${bottom + 26}" /><text x="${tidy(left + slot * i) + 5}" y="${bottom + 36}">${look.period.label}</text>` : ''}<rect class="f-band" x="${tidy(x - half)}" y="${y(look.p90Minor)}" width="${tidy(2 * half)}" height="${tidy(y(look.p10Minor) - y(look.p90Minor))}" rx="2" /><line class="brought" x1="${tidy(x - half - 5)}" x2="${tidy(x + half + 5)}" y1="${y(look.actualMinor)}" y2="${y(look.actualMinor)}" /><circle class="dot" cx="${x}" cy="${y(look.said.foresell ?? 0)}" r="4.5" />${i % every === 0 ? html`<text x="${x}" y="${bottom + 17}" text-anchor="middle">${date(look.at)}</text>` : ''}`;
})}
${others.map((way) => stretches(looks).map((of) => html`<polyline class="line ${CLASSES[way]}" points="${of.map((i) => `${middle(i)},${y(looks[i]!.said[way] ?? 0)}`).join(' ')}" />`))}
</svg>`;
}

/** Runs of looks at one period. */
function stretches(looks: readonly LedgerLook[]): number[][] {
  const runs: number[][] = [];
  looks.forEach((look, i) => {
    if (look.period.label === looks[i - 1]?.period.label) runs.at(-1)!.push(i);
    else runs.push([i]);
  });
  return runs;
}

export function legend(shown: readonly Way[], w: Words): Markup {
  const box = html`<svg viewBox="0 0 38 10" aria-hidden="true"><rect class="f-band" x="1" y="0" width="36" height="10" rx="2" /></svg>`;
  const dot = html`<svg viewBox="0 0 38 10" aria-hidden="true"><circle class="dot" cx="19" cy="5" r="4.5" /></svg>`;
  return html`<ul class="legend"><li>${box}${w.band}</li><li>${dot}${w.way.foresell}</li><li>${lineKey('brought')}${w.brought}</li>${ways.filter((way) => way !== 'foresell' && shown.includes(way)).map((way) => html`<li>${keyOf(way)}${w.way[way]}</li>`)}</ul>`;
}

/** Came less called with its interval over an axis that all people share; zero marked. */
export function gapWhisker({ gap, verdict }: OwnerCalls, most: number): Markup {
  const { minor, lowMinor, highMinor } = gap;
  if (lowMinor === null || highMinor === null) return html`–`;
  const [width, height] = [190, 20];
  const x = (v: number) => tidy(width / 2 + (Math.max(-most, Math.min(most, v)) / most) * (width / 2 - 6));
  const kind = verdict === 'sandbagging' ? 'good-mark' : verdict === 'happyEars' ? 'bad-mark' : 'even-mark';
  return html`<svg class="whiskers" viewBox="0 0 ${width} ${height}" aria-hidden="true"><line class="zero" x1="${width / 2}" x2="${width / 2}" y1="0" y2="${height}" /><line class="whisker ${kind}" x1="${x(lowMinor)}" x2="${x(highMinor)}" y1="${height / 2}" y2="${height / 2}" /><circle class="${kind}" cx="${x(minor)}" cy="${height / 2}" r="4.5" /></svg>`;
}

const short = (value: number): string =>
  new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 }).format(value);
