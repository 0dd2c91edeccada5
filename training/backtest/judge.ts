import { random } from '../../src/random.ts';
import { calibrationBins } from '../../src/stats/calibrationBins.ts';
import { quantileSorted } from '../../src/stats/quantile.ts';
import { gainOf, type Ranked, ranked } from './gains.ts';
import type { Happened } from './happened.ts';
import type { Pair } from './rivals.ts';
import type { Said } from './said.ts';
import { aucOf, binnedOf, meanOf, type Scored, scored, slopeOf } from './weighted.ts';

export type Question = 'within' | 'ever';

/** A figure with its 95 % interval; null where it cannot be told (one class only, no money). */
export interface Estimate {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}
export type Figures = Readonly<Record<string, Estimate>>;

/** Whom the figures are of: `foresell`, then each rival. */
export interface Judgement {
  readonly methods: readonly string[];
  readonly rows: Readonly<Record<Question, number>>;
  readonly entities: number;
  readonly accounts: number;
  /** Share of rows that are still undecided, and so not asked about "ever". */
  readonly undecidedShare: number;
  /** Rows whose worth was known: those that money is counted of. */
  readonly worthRows: number;
  readonly figures: Readonly<Record<Question, Readonly<Record<string, Figures>>>>;
  /** Ours minus each rival's, row by row of the same draws. */
  readonly differences: Readonly<Record<Question, Readonly<Record<string, Figures>>>>;
  readonly calibration: Readonly<Record<Question, Readonly<Record<string, readonly Bin[]>>>>;
  /** Share of what was won in the best-ranked shares 0, .05 .. 1. */
  readonly curves: readonly Curve[];
}
interface Bin {
  readonly rows: number;
  readonly said: number;
  readonly happened: number;
}
export interface Curve {
  readonly method: string;
  /** `money`: of the money open; `list`: of the deals open. */
  readonly by: 'money' | 'list';
  readonly gained: readonly (number | null)[];
}

/** Shares of the list or of the open money that figures are of. */
const SHARES = [0.1, 0.2, 0.3] as const;
const CURVE = Array.from({ length: 21 }, (_, i) => i / 20);
const LEVEL = 0.95;

interface Asked {
  readonly rows: readonly number[];
  readonly account: Int32Array;
  readonly event: Float64Array;
  readonly origin: Float64Array;
  readonly scores: ReadonlyMap<string, Scored>;
  readonly ranks: ReadonlyMap<string, Ranked>;
}
interface Money extends Asked {
  readonly worth: Float64Array;
  readonly brought: Float64Array;
}

/**
 * Every method's figures on the same rows, with intervals by drawing whole accounts with replacement: rows of one account,
 * and one deal that was open at several origins, are not independent. Differences are paired: both methods are judged on
 * the same draw. Rankings are within an origin, as somebody saw the list of that day.
 * Cost: draws x methods x rows.
 */
