import { random } from '../../src/random.ts';

/** Columns of rows cut into at most 64 bins each, feature after feature: what trees are grown on. */
export interface Binned {
  readonly rows: number;
  /** Bins of each feature; bin 0 of a number is "missing". */
  readonly bins: readonly number[];
  /** Whether bins ascend with a quantity (split by threshold), or are names (split one against the rest). */
  readonly ascending: readonly boolean[];
  /** features x rows */
  readonly codes: Uint8Array;
}

export interface BoostSettings {
  /** Most rounds; each grows a tree a cause. */
  readonly rounds: number;
  readonly learningRate: number;
  readonly leaves: number;
  /** Least sum of p (1 - p) in a leaf. */
  readonly leastWeight: number;
  /** Ridge penalty of leaf values. */
  readonly lambda: number;
  /** Share of rows, and of features, that a tree is grown on. */
  readonly rowShare: number;
  readonly columnShare: number;
  /** Rounds without a better held-out loss before stopping. */
  readonly patience: number;
}

/** One tree as arrays: `feature[node]` -1 = a leaf with `value`; else left where `goesLeft` holds. */
interface Tree {
  readonly feature: number[];
  /** Threshold bin (left: code <= at) of quantities, the bin itself (left: code = at) of names. */
  readonly at: number[];
  /** Whether missing goes left, of quantities. */
  readonly missingLeft: boolean[];
  readonly left: number[];
  readonly right: number[];
  readonly value: number[];
}

/** Log odds of rows, rows x causes, of trees grown on other rows. */
export interface BoostedUnseen {
  readonly logits: Float64Array;
  readonly rounds: number;
  readonly loss: number;
}

/**
 * Gradient boosted trees on histograms (Friedman 2001; Chen and Guestrin, XGBoost, 2016, eq. 6 and 7), grown leaf by leaf
 * where the gain is largest, second order, one tree a cause and round for softmax([0, z_1 .. z_C]). Stops by the loss of
 * the held-out rows and answers their log odds at the best round; the trees themselves are not kept.
 *
 * They teach the network (`softTargets.ts`) and are never served.
 * @param cause of all rows, 0 = none · @param train, held row numbers
 * Cost: rounds x causes x rows x features x about 2.5, some 3 ns each.
 */
