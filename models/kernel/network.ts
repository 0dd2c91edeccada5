import type { NetworkShape, NetworkWeights } from '../network.ts';

/**
 * The network on plain typed arrays, a row at a time: what serving runs, and the oracle of every faster form.
 * Prepared once at load: `wide` holds R_i * W1 for each member, so a row costs one pass over its non-zero inputs.
 */
export interface PreparedNetwork {
  readonly shape: NetworkShape;
  readonly weights: NetworkWeights;
  /** members x inputs x width */
  readonly wide: Float32Array;
}

export function prepareNetwork(shape: NetworkShape, weights: NetworkWeights): PreparedNetwork {
  const { members, inputs, width } = shape;
  const wide = new Float32Array(members * inputs * width);
  for (let m = 0, at = 0; m < members; m++) {
    for (let j = 0; j < inputs; j++) {
      const r = weights.scale[m * inputs + j]!;
      for (let u = 0; u < width; u++, at++) wide[at] = r * weights.w1[j * width + u]!;
    }
  }
  return { shape, weights, wide };
}

/** First-layer sums before the bias's relu: b1 + x (R_i * W1), members x width. */
export function firstLayer(net: PreparedNetwork, x: Float32Array, out: Float64Array): void {
  const { members, inputs, width } = net.shape;
  for (let m = 0; m < members; m++) {
    const to = m * width;
    for (let u = 0; u < width; u++) out[to + u] = net.weights.b1[u]!;
    for (let j = 0; j < inputs; j++) {
      const value = x[j]!;
      if (value === 0) continue;
      const from = (m * inputs + j) * width;
      for (let u = 0; u < width; u++) out[to + u]! += value * net.wide[from + u]!;
    }
  }
}

/** Everything above the first layer, for one member. Buffers are reused between calls. */
export interface MemberPass {
  readonly h1: Float64Array;
  readonly h2: Float64Array;
  /** bins x (causes + 1) */
  readonly p: Float64Array;
}

export function memberPass(shape: NetworkShape): MemberPass {
  return {
    h1: new Float64Array(shape.width),
    h2: new Float64Array(shape.width),
    p: new Float64Array(shape.bins * (shape.causes + 1)),
  };
}

/**
 * Probabilities of member `m` from its first-layer sums.
 * @param shared q_b gamma, bins x causes, the same for all members
 */
export function forwardMember(
  net: PreparedNetwork,
  m: number,
  first: Float64Array,
  shared: Float64Array,
  pass: MemberPass,
) {
  const { width, bins, causes } = net.shape;
  const { w2, b2, head, headBias } = net.weights;
  const { h1, h2, p } = pass;
  for (let u = 0; u < width; u++) h1[u] = Math.max(first[m * width + u]!, 0);
  for (let v = 0; v < width; v++) h2[v] = b2[v]!;
  for (let u = 0; u < width; u++) {
    const value = h1[u]!;
    if (value === 0) continue;
    for (let v = 0; v < width; v++) h2[v]! += value * w2[u * width + v]!;
  }
  const outputs = bins * causes;
  for (let v = 0; v < width; v++) if (h2[v]! < 0) h2[v] = 0;
  for (let b = 0; b < bins; b++) {
    const cell = b * (causes + 1);
    let max = 0;
    for (let c = 0; c < causes; c++) {
      const o = b * causes + c;
      let z = headBias[m * outputs + o]! + shared[o]!;
      for (let v = 0; v < width; v++) z += h2[v]! * head[(m * width + v) * outputs + o]!;
      p[cell + c + 1] = z;
      if (z > max) max = z;
    }
    let sum = (p[cell] = Math.exp(-max));
    for (let c = 1; c <= causes; c++) sum += p[cell + c] = Math.exp(p[cell + c]! - max);
    for (let c = 0; c <= causes; c++) p[cell + c]! /= sum;
  }
}

/** q_b gamma_c, bins x causes. */
export function sharedLogits(
  gamma: ArrayLike<number>,
  q: ArrayLike<number>,
  bins: number,
  causes: number,
  out: Float64Array,
) {
  const covariates = gamma.length / causes;
  for (let b = 0; b < bins; b++) {
    for (let c = 0; c < causes; c++) {
      let z = 0;
      for (let k = 0; k < covariates; k++) z += q[b * covariates + k]! * gamma[k * causes + c]!;
      out[b * causes + c] = z;
    }
  }
}

/**
 * Probabilities of rows: rows x bins x (causes + 1), added to `out` times `weight`.
 * @param x rows x inputs · @param q rows x bins x covariates
 */
export function forwardNetwork(
  net: PreparedNetwork,
  x: Float32Array,
  q: Float32Array,
  weight: number,
  out: Float64Array,
): void {
  const { members, inputs, bins, causes, covariates } = net.shape;
  const rows = x.length / inputs;
  const cells = bins * (causes + 1);
  const first = new Float64Array(members * net.shape.width);
  const shared = new Float64Array(bins * causes);
  const pass = memberPass(net.shape);
  for (let i = 0; i < rows; i++) {
    firstLayer(net, x.subarray(i * inputs, (i + 1) * inputs), first);
    sharedLogits(
      net.weights.gamma,
      q.subarray(i * bins * covariates, (i + 1) * bins * covariates),
      bins,
      causes,
      shared,
    );
    for (let m = 0; m < members; m++) {
      forwardMember(net, m, first, shared, pass);
      for (let e = 0; e < cells; e++) out[i * cells + e]! += (weight / members) * pass.p[e]!;
    }
  }
}
