import { featuresOf } from '../../features/hash.ts';
import { encode, fitEncoder } from '../../models/encode.ts';
import type { Frame } from '../../src/frame.ts';
import { ridgeLogistic } from '../../src/optim/ridgeLogistic.ts';
import { dealState } from '../../src/subjects/deal.ts';
import { subjects } from '../../src/subjects/index.ts';
import { DAY, type Instant, type Period, WEEK } from '../../src/time.ts';
import { type FactSource, type World, world } from '../../src/world.ts';
import { takeLandmarkRows, trainingRows } from '../../training/landmarkRows.ts';

/** Ways of forecasting in common use, done as well as their idea allows: what the engine is compared with. */

const shrink = (won: number, n: number, prior: number) => (won + 20 * prior) / (n + 20);
const stageOf = (then: World, id: string) => String(then.past('deal', id).value('stage') ?? '');

/** Historical win rate of each deal's stage: won / closed among deals that were ever in it, known by then. */
export function stageRate(then: World, open: readonly string[]): number[] {
  const { stage, all } = then.norms;
  const prior = all.won / Math.max(all.won + all.lost, 1);
  return open.map((id) => {
    const tally = stage.get(stageOf(then, id));
    return tally ? shrink(tally.won, tally.won + tally.lost, prior) : prior;
  });
}

/**
 * A classifier of won against lost, trained on looks at deals that were closed by `until`: what data science usually
 * does first. Ridge logistic on standardised numbers and one-hot words.
 */
export function closedDealsClassifier(source: FactSource, until: Instant): (frame: Frame) => number[] {
  const data = trainingRows(source, subjects.deal, featuresOf('deal', source.company), until);
  const closed = takeLandmarkRows(data, data.outcomes.flatMap((outcome, row) => (outcome.cause ? [row] : []))); // biome-ignore format: one call
  const success = closed.outcomes.map((outcome) => Number(outcome.cause!.positive));
  const outcomes = {
    entity: closed.X.ids,
    success: Float64Array.from(success),
    knownAt: Float64Array.from(closed.outcomes, (outcome) => outcome.knownAt),
  };
  const encoder = fitEncoder(closed.X, outcomes, {
    numbers: 'standard',
    units: new Set(closed.X.ids).size,
    maxBins: 8,
  });
  const x = encode(encoder, closed.X, outcomes);
  const { coefficients, intercept } = ridgeLogistic(Float64Array.from(x), encoder.width, success, { C: 0.01 });
  return (frame) => {
    const rows = encode(encoder, frame);
    return frame.ids.map((_, i) => {
      let z = intercept;
      for (let j = 0; j < encoder.width; j++) z += rows[i * encoder.width + j]! * coefficients[j]!;
      return 1 / (1 + Math.exp(-z));
    });
  };
}

/** Share of past open deals, at the same stage and week of the quarter, that were won by that quarter's end. */
export function sameStageAndWeek(source: FactSource, then: World, open: readonly string[], period: Period): number[] {
  const tally = new Map<string, [number, number]>();
  let won = 0;
  let n = 0;
  for (const { at, quarter } of pastQuarters(source, then.asOf, period)) {
    const past = world(source, at);
    for (const id of past.ids('deal')) {
      if (dealState(past.past('deal', id)) !== 'open') continue;
      const close = source.history('deal', id)?.closed?.[0];
      const yes = close && close.outcome === 'won' && close.at >= at && close.at < quarter.to ? 1 : 0;
      const entry = tally.get(stageOf(past, id)) ?? [0, 0];
      tally.set(stageOf(past, id), [entry[0] + yes, entry[1] + 1]);
      won += yes;
      n++;
    }
  }
  const prior = n ? won / n : 0;
  return open.map((id) => {
    const [w, m] = tally.get(stageOf(then, id)) ?? [0, 0];
    return shrink(w, m, prior);
  });
}

/** Mean over the last four quarters of what deals created after the same week of the quarter still brought within it. */
export function usualNewBusiness(source: FactSource, asOf: Instant, period: Period): number {
  const totals = pastQuarters(source, asOf, period).map(({ at, quarter }) => {
    let total = 0;
    for (const id of source.ids('deal')) {
      const { deal, closed } = source.history('deal', id) ?? {};
      const close = closed?.[0];
      if (!deal?.[0] || deal[0].knownAt <= at || !close || close.outcome !== 'won') continue;
      if (close.at < quarter.to)
        total += world(source, close.knownAt).baseMinor(close.amountMinor ?? 0, close.currency);
    }
    return total;
  });
  return totals.length ? totals.reduce((s, v) => s + v, 0) / totals.length : 0;
}

/** The same moment of each of the last four finished quarters. */
function pastQuarters(source: FactSource, asOf: Instant, period: Period): { at: Instant; quarter: Period }[] {
  const { calendar } = source.company;
  const into = asOf - period.from;
  const quarters: { at: Instant; quarter: Period }[] = [];
  let quarter = period;
  for (let k = 0; k < 4; k++) {
    quarter = calendar.quarter(quarter.from - DAY);
    quarters.push({ at: Math.min(quarter.from + into, quarter.to - WEEK), quarter });
  }
  return quarters;
}
