import { html } from 'hono/html';
import { localeOf } from '../../../api/reasons.ts';
import { type BlendHorizon, voices } from '../../../models/forecast/blend.ts';
import {
  type GroupCalls,
  type LedgerFigures,
  type LedgerLook,
  type OwnerCalls,
  type Way,
  ways,
} from '../../../models/forecast/ledger.ts';
import { decimals, formatMinor } from '../../../src/money.ts';
import type { ForecastBacktest } from '../../../training/backtest/forecast.ts';
import { pageOf } from '../../drawing/page.ts';
import type { Markup } from '../../drawing/square.ts';
import type { Language } from '../words.ts';
import { chartStyle, gapWhisker, keyOf, legend, looksChart } from './charts.ts';
import { type Words, words } from './words.ts';

const reportStyle = `
.lead { font-size: 1.5rem; line-height: 1.35; font-weight: 600; margin: .2rem 0 .8rem; text-wrap: balance; }
.top h1 { font-size: 1.1rem; color: var(--soft); font-weight: 600; }
td .small { display: block; white-space: nowrap; font-size: .75rem; } tr.ours > * { background: color-mix(in srgb, var(--accent) 8%, transparent); }
.figures-table thead th { white-space: normal; vertical-align: bottom; } .figures-table th svg { width: 2.4rem; height: .8rem; display: block; }
details { margin: .8rem 0 0; } summary { cursor: pointer; color: var(--accent); } .limits li { margin: .3rem 0; }
.sandbagging { color: var(--good); font-weight: 600; } .happyEars { color: var(--bad); font-weight: 600; }
@media (max-width: 40rem) { .lead { font-size: 1.3rem; } }
@media print { details > * { display: revert; } }
`;

/** Of a person, a team or another group; null: nobody, or the whole. */
export type NameOf = (kind: string, id: string | null) => string | null;

export function forecastReport(result: ForecastBacktest, nameOf: NameOf, language: Language): string {
  const w = words(language, result.of);
  const { judgement, looks, currency, zone } = result;
  const dates = new Intl.DateTimeFormat(localeOf(language), { dateStyle: 'medium', timeZone: zone }); // biome-ignore format: one call
  const date = (at: number) => dates.format(at);
  const shown = judgement.figures.map(({ way }) => way);
  const parts = [...judgement.horizons.map((of) => ({ name: w.weeks(of), of })), { name: w.all, of: judgement }];
  const main = html`<section>
<p class="lead">${w.headline(result)}</p>
<p class="hint">${w.subline(result, date(looks[0]!.at), date(looks.at(-1)!.at), date(result.known))}</p>
</section>
<section>
<h2>${w.chartTitle} (${currency})</h2>
<p class="hint">${w.chartHint}</p>
<div class="scroll" role="region" aria-label="${w.chartTitle}" tabindex="0">${looksChart(looks, 10 ** decimals(currency), w, date, shown)}</div>
${legend(shown, w)}
<details><summary>${w.looksTable}</summary>${looksTable(looks, currency, shown, date, w)}</details>
</section>
<section>
<h2>${w.figuresTitle}</h2>
<p class="hint">${w.figuresHint}</p>
${parts.map(({ name, of }) => figures(`${name}: ${w.of(of.looks, of.periods)}`, of.figures, w))}
</section>
<section>
<h2>${w.peopleTitle}</h2>
<p class="hint">${w.peopleHint}</p>
${people(judgement.owners, currency, nameOf, w)}
${judgement.groups.length > 0 ? groups(judgement.groups, nameOf, w) : ''}
</section>
<section>
<h2>${w.blendTitle}</h2>
<p class="hint">${w.blendHint}</p>
${blend(judgement.blend, w)}
</section>
<section>
<h2>${w.limitsTitle}</h2>
<ul class="limits">${w.limits(result).map((line) => html`<li>${line}</li>`)}</ul>
<h3>${w.howTitle}</h3>
<ul class="limits">${w.how.map((line) => html`<li>${line}</li>`)}</ul>
<h3>${w.modelsTitle}</h3>
<div class="scroll"><table>
<thead><tr><th scope="col">${w.trained}</th><th scope="col">${w.model}</th><th scope="col">${w.learned}</th></tr></thead>
<tbody>${result.trainings.map(
    ({ until, chosen, version, outcomes }) =>
      html`<tr><th scope="row">${date(until)}</th><td>${chosen} <code>${version.slice(0, 12)}</code></td><td>${Object.entries(
        outcomes,
      )
        .map(([name, n]) => `${n.toLocaleString('en')} ${name}`)
        .join(', ')}</td></tr>`,
  )}</tbody>
</table></div>
</section>`;
  return `${pageOf({
    language,
    title: `${result.company} – ${w.title}`,
    heading: `${w.title} · ${result.company}`,
    styles: [chartStyle, reportStyle],
    notes: result.sample ? [w.sample] : [],
    main,
    footer: `Foresell · backtest --model forecast${result.of === 'quarter' ? '' : ` --of ${result.of}`} --profile ${result.profile} --every ${result.everyDays}d --retrain ${result.retrainDays}d --seed ${result.seed}`,
  })}\n`;
}

