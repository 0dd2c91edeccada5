import type { Random } from '../src/random.ts';

/** Shape of the trunk and its head. A classifier is the case of one bin and one cause. */
export interface NetworkShape {
  /** Encoded columns. */
  readonly inputs: number;
  /** Ensemble members k. */
  readonly members: number;
  readonly width: number;
  readonly bins: number;
  readonly causes: number;
  /** Covariates of a bin, shared over members (`binCovariates.ts`). */
  readonly covariates: number;
}

/**
 * TabM-mini (Gorishniy et al., TabM, ICLR 2025): k members that share everything except the first scaling and the head.
 *
 *     h1_i = relu((x * R_i) W1 + b1),  h2_i = relu(h1_i W2 + b2),  z_i[b, c] = h2_i O_i[:, b, c] + o_i[b, c] + q_b gamma_c
 *
 * All arrays are float32, row-major, with these shapes:
 */
export interface NetworkWeights {
  /** members x inputs */
  readonly scale: Float32Array;
  /** inputs x width */
  readonly w1: Float32Array;
  readonly b1: Float32Array;
  /** width x width */
  readonly w2: Float32Array;
  readonly b2: Float32Array;
  /** members x width x (bins * causes) */
  readonly head: Float32Array;
  /** members x (bins * causes) */
  readonly headBias: Float32Array;
  /** covariates x causes */
  readonly gamma: Float32Array;
}
export type WeightName = keyof NetworkWeights;
export const weightNames: readonly WeightName[] = ['scale', 'w1', 'b1', 'w2', 'b2', 'head', 'headBias', 'gamma'];

export function weightShape(name: WeightName, s: NetworkShape): readonly number[] {
  const outputs = s.bins * s.causes;
  switch (name) {
    case 'scale':
      return [s.members, s.inputs];
    case 'w1':
      return [s.inputs, s.width];
    case 'b1':
    case 'b2':
      return [s.width];
    case 'w2':
      return [s.width, s.width];
    case 'head':
      return [s.members, s.width, outputs];
    case 'headBias':
      return [s.members, outputs];
    case 'gamma':
      return [s.covariates, s.causes];
  }
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/**
 * Initial weights: W, b and O uniform on +-1/sqrt(fan in); one N(0, 1) scale per member and *source* feature, repeated
 * over that feature's columns; hazards start low (bias -3), since in most bins nothing happens, or at a given start.
 * @param source source feature of each encoded column
 * @param start bins x causes, covariates x causes
 */
export function initialWeights(
  shape: NetworkShape,
  source: readonly number[],
  random: Random,
  start?: { readonly intercept: Float64Array; readonly gamma: Float64Array },
): NetworkWeights {
  const uniform = (size: number, fanIn: number, centre = 0) => {
    const bound = 1 / Math.sqrt(fanIn);
    return Float32Array.from({ length: size }, () => centre + (random.uniform() * 2 - 1) * bound);
  };
  const features = (source.at(-1) ?? -1) + 1;
  const scale = new Float32Array(shape.members * shape.inputs);
  for (let m = 0; m < shape.members; m++) {
    const draws = Array.from({ length: features }, () => random.normal());
    source.forEach((feature, j) => {
      scale[m * shape.inputs + j] = draws[feature]!;
    });
  }
  const size = (name: WeightName) => sizeOf(weightShape(name, shape));
  return {
    scale,
    w1: uniform(size('w1'), shape.inputs),
    b1: uniform(size('b1'), shape.inputs),
    w2: uniform(size('w2'), shape.width),
    b2: uniform(size('b2'), shape.width),
    head: uniform(size('head'), shape.width),
    headBias: start
      ? uniform(size('headBias'), shape.width).map((v, i) => v + start.intercept[i % start.intercept.length]!)
      : uniform(size('headBias'), shape.width, -3),
    gamma: start ? Float32Array.from(start.gamma) : new Float32Array(size('gamma')),
  };
}

export function copyWeights(weights: NetworkWeights): NetworkWeights {
  return Object.fromEntries(weightNames.map((name) => [name, weights[name].slice()])) as unknown as NetworkWeights;
}
