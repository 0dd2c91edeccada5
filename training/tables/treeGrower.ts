import { type Binned, binsOfFeature } from './binned.ts';

/** How one tree grows. */
export interface GrowSettings {
  readonly leaves: number;
  /** Most questions on the way to a leaf. */
  readonly depth: number;
  /** Least curvature (sum of p (1 - p)) in a leaf. */
  readonly leastWeight: number;
  /** Ridge penalty of leaf values. */
  readonly lambda: number;
}

/** One tree as arrays: a leaf has `feature` -1 and a `value`; a row goes left where its bin is at most `at` (of words: is `at`). */
export interface BinnedTree {
  readonly feature: number[];
  readonly at: number[];
  /** Left child; the right one follows it. */
  readonly left: number[];
  readonly value: number[];
}

/** Grows a tree on some rows and features, by first and second derivatives of the loss; reorders `rows`. */
export type Grower = (rows: Int32Array, used: readonly number[], gradient: Float64Array, curve: Float64Array) => BinnedTree; // biome-ignore format: one type

/** Leaf of a row's bins. @param offset of the row within each feature's codes */
export function leafOfBins(tree: BinnedTree, { codes, features, rows }: Binned, row: number): number {
  let node = 0;
  for (let f = tree.feature[node]!; f >= 0; f = tree.feature[node]!) {
    const code = codes[f * rows + row]!;
    const goesLeft = features[f]!.kind === 'quantity' ? code <= tree.at[node]! : code === tree.at[node]!;
    node = tree.left[node]! + (goesLeft ? 0 : 1);
  }
  return node;
}

interface Leaf {
  readonly node: number;
  readonly depth: number;
  readonly from: number;
  readonly to: number;
  /** Sums of the first and second derivatives of its rows. */
  readonly g: number;
  readonly h: number;
  /** g and h of every bin of every feature in use, side by side; absent where the leaf cannot be split. */
  readonly histogram: Float64Array | undefined;
  readonly split: Split | undefined;
}
interface Split {
  readonly gain: number;
  readonly feature: number;
  readonly at: number;
  /** Sums of the left side. */
  readonly g: number;
  readonly h: number;
}

/**
 * Trees by histograms, leaf by leaf where the gain is largest, second order (Chen and Guestrin, XGBoost, 2016, eq. 6 and 7;
 * Ke et al., LightGBM, 2017). Cost of a tree: rows x features x about log2(leaves) / 2, some 3 ns each, and bins x leaves.
 * @param train rows of `data` that trees are grown on; the grower counts them from 0
 */
