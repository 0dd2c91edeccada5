import { describe, expect, it } from 'vitest';
import { effectsInWasm, effectsOn, nonZero, plainEffects } from '../../models/kernel/effects.ts';
import { random } from '../../src/random.ts';

describe('rows times effects', () => {
  const draw = random(11);
  const rows = 70;
  const inputs = 23;
  const x = Float32Array.from({ length: rows * inputs }, () => (draw.uniform() < 0.5 ? 0 : draw.normal()));
  x.fill(0, 5 * inputs, 6 * inputs); // a row of nothing

  it.each([2, 4, 6, 8, 10])('in WebAssembly are those of the plain loops to the bit, %i terms', (stride) => {
    const sparse = nonZero(x, rows, inputs);
    const [plain, kernel] = [plainEffects(sparse, rows, inputs, stride), effectsInWasm(sparse, rows, inputs, stride)!];
    expect(kernel).toBeDefined();
    for (let again = 0; again < 2; again++) {
      for (const name of ['w', 'offset'] as const) {
        const values = Float64Array.from(plain[name], () => draw.normal());
        plain[name].set(values);
        kernel[name].set(values);
      }
      plain.scores();
      kernel.scores();
      expect([...kernel.score]).toEqual([...plain.score]);
      plain.scatter();
      kernel.scatter();
      expect([...kernel.gradient]).toEqual([...plain.gradient]);
    }
  });

  it('are what a matrix product says; an odd number of terms is padded', () => {
    const effects = effectsOn(x, rows, inputs, 3);
    expect(effects.stride).toBe(4);
    effects.w.forEach((_, i, w) => {
      w[i] = i % 4 === 3 ? 0 : draw.normal();
    });
    effects.offset.set([1, 2, 3, 0]);
    effects.scores();
    const said = (row: number, t: number) => x.subarray(row * inputs, (row + 1) * inputs).reduce((sum, v, j) => sum + v * effects.w[j * 4 + t]!, effects.offset[t]!); // biome-ignore format: one sum
    for (let row = 0; row < rows; row++)
      for (let t = 0; t < 3; t++) expect(effects.score[row * 4 + t]).toBeCloseTo(said(row, t), 9);
    const score = effects.score.slice();
    effects.scatter();
    for (let j = 0; j < inputs; j++) {
      const sum = Array.from({ length: rows }, (_, row) => x[row * inputs + j]! * score[row * 4 + 1]!).reduce((a, b) => a + b); // biome-ignore format: one sum
      expect(effects.gradient[j * 4 + 1]).toBeCloseTo(sum, 9);
    }
  });

  it('are kept for the same inputs, and made anew for another number of rows or terms', () => {
    const first = effectsOn(x, rows, inputs, 4);
    expect(effectsOn(x, rows, inputs, 4)).toBe(first);
    expect(effectsOn(x, rows, inputs, 2)).not.toBe(first);
    const none = new Float32Array(0);
    expect(effectsOn(none, 3, 0, 2).score).toHaveLength(6);
    expect(effectsOn(none, 5, 0, 2).score).toHaveLength(10);
  });
});
