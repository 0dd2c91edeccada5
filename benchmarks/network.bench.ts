import { hazards, place } from '../models/hazards.ts';
import { networkTrainer } from '../models/kernel/networkTrainer.ts';
import { initialWeights, type NetworkShape } from '../models/network.ts';
import { tensorTargets } from '../models/networkFit.ts';
import { type Batch, lossAndGradient } from '../models/networkGradient.ts';
import { tensorflow } from '../models/tf.ts';
import { random } from '../src/random.ts';
import { type Bench, compare, ratioOf } from './measure.ts';

/** As profile `default` on a company: 194 features as thermometers of 6 columns. */
const FEATURES = 194;
const COLUMNS = 6;
const SHAPE: NetworkShape = { inputs: FEATURES * COLUMNS, members: 8, width: 64, bins: 14, causes: 2, covariates: 2 };
const ROWS = 256;

/** One step of training a network: loss and gradient of a batch. */
export const network: Bench = {
  name: 'network',
  says: `loss and gradient of ${ROWS} rows, ${SHAPE.members} members of ${SHAPE.width} units, ${SHAPE.inputs.toLocaleString('en')} inputs: WebAssembly SIMD against TensorFlow.js (WebAssembly), which give the same within 1e-5`,
  async run() {
    const source = Array.from({ length: SHAPE.inputs }, (_, j) => Math.floor(j / COLUMNS));
    const trainer = networkTrainer(SHAPE, source, ROWS);
    if (!trainer) return { name: 'network', says: network.says, skipped: 'this Node has no WebAssembly SIMD' };
    const { tf } = await tensorflow('wasm');
    const weights = initialWeights(SHAPE, source, random(1));
    const batch = batchOf(SHAPE);
    const [ours, theirs] = [trainer.lossAndGradient(weights, batch), lossAndGradient(tf, weights, SHAPE, batch)];
    const gap = ours.gradient.w1.reduce((most, g, i) => Math.max(most, Math.abs(g - theirs.gradient.w1[i]!)), 0);
    if (!(Math.abs(ours.loss - theirs.loss) < 1e-5 && gap < 1e-5))
      throw new Error(`the two ways differ: loss ${ours.loss} and ${theirs.loss}, gradient by ${gap}`);
    const timings = await compare(
      () => void trainer.lossAndGradient(weights, batch),
      () => void lossAndGradient(tf, weights, SHAPE, batch),
      ROWS,
    );
    return ratioOf(network, timings, { ours: 'the kernel, by the row', other: 'TensorFlow.js, by the row' });
  },
};

function batchOf(s: NetworkShape): Batch {
  const draw = random(2);
  const x = new Float32Array(ROWS * s.inputs);
  for (let at = 0; at < x.length; at += COLUMNS) {
    const where = draw.uniform() * COLUMNS;
    for (let k = 0; k < COLUMNS; k++) x[at + k] = Math.min(Math.max(where - k, 0), 1);
  }
  const edges = Array.from({ length: s.bins + 1 }, (_, b) => b * 20);
  const days = Float64Array.from({ length: ROWS }, () => draw.uniform() * 300);
  const cause = Uint8Array.from({ length: ROWS }, () => draw.below(3));
  const size = ROWS * s.members * s.width;
  const mask = () => Float32Array.from({ length: size }, () => (draw.uniform() < 0.1 ? 0 : 1 / 0.9));
  return {
    rows: ROWS,
    x,
    q: Float32Array.from({ length: ROWS * s.bins * s.covariates }, () => draw.uniform()),
    ...tensorTargets(place(hazards(edges, s.causes), days, cause), s),
    mask1: mask(),
    mask2: mask(),
  };
}
