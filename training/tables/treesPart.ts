import { softmaxBins } from '../../models/hazards.ts';
import type { HazardRows } from '../../models/networkFit.ts';
import type { Binned } from './binned.ts';
import { type Boosted, type BoostSettings, boosted } from './boosted.ts';
import type { Split } from './committee.ts';
import type { Group } from './groups.ts';

/** Shapes of trees that are tried: three leaves see next to no interactions, a hundred see those of a few rows. */
const SHAPES: readonly Pick<BoostSettings, 'leaves' | 'depth' | 'learningRate' | 'lambda' | 'leastWeight'>[] = [
  { leaves: 3, depth: 2, learningRate: 0.15, lambda: 2, leastWeight: 1 },
  { leaves: 12, depth: 8, learningRate: 0.06, lambda: 4, leastWeight: 1 },
  { leaves: 40, depth: 10, learningRate: 0.06, lambda: 1, leastWeight: 0.3 },
  { leaves: 128, depth: 12, learningRate: 0.06, lambda: 1, leastWeight: 0.3 },
];
const USUAL = { rounds: 1000, rowShare: 0.8, columnShare: 0.6, patience: 35 };

export interface TreesPart extends Group {
  /** The shape that said most of the first split's held-out rows, and its rounds there. */
  readonly settings: BoostSettings;
  /** Loss of those rows by the best shape. */
  readonly loss: number;
}

/**
 * Boosted trees as a learner of the mixture: each shape is judged on the first split, from few leaves to many until one is
 * worse than the one before by more than a little; the best one grows on the other splits, and again on all rows, for the
 * rounds that the splits found best.
 * @param onAll whether what serves is grown again on all rows, `seeds` times; else the split's own trees serve
 */
export function treesPart(
  trees: Binned,
  data: HazardRows,
  splits: readonly Split[],
  onAll: boolean,
  seeds: number,
  seed: number,
): TreesPart {
  // biome-ignore format: one signature
  const { grid, placed, rows } = data;
  const cells = (grid.edges.length - 1) * (grid.causes + 1);
  const distinct = [...new Set(splits)];
  const [first] = distinct as [Split];
  const grow = ({ train, held }: Split, settings: BoostSettings, own: number) =>
    boosted(trees, grid, placed, train, held, settings, own);
  let best: { readonly settings: BoostSettings; readonly grown: Boosted } | undefined;
  for (const shape of SHAPES) {
    const settings = { ...USUAL, ...shape };
    const grown = grow(first, settings, seed);
    if (!best || grown.loss < best.grown.loss) best = { settings, grown };
    else break;
  }
  const { settings } = best!;
  const unseen = new Float64Array(rows * cells);
  const rounds: number[] = [];
  for (const [k, split] of distinct.entries()) {
    const grown = k === 0 ? best!.grown : grow(split, settings, seed + k);
    rounds.push(grown.rounds);
    const p = softmaxBins(grid, grown.logits);
    for (const [i, row] of split.held.entries()) unseen.set(p.subarray(i * cells, (i + 1) * cells), row * cells);
  }
  const usual = Math.max(1, Math.round(rounds.reduce((sum, r) => sum + r, 0) / rounds.length));
  const all = Int32Array.from({ length: rows }, (_, i) => i);
  const serving = onAll
    ? Array.from({ length: seeds }, (_, k) => grow({ train: all, held: new Int32Array(0) }, { ...settings, rounds: usual }, seed + 50 + k).trees) // biome-ignore format: one call
    : [best!.grown.trees];
  return {
    name: 'trees',
    parts: serving.map((own) => ({ kind: 'trees' as const, trees: own })),
    unseen,
    settings: { ...settings, rounds: Math.max(1, rounds[0]!) },
    loss: best!.grown.loss,
  };
}
