import { expect, test } from 'vitest';
import { hazards, place } from '../../../models/hazards.ts';
import { random } from '../../../src/random.ts';
import { curveWeights } from '../../../training/tables/curveWeights.ts';

const edges = [0, 1, 2, 4, 6, 9, 12];
const grid = hazards(edges, 1);
const bins = edges.length - 1;
const ROWS = 1200;
const SEED = 5;

/** Rows of two kinds with a hazard each in every bin, some of them watched for a part of the time. */
function world() {
  const rnd = random(SEED);
  const hazard = Array.from({ length: ROWS }, (_, i) => (i % 4 < 2 ? 0.05 : 0.25));
  const time = new Float64Array(ROWS);
  const cause = new Uint8Array(ROWS);
  for (let i = 0; i < ROWS; i++) {
    const until = 3 + 12 * rnd.uniform();
    let b = 0;
    while (b < bins && rnd.uniform() > hazard[i]!) b++;
    const end = b < bins ? edges[b + 1]! : Number.POSITIVE_INFINITY;
    time[i] = Math.min(end, until);
    cause[i] = end <= until ? 1 : 0;
  }
  const said = (of: (h: number, bin: number) => number) =>
    Float64Array.from({ length: ROWS * bins * 2 }, (_, e) => {
      const h = of(hazard[Math.floor(e / 2 / bins)]!, Math.floor(e / 2) % bins);
      return e % 2 ? h : 1 - h;
    });
  return { placed: place(grid, time, cause), said };
}
const even = (parts: number) => Array.from({ length: parts }, () => new Float64Array(bins).fill(1 / parts));

test(`who says too much of late bins is left out there, and stays where it is right (seed ${SEED})`, () => {
  const { placed, said } = world();
  const p = [said((h) => h), said((h, bin) => (bin < 2 ? h : Math.min(0.9, 2.5 * h)))];
  const weights = curveWeights(grid, placed, p, [true, false], even(2));
  expect([...weights[1]!].slice(2).every((w) => w < 0.2)).toBe(true);
  for (let b = 0; b < bins; b++) expect(weights[0]![b]! + weights[1]![b]!).toBeCloseTo(1, 12);
});

test('weights stay as they are where ridges say no better, where there are none, and where nothing else is', () => {
  const { placed, said } = world();
  const byBin = even(2);
  const [right, flat] = [said((h) => h), said(() => 0.15)];
  expect(curveWeights(grid, placed, [flat, right], [true, false], byBin)).toBe(byBin);
  expect(curveWeights(grid, placed, [flat, right], [false, false], byBin)).toBe(byBin);
  expect(curveWeights(grid, placed, [flat, right], [true, true], byBin)).toBe(byBin);
});
