import { html, raw } from 'hono/html';
import { type Instant, parseInstant } from '../../src/time.ts';
import { type Engine, isRefusal, type Score } from '../engine.ts';
import type { Forecast, GroupForecast } from '../forecast.ts';
import type { OpenModel } from '../ports.ts';
import { type Language, languageOf, localeOf, moneyText, numbers, reasonText } from '../reasons.ts';
import type { Routes } from '../route.ts';
import { forecastChart, reliabilityChart } from './charts.ts';
import { pagePolicy, style } from './style.ts';
import { type Words, words } from './words.ts';

type Markup = ReturnType<typeof html>;
const DEALS = 10;

/** The overview: the quarter, the deals that matter, and how far to trust it. Plain markup; needs no script. */
export const overview: Routes = (app, { engine }) => {
  app.get('/', (c) => {
    const asked = c.req.query('lang');
    const language = asked === 'th' || asked === 'en' ? asked : languageOf(c.req.header('accept-language'));
    c.header('content-security-policy', pagePolicy);
    c.header('content-language', language);
    c.header('vary', 'Accept-Language');
    return c.html(page(engine, language));
  });
};

function page(engine: Engine, language: Language): Markup {
  const w = words(language);
  const { name } = engine.company;
  const other = language === 'th' ? 'en' : 'th';
  const { deals, served, ready, missing } = engine.readiness();
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${name} – ${w.title}</title>
<link rel="icon" href="data:,">
<style>${raw(style)}</style>
</head>
<body>
<div class="wrap">
<header class="top">
<h1>${name}</h1>
<p>${w.title}${deals > 0 ? html` · ${w.asOf} ${dateTime(engine, engine.liveAsOf(), language)}` : ''}</p>
<nav aria-label="${w.reference}"><a href="/docs">${w.reference}</a><a href="?lang=${other}" lang="${other}" hreflang="${other}">${w.otherLanguage}</a></nav>
</header>
${engine.sample ? html`<p class="note">${w.sample}</p>` : ''}
<main>${deals === 0 ? empty(w.emptyDeals, w.emptyDealsHow, 'npx foresell import ./export --source csv\nnpx foresell train') : served === undefined ? empty(w.emptyModel, w.emptyModelHow, 'npx foresell train') : ready ? content(engine, language, w) : empty(w.refused, missing ?? '', 'npx foresell train')}</main>
<footer>Foresell${served === undefined ? '' : html` · ${w.version} <code>${served.slice(0, 12)}</code>`}</footer>
</div>
</body>
</html>`;
}

const empty = (title: string, how: string, commands: string): Markup =>
  html`<section><h2>${title}</h2><p>${how}</p><pre><code>${commands}</code></pre></section>`;

function content(engine: Engine, language: Language, w: Words): Markup {
  const asOf = engine.liveAsOf();
  const forecast = engine.forecast({ period: engine.period({}, asOf), by: 'team', asOf });
  const pinned = engine.pin('deal', asOf);
  const open = engine.model('deal').open!;
  const top = forecast.deals.slice(0, DEALS).map((deal) => deal.id);
  const scores = pinned.scoreIds(top, { reasons: 3, curve: false }).filter((item): item is Score => !isRefusal(item));
  return html`${open.lowSkill ? html`<p class="note">${w.lowSkill}</p>` : ''}
${quarter(forecast, language, w)}
${dealTable(engine, scores, forecast, language, w)}
${trust(engine, open, language, w)}`;
}

function quarter(forecast: Forecast, language: Language, w: Words): Markup {
  const { total, groups, currency, apart } = forecast;
  const money = (minor: number) => moneyText(minor, currency, language);
  const range = (g: GroupForecast) =>
    html`<span class="nowrap">${moneyText(g.p10Minor, currency, language, true)} – ${moneyText(g.p90Minor, currency, language, true)}</span>`;
  const row = (g: GroupForecast, name: string, depth: number) => html`<tr>
<th scope="row" class="d${Math.min(depth, 4)}">${name}</th>
${[
  money(g.closedMinor),
  money(g.expectedMinor),
  range(g),
  g.quotaMinor === null ? '–' : money(g.quotaMinor),
  g.quotaProbability === null ? '–' : percent(g.quotaProbability, language),
  g.openDeals,
].map((cell) => html`<td class="number">${cell}</td>`)}
</tr>`;
  const shown = groups.filter((g) => g.closedDeals + g.openDeals > 0 || g.quotaMinor !== null);
  return html`<section aria-labelledby="forecast">
<h2 id="forecast">${w.forecast} ${forecast.period.label}</h2>
<dl class="figures">
<div class="main"><dt><span class="key key-expected"></span>${w.expected}</dt><dd>${money(total.expectedMinor)}</dd></div>
<div><dt><span class="key key-closed"></span>${w.closed}</dt><dd>${money(total.closedMinor)}</dd></div>
<div><dt><span class="key key-band"></span>${w.band}</dt><dd>${range(total)}</dd></div>
<div><dt><span class="key key-quota"></span>${w.quota}</dt><dd>${total.quotaMinor === null ? html`<span class="small">${w.noQuota}</span>` : html`${money(total.quotaMinor)}<br><span class="small">${w.chanceOfQuota}: <strong>${percent(total.quotaProbability!, language)}</strong></span>`}</dd></div>
</dl>
<div class="scroll" role="region" aria-labelledby="forecast" tabindex="0">${forecastChart(total, currency, language, w)}</div>
<h3>${w.byTeam}</h3>
<div class="scroll" role="region" aria-label="${w.byTeam}" tabindex="0">
<table>
<thead><tr><th scope="col">${w.team}</th><th scope="col" class="number">${w.closed}</th><th scope="col" class="number">${w.expected}</th><th scope="col" class="number">${w.band}</th><th scope="col" class="number">${w.quota}</th><th scope="col" class="number">${w.chanceOfQuota}</th><th scope="col" class="number">${w.openDeals}</th></tr></thead>
<tbody>${shown.map((group) => row(group, group.name ?? w.noTeam, depthOf(group, groups)))}</tbody>
<tfoot>${row(total, w.all, 0)}</tfoot>
</table>
</div>
<p class="hint">${w.addsUp}${apart.length > 0 ? ` ${apart.length} ${w.apart}.` : ''}</p>
</section>`;
}

/** How many teams are above one. */
function depthOf(group: GroupForecast, groups: readonly GroupForecast[]): number {
  const above = groups.find((other) => other.id !== null && other.id === group.parentId);
  return above ? 1 + depthOf(above, groups) : 0;
}

function dealTable(engine: Engine, scores: readonly Score[], forecast: Forecast, language: Language, w: Words): Markup {
  const names = engine.dealNames(scores.map((score) => score.id));
  const inQuarter = new Map(forecast.deals.map((deal) => [deal.id, deal.probability]));
  return html`<section aria-labelledby="deals">
<h2 id="deals">${w.matter}</h2>
<p class="hint">${w.matterWhy}</p>
${
  scores.length === 0
    ? html`<p>${w.noOpen}</p>`
    : html`<div class="scroll" role="region" aria-labelledby="deals" tabindex="0">
<table>
<thead><tr><th scope="col">${w.deal}</th><th scope="col">${w.chance}</th><th scope="col" class="number">${w.amount}</th><th scope="col">${w.close}</th><th scope="col">${w.trend}</th></tr></thead>
${scores.map((score) => {
  const name = names.get(score.id)!;
  return html`<tbody class="deal"><tr>
<th scope="row">${name}${name === score.id ? '' : html`<br><span class="small">${score.id}</span>`}</th>
<td class="nowrap"><span class="big">${percent(score.probability, language)}</span> <span class="grade"><span class="visually-hidden">${w.grade} </span>${score.insufficientData ? '–' : score.grade}</span>${score.confidence === 'insufficient data' ? html`<br><span class="small">${w.insufficient}: ${percent(score.interval.low, language)} – ${percent(score.interval.high, language)}</span>` : ''}<br><span class="small">${percent(inQuarter.get(score.id) ?? score.byPeriodEnd, language)} ${w.thisQuarter}</span></td>
<td class="number">${score.amount ? moneyText(score.amount.minor, score.amount.currency, language) : '–'}${score.amountEstimated ? html`<br><span class="small">${w.estimated}</span>` : ''}</td>
<td class="nowrap">${score.closeDate ? html`${date(score.closeDate.p50, language)}<br><span class="small">${date(score.closeDate.p10, language)} – ${date(score.closeDate.p90, language)}</span>` : '–'}</td>
<td class="nowrap">${trend(score, language, w)}</td>
</tr>
<tr><td colspan="5">${reasons(engine, score, language, w)}</td></tr></tbody>`;
})}
</table>
</div>`
}
</section>`;
}

function trend(score: Score, language: Language, w: Words): Markup {
  if (!score.trend) return html`<span class="small">${w.first}</span>`;
  const { direction, change } = score.trend;
  if (direction === 'flat') return html`<span class="small">${w.flat}</span>`;
  const points = numbers(localeOf(language), { signDisplay: 'always', maximumFractionDigits: 0 });
  return html`<span class="${direction}">${direction === 'up' ? '▲' : '▼'} ${points.format(change * 100)} ${w.points}</span>`;
}

/** Beside each other: what raises the chance, and what lowers it. */
function reasons(engine: Engine, score: Score, language: Language, w: Words): Markup {
  if (score.reasons.length === 0) return html`<span class="small">${score.lowSkill ? w.noReasons : '–'}</span>`;
  const list = (up: boolean) => {
    const some = score.reasons.filter((reason) => reason.contribution > 0 === up);
    if (some.length === 0) return html`<div></div>`;
    return html`<div><span class="visually-hidden">${up ? w.raises : w.lowers}:</span><ul class="reasons">${some.map((reason) => html`<li><span class="sign ${up ? 'up' : 'down'}" aria-hidden="true">${up ? '+' : '−'}</span>${reasonText(reason, language, engine.words(reason.feature), engine.company.currency)}</li>`)}</ul></div>`;
  };
  return html`<div class="sides">${list(true)}${list(false)}</div>`;
}

function trust(engine: Engine, open: OpenModel, language: Language, w: Words): Markup {
  const rows = open.calibration.filter((row) => row.n > 0);
  return html`<section aria-labelledby="trust">
<h2 id="trust">${w.trust}</h2>
<p class="hint">${w.trustWhy}</p>
${
  rows.length === 0
    ? html`<p>${w.noCalibration}</p>`
    : html`<div class="two">
<div class="chart">${reliabilityChart(rows, w)}<p class="hint">${w.perfect}</p></div>
<table>
<thead><tr><th scope="col">${w.said}</th><th scope="col" class="number">${w.happened}</th><th scope="col" class="number">${w.deals}</th></tr></thead>
<tbody>${rows.map(
        (row) =>
          html`<tr><th scope="row">${percent(row.predicted, language)}</th><td class="number">${percent(row.observed, language)}</td><td class="number">${row.n}</td></tr>`,
      )}</tbody>
</table>
</div>`
}
${metricTable(open, w)}
<p class="hint">${w.trainedOn} ${numbers(localeOf(language), {}).format(open.trained.entities)} ${w.learned} · ${w.until} ${dateTime(engine, open.trained.to, language)} · ${open.chosen}</p>
</section>`;
}

const METRICS = ['AUC', 'LogLoss', 'Brier', 'Ece'] as const;
const QUESTIONS = ['ever', 'within91d'] as const;

/** The model and its baselines on the newest unseen deals: who wins at all, and who within a quarter of a year. */
function metricTable(open: OpenModel, w: Words): Markup | '' {
  const ways = Object.entries(w.ways).flatMap(([way, name]) => {
    const metrics = open.metrics[way];
    return metrics ? [{ name, metrics }] : [];
  });
  if (ways.length === 0) return '';
  const key = (question: string, metric: string) => `${question}${metric === 'AUC' ? 'Auc' : metric}`;
  return html`<h3>${w.metrics}</h3>
<div class="scroll" role="region" aria-label="${w.metrics}" tabindex="0">
<table>
<caption>${w.metricsWhy}</caption>
<thead>
<tr><th scope="col" rowspan="2">${w.way}</th>${QUESTIONS.map((question) => html`<th scope="colgroup" colspan="4" class="number">${w.questions[question]}</th>`)}</tr>
<tr>${QUESTIONS.map(() => METRICS.map((metric) => html`<th scope="col" class="number">${metric === 'LogLoss' ? 'Log loss' : metric === 'Ece' ? 'ECE' : metric}</th>`))}</tr>
</thead>
<tbody>${ways.map(({ name, metrics }) => html`<tr><th scope="row">${name}</th>${QUESTIONS.map((question) => METRICS.map((metric) => html`<td class="number">${metrics[key(question, metric)]?.toFixed(3) ?? '–'}</td>`))}</tr>`)}</tbody>
</table>
</div>`;
}

const percent = (value: number, language: Language): string =>
  numbers(localeOf(language), { style: 'percent', maximumFractionDigits: 0 }).format(value);

/** An ISO date for people. */
function date(iso: string, language: Language): string {
  const at = parseInstant(iso, 'UTC')!;
  return new Intl.DateTimeFormat(localeOf(language), { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(at); // biome-ignore format: one call
}

function dateTime(engine: Engine, at: Instant, language: Language): string {
  const timeZone = engine.store.company().settings.time_zone;
  return new Intl.DateTimeFormat(localeOf(language), { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(at);
}
