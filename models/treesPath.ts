import type { PartOf } from './parts.ts';
import { intoLogits, type PathPart, type PathSizes } from './pathParts.ts';
import { addTrees, leafOf, type Trees, treeProbabilities } from './trees.ts';

/** Stretches that the way is divided into. */
const STRETCHES = 32;

/** What one column changes in the score of a cause, all cuts together that are passed within a stretch. */
interface Jump {
  readonly column: number;
  readonly cause: number;
  change: number;
}

/**
 * Trees: on the straight path their score jumps wherever a column passes a cut. The jump goes to that column, spread evenly
 * over the stretch that it falls into, so that the score is a broken line along the path, with the same two ends, and its
 * slopes add up with those of the smooth parts to the same total.
 * Source: Merrill et al., Generalized Integrated Gradients (2019), for the jumps; the spreading is ours.
 */
export function treesPath(
  { trees, byBin }: PartOf<'trees'>,
  s: PathSizes,
  from: Float32Array,
  to: Float32Array,
): PathPart {
  const { bins, causes } = s;
  const score0 = new Float64Array(causes);
  addTrees(trees, causes, from, 0, score0);
  const jumps = Array.from({ length: STRETCHES }, () => new Map<number, Jump>());
  jumpsAlong(trees, causes, from, to, (at, column, cause, change) => {
    const own = jumps[Math.min(STRETCHES - 1, Math.floor(at * STRETCHES))]!;
    const known = own.get(column * causes + cause);
    if (known) known.change += change;
    else own.set(column * causes + cause, { column, cause, change });
  });
  // Score at the beginning of each stretch, and at the end of the last.
  const scores = [score0];
  for (const own of jumps) {
    const next = scores.at(-1)!.slice();
    for (const { cause, change } of own.values()) next[cause]! += change;
    scores.push(next);
  }
  const stretches = jumps.map((own) => [...own.values()]);
  const score = new Float64Array(causes);
  const own = new Float64Array(bins * (causes + 1));
  const dz = new Float64Array(bins * causes);
  const slopes = new Float64Array(s.inputs);
  let stretch = 0;
  return {
    forward: (a, _, p) => {
      stretch = Math.min(STRETCHES - 1, Math.floor(a * STRETCHES));
      const share = a * STRETCHES - stretch;
      for (let c = 0; c < causes; c++) score[c] = (1 - share) * scores[stretch]![c]! + share * scores[stretch + 1]![c]!;
      treeProbabilities(trees, causes, score, own, 0);
      for (let e = 0; e < own.length; e++) p[e]! += byBin[Math.floor(e / (causes + 1))]! * own[e]!;
    },
    backward: (dU) => {
      intoLogits(own, dU, byBin, 1, s, dz);
      for (const { column, cause, change } of stretches[stretch]!) {
        let slope = 0;
        for (let b = 0; b < bins; b++) slope += dz[b * causes + cause]!;
        slopes[column]! += slope * change * STRETCHES;
      }
    },
    slope: (j) => (to[j] === from[j] ? 0 : slopes[j]! / (to[j]! - from[j]!)),
  };
}

/** Tells of every jump of every tree on the straight way between two rows: where (0 to 1), by which column, how much. */
function jumpsAlong(
  trees: Trees,
  causes: number,
  from: Float32Array,
  to: Float32Array,
  tell: (at: number, column: number, cause: number, change: number) => void,
): void {
  const { roots, column, cut, left } = trees;
  for (let t = 0; t < roots.length; t++) {
    let leaf = leafOf(trees, t, from, 0);
    for (let passed = -1; ; ) {
      // The next cut on the way that this tree would ask of.
      let next = Number.POSITIVE_INFINITY;
      let by = -1;
      for (let node = roots[t]!, j = column[node]!; j >= 0; j = column[node]!) {
        const at = passing(from[j]!, to[j]!, cut[node]!);
        if (at > passed && at < next) {
          next = at;
          by = j;
        }
        node = left[node]! + sideAt(from[j]!, cut[node]!, at <= passed);
      }
      if (by < 0) break;
      passed = next;
      let node = roots[t]!;
      for (let j = column[node]!; j >= 0; j = column[node]!)
        node = left[node]! + sideAt(from[j]!, cut[node]!, passing(from[j]!, to[j]!, cut[node]!) <= passed);
      if (node !== leaf) tell(passed, by, t % causes, cut[node]! - cut[leaf]!);
      leaf = node;
    }
  }
}

/** Where on the way the cut is passed; Infinity where it is not. */
const passing = (from: number, to: number, cut: number): number =>
  from <= cut === to <= cut ? Number.POSITIVE_INFINITY : (cut - from) / (to - from);

/** 0 = left, 1 = right: the side of the beginning, or the other one once the cut is passed. */
const sideAt = (from: number, cut: number, passed: boolean): number => (from <= cut !== passed ? 0 : 1);
