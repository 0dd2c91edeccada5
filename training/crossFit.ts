import { hazardModel } from '../models/hazardModel.ts';
import { rowsOf, takeRows } from '../src/frame.ts';
import { type CandidateName, fitCandidates, type Plan } from './fitCandidates.ts';
import { groupedFolds } from './folds.ts';
import { type Hands, ownHands } from './hands.ts';
import { type LandmarkRows, takeLandmarkRows } from './landmarkRows.ts';
import type { Profile } from './profiles.ts';
import { type Judges, judgesOf } from './question.ts';
import type { HazardTask } from './task.ts';

/** What candidates said of rows that they had not been fitted on. */
export interface Unseen extends Judges {
  /** Per-bin probabilities by candidate: rows x bins x (causes + 1). */
  readonly said: ReadonlyMap<CandidateName, Float64Array>;
}

const FOLDS = 4;

/**
 * Fits candidates as planned on three quarters of the accounts and lets them speak of the fourth, in turn. Cheap ones
 * only: it costs four fits of each, without a search.
 */
export async function crossFit(
  rows: LandmarkRows,
  task: HazardTask,
  profile: Profile,
  seed: number,
  wanted: readonly CandidateName[],
  plan: Plan,
  hands: Hands = ownHands,
): Promise<Unseen> {
  const cells = (task.edges.length - 1) * (task.causes.length + 1);
  const said = new Map<CandidateName, Float64Array>();
  const folds = groupedFolds(rows.account, FOLDS, 'cross-fit');
  for (const [k, held] of folds.entries()) {
    const rest = folds.flatMap((fold, j) => (j === k ? [] : fold));
    if (held.length === 0 || rest.length === 0) continue;
    const { states } = await fitCandidates(
      takeLandmarkRows(rows, rest),
      task,
      profile,
      seed,
      wanted,
      plan,
      () => {},
      hands,
    );
    const X = takeRows(rows.X, held);
    for (const [name, state] of states) {
      const p = hazardModel(state, task.calendar).predict(X);
      if (!said.has(name)) said.set(name, new Float64Array(rowsOf(rows.X) * cells));
      held.forEach((row, i) => {
        said.get(name)!.set(p.subarray(i * cells, (i + 1) * cells), row * cells);
      });
    }
  }
  return { said, ...judgesOf(task, rows) };
}
