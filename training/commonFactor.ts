import type { Feature } from '../features/feature.ts';
import { DEFAULT_RHO, estimateRho, type PastSnapshot } from '../models/forecast/commonFactor.ts';
import { type HazardState, hazardModel } from '../models/hazardModel.ts';
import { incidenceAt } from '../models/hazards.ts';
import type { Subject } from '../src/subjects/index.ts';
import { DAY, type Instant } from '../src/time.ts';
import { type FactSource, world } from '../src/world.ts';
import { rowsAt } from './landmarkRows.ts';
import type { HazardTask } from './task.ts';

const WINDOW_DAYS = 91;
const EVERY_DAYS = 28;
/** So many windows that do not overlap weigh as much as what is believed before any. */
const PRIOR_WINDOWS = 8;

/**
 * How strongly deals win together, from looks at the whole open pipeline every four weeks of the newest part: the
 * correlation rho of the one-factor model (`models/forecast/commonFactor.ts`), for wins within a quarter of a year.
 * The state must not have been trained on anything known after `from`.
 *
 * The newest part holds two or three quarters that do not overlap, whose misses also hold the level that a forecast
 * follows: alone they say anything from 0 to the cap by chance. With n of them rho = (n said + 8 x .03) / (n + 8).
 */
export function commonFactor(
  source: FactSource,
  subject: Subject,
  features: readonly Feature[],
  state: HazardState,
  { causes, calendar }: Pick<HazardTask, 'causes' | 'calendar'>,
  from: Instant,
  until: Instant,
): number {
  const model = hazardModel(state, calendar);
  const snapshots: PastSnapshot[] = [];
  for (let asOf = from; asOf + WINDOW_DAYS * DAY <= until; asOf += EVERY_DAYS * DAY) {
    const now = world(source, asOf);
    const open = now
      .ids(subject.of)
      .filter((id) => subject.state(now.past(subject.of, id)).is === 'open')
      .sort(); // sums must not depend on the order of import
    const rows = rowsAt(source, subject, features, open.map((id) => ({ id, asOf })), until); // biome-ignore format: one call
    const p = model.predict(rows.X);
    const amounts = rows.X.columns.get('amount_current');
    const F = new Float64Array(causes.length);
    const column = amounts?.type === 'number' ? amounts.values : undefined;
    snapshots.push({
      amount: Float64Array.from(open, (_, row) => (Number.isFinite(column?.[row]) ? column![row]! : 1)),
      p: Float64Array.from(open, (_, row) => {
        incidenceAt(model.grid, p, row, model.within.clock(asOf, WINDOW_DAYS), F);
        return causes.reduce((s, c, i) => s + (c.positive ? F[i]! : 0), 0);
      }),
      won: Float64Array.from(rows.outcomes, ({ cause, timeDays }) =>
        cause?.positive && timeDays <= WINDOW_DAYS ? 1 : 0,
      ),
    });
  }
  const windows = snapshots.length > 0 ? 1 + ((snapshots.length - 1) * EVERY_DAYS) / WINDOW_DAYS : 0;
  return (windows * estimateRho(snapshots) + PRIOR_WINDOWS * DEFAULT_RHO) / (windows + PRIOR_WINDOWS);
}
