import { ForesellError } from '../src/errors.ts';
import { random } from '../src/random.ts';
import { type Hazards, nllOfProbabilities, type Placed } from './hazards.ts';
import { hasKernel, type NetworkTrainer, networkTrainer } from './kernel/networkTrainer.ts';
import { copyWeights, initialWeights, type NetworkShape, type NetworkWeights, weightNames } from './network.ts';
import { type Batch, lossAndGradient, predictTensors } from './networkGradient.ts';
import { tensorflow } from './tf.ts';

/** How long and how wide: the profiles of `training/profiles.ts` fill this in. */
export interface NetworkSettings {
  /**
   * Who works out losses and gradients: the kernel (`kernel/networkTrainer.ts`; absent = it), or TensorFlow.js, to which it is
   * held and which steps in where there is no WebAssembly SIMD.
   */
  readonly trainer?: 'kernel' | 'tfjs';
  readonly members: number;
  readonly width: number;
  readonly dropout: number;
  readonly learningRate: number;
  /** Decoupled weight decay, on W1 and W2 only. */
  readonly decay: number;
  readonly batch: number;
  readonly epochs: number;
  /** Epochs without improvement before stopping. */
  readonly patience: number;
  /**
   * Most rows of one epoch: of more, each epoch draws so many anew. What a large company's epoch costs, and how often it
   * may stop, is then that of a small one. Absent: all rows.
   */
  readonly epochRows?: number;
  /**
   * How much of the running mean of the weights stays at each step, below 1: that mean is judged and kept instead of the last
   * step's weights (`runningMean`). Absent: the last step's.
   */
  readonly averaging?: number;
  /** How much of the target is what a teacher says (`HazardRows.taught`), 0 to 1; 0 unless said. */
  readonly teacherShare?: number;
}

/** Where head biases and the weights of bin covariates start: hazards without inputs, which a linear fit finds at once. */
export interface NetworkStart {
  /** bins x causes */
  readonly intercept: Float64Array;
  /** covariates x causes */
  readonly gamma: Float64Array;
}

/** Encoded rows and what became of them. */
export interface HazardRows {
  readonly rows: number;
  readonly inputs: number;
  /** rows x inputs */
  readonly x: Float32Array;
  /** rows x bins x covariates */
  readonly q: Float32Array;
  readonly grid: Hazards;
  readonly placed: Placed;
  /** Probability of each cause in each bin by a teacher that had not seen the row: rows x bins x causes. */
  readonly taught?: Float32Array;
}

/** Some of the rows, copied; `shared`: into memory that another thread can be handed without a copy. */
export function takeHazardRows(data: HazardRows, index: ArrayLike<number>, shared = false): HazardRows {
  const rows = index.length;
  const perRow = data.q.length / data.rows;
  const numbers = (n: number) => (shared ? new Float32Array(new SharedArrayBuffer(4 * n)) : new Float32Array(n));
  const x = numbers(rows * data.inputs);
  const q = numbers(rows * perRow);
  for (let r = 0; r < rows; r++) {
    const i = index[r]!;
    x.set(data.x.subarray(i * data.inputs, (i + 1) * data.inputs), r * data.inputs);
    q.set(data.q.subarray(i * perRow, (i + 1) * perRow), r * perRow);
  }
  const { taught } = data;
  if (!taught) return { ...data, rows, x, q, placed: takePlaced(data.placed, index) };
  const cells = taught.length / data.rows;
  const said = new Float32Array(rows * cells);
  for (let r = 0; r < rows; r++) said.set(taught.subarray(index[r]! * cells, (index[r]! + 1) * cells), r * cells);
  return { ...data, rows, x, q, placed: takePlaced(data.placed, index), taught: said };
}

export function takePlaced(placed: Placed, index: ArrayLike<number>): Placed {
  const rows = index.length;
  const bin = new Int32Array(rows);
  const fraction = new Float64Array(rows);
  const cause = new Uint8Array(rows);
  for (let r = 0; r < rows; r++) {
    bin[r] = placed.bin[index[r]!]!;
    fraction[r] = placed.fraction[index[r]!]!;
    cause[r] = placed.cause[index[r]!]!;
  }
  return { bin, fraction, cause };
}

