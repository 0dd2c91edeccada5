import { type NetworkShape, type NetworkWeights, type WeightName, weightNames, weightShape } from './network.ts';
import type { Tensor, Tensor2D, Tensor3D, TensorFlow } from './tf.ts';

/** Rows of one step, as TensorFlow.js takes them. */
export interface Batch {
  readonly rows: number;
  /** rows x inputs */
  readonly x: Float32Array;
  /** rows x bins x covariates */
  readonly q: Float32Array;
  /** rows x bins: exposure w, 1 for every bin survived or died in, the fraction for the bin of censoring, 0 after. */
  readonly exposure: Float32Array;
  /** rows x bins x causes: one-hot of the event. */
  readonly event: Float32Array;
  /** Inverted dropout masks, rows x (members * width), or undefined for none. */
  readonly mask1?: Float32Array;
  readonly mask2?: Float32Array;
}

type Tensors = { readonly [K in WeightName]: Tensor };

/** Weights as tensors; the caller disposes (or tidies). */
export function toTensors(tf: TensorFlow, weights: NetworkWeights, shape: NetworkShape): Tensors {
  return Object.fromEntries(
    weightNames.map((name) => [name, tf.tensor(weights[name], weightShape(name, shape) as number[])]),
  ) as unknown as Tensors;
}

/**
 * The same forward pass in the plainest terms: the definition that the fast one and its gradient are held to, and what
 * TensorFlow.js differentiates by itself in tests.
 * @returns mean over members and rows of sum_b w_b log(1 + sum_c e^z_bc) - sum_bc y_bc z_bc, a scalar
 */
export function plainLoss(tf: TensorFlow, w: Tensors, s: NetworkShape, batch: Batch): Tensor {
  const B = batch.rows;
  const x = tf.tensor3d(batch.x, [1, B, s.inputs]);
  const q = tf.tensor2d(batch.q, [B * s.bins, s.covariates]);
  const exposure = tf.tensor(batch.exposure, [1, B, s.bins]);
  const event = tf.tensor(batch.event, [1, B, s.bins, s.causes]);
  const drop = (t: Tensor, mask: Float32Array | undefined) =>
    mask ? tf.mul(t, tf.transpose(tf.tensor(mask, [B, s.members, s.width]), [1, 0, 2])) : t;
  const h0 = tf.mul(x, tf.expandDims(w.scale, 1));
  const flat = (t: Tensor, width: number) => tf.reshape(t, [s.members * B, width]) as Tensor2D;
  const stacked = (t: Tensor) => tf.reshape(t, [s.members, B, s.width]);
  const h1 = drop(stacked(tf.relu(tf.add(tf.matMul(flat(h0, s.inputs), w.w1 as Tensor2D), w.b1))), batch.mask1);
  const h2 = drop(stacked(tf.relu(tf.add(tf.matMul(flat(h1, s.width), w.w2 as Tensor2D), w.b2))), batch.mask2);
  const z0 = tf.add(tf.matMul(h2 as Tensor3D, w.head as Tensor3D), tf.expandDims(w.headBias, 1));
  const g = tf.reshape(tf.matMul(q, w.gamma as Tensor2D), [1, B, s.bins, s.causes]);
  const z = tf.add(tf.reshape(z0, [s.members, B, s.bins, s.causes]), g);
  const open = tf.log(tf.add(1, tf.sum(tf.exp(z), -1)));
  return tf.div(tf.sub(tf.sum(tf.mul(open, exposure)), tf.sum(tf.mul(z, event))), s.members * B);
}

export interface LossAndGradient {
  readonly loss: number;
  readonly gradient: NetworkWeights;
}

/**
 * Loss and its gradient in TensorFlow.js operations only, arranged for what its WebAssembly backend is good at:
 * transposes before `matMul` instead of its flags, one wide first product for all members (x times the stacked R_i * W1),
 * one product a member for the heads (its batched product is five times slower), products with ones instead of
 * reductions over the first axis. Equal to `plainLoss` and its automatic gradient to 1e-5 (tests/models/network.test.ts).
 */
