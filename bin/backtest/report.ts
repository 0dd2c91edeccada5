import { html } from 'hono/html';
import { localeOf } from '../../api/reasons.ts';
import type { BacktestResult } from '../../training/backtest/backtest.ts';
import type { Estimate, Question } from '../../training/backtest/judge.ts';
import type { Slice } from '../../training/backtest/slices.ts';
import { pageOf } from '../drawing/page.ts';
import { calibrationChart, chartStyle, gainChart, keyOf, legend, looksChart, whisker } from './charts.ts';
import { type Language, nameOf, nounOf, sideOf, type Words, words } from './words.ts';

type Markup = ReturnType<typeof html>;

const reportStyle = `
.lead { font-size: 1.6rem; line-height: 1.35; font-weight: 600; margin: .2rem 0 .8rem; text-wrap: balance; }
.top h1 { font-size: 1.1rem; color: var(--soft); font-weight: 600; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1.5rem 2.5rem; align-items: start; }
.verdicts { list-style: none; padding: 0; margin: .6rem 0 0; } .verdicts li { display: grid; grid-template-columns: 10rem 1fr; gap: 1rem; padding: .6rem 0; border-top: 1px solid var(--line); }
.tag { font-weight: 700; } .tag::before { content: ""; display: inline-block; width: .65em; height: .65em; border-radius: 50%; background: currentColor; margin-right: .5em; }
.tag.better { color: var(--good); } .tag.worse { color: var(--bad); } .tag.even { color: var(--soft); }
td .small { display: block; white-space: nowrap; font-size: .75rem; } .figures-table td, .figures-table th { padding: .45rem .55rem .45rem 0; }
.figures-table thead th { white-space: normal; vertical-align: bottom; min-width: 4.6rem; } .figures-table th svg { width: 2.4rem; height: .8rem; display: block; }
tr.ours > * { background: color-mix(in srgb, var(--accent) 8%, transparent); } .whiskers { width: 14rem; display: inline-block; vertical-align: middle; }
svg text.mark { fill: var(--accent); font-weight: 700; font-size: 15px; }
details { margin: .8rem 0 0; } summary { cursor: pointer; color: var(--accent); } .limits li { margin: .3rem 0; }
@media (max-width: 40rem) { .lead { font-size: 1.3rem; } .verdicts li { grid-template-columns: 1fr; gap: .1rem; } }
@media print { details > * { display: revert; } }
`;

const fixed = (value: number | null | undefined, digits: number): string =>
  value == null
    ? '–'
    : value
        .toFixed(digits)
        .replace(/^-(?=0\.?0*$)/, '')
        .replace('-', '−');

export function reportHtml(result: BacktestResult, language: Language): string {
  const w = words(language);
  const { judgement, plan, subject, zone } = result;
  const dates = new Intl.DateTimeFormat(localeOf(language), { dateStyle: 'medium', timeZone: zone }); // biome-ignore format: one call
  const date = (at: number) => dates.format(at);
  const money = judgement.curves.some(({ by }) => by === 'money');
  const side = sideOf(subject.sides.positive, language);
  const noun = nounOf(subject.noun.many, language);
  const rows = (question: Question) => judgement.rows[question].toLocaleString('en');
  const main = html`<section>
<p class="lead">${w.headline(result)}</p>
<p class="hint">${w.subline(result, date(plan.origins[0]!.at), date(plan.origins.at(-1)!.at), date(plan.known))}</p>
<h2>${w.verdictsTitle}</h2>
<ul class="verdicts">${result.verdicts.map((verdict) => html`<li><span class="tag ${verdict.says === 'no difference' ? 'even' : verdict.says}">${w.says[verdict.says]}</span><span>${w.verdict(verdict, nameOf(verdict.rival, result, language))}</span></li>`)}</ul>
</section>
<section>
<div class="charts">
<div><h2>${w.gainTitle(money, noun)}</h2><p class="hint">${w.gainHint(money, plan.horizonDays)}</p>${gainChart(result, money ? 'money' : 'list', w)}</div>
<div><h2>${w.calibrationTitle}</h2><p class="hint">${w.calibrationHint}</p>${calibrationChart(result, w)}</div>
</div>
${legend(result, language)}
</section>
<section aria-labelledby="figures">
<h2 id="figures">${w.figuresTitle}</h2>
<p class="hint">${w.figuresHint(result.draws, judgement.accounts)}</p>
${figures(result, 'within', RANKING, `${w.ranking}: ${w.within(plan.horizonDays, side, rows('within'))}`, language, w)}
${figures(result, 'within', PROBABILITIES, `${w.probabilities}: ${w.within(plan.horizonDays, side, rows('within'))}`, language, w)}
${figures(result, 'ever', PROBABILITIES, `${w.probabilities}: ${w.ever(side, rows('ever'), `${Math.round(100 * judgement.undecidedShare)} %`)}`, language, w)}
<details><summary>${w.calibrationTable}</summary>${calibrationTable(result, w)}</details>
</section>
<section>
<h2>${w.looksTitle}</h2>
<p class="hint">${w.looksHint(plan.horizonDays, side)}</p>
<div class="scroll" role="region" aria-label="${w.looksTitle}" tabindex="0">${looksChart(result, language, w, date)}</div>
<details><summary>${w.looksTitle}</summary>${looksTable(result, date, w)}</details>
</section>
<section>
<h2>${w.slicesTitle}</h2>
<p class="hint">${w.slicesHint(nameOf(result.sliceRival, result, language))}</p>
${slices(result.age, w.age, nameOf(result.sliceRival, result, language), w)}
${slices(result.segments, w.segment(result.segment), nameOf(result.sliceRival, result, language), w)}
</section>
<section>
<h2>${w.limitsTitle}</h2>
<ul class="limits">${result.limits.map((limit) => html`<li>${w.limit(limit)}</li>`)}</ul>
<h3>${w.howTitle}</h3>
<ul class="limits">${w.how(result).map((line) => html`<li>${line}</li>`)}</ul>
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
    footer: `Foresell · backtest --model ${result.model} --profile ${result.profile} --every ${plan.everyDays}d --retrain ${plan.retrainDays}d --seed ${result.seed} --draws ${result.draws}`,
  })}\n`;
}

