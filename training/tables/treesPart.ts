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
/** Of few rows: some of them, since each is judged on all splits and next to nothing tells neighbours apart. */
const SHAPES_OF_FEW: readonly Shape[] = [0, 1, 3, 5].map((k) => SHAPES[k]!);
const FEW_ROWS = 1500;
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
 * and again on all rows, for the rounds that the splits found best on average. What is said of a split's held-out rows is said after as many
 * rounds as the other splits ask for, where all of them judge: rows that stopped trees themselves would praise them, few rows beyond measure, many hardly.
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
  const judgedByOthers = async ({ settings, grown }: Candidate): Promise<Candidate> => ({
    settings,
    grown: distinct.length === 1 ? grown : await Promise.all(distinct.map((split, k) => grow(split, { ...settings, rounds: meanRounds(without(grown, k)), patience: 0 }, seed + k))), // biome-ignore format: one list
  });
  const effort = effortOf(data);
  const most = Math.max(FEWEST_TRIED, Math.round(TRIED_ROWS / effort));
  const whole = rows * effort <= JUDGED_ROWS;
  const judges = whole ? distinct : [{ train: some(first.train, most), held: some(first.held, most) }];
  const step = Math.min(LONGEST_STEP, Math.max(1, Math.sqrt(effort / 2)));
  const settingsOf = (shape: Shape) => ({ ...ROUNDS, ...shape, learningRate: shape.learningRate * step });
  const shapes = rows < FEW_ROWS ? SHAPES_OF_FEW : SHAPES;
  const every = await Promise.all(shapes.map((shape) => onSplits(settingsOf(shape), judges)));
  const tried = every.sort((a, b) => meanLoss(a, judges) - meanLoss(b, judges)).slice(0, 2);
  const grown = await Promise.all(tried.map((one) => (whole ? one : onSplits(one.settings, distinct))));
  const unseenBy = (logits: readonly Float64Array[]): Float64Array => {
    const unseen = new Float64Array(rows * cells);
    distinct.forEach(({ held }, k) => {
      const p = softmaxBins(grid, logits[k]!);
      for (const [i, row] of held.entries()) unseen.set(p.subarray(i * cells, (i + 1) * cells), row * cells);
    });
    return unseen;
  };
  const judged = whole ? await Promise.all(grown.map(judgedByOthers)) : grown;
  const [alone, second] = judged.map((one) => unseenBy(one.grown.map(({ logits }) => logits))) as [Float64Array, Float64Array]; // biome-ignore format: one pair
  const together = alone.map((v, e) => (v + second[e]!) / 2);
  const held = rowsToHold(distinct);
  const lossOf = (p: Float64Array) =>
    nllOfProbabilities(grid, pickRows(p, held, cells), takePlaced(placed, held)).reduce((sum, v) => sum + v, 0);
  const both = lossOf(together) < lossOf(alone);
  const all = Int32Array.from({ length: rows }, (_, i) => i);
  const everything = { train: all, held: new Int32Array(0) };
  const candidates = both ? grown : grown.slice(0, 1);
  const serving = onAll
    ? await Promise.all(
        Array.from({ length: Math.max(seeds, candidates.length) }, async (_, k) => {
          const one = candidates[k % candidates.length]!;
          return (await grow(everything, { ...one.settings, rounds: meanRounds(one.grown) }, seed + 50 + k)).trees;
        }),
      )
    : candidates.map((one) => one.grown[0]!.trees);
  const [best] = grown as [Candidate];
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

/** Rounds that splits found best, on average: of few rows one split's best is chance. */
const meanRounds = (grown: readonly Boosted[]): number =>
  Math.max(1, Math.round(grown.reduce((sum, { rounds }) => sum + rounds, 0) / grown.length));

const without = <T>(list: readonly T[], k: number): readonly T[] => list.filter((_, other) => other !== k);

/** What a round costs beside one of a yes or no: a tree a cause, and the loss of every bin, some tenth of a tree. */
const effortOf = ({ grid }: HazardRows): number => grid.causes * (1 + (grid.edges.length - 2) / 10);

/** Of many rows every so manieth. */
function some(rows: Int32Array, most: number): Int32Array {
  if (rows.length <= most) return rows;
  const step = rows.length / most;
  return Int32Array.from({ length: most }, (_, i) => rows[Math.floor(i * step)]!);
}