export function boostedUnseen(
  data: Binned,
  cause: ArrayLike<number>,
  causes: number,
  train: Int32Array,
  held: Int32Array,
  settings: BoostSettings,
  seed: number,
): BoostedUnseen {
  const stream = random(seed).fork('boosted');
  const margin = new Float64Array(train.length * causes);
  const heldMargin = new Float64Array(held.length * causes);
  const counts = new Float64Array(causes + 1).fill(0.5);
  for (const row of train) counts[cause[row]!]! += 1;
  for (let c = 0; c < causes; c++) {
    const start = Math.log(counts[c + 1]! / counts[0]!);
    for (let i = 0; i < train.length; i++) margin[i * causes + c] = start;
    for (let i = 0; i < held.length; i++) heldMargin[i * causes + c] = start;
  }
  const gradient = new Float64Array(train.length);
  const curve = new Float64Array(train.length);
  const p = new Float64Array(train.length * causes);
  const grower = treeGrower(data, train, settings);
  const features = Array.from(data.bins, (_, f) => f);
  let best = { loss: lossOf(heldMargin, cause, causes, held), rounds: 0, logits: heldMargin.slice() };
  for (let round = 1; round <= settings.rounds; round++) {
    probabilities(margin, causes, p);
    const used = sample(features, settings.columnShare, stream.below);
    const rows: number[] = [];
    for (let i = 0; i < train.length; i++)
      if (settings.rowShare >= 1 || stream.uniform() < settings.rowShare) rows.push(i);
    for (let c = 0; c < causes; c++) {
      for (let i = 0; i < train.length; i++) {
        const pi = p[i * causes + c]!;
        gradient[i] = pi - (cause[train[i]!]! === c + 1 ? 1 : 0);
        curve[i] = Math.max(pi * (1 - pi), 1e-16);
      }
      const tree = grower(Int32Array.from(rows), used, gradient, curve);
      addTree(tree, data, train, margin, causes, c, settings.learningRate);
      addTree(tree, data, held, heldMargin, causes, c, settings.learningRate);
    }
    const loss = lossOf(heldMargin, cause, causes, held);
    if (loss < best.loss) best = { loss, rounds: round, logits: heldMargin.slice() };
    else if (round - best.rounds >= settings.patience) break;
  }
  return best;
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

/** P of each cause of softmax([0, z]). */
function probabilities(z: Float64Array, causes: number, p: Float64Array): void {
  for (let at = 0; at < z.length; at += causes) {
    let max = 0;
    for (let c = 0; c < causes; c++) max = Math.max(max, z[at + c]!);
    let sum = Math.exp(-max);
    for (let c = 0; c < causes; c++) sum += p[at + c] = Math.exp(z[at + c]! - max);
    for (let c = 0; c < causes; c++) p[at + c]! /= sum;
  }
}

/** Mean log loss of rows. */
function lossOf(z: Float64Array, cause: ArrayLike<number>, causes: number, rows: Int32Array): number {
  let total = 0;
  for (let i = 0; i < rows.length; i++) {
    let max = 0;
    for (let c = 0; c < causes; c++) max = Math.max(max, z[i * causes + c]!);
    let sum = Math.exp(-max);
    for (let c = 0; c < causes; c++) sum += Math.exp(z[i * causes + c]! - max);
    const came = cause[rows[i]!]!;
    total += max + Math.log(sum) - (came > 0 ? z[i * causes + came - 1]! : 0);
  }
  return total / Math.max(rows.length, 1);
}

function addTree(
  tree: Tree,
  data: Binned,
  rows: Int32Array,
  margin: Float64Array,
  causes: number,
  c: number,
  rate: number,
): void {
  // biome-ignore format: one signature
  const { feature, at, missingLeft, left, right, value } = tree;
  for (let i = 0; i < rows.length; i++) {
    let node = 0;
    while (feature[node]! >= 0) {
      const code = data.codes[feature[node]! * data.rows + rows[i]!]!;
      const goes = data.ascending[feature[node]!] ? (code === 0 ? missingLeft[node]! : code <= at[node]!) : code === at[node]!; // biome-ignore format: one choice
      node = goes ? left[node]! : right[node]!;
    }
    margin[i * causes + c]! += rate * value[node]!;
  }
}

interface Leaf {
  readonly node: number;
  readonly from: number;
  readonly to: number;
  /** g and h of every bin of every feature in use, side by side. */
  readonly histogram: Float64Array;
  readonly g: number;
  readonly h: number;
  readonly split: Split | undefined;
}
interface Split {
  readonly gain: number;
  readonly feature: number;
  readonly at: number;
  readonly missingLeft: boolean;
}

function treeGrower(data: Binned, train: Int32Array, settings: BoostSettings) {
  const offset = new Int32Array(data.bins.length + 1);
  data.bins.forEach((bins, f) => {
    offset[f + 1] = offset[f]! + bins;
  });
  const size = offset[data.bins.length]! * 2;
  const n = train.length;
  // The training rows' codes side by side, so that a histogram walks memory forwards.
  const codes = new Uint8Array(data.bins.length * n);
  for (let f = 0; f < data.bins.length; f++)
    for (let i = 0; i < n; i++) codes[f * n + i] = data.codes[f * data.rows + train[i]!]!;

  return (rows: Int32Array, used: readonly number[], gradient: Float64Array, curve: Float64Array): Tree => {
    const spare = new Int32Array(rows.length);
    const tree: Tree = { feature: [-1], at: [0], missingLeft: [false], left: [0], right: [0], value: [0] };
    const histogramOf = (from: number, to: number): Float64Array => {
      const out = new Float64Array(size);
      for (const f of used) {
        const base = offset[f]! * 2;
        const own = f * n;
        for (let r = from; r < to; r++) {
          const i = rows[r]!;
          const e = base + codes[own + i]! * 2;
          out[e]! += gradient[i]!;
          out[e + 1]! += curve[i]!;
        }
      }
      return out;
    };
    const leafAt = (node: number, from: number, to: number, histogram: Float64Array): Leaf => {
      let g = 0;
      let h = 0;
      const base = offset[used[0]!]! * 2;
      for (let b = 0; b < data.bins[used[0]!]!; b++) {
        g += histogram[base + b * 2]!;
        h += histogram[base + b * 2 + 1]!;
      }
      tree.value[node] = -g / (h + settings.lambda);
      return { node, from, to, histogram, g, h, split: bestSplit(data, offset, used, histogram, g, h, settings) };
    };
    const leaves = [leafAt(0, 0, rows.length, histogramOf(0, rows.length))];
    while (leaves.length < settings.leaves) {
      let pick = -1;
      leaves.forEach(({ split }, k) => {
        if (split && (pick < 0 || split.gain > leaves[pick]!.split!.gain)) pick = k;
      });
      if (pick < 0) break;
      const [leaf] = leaves.splice(pick, 1) as [Leaf];
      const { feature, at, missingLeft } = leaf.split!;
      const own = feature * n;
      const ascending = data.ascending[feature]!;
      let lower = leaf.from;
      let upper = 0;
      for (let r = leaf.from; r < leaf.to; r++) {
        const i = rows[r]!;
        const code = codes[own + i]!;
        if (ascending ? (code === 0 ? missingLeft : code <= at) : code === at) rows[lower++] = i;
        else spare[upper++] = i;
      }
      rows.set(spare.subarray(0, upper), lower);
      const left = tree.feature.length;
      for (let k = 0; k < 2; k++) {
        tree.feature.push(-1);
        tree.at.push(0);
        tree.missingLeft.push(false);
        tree.left.push(0);
        tree.right.push(0);
        tree.value.push(0);
      }
      tree.feature[leaf.node] = feature;
      tree.at[leaf.node] = at;
      tree.missingLeft[leaf.node] = missingLeft;
      tree.left[leaf.node] = left;
      tree.right[leaf.node] = left + 1;
      // The smaller side is counted, the other is what remains.
      const leftSmaller = lower - leaf.from <= leaf.to - lower;
      const counted = leftSmaller ? histogramOf(leaf.from, lower) : histogramOf(lower, leaf.to);
      const rest = leaf.histogram;
      for (let e = 0; e < size; e++) rest[e]! -= counted[e]!;
      leaves.push(leafAt(left, leaf.from, lower, leftSmaller ? counted : rest));
      leaves.push(leafAt(left + 1, lower, leaf.to, leftSmaller ? rest : counted));
    }
    return tree;
  };
}

/** The split with the largest gain G_L^2/(H_L + l) + G_R^2/(H_R + l) - G^2/(H + l), if any gains. */
function bestSplit(
  data: Binned,
  offset: Int32Array,
  used: readonly number[],
  histogram: Float64Array,
  g: number,
  h: number,
  { lambda, leastWeight }: BoostSettings,
): Split | undefined {
  if (h < 2 * leastWeight) return undefined;
  const whole = (g * g) / (h + lambda);
  let best = 1e-9;
  let found: Split | undefined;
  const judge = (gl: number, hl: number, feature: number, at: number, missingLeft: boolean) => {
    const hr = h - hl;
    if (hl < leastWeight || hr < leastWeight) return;
    const gr = g - gl;
    const gain = (gl * gl) / (hl + lambda) + (gr * gr) / (hr + lambda) - whole;
    if (gain > best) {
      best = gain;
      found = { gain, feature, at, missingLeft };
    }
  };
  for (const f of used) {
    const base = offset[f]! * 2;
    const bins = data.bins[f]!;
    if (!data.ascending[f]) {
      for (let b = 0; b < bins; b++) judge(histogram[base + b * 2]!, histogram[base + b * 2 + 1]!, f, b, false);
      continue;
    }
    const missing = histogram[base + 1]! > 0;
    for (const missingLeft of missing ? [false, true] : [false]) {
      let gl = missingLeft ? histogram[base]! : 0;
      let hl = missingLeft ? histogram[base + 1]! : 0;
      if (missingLeft) judge(gl, hl, f, 0, true);
      for (let b = 1; b < bins - 1; b++) {
        gl += histogram[base + b * 2]!;
        hl += histogram[base + b * 2 + 1]!;
        judge(gl, hl, f, b, missingLeft);
      }
    }
  }
  return found;
}
