import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { place } from '../../models/hazards.ts';
import { forwardNetwork, prepareNetwork } from '../../models/kernel/network.ts';
import { initialWeights, type NetworkWeights, sizeOf, weightNames, weightShape } from '../../models/network.ts'; // biome-ignore format: one import
import { fitNetwork, type HazardRows, tensorTargets } from '../../models/networkFit.ts';
import { type Batch, lossAndGradient, plainLoss, predictTensors, toTensors } from '../../models/networkGradient.ts';
import { layers, type Tensor, tensorflow } from '../../models/tf.ts';
import { ForesellError } from '../../src/errors.ts';
import { random } from '../../src/random.ts';
import { testSeed } from '../arbitraries.ts';
import { dataOf, fitHash, grid, settings, shape, source } from './toyNetwork.ts';

function weightsOf(seed: number): NetworkWeights {
  const weights = initialWeights(shape, source, random(seed));
  const draw = random(seed).fork('gamma');
  for (let i = 0; i < weights.gamma.length; i++) weights.gamma[i] = draw.normal();
  return weights;
}

function batchOf(data: HazardRows, dropout: boolean): Batch {
  const draw = random(data.rows);
  const mask = () =>
    Float32Array.from({ length: data.rows * shape.members * shape.width }, () => (draw.uniform() < 0.2 ? 0 : 1.25));
  const masks = dropout ? { mask1: mask(), mask2: mask() } : {};
  return { rows: data.rows, x: data.x, q: data.q, ...tensorTargets(data.placed, shape), ...masks };
}

/** Largest difference over all weights. */
function furthest(a: NetworkWeights, b: NetworkWeights): number {
  let most = 0;
  for (const name of weightNames) {
    expect(a[name].length).toBe(sizeOf(weightShape(name, shape)));
    for (let i = 0; i < a[name].length; i++) most = Math.max(most, Math.abs(a[name][i]! - b[name][i]!));
  }
  return most;
}

/** TensorFlow.js differentiates the plain loss by itself. */
async function automatic(weights: NetworkWeights, batch: Batch): Promise<{ loss: number; gradient: NetworkWeights }> {
  await layers(); // registers the gradients of all operations
  const { tf } = await tensorflow('cpu');
  const tensors = toTensors(tf, weights, shape);
  const inOrder = weightNames.map((name) => tensors[name]);
  const loss = (...given: Tensor[]) =>
    plainLoss(tf, Object.fromEntries(weightNames.map((name, i) => [name, given[i]!])) as never, shape, batch);
  const { value, grads } = tf.valueAndGrads(loss as never)(inOrder);
  const gradient = Object.fromEntries(weightNames.map((name, i) => [name, grads[i]!.dataSync()]));
  const answer = { loss: value.dataSync()[0]!, gradient: gradient as unknown as NetworkWeights };
  tf.dispose([value, grads, inOrder] as never);
  return answer;
}

test('starts where it is told: the gammas given, head biases around the intercepts of every member', () => {
  const { bins, causes, covariates, members } = shape;
  const draw = random(4);
  const intercept = Float64Array.from({ length: bins * causes }, () => -6 + draw.normal());
  const gamma = Float64Array.from({ length: covariates * causes }, () => draw.normal());
  const told = initialWeights(shape, source, random(1), { intercept, gamma });
  const plain = initialWeights(shape, source, random(1));
  expect([...told.gamma]).toEqual([...Float32Array.from(gamma)]);
  for (let m = 0; m < members; m++)
    intercept.forEach((v, i) => {
      const at = m * bins * causes + i;
      expect(told.headBias[at]! - v).toBeCloseTo(plain.headBias[at]! + 3, 5);
    });
  expect(told.w1).toEqual(plain.w1);
  expect(told.head).toEqual(plain.head);
});

