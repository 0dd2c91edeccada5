import { dirname } from 'node:path';
import type { Table } from '../../src/connectors/table.ts';
import { type Bar, clears, type QualityCase } from './quality.ts';
import { type Differences, type Estimate, type JudgedFold, type Judgement, judged, pairedDifferences } from './tableJudge.ts'; // biome-ignore format: one import
import { repeated } from './tableRepeats.ts';
import { type Method, methods, type Runner, type TableTask, type Told, tableRunner } from './tableRun.ts';
import { cleanTable } from './tableSets.ts';
import { type Fold, type TableSplit, tableSplits } from './tableSplits.ts';
import { taskOf } from './tableTask.ts';

const FULL: Effort = { profile: 'default', tries: 25, searchRows: 10_000 };
const SMALL: Effort = { profile: 'fast', tries: 6, searchRows: 2000 };
/** Of ECE and slope on these sets by their fifth rows. */
const CALIBRATED = new Set(['telco', 'xedu', 'mlc']);
/** In order of time ours may not rank worse than the ridge by more than this. */
const BELOW_RIDGE = 0.01;

/** Effort of ours, and how long the trees search. */
type Effort = Pick<TableTask, 'profile' | 'tries' | 'searchRows'>;

type Who = Method | 'baseRate';

/** One method on one split. */
export interface TableRow {
  readonly set: string;
  readonly split: string;
  readonly method: Who;
  readonly rows: { readonly train: number; readonly test: number };
  readonly figures: Judgement;
  /** Ours minus this method. */
  readonly oursMinus?: Differences;
  readonly fitSeconds?: number;
  readonly searchSeconds?: number;
  readonly cpuSeconds?: number;
  readonly peakMb?: number;
  readonly notes?: readonly string[];
}

/**
 * Our learner on flat tables that nobody here made, beside what one would otherwise use: base rate, tuned ridge, the naive
 * Bayes of open-source CRMs, and scikit-learn's and XGBoost's trees after a random search of 25 settings, all on the same
 * rows of the fixed splits. Ours learns by the command line, as anybody's table does. `--set NAME` takes some of the sets,
 * `--methods a,b` some of the methods, `--folds N` the first N folds where there are several. `--repeats N` compares over N
 * seeds x 5 folds (`--folds`) instead. `--keep DIR` is where answers are kept for the next run.
 */
export const tables: QualityCase = {
  name: 'tables',
  says: 'flat tables beside ridge, naive Bayes and searched boosted trees: ranking, calibration, time, memory',
  needs: 'ibm_telco_churn',
  run: async ({ folder, small, seed, say, given }) => {
    const root = dirname(folder!);
    const runner = tableRunner(given.keep, say);
    for (const what of runner.skipped) say(`skipped: ${what}`);
    const wanted = chosenSets(given.set);
    const effort = small ? SMALL : FULL;
    if (given.repeats) {
      const sets = [...new Set(tableSplits.map(({ set }) => set))].filter(({ name }) => wanted.has(name));
      return repeated(root, sets, runner, {
        seeds: Number(given.repeats),
        folds: Number(given.folds ?? 5),
        effort,
        say,
      });
    }
    const splits = tableSplits.filter(({ set }) => wanted.has(set.name)).slice(0, small ? 1 : undefined);
    const only = given.methods?.split(',');
    const unknown = only?.find((name) => !methods.some((method) => method === name));
    if (unknown !== undefined) throw new Error(`no method "${unknown}"; there is: ${methods.join(', ')}`);
    const rows: TableRow[] = [];
    const accept: Bar[] = [];
    for (const split of splits) {
      say(`${split.set.name}, ${split.split}`);
      const table = await cleanTable(root, split.set);
      const folds = split.folds(table).slice(0, given.folds ? Number(given.folds) : undefined);
      const part = await onSplit(runner, table, split, folds, { seed, effort, only });
      rows.push(...part);
      accept.push(...barsOf(split, part));
    }
    const figures = Object.fromEntries(
      rows.flatMap(
        ({ set, split, method, figures: f }) =>
        method === 'ours' ? [[`${set}, ${split}: AUC`, f.auc], [`${set}, ${split}: log loss`, f.logLoss]] : [], // biome-ignore format: one choice
      ),
    );
    const lines = [
      ...markdown(rows),
      '',
      ...rows.filter(({ method }) => method === 'ours').map(calibrationOf),
      ...rows.flatMap(({ set, split, method, notes }) =>
        (notes ?? []).map((note) => `${set}, ${split}, ${method}: ${note}`),
      ),
      ...accept.filter((bar) => !clears(bar)).map(missed),
      ...runner.skipped.map((what) => `skipped: ${what}`),
      `ours: profile ${effort.profile}; peers: ${runner.versions}; random search of ${effort.tries} settings on at most ${effort.searchRows} rows, 3 folds (in order of time: the newest fifth), one thread`,
    ];
    return { figures, accept, lines, rows };
  },
};

