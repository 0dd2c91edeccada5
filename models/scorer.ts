import type { Company } from '../src/company.ts';
import type { Frame } from '../src/frame.ts';
import { cellOf, rowsOf, takeRows } from '../src/frame.ts';
import { DAY } from '../src/time.ts';
import type { Artifact } from './artifact.ts';
import { covariateNames, expectedEndIn } from './binCovariates.ts';
import { liftOdds, recordLift } from './coldStart.ts';
import { positiveBy, positiveOfEnded, reasonsOf, type ScoreFunction, slopeAt } from './explain.ts';
import { type Executor, type HazardModel, hazardModel } from './hazardModel.ts';
import { incidence, incidenceAt, incidenceOver, timeQuantiles } from './hazards.ts';
import type { Level } from './level.ts';
import type { Pace } from './pacedBins.ts';
import { candidatesOf, covariateFeature, type Near, nearest } from './similar.ts';

/** A way to end; `positive` is the side whose probability is said: won, converted, left. */
export interface NamedCause {
  readonly name: string;
  readonly positive: boolean;
}

/**
 * Everything that is said of rows, derived from one table of hazards. Days count from each row's as-of. Dates and
 * incidence are computed when they are first read.
 */
export interface Prediction {
  /** P(positive) / P(ended) over all bins; where the model has a horizon, P(positive within it). */
  readonly probability: Float64Array;
  /** P(positive by the end of the fiscal quarter that holds the row's as-of). */
  readonly byPeriodEnd: Float64Array;
  /** When it ends positively, given that it does, in days: NaN where that is not to be expected. */
  readonly p10Days: Float64Array;
  readonly p50Days: Float64Array;
  readonly p90Days: Float64Array;
  readonly timesDays: Float64Array;
  readonly causes: readonly NamedCause[];
  /** Cumulative incidence: rows x times x causes. */
  readonly incidence: Float64Array;
  /**
   * P(positive within so many days), for one row.
   * @param pace which days it falls on, by the company's own calendar; that it happens within the horizon stays as probable as it is. Absent = as the model has it
   */
  positiveBy(row: number, days: number, pace?: Pace): number;
  /** P(ended by each cause within so many days), for one row. */
  endBy(row: number, days: number): Float64Array;
}

export interface Explanation {
  /** Log odds at the mean training row (or the one begun from), and of this one; contributions sum to the difference within 1e-3. */
  readonly base: number;
  readonly total: number;
  /** Log odds by feature of the frame; calendar effects under `quarter_end`. */
  readonly contributions: ReadonlyMap<string, number>;
  /** What is usual for each feature: median or most frequent level; of a row begun from, what it had. */
  readonly usual: ReadonlyMap<string, number | string>;
  /** What half of the training rows lie between, of features that are numbers; absent beside a row begun from. */
  readonly range?: Readonly<Record<string, readonly [number, number]>>;
}

/** One row of a frame. */
export interface FrameRow {
  readonly frame: Frame;
  readonly row: number;
}

/** Rows in which others are looked for: those most like one in what moves its score (`similar.ts`), nearest first. */
export interface Comparer {
  nearest(asked: FrameRow, count: number, level?: Level): readonly Near[];
}

export interface Scorer {
  readonly model: HazardModel;
  readonly features: readonly { readonly name: string; readonly type: 'number' | 'category' }[];
  /** @param level what happens lately beside what is said (`level.ts`); absent = as the model was trained */
  predict(frame: Frame, level?: Level): Prediction;
  /**
   * Why: integrated gradients; undefined where the model has no skill.
   * @param from the row to explain the difference from; absent = the mean training row
   */
  explain(
    frame: Frame,
    row: number,
    of: 'probability' | 'byPeriodEnd',
    level?: Level,
    from?: FrameRow,
  ): Explanation | undefined;
  /** Prepares rows to be compared with; undefined where the model has no skill. */
  comparer(frame: Frame): Comparer | undefined;
}

