import { type Calendar, DAY, type Instant } from '../src/time.ts';
import type { HazardModel } from './hazardModel.ts';
import { incidence, incidenceAt, incidenceOver, timeQuantiles } from './hazards.ts';
import type { Pace } from './pacedBins.ts';

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

/** What all rows of one model share: how its hazards are read. */
export interface Saying {
  readonly model: HazardModel;
  readonly causes: readonly NamedCause[];
  readonly positive: readonly boolean[];
  /** The last edge. */
  readonly horizon: number;
  readonly withinDays: number | null;
  readonly timesDays: Float64Array;
  /** At which clock hazards are read for the end of the fiscal quarter that holds a look, or for the horizon where that comes first. */
  clockAtPeriodEnd(asOf: Instant): number;
}

/** @param withinDays the question asked: positive within so many days; null = positive, of those that end */
export function sayingOf(
  model: HazardModel,
  causes: readonly NamedCause[],
  withinDays: number | null,
  calendar: Calendar,
): Saying {
  const { edges } = model.grid;
  const horizon = edges.at(-1)!;
  return {
    model,
    causes,
    positive: causes.map((cause) => cause.positive),
    horizon,
    withinDays,
    timesDays: edges.slice(1),
    clockAtPeriodEnd: (asOf) => model.within.clock(asOf, Math.min((calendar.quarter(asOf).to - asOf) / DAY, horizon)),
  };
}

/** Rows whose hazards are kept, for dates and curves: of more they are tens of megabytes, which cost a seventh of the time and are seldom asked for. */
export const MOST_KEPT = 16_384;
const PIECE = 4_800;

/**
 * A class and no bundle of closures: of one row alone, making those took longer than what they say. Of more than `MOST_KEPT` rows hazards are worked out again
 * when something but the probabilities is asked for, so that the rows must still be as they were.
 */
export class HazardPrediction implements Prediction {
  readonly probability: Float64Array;
  readonly byPeriodEnd: Float64Array;
  // Dates and curves take longer than the probability, and many who ask for that never look at them.
  #dates: ReturnType<typeof positiveDates> | undefined;
  #curves: Float64Array | undefined;
  readonly #saying: Saying;
  readonly #asOf: Float64Array;
  readonly #hazardsOf: (from: number, to: number) => Float64Array;
  #kept: Float64Array | undefined;
  /** Incidence by cause, of the row at hand. */
  readonly #F: Float64Array;

  /** @param hazardsOf per-bin probabilities of the rows from one up to, and not including, another: rows x bins x (causes + 1) */
  constructor(saying: Saying, asOf: Float64Array, hazardsOf: (from: number, to: number) => Float64Array) {
    this.#saying = saying;
    this.#asOf = asOf;
    this.#hazardsOf = hazardsOf;
    this.#F = new Float64Array(saying.causes.length);
    const rows = asOf.length;
    this.probability = new Float64Array(rows);
    this.byPeriodEnd = new Float64Array(rows);
    if (rows <= MOST_KEPT) this.#say((this.#kept = hazardsOf(0, rows)), 0, rows);
    else
      for (let from = 0; from < rows; from += PIECE) {
        const to = Math.min(from + PIECE, rows);
        this.#say(hazardsOf(from, to), from, to);
      }
  }

  #say(p: Float64Array, from: number, to: number): void {
    const { model, horizon, withinDays, clockAtPeriodEnd } = this.#saying;
    for (let row = from; row < to; row++) {
      incidenceAt(model.grid, p, row - from, withinDays ?? horizon, this.#F);
      const positive = this.#sumPositive();
      const ended = withinDays === null ? this.#sum() : 1;
      this.probability[row] = ended > 0 ? positive / ended : 0;
      incidenceAt(model.grid, p, row - from, clockAtPeriodEnd(this.#asOf[row]!), this.#F);
      this.byPeriodEnd[row] = this.#sumPositive();
    }
  }

  get #p(): Float64Array {
    return (this.#kept ??= this.#hazardsOf(0, this.#asOf.length));
  }

  get causes() {
    return this.#saying.causes;
  }
  get timesDays() {
    return this.#saying.timesDays;
  }
  get p10Days() {
    return this.#dated().p10Days;
  }
  get p50Days() {
    return this.#dated().p50Days;
  }
  get p90Days() {
    return this.#dated().p90Days;
  }
  get incidence() {
    return (this.#curves ??= incidence(this.#saying.model.grid, this.#p, this.timesDays));
  }

  positiveBy(row: number, days: number, pace?: Pace): number {
    const { model, horizon } = this.#saying;
    const { grid, within, paced } = model;
    const asOf = this.#asOf[row]!;
    // Beyond the horizon nobody foretells a calendar; at it both say the same.
    const isPaced = pace !== undefined && days < horizon;
    incidenceAt(grid, this.#p, row, isPaced ? horizon : within.clock(asOf, days), this.#F);
    const whole = this.#sumPositive();
    if (!isPaced) return whole;
    incidenceOver(grid, this.#p, row, paced.shares(asOf, horizon, pace), this.#F);
    const pacedWhole = this.#sumPositive();
    if (!(pacedWhole > 0)) return 0;
    incidenceOver(grid, this.#p, row, paced.shares(asOf, days, pace), this.#F);
    return (this.#sumPositive() * whole) / pacedWhole;
  }

  endBy(row: number, days: number): Float64Array {
    const { grid, within } = this.#saying.model;
    incidenceAt(grid, this.#p, row, within.clock(this.#asOf[row]!, days), this.#F);
    return this.#F.slice();
  }

  #dated() {
    return (this.#dates ??= positiveDates(this.#saying, this.#p, this.#asOf));
  }

  #sumPositive(): number {
    const { positive } = this.#saying;
    let sum = 0;
    for (let c = 0; c < positive.length; c++) if (positive[c]) sum += this.#F[c]!;
    return sum;
  }

  #sum(): number {
    let sum = 0;
    for (let c = 0; c < this.#F.length; c++) sum += this.#F[c]!;
    return sum;
  }
}

/** Quantiles of the date of a positive ending, given one, over all positive causes (causes of one side are merged). */
function positiveDates({ model, positive }: Saying, p: Float64Array, asOf: Float64Array) {
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
