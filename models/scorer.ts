import type { Company } from '../src/company.ts';
import type { Frame } from '../src/frame.ts';
import { cellOf, rowsBetween, rowsOf, takeRows } from '../src/frame.ts';
import type { Artifact } from './artifact.ts';
import { covariateNames, expectedEndIn } from './binCovariates.ts';
import { liftOdds, recordLift } from './coldStart.ts';
import { positiveBy, positiveOfEnded, reasonsOf, type ScoreFunction, slopeAt } from './explain.ts';
import { type Executor, type HazardModel, hazardModel } from './hazardModel.ts';
import { incidenceAt } from './hazards.ts';
import type { Level } from './level.ts';
import { HazardPrediction, type Prediction, sayingOf } from './prediction.ts';
import { candidatesOf, covariateFeature, type Near, nearest } from './similar.ts';

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
  const { grid } = model;
  const causes = header.causes;
  const positive = causes.map((cause) => cause.positive);
  const horizon = state.edges.at(-1)!;
  const { withinDays } = header;
  const expectedEnd = expectedEndIn(header.features.map(({ name }) => name));
  const saying = sayingOf(model, causes, withinDays, company.calendar);
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
    predict: (frame, level) =>
      new HazardPrediction(saying, frame.asOf, (from, to) => hazardsOf(rowsBetween(frame, from, to), level)),
    explain: (frame, row, of, level, from) => {
      if (header.lowSkill) return undefined;
      const score = of === 'byPeriodEnd' ? positiveBy(saying.clockAtPeriodEnd(frame.asOf[row]!), positive) : said;
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
