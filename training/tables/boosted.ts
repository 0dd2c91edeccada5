import { fitConstantHazards } from '../../models/constantHazards.ts';
import { binsOf, type Hazards, type Placed } from '../../models/hazards.ts';
import { takePlaced } from '../../models/networkFit.ts';
import type { Trees } from '../../models/trees.ts';
import { random } from '../../src/random.ts';
import type { Binned } from './binned.ts';
import { type BinnedTree, type GrowSettings, leafOfBins, treeGrower } from './treeGrower.ts';

export interface BoostSettings extends GrowSettings {
  /** Most rounds; each grows a tree a cause. */
  readonly rounds: number;
  readonly learningRate: number;
  /** Share of rows, and of features, that a tree is grown on. */
  readonly rowShare: number;
  readonly columnShare: number;
  /** Rounds without a better held-out loss before stopping. */
  readonly patience: number;
}

/** Trees grown on some rows, and what they say of others. */
export interface Boosted {
  readonly trees: Trees;
  /** Log odds of the held-out rows, rows x bins x causes. */
  readonly logits: Float64Array;
  readonly rounds: number;
  /** Mean loss of the held-out rows; NaN without any. */
  readonly loss: number;
  /** Mean loss of the held-out rows after each round. */
  readonly path: readonly number[];
}

/**
 * Gradient boosted trees (Friedman 2001) for hazards: z_bc = start_bc + f_c(x), where f_c is a sum of trees, one a round, each
 * a step of Newton in the loss of softmax([0, z_b1 .. z_bC]); in tables with one bin that is ordinary boosting. Stops by the
 * loss of the held-out rows and keeps the best round; without held-out rows all rounds grow.
 * @param train, held row numbers · Cost: rounds x causes x that of a tree (`treeGrower`).
 */
export function boosted(
  data: Binned,
  grid: Hazards,
  placed: Placed,
  train: Int32Array,
  held: Int32Array,
  settings: BoostSettings,
  seed: number,
): Boosted {
  const { causes } = grid;
  const bins = binsOf(grid);
  const stream = random(seed).fork('boosted');
  const own = takePlaced(placed, train);
  const start = startOf(grid, own);
  const score = new Float64Array(train.length * causes);
  const heldPlaced = takePlaced(placed, held);
  const heldScore = new Float64Array(held.length * causes);
  const gradient = new Float64Array(train.length * causes);
  const curve = new Float64Array(train.length * causes);
  const [ownGradient, ownCurve] = causes === 1 ? [gradient, curve] : [new Float64Array(train.length), new Float64Array(train.length)]; // biome-ignore format: one pair
  const grower = treeGrower(data, train, settings);
  const features = Array.from(data.features.keys());
  const grown: BinnedTree[] = [];
  const sampled = new Int32Array(train.length);
  const path: number[] = [];
  const lossNow = () => derivatives(grid, start, heldScore, heldPlaced);
  let best = { loss: held.length ? lossNow() : Number.NaN, rounds: 0, score: heldScore.slice() };
  for (let round = 1; round <= settings.rounds && features.length > 0; round++) {
    derivatives(grid, start, score, own, gradient, curve);
    const used = sample(features, settings.columnShare, stream.below);
    let drawn = 0;
    for (let i = 0; i < train.length; i++)
      if (settings.rowShare >= 1 || stream.uniform() < settings.rowShare) sampled[drawn++] = i;
    for (let c = 0; c < causes; c++) {
      if (causes > 1)
        for (let i = 0; i < train.length; i++) {
          ownGradient[i] = gradient[i * causes + c]!;
          ownCurve[i] = curve[i * causes + c]!;
        }
      const tree = grower(sampled.slice(0, drawn), used, ownGradient, ownCurve);
      for (let node = 0; node < tree.value.length; node++)
        tree.value[node] = Math.fround(settings.learningRate * tree.value[node]!);
      grown.push(tree);
      for (let i = 0; i < train.length; i++) score[i * causes + c]! += tree.value[leafOfBins(tree, data, train[i]!)]!;
      for (let i = 0; i < held.length; i++) heldScore[i * causes + c]! += tree.value[leafOfBins(tree, data, held[i]!)]!;
    }
    if (held.length === 0) continue;
    const loss = lossNow();
    path.push(loss);
    if (loss < best.loss) best = { loss, rounds: round, score: heldScore.slice() };
    else if (round - best.rounds >= settings.patience) break;
  }
  const rounds = held.length ? best.rounds : settings.rounds;
  const logits = Float64Array.from({ length: held.length * bins * causes }, (_, e) => start[e % (bins * causes)]! + best.score[Math.floor(e / (bins * causes)) * causes + (e % causes)]!); // biome-ignore format: one sum
  return { trees: encodedTrees(data, start, grown.slice(0, rounds * causes)), logits, rounds, loss: best.loss, path };
}

