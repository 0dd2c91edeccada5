import { decimals } from '../../src/money.ts';
import { formatInstant } from '../../src/time.ts';
import type { BacktestResult } from '../../training/backtest/backtest.ts';
import type { Estimate } from '../../training/backtest/judge.ts';
import type { BacktestDocument } from './files.ts';
import { reportHtml } from './report.ts';

export function documentOf(result: BacktestResult): BacktestDocument {
  const { rows: _rows, plan, origins, trainings, subject: _subject, ...rest } = result;
  const { known, possible, retrainings, origins: _origins, notes: _notes, ...about } = plan;
  return {
    json: {
      ...rest,
      ...about,
      from: formatInstant(plan.origins[0]!.at),
      to: formatInstant(plan.origins.at(-1)!.at),
      known: formatInstant(known),
      possible: { from: formatInstant(possible.from), to: formatInstant(possible.to) },
      retrainings: retrainings.map(formatInstant),
      origins: origins.map((origin) => ({ ...origin, at: formatInstant(origin.at) })),
      trainings: trainings.map((training) => ({ ...training, until: formatInstant(training.until) })),
    },
    html: (language) => reportHtml(result, language),
    rows: () => rowsOf(result),
    printed: () => printedOf(result),
  };
}

/** A row a look: what every method said of it, and what happened. */
export function rowsOf({ rows, currency }: BacktestResult) {
  const unit = 10 ** decimals(currency);
  const orNull = (value: number) => (Number.isFinite(value) ? value : null);
  return rows.map((row) => {
    const cells: Record<string, string | number | null> = {
      account: row.account,
      version: row.version.slice(0, 12),
      age_days: Math.round(row.ageDays * 10) / 10,
      segment: row.segment || null,
      worth: orNull(row.worthMinor / unit),
      within_foresell: row.ours.within,
      ever_foresell: row.ours.ever,
    };
    for (const [name, { ever, within }] of Object.entries(row.rivals)) {
      cells[`within_${snake(name)}`] = within;
      cells[`ever_${snake(name)}`] = ever;
    }
    cells['within_happened'] = row.within;
    cells['ever_happened'] = orNull(row.ever);
    cells['brought'] = orNull(row.broughtMinor / unit);
    return { id: row.id, asOf: row.at, cells, json: { id: row.id, asOf: formatInstant(row.at), ...cells } };
  });
}

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** For a terminal: the sentence, the figures side by side, the verdicts, the limits. */
export function printedOf(result: BacktestResult): string {
  const { judgement, rivals, plan } = result;
  const names: Record<string, string> = { foresell: 'Foresell' };
  for (const { name, label } of rivals) names[name] = label;
  const figures = [
    ['logLoss', 'log loss', 3],
    ['brier', 'Brier', 3],
    ['auc', 'AUC', 3],
    ['topDecileLift', 'lift of top tenth', 2],
    ['money20', 'money in top fifth', 2],
    ['slope', 'slope', 2],
    ['ece', 'ECE', 3],
  ] as const;
  const cell = (estimate: Estimate | undefined, digits: number) =>
    estimate?.value == null
      ? '-'
      : `${estimate.value.toFixed(digits)}${estimate.low === null || estimate.high === null ? '' : ` (${estimate.low.toFixed(digits)} to ${estimate.high.toFixed(digits)})`}`;
  const lines = [result.headline, ''];
  for (const question of ['within', 'ever'] as const) {
    const shown = figures.filter(([name]) => judgement.figures[question]['foresell']?.[name]?.value != null);
    const { positive } = result.subject.sides;
    const what =
      question === 'within'
        ? `${positive} within ${plan.horizonDays} days`
        : `${positive} at all, of those that ended (${Math.round(100 * judgement.undecidedShare)} % undecided)`;
    lines.push(`${what}: ${judgement.rows[question].toLocaleString('en')} looks, 95 % intervals by ${judgement.accounts} accounts`); // biome-ignore format: one sentence
    const rows = [
      ['', ...shown.map(([, label]) => label)],
      ...judgement.methods.map((m) => [names[m]!, ...shown.map(([name, , digits]) => cell(judgement.figures[question][m]![name], digits))]), // biome-ignore format: a table
    ];
    const width = rows[0]!.map((_, c) => Math.max(...rows.map((row) => row[c]!.length)));
    for (const row of rows)
      lines.push(
        `  ${row
          .map((text, c) => text.padEnd(width[c]!))
          .join('  ')
          .trimEnd()}`,
      );
    lines.push('');
  }
  lines.push(...result.verdicts.map(({ text }) => text), '', ...result.limits.map(({ text }) => `- ${text}`), '');
  return lines.join('\n');
}
