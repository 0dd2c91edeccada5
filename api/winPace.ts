import { paceOf } from '../models/forecast/paceOf.ts';
import type { Pace } from '../models/pacedBins.ts';
import type { World } from '../src/world.ts';
import { pastDeals } from './pastDeals.ts';
import type { Convert } from './pipeline.ts';

const kept = new WeakMap<World, Pace>();

/** On which days the company wins, by what was known then (`paceOf`); once a look, for days do not go by the currency. */
export function winPace(then: World, convert: Convert): Pace {
  let pace = kept.get(then);
  if (!pace) kept.set(then, (pace = paceOf(() => pastDeals(then, convert), then.company.calendar, then.asOf)));
  return pace;
}
