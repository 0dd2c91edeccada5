import type { Hazards } from './hazards.ts';
import { firstLayer, forwardMember, memberPass, type PreparedNetwork, sharedLogits } from './kernel/network.ts';
import { binClock, linearLogits } from './linearHazards.ts';
import type { PartOf } from './parts.ts';

/** Bins, causes, inputs of a model: the sizes of what is walked. */
export interface PathSizes {
  readonly bins: number;
  readonly causes: number;
  readonly inputs: number;
  /** Covariates of a bin. */
  readonly covariates: number;
}

/** One part of a model along the straight path between two encoded rows: forward and backward at any point of it. */
export interface PathPart {
  /** Adds its weighted probabilities at share `a` of the way, bins x (causes + 1); keeps what `backward` needs. */
  forward(a: number, q: Float32Array, p: Float64Array): void;
  /** Takes in d score / d u_bc (c >= 1) at the last point; adds d score / d q to `dQ`. */
  backward(dU: Float64Array, dQ: Float64Array): void;
  /** Sum over the points walked of d score / d x_j. */
  slope(j: number): number;
}

/** d score / d logits of a softmax a bin, times the part's weight there and `share`. */
export function intoLogits(
  p: Float64Array,
  dU: Float64Array,
  byBin: Float64Array,
  share: number,
  s: PathSizes,
  dz: Float64Array,
): void {
  // biome-ignore format: one signature
  const { causes } = s;
  const width = causes + 1;
  for (let b = 0; b < s.bins; b++) {
    let mean = 0;
    for (let j = 0; j < causes; j++) mean += dU[b * causes + j]! * p[b * width + j + 1]!;
    for (let c = 0; c < causes; c++)
      dz[b * causes + c] = byBin[b]! * share * p[b * width + c + 1]! * (dU[b * causes + c]! - mean);
  }
}

function intoCovariates(dz: Float64Array, gamma: ArrayLike<number>, s: PathSizes, dQ: Float64Array): void {
  for (let b = 0; b < s.bins; b++)
    for (let k = 0; k < s.covariates; k++)
      for (let c = 0; c < s.causes; c++) dQ[b * s.covariates + k]! += dz[b * s.causes + c]! * gamma[k * s.causes + c]!;
}

/** The base rate: nothing depends on the row. */
export function constantPath({ p: own, byBin }: PartOf<'constant'>, { causes }: PathSizes): PathPart {
  return {
    forward: (_, __, p) => {
      for (let e = 0; e < p.length; e++) p[e]! += byBin[Math.floor(e / (causes + 1))]! * own[e]!;
    },
    backward: () => {},
    slope: () => 0,
  };
}

/** A ridge: its score is linear along the path. */
export function linearPath(
  part: PartOf<'linear'>,
  s: PathSizes,
  grid: Hazards,
  from: Float32Array,
  to: Float32Array,
): PathPart {
  const { model, byBin } = part;
  const { bins, causes, inputs } = s;
  const width = causes + 1;
  const tilted = model.tilt.length > 0;
  const clock = binClock(grid.edges);
  const score0 = linearLogits(model, { rows: 1, inputs, x: from, grid });
  const score1 = linearLogits(model, { rows: 1, inputs, x: to, grid });
  const shared = new Float64Array(bins * causes);
  const own = new Float64Array(bins * width);
  const dz = new Float64Array(bins * causes);
  const dScore = new Float64Array(causes);
  const dChange = new Float64Array(causes);
  return {
    forward: (a, q, p) => {
      sharedLogits(model.gamma, q, bins, causes, shared);
      for (let b = 0; b < bins; b++) {
        let sum = 1;
        for (let c = 0; c < causes; c++) {
          const e = b * causes + c;
          const z = score0[e]! + a * (score1[e]! - score0[e]!) + shared[e]!;
          sum += own[b * width + c + 1] = Math.exp(Math.min(z, 500));
        }
        own[b * width] = 1;
        for (let c = 0; c < width; c++) p[b * width + c]! += byBin[b]! * (own[b * width + c]! /= sum);
      }
    },
    backward: (dU, dQ) => {
      intoLogits(own, dU, byBin, 1, s, dz);
      intoCovariates(dz, model.gamma, s, dQ);
      for (let b = 0; b < bins; b++)
        for (let c = 0; c < causes; c++) {
          dScore[c]! += dz[b * causes + c]!;
          dChange[c]! += clock[b]! * dz[b * causes + c]!;
        }
    },
    slope: (j) => {
      let slope = 0;
      for (let c = 0; c < causes; c++) {
        slope += model.beta[j * causes + c]! * dScore[c]!;
        if (tilted) slope += model.tilt[j * causes + c]! * dChange[c]!;
      }
      return slope;
    },
  };
}

