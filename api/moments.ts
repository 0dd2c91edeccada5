import type { Prediction } from '../models/scorer.ts';
import type { Store } from '../src/store/store.ts';
import type { Subject } from '../src/subjects/index.ts';
import type { Instant } from '../src/time.ts';
import { type FactSource, type World, world } from '../src/world.ts';
import type { Forecast } from './forecast.ts';
import { levelAt } from './level.ts';
import type { OpenModel } from './ports.ts';
import type { Score } from './scoring.ts';

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
  readonly scores: Map<string, Score>;
}

const KEPT = 4;

/** Moments of a store; all are dropped when a commit by anybody is seen. Cost of the first: all facts in memory. */
export function momentsOf(store: Store) {
  let seen: { readonly token: FactSource; readonly moments: Map<Instant, Moment> } | undefined;
  const now = () => {
    const token = store.source();
    if (seen?.token !== token) seen = { token, moments: new Map() };
    return seen!;
  };
  return {
    /** Changes its identity with every commit of facts. */
    token: (): FactSource => now().token,
    at(instant: Instant): Moment {
      const { moments } = now();
      let moment = moments.get(instant);
      if (!moment) {
        const oldest = moments.keys().next().value;
        if (moments.size >= KEPT && oldest !== undefined) moments.delete(oldest);
        moments.set(instant, (moment = momentAt(store.loadedSource(), instant)));
      }
      return moment;
    },
  };
}

function momentAt(source: FactSource, asOf: Instant): Moment {
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
          scores: new Map(),
        };
        saids.set(model, said);
      }
      return said;
    },
  };
}