/** Opens an artifact for a company. Cost of a row: some 20 microseconds, with reasons about 0.2 ms. */
export function scorerOf(artifact: Artifact, company: Company, executor?: Executor): Scorer {
  const { header, state } = artifact;
  const model = hazardModel(state, company.calendar, executor);
  const { grid, within, paced } = model;
  const causes = header.causes;
  const positive = causes.map((cause) => cause.positive);
  const horizon = state.edges.at(-1)!;
  const { withinDays } = header;
  const timesDays = Float64Array.from(state.edges.slice(1));
  const expectedEnd = expectedEndIn(header.features.map(({ name }) => name));
  const toPeriodEnd = (asOf: number) =>
    within.clock(asOf, Math.min((company.calendar.quarter(asOf).to - asOf) / DAY, horizon));
  const said: ScoreFunction =
    withinDays === null ? positiveOfEnded(horizon, positive) : positiveBy(withinDays, positive);
  const usual = new Map(
    Object.entries(header.usual).filter((entry): entry is [string, number | string] => entry[1] !== null),
  );
  const encoded = ({ frame, row }: FrameRow) => model.rows(takeRows(frame, [row]));

  /** Odds of success multiplied by what the row's own record says, where outcomes are few (`header.record`). */
  const trust = header.record ?? 0;
  const liftAt = ({ columns }: Frame, row: number): number => {
    const own = columns.get('owner_record');
    const company = columns.get('company_record');
    if (trust === 0 || own?.type !== 'number' || company?.type !== 'number') return 0;
    return recordLift(own.values[row]!, company.values[row]!, trust);
  };
  const cells = (state.edges.length - 1) * (state.causes + 1);
  const hazardsOf = (frame: Frame, level?: Level): Float64Array => {
    const p = model.predict(frame, level);
    for (let row = 0; trust > 0 && row < rowsOf(frame); row++) {
      const lift = liftAt(frame, row);
      const at = row * cells;
      if (lift !== 0) p.set(liftOdds(grid, p.slice(at, at + cells), positive, lift), at);
    }
    return p;
  };
  /** What the record adds to a log odds: exactly the lift of P(positive | ended), and what follows from it of others. */
  const recordAdds = ({ frame, row }: FrameRow, score: ScoreFunction, level?: Level): number => {
    const lift = liftAt(frame, row);
    if (lift === 0) return 0;
    const F = new Float64Array(causes.length);
    const value = (p: Float64Array) => {
      incidenceAt(grid, p, 0, score.timeDays, F);
      return score.logit(F).value;
    };
    const p = model.predict(takeRows(frame, [row]), level);
    return value(liftOdds(grid, p, positive, lift)) - value(p);
  };

  return {
    model,
    features: header.features,
    predict: (frame, level) => {
      const rows = rowsOf(frame);
      const p = hazardsOf(frame, level);
      const F = new Float64Array(causes.length);
      const sumPositive = () => F.reduce((s, v, c) => s + (positive[c] ? v : 0), 0);
      const probability = new Float64Array(rows);
      const byPeriodEnd = new Float64Array(rows);
      for (let row = 0; row < rows; row++) {
        incidenceAt(grid, p, row, withinDays ?? horizon, F);
        const ended = withinDays === null ? F.reduce((s, v) => s + v, 0) : 1;
        probability[row] = ended > 0 ? sumPositive() / ended : 0;
        incidenceAt(grid, p, row, toPeriodEnd(frame.asOf[row]!), F);
        byPeriodEnd[row] = sumPositive();
      }
      // Dates and curves take longer than the probability, and many who ask for that never look at them.
      let dates: ReturnType<typeof positiveDates> | undefined;
      let curves: Float64Array | undefined;
      const dated = () => (dates ??= positiveDates(model, p, positive, frame.asOf));
      return {
        probability,
        byPeriodEnd,
        get p10Days() {
          return dated().p10Days;
        },
        get p50Days() {
          return dated().p50Days;
        },
        get p90Days() {
          return dated().p90Days;
        },
        timesDays,
        causes,
        get incidence() {
          return (curves ??= incidence(grid, p, timesDays));
        },
        positiveBy: (row, days, pace) => {
          const asOf = frame.asOf[row]!;
          // Beyond the horizon nobody foretells a calendar; at it both say the same.
          const isPaced = pace !== undefined && days < horizon;
          incidenceAt(grid, p, row, isPaced ? horizon : within.clock(asOf, days), F);
          if (!isPaced) return sumPositive();
          const whole = sumPositive();
          incidenceOver(grid, p, row, paced.shares(asOf, horizon, pace), F);
          const pacedWhole = sumPositive();
          if (!(pacedWhole > 0)) return 0;
          incidenceOver(grid, p, row, paced.shares(asOf, days, pace), F);
          return (sumPositive() * whole) / pacedWhole;
        },
        endBy: (row, days) => {
          incidenceAt(grid, p, row, within.clock(frame.asOf[row]!, days), F);
          return F.slice();
        },
      };
    },
    explain: (frame, row, of, level, from) => {
      if (header.lowSkill) return undefined;
      const score = of === 'byPeriodEnd' ? positiveBy(toPeriodEnd(frame.asOf[row]!), positive) : said;
      const { base, total, codes, covariates } = reasonsOf(model, { frame, row }, score, level, from);
      const contributions = new Map<string, number>();
      const add = (name: string, value: number) => contributions.set(name, (contributions.get(name) ?? 0) + value);
      for (const [i, name] of state.encoder.sources.entries()) add(name, codes[i]!);
      for (const [k, name] of covariateNames.entries()) add(covariateFeature(name, expectedEnd), covariates[k] ?? 0);
      const now = recordAdds({ frame, row }, score, level);
      const before = from ? recordAdds(from, score, level) : 0;
      if (now !== before) add('owner_record', now - before);
      const company = from ? undefined : frame.columns.get('company_record');
      return {
        base: base + before,
        total: total + now,
        contributions,
        usual: from
          ? valuesOf(from)
          : company?.type === 'number'
            ? new Map([...usual, ['owner_record', company.values[row]!]])
            : usual,
        ...(from || !header.usualRange ? {} : { range: header.usualRange }),
      };
    },
    comparer: (frame) => {
      if (header.lowSkill) return undefined;
      const candidates = candidatesOf(frame.ids, model.rows(frame));
      return {
        nearest: (asked, count, level) => {
          const row = encoded(asked);
          return nearest(model, candidates, row, slopeAt(model, row, said, level), count, expectedEnd);
        },
      };
    },
  };
}

