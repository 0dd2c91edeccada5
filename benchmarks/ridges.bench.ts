import { isDeepStrictEqual } from 'node:util';
import { effectsInWasm, nonZero, plainEffects } from '../models/kernel/effects.ts';
import { random } from '../src/random.ts';
import { type Bench, compare, ratioOf } from './measure.ts';

/** As of a company of 600 deals: looks, encoded inputs and the share of them that is not zero. */
const ROWS = 5_700;
const INPUTS = 1_200;
const FILLED = 0.35;
/** Two causes at two clocks. */
const TERMS = 4;

/** What training a ridge spends most of its time on: every row's sums over its inputs, and every input's over its rows. */
export const ridges: Bench = {
  name: 'ridges',
  says: `one evaluation of a ridge's sums, ${ROWS.toLocaleString('en')} rows x ${INPUTS.toLocaleString('en')} inputs, ${TERMS} terms: WebAssembly SIMD against the plain loops, which give the same bits`,
  async run() {
    const draw = random(1);
    const x = Float32Array.from({ length: ROWS * INPUTS }, () => (draw.uniform() < FILLED ? draw.normal() : 0));
    const sparse = nonZero(x, ROWS, INPUTS);
    const kernel = effectsInWasm(sparse, ROWS, INPUTS, TERMS);
    if (!kernel) return { name: 'ridges', says: ridges.says, skipped: 'this Node has no WebAssembly SIMD' };
    const plain = plainEffects(sparse, ROWS, INPUTS, TERMS);
    for (const effects of [kernel, plain]) for (let i = 0; i < effects.w.length; i++) effects.w[i] = Math.sin(i);
    const evaluate = ({ scores, scatter }: typeof plain) => {
      scores();
      scatter();
    };
    evaluate(kernel);
    evaluate(plain);
    if (!isDeepStrictEqual([...kernel.gradient], [...plain.gradient]))
      throw new Error('the two ways give different sums');
    const timings = await compare(() => evaluate(kernel), () => evaluate(plain), ROWS); // biome-ignore format: one call
    return ratioOf(ridges, timings, { ours: 'WebAssembly SIMD, by the row', other: 'plain loops, by the row' });
  },
};