/** Names of sets asked for, all without asking. */
function chosenSets(asked: string | undefined): Set<string> {
  const known = tableSplits.map(({ set }) => set.name);
  const wanted = asked?.split(',') ?? known;
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`no set "${unknown}"; there is: ${[...new Set(known)].join(', ')}`);
  return new Set(wanted);
}

async function onSplit(
  runner: Runner,
  table: Table,
  { set, split, inTime }: TableSplit,
  folds: readonly Fold[],
  {
    seed,
    effort,
    only,
  }: { readonly seed: number; readonly effort: Effort; readonly only?: readonly string[] | undefined },
): Promise<TableRow[]> {
  const said = new Map<Who, { readonly folds: JudgedFold[]; readonly told: Told[] }>();
  const put = (who: Who, fold: JudgedFold, told?: Told): void => {
    const held = said.get(who) ?? { folds: [], told: [] };
    held.folds.push(fold);
    if (told) held.told.push(told);
    said.set(who, held);
  };
  for (const fold of folds) {
    const { came, asked } = taskOf(table, set, fold);
    const share = asked.target.reduce((sum, e) => sum + e, 0) / asked.target.length;
    for (const method of methods) {
      if (only && !only.includes(method)) continue;
      const told = await runner.run(method, { ...asked, inTime, seed, ...effort });
      if (told) put(method, { event: came, p: told.p }, told);
    }
    put('baseRate', { event: came, p: new Float64Array(came.length).fill(share) });
  }
  const ours = said.get('ours');
  const mean = (told: readonly Told[], of: (one: Told) => number) =>
    told.reduce((s, one) => s + of(one), 0) / told.length;
  return [...said].map(([method, { folds: each, told }]) => ({
    set: set.name,
    split,
    method,
    rows: { train: folds[0]!.train.length, test: folds.reduce((n, fold) => n + fold.test.length, 0) },
    figures: judged(each),
    ...(ours && method !== 'ours' ? { oursMinus: pairedDifferences(ours.folds, each) } : {}),
    ...(told.length
      ? {
          fitSeconds: mean(told, (one) => one.fitSeconds),
          cpuSeconds: mean(told, (one) => one.cpuSeconds),
          peakMb: Math.max(...told.map((one) => one.peakMb)),
          notes: told[0]!.notes ?? [],
        }
      : {}),
    ...(told[0]?.searchSeconds === undefined ? {} : { searchSeconds: mean(told, (one) => one.searchSeconds!) }),
  }));
}

