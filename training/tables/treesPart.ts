import { nllOfProbabilities, softmaxBins } from '../../models/hazards.ts';
import { type HazardRows, takePlaced } from '../../models/networkFit.ts';
import type { Binned } from './binned.ts';
import type { Boosted, BoostSettings } from './boosted.ts';
import { type Booster, growHere } from './booster.ts';
import type { Split } from './committee.ts';
import type { Group } from './groups.ts';
import { pickRows, rowsToHold } from './plan.ts';

type Shape = Pick<BoostSettings, 'leaves' | 'depth' | 'learningRate' | 'lambda' | 'leastWeight' | 'rowShare' | 'columnShare'>; // biome-ignore format: one type

/**
 * Shapes of trees that are tried: three leaves see next to no interactions, a hundred see those of a few rows. Those in between
 * twice, for tables of much and of little noise.
 */
const SHAPES: readonly Shape[] = [
  { leaves: 3, depth: 2, learningRate: 0.08, lambda: 2, leastWeight: 1, rowShare: 0.8, columnShare: 0.4 },
  { leaves: 6, depth: 5, learningRate: 0.05, lambda: 4, leastWeight: 2, rowShare: 0.8, columnShare: 0.4 },
  { leaves: 12, depth: 8, learningRate: 0.04, lambda: 8, leastWeight: 5, rowShare: 0.7, columnShare: 0.4 },
  { leaves: 12, depth: 8, learningRate: 0.05, lambda: 4, leastWeight: 1, rowShare: 0.8, columnShare: 0.6 },
  { leaves: 40, depth: 10, learningRate: 0.04, lambda: 3, leastWeight: 1, rowShare: 0.8, columnShare: 0.4 },
  { leaves: 40, depth: 10, learningRate: 0.06, lambda: 1, leastWeight: 0.3, rowShare: 0.8, columnShare: 0.6 },
  { leaves: 128, depth: 12, learningRate: 0.06, lambda: 1, leastWeight: 0.3, rowShare: 0.8, columnShare: 0.6 },
];
const ROUNDS = { rounds: 1500, patience: 40 };
/**
 * Rows times the effort of one (`effortOf`): up to so many every split judges the shapes; of more the first split does, learning from so many at
 * most, though no fewer than the last.
 */
const JUDGED_ROWS = 15_000;
const TRIED_ROWS = 40_000;
const FEWEST_TRIED = 3000;
/** Steps of trees are at most so much longer where every round is dear. */
const LONGEST_STEP = 3;

export interface TreesPart extends Group {
  /** The shape that said most of the rows it was tried on, and its rounds in the first split. */
  readonly settings: BoostSettings;
  /** Loss of the first split's held-out rows by that shape. */
  readonly loss: number;
}

/** A shape as it grew on every split. */
interface Candidate {
  readonly settings: BoostSettings;
  readonly grown: readonly Boosted[];
}

/**
 * Boosted trees as a learner of the mixture: every shape is judged by held-out rows, on all splits where rows are few, else on
 * some rows of the first; the best grows on all splits, beside the second if the two together say more of the held-out rows,
 * and again on all rows, for the rounds that the splits found best.
 * @param boost grows each; several may be asked for at once
 * @param onAll whether what serves is grown again on all rows, `seeds` times in all; else the split's own trees serve
 */
export async function treesPart(
  trees: Binned,
  data: HazardRows,
  splits: readonly Split[],
  onAll: boolean,
  seeds: number,
  seed: number,
  boost: Booster = growHere,
): Promise<TreesPart> {
  // biome-ignore format: one signature
  const { grid, placed, rows } = data;
  const cells = (grid.edges.length - 1) * (grid.causes + 1);
  const distinct = [...new Set(splits)];
  const [first] = distinct as [Split];
  const own = { binned: trees, grid, placed };
  const grow = ({ train, held }: Split, settings: BoostSettings, from: number) => boost(own, { train, held, settings, seed: from }); // biome-ignore format: one call
  const onSplits = async (settings: BoostSettings, of: readonly Split[]): Promise<Candidate> => ({
    settings,
    grown: await Promise.all(of.map((split, k) => grow(split, settings, seed + k))),
  });
  const effort = effortOf(data);
  const most = Math.max(FEWEST_TRIED, Math.round(TRIED_ROWS / effort));
  const judges = rows * effort <= JUDGED_ROWS ? distinct : [{ train: some(first.train, most), held: some(first.held, most) }]; // biome-ignore format: one choice
  const step = Math.min(LONGEST_STEP, Math.max(1, Math.sqrt(effort / 2)));
  const settingsOf = (shape: Shape) => ({ ...ROUNDS, ...shape, learningRate: shape.learningRate * step });
  const every = await Promise.all(SHAPES.map((shape) => onSplits(settingsOf(shape), judges)));
  const tried = every.sort((a, b) => meanLoss(a, judges) - meanLoss(b, judges));
  const whole = judges === distinct;
  const [best, next] = (await Promise.all(tried.slice(0, 2).map((one) => (whole ? one : onSplits(one.settings, distinct))))) as [Candidate, Candidate]; // biome-ignore format: one pair
  const unseenBy = ({ grown }: Candidate): Float64Array => {
    const unseen = new Float64Array(rows * cells);
    distinct.forEach(({ held }, k) => {
      const p = softmaxBins(grid, grown[k]!.logits);
      for (const [i, row] of held.entries()) unseen.set(p.subarray(i * cells, (i + 1) * cells), row * cells);
    });
    return unseen;
  };
  const alone = unseenBy(best);
  const second = unseenBy(next);
  const together = alone.map((v, e) => (v + second[e]!) / 2);
  const held = rowsToHold(distinct);
  const lossOf = (p: Float64Array) =>
    nllOfProbabilities(grid, pickRows(p, held, cells), takePlaced(placed, held)).reduce((sum, v) => sum + v, 0);
  const both = lossOf(together) < lossOf(alone);
  const all = Int32Array.from({ length: rows }, (_, i) => i);
  const everything = { train: all, held: new Int32Array(0) };
  const candidates = both ? [best, next] : [best];
  const serving = onAll
    ? await Promise.all(
        Array.from({ length: Math.max(seeds, candidates.length) }, async (_, k) => {
          const { settings, grown } = candidates[k % candidates.length]!;
          return (await grow(everything, { ...settings, rounds: meanRounds(grown) }, seed + 50 + k)).trees;
        }),
      )
    : candidates.map(({ grown }) => grown[0]!.trees);
  return {
    name: 'trees',
    parts: serving.map((own) => ({ kind: 'trees' as const, trees: own })),
    unseen: both ? together : alone,
    settings: { ...best.settings, rounds: Math.max(1, best.grown[0]!.rounds) },
    loss: best.grown[0]!.loss,
  };
}

const meanLoss = ({ grown }: Candidate, judges: readonly Split[]): number =>
  grown.reduce((sum, { loss }, k) => sum + loss * judges[k]!.held.length, 0);

const meanRounds = (grown: readonly Boosted[]): number =>
  Math.max(1, Math.round(grown.reduce((sum, { rounds }) => sum + rounds, 0) / grown.length));

/** What a round costs beside one of a yes or no: a tree a cause, and the loss of every bin, some tenth of a tree. */
const effortOf = ({ grid }: HazardRows): number => grid.causes * (1 + (grid.edges.length - 2) / 10);

/** Of many rows every so manieth. */
function some(rows: Int32Array, most: number): Int32Array {
  if (rows.length <= most) return rows;
  const step = rows.length / most;
  return Int32Array.from({ length: most }, (_, i) => rows[Math.floor(i * step)]!);
}
