import { type Hazards, incidenceAt, type Placed } from '../models/hazards.ts';
import type { LandmarkRows } from './landmarkRows.ts';
import { followedDays, type HazardTask, placedOn } from './task.ts';

/** Rows that judge: where each ended on the grid, for how many days it was followed, and who moves together. */
export interface Judges {
  readonly placed: Placed;
  readonly followed: ArrayLike<number>;
  readonly groups: readonly string[];
}

export const judgesOf = (task: HazardTask, { outcomes, account }: LandmarkRows): Judges => ({
  placed: placedOn(task, outcomes),
  followed: followedDays(outcomes),
  groups: account,
});

/** What the probability answers. */
export interface Question {
  /** For people: `.. beats .. on ..`. */
  readonly says: string;
  /** The loss of that answer by row of per-bin probabilities; 0 where the row cannot judge it. */
  loss(grid: Hazards, p: Float64Array, rows: Judges): Float64Array;
}

/** Of the horizon, for which a row must have been followed at least: of less it tells when rather than who. */
const FOLLOWED = 0.5;

/**
 * The question of a task: *which* way it ended, given when; or, where it has a horizon, whether it ended positively
 * within it. Rows followed for half the horizon and more answer that for the part that they were followed: every row
 * then judges, however it ended. (By the days to its ending a row must not be chosen. Of looks of late only what ended
 * soon has ended, and of contracts a cancellation ends sooner than a renewal that binds beyond the horizon: among
 * those that had ended 21 % had left, among all 16 %, and a model that said 16 % was refused.)
 */
export function questionOf({ withinDays, causes }: Pick<HazardTask, 'withinDays' | 'causes'>): Question {
  if (withinDays === null)
    return { says: 'which way it ended', loss: (grid, p, { placed }) => whichLoss(grid, p, placed) };
  return {
    says: `ending so within ${withinDays} days`,
    loss: (grid, p, { placed, followed }) => {
      const F = new Float64Array(causes.length);
      const last = grid.edges.indexOf(withinDays) - 1;
      return Float64Array.from(placed.cause, (cause, row) => {
        const days = Math.min(withinDays, followed[row]!);
        if (days < FOLLOWED * withinDays) return 0;
        incidenceAt(grid, p, row, days, F);
        const said = F.reduce((sum, f, c) => (causes[c]!.positive ? sum + f : sum), 0);
        const came = cause > 0 && placed.bin[row]! <= last && causes[cause - 1]!.positive;
        return -Math.log(Math.min(Math.max(came ? said : 1 - said, 1e-12), 1));
      });
    },
  };
}

/** -log P(cause | it ended in this bin) of rows that ended; 0 for the others. */
export function whichLoss(grid: Hazards, p: Float64Array, placed: Placed): Float64Array {
  const { causes } = grid;
  const bins = grid.edges.length - 1;
  return Float64Array.from(placed.cause, (cause, row) => {
    if (cause === 0) return 0;
    const cell = (row * bins + placed.bin[row]!) * (causes + 1);
    let ends = 0;
    for (let c = 1; c <= causes; c++) ends += p[cell + c]!;
    return -Math.log(Math.max(p[cell + cause]! / Math.max(ends, 1e-300), 1e-12));
  });
}