export function lossAndGradient(
  tf: TensorFlow,
  weights: NetworkWeights,
  s: NetworkShape,
  batch: Batch,
): LossAndGradient {
  const { rows: B } = batch;
  const { members: k, width: h, inputs: d, bins: K, causes: C } = s;
  const M = K * C;
  const answer = tf.tidy(() => {
    const w = toTensors(tf, weights, s);
    const x = tf.tensor2d(batch.x, [B, d]);
    const q = tf.tensor2d(batch.q, [B * K, s.covariates]);
    const mask1 = batch.mask1 ? tf.tensor2d(batch.mask1, [B, k * h]) : undefined;
    const mask2 = batch.mask2 ? tf.tensor2d(batch.mask2, [B * k, h]) : undefined;
    const onesB = tf.ones([1, B]) as Tensor2D;

    // Forward.
    const scale = tf.reshape(tf.transpose(w.scale as Tensor2D), [d, k, 1]);
    const wide = tf.reshape(tf.mul(scale, tf.expandDims(w.w1, 1)), [d, k * h]) as Tensor2D;
    const bias1 = tf.tile(w.b1, [k]);
    const a1 = tf.fused.matMul({ a: x, b: wide, bias: bias1, activation: 'relu' });
    const h1 = mask1 ? tf.mul(a1, mask1) : a1;
    const h1Rows = tf.reshape(h1, [B * k, h]) as Tensor2D;
    const a2 = tf.fused.matMul({ a: h1Rows, b: w.w2 as Tensor2D, bias: w.b2, activation: 'relu' });
    const h2 = mask2 ? tf.mul(a2, mask2) : a2;
    const h2Members = tf.unstack(tf.transpose(tf.reshape(h2, [B, k, h]), [1, 0, 2])) as Tensor2D[];
    const heads = tf.unstack(w.head) as Tensor2D[];
    const z0 = tf.add(tf.stack(h2Members.map((m, i) => tf.matMul(m, heads[i]!))), tf.expandDims(w.headBias, 1));
    const g = tf.reshape(tf.matMul(q, w.gamma as Tensor2D), [1, B, M]);
    const z = tf.reshape(tf.add(z0, g), [k, B * K, C]);
    const e = tf.exp(z);
    const total = tf.add(tf.sum(e, -1, true), 1);
    const exposure = tf.reshape(tf.tensor1d(batch.exposure), [1, B * K, 1]);
    const event = tf.reshape(tf.tensor1d(batch.event), [1, B * K, C]);
    const loss = tf.div(tf.sub(tf.sum(tf.mul(tf.log(total), exposure)), tf.sum(tf.mul(z, event))), k * B);

    // Backward.
    const dz = tf.div(tf.sub(tf.mul(tf.div(e, total), exposure), event), k * B);
    const dzMembers = tf.unstack(tf.reshape(dz, [k, B, M])) as Tensor2D[];
    const dzShared = tf.reshape(tf.matMul(tf.ones([1, k]), tf.reshape(dz, [k, B * M]) as Tensor2D), [B * K, C]);
    const gamma = tf.matMul(tf.transpose(q), dzShared as Tensor2D);
    const headBias = tf.concat(dzMembers.map((m) => tf.matMul(onesB, m)));
    const head = tf.stack(dzMembers.map((m, i) => tf.matMul(tf.transpose(h2Members[i]!), m)));
    const dh2Members = tf.stack(dzMembers.map((m, i) => tf.matMul(m, tf.transpose(heads[i]!))));
    const dh2 = tf.reshape(tf.transpose(dh2Members, [1, 0, 2]), [B * k, h]);
    const da2 = tf.mul(mask2 ? tf.mul(dh2, mask2) : dh2, tf.step(a2)) as Tensor2D;
    const w2 = tf.matMul(tf.transpose(h1Rows), da2);
    const b2 = tf.matMul(tf.ones([1, B * k]) as Tensor2D, da2);
    const dh1 = tf.reshape(tf.matMul(da2, tf.transpose(w.w2 as Tensor2D)), [B, k * h]);
    const da1 = tf.mul(mask1 ? tf.mul(dh1, mask1) : dh1, tf.step(a1)) as Tensor2D;
    const dWide = tf.matMul(tf.transpose(x), da1);
    const b1 = tf.matMul(tf.ones([1, k]) as Tensor2D, tf.reshape(tf.matMul(onesB, da1), [k, h]) as Tensor2D);
    return { loss, dWide, b1, w2, b2, head, headBias, gamma };
  });
  const read = (tensor: Tensor) => tensor.dataSync() as Float32Array;
  const gradient: NetworkWeights = {
    ...unstackFirst(read(answer.dWide), weights, s),
    b1: read(answer.b1),
    w2: read(answer.w2),
    b2: read(answer.b2),
    head: read(answer.head),
    headBias: read(answer.headBias),
    gamma: read(answer.gamma),
  };
  const loss = answer.loss.dataSync()[0]!;
  tf.dispose(answer);
  return { loss, gradient };
}

