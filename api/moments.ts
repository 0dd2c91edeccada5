import { dealState } from '../src/subjects/deal.ts';
import type { Store } from '../src/store/store.ts';
import type { Instant } from '../src/time.ts';
import { type FactSource, type World, world } from '../src/world.ts';
import type { Forecast } from './forecast.ts';
import { levelAt } from './level.ts';
import type { DealPrediction, OpenModel } from './ports.ts';
import type { Score } from './scoring.ts';

/** The records as known at an instant, cut once for all that is asked of it. */
export interface Moment {
  readonly source: FactSource;
  readonly then: World;
  /** The deals open then, by id. */
  open(): readonly string[];
  said(model: OpenModel): Said;
}

/** What one version says of a moment: the same question has the same answer until the records change. */
export interface Said {
  /** Of every open deal, in the order of `open()`. */
  prediction(): DealPrediction;
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
  let open: readonly string[] | undefined;
  const opens = () => (open ??= then.ids('deal').filter((id) => dealState(then.past('deal', id)) === 'open'));
  return {
    source,
    then,
    open: opens,
    said(model) {
      let said = saids.get(model);
      if (!said) {
        let prediction: DealPrediction | undefined;
        said = {
          prediction: () =>
            (prediction ??= model.predict(
              model.snapshot(
                source,
                opens().map((id) => ({ id, asOf })),
              ),
              levelAt(source, model, asOf),
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