describe('gradient of the network', () => {
  test.each([false, true])('equals automatic differentiation of the plain loss (dropout: %s)', async (dropout) => {
    for (const seed of [1, 2, 3]) {
      const weights = weightsOf(seed);
      const batch = batchOf(dataOf(23, seed), dropout);
      const expected = await automatic(weights, batch);
      const { tf } = await tensorflow('cpu');
      const { loss, gradient } = lossAndGradient(tf, weights, shape, batch);
      const gap = furthest(gradient, expected.gradient);
      console.info(`gradient: seed ${seed}, largest difference ${gap.toExponential(1)}`);
      expect(Math.abs(loss - expected.loss)).toBeLessThan(1e-5);
      expect(gap).toBeLessThan(1e-5);
    }
  });

  test('WebAssembly computes what plain JavaScript does', async () => {
    const weights = weightsOf(4);
    const batch = batchOf(dataOf(64, 4), true);
    const plain = lossAndGradient((await tensorflow('cpu')).tf, weights, shape, batch);
    const wasm = lossAndGradient((await tensorflow('wasm')).tf, weights, shape, batch);
    expect(Math.abs(wasm.loss - plain.loss)).toBeLessThan(1e-5);
    expect(furthest(wasm.gradient, plain.gradient)).toBeLessThan(1e-5);
  });

  test('a row counted twice weighs twice', async () => {
    const { tf } = await tensorflow('wasm');
    const weights = weightsOf(5);
    const data = dataOf(10, 5);
    const once = lossAndGradient(tf, weights, shape, batchOf(data, false));
    const twice = batchOf(data, false);
    const double = (v: Float32Array) => Float32Array.of(...v, ...v);
    const doubled = lossAndGradient(tf, weights, shape, {
      rows: 20,
      x: double(twice.x),
      q: double(twice.q),
      exposure: double(twice.exposure),
      event: double(twice.event),
    });
    expect(doubled.loss).toBeCloseTo(once.loss, 5);
    expect(furthest(doubled.gradient, once.gradient)).toBeLessThan(1e-5);
  });

  test('a step leaves no tensors behind', async () => {
    const { tf } = await tensorflow('wasm');
    const weights = weightsOf(6);
    const data = dataOf(40, 6);
    const before = tf.memory().numTensors;
    for (let step = 0; step < 5; step++) {
      lossAndGradient(tf, weights, shape, batchOf(data, true));
      predictTensors(tf, weights, shape, data.x, data.q);
      expect(tf.memory().numTensors).toBe(before);
    }
  });
});

describe('forward pass', () => {
  test.each(['cpu', 'wasm'] as const)('typed arrays equal TensorFlow.js on %s within 1e-6', async (backend) => {
    const { tf } = await tensorflow(backend);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 40 }), (seed, rows) => {
        const weights = weightsOf(seed);
        const { x, q } = dataOf(rows, seed);
        const expected = predictTensors(tf, weights, shape, x, q);
        const out = new Float64Array(expected.length);
        forwardNetwork(prepareNetwork(shape, weights), x, q, 1, out);
        for (let e = 0; e < out.length; e++) expect(Math.abs(out[e]! - expected[e]!)).toBeLessThan(1e-6);
      }),
      { seed: testSeed, numRuns: 25 },
    );
  });
});

