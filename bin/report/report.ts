import { html, raw } from 'hono/html';
import { style } from '../../api/pages/style.ts';
import type { FeatureWords } from '../../api/ports.ts';
import { localeOf, valueText } from '../../api/reasons.ts';
import type { ArtifactHeader } from '../../models/artifact.ts';
import type { Evidence, JudgedRows, Segment } from '../../training/evidence.ts';
import type { RunRecord } from '../../training/runRecord.ts';
import type { Language } from '../backtest/words.ts';
import { drawingStyle, type Markup } from '../drawing/square.ts';
import {
  chartStyle,
  distributionChart,
  effectBar,
  gainChart,
  learningChart,
  legend,
  liftChart,
  precisionRecallChart,
  reliabilityChart,
  rocChart,
} from './charts.ts';
import { figuresOf, segmentRows } from './figures.ts';
import { type Words, words } from './words.ts';

/**
 * All that a report of a version says; of a company's model (`content.ts`) or of a flat table's, whoever gathers it.
 * Without `evidence` or `record` the report says that they are not kept.
 */
export interface ReportContent {
  readonly company: string;
  readonly sample: boolean;
  readonly zone: string;
  readonly currency: string;
  readonly header: ArtifactHeader;
  readonly version: string;
  readonly serves: boolean;
  /** What rows are about, in the language of the report. */
  readonly noun: string;
  /** How they end; the probability is of the positive side. */
  readonly sides: { readonly positive: string; readonly negative: string };
  /** A side, or a way to end, in the language of the report. */
  readonly side: (name: string) => string;
  readonly evidence: Evidence | undefined;
  readonly record: RunRecord | undefined;
  readonly featureWords: (feature: string) => FeatureWords | undefined;
  /** Of a flat table: the column that is told. Rows then have no time and no company. */
  readonly table?: { readonly target: string };
}

const reportStyle = `
.lead { font-size: 1.5rem; line-height: 1.35; font-weight: 600; margin: .2rem 0 .8rem; text-wrap: balance; }
.top h1 { font-size: 1.1rem; color: var(--soft); font-weight: 600; }
.charts > div:only-child { max-width: 34rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1.5rem 2.5rem; align-items: start; }
dl.card { display: grid; grid-template-columns: 11rem 1fr; gap: .45rem 1.2rem; margin: .6rem 0 0; } dl.card dt { color: var(--soft); } dl.card dd { margin: 0; overflow-wrap: anywhere; }
.limits { margin: .3rem 0 0; padding-left: 1.2rem; } .limits li { margin: .3rem 0; }
.effects { display: grid; grid-template-columns: repeat(auto-fit, minmax(24rem, 1fr)); gap: 1rem 2.5rem; } .effects th, .effects td { padding: .25rem .7rem .25rem 0; vertical-align: middle; } .effects h3 { margin-bottom: .2rem; }
tr.ours > * { background: color-mix(in srgb, var(--accent) 8%, transparent); } details { margin: .8rem 0 0; } summary { cursor: pointer; color: var(--accent); }
td code, dd code { overflow-wrap: anywhere; }
@media (max-width: 40rem) { .lead { font-size: 1.25rem; } dl.card { grid-template-columns: 1fr; gap: 0; } dl.card dd { margin-bottom: .5rem; } .effects { grid-template-columns: 1fr; } }
@media print { details > * { display: revert; } .wrap { max-width: none; } section { border: 0; padding: .5rem 0; } .effects > div, .charts > div { break-inside: avoid; } section.long { break-inside: auto; } }
`;

const fixed = (value: number | null | undefined, digits: number): string =>
  value === null || value === undefined || Number.isNaN(value) ? '–' : value.toFixed(digits).replace('-', '−');
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const count = (n: number): string => n.toLocaleString('en');

