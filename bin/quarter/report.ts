import { html, raw } from 'hono/html';
import type { GroupComparison } from '../../api/comparison.ts';
import { type Language, localeOf, moneyText } from '../../api/reasons.ts';
import { pageOf } from '../drawing/page.ts';
import type { Markup } from '../drawing/square.ts';
import { attainedBar, bridgeChart, chartStyle, fanChart, movedChart } from './charts.ts';
import { DEALS, type QuarterContent } from './content.ts';
import { type Words, words } from './words.ts';

const reportStyle = `
.lead { font-size: 1.6rem; line-height: 1.35; font-weight: 600; margin: .2rem 0 .4rem; text-wrap: balance; }
.top h1 { font-size: 1.1rem; color: var(--soft); font-weight: 600; }
td, th { padding-right: .6rem; } thead th { white-space: normal; vertical-align: bottom; } .bar { width: 7rem; display: inline-block; vertical-align: middle; margin-right: .5rem; }
details { margin: .8rem 0 0; } summary { cursor: pointer; color: var(--accent); }
@media print { details > * { display: revert; } }
`;

/** The report of a period: one file that needs nothing else, no script, no font, no image from elsewhere. */
export function quarterHtml(content: QuarterContent, language: Language): string {
  const w = words(language);
  const { forecast, comparison, looks, changes, fan } = content;
  const { total, period, asOf } = forecast;
  const dates = new Intl.DateTimeFormat(localeOf(language), { dateStyle: 'medium', timeZone: content.zone }); // biome-ignore format: one call
  const day = (at: number) => dates.format(at);
  const money = (minor: number) => moneyText(minor, forecast.currency, language, true);
  const chance = (p: number | null) => (p === null ? '–' : `${Math.round(100 * p)} %`);
  const main = html`<section>
<p class="lead">${w.lead(money(total.expectedMinor), money(total.p10Minor), money(total.p90Minor))}</p>
<p>${total.quotaMinor === null ? w.noQuota : w.toQuota(money(total.quotaMinor), chance(total.quotaProbability))}</p>
${closing(content, w, money)}
<dl class="figures">${partsOf(content, w).map(([name, minor]) => html`<div><dt>${name}</dt><dd>${money(minor)}</dd></div>`)}</dl>
</section>
<section>
<h2>${w.fanTitle}</h2><p class="hint">${w.fanHint}</p>
<div class="scroll" role="region" aria-label="${w.fanTitle}" tabindex="0">${fanChart(content, w, money, day)}</div>
${fan.length === 0 ? '' : html`<details><summary>${w.byDay}</summary>${fanTable(content, w, money, day)}</details>`}
</section>
<section>
<h2>${w.movedTitle}</h2><p class="hint">${w.movedHint}${changes?.hindsight ? html` ${w.hindsight}` : ''}</p>
${looks.length < 2 ? '' : html`<div class="scroll" role="region" aria-label="${w.movedTitle}" tabindex="0">${movedChart(looks, total.quotaMinor, w, money, day)}</div>`}
<details${looks.length < 2 ? raw(' open') : ''}><summary>${w.byDay}</summary>${looksTable(content, w, money, day)}</details>
</section>
${
  changes === undefined
    ? ''
    : html`<section><h2>${w.bridgeTitle}</h2><p class="hint">${w.bridgeHint(day(changes.from), day(changes.to))}</p>
${Object.keys(changes.total.causes).length === 0 ? w.nothingMoved : html`<div class="scroll" role="region" aria-label="${w.bridgeTitle}" tabindex="0">${bridgeChart(changes.total.beforeMinor, changes.total.afterMinor, changes.total.causes, w, money)}</div>`}</section>`
}
<section>
<h2>${w.teamsTitle}</h2><p class="hint">${w.teamsHint(chance(comparison.elapsed), comparison.previous.label, comparison.yearBefore.label)}</p>
${groupsTable(content, w, money, chance)}
</section>
${total.categories.length === 0 ? '' : html`<section><h2>${w.calledTitle}</h2><p class="hint">${w.calledHint}</p>${calledTable(content, w, money)}</section>`}
<section>
<h2>${w.dealsTitle}</h2><p class="hint">${w.dealsHint}</p>
${dealsTable(content, w, money, chance)}
</section>`;
  return `${pageOf({
    language,
    title: `${content.company} – ${w.title} ${period.label}`,
    heading: `${w.title} · ${content.company} · ${period.label} · ${w.asOf} ${day(asOf)}`,
    styles: [chartStyle, reportStyle],
    notes: [...(content.sample ? [w.sample] : []), ...(forecast.lowSkill ? [w.lowSkill] : [])],
    main,
    footer: `Foresell · ${forecast.version.slice(0, 12)}`,
  })}\n`;
}

