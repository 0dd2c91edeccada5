import { aalenJohansen } from './aalenJohansen.ts';
import type { Step } from './kaplanMeier.ts';

/** Nelson-Aalen estimate of the cumulative hazard: sum over times u <= t of d_u / r_u. `event` 0 = censored. */
export function nelsonAalen(timeDays: ArrayLike<number>, event: ArrayLike<number>): Step {
  const { times, open } = aalenJohansen(timeDays, event, 1);
  const values = new Float64Array(times.length);
  for (let i = 0; i < times.length; i++) {
    // d / r is one minus the factor by which S fell; S itself may be 0 only from the last fall on.
    const previous = i === 0 ? 1 : open[i - 1];
    values[i] = (i === 0 ? 0 : values[i - 1]) + (previous > 0 ? 1 - open[i] / previous : 0);
  }
  return { times, values, before: 0 };
}
