import type { RollUpAsk } from '../models/forecast/rollup.ts';
import type { NaiveForecasts } from '../src/naiveForecasts.ts';
import { naiveForecasts } from '../src/naiveForecasts.ts';
import { deal } from '../src/subjects/deal.ts';
import type { Instant, Period } from '../src/time.ts';
import { type FactSource, type World, world } from '../src/world.ts';
import { type ComingDeals, comingDeals } from './comingDeals.ts';
import { levelAt } from './level.ts';
import { converter, type People, type Pipeline, type PipelineClosed, pipelineOf } from './pipeline.ts';
import type { OpenModel } from './ports.ts';

/** A version as it says of deals when they end. */
export type WholesModel = Pick<OpenModel, 'version' | 'snapshot' | 'predict' | 'rho'>;

/** The whole of a period at a look: what serving would have rolled up then, from what was known then and no later. Base currency. */
export interface Whole extends Pick<Pipeline, 'closed' | 'open'> {
  readonly at: Instant;
  readonly period: Period;
  readonly then: World;
  readonly bookedMinor: number;
  /** What deals not yet created will bring, and how it is spread over groups; undefined where the past is too short. */
  coming(by: RollUpAsk['by']): ComingDeals | undefined;
  /** The question to the roll-up, with quotas of nobody. */
  ask(by: RollUpAsk['by']): RollUpAsk;
  /** The same by ways in common use. */
  naive(): NaiveForecasts;
}

export interface Wholes {
  at(at: Instant, model: WholesModel, period: Period): Whole;
  /** What a period that is over brought, as known at `known`. */
  brought(period: Period): readonly PipelineClosed[];
}

/**
 * Wholes of periods at any look, for whoever judges forecasts: the ledger and the quality cases stand on the same.
 * Cost of a look: a prediction of what was open, and the level of the moment.
 * @param known what came is as known then
 */
export function wholesOf(source: FactSource, people: People, known: Instant): Wholes {
  const base = source.company.settings.base_currency;
  const convert = converter(source.rates, base, base);
  const end = world(source, known);
  const brought = new Map<string, readonly PipelineClosed[]>();
  return {
    at(at, model, period) {
      const then = world(source, at);
      const ids = then.ids('deal').filter((id) => deal.state(then.past('deal', id)).is === 'open').sort(); // biome-ignore format: one call
      const frame = model.snapshot(source, ids.map((id) => ({ id, asOf: at }))); // biome-ignore format: one call
      const prediction = model.predict(frame, levelAt(source, model, at));
      const { closed, open } = pipelineOf(cut(then, ids), people, prediction, period, convert);
      const bookedMinor = closed.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
      const coming = (by: RollUpAsk['by']) => comingDeals(then, people, by, period, convert);
      return {
        ...{ at, period, then, closed, open, bookedMinor, coming },
        ask(by) {
          const shares = coming(by);
          return { by, closed, open, teams: people.teams, quotas: [], rho: model.rho, ...(shares ? { coming: shares } : {}) }; // biome-ignore format: a row
        },
        naive: () => naiveForecasts(source, then, open, bookedMinor, period),
      };
    },
    brought(period) {
      const key = `${period.from} ${period.to}`;
      let closed = brought.get(key);
      if (!closed) brought.set(key, (closed = pipelineOf(cut(end, []), people, nothing, period, convert).closed)); // biome-ignore format: one call
      return closed;
    },
  };
}

const cut = (then: World, ids: readonly string[]) => ({ then, open: () => ids });
/** Of a period that is over nobody is asked. */
const nothing = { positiveBy: () => 0 };