/** Log odds of the causes in each bin without any column. */
function startOf(grid: Hazards, placed: Placed): Float64Array {
  const p = fitConstantHazards(grid, placed);
  const width = grid.causes + 1;
  return Float64Array.from({ length: (p.length / width) * grid.causes }, (_, e) => {
    const cell = Math.floor(e / grid.causes) * width;
    return Math.log(Math.max(p[cell + 1 + (e % grid.causes)]!, 1e-9) / Math.max(p[cell]!, 1e-9));
  });
}

function sample(features: readonly number[], share: number, below: (n: number) => number): number[] {
  const take = Math.max(1, Math.round(share * features.length));
  const pool = [...features];
  for (let i = 0; i < take; i++) {
    const j = i + below(pool.length - i);
    [pool[i], pool[j]] = [pool[j]!, pool[i]!];
  }
  return pool.slice(0, take);
}

/**
 * Mean loss of rows, and where asked its first and second derivative in each row's scores (rows x causes): over the bins that
 * a row was watched in, w_b p_bc less the event, and w_b p_bc (1 - p_bc).
 */
function derivatives(
  { causes, edges }: Hazards,
  start: Float64Array,
  score: Float64Array,
  placed: Placed,
  gradient?: Float64Array,
  curve?: Float64Array,
): number {
  const bins = edges.length - 1;
  const rows = placed.bin.length;
  const e = new Float64Array(causes);
  let total = 0;
  gradient?.fill(0);
  curve?.fill(0);
  for (let i = 0; i < rows; i++) {
    const last = placed.bin[i]!;
    for (let b = 0; b <= last && b < bins; b++) {
      const cause = b === last ? placed.cause[i]! : 0;
      const weight = b < last || cause > 0 ? 1 : placed.fraction[i]!;
      if (weight === 0) continue;
      let max = 0;
      for (let c = 0; c < causes; c++) max = Math.max(max, start[b * causes + c]! + score[i * causes + c]!);
      let sum = Math.exp(-max);
      for (let c = 0; c < causes; c++) sum += e[c] = Math.exp(start[b * causes + c]! + score[i * causes + c]! - max);
      total += weight * (max + Math.log(sum));
      if (cause > 0) total -= start[b * causes + cause - 1]! + score[i * causes + cause - 1]!;
      if (!gradient || !curve) continue;
      for (let c = 0; c < causes; c++) {
        const p = e[c]! / sum;
        gradient[i * causes + c]! += weight * p - (cause === c + 1 ? 1 : 0);
        curve[i * causes + c]! += weight * Math.max(p * (1 - p), 1e-16);
      }
    }
  }
  return total / Math.max(rows, 1);
}

/** Trees on bins as trees on encoded columns. */
function encodedTrees({ features }: Binned, start: Float64Array, grown: readonly BinnedTree[]): Trees {
  const nodes = grown.reduce((sum, tree) => sum + tree.feature.length, 0);
  const trees = { start, roots: new Int32Array(grown.length), column: new Int32Array(nodes), cut: new Float32Array(nodes), left: new Int32Array(nodes) }; // biome-ignore format: one value
  let root = 0;
  grown.forEach((tree, t) => {
    trees.roots[t] = root;
    // Where words are asked for, those that are the word go left in bins and right by column: the children change places.
    const place = Int32Array.from(tree.feature.keys());
    for (const [node, f] of tree.feature.entries()) {
      if (f < 0 || features[f]!.kind === 'quantity') continue;
      place[tree.left[node]!] = tree.left[node]! + 1;
      place[tree.left[node]! + 1] = tree.left[node]!;
    }
    tree.feature.forEach((f, node) => {
      const to = root + place[node]!;
      if (f < 0) {
        trees.column[to] = -1;
        trees.cut[to] = tree.value[node]!;
        return;
      }
      const feature = features[f]!;
      trees.column[to] = feature.kind === 'quantity' ? feature.column : feature.column + tree.at[node]!;
      trees.cut[to] = feature.kind === 'quantity' ? feature.edges[tree.at[node]!]! : 0.5;
      trees.left[to] = root + tree.left[node]!;
    });
    root += tree.feature.length;
  });
  return trees;
}