/** The network: its first layer is linear along the path, so it is evaluated at the two ends only. */
export function networkPath(
  { byBin }: PartOf<'network'>,
  network: PreparedNetwork,
  s: PathSizes,
  from: Float32Array,
  to: Float32Array,
): PathPart {
  const { bins, causes, inputs } = s;
  const { members, width: units } = network.shape;
  const { head, w2, gamma } = network.weights;
  const hidden = members * units;
  const outputs = bins * causes;
  const cells = bins * (causes + 1);
  const first0 = new Float64Array(hidden);
  const first1 = new Float64Array(hidden);
  firstLayer(network, from, first0);
  let differ = 0;
  for (let j = 0; j < inputs; j++) if (to[j] !== from[j]) differ++;
  if (differ * 3 > inputs) firstLayer(network, to, first1);
  else {
    // Two rows of one record differ in little: only that is added.
    first1.set(first0);
    for (let j = 0; j < inputs; j++) {
      const apart = to[j]! - from[j]!;
      if (apart === 0) continue;
      for (let m = 0; m < members; m++) {
        const at = (m * inputs + j) * units;
        for (let u = 0; u < units; u++) first1[m * units + u]! += apart * network.wide[at + u]!;
      }
    }
  }
  const first = new Float64Array(hidden);
  const shared = new Float64Array(outputs);
  const passes = Array.from({ length: members }, () => memberPass(network.shape));
  const dFirst = new Float64Array(hidden);
  const dz = new Float64Array(outputs);
  const d2 = new Float64Array(units);
  return {
    forward: (a, q, p) => {
      for (let u = 0; u < hidden; u++) first[u] = first0[u]! + a * (first1[u]! - first0[u]!);
      sharedLogits(gamma, q, bins, causes, shared);
      for (let m = 0; m < members; m++) {
        forwardMember(network, m, first, shared, passes[m]!);
        for (let e = 0; e < cells; e++) p[e]! += (byBin[Math.floor(e / (causes + 1))]! / members) * passes[m]!.p[e]!;
      }
    },
    backward: (dU, dQ) => {
      for (let m = 0; m < members; m++) {
        const pass = passes[m]!;
        intoLogits(pass.p, dU, byBin, 1 / members, s, dz);
        intoCovariates(dz, gamma, s, dQ);
        for (let v = 0; v < units; v++) {
          d2[v] = 0;
          if (pass.h2[v]! <= 0) continue;
          const at = (m * units + v) * outputs;
          for (let o = 0; o < outputs; o++) d2[v]! += head[at + o]! * dz[o]!;
        }
        for (let u = 0; u < units; u++) {
          if (pass.h1[u]! <= 0) continue;
          let sum = 0;
          for (let v = 0; v < units; v++) sum += w2[u * units + v]! * d2[v]!;
          dFirst[m * units + u]! += sum;
        }
      }
    },
    slope: (j) => {
      let slope = 0;
      for (let m = 0; m < members; m++) {
        const start = (m * inputs + j) * units;
        for (let u = 0; u < units; u++) slope += network.wide[start + u]! * dFirst[m * units + u]!;
      }
      return slope;
    },
  };
}