export interface NetworkFit {
  readonly shape: NetworkShape;
  readonly weights: NetworkWeights;
  /** Epochs behind the weights kept: those of the best stop-block loss. */
  readonly epochs: number;
  /** Loss of the stop block after each epoch; empty where there was none. */
  readonly history: readonly number[];
}

export interface EpochReport {
  readonly epoch: number;
  readonly epochs: number;
  readonly loss: number;
  /** Ensemble log loss of the stop block; NaN without one. */
  readonly stopLoss: number;
}

/**
 * Trains the trunk with AdamW (Loshchilov and Hutter 2019), gradient norm clipped to 1, all members on the same batches.
 * With a `stop` block it stops early and keeps the best epoch; without, it runs `settings.epochs`.
 *
 * `start` matters where rows are few: a step moves a weight by no more than the learning rate, and a hundred steps from 0
 * left the push of a quarter's end at a fifth of what it is.
 *
 * Same data, settings and seed give the same weights from the same trainer. A loss or a gradient that is not finite stops
 * the training with `training-diverged`; nothing half trained is returned.
 */
export async function fitNetwork(
  train: HazardRows,
  stop: HazardRows | undefined,
  source: readonly number[],
  settings: NetworkSettings,
  seed: number,
  onEpoch: (report: EpochReport) => void = () => {},
  start?: NetworkStart,
): Promise<NetworkFit> {
  for (const part of [train, ...(stop ? [stop] : [])]) finite(part);
  const bins = train.grid.edges.length - 1;
  const { causes } = train.grid;
  const shape: NetworkShape = {
    inputs: train.inputs,
    members: settings.members,
    width: settings.width,
    bins,
    causes,
    covariates: train.q.length / (train.rows * bins),
  };
  const batchRows = Math.min(Math.max(Math.floor(train.rows / 8), 16), settings.batch);
  const trainer = await trainerOf(shape, source, batchRows, settings);
  const stream = random(seed);
  const weights = initialWeights(shape, source, stream.fork('weights'), start);
  const shuffle = stream.fork('shuffle');
  const dropout = dropoutStream(stream.fork('dropout').below(2 ** 31 - 1) + 1, settings.dropout);
  const optimizer = adamW(weights, settings);
  const mean = settings.averaging === undefined ? undefined : runningMean(weights, settings.averaging);
  const judged = mean?.weights ?? weights;
  const order = Int32Array.from({ length: train.rows }, (_, i) => i);
  const epochRows = Math.min(order.length, settings.epochRows ?? order.length);
  const history: number[] = [];
  let best = { loss: Number.POSITIVE_INFINITY, epoch: 0, weights };

  for (let epoch = 1; epoch <= settings.epochs; epoch++) {
    for (let i = order.length - 1; i > 0; i--) {
      const j = shuffle.below(i + 1);
      const swap = order[i]!;
      order[i] = order[j]!;
      order[j] = swap;
    }
    let total = 0;
    let steps = 0;
    for (let first = 0; first + Math.min(batchRows, 16) <= epochRows; first += batchRows) {
      const index = order.subarray(first, Math.min(first + batchRows, epochRows));
      const batch = gather(train, index, dropout, shape, settings.teacherShare ?? 0);
      const { loss, gradient } = trainer.lossAndGradient(weights, batch);
      if (!Number.isFinite(loss)) throw diverged(`loss ${loss}`, epoch);
      const norm = optimizer.step(gradient);
      if (!Number.isFinite(norm)) throw diverged(`gradient norm ${norm}`, epoch);
      mean?.add(weights);
      total += loss;
      steps++;
      // Hand the event loop back now and then: progress is drawn and signals are seen.
      if (steps % 16 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    let stopLoss = Number.NaN;
    if (stop) {
      stopLoss = ensembleLoss(trainer, judged, stop);
      if (!Number.isFinite(stopLoss)) throw diverged(`loss ${stopLoss} of the stop block`, epoch);
      history.push(stopLoss);
      if (stopLoss < best.loss - 1e-6) best = { loss: stopLoss, epoch, weights: copyWeights(judged) };
    }
    onEpoch({ epoch, epochs: settings.epochs, loss: total / Math.max(steps, 1), stopLoss });
    if (stop && epoch - best.epoch >= settings.patience) break;
  }
  return stop
    ? { shape, weights: best.weights, epochs: best.epoch, history }
    : { shape, weights: judged, epochs: settings.epochs, history };
}

const diverged = (what: string, epoch: number) =>
  new ForesellError(
    'training-diverged',
    `training diverged: ${what} in epoch ${epoch}; nothing was kept and the version that serves is unchanged; look for absurd values in the import's findings, then train again`,
    { blame: 'failure' },
  );

/** WebAssembly's relu turns NaN into 0: what is no number must not get that far. The encoder lets none through. */
function finite({ x, q, inputs }: HazardRows): void {
  for (const [name, values, width] of [
    ['input', x, inputs],
    ['covariate', q, 0],
  ] as const) {
    // biome-ignore format: one row each
    const at = values.findIndex((v) => !Number.isFinite(v));
    if (at < 0) continue;
    const where = width ? `row ${Math.floor(at / width)}, column ${at % width}` : `place ${at}`;
    throw new ForesellError('rows-not-finite', `${name} ${values[at]} at ${where}; expected finite numbers; encode the rows first`, { blame: 'failure' }); // biome-ignore format: one error
  }
}

/**
 * Losses and gradients of a shape: in WebAssembly SIMD, or where that is missing, not wanted, or its memory (4 GiB) does not
 * hold the shape, in TensorFlow.js.
 */
async function trainerOf(shape: NetworkShape, source: readonly number[], most: number, { trainer }: NetworkSettings) {
  const kernel = trainer === 'tfjs' ? undefined : networkTrainer(shape, source, most);
  if (kernel) return kernel;
  const { tf } = await tensorflow();
  return {
    lossAndGradient: (weights: NetworkWeights, batch: Batch) => lossAndGradient(tf, weights, shape, batch),
    probabilities: (weights: NetworkWeights, x: Float32Array, q: Float32Array) =>
      predictTensors(tf, weights, shape, x, q),
  } satisfies NetworkTrainer;
}

/** Who trains networks by these settings, of shapes that memory holds: `kernel`, or the backend of TensorFlow.js. */
export const trainedBy = async ({ trainer }: Pick<NetworkSettings, 'trainer'>): Promise<string> =>
  trainer !== 'tfjs' && hasKernel() ? 'kernel' : (await tensorflow()).backend;

function ensembleLoss(trainer: NetworkTrainer, weights: NetworkWeights, rows: HazardRows): number {
  const chunk = 1024;
  let total = 0;
  for (let start = 0; start < rows.rows; start += chunk) {
    const size = Math.min(chunk, rows.rows - start);
    const part = takeHazardRows(
      rows,
      Int32Array.from({ length: size }, (_, i) => start + i),
    );
    const p = trainer.probabilities(weights, part.x, part.q);
    for (const loss of nllOfProbabilities(rows.grid, p, part.placed)) total += loss;
  }
  return total / rows.rows;
}

function gather(data: HazardRows, index: Int32Array, dropout: Dropout, s: NetworkShape, teacherShare: number): Batch {
  const { rows, x, q, placed, taught } = takeHazardRows(data, index);
  const size = rows * s.members * s.width;
  const masks = dropout ? { mask1: dropout(size), mask2: dropout(size) } : {};
  const { exposure, event } = tensorTargets(placed, s);
  // Cross entropy is linear in its target: part of it may be a probability instead of what came.
  if (taught && teacherShare > 0)
    for (let e = 0; e < event.length; e++)
      event[e] = (1 - teacherShare) * event[e]! + teacherShare * exposure[Math.floor(e / s.causes)]! * taught[e]!;
  return { rows, x, q, exposure, event, ...masks };
}

/** w and y of `Batch` from placed durations. */
export function tensorTargets(placed: Placed, s: { bins: number; causes: number }): Pick<Batch, 'exposure' | 'event'> {
  const rows = placed.bin.length;
  const exposure = new Float32Array(rows * s.bins);
  const event = new Float32Array(rows * s.bins * s.causes);
  for (let i = 0; i < rows; i++) {
    const last = placed.bin[i]!;
    const cause = placed.cause[i]!;
    exposure.fill(1, i * s.bins, i * s.bins + last);
    if (last === s.bins) continue;
    exposure[i * s.bins + last] = cause > 0 ? 1 : placed.fraction[i]!;
    if (cause > 0) event[(i * s.bins + last) * s.causes + cause - 1] = 1;
  }
  return { exposure, event };
}

type Dropout = ((size: number) => Float32Array) | undefined;

/**
 * Inverted dropout masks: 0 with the given rate, else 1 / (1 - rate). Four bytes of one xorshift32 word (Marsaglia 2003)
 * serve four cells, so the rate is rounded to 1/256; a stronger generator would cost more than the step itself.
 */
function dropoutStream(seed: number, rate: number): Dropout {
  if (rate <= 0) return undefined;
  let state = seed >>> 0;
  const threshold = Math.round(rate * 256);
  const kept = 256 / (256 - threshold);
  return (size) => {
    const mask = new Float32Array(size);
    for (let i = 0; i < size; i += 4) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      for (let j = i, word = state >>> 0; j < i + 4 && j < size; j++, word >>>= 8) {
        mask[j] = (word & 255) < threshold ? 0 : kept;
      }
    }
    return mask;
  };
}

/**
 * Exponential mean of the weights over the steps: m += (1 - d) (w - m), d = min(kept, (1 + t) / (10 + t)), so that early steps
 * are soon forgotten. Steps of a constant length never come to rest; their mean does, sooner and lower.
 * Source: Polyak and Juditsky (1992); the ramp is that of TensorFlow's ExponentialMovingAverage.
 */
function runningMean(start: NetworkWeights, kept: number) {
  const weights = copyWeights(start);
  let step = 0;
  return {
    weights,
    add(latest: NetworkWeights): void {
      step++;
      const share = 1 - Math.min(kept, (1 + step) / (10 + step));
      for (const name of weightNames) {
        const mean = weights[name];
        const w = latest[name];
        for (let i = 0; i < w.length; i++) mean[i]! += share * (w[i]! - mean[i]!);
      }
    },
  };
}

/** AdamW on plain arrays: some 50,000 weights, less work here than as tensor operations. */
function adamW(weights: NetworkWeights, settings: NetworkSettings) {
  const [beta1, beta2, epsilon, clip] = [0.9, 0.999, 1e-8, 1];
  const zero = () => Object.fromEntries(weightNames.map((name) => [name, new Float32Array(weights[name].length)]));
  const first = zero();
  const second = zero();
  let step = 0;
  return {
    /** Moves the weights and returns the gradient's norm; where that is not finite, nothing moves. */
    step(gradient: NetworkWeights): number {
      let norm = 0;
      for (const name of weightNames) for (const g of gradient[name]) norm += g * g;
      norm = Math.sqrt(norm);
      if (!Number.isFinite(norm)) return norm;
      step++;
      const shrink = norm > clip ? clip / norm : 1;
      const rate = settings.learningRate;
      const correct1 = 1 - beta1 ** step;
      const correct2 = 1 - beta2 ** step;
      for (const name of weightNames) {
        const w = weights[name];
        const g = gradient[name];
        const m = first[name]!;
        const v = second[name]!;
        const decay = name === 'w1' || name === 'w2' ? 1 - rate * settings.decay : 1;
        for (let i = 0; i < w.length; i++) {
          const gi = g[i]! * shrink;
          m[i] = beta1 * m[i]! + (1 - beta1) * gi;
          v[i] = beta2 * v[i]! + (1 - beta2) * gi * gi;
          w[i] = w[i]! * decay - (rate * (m[i]! / correct1)) / (Math.sqrt(v[i]! / correct2) + epsilon);
        }
      }
      return norm;
    },
  };
}
