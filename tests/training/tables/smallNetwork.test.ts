import { expect, test } from 'vitest';
import { hazards, nllOfProbabilities, place } from '../../../models/hazards.ts';
import { random } from '../../../src/random.ts';
import { smallNetwork } from '../../../training/tables/smallNetwork.ts';
import { toyProfile } from '../../contract/states.ts';

test('rows whose outcomes alternate are judged by networks that had seen both', async () => {
  const rows = 120;
  const draw = random(5);
  const grid = hazards([0, 1], 1);
  const event = Uint8Array.from({ length: rows }, (_, i) => i % 2);
  const data = {
    rows,
    inputs: 2,
    x: Float32Array.from({ length: rows * 2 }, (_, e) => draw.normal() + (e % 2 ? 0 : 0.7 * event[e >> 1]!)),
    q: new Float32Array(rows),
    grid,
    placed: place(grid, Float64Array.from(event, (e) => (e ? 1 : 2)), event), // biome-ignore format: one call
  };
  const { unseen } = await smallNetwork(data, [0, 1], 2, { ...toyProfile.network, epochs: 30 }, 1);
  const losses = nllOfProbabilities(grid, unseen, data.placed);
  expect(losses.reduce((s, v) => s + v, 0) / rows).toBeLessThan(Math.LN2 + 0.15);
});