describe('training', () => {
  test('same data and seed, same bytes: twice here, and in a fresh process; another seed, others', async () => {
    const first = await fitHash(1);
    expect(await fitHash(1)).toBe(first);
    expect(await fitHash(2)).not.toBe(first);
    const script = "import { fitHash } from './tests/models/toyNetwork.ts'; console.log(await fitHash(1));";
    const root = new URL('../..', import.meta.url).pathname;
    const args = ['--import', 'tsx', '--input-type=module', '-e', script];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
    expect(stdout.trim()).toBe(first);
  }, 30_000);

  test('learns what is there to learn, and keeps the best epoch of the stop block', async () => {
    await tensorflow('wasm');
    const planted = (rows: number, seed: number): HazardRows => {
      const data = dataOf(rows, seed);
      const early = Float64Array.from({ length: rows }, (_, i) => (data.x[i * shape.inputs]! > 0 ? 3 : 150));
      return { ...data, placed: place(grid, early, new Uint8Array(rows).fill(1)) };
    };
    const longer = { ...settings, epochs: 25 };
    const { history, epochs } = await fitNetwork(planted(600, 1), planted(200, 2), source, longer, 1);
    expect(Math.min(...history)).toBeLessThan(0.5 * history[0]!);
    expect(history[epochs - 1]).toBeCloseTo(Math.min(...history), 5);
  });

  test('the running mean of the weights: none of it is the last step, much of it comes to rest sooner', async () => {
    // Nothing to learn but noise about a rate: what moves from epoch to epoch is the length of the steps alone.
    const wild = { ...settings, epochs: 20, patience: 20, learningRate: 0.02 };
    const curve = async (averaging?: number) => {
      const own = { ...wild, ...(averaging === undefined ? {} : { averaging }) };
      return (await fitNetwork(dataOf(600, 11), dataOf(400, 12), source, own, 1)).history;
    };
    const [last, none, much] = [await curve(), await curve(0), await curve(0.99)];
    for (const [epoch, loss] of none.entries()) expect(loss).toBeCloseTo(last[epoch]!, 5);
    const bends = (of: readonly number[]) =>
      of.slice(8).reduce((sum, loss, k) => sum + Math.abs(loss - 2 * of[k + 7]! + of[k + 6]!), 0); // biome-ignore format: one sum
    console.log(`bends of the curve: ${bends(last)} by the last step, ${bends(much)} by the mean`);
    expect(bends(much)).toBeLessThan(0.6 * bends(last));
    expect(Math.min(...much)).toBeLessThan(Math.min(...last));
  });

  test('an epoch of a bound number of rows is all rows where there are fewer, and some of them where there are more', async () => {
    const fitted = async (epochRows?: number) => {
      const bound = { ...settings, epochs: 1, ...(epochRows ? { epochRows } : {}) };
      return (await fitNetwork(dataOf(300, 10), undefined, source, bound, 1)).weights;
    };
    const all = await fitted();
    expect(await fitted(300)).toEqual(all);
    expect(await fitted(1000)).toEqual(all);
    expect(await fitted(150)).not.toEqual(all);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'a cell of %d that got past the encoder is refused',
    async (bad) => {
      for (const spoilt of ['train', 'stop', 'covariates'] as const) {
        const train = dataOf(100, 10);
        const stop = dataOf(50, 11);
        (spoilt === 'stop' ? stop.x : spoilt === 'train' ? train.x : train.q)[17] = bad;
        const error = await fitNetwork(train, stop, source, settings, 1).catch((e: unknown) => e);
        expect(error).toBeInstanceOf(ForesellError);
        expect((error as ForesellError).code).toBe('rows-not-finite');
      }
    },
  );

  test('inputs so large that the loss is no number stop the training', async () => {
    await tensorflow('wasm');
    const data = dataOf(100, 13);
    data.x.fill(3e38);
    const error = await fitNetwork(data, undefined, source, settings, 1).catch((e: unknown) => e);
    expect((error as ForesellError).code).toBe('training-diverged');
  });

  test('absurd steps stop it too, or leave finite weights', async () => {
    await tensorflow('wasm');
    const wild = { ...settings, learningRate: 1e30, epochs: 5 };
    const answer = await fitNetwork(dataOf(200, 12), undefined, source, wild, 1).catch((e: unknown) => e);
    if (answer instanceof Error) expect(answer).toBeInstanceOf(ForesellError);
    else {
      const { weights } = answer as { weights: NetworkWeights };
      for (const name of weightNames) expect(weights[name].every(Number.isFinite)).toBe(true);
    }
  });
});