/** Where the quota is not expected to be reached: how much is missing, and the fewest deals that would bring it. */
function closing({ forecast: { total, toClose }, names }: QuarterContent, w: Words, money: Say): Markup | '' {
  const gap = (total.quotaMinor ?? 0) - total.expectedMinor;
  if (total.quotaMinor === null || gap <= 0) return '';
  if (toClose === null) return html`<p>${w.beyond(money(gap))}</p>`;
  return html`<p>${w.toClose(money(gap), toClose.length)} ${toClose.slice(0, CLOSING).map(({ id, amountMinor }) => `${names.get(id) ?? id} (${money(amountMinor)})`).join(', ')}${toClose.length > CLOSING ? ', …' : ''}</p>`; // biome-ignore format: one paragraph
}
/** Deals that are named to close a gap, at most: a longer list is no plan. */
const CLOSING = 10;

function partsOf(
  { forecast: { total }, comparison: { topDownMinor } }: QuarterContent,
  w: Words,
): (readonly [string, number])[] {
  return [
    [w.booked, total.closedMinor],
    [w.open, total.openMinor],
    [w.fresh, total.newMinor],
    ...(total.renewalMinor === 0 ? [] : [[w.renewals, total.renewalMinor] as const]),
    [w.expected, total.expectedMinor],
    ...(total.quotaMinor === null ? [] : [[w.quota, total.quotaMinor] as const]),
    ...(topDownMinor === null ? [] : [[w.topDown, topDownMinor] as const]),
  ];
}

type Say = (value: number) => string;

const scrolled = (label: string, table: Markup): Markup => html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">${table}</div>`; // biome-ignore format: one element

function fanTable({ fan }: QuarterContent, w: Words, money: Say, day: Say): Markup {
  const levels = fan[0]!.bands.map(({ level }) => level);
  return scrolled(w.fanTitle, html`<table><thead><tr><th>${w.day}</th><th class="number">${w.expected}</th>${levels.map((level) => html`<th class="number">${level} / 100</th>`)}</tr></thead><tbody>
${fan.map(({ at, expectedMinor, bands }) => html`<tr><th>${day(at)}</th><td class="number">${money(expectedMinor)}</td>${bands.map(({ lowMinor, highMinor }) => html`<td class="number">${money(lowMinor)} – ${money(highMinor)}</td>`)}</tr>`)}
</tbody></table>`); // biome-ignore format: a table
}

function looksTable({ looks }: QuarterContent, w: Words, money: Say, day: Say): Markup {
  return scrolled(w.movedTitle, html`<table><thead><tr><th>${w.day}</th><th class="number">${w.booked}</th><th class="number">${w.expected}</th><th class="number">${w.likely}</th></tr></thead><tbody>
${looks.map((look) => html`<tr><th>${day(look.at)}</th><td class="number">${money(look.bookedMinor)}</td><td class="number">${money(look.expectedMinor)}</td><td class="number">${money(look.p10Minor)} – ${money(look.p90Minor)}</td></tr>`)}
</tbody></table>`); // biome-ignore format: a table
}

