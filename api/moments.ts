import type { Prediction } from '../models/prediction.ts';
import type { Frame } from '../src/frame.ts';
import type { Store } from '../src/store/store.ts';
import type { Subject } from '../src/subjects/index.ts';
import type { Instant } from '../src/time.ts';
import { type FactSource, type World, world } from '../src/world.ts';
import type { Forecast } from './forecast.ts';
import { KeptRows } from './keptRows.ts';
import { levelAt } from './level.ts';
import { Lru } from './lru.ts';
import type { OpenModel } from './ports.ts';

/** The records as known at an instant, cut once for all that is asked of it. */
export interface Moment {
  readonly source: FactSource;
  readonly then: World;
  /** The ids of those open then. */
  open(subject: Subject): readonly string[];
  said(model: OpenModel): Said;
}

/** What one version says of a moment: the same question has the same answer until the records change. */
export interface Said {
  /** Of everything open, in the order of `open(subject)`. */
  prediction(): Prediction;
  readonly forecasts: Map<string, Forecast>;
  /** What the version reads of some, kept for those asked for lately: theirs until rows are asked for again, and so is a prediction of them. Answers are not kept. */
  rows(ids: readonly string[]): Frame;
}

/** Moments of everybody, and moments at which something came in, of whom it was about. */
const KEPT = 4;
const PASSING = 512;
const ROWS = 2_000;

/**
 * Moments of a store. All are dropped when another commit than an append is seen, by anybody; an append drops those at
 * which it may be seen, and no earlier one can be another for it. Cost of the first: all facts in memory.
 */
export function momentsOf(store: Store, rowsKept = ROWS) {
  let seen: FactSource | undefined;
  let seq = 0;
  const moments = new Lru<Instant, Moment>(KEPT);
  const passing = new Lru<Instant, Moment>(PASSING);

  const token = (): FactSource => {
    const source = store.source();
    const base = source.population ?? source;
    if (seen !== base) {
      seen = base;
      moments.clear();
      passing.clear();
      seq = store.newestAppend();
    } else if (store.newestAppend() > seq) {
      for (const append of store.appends({ after: seq })) {
        const isChanged = ({ then }: Moment) => append.since === undefined || append.since <= then.asOf;
        moments.drop(isChanged);
        passing.drop(isChanged);
        seq = append.seq;
      }
    }
    return base;
  };
  const keptIn = (kept: Lru<Instant, Moment>, instant: Instant): Moment => {
    token();
    return kept.get(instant) ?? kept.set(instant, momentAt(store.servingSource(), instant, rowsKept));
  };
  return {
    /** Changes its identity with every commit of facts that is no append. */
    token,
    at: (instant: Instant): Moment => keptIn(moments, instant),
    /** A moment at which something came in: of few, and soon over. */
    passing: (instant: Instant): Moment => keptIn(passing, instant),
  };
}

function momentAt(source: FactSource, asOf: Instant, rowsKept: number): Moment {
  const then = world(source, asOf);
  const saids = new WeakMap<OpenModel, Said>();
  const open = new Map<string, readonly string[]>();
  const opens = ({ model, of, state }: Subject) => {
    let ids = open.get(model);
    if (!ids) open.set(model, (ids = then.ids(of).filter((id) => state(then.past(of, id)).is === 'open')));
    return ids;
  };
  return {
    source,
    then,
    open: opens,
    said(model) {
      let said = saids.get(model);
      if (!said) {
        let prediction: Prediction | undefined;
        const kept = new KeptRows(rowsKept);
        said = {
          prediction: () =>
            (prediction ??= model.predict(
              model.snapshot(
                source,
                opens(model.subject).map((id) => ({ id, asOf })),
              ),
              model.subject.books ? levelAt(source, model, asOf) : undefined,
            )),
          forecasts: new Map(),
          rows: (ids) => kept.rows(ids, (missing) => model.snapshot(source, missing.map((id) => ({ id, asOf })))), // biome-ignore format: one call
        };
        saids.set(model, said);
      }
      return said;
    },
  };
}
