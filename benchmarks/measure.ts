import { cpus } from 'node:os';
import { quantile } from '../src/stats/quantile.ts';

/** What a way of doing the work took, over several runs that alternate with the other way's. */
export interface Timing {
  /** Microseconds per unit of work: median, and the 10th and 90th percentile of the runs. */
  readonly medianUs: number;
  readonly p10Us: number;
  readonly p90Us: number;
}

/** Two ways of the same work in one process, one after the other in alternation: only their ratio travels. */
export interface Ratio {
  readonly name: string;
  readonly says: string;
  readonly ours: Timing & { readonly what: string };
  readonly other: Timing & { readonly what: string };
  /** Time of the other way over time of ours: above 1, ours is the faster. */
  readonly ratio: number;
  /** 99th percentile of single requests under load, where that was measured: median over the runs. */
  readonly p99Us?: { readonly ours: number; readonly other: number };
}

/** A comparison that cannot be made here, and what is missing. */
export interface Skipped {
  readonly name: string;
  readonly says: string;
  readonly skipped: string;
}

export interface Bench {
  readonly name: string;
  readonly says: string;
  run(): Promise<Ratio | Skipped>;
}

/** One call of a way; one in another process says by itself how many microseconds it took. */
export type Work = () => unknown;

/** Runs of each way; both are warmed first, so that compilation is not measured. */
const RUNS = 15;
const WARM_MS = 400;
/** Each run repeats the work for about so long: far above the clock's grain. */
const RUN_MS = 120;

/**
 * Times two ways in alternation.
 * @param units of work that one call does (rows, requests)
 */
export async function compare(ours: Work, other: Work, units: number, runs = RUNS): Promise<[Timing, Timing]> {
  const calls = [await warm(ours), await warm(other)];
  const us: [number[], number[]] = [[], []];
  for (let run = 0; run < runs; run++) {
    // The order alternates too, so that what comes second is not always the same one.
    for (const way of run % 2 ? [1, 0] : [0, 1]) us[way]!.push((await time([ours, other][way]!, calls[way]!)) / units);
  }
  return [timing(us[0]), timing(us[1])];
}

/** Warms, and finds how many calls fill a run. */
async function warm(work: Work): Promise<number> {
  const begun = performance.now();
  let calls = 0;
  while (calls < 3 || performance.now() - begun < WARM_MS) {
    await work();
    calls++;
  }
  return Math.max(1, Math.round((calls * RUN_MS) / (performance.now() - begun)));
}

/** Microseconds per call. */
async function time(work: Work, calls: number): Promise<number> {
  const begun = performance.now();
  let own = 0;
  for (let i = 0; i < calls; i++) {
    // What is done at once is not waited for: a turn of the event loop is no part of it.
    let said = work();
    if (said instanceof Promise) said = await said;
    if (typeof said === 'number') own += said;
  }
  return (own || (performance.now() - begun) * 1000) / calls;
}

export const timing = (us: readonly number[]): Timing => ({
  medianUs: quantile(us, 0.5),
  p10Us: quantile(us, 0.1),
  p90Us: quantile(us, 0.9),
});

export const ratioOf = (
  bench: Pick<Bench, 'name' | 'says'>,
  [ours, other]: [Timing, Timing],
  what: { readonly ours: string; readonly other: string },
): Ratio => ({
  name: bench.name,
  says: bench.says,
  ours: { ...ours, what: what.ours },
  other: { ...other, what: what.other },
  ratio: other.medianUs / ours.medianUs,
});

/** What the figures were measured on. */
export function machine(): string {
  const [cpu] = cpus();
  return `${cpus().length} cores (${cpu?.model.trim() ?? 'unknown'}), Node ${process.versions.node}`;
}
