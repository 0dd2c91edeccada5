import type { FrameColumn } from '../src/frame.ts';
import type { Subject } from '../src/subjects/index.ts';
import type { Landmark } from '../src/subjects/landmarks.ts';
import { outcomesOf } from '../src/subjects/outcomes.ts';
import { DAY, type Instant } from '../src/time.ts';
import type { FactSource } from '../src/world.ts';

/**
 * What became of each row by `until`, as columns beside the features: `label_outcome` (its side, as won or lost; missing
 * while open) and `label_days` from the row's instant to the ending, or to `until` where it is still open (censored).
 */
export function labelColumns(
  source: FactSource,
  subject: Subject,
  rows: readonly Landmark[],
  until: Instant,
): (readonly [string, FrameColumn])[] {
  const outcomes = outcomesOf(source, subject, rows, until);
  const { positive, negative } = subject.sides;
  return [
    [
      'label_outcome',
      {
        type: 'category',
        levels: [negative, positive],
        codes: Int32Array.from(outcomes, ({ cause }) => (cause ? Number(cause.positive) : -1)),
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
