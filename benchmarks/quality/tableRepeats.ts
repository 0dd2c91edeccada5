import { logLoss } from '../../src/stats/logLoss.ts';
import type { Bar, QualityResult } from './quality.ts';
import { studentQuantile } from './studentQuantile.ts';
import type { Estimate } from './tableJudge.ts';
import type { Method, Runner, TableTask } from './tableRun.ts';
import { cleanTable, type TableSet } from './tableSets.ts';
import { stratified } from './tableSplits.ts';
import { taskOf } from './tableTask.ts';

const PEERS = ['ridge', 'histGradientBoosting', 'xgboost'] as const satisfies readonly Method[];
const TREES: readonly Method[] = ['histGradientBoosting', 'xgboost'];
/** Seed of the first repeat; the fixed folds have seed 0. */
const FIRST = 101;

interface Repeat {
  readonly set: string;
  readonly seed: number;
  readonly fold: number;
  readonly trained: number;
  readonly tested: number;
  readonly losses: Readonly<Partial<Record<Method, number>>>;
}

/**
 * Mean of differences over repeated folds, with an interval that knows that folds share training rows: the variance of
 * the mean is (1 / J + test / train) s^2, not s^2 / J, with Student's law at J - 1 degrees of freedom.
 * Source: Nadeau and Bengio (2003), section 3. NaN ends with fewer than two differences.
 */
export function correctedMean(differences: readonly number[], testToTrain: number): Estimate {
  const n = differences.length;
  const value = differences.reduce((s, d) => s + d, 0) / n;
  const variance = differences.reduce((s, d) => s + (d - value) ** 2, 0) / (n - 1);
  const half = studentQuantile(n - 1) * Math.sqrt((1 / n + testToTrain) * variance);
  return { value, low: value - half, high: value + half };
}

/**
 * Ours beside the peers on `seeds` x `folds` stratified folds of every set: log loss, paired by fold. The trees search once
 * a seed, on the training rows of its first fold, and use what they found for the others: those folds' test rows took
 * part in that search, which favours the trees a little. Every answer is kept by the runner: a run that was stopped goes
 * on where it was.
 */
export async function repeated(
  root: string,
  sets: readonly TableSet[],
  runner: Runner,
  ask: {
    readonly seeds: number;
    readonly folds: number;
    readonly effort: Pick<TableTask, 'profile' | 'tries' | 'searchRows'>;
    say(line: string): void;
  },
): Promise<QualityResult> {
  const done: Repeat[] = [];
  for (let seed = FIRST; seed < FIRST + ask.seeds; seed++)
    for (const set of sets) {
      const table = await cleanTable(root, set);
      const found = new Map<Method, object | undefined>();
      for (const [k, fold] of stratified(table.cells.get(set.target)!, ask.folds, seed).entries()) {
        ask.say(`${set.name}, seed ${seed}, fold ${k + 1}`);
        const { came, asked } = taskOf(table, set, fold);
        const task = { ...asked, inTime: false, seed, ...ask.effort };
        const losses: Partial<Record<Method, number>> = {};
        for (const method of ['ours', ...PEERS] as const) {
          const told = await runner.run(method, {
            ...task,
            chosen: TREES.includes(method) ? found.get(method) : undefined,
          });
          if (!told) continue;
          if (!found.has(method)) found.set(method, told.chosen);
          losses[method] = logLoss(came, told.p);
        }
        done.push({ set: set.name, seed, fold: k, trained: fold.train.length, tested: fold.test.length, losses });
      }
    }
  return summary(done, ask);
}

function summary(
  done: readonly Repeat[],
  { seeds, folds }: { readonly seeds: number; readonly folds: number },
): QualityResult {
  const names = [...new Set(done.map(({ set }) => set))];
  const accept: Bar[] = [];
  const shown = ({ value, low, high }: Estimate) => `${value.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]`;
  const lines = [
    `log loss over ${seeds} seeds x ${folds} folds; ours less the peer: mean, 95 % interval (Nadeau and Bengio)`,
    '| data | ours | best tree | ours less it | ridge | ours less it |',
    '| --- | --- | --- | --- | --- | --- |',
  ];
  let lower = 0;
  let judged = 0;
  const figures: Record<string, number> = {};
  for (const name of names) {
    const each = done.filter(({ set }) => set === name);
    const ratio = each[0]!.tested / each[0]!.trained;
    const mean = (method: Method) => each.reduce((s, { losses }) => s + losses[method]!, 0) / each.length;
    const against = (method: Method) => correctedMean(each.map(({ losses }) => losses['ours']! - losses[method]!), ratio); // biome-ignore format: one call
    const trees = TREES.filter((method) => each[0]!.losses[method] !== undefined);
    const best = trees.sort((a, b) => mean(a) - mean(b))[0];
    const ridge = `${mean('ridge').toFixed(4)} | ${shown(against('ridge'))}`;
    figures[`${name} ours`] = mean('ours');
    if (!best) {
      lines.push(`| ${name} | ${mean('ours').toFixed(4)} | - | - | ${ridge} |`);
      continue;
    }
    const difference = against(best);
    judged++;
    if (difference.value < 0) lower++;
    figures[`${name} ours - ${best}`] = difference.value;
    accept.push({ name: `${name}: lower end of ours - ${best}`, value: difference.low, most: 0 });
    lines.push(`| ${name} | ${mean('ours').toFixed(4)} | ${best} ${mean(best).toFixed(4)} | ${shown(difference)} | ${ridge} |`); // biome-ignore format: one line
  }
  if (judged) accept.push({ name: 'share of sets where ours is lower than the best tree', value: lower / judged, least: 0.5 }); // biome-ignore format: one call
  return { figures, accept, lines };
}
