import type { FrameColumn } from '../src/frame.ts';
import { DAY, type Instant } from '../src/time.ts';
import type { FactSource } from '../src/world.ts';
import { dealOutcome } from './labels.ts';
import type { Landmark } from './landmarks.ts';

/**
 * What became of each row by `until`, as columns beside the features: `label_outcome` (won or lost; missing while open)
 * and `label_days` from the row's instant to the close, or to `until` where it is still open (censored).
 */
export function dealLabelColumns(
  source: FactSource,
  rows: readonly Landmark[],
  until: Instant,
): (readonly [string, FrameColumn])[] {
  const outcomes = rows.map(({ id, asOf }) => dealOutcome(source, id, asOf, until));
  const levels = ['lost', 'won'];
  return [
    [
      'label_outcome',
      {
        type: 'category',
        levels,
        codes: Int32Array.from(outcomes, (o) => (o.cause ? levels.indexOf(o.cause.outcome) : -1)),
      },
    ],
    [
      'label_days',
      {
        type: 'number',
        values: Float64Array.from(outcomes, (o, i) => (o.cause ? o.timeDays : (until - rows[i]!.asOf) / DAY)),
      },
    ],
  ];
}