/** What a row has, by feature; without what is missing. */
function valuesOf({ frame, row }: FrameRow): ReadonlyMap<string, number | string> {
  const values = new Map<string, number | string>();
  for (const [name, column] of frame.columns) {
    const value = cellOf(column, row);
    if (value !== null) values.set(name, value);
  }
  return values;
}

/** Quantiles of the date of a positive ending, given one, over all positive causes (causes of one side are merged). */
function positiveDates(model: HazardModel, p: Float64Array, positive: readonly boolean[], asOf: Float64Array) {
  const causes = positive.length;
  const width = causes + 1;
  const cells = p.length / width;
  const merged = new Float64Array(cells * 3);
  for (let cell = 0; cell < cells; cell++) {
    merged[cell * 3] = p[cell * width]!;
    for (let c = 0; c < causes; c++) merged[cell * 3 + (positive[c] ? 1 : 2)]! += p[cell * width + c + 1]!;
  }
  const quantiles = timeQuantiles({ edges: model.grid.edges, causes: 2 }, merged, 1, [0.1, 0.5, 0.9]);
  const column = (k: number) =>
    Float64Array.from({ length: quantiles.length / 3 }, (_, row) =>
      model.within.day(asOf[row]!, quantiles[row * 3 + k]!),
    );
  return { p10Days: column(0), p50Days: column(1), p90Days: column(2) };
}