function groupsTable(
  { comparison }: QuarterContent,
  w: Words,
  money: Say,
  chance: (p: number | null) => string,
): Markup {
  const depths = new Map<string | null, number>([[null, -1]]);
  const depthOf = ({ id, parentId }: GroupComparison) => {
    const depth = Math.min(3, (depths.get(parentId) ?? -1) + 1);
    depths.set(id, depth);
    return depth;
  };
  const byThen = (other: GroupComparison['previous']) => (other === null ? '–' : money(other.byThen.bookedMinor));
  const ratio = (value: number | null, digits: number) => (value === null ? '–' : value.toFixed(digits));
  const cells = (group: GroupComparison) => html`<td class="number">${money(group.now.bookedMinor)}</td><td class="nowrap">${attainedBar(group.attainment, group.expectedAttainment, comparison.elapsed)}${group.attainment === null ? '' : chance(group.attainment)}</td><td class="number">${ratio(group.pace, 2)}</td><td class="number">${money(group.expectedMinor)}</td><td class="number">${chance(group.quotaProbability)}</td><td class="number">${ratio(group.coverage, 1)}</td><td class="number">${byThen(group.previous)}</td><td class="number">${byThen(group.yearBefore)}</td><td class="number">${chance(group.now.winRate)}</td><td class="number">${group.now.cycleDays === null ? '–' : Math.round(group.now.cycleDays)}</td><td class="number">${group.now.averageMinor === null ? '–' : money(group.now.averageMinor)}</td>`; // biome-ignore format: a row
  const head = [w.booked, w.attained, w.pace, w.expected, w.chance, w.coverage, comparison.previous.label, comparison.yearBefore.label, w.winRate, w.cycle, w.average]; // biome-ignore format: a row
  return scrolled(w.teamsTitle, html`<table><thead><tr><th>${w.group}</th>${head.map((name, i) => html`<th class="${i === 1 ? '' : 'number'}">${name}</th>`)}</tr></thead><tbody>
${comparison.groups.map((group) => html`<tr><th class="d${depthOf(group)}">${group.name ?? w.nobody}</th>${cells(group)}</tr>`)}
</tbody><tfoot><tr><th>${w.everyone}</th>${cells(comparison.total)}</tr></tfoot></table>`); // biome-ignore format: a table
}

function calledTable({ forecast: { total } }: QuarterContent, w: Words, money: Say): Markup {
  return scrolled(w.calledTitle, html`<table><thead><tr><th>${w.called}</th><th class="number">${w.deals}</th><th class="number">${w.amount}</th><th class="number">${w.due}</th><th class="number">${w.expected}</th></tr></thead><tbody>
${total.categories.map((one) => html`<tr><th>${one.category ?? w.uncalled}</th><td class="number">${one.openDeals}</td><td class="number">${money(one.amountMinor)}</td><td class="number">${money(one.dueMinor)}</td><td class="number">${money(one.expectedMinor)}</td></tr>`)}
</tbody></table>`); // biome-ignore format: a table
}

function dealsTable(
  { forecast, names }: QuarterContent,
  w: Words,
  money: Say,
  chance: (p: number | null) => string,
): Markup {
  // biome-ignore format: one signature
  const deals = forecast.deals.slice(0, DEALS);
  if (deals.length === 0) return html`<p>${w.none}</p>`;
  return scrolled(w.dealsTitle, html`<table><thead><tr><th>${w.deal}</th><th class="number">${w.amount}</th><th class="number">${w.inPeriod}</th><th class="number">${w.adds}</th></tr></thead><tbody>
${deals.map((deal) => html`<tr><th>${names.get(deal.id) ?? deal.id} <span class="small">${deal.id}</span></th><td class="number">${money(deal.amountMinor)}</td><td class="number">${chance(deal.probability)}</td><td class="number">${money(deal.expectedMinor)}</td></tr>`)}
</tbody></table>`); // biome-ignore format: a table
}
