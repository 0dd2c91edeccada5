import type { Artifact } from '../models/artifact.ts';
import { type HazardState, hazardModel } from '../models/hazardModel.ts';
import { nllOfProbabilities, place } from '../models/hazards.ts';
import { normalCdf } from '../src/stats/normal.ts';
import { formatInstant } from '../src/time.ts';
import { type LandmarkRows, takeLandmarkRows } from './landmarkRows.ts';
import { pairedDifference } from './pairedDifference.ts';
import type { HazardTask } from './task.ts';

/** Whether a trained version may serve, and why; shown to people and kept with the version. */
export interface Verdict {
  readonly promote: boolean;
  readonly reason: string;
}

/** How sure one must be that the challenger's log loss is lower. */
const SURE = 0.95;
/** Resolved rows below which the comparison says nothing. */
const FEWEST_ROWS = 50;

/** A company's first version serves, also when it knows no more than the base rate (it is then marked low skill). */
export function firstVersion(champion: Artifact | undefined): Verdict {
  return champion
    ? { promote: false, reason: 'too few outcomes to compare with the version that serves; it stays' }
    : { promote: true, reason: 'the first version' };
}

/**
 * Champion and challenger on the same rows, which neither was trained on: looks at the newest deals made after the
 * champion's training ended. The challenger serves if the probability that its log loss is lower, by the paired
 * difference with accounts as clusters, is at least .95.
 * @param challenger the state fitted on the part before the newest deals
 */
export function challenge(
  champion: Artifact | undefined,
  challenger: HazardState,
  { causes, calendar, withinDays }: HazardTask,
  newest: readonly LandmarkRows[],
): Verdict {
  if (!champion) return firstVersion(champion);
  const learnedTo = champion.header.trained.to;
  const sameTask =
    champion.state.edges.join() === challenger.edges.join() &&
    champion.header.withinDays === withinDays &&
    champion.header.causes.map((cause) => cause.name).join() === causes.map((cause) => cause.name).join();
  if (!sameTask) {
    return {
      promote: false,
      reason: 'bins, causes or horizon have changed, so the two cannot be compared; promote it by hand',
    };
  }
  const gains: number[] = [];
  const groups: string[] = [];
  let resolved = 0;
  for (const part of newest) {
    const unseen = part.X.ids.flatMap((_, row) => (part.X.asOf[row]! >= learnedTo ? [row] : []));
    if (unseen.length === 0) continue;
    const rows = takeLandmarkRows(part, unseen);
    const losses = [champion.state, challenger].map((state) => {
      const model = hazardModel(state, calendar);
      const placed = place(
        model.grid,
        rows.outcomes.map((o) => o.timeDays),
        rows.outcomes.map((o) => (o.cause ? causes.findIndex((c) => c.name === o.cause!.name) + 1 : 0)),
      );
      return nllOfProbabilities(model.grid, model.predict(rows.X), placed);
    });
    losses[0]!.forEach((loss, i) => {
      gains.push(loss - losses[1]![i]!);
      groups.push(rows.account[i]!);
    });
    resolved += rows.outcomes.filter((o) => o.cause).length;
  }
  if (resolved < FEWEST_ROWS) {
    return {
      promote: false,
      reason: `only ${resolved} rows since ${formatInstant(learnedTo)} have an outcome (${FEWEST_ROWS} needed); the version that serves stays`,
    };
  }
  const { mean, standardError } = pairedDifference(gains, new Float64Array(gains.length), groups);
  const sure = standardError > 0 ? normalCdf(mean / standardError) : mean > 0 ? 1 : 0.5; // 0 where both say the same
  const figures = `log loss ${mean >= 0 ? 'lower' : 'higher'} by ${Math.abs(mean).toFixed(4)} +- ${standardError.toFixed(4)} on ${gains.length} rows neither has seen (${(sure * 100).toFixed(0)} % sure it is better)`;
  return sure >= SURE
    ? { promote: true, reason: figures }
    : { promote: false, reason: `${figures}; ${SURE * 100} % is asked, so the version that serves stays` };
}
