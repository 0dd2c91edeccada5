import { type LooksAsk, looksBack, stepsFrom } from '../../src/looksBack.ts';
import type { Subject } from '../../src/subjects/index.ts';
import { DAY, type Instant } from '../../src/time.ts';
import type { FactSource } from '../../src/world.ts';
import { judgedDays } from '../task.ts';

/** What is asked of a backtest; what is absent has its default. */
export interface PlanAsk extends LooksAsk {
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
  const horizonDays = judgedDays(subject.withinDays(source.company));
  const settleDays = settleDaysOf(subject, source);
  const wait = horizonDays + settleDays;
  const judged = {
    last: known - wait * DAY,
    needs: `${wait} days after it`,
    late: `${wait} days have not passed since`,
  };
  const { looks, possible, notes } = looksBack(source, subject, known, judged, ask);
  return { ...scheduled(looks, retrainDays), everyDays, retrainDays, horizonDays, settleDays, known, possible, notes };
}

/** Each look with the newest retraining at or before it; retrainings so many days apart from the first look. */
export function scheduled(
  looks: readonly Instant[],
  retrainDays: number,
): { readonly origins: readonly Origin[]; readonly retrainings: readonly Instant[] } {
  const retrainings = stepsFrom(looks[0]!, looks.at(-1)!, retrainDays);
  const origins = looks.map((at) => ({ at, trainedUntil: retrainings.findLast((t) => t <= at)! }));
  const used = new Set(origins.map(({ trainedUntil }) => trainedUntil));
  return { origins, retrainings: retrainings.filter((at) => used.has(at)) };
}
