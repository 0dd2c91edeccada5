import { setImmediate as others } from 'node:timers/promises';
import { judgeLedger, type LedgerJudgement, type LedgerLook } from '../models/forecast/ledger.ts';
import { ForesellError } from '../src/errors.ts';
import { forecastLooks } from '../src/forecastLooks.ts';
import type { LooksAsk } from '../src/looksBack.ts';
import type { PeriodKind } from '../src/periods.ts';
import type { Store } from '../src/store/store.ts';
import type { Instant } from '../src/time.ts';
import type { FactSource } from '../src/world.ts';
import { ledgerOf } from './forecastLedger.ts';
import { peopleOf } from './pipeline.ts';
import type { OpenModel } from './ports.ts';

export interface AccuracyAsk extends LooksAsk {
  /** Kind of the periods; absent = fiscal quarters. */
  readonly of?: PeriodKind;
}

/** How right forecasts of periods of a kind were. */
export interface Accuracy {
  readonly of: PeriodKind;
  /** Periods are over, and what they brought is known, by then. */
  readonly known: Instant;
  readonly everyDays: number;
  readonly currency: string;
  readonly possible: { readonly from: Instant; readonly to: Instant };
  readonly looks: readonly LedgerLook[];
  readonly all: LedgerJudgement;
  /** Of looks whose version had learned nothing of what came after; null where there is none. */
  readonly unseen: LedgerJudgement | null;
  readonly notes: readonly string[];
  /** What people and teams are called. */
  name(kind: string, id: string): string;
}

/** More take longer than anybody should wait for. */
export const MOST_LOOKS = 60;
const DRAWS = 1000;
/** Questions kept: the same has the same answer until the records, or what served, change. */
const KEPT = 4;

/** Answers what is asked of accuracy, and keeps the answers. @param token changes its identity with commits of facts */
export function accuracyBook(
  store: Store,
  token: () => FactSource,
  liveAsOf: () => Instant,
  versionAt: (at: Instant) => OpenModel,
): (ask: AccuracyAsk) => Promise<Accuracy> {
  const kept = new WeakMap<FactSource, Map<string, Promise<Accuracy>>>();
  return (ask) => {
    const known = liveAsOf();
    const source = token();
    const key = JSON.stringify([known, ask, store.newestAppend(), store.promotions('deal').length, store.adjustments().length]); // biome-ignore format: one key
    const answers = kept.get(source) ?? new Map<string, Promise<Accuracy>>();
    kept.set(source, answers);
    let answer = answers.get(key);
    if (!answer) {
      answer = forecastAccuracy(store, versionAt, known, ask);
      if (answers.size >= KEPT) answers.clear();
      answers.set(key, answer);
      answer.catch(() => answers.delete(key));
    }
    return answer;
  };
}

/**
 * Forecasts of the past, made anew from what was known then by the version that served then (before the first, by the one that serves now), beside the usual rules,
 * people's own calls, and what came. A version that had learned from what happened after a look is told apart: of it the figures are no test.
 * Cost: a look each (`ledgerOf`); whatever else is asked meanwhile is answered between two looks.
 * @throws ForesellError of `forecastLooks`, or where too many looks are asked for
 */
async function forecastAccuracy(
  store: Store,
  versionAt: (at: Instant) => OpenModel,
  known: Instant,
  ask: AccuracyAsk,
): Promise<Accuracy> {
  const source = store.servingSource();
  const people = peopleOf(store);
  const of = ask.of ?? 'quarter';
  const { looks: at, possible, notes } = forecastLooks(source, known, ask, (name) => name, of);
  if (at.length > MOST_LOOKS) {
    throw new ForesellError('field-invalid', `every: ${at.length} looks; at most ${MOST_LOOKS} a request: look less often, or from later on`, { path: 'every' }); // biome-ignore format: one sentence
  }
  const lookAt = ledgerOf(source, people, known, store.adjustments, of);
  const looks: LedgerLook[] = [];
  for (const instant of at) {
    const model = versionAt(instant);
    looks.push(lookAt(instant, { ...model, trainedTo: model.trained.to }));
    await others();
  }
  const judged = (of: readonly LedgerLook[]) => judgeLedger(of, { draws: DRAWS, seed: 1 });
  const unseen = looks.filter(({ hindsight }) => !hindsight);
  return {
    ...{ of, known, everyDays: ask.everyDays, currency: source.company.settings.base_currency, possible, looks, notes },
    all: judged(looks),
    unseen: unseen.length > 0 ? judged(unseen) : null,
    name: people.name,
  };
}
