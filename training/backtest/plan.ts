import { ForesellError } from '../../src/errors.ts';
import type { Subject } from '../../src/subjects/index.ts';
import { DAY, formatInstant, type Instant } from '../../src/time.ts';
import { type FactSource, future, world } from '../../src/world.ts';
import { judgedDays } from '../task.ts';

/** What is asked of a backtest; what is absent has its default. */
export interface PlanAsk {
  readonly from?: Instant | undefined;
  readonly to?: Instant | undefined;
  readonly everyDays: number;
  readonly retrainDays: number;
}

/** One moment of the past at which everything open is scored, by the model of then. */
export interface Origin {
  readonly at: Instant;
  /** The model knew what was known before this instant: the newest retraining at or before the origin. */
  readonly trainedUntil: Instant;
}

export interface Plan {
  readonly origins: readonly Origin[];
  readonly retrainings: readonly Instant[];
  readonly everyDays: number;
  readonly retrainDays: number;
  /** Days after a look by which it is judged. */
  readonly horizonDays: number;
  /** Days after the horizon until its endings are known: the grace in which a customer may still come back. */
  readonly settleDays: number;
  /** End of what is known. */
  readonly known: Instant;
  /** What could have been asked for. */
  readonly possible: { readonly from: Instant; readonly to: Instant };
  readonly notes: readonly string[];
}

/** From so many known endings on a model learns; by default a backtest begins no earlier. */
const ENOUGH = 50;
const YEAR_DAYS = 364;

/** Days until what happened within the horizon is known: of customers with contracts, the grace on top. */
export const settleDaysOf = (subject: Subject, source: FactSource): number =>
  subject.recurs ? source.company.settings.churn.grace_days : 0;

/**
 * The origins of a backtest and the retrainings they need. Origins stand `everyDays` apart from `from`; retrainings
 * `retrainDays` apart from `from`, so that no model is older than that. By default the last 52 weeks, less the horizon
 * within which the newest look must have been decided.
 * Cost: one look at every history.
 * @throws ForesellError `backtest-no-outcomes`, `backtest-too-early`, `backtest-too-late`, `backtest-range`, each with the range that is possible
 */
export function planBacktest(source: FactSource, subject: Subject, known: Instant, ask: PlanAsk): Plan {
  const { everyDays, retrainDays } = ask;
  const { calendar } = source.company;
  const horizonDays = judgedDays(subject.withinDays(source.company));
  const settleDays = settleDaysOf(subject, source);
  const { noun, sides } = subject;
  const ends = endingsKnown(source, subject, known);
  if (ends.length === 0) {
    throw new ForesellError(
      'backtest-no-outcomes',
      `no ${noun.one} ${sides.positive} or ${sides.negative} by ${formatInstant(known)}; import ${subject.needs}`,
    );
  }
  const last = known - (horizonDays + settleDays) * DAY;
  const first = ends[0]! + 1;
  const possible = { from: first, to: last };
  const day = (at: Instant) => calendar.date(at);
  const range = `possible: --from ${day(first + DAY)} --to ${day(last)}`;
  if (last < first + DAY) {
    throw new ForesellError(
      'backtest-no-outcomes',
      `nothing can be judged: the first ${noun.one} ended ${day(first)}, what is known ends ${day(known)}, and a look needs ${horizonDays + settleDays} days after it; wait, or import older records`,
    );
  }
  if (ask.from !== undefined && ask.from < first) {
    throw new ForesellError(
      'backtest-too-early',
      `--from ${day(ask.from)} is before anything that a model could have learned from: the first ${noun.one} ended ${day(first)}; ${range}`,
      { path: '--from' },
    );
  }
  const usual = calendar.startOfDay(Math.max(known - YEAR_DAYS * DAY, ends[Math.min(ENOUGH, ends.length) - 1]! + DAY));
  const from = ask.from ?? Math.min(usual, calendar.startOfDay(last));
  if (from > last) {
    throw new ForesellError(
      'backtest-too-late',
      `--from ${day(from)}: what was said then cannot be judged yet, for that needs ${horizonDays + settleDays} days and what is known ends ${day(known)}; ${range}`,
      { path: '--from' },
    );
  }
  if (ask.to !== undefined && ask.to < from) {
    throw new ForesellError('backtest-range', `--to ${day(ask.to)} is before --from ${day(from)}; ${range}`, {
      path: '--to',
    });
  }
  const to = Math.min(ask.to ?? last, last);
  const steps = (days: number) =>
    Array.from({ length: Math.floor((to - from) / (days * DAY)) + 1 }, (_, k) => from + k * days * DAY);
  const retrainings = steps(retrainDays);
  const origins = steps(everyDays).map((at) => ({ at, trainedUntil: retrainings.findLast((t) => t <= at)! }));
  const used = new Set(origins.map(({ trainedUntil }) => trainedUntil));
  const notes =
    ask.to !== undefined && ask.to > last
      ? [`origins after ${day(last)} are left out: ${horizonDays + settleDays} days have not passed since`]
      : [];
  return {
    origins,
    retrainings: retrainings.filter((at) => used.has(at)),
    ...{ everyDays, retrainDays, horizonDays, settleDays, known, possible, notes },
  };
}

/** When endings became known, oldest first. */
function endingsKnown(source: FactSource, subject: Subject, known: Instant): Instant[] {
  const ends: Instant[] = [];
  for (const id of source.ids(subject.of)) {
    const born = subject.born(source.history(subject.of, id));
    if (born === undefined || born > known) continue;
    const ending = subject.ending(
      world(source, born).past(subject.of, id),
      future(source, subject.of, id, born, known),
    );
    if (ending && ending.knownAt <= known) ends.push(ending.knownAt);
  }
  return ends.sort((a, b) => a - b);
}
