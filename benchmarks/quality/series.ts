import { join } from 'node:path';
import { forecastSeriesSet, naiveScale } from '../../models/series/index.ts';
import { type ColumnTable, cellAt } from '../../src/connectors/columns.ts';
import { readColumns } from '../../src/connectors/tableBatches.ts';
import { mae, smape } from '../../src/stats/forecastErrors.ts';
import { coverage, intervalScore } from '../../src/stats/interval.ts';
import type { Bar, QualityCase } from './quality.ts';

const PERIODS = ['yearly', 'quarterly', 'monthly', 'other'] as const;
/** sMAPE in percent by period and over all horizons: Makridakis and Hibon (2000), and R's `thetaf` (forecast 8.20). */
const PUBLISHED: Readonly<Record<string, readonly number[]>> = {
  'Theta, best entrant': [16.97, 8.96, 13.89, 4.41, 13.05],
  ForecastPro: [17.27, 9.82, 13.9, 4.6, 13.23],
  'Comb S-H-D': [17.07, 9.22, 14.47, 4.56, 13.51],
  Dampen: [17.36, 9.36, 14.58, 4.61, 13.64],
  'B-J automatic': [17.73, 10.26, 14.8, 5.06, 14.0],
  Naive2: [17.88, 9.95, 16.89, 6.3, 15.46],
  "R's thetaf": [16.76, 9.2, 13.86, 4.92, 13.06],
};
/** One series of so many, evenly, with `--small`. */
const EVERY = 15;

interface M3Series {
  readonly period: (typeof PERIODS)[number];
  readonly type: string;
  readonly horizon: number;
  readonly season: number;
  readonly train: Float64Array;
  readonly test: Float64Array;
}

/** The 3,003 series of the M3 competition as `series forecast` says them: error, intervals, time. Nothing is chosen on the test part. */
export const series: QualityCase = {
  name: 'series',
  says: 'M3 competition: sMAPE beside the published entrants, coverage and score of intervals, time',
  needs: 'm3_competition',
  run: async ({ folder, small, say }) => {
    const all = (await readM3(folder!)).filter((_, i) => !small || i % EVERY === 0);
    const began = process.cpuUsage();
    const judged: Judged[] = [];
    for (const period of PERIODS) {
      const own = all.filter((s) => s.period === period);
      const { horizon, season } = own[0]!;
      const said = forecastSeriesSet(
        own.map(({ train }) => ({ y: train })),
        { season, horizon, method: 'auto', origins: 3 },
        (done) => done % 200 === 0 && say(`${period}: ${done} of ${own.length}`),
      );
      for (const [i, one] of own.entries()) judged.push(judge(one, said[i]!));
    }
    // Of the processor: one thread does the work, and what else runs on the machine is not in it.
    const { user, system } = process.cpuUsage(began);
    const seconds = (user + system) / 1e6;
    const lines = [`${'sMAPE'.padEnd(22)} ${[...PERIODS, 'all'].map((p) => p.padStart(9)).join(' ')}`];
    const row = (name: string, of: readonly number[]) =>
      lines.push(`${name.padEnd(22)} ${of.map((v) => v.toFixed(2).padStart(9)).join(' ')}`);
    const by = (key: keyof Figures) =>
      [...PERIODS.map((p) => judged.filter((j) => j.of.period === p)), judged].map((of) => pooled(of, key));
    row('ours', by('smape'));
    for (const [name, of] of Object.entries(PUBLISHED)) row(name, of);
    lines.push('');
    for (const [name, key] of [['MASE', 'mase'], ['80 % intervals hold', 'in80'], ['95 % intervals hold', 'in95'], ['score of 80 %, scaled', 'is80'], ['score of 95 %, scaled', 'is95']] as const) row(name, by(key)); // biome-ignore format: a table
    lines.push('', 'by category: series, sMAPE, 80 % and 95 % intervals hold');
    for (const type of [...new Set(all.map((s) => s.type))]) {
      const of = judged.filter((j) => j.of.type === type);
      lines.push(`${type.padEnd(22)} ${String(of.length).padStart(5)} ${pooled(of, 'smape').toFixed(2).padStart(7)} ${pooled(of, 'in80').toFixed(3).padStart(7)} ${pooled(of, 'in95').toFixed(3).padStart(7)}`); // biome-ignore format: a row
    }
    const bars: Bar[] = [
      { name: 'coverage of 80 %', value: pooled(judged, 'in80'), least: 0.75, most: 0.85 },
      { name: 'coverage of 95 %', value: pooled(judged, 'in95'), least: 0.9, most: 1 },
    ];
    // A part of the series has another figure than all of them, by chance: only all are held to the bar of the competition.
    if (small) bars.push({ name: 'processor seconds', value: seconds, most: 20 });
    else {
      bars.push({ name: 'sMAPE over all horizons', value: pooled(judged, 'smape'), most: 13.2 });
      bars.push({ name: 'processor seconds for 3,003 series', value: seconds, most: 180 });
    }
    return { figures: { series: all.length, 'processor seconds': seconds, 'sMAPE over all horizons': pooled(judged, 'smape') }, accept: bars, lines }; // biome-ignore format: one answer
  },
};

interface Figures {
  readonly smape: number;
  readonly mase: number;
  readonly in80: number;
  readonly in95: number;
  readonly is80: number;
  readonly is95: number;
}
interface Judged extends Figures {
  readonly of: M3Series;
}

function judge(of: M3Series, { mean, intervals }: ReturnType<typeof forecastSeriesSet>[number]): Judged {
  const { train, test, season } = of;
  const scale = naiveScale(train, season);
  return {
    of,
    smape: smape(test, mean),
    mase: mae(test, mean) / scale,
    in80: coverage(test, intervals[80].low, intervals[80].high),
    in95: coverage(test, intervals[95].low, intervals[95].high),
    is80: intervalScore(test, intervals[80].low, intervals[80].high, 0.2) / scale,
    is95: intervalScore(test, intervals[95].low, intervals[95].high, 0.05) / scale,
  };
}

/** Mean over series weighted by their horizons, as the competition does. */
function pooled(judged: readonly Judged[], key: keyof Figures): number {
  const weight = judged.reduce((sum, { of }) => sum + of.horizon, 0);
  return judged.reduce((sum, j) => sum + j[key] * j.of.horizon, 0) / weight;
}

async function readM3(folder: string): Promise<M3Series[]> {
  const [about, values] = await Promise.all(['m3_series.csv.gz', 'm3_values.csv.gz'].map((file) => readColumns(join(folder, file)))) as [ColumnTable, ColumnTable]; // biome-ignore format: one call
  const cell = (table: ColumnTable, name: string, row: number) => cellAt(table.columns.get(name)!, row);
  const parts = new Map<string, { readonly train: number[]; readonly test: number[] }>();
  for (let row = 0; row < values.rows; row++) {
    const sn = cell(values, 'sn', row);
    let own = parts.get(sn);
    if (!own) parts.set(sn, (own = { train: [], test: [] }));
    own[cell(values, 'set', row) as 'train' | 'test'].push(Number(cell(values, 'value', row)));
  }
  return Array.from({ length: about.rows }, (_, row) => ({
    period: cell(about, 'period', row) as M3Series['period'],
    type: cell(about, 'type', row),
    horizon: Number(cell(about, 'h', row)),
    season: Number(cell(about, 'freq', row)),
    train: Float64Array.from(parts.get(cell(about, 'sn', row))!.train),
    test: Float64Array.from(parts.get(cell(about, 'sn', row))!.test),
  }));
}