export function treeGrower(data: Binned, train: Int32Array, settings: GrowSettings): Grower {
  const { features } = data;
  const offset = new Int32Array(features.length + 1);
  features.forEach((feature, f) => {
    offset[f + 1] = offset[f]! + binsOfFeature(feature);
  });
  const size = offset[features.length]! * 2;
  const n = train.length;
  // The training rows' codes side by side, so that a histogram walks memory forwards.
  const codes = new Uint8Array(features.length * n);
  for (let f = 0; f < features.length; f++)
    for (let i = 0; i < n; i++) codes[f * n + i] = data.codes[f * data.rows + train[i]!]!;

  return (rows, used, gradient, curve) => {
    const spare = new Int32Array(rows.length);
    const tree: BinnedTree = { feature: [-1], at: [0], left: [0], value: [0] };
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
    const canSplit = (depth: number, h: number) => depth < settings.depth && h >= 2 * settings.leastWeight;
    const leafAt = (
      node: number,
      depth: number,
      from: number,
      to: number,
      g: number,
      h: number,
      histogram: Float64Array | undefined,
    ): Leaf => {
      tree.value[node] = -g / (h + settings.lambda);
      const split = histogram && bestSplit(data, offset, used, histogram, g, h, settings);
      return { node, depth, from, to, g, h, histogram, split };
    };
    let [g, h] = [0, 0];
    for (let r = 0; r < rows.length; r++) {
      g += gradient[rows[r]!]!;
      h += curve[rows[r]!]!;
    }
    const leaves = [leafAt(0, 0, 0, rows.length, g, h, canSplit(0, h) ? histogramOf(0, rows.length) : undefined)]; // biome-ignore format: one leaf
    while (leaves.length < settings.leaves) {
      let pick = -1;
      leaves.forEach(({ split }, k) => {
        if (split && (pick < 0 || split.gain > leaves[pick]!.split!.gain)) pick = k;
      });
      if (pick < 0) break;
      const [leaf] = leaves.splice(pick, 1) as [Leaf];
      const { feature, at } = leaf.split!;
      const own = feature * n;
      const quantity = features[feature]!.kind === 'quantity';
      let lower = leaf.from;
      let upper = 0;
      for (let r = leaf.from; r < leaf.to; r++) {
        const i = rows[r]!;
        const code = codes[own + i]!;
        if (quantity ? code <= at : code === at) rows[lower++] = i;
        else spare[upper++] = i;
      }
      rows.set(spare.subarray(0, upper), lower);
      const left = tree.feature.length;
      tree.feature.push(-1, -1);
      tree.at.push(0, 0);
      tree.left.push(0, 0);
      tree.value.push(0, 0);
      tree.feature[leaf.node] = feature;
      tree.at[leaf.node] = at;
      tree.left[leaf.node] = left;
      const depth = leaf.depth + 1;
      const [gr, hr] = [leaf.g - leaf.split!.g, leaf.h - leaf.split!.h];
      // Of the smaller side the rows are counted, the other is what remains; neither where no split can follow.
      const more = leaves.length + 2 < settings.leaves;
      const [leftOpen, rightOpen] = [more && canSplit(depth, leaf.split!.h), more && canSplit(depth, hr)];
      const leftSmaller = lower - leaf.from <= leaf.to - lower;
      const [smallOpen, largeOpen] = leftSmaller ? [leftOpen, rightOpen] : [rightOpen, leftOpen];
      const small = smallOpen || largeOpen ? (leftSmaller ? histogramOf(leaf.from, lower) : histogramOf(lower, leaf.to)) : undefined; // biome-ignore format: one choice
      const large = largeOpen ? leaf.histogram : undefined;
      if (small && large)
        for (const f of used) for (let e = offset[f]! * 2; e < offset[f + 1]! * 2; e++) large[e]! -= small[e]!;
      const counted = smallOpen ? small : undefined;
      leaves.push(leafAt(left, depth, leaf.from, lower, leaf.split!.g, leaf.split!.h, leftSmaller ? counted : large));
      leaves.push(leafAt(left + 1, depth, lower, leaf.to, gr, hr, leftSmaller ? large : counted));
    }
    return tree;
  };
}

/** The split with the largest gain G_L^2/(H_L + l) + G_R^2/(H_R + l) - G^2/(H + l), if any gains. */
function bestSplit(
  { features }: Binned,
  offset: Int32Array,
  used: readonly number[],
  histogram: Float64Array,
  g: number,
  h: number,
  { lambda, leastWeight }: GrowSettings,
): Split | undefined {
  const whole = (g * g) / (h + lambda);
  let best = 1e-9;
  let feature = -1;
  let at = 0;
  let leftG = 0;
  let leftH = 0;
  for (const f of used) {
    const base = offset[f]! * 2;
    const quantity = features[f]!.kind === 'quantity';
    const bins = offset[f + 1]! - offset[f]! - (quantity ? 1 : 0);
    let gl = 0;
    let hl = 0;
    for (let b = 0; b < bins; b++) {
      const gb = histogram[base + b * 2]!;
      const hb = histogram[base + b * 2 + 1]!;
      gl = quantity ? gl + gb : gb;
      hl = quantity ? hl + hb : hb;
      const hr = h - hl;
      if (hl < leastWeight || hr < leastWeight) continue;
      const gr = g - gl;
      const gain = (gl * gl) / (hl + lambda) + (gr * gr) / (hr + lambda) - whole;
      if (gain <= best) continue;
      best = gain;
      feature = f;
      at = b;
      leftG = gl;
      leftH = hl;
    }
  }
  return feature < 0 ? undefined : { gain: best, feature, at, g: leftG, h: leftH };
}
