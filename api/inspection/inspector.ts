import type { Store } from '../../src/store/store.ts';
import type { Instant } from '../../src/time.ts';
import type { Look } from '../forecastChanges.ts';
import type { Moment } from '../moments.ts';
import { type Scorers, scored } from '../pinned.ts';
import type { Reason } from '../reasons.ts';
import type { Score } from '../scoring.ts';
import { type InspectedDeal, type Inspection, type InspectionAsk, inspect } from './inspect.ts';

/** An inspection that can also tell why the record of a deal says otherwise than its stage. */
export interface StoriedInspection {
  readonly inspection: Inspection;
  /** What speaks most, by deal, for what its record says; of those that disagree. */
  story(deals: readonly InspectedDeal[]): ReadonlyMap<string, readonly Reason[]>;
}

const REASONS = 2;
/** Questions kept a moment: the same has the same answer until the records change. */
const KEPT = 4;

/** Answers questions about the pipeline, and keeps the answers while the records stand. */
export function inspectorOf(store: Store, scorers: Scorers, lookAt: (at: Instant) => Look) {
  const kept = new WeakMap<Moment, Map<string, StoriedInspection>>();
  return (ask: InspectionAsk): StoriedInspection => {
    const [before, after] = [lookAt(ask.since), lookAt(ask.asOf)];
    const key = JSON.stringify([ask, before.model.version, after.model.version]);
    const known = kept.get(after.moment) ?? new Map<string, StoriedInspection>();
    kept.set(after.moment, known);
    let answer = known.get(key);
    if (!answer) {
      answer = { inspection: inspect(store, before, after, ask), story: storyOf(scorers, after) };
      if (known.size >= KEPT) known.clear();
      known.set(key, answer);
    }
    return answer;
  };
}

/** Reasons of a score on the side on which its record differs from its stage; worked out once a deal. */
function storyOf(scorers: Scorers, { model, moment }: Look): StoriedInspection['story'] {
  const told = new Map<string, readonly Reason[]>();
  return (deals) => {
    const above = new Map<string, boolean>();
    for (const { id, findings } of deals) {
      const of = findings.find(({ check }) => check === 'disagrees')?.evidence;
      if (of && !told.has(id)) above.set(id, Number(of['probability']) > Number(of['stageRate']));
    }
    const scores = scored(scorers, model, moment, [...above.keys()], { reasons: REASONS, curve: false });
    const speaking = ({ id, reasons }: Score) => reasons.filter(({ contribution }) => contribution > 0 === above.get(id)); // biome-ignore format: one call
    for (const score of scores) told.set(score.id, speaking(score));
    return told;
  };
}