/** From the gradient of the stacked R_i * W1 (inputs x members * width) to those of R and W1: one pass, memory bound. */
function unstackFirst(dWide: Float32Array, weights: NetworkWeights, s: NetworkShape) {
  const scale = new Float32Array(weights.scale.length);
  const w1 = new Float32Array(weights.w1.length);
  for (let j = 0, at = 0; j < s.inputs; j++) {
    const row = j * s.width;
    for (let m = 0; m < s.members; m++) {
      const r = weights.scale[m * s.inputs + j]!;
      let sum = 0;
      for (let u = 0; u < s.width; u++, at++) {
        const g = dWide[at]!;
        sum += g * weights.w1[row + u]!;
        w1[row + u]! += g * r;
      }
      scale[m * s.inputs + j] = sum;
    }
  }
  return { scale, w1 };
}

/**
 * Probabilities of the ensemble: per bin the mean over members of softmax([0, z_b1 .. z_bC]).
 * @returns rows x bins x (causes + 1), row-major; index 0 = still open
 */
export function predictTensors(
  tf: TensorFlow,
  weights: NetworkWeights,
  s: NetworkShape,
  x: Float32Array,
  q: Float32Array,
): Float32Array {
  const B = x.length / s.inputs;
  const { members: k, width: h, inputs: d, bins: K, causes: C } = s;
  const probabilities = tf.tidy(() => {
    const w = toTensors(tf, weights, s);
    const scale = tf.reshape(tf.transpose(w.scale as Tensor2D), [d, k, 1]);
    const wide = tf.reshape(tf.mul(scale, tf.expandDims(w.w1, 1)), [d, k * h]) as Tensor2D;
    const h1 = tf.fused.matMul({ a: tf.tensor2d(x, [B, d]), b: wide, bias: tf.tile(w.b1, [k]), activation: 'relu' });
    const h1Rows = tf.reshape(h1, [B * k, h]) as Tensor2D;
    const h2 = tf.fused.matMul({ a: h1Rows, b: w.w2 as Tensor2D, bias: w.b2, activation: 'relu' });
    const h2Members = tf.unstack(tf.transpose(tf.reshape(h2, [B, k, h]), [1, 0, 2])) as Tensor2D[];
    const heads = tf.unstack(w.head) as Tensor2D[];
    const z0 = tf.add(tf.stack(h2Members.map((m, i) => tf.matMul(m, heads[i]!))), tf.expandDims(w.headBias, 1));
    const g = tf.reshape(tf.matMul(tf.tensor2d(q, [B * K, s.covariates]), w.gamma as Tensor2D), [1, B, K * C]);
    const e = tf.exp(tf.reshape(tf.add(z0, g), [k, B * K, C]));
    const withOpen = tf.concat([tf.ones([k, B * K, 1]), e], 2);
    const p = tf.div(withOpen, tf.sum(withOpen, -1, true));
    return tf.matMul(tf.fill([1, k], 1 / k) as Tensor2D, tf.reshape(p, [k, B * K * (C + 1)]) as Tensor2D);
  });
  const out = probabilities.dataSync().slice() as Float32Array;
  probabilities.dispose();
  return out;
}