const percent = (share: number | null): string => (share === null ? '–' : `${(100 * share).toFixed(1).replace('-', '−')} %`); // biome-ignore format: one choice
const COLUMNS = ['wape', 'bias', 'pinball10', 'pinball50', 'pinball90', 'coverage80'] as const;

function figures(caption: string, of: readonly LedgerFigures[], w: Words): Markup {
  return html`<h3>${caption}</h3>
<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table class="figures-table">
<thead><tr><th scope="col">${w.method}</th>${COLUMNS.map((name) => html`<th scope="col" class="number">${w.figure[name]}</th>`)}</tr></thead>
<tbody>${of.map((row) => html`<tr class="${row.way === 'foresell' ? 'ours' : ''}"><th scope="row">${w.way[row.way]}${keyOf(row.way)}</th>${COLUMNS.map((name) => html`<td class="number">${percent(row[name])}</td>`)}</tr>`)}</tbody>
</table></div>`;
}

/** A row a horizon: what the blend is made of, how far off it and each voice were at the same looks, and what follows. */
function blend(of: readonly BlendHorizon[], w: Words): Markup {
  const off = (share: number | null | undefined) => percent(share ?? null);
  return html`<div class="scroll" role="region" aria-label="${w.blendTitle}" tabindex="0"><table>
<thead><tr><th scope="col"></th><th scope="col">${w.weights}</th><th scope="col" class="number">${w.blend} ${w.off}</th>${voices.map((voice) => html`<th scope="col" class="number">${w.voice[voice]} ${w.off}</th>`)}<th scope="col">${w.says}</th></tr></thead>
<tbody>${of.map((one) => html`<tr class="${one.verdict === 'used' ? 'ours' : ''}"><th scope="row">${w.weeks(one)}</th><td>${weightsIn(one, w)}</td><td class="number">${off(one.wape)}</td>${voices.map((voice) => html`<td class="number">${off(one.voiceWape[voice])}</td>`)}<td>${w.blendSays(one)}</td></tr>`)}</tbody>
</table></div>`;
}

export const weightsIn = ({ of, weights }: BlendHorizon, w: Words): string =>
  of.flatMap((voice) => (weights[voice] === undefined ? [] : [`${w.voice[voice]} ${Math.round(100 * weights[voice])} %`])).join(', '); // biome-ignore format: one chain

const moneyIn = (currency: string) => (minor: number | null) =>
  minor === null ? '–' : Number(formatMinor(minor, currency)).toLocaleString('en', { maximumFractionDigits: 0 }).replace('-', '−'); // biome-ignore format: one choice

