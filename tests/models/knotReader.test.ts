import { describe, expect, test } from 'vitest';
import type { Code } from '../../models/encode.ts';
import { assemble, encode } from '../../models/encode.ts';
import { fuse, TILE } from '../../models/kernel/fused.ts';
import { knotReader } from '../../models/kernel/knotReader.ts';
import { type KnotEntries, knotsOf } from '../../models/kernel/knots.ts';
import { numberKnotsOf, plainNumbers } from '../../models/kernel/numberReader.ts';
import type { Frame, FrameColumn } from '../../src/frame.ts';
import { random } from '../../src/random.ts';
import { testSeed } from '../arbitraries.ts';

const codes: Code[] = [
  { kind: 'piecewise', feature: 'a', log: false, median: 3, missing: true, edges: [0, 1, 3, 8] },
  { kind: 'onehot', feature: 'word', levels: ['x', 'y'] },
  { kind: 'piecewise', feature: 'b', log: true, median: 0, missing: false, edges: [0, 0.7, 2.5] },
  { kind: 'target', feature: 'code', prior: 0.3, tallies: { p: [3, 10], q: [0, 4] } },
  { kind: 'standard', feature: 'c', log: true, median: 2, missing: true, mean: 1, sd: 0.5 },
  { kind: 'piecewise', feature: 'a', log: true, median: 1, missing: true, edges: [0, 2] },
];
const encoder = assemble(codes);
const knots = knotsOf(encoder, new Float32Array(encoder.width));

const emptyEntries = (): KnotEntries => ({
  start: new Int32Array(TILE + 1),
  knot: new Int32Array(knots.most * TILE),
  share: new Float32Array(knots.most * TILE),
});

/** Cells of all kinds, and some of the columns only. */
function frameOf(rows: number, seed: number, without?: string): Frame {
  const draw = random(seed);
  const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300, -1e300, 0, 1, 3, 8, -0.5];
  const numbers = (): FrameColumn => ({
    type: 'number',
    values: Float64Array.from({ length: rows }, () => (draw.below(2) ? odd[draw.below(odd.length)]! : 10 * draw.normal())),
  });
  const words = (levels: readonly string[]): FrameColumn => ({
    type: 'category',
    levels,
    codes: Int32Array.from({ length: rows }, () => draw.below(levels.length + 1) - 1),
  });
  const columns: [string, FrameColumn][] = [
    ['a', numbers()],
    ['word', words(['y', 'new', 'x'])],
    ['not read', numbers()],
    ['b', numbers()],
    ['code', words(['q', 'unknown', 'p'])],
    ['c', numbers()],
  ];
  return { ids: Array.from({ length: rows }, (_, i) => `${i}`), asOf: new Float64Array(rows), columns: new Map(columns.filter(([name]) => name !== without)) };
} // biome-ignore format: one answer

const rowsIn = ({ start, knot, share }: KnotEntries, rows: number) =>
  Array.from({ length: rows }, (_, r) => ({
    knots: [...knot.subarray(start[r]!, start[r + 1]!)],
    shares: [...share.subarray(start[r]!, start[r + 1]!)],
  }));

describe('knots of rows', () => {
  const seed = testSeed;
  console.log(`knots of rows: seed ${seed}`);

  test('their shares of a table of encoded columns sum to the encoded row', () => {
    const weights = Float64Array.from({ length: encoder.width }, (_, j) => Math.cos(3 * j));
    const { origin, rows: table } = knots.table(1, (j) => weights[j]!);
    const frame = frameOf(TILE, seed);
    const entries = emptyEntries();
    const reader = knotReader(knots, entries, plainNumbers(numberKnotsOf(knots), entries, TILE));
    reader.bind(frame);
    reader.read(0, TILE);
    const x = encode(encoder, frame);
    for (const [r, { knots: at, shares }] of rowsIn(entries, TILE).entries()) {
      const sum = at.reduce((all, k, e) => all + shares[e]! * table[k]!, origin[0]!);
      const asked = weights.reduce((all, w, j) => all + w * x[r * encoder.width + j]!, 0);
      expect(sum).toBeCloseTo(asked, 5);
    }
  });

  test('the kernel reads them as the plain loops do, alone or together, from frames of other columns in turn', () => {
    const network = { members: 1, inputs: encoder.width, width: 8, bins: 1, causes: 1, covariates: 2 };
    const zeros = (n: number) => new Float32Array(n);
    const weights = { scale: zeros(encoder.width), w1: zeros(encoder.width * 8), b1: zeros(8), w2: zeros(64), b2: zeros(8), head: zeros(8), headBias: zeros(1), gamma: zeros(2) }; // biome-ignore format: one network
    const fused = fuse(knots, [{ shape: network, weights }])!;
    const kernel = knotReader(knots, fused.entries, fused.numbers);
    const entries = emptyEntries();
    const plain = knotReader(knots, entries, plainNumbers(numberKnotsOf(knots), entries, TILE));
    for (const [k, without] of [undefined, 'a', undefined, 'code', 'word', undefined].entries()) {
      const frame = frameOf(TILE, seed + k, without);
      kernel.bind(frame);
      plain.bind(frame);
      kernel.read(0, TILE);
      plain.read(0, TILE);
      const together = rowsIn(fused.entries, TILE);
      for (const [r, row] of rowsIn(entries, TILE).entries()) {
        expect(together[r]!.knots).toEqual(row.knots);
        for (const [e, share] of row.shares.entries()) expect(together[r]!.shares[e]!).toBeCloseTo(share, 6);
      }
      for (let r = 0; r < TILE; r++) {
        kernel.read(r, 1);
        expect(rowsIn(fused.entries, 1)[0]).toEqual(together[r]);
      }
      // Into places one after the other, as a path between two rows is read.
      kernel.read(5, 1, 0);
      kernel.read(2, 1, 1);
      expect(rowsIn(fused.entries, 2)).toEqual([together[5], together[2]]);
    }
  });
});