export function judgeAll(
  said: readonly Said[],
  happened: readonly Happened[],
  options: { readonly draws: number; readonly seed: number; readonly money: boolean },
): Judgement {
  const methods = ['foresell', ...Object.keys(said[0]?.rivals ?? {})];
  const names = new Map<string, number>();
  for (const { account } of said) if (!names.has(account)) names.set(account, names.size);
  const pairOf = (row: number, method: string): Pair =>
    method === 'foresell' ? said[row]!.ours : said[row]!.rivals[method]!;
  const ask = (rows: readonly number[], question: Question): Asked => {
    const event = Float64Array.from(rows, (i) => happened[i]![question]);
    const origin = Float64Array.from(rows, (i) => said[i]!.at);
    const of = new Map(methods.map((m) => [m, Float64Array.from(rows, (i) => pairOf(i, m)[question])]));
    return {
      ...{ rows, event, origin },
      account: Int32Array.from(rows, (i) => names.get(said[i]!.account)!),
      scores: new Map(methods.map((m) => [m, scored(event, of.get(m)!)])),
      ranks: new Map(methods.map((m) => [m, ranked(origin, of.get(m)!)])),
    };
  };
  const all = said.map((_, i) => i);
  const asked: Record<Question, Asked> = {
    within: ask(all, 'within'),
    ever: ask(
      all.filter((i) => !Number.isNaN(happened[i]!.ever)),
      'ever',
    ),
  };
  const priced = options.money ? all.filter((i) => said[i]!.worthMinor > 0) : [];
  const money: Money = {
    ...ask(priced, 'within'),
    worth: Float64Array.from(priced, (i) => said[i]!.worthMinor),
    brought: Float64Array.from(priced, (i) => happened[i]!.broughtMinor),
  };

  const once = (counts: Float64Array): Flat => {
    const weights = (of: Asked) => Float64Array.from(of.account, (a) => counts[a]!);
    const out = new Map<string, number>();
    for (const question of ['within', 'ever'] as const) {
      const w = weights(asked[question]);
      for (const method of methods) {
        const put = (name: string, value: number) => out.set(`${question} ${method} ${name}`, value);
        figuresOf(asked[question], method, w, put);
      }
    }
    if (priced.length) {
      const w = weights(money);
      for (const method of methods) {
        for (const share of SHARES) {
          const rank = money.ranks.get(method)!;
          const percent = Math.round(100 * share);
          out.set(`within ${method} money${percent}`, gainOf(rank, money.worth, money.brought, w, share));
          out.set(`within ${method} moneyOfList${percent}`, gainOf(rank, undefined, money.brought, w, share));
        }
      }
    }
    return out;
  };
  const ones = new Float64Array(names.size).fill(1);
  const value = once(ones);
  const draws = drawn(names.size, options, once);
  const figures = { within: {}, ever: {} } as Record<Question, Record<string, Record<string, Estimate>>>;
  const differences = { within: {}, ever: {} } as Record<Question, Record<string, Record<string, Estimate>>>;
  for (const key of value.keys()) {
    const [question, method, name] = key.split(' ') as [Question, string, string];
    const own = (of: Flat) => of.get(key)!;
    (figures[question][method] ??= {})[name] = estimate(own, value, draws);
    if (method === 'foresell') continue;
    const ours = `${question} foresell ${name}`;
    (differences[question][method] ??= {})[name] = estimate((of) => of.get(ours)! - own(of), value, draws);
  }
  const bins = (of: Asked) =>
    Object.fromEntries(
      methods.map((m) => {
        const { event, p } = of.scores.get(m)!;
        return [m, merged(calibrationBins(event, p, 'mass', Math.min(10, Math.max(1, Math.floor(p.length / 30)))))];
      }),
    );
  const unit = (of: Asked) => new Float64Array(of.rows.length).fill(1);
  const curve = (method: string, by: 'money' | 'list'): Curve => {
    const gained = CURVE.map((share) =>
      by === 'money'
        ? gainOf(money.ranks.get(method)!, money.worth, money.brought, unit(money), share)
        : gainOf(asked.within.ranks.get(method)!, undefined, asked.within.event, unit(asked.within), share),
    );
    return { method, by, gained: gained.map(orNull) };
  };
  return {
    methods,
    rows: { within: asked.within.rows.length, ever: asked.ever.rows.length },
    entities: new Set(said.map(({ id }) => id)).size,
    accounts: names.size,
    undecidedShare: 1 - asked.ever.rows.length / Math.max(1, all.length),
    worthRows: priced.length,
    ...{ figures, differences },
    calibration: { within: bins(asked.within), ever: bins(asked.ever) },
    curves: methods.flatMap((m) => [...(priced.length ? [curve(m, 'money')] : []), curve(m, 'list')]),
  };
}

/** Bins of equal count part rows of which nearly the same was said, by their order alone; those are one. */
function merged(bins: readonly Bin[]): Bin[] {
  const out: Bin[] = [];
  for (const bin of bins) {
    const last = out.at(-1);
    if (!last || bin.said - last.said > 0.002) {
      out.push(bin);
      continue;
    }
    const rows = last.rows + bin.rows;
    const mean = (a: number, b: number) => (last.rows * a + bin.rows * b) / rows;
    out[out.length - 1] = { rows, said: mean(last.said, bin.said), happened: mean(last.happened, bin.happened) };
  }
  return out;
}

type Flat = ReadonlyMap<string, number>;

function figuresOf(of: Asked, method: string, w: Float64Array, put: (name: string, value: number) => void): void {
  const s = of.scores.get(method)!;
  put('logLoss', meanOf(s.loss, w));
  put('brier', meanOf(s.square, w));
  for (const [name, value] of Object.entries(binnedOf(s, w))) put(name, value);
  put('auc', aucOf(s, w));
  const { slope, intercept } = slopeOf(s, w);
  put('slope', slope);
  put('intercept', intercept);
  put('said', meanOf(s.p, w));
  put('happened', meanOf(s.event, w));
  const rank = of.ranks.get(method)!;
  for (const share of SHARES) put(`found${Math.round(100 * share)}`, gainOf(rank, undefined, s.event, w, share));
  put('topDecileLift', gainOf(rank, undefined, s.event, w, 0.1) / 0.1);
}

/** Whole clusters with replacement; `once` gets how often each was drawn. */
function drawn(
  clusters: number,
  { draws, seed }: { draws: number; seed: number },
  once: (counts: Float64Array) => Flat,
) {
  const stream = random(seed).fork('backtest');
  return Array.from({ length: draws }, () => {
    const counts = new Float64Array(clusters);
    for (let k = 0; k < clusters; k++) counts[stream.below(clusters)]!++;
    return once(counts);
  });
}

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** The percentile interval; draws in which the figure cannot be told are left out, and half of them must tell it. */
function estimate(of: (flat: Flat) => number, value: Flat, draws: readonly Flat[]): Estimate {
  const sorted = Float64Array.from(draws.map(of).filter(Number.isFinite)).sort();
  const enough = sorted.length >= draws.length / 2 && sorted.length > 0;
  return {
    value: orNull(of(value)),
    low: enough ? orNull(quantileSorted(sorted, (1 - LEVEL) / 2)) : null,
    high: enough ? orNull(quantileSorted(sorted, (1 + LEVEL) / 2)) : null,
  };
}