function barsOf({ set, split, inTime, asked, askedMost }: TableSplit, rows: readonly TableRow[]): Bar[] {
  const ours = rows.find(({ method }) => method === 'ours');
  if (!ours) return [];
  const at = `${set.name}, ${split}`;
  const f = ours.figures;
  const bars: Bar[] = [];
  if (asked.auc !== undefined) bars.push({ name: `${at}: AUC`, value: f.auc, least: asked.auc });
  if (asked.hits800 !== undefined) bars.push({ name: `${at}: hits in 800`, value: f.hits800, least: asked.hits800 });
  if (askedMost.logLoss !== undefined)
    bars.push({ name: `${at}: log loss`, value: f.logLoss, most: askedMost.logLoss });
  if (CALIBRATED.has(set.name) && split === 'fifth row')
    bars.push(
      { name: `${at}: calibration slope`, value: f.slope.value, least: 0.85, most: 1.15 },
      { name: `${at}: ECE`, value: f.ece, most: 0.035 },
    );
  const ridge = rows.find(({ method }) => method === 'ridge');
  if (inTime && ridge)
    bars.push({ name: `${at}: AUC, ours - ridge`, value: f.auc - ridge.figures.auc, least: -BELOW_RIDGE });
  return bars;
}

const missed = ({ name, value, least, most }: Bar): string => {
  const below = least !== undefined && value < least;
  return `missed by ${Math.abs(value - (below ? least : most!)).toFixed(4)}: ${name}`;
};

const digits = (value: number, places = 4): string => (Number.isNaN(value) ? '-' : value.toFixed(places).replace(/^(-?)0\./, '$1.')); // biome-ignore format: one choice
const within = ({ value, low, high }: Estimate, places = 4): string =>
  Number.isNaN(value) ? '-' : `${digits(value, places)} [${digits(low, places)}, ${digits(high, places)}]`;

/** Whether slope and intercept hold 1 and 0, or by how much not. */
function calibrationOf({ set, split, figures: { slope, intercept } }: TableRow): string {
  const off = [
    ['slope', slope, 1],
    ['intercept', intercept, 0],
  ].flatMap(([what, interval, ideal]) => {
    const { low, high } = interval as Estimate;
    const by = Math.max(low - (ideal as number), (ideal as number) - high);
    return by > 0 ? [`${what} leaves ${ideal} by ${digits(by, 3)}`] : [];
  });
  return `${set}, ${split}: ${Number.isNaN(slope.value) ? 'one probability for all rows' : off.length ? off.join(', ') : 'slope and intercept hold 1 and 0'}`;
}

/** One table of everything, as Markdown. */
export function markdown(rows: readonly TableRow[]): string[] {
  const header = ['data', 'method', 'AUC', 'AP', 'log loss', 'Brier', 'ECE (debiased; of a perfect model)', 'slope', 'intercept', 'fit s (search)', 'CPU s', 'MB', 'ours less this: log loss', 'AUC', 'AP', 'Brier']; // biome-ignore format: one row
  const body = rows.map(({ set, split, method, rows: n, figures: f, oursMinus: d, ...used }, i) => {
    const again = i > 0 && rows[i - 1]!.set === set && rows[i - 1]!.split === split;
    const seconds = used.fitSeconds === undefined ? '-' : used.fitSeconds.toFixed(0);
    const hits = set === 'coil' ? `; ${f.hits800} hits` : '';
    return [
      again ? '' : `${set}, ${split} (${n.train} / ${n.test})`,
      method,
      `${digits(f.auc)}${hits}`,
      digits(f.averagePrecision, 3),
      digits(f.logLoss),
      digits(f.brier),
      `${digits(f.ece, 3)} (${digits(f.eceDebiased, 3)}; ${digits(f.ecePerfect, 3)})`,
      within(f.slope, 2),
      within(f.intercept, 2),
      used.searchSeconds === undefined ? seconds : `${seconds} (${used.searchSeconds.toFixed(0)})`,
      used.cpuSeconds?.toFixed(0) ?? '-',
      used.peakMb?.toFixed(0) ?? '-',
      ...(d ? [within(d.logLoss), within(d.auc), within(d.averagePrecision, 3), within(d.brier)] : ['', '', '', '']),
    ];
  });
  return [header, header.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`);
}
