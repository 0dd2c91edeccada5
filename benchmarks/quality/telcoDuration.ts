import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { incidence } from '../../models/hazards.ts';
import { readTable } from '../../src/connectors/table.ts';
import { type Frame, rowsOf } from '../../src/frame.ts';
import { antolini } from '../../src/stats/concordance.ts';
import { integrated, ipcwBrier } from '../../src/stats/ipcwBrier.ts';
import {
  durationRows,
  type FittedTable,
  fitTable,
  type TableRows,
  tableHazards,
  takeTableRows,
} from '../../training/tables/fit.ts';
import { runR } from '../peers/peer.ts';
import { durationTarget, inferFrame } from './inferFrame.ts';
import type { Bar, QualityCase } from './quality.ts';

/** Months: single ones in the first year, twos to the third, threes to the last. */
const EDGES = [
  ...Array.from({ length: 13 }, (_, i) => i),
  ...Array.from({ length: 12 }, (_, i) => 14 + 2 * i),
  ...Array.from({ length: 12 }, (_, i) => 39 + 3 * i),
];
/** Judged to here: few were watched longer than 60 of 72 months, and their weights would decide alone. */
const LAST = 60;
const FOLDS = 5;

/**
 * How long customers stay, from `tenure` and `Churn` of ibm_telco_churn, beside R's coxph on ordinary one-hot columns:
 * five folds by row number modulo 5, Antolini's C and the integrated IPCW Brier score over months 1 to 60 on each.
 * `TotalCharges` is tenure times the monthly charge: left out of both.
 */
export const telcoDuration: QualityCase = {
  name: 'telcoDuration',
  says: 'how long customers stay: concordance and integrated Brier score beside Cox in R',
  needs: 'ibm_telco_churn',
  run: async ({ folder, small, seed, say }) => {
    const table = await readTable(join(folder!, 'telco_churn.csv.gz'));
    const { frame } = inferFrame(table, { id: 'customerID', drop: ['Churn', 'tenure', 'TotalCharges'] });
    const { time, event } = durationTarget(table, 'tenure', 'Churn');
    const all = durationRows(frame, EDGES, time, event);
    const times = Float64Array.from({ length: LAST }, (_, i) => i + 1);
    const cox = coxCurves(frame, time, event);
    if (!cox) say('Rscript with the package survival is not installed: Cox is skipped');
    const ours = { c: [] as number[], ibs: [] as number[] };
    const theirs = { c: [] as number[], ibs: [] as number[] };
    for (let fold = 0; fold < (small ? 2 : FOLDS); fold++) {
      const rows = Array.from({ length: rowsOf(frame) }, (_, i) => i);
      const held = rows.filter((i) => i % FOLDS === fold);
      const train = takeTableRows(all, rows.filter((i) => i % FOLDS !== fold)); // biome-ignore format: one call
      const fitted = await fitTable(train, { seed });
      say(`fold ${fold}: ${Object.entries(fitted.weights).map(([name, w]) => `${name} ${w.toFixed(2)}`).join(', ')}`); // biome-ignore format: one call
      const judged = judge(held.map((i) => time[i]!), held.map((i) => event[i]!), times); // biome-ignore format: one call
      const said = judged(ended(fitted, takeTableRows(all, held), times));
      ours.c.push(said.c);
      ours.ibs.push(said.ibs);
      if (!cox) continue;
      const peer = judged(Float64Array.from(held.flatMap((i) => cox.survival[i]!.map((s) => 1 - s))));
      theirs.c.push(peer.c);
      theirs.ibs.push(peer.ibs);
    }
    const figures: Record<string, number | string> = {
      'ours C-index': shown(ours.c),
      'ours integrated Brier': shown(ours.ibs),
    };
    const accept: Bar[] = [];
    if (cox) {
      const dC = ours.c.map((v, i) => v - theirs.c[i]!);
      const dIbs = ours.ibs.map((v, i) => v - theirs.ibs[i]!);
      figures['Cox C-index'] = shown(theirs.c);
      figures['Cox integrated Brier'] = shown(theirs.ibs);
      figures['C-index, ours - Cox'] = shown(dC);
      figures['Brier, ours - Cox'] = shown(dIbs);
      accept.push({ name: 'C-index, ours - Cox', value: mean(dC), least: 0 });
      accept.push({ name: 'integrated Brier, ours - Cox', value: mean(dIbs), most: 0 });
    }
    const peer = cox ? `Cox: survival ${cox.version}` : 'Cox: skipped, Rscript with survival is not installed';
    return { figures, accept, lines: [peer, 'figures: mean of the folds +- its standard error'] };
  },
};

const mean = (values: readonly number[]) => values.reduce((s, v) => s + v, 0) / values.length;

function shown(values: readonly number[]): string {
  const m = mean(values);
  const variance = values.reduce((s, v) => s + (v - m) ** 2, 0) / (values.length - 1);
  return `${m.toFixed(4)} +- ${Math.sqrt(variance / values.length).toFixed(4)}`;
}

/** P(ended by t): rows x times. */
const ended = (fitted: FittedTable, { X, grid }: TableRows, times: Float64Array): Float64Array =>
  incidence(grid, tableHazards(fitted, X), times);

const judge =
  (time: readonly number[], event: readonly number[], times: Float64Array) =>
  (F: Float64Array): { c: number; ibs: number } => ({
    // Between months and beyond the last one judged the risk is that of the nearest.
    c: antolini(time, event, (row, t) => F[row * LAST + Math.min(Math.max(Math.round(t), 1), LAST) - 1]!),
    ibs: integrated(times, ipcwBrier(time, event, 1, times, F)),
  });

/** Survival at months 1 to LAST of every row by Cox fitted on the other folds; undefined where R is not there. */
function coxCurves(
  frame: Frame,
  time: Float64Array,
  event: Uint8Array,
): { readonly survival: readonly (readonly number[])[]; readonly version: string } | undefined {
  const scratch = mkdtempSync(join(tmpdir(), 'foresell-cox-'));
  try {
    const from = join(scratch, 'in.csv');
    const to = join(scratch, 'out.csv');
    const columns = [...frame.columns].flatMap(([name, column]) =>
      column.type === 'number'
        ? [{ name, values: [...column.values] }]
        : column.levels
            .slice(1) // the first level is the reference
            .map((level, k) => ({
              name: `${name} ${level}`,
              values: Array.from(column.codes, (code) => (code === k + 1 ? 1 : 0)),
            })),
    );
    const header = ['fold', 'time', 'event', ...columns.map((_, j) => `c${j}`)].join(',');
    const lines = frame.ids.map((_, i) =>
      [i % FOLDS, time[i], event[i], ...columns.map(({ values }) => values[i])].join(','),
    );
    writeFileSync(from, `${[header, ...lines].join('\n')}\n`);
    const version = runR('cox.R', ['survival'], [from, to, String(LAST)]);
    if (version === undefined) return undefined;
    const survival = readFileSync(to, 'utf8').trim().split('\n').map((line) => line.split(',').map(Number)); // biome-ignore format: one chain
    return { survival, version };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
