/** Why what is expected changed. They add up to the change, exactly. */
export const changeCauses = [
  'new',
  'won',
  'lost',
  'pushedOut',
  'pulledIn',
  'amountUp',
  'amountDown',
  'data',
  'version',
  'currency',
  'moved',
  'newBusiness',
  'renewals',
] as const;
export type ChangeCause = (typeof changeCauses)[number];
export type Split = Readonly<Partial<Record<ChangeCause, number>>>;

/** A deal as a forecast of the period counts it at one of two looks. */
export interface DealAt {
  /** `won`: inside the period; `before`, `after`: outside it. */
  readonly state: 'absent' | 'open' | 'lost' | 'won' | 'wonBefore' | 'wonAfter';
  /** What it adds to what is expected: whole minor units; 0 unless it is open, or won inside the period. */
  readonly valueMinor: number;
  /** Its amount in its own minor units, and what one of them is worth; null where it counts for nothing because that is not known. */
  readonly worth: { readonly ownMinor: number; readonly rate: number } | null;
  /** Of being won inside the period; 1 once it is. */
  readonly chance: number;
}

export interface DealStep {
  readonly before: DealAt;
  readonly after: DealAt;
  /** The chance at the first look, by the version that speaks at the second. */
  readonly chanceByVersion: number;
  /** The same, had its expected date been then what it is at the second look. */
  readonly chanceByDate: number;
  /** Whether that date moved out. */
  readonly later: boolean;
}

/**
 * The change of one deal's value by cause, in whole minor units that add up to it. What is expected is chance x amount x rate; of a deal that was and is
 * open one factor after the other is moved from what it was to what it is, in a fixed order:
 *
 *     amount   c0 (a1 - a0) r0      currency  c0 a1 (r1 - r0)
 *     version  (cv - c0) a1 r1      date      (cd - cv) a1 r1      data  the rest
 *
 * cv = the earlier chance by the later version, cd = that with the later expected date. Of one that was won in between the rest is `won`; one that
 * was lost, or is gone, is `lost` with all that it counted for; one that was won outside the period was pulled in before it or pushed out of it.
 * One that is opened again takes back what it was booked with (`won`), or comes anew (`new`). The last part takes what rounding leaves.
 */
export function splitOf({ before, after, chanceByVersion, chanceByDate, later }: DealStep): Split {
  const change = after.valueMinor - before.valueMinor;
  const whole = (cause: ChangeCause): Split => (change === 0 ? {} : { [cause]: change });
  if (before.state === 'absent') return whole('new');
  if (after.state === 'absent' || after.state === 'lost') return whole('lost');
  if (after.state === 'wonBefore') return whole('pulledIn');
  if (after.state === 'wonAfter') return whole('pushedOut');
  if (before.state === 'won') return whole(after.state === 'won' ? (change > 0 ? 'amountUp' : 'amountDown') : 'won');
  if (before.state !== 'open') return whole(after.state === 'won' ? 'won' : 'new');

  const parts = new Map<ChangeCause, number>();
  let left = change;
  const add = (cause: ChangeCause, real: number) => {
    const minor = Math.round(real);
    if (minor === 0) return;
    parts.set(cause, (parts.get(cause) ?? 0) + minor);
    left -= minor;
  };
  const now = after.worth ?? { ownMinor: 0, rate: before.worth?.rate ?? 1 };
  const then = before.worth ?? { ownMinor: 0, rate: now.rate };
  const repriced = before.chance * (now.ownMinor - then.ownMinor) * then.rate;
  add(repriced > 0 ? 'amountUp' : 'amountDown', repriced);
  add('currency', before.chance * now.ownMinor * (now.rate - then.rate));
  const worth = now.ownMinor * now.rate;
  if (after.state === 'open') {
    add('version', (chanceByVersion - before.chance) * worth);
    add(later ? 'pushedOut' : 'pulledIn', (chanceByDate - chanceByVersion) * worth);
  }
  if (left !== 0) {
    const cause = after.state === 'won' ? 'won' : 'data';
    parts.set(cause, (parts.get(cause) ?? 0) + left);
  }
  return Object.fromEntries(parts);
}

/** Sums by cause; causes without any change are left out. */
export function sumOfSplits(splits: Iterable<Split>): Split {
  const sums = new Map<ChangeCause, number>();
  for (const split of splits) {
    for (const cause of changeCauses) {
      const minor = split[cause] ?? 0;
      if (minor !== 0) sums.set(cause, (sums.get(cause) ?? 0) + minor);
    }
  }
  return Object.fromEntries(changeCauses.flatMap((cause) => (sums.get(cause) ? [[cause, sums.get(cause)!]] : [])));
}