function looksTable(
  looks: readonly LedgerLook[],
  currency: string,
  shown: readonly Way[],
  date: (at: number) => string,
  w: Words,
): Markup {
  const money = moneyIn(currency);
  const others = ways.filter((way) => way !== 'foresell' && shown.includes(way));
  return html`<div class="scroll"><table><thead><tr><th scope="col">${w.look}</th><th scope="col">${w.period}</th><th scope="col" class="number">${w.weeksLeft}</th><th scope="col" class="number">${w.booked}</th><th scope="col" class="number">p10</th><th scope="col" class="number">${w.expected}</th><th scope="col" class="number">p90</th>${others.map((way) => html`<th scope="col" class="number">${w.way[way]}</th>`)}<th scope="col" class="number">${w.brought}</th><th scope="col">${w.model}</th></tr></thead>
<tbody>${looks.map((look) => html`<tr><th scope="row">${date(look.at)}</th><td>${look.period.label}</td><td class="number">${look.weeksLeft}</td><td class="number">${money(look.bookedMinor)}</td><td class="number">${money(look.p10Minor)}</td><td class="number">${money(look.said.foresell)}</td><td class="number">${money(look.p90Minor)}</td>${others.map((way) => html`<td class="number">${money(look.said[way])}</td>`)}<td class="number">${money(look.actualMinor)}</td><td><code>${look.version.slice(0, 12)}</code></td></tr>`)}</tbody></table></div>`;
}

function people(owners: readonly OwnerCalls[], currency: string, nameOf: NameOf, w: Words): Markup {
  const money = moneyIn(currency);
  const most = Math.max(1, ...owners.flatMap(({ gap }) => [Math.abs(gap.lowMinor ?? 0), Math.abs(gap.highMinor ?? 0)]));
  return html`<div class="scroll" role="region" aria-label="${w.peopleTitle}" tabindex="0"><table>
<thead><tr><th scope="col">${w.person}</th><th scope="col" class="number">${w.deals}</th><th scope="col" class="number">${w.called}</th><th scope="col" class="number">${w.came}</th><th scope="col" class="number">${w.gap}</th><th scope="col"></th><th scope="col" class="number">${w.callOff}</th><th scope="col" class="number">${w.modelOff}</th><th scope="col">${w.says}</th></tr></thead>
<tbody>${owners.map((one) => html`<tr><th scope="row">${nameOf('owner', one.owner) ?? w.nobody}</th><td class="number">${one.deals}</td><td class="number">${money(one.calledMinor)}</td><td class="number">${money(one.cameMinor)}</td><td class="number">${money(one.gap.minor)}<span class="small">${money(one.gap.lowMinor)} ${w.to} ${money(one.gap.highMinor)}</span></td><td>${gapWhisker(one, most)}</td><td class="number">${percent(one.callWape)}</td><td class="number">${percent(one.modelWape)}</td><td class="${one.verdict}">${w.verdict[one.verdict]}</td></tr>`)}</tbody>
</table></div>`;
}

function groups(of: readonly GroupCalls[], nameOf: NameOf, w: Words): Markup {
  return html`<h3>${w.groupsTitle}</h3>
<p class="hint">${w.groupsHint}</p>
<div class="scroll" role="region" aria-label="${w.groupsTitle}" tabindex="0"><table>
<thead><tr><th scope="col">${w.group}</th><th scope="col">${w.kind}</th><th scope="col" class="number">${w.looks}</th><th scope="col" class="number">${w.off}</th><th scope="col" class="number">${w.figure.bias}</th><th scope="col" class="number">${w.modelOff}</th></tr></thead>
<tbody>${of.map((one) => html`<tr><th scope="row">${nameOf(one.by, one.group) ?? w.whole}</th><td>${w.groupKind[one.kind]}</td><td class="number">${one.looks}</td><td class="number">${percent(one.wape)}</td><td class="number">${percent(one.bias)}</td><td class="number">${percent(one.modelWape)}</td></tr>`)}</tbody>
</table></div>`;
}