/** One file that needs nothing else: no script, no font, no image from elsewhere. */
export function reportHtml(content: ReportContent, language: Language): string {
  const w = words(language, content.table !== undefined);
  const { header, evidence, record, version, noun } = content;
  const judged = evidence?.judged && evidence.judged.p.length > 0 ? evidence.judged : undefined;
  const title = `${w.title} · ${header.model} ${version.slice(0, 12)}`;
  const section = (heading: string, hint: string, inside: Markup | readonly Markup[], long = false) =>
    html`<section class="${long ? 'long' : ''}"><h2>${heading}</h2>${hint ? html`<p class="hint">${hint}</p>` : ''}${inside}</section>`;
  const page = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${content.company} – ${title}</title>
<link rel="icon" href="data:,">
<style>${raw(style)}${raw(drawingStyle)}${raw(chartStyle)}${raw(reportStyle)}</style>
</head>
<body>
<div class="wrap">
<header class="top"><h1>${title} · ${content.company}</h1></header>
${content.sample ? html`<p class="note">${w.sample}</p>` : ''}
${header.lowSkill ? html`<p class="note">${w.lowSkill}</p>` : ''}
${header.insufficientData ? html`<p class="note">${w.insufficient}</p>` : ''}
<main>
${card(content, judged, w, language)}
${
  judged
    ? html`${section(w.ranking, w.rankingHint, html`<div class="charts"><div><h3>${w.roc}</h3>${rocChart(judged, w)}</div><div><h3>${w.precisionRecall}</h3>${precisionRecallChart(judged, w)}</div></div>${legend(judged, (method) => w.method[method] ?? method)}`)}
${section(w.calibration, '', html`<div class="charts"><div><p class="hint">${w.calibrationHint}</p>${reliabilityChart(judged, w)}</div><div><h3>${w.distribution}</h3><p class="hint">${w.distributionHint}</p>${distributionChart(judged, w)}<ul class="legend"><li><svg viewBox="0 0 12 10" style="width:.9rem"><rect class="bar-yes" width="11" height="10" /></svg>${content.side(content.sides.positive)}</li><li><svg viewBox="0 0 12 10" style="width:.9rem"><rect class="bar-no" x="1" y="1" width="10" height="8" /></svg>${otherSide(judged, content, w)}</li></ul></div></div>`)}
${section(w.gain, '', html`<div class="charts"><div><p class="hint">${w.gainHint}</p>${gainChart(judged, w)}${legend(judged, (method) => w.method[method] ?? method)}</div><div><h3>${w.lift}</h3><p class="hint">${w.liftHint}</p>${liftChart(judged, w)}</div></div>`)}
${section(w.figures, w.figuresHint, figures(judged, w))}`
    : html`<section><h2>${w.ranking}</h2><p class="hint">${w.noJudged}</p></section>`
}
${section(w.effects, evidence?.effects.length ? w.effectsHint : w.noEffects, effects(content, w, language), true)}
${
  judged
    ? section(
        w.segments,
        w.segmentsHint,
        judged.segments.map((segment) => segmentTable(content, judged, segment, w, language)),
        true,
      )
    : ''
}
${section(w.findings, '', findings(content, w, language))}
${evidence?.curves.length ? section(w.learning, w.learningHint, html`<div class="charts">${evidence.curves.map((curve) => html`<div>${learningChart(curve, w)}</div>`)}</div>`) : ''}
${content.table ? '' : html`${section(w.candidates, w.candidatesHint, candidates(header))}${runSection(content, record, w)}`}
<section><h2>${w.limits}</h2><ul class="limits">${(content.table ? w.tableLimits : w.limitList(noun, header.withinDays)).map((line) => html`<li>${line}</li>`)}</ul></section>
</main>
<footer>Foresell${record ? ` ${record.code.version}` : ''} · ${header.model} · <code>${version}</code></footer>
</div>
</body>
</html>
`;
  return String(page);
}

/** What the other rows are: of a horizon, all that did not end so within it. */
const otherSide = ({ withinDays }: JudgedRows, { side, sides }: ReportContent, w: Words): string =>
  withinDays === null ? side(sides.negative) : w.notSo;

function dates(zone: string, language: Language) {
  const format = new Intl.DateTimeFormat(localeOf(language), { dateStyle: 'medium', timeZone: zone }); // biome-ignore format: one call
  return (at: number) => format.format(at);
}

function card(content: ReportContent, judged: JudgedRows | undefined, w: Words, language: Language): Markup {
  const { header, record, noun, side, sides, evidence } = content;
  const date = dates(content.zone, language);
  const { trained } = header;
  const rank = (name: string) => (name === 'open' ? 2 : name === sides.positive ? 0 : 1); // biome-ignore format: one order
  const of = judged && figuresOf(judged.event, judged.p);
  const left = [...header.leaks.filter(({ severity }) => severity === 'hard').map(({ feature }) => feature), ...(evidence?.drifted ?? []).map(({ feature }) => feature)]; // biome-ignore format: one list
  const outcomes = Object.entries(trained.outcomes).sort(([a], [b]) => rank(a) - rank(b)).map(([name, n]) => `${count(n)} ${name === 'open' ? w.open : side(name)}`); // biome-ignore format: one list
  const sampled = judged && judged.of > judged.p.length ? count(judged.p.length) : undefined;
  const verdict = record?.verdict;
  const ranked = of?.auc == null ? undefined : `${Math.round(100 * of.auc)} %`;
  const judgedRows = count(judged?.of ?? 0);
  const lead = ranked === undefined ? w.noLead : content.table ? w.tableLead(ranked, judgedRows, content.table.target, sides.positive) : w.lead(ranked, judgedRows, noun, side(sides.positive)); // biome-ignore format: one choice
  const rows: readonly (readonly [string, string])[] = [
    [
      w.what,
      content.table
        ? w.tableQuestion(content.table.target, sides.positive)
        : w.question(side(sides.positive), header.withinDays),
    ],
    [w.forWhat, content.table ? w.tableForWhat : w.forWhatText(noun)],
    [
      w.data,
      content.table
        ? w.tableData(count(trained.rows))
        : w.dataText(date(trained.from), date(trained.to), count(trained.rows), count(trained.entities), noun),
    ],
    [w.outcomes, outcomes.join(', ')],
    [w.reads, content.table ? w.tableReads(header.features.length) : w.readsText(header.features.length)],
    [w.leftOut, left.map((name) => label(content, name, w, language)).join(', ') || w.nothing],
    [w.chosen, header.chosen],
    ...(judged
      ? [
          [
            w.judgedOn,
            content.table ? w.tableJudged(count(judged.of), sampled) : w.judgedText(count(judged.of), noun, sampled),
          ] as const,
        ]
      : []),
    ...(content.table
      ? []
      : [[w.gate, `${content.serves ? w.serves : w.servesNot}${verdict ? ` · ${verdict.reason}` : ''}`] as const]),
    [w.version, content.version],
  ];
  return html`<section>
<p class="lead">${lead}</p>
<h2>${w.card}</h2>
<dl class="card">${rows.map(([name, text]) => html`<dt>${name}</dt><dd>${text}</dd>`)}</dl>
</section>`;
}

function figures(judged: JudgedRows, w: Words): Markup {
  const methods = [['model', judged.p] as const, ...Object.entries(judged.rivals)];
  const names = ['auc', 'averagePrecision', 'logLoss', 'brier', 'ece'] as const;
  return html`<div class="scroll"><table>
<thead><tr><th scope="col"></th><th scope="col" class="number">${w.rows}</th>${names.map((name) => html`<th scope="col" class="number">${w.figure[name]}</th>`)}</tr></thead>
<tbody>${methods.map(([method, p]) => {
    const of = figuresOf(judged.event, p);
    return html`<tr class="${method === 'model' ? 'ours' : ''}"><th scope="row">${w.method[method] ?? method}</th><td class="number">${count(of.rows)}</td>${names.map((name) => html`<td class="number">${fixed(of[name], 3)}</td>`)}</tr>`;
  })}</tbody></table></div>`;
}

/** How a feature is called. */
function label({ featureWords }: ReportContent, feature: string, w: Words, language: Language): string {
  return feature === 'team' ? w.team : (featureWords(feature)?.label[language] ?? feature);
}

/** A value of a feature in its unit; amounts of a company are in minor units of its currency. */
const say = ({ featureWords, currency }: ReportContent, feature: string, value: number | string, language: Language) =>
  valueText(value, featureWords(feature)?.unit ?? 'none', language, currency);

function effects(content: ReportContent, w: Words, language: Language): Markup {
  const shown = content.evidence?.effects ?? [];
  const most = Math.max(0.05, ...shown.flatMap(({ bins }) => bins.flatMap(({ low, high, mean }) => [Math.abs(low), Math.abs(high), Math.abs(mean)]))); // biome-ignore format: one figure
  const at = (feature: string, value: (typeof shown)[number]['bins'][number]['at']) => {
    if (value === null) return w.missing;
    if (typeof value === 'string') return value;
    const [from, to] = [say(content, feature, value[0], language), say(content, feature, value[1], language)];
    return from === to ? from : w.range(from, to);
  };
  return html`<div class="effects">${shown.map(
    ({ feature, bins }) => html`<div><h3>${label(content, feature, w, language)}</h3><table>
<tbody>${bins.map((bin) => html`<tr><th scope="row" class="small">${at(feature, bin.at)}</th><td class="bar">${effectBar(bin, most)}</td><td class="number">${bin.mean > 0 ? '+' : ''}${fixed(bin.mean, 2)}</td><td class="number small">${bin.rows}</td></tr>`)}</tbody></table></div>`,
  )}</div>`;
}

function segmentTable(
  content: ReportContent,
  judged: JudgedRows,
  segment: Segment,
  w: Words,
  language: Language,
): Markup {
  // biome-ignore format: one signature
  const rows = segmentRows(judged, segment);
  if (rows.length < 2) return html``;
  const { by, levels } = segment;
  const accounts = content.table === undefined;
  const name = (level: number) => {
    const value = levels[level]!;
    if (typeof value === 'string') return value;
    const next = levels[level + 1];
    const text = (v: number | string) => say(content, by, v, language);
    if (next === undefined) return w.from(text(value));
    return level === 0 ? w.upTo(text(next)) : w.range(text(value), text(next));
  };
  return html`<h3>${label(content, by, w, language)}</h3>
<div class="scroll"><table>
<thead><tr><th scope="col"></th><th scope="col" class="number">${w.rows}</th>${accounts ? html`<th scope="col" class="number">${w.accounts}</th>` : ''}<th scope="col" class="number">${w.said}</th><th scope="col" class="number">${w.happened}</th><th scope="col" class="number">95 %</th><th scope="col" class="number">AUC</th><th scope="col" class="number">log loss</th><th scope="col" class="number">${w.rateLogLoss}</th></tr></thead>
<tbody>${rows.map((row) => html`<tr><th scope="row">${name(row.level)}</th><td class="number">${count(row.rows)}</td>${accounts ? html`<td class="number">${count(row.accounts)}</td>` : ''}<td class="number">${percent(row.said)}</td><td class="number">${percent(row.happened)}</td><td class="number">${w.range(percent(row.low), percent(row.high))}</td><td class="number">${fixed(row.auc, 3)}</td><td class="number">${fixed(row.logLoss, 3)}</td><td class="number">${fixed(row.rateLogLoss, 3)}</td></tr>`)}</tbody></table></div>`;
}

function findings(content: ReportContent, w: Words, language: Language): Markup {
  const { header, evidence } = content;
  const rows = [
    ...header.leaks.map((found) => [found.feature, found.severity === 'hard' ? w.hard : w.suspect, w.leak(found as Parameters<Words['leak']>[0])] as const), // biome-ignore format: one row
    ...(evidence?.drifted ?? []).map(({ feature, distance }) => [feature, w.moved, w.drift(distance.toFixed(2))] as const), // biome-ignore format: one row
  ];
  const notes = header.notes.length ? html`<details><summary>${w.notes}</summary><ul class="limits" lang="en">${header.notes.map((note) => html`<li>${note}</li>`)}</ul></details>` : ''; // biome-ignore format: one choice
  if (rows.length === 0) return html`<p>${w.nothing}</p>${notes}`;
  return html`<div class="scroll"><table><thead><tr><th scope="col">${w.column}</th><th scope="col"></th><th scope="col">${w.finding}</th></tr></thead>
<tbody>${rows.map(([feature, kind, text]) => html`<tr><th scope="row">${label(content, feature, w, language)}<br><code class="small">${feature}</code></th><td>${kind}</td><td>${text}</td></tr>`)}</tbody></table></div>${notes}`;
}

function candidates({ candidates: of, notes: _notes }: ArtifactHeader): Markup {
  const names = [...new Set(Object.values(of).flatMap((figures) => Object.keys(figures)))];
  return html`<div class="scroll"><table><thead><tr><th scope="col"></th>${names.map((name) => html`<th scope="col" class="number">${name}</th>`)}</tr></thead>
<tbody>${Object.entries(of).map(([name, figures]) => html`<tr><th scope="row">${name}</th>${names.map((figure) => html`<td class="number">${fixed(figures[figure], 4)}</td>`)}</tr>`)}</tbody></table></div>`;
}

function runSection(content: ReportContent, record: RunRecord | undefined, w: Words): Markup {
  if (!record) return html`<section><h2>${w.run}</h2><p class="hint">${w.noRun}</p></section>`;
  const { config, code, machine, timings, seconds, peakMemoryMb, champion, settings } = record;
  const { trained, tensorsHash } = content.header;
  const rows: readonly (readonly [string, string])[] = [
    [w.asked.model, config.model],
    [w.asked.until, new Date(config.until).toISOString()],
    [w.asked.profile, config.profile],
    ...(Object.keys(config.changes).length ? [[w.asked.changes, JSON.stringify(config.changes)] as const] : []),
    [w.asked.seed, String(config.seed)],
    [w.asked.code, `${code.version} ${code.hash}`],
    [w.asked.machine, `Node ${machine.node}, ${machine.platform}, ${machine.cores}`],
    [w.asked.backend, trained.backend],
    [w.asked.dataHash, trained.dataHash],
    [w.asked.weights, tensorsHash],
    [w.asked.champion, champion ?? '–'],
    [w.asked.seconds, seconds.toFixed(1)],
    [w.asked.memory, `${count(peakMemoryMb)} MB`],
  ];
  return html`<section><h2>${w.run}</h2>
<dl class="card">${rows.map(([name, text]) => html`<dt>${name}</dt><dd><code>${text}</code></dd>`)}</dl>
<div class="scroll"><table><thead><tr><th scope="col">${w.step}</th><th scope="col" class="number">${w.seconds}</th></tr></thead>
<tbody>${timings.map(({ step, seconds: spent }) => html`<tr><th scope="row">${step}</th><td class="number">${spent.toFixed(1)}</td></tr>`)}</tbody></table></div>
<details><summary>${w.settings}</summary><pre>${JSON.stringify(settings, null, 2)}</pre></details>
</section>`;
}