const PROBABILITIES = [
  ['logLoss', 3],
  ['brier', 3],
  ['reliability', 3],
  ['resolution', 3],
  ['uncertainty', 3],
  ['auc', 3],
  ['slope', 2],
  ['intercept', 2],
  ['ece', 3],
] as const;
/** Digits 0: as a percentage. */
const RANKING = [
  ['topDecileLift', 2],
  ['money10', 0],
  ['money20', 0],
  ['money30', 0],
  ['moneyOfList20', 0],
  ['found10', 0],
  ['found20', 0],
  ['found30', 0],
] as const;
type Columns = readonly (readonly [name: string, digits: number])[];

function figures(
  result: BacktestResult,
  question: Question,
  columns: Columns,
  caption: string,
  language: Language,
  w: Words,
): Markup {
  const { figures: all, methods } = result.judgement;
  const shown = columns.filter(([name]) => all[question]['foresell']![name]?.value != null);
  const cell = (estimate: Estimate | undefined, digits: number) => {
    const text = (v: number | null) =>
      digits === 0 ? (v === null ? '–' : `${Math.round(100 * v)} %`) : fixed(v, digits);
    if (!estimate || estimate.value === null) return html`<td class="number">–</td>`;
    const { value, low, high } = estimate;
    const span = low === null || high === null ? '' : digits === 0 ? `${Math.round(100 * low)} ${w.to} ${Math.round(100 * high)}` : `${text(low)} ${w.to} ${text(high)}`; // biome-ignore format: one choice
    return html`<td class="number">${text(value)}<span class="small">${span}</span></td>`;
  };
  return html`<h3>${caption}</h3>
<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table class="figures-table">
<thead><tr><th scope="col">${w.method}</th>${shown.map(([name]) => html`<th scope="col" class="number">${w.figure[name] ?? name}</th>`)}</tr></thead>
<tbody>${methods.map((m) => html`<tr class="${m === 'foresell' ? 'ours' : ''}"><th scope="row">${nameOf(m, result, language)}${keyOf(m)}</th>${shown.map(([name, digits]) => cell(all[question][m]![name], digits))}</tr>`)}</tbody>
</table></div>`;
}

function calibrationTable(result: BacktestResult, w: Words): Markup {
  return html`<table><thead><tr><th scope="col">${w.rows}</th><th scope="col" class="number">${w.said}</th><th scope="col" class="number">${w.happened}</th></tr></thead>
<tbody>${result.judgement.calibration.within['foresell']!.map(({ rows, said, happened }) => html`<tr><td>${rows}</td><td class="number">${(100 * said).toFixed(1)} %</td><td class="number">${(100 * happened).toFixed(1)} %</td></tr>`)}</tbody></table>`;
}

function looksTable(result: BacktestResult, date: (at: number) => string, w: Words): Markup {
  return html`<table><thead><tr><th scope="col">${w.look}</th><th scope="col" class="number">${w.open}</th><th scope="col" class="number">${w.expected}</th><th scope="col" class="number">${w.baseExpected}</th><th scope="col" class="number">${w.happened}</th><th scope="col">${w.model}</th></tr></thead>
<tbody>${result.origins.map((o) => html`<tr><th scope="row">${date(o.at)}</th><td class="number">${o.open}</td><td class="number">${o.expected.toFixed(1)}</td><td class="number">${o.expectedBaseRate.toFixed(1)}</td><td class="number">${o.happened}</td><td><code>${o.version.slice(0, 12)}</code></td></tr>`)}</tbody></table>`;
}

function slices(list: readonly Slice[], name: string, rival: string, w: Words): Markup {
  const most = Math.max(0.01, ...list.flatMap(({ difference: { low, high } }) => [Math.abs(low), Math.abs(high)].filter(Number.isFinite))); // biome-ignore format: one figure
  return html`<div class="scroll" role="region" aria-label="${name}" tabindex="0"><table>
<thead><tr><th scope="col">${name}</th><th scope="col" class="number">${w.rows}</th><th scope="col" class="number">${w.said}</th><th scope="col" class="number">${w.happened}</th><th scope="col" class="number">Foresell</th><th scope="col" class="number">${rival}</th><th scope="col" class="number">${w.difference}</th><th scope="col"></th></tr></thead>
<tbody>${list.map((s) => html`<tr><th scope="row">${w.bands[s.name] ?? s.name}</th><td class="number">${s.rows.toLocaleString('en')}</td><td class="number">${(100 * s.said).toFixed(1)} %</td><td class="number">${(100 * s.happened).toFixed(1)} %</td><td class="number">${fixed(s.logLoss, 3)}</td><td class="number">${fixed(s.rivalLogLoss, 3)}</td><td class="number">${fixed(s.difference.value, 3)}<span class="small">${fixed(s.difference.low, 3)} ${w.to} ${fixed(s.difference.high, 3)}</span></td><td>${whisker(s.difference, most)}</td></tr>`)}</tbody>
</table></div>`;
}
