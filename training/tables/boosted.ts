import { fitConstantHazards } from '../../models/constantHazards.ts';
import { binsOf, type Hazards, type Placed } from '../../models/hazards.ts';
import { takePlaced } from '../../models/networkFit.ts';
import type { Trees } from '../../models/trees.ts';
import { random } from '../../src/random.ts';
import type { Binned } from './binned.ts';
import { boostLoss, type Derivatives, derivativesOf } from './boostLoss.ts';
import { type BinnedTree, type GrowSettings, leafOfBins, treeGrower } from './treeGrower.ts';

export interface BoostSettings extends GrowSettings {
  /** Most rounds; each grows a tree a cause. */
  readonly rounds: number;
  readonly learningRate: number;
  /** Share of rows, and of features, that a tree is grown on. */
  readonly rowShare: number;
  readonly columnShare: number;
  /** Rounds without a better held-out loss before stopping; 0 = all rounds grow and are kept, whatever the held-out rows say. */
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
 * a step of Newton in the loss of softmax([0, z_b1 .. z_bC]), and where there are several bins their start takes one too; in tables with one bin that is ordinary boosting. Stops by the
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
  const { patience } = settings;
  const bins = binsOf(grid);
  const stream = random(seed).fork('boosted');
  const fitting = boostLoss(grid, takePlaced(placed, train));
  const judging = boostLoss(grid, takePlaced(placed, held));
  const start = startOf(grid, takePlaced(placed, train));
  const score = new Float64Array(train.length * causes);
  const heldScore = new Float64Array(held.length * causes);
  const ofScore = derivativesOf(score.length);
  const ofStart = bins > 1 ? derivativesOf(start.length) : undefined;
  const ofCause = causes === 1 ? ofScore : derivativesOf(train.length);
  const grower = treeGrower(data, train, settings);
  const features = Array.from(data.features.keys());
  const grown: BinnedTree[] = [];
  const sampled = new Int32Array(train.length);
  const path: number[] = [];
  const lossNow = () => judging.mean(start, heldScore);
  let best = { loss: held.length ? lossNow() : Number.NaN, rounds: 0, score: heldScore.slice(), start: start.slice() };
  for (let round = 1; round <= settings.rounds && features.length > 0; round++) {
    fitting.derivatives(start, score, ofScore, ofStart);
    if (ofStart) stepOfStart(start, ofStart);
    const used = sample(features, settings.columnShare, stream.below);
    let drawn = 0;
    for (let i = 0; i < train.length; i++)
      if (settings.rowShare >= 1 || stream.uniform() < settings.rowShare) sampled[drawn++] = i;
    for (let c = 0; c < causes; c++) {
      if (causes > 1)
        for (let i = 0; i < train.length; i++) {
          ofCause.gradient[i] = ofScore.gradient[i * causes + c]!;
          ofCause.curve[i] = ofScore.curve[i * causes + c]!;
        }
      const tree = grower(sampled.slice(0, drawn), used, ofCause.gradient, ofCause.curve);
      for (let node = 0; node < tree.value.length; node++)
        tree.value[node] = Math.fround(settings.learningRate * tree.value[node]!);
      grown.push(tree);
      for (let i = 0; i < train.length; i++) score[i * causes + c]! += tree.value[leafOfBins(tree, data, train[i]!)]!;
      for (let i = 0; i < held.length; i++) heldScore[i * causes + c]! += tree.value[leafOfBins(tree, data, held[i]!)]!;
    }
    if (held.length === 0) continue;
    const loss = lossNow();
    path.push(loss);
    if (loss < best.loss || patience === 0)
      best = { loss, rounds: round, score: heldScore.slice(), start: start.slice() };
    else if (round - best.rounds >= patience) break;
  }
  const rounds = held.length ? best.rounds : settings.rounds;
  const kept = held.length ? best.start : start;
  const logits = Float64Array.from({ length: held.length * bins * causes }, (_, e) => kept[e % (bins * causes)]! + best.score[Math.floor(e / (bins * causes)) * causes + (e % causes)]!); // biome-ignore format: one sum
  return { trees: encodedTrees(data, kept, grown.slice(0, rounds * causes)), logits, rounds, loss: best.loss, path };
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

/**
 * One step of Newton in the log odds that a bin starts from, damped as a leaf is (lambda 1) and by no more than 1. What columns explain
 * leaves rows of one score less spread over the bins than all rows were: with the start of all rows no score could say "just here, neither
 * below nor above", as an amount needs it (the baseline hazard of a Cox regression is fitted beside its effects for the same reason).
 */
function stepOfStart(start: Float64Array, { gradient, curve }: Derivatives): void {
  for (const [k, slope] of gradient.entries()) start[k]! -= Math.max(-1, Math.min(1, slope / (curve[k]! + 1)));
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
