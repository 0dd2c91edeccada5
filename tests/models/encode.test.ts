import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columnMeans, type Encoder, encode, type Outcomes, piecewise, shrunkRate } from '../../models/encode.ts';
import { fitEncoder, piecewiseEdges } from '../../models/fitEncoder.ts';
import type { Frame, FrameColumn } from '../../src/frame.ts';
import { takeRows } from '../../src/frame.ts';
import { DAY } from '../../src/time.ts';
import { testSeed } from '../arbitraries.ts';
import { toyRows, withFrameColumns } from '../contract/states.ts';
import { block } from '../golden/values.ts';

const numberFrame = (values: readonly number[]): Frame => ({
  ids: values.map((_, i) => `d${i}`),
  asOf: new Float64Array(values.length),
  columns: new Map([['v', { type: 'number', values: Float64Array.from(values) }]]),
});
const wordFrame = (words: readonly string[], asOf: readonly number[]): Frame => {
  const levels = [...new Set(words)].sort();
  return {
    ids: words.map((_, i) => `d${i}`),
    asOf: Float64Array.from(asOf),
    columns: new Map([['w', { type: 'category', levels, codes: Int32Array.from(words, (w) => levels.indexOf(w)) }]]),
  };
};
const unresolved = (frame: Frame): Outcomes => ({
  entity: frame.ids,
  success: new Float64Array(frame.ids.length).fill(Number.NaN),
  knownAt: new Float64Array(frame.ids.length).fill(Number.POSITIVE_INFINITY),
});
const options = { numbers: 'piecewise', units: 200, maxBins: 5 } as const;
const fitNumbers = (values: readonly number[], numbers: 'piecewise' | 'standard' = 'piecewise'): Encoder => {
  const frame = numberFrame(values);
  return fitEncoder(frame, unresolved(frame), { ...options, numbers });
};

describe('piecewise-linear encoding', () => {
  const golden = block<{ edges: number[]; x: number[]; encoding: number[][] }>('ple');
  test.each(golden.x.map((x, i) => [x, golden.encoding[i]!] as const))('golden: %d', (x, expected) => {
    const out = new Float32Array(3);
    piecewise(x, golden.edges, out, 0);
    for (const [t, value] of expected.entries()) expect(out[t]).toBeCloseTo(value, 6);
  });

  test('far outside the edges it stays within -3 and 4, inside every bin is filled before the next', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (x) => {
        const out = new Float32Array(3);
        piecewise(x, golden.edges, out, 0);
        expect(Math.min(...out)).toBeGreaterThanOrEqual(-3);
        expect(Math.max(...out)).toBeLessThanOrEqual(4);
        for (let t = 1; t < 3; t++) if (out[t]! > 0) expect(out[t - 1]).toBe(1);
      }),
      { seed: testSeed },
    );
  });

  test('a zero-inflated count gets the quantiles of its other values', () => {
    const sorted = Float64Array.from({ length: 100 }, (_, i) => (i < 70 ? 0 : i - 69));
    const edges = piecewiseEdges(sorted, 5);
    expect(edges.length).toBeGreaterThan(5);
    expect(edges.filter((edge) => edge > 0).length).toBeGreaterThanOrEqual(5);
    expect([...edges].sort((a, b) => a - b)).toEqual(edges);
    // The same count without the rule: one edge at 0 for all quantiles below .7.
    expect(edges[1]).toBeLessThan(2.5);
  });
});

describe('ordered target encoding', () => {
  const golden = block<{ category: string[]; y: number[]; prior: number; m: number; encoded: number[] }>(
    'orderedTargetEncoding',
  );
  test('golden: each row reads the outcomes before it', () => {
    const tally = new Map<string, [number, number]>();
    golden.category.forEach((level, i) => {
      const [won, n] = tally.get(level) ?? [0, 0];
      expect(shrunkRate(won, n, golden.prior, golden.m)).toBeCloseTo(golden.encoded[i]!, 7);
      tally.set(level, [won + golden.y[i]!, n + 1]);
    });
  });

  // 34 levels of 10 rows: more than one-hot takes.
  const words = Array.from({ length: 340 }, (_, i) => `w${i % 34}`);
  const asOf = words.map((_, i) => i * DAY);
  const frame = wordFrame(words, asOf);
  const outcomes: Outcomes = {
    entity: frame.ids,
    success: Float64Array.from(words, (_, i) => (i % 3 === 0 ? 1 : i % 3 === 1 ? 0 : Number.NaN)),
    knownAt: Float64Array.from(asOf, (at, i) => (i % 3 === 2 ? Number.POSITIVE_INFINITY : at + 50 * DAY)),
  };
  const encoder = fitEncoder(frame, outcomes, options);

  test('a training row counts what was known strictly before it (naive double loop)', () => {
    const x = encode(encoder, frame, outcomes);
    const resolved = outcomes.success.filter((y) => !Number.isNaN(y));
    const prior = resolved.reduce((s, y) => s + y, 0) / resolved.length;
    words.forEach((level, i) => {
      let won = 0;
      let n = 0;
      words.forEach((other, j) => {
        if (other !== level || Number.isNaN(outcomes.success[j]!) || outcomes.knownAt[j]! >= asOf[i]!) return;
        won += outcomes.success[j]!;
        n++;
      });
      expect(x[2 * i]).toBeCloseTo(shrunkRate(won, n, prior), 6);
      expect(x[2 * i + 1]).toBeCloseTo(Math.log1p(n), 6);
    });
  });

  test('outcomes learned after a row do not touch it', () => {
    const flipped: Outcomes = {
      ...outcomes,
      success: outcomes.success.map((y, i) => (outcomes.knownAt[i]! >= asOf[200]! ? 1 - y : y)),
    };
    const before = encode(encoder, frame, outcomes);
    const after = encode(encoder, frame, flipped);
    expect(after.subarray(0, 2 * 201)).toEqual(before.subarray(0, 2 * 201));
    expect(after.subarray(2 * 300)).not.toEqual(before.subarray(2 * 300));
  });

  test('without outcomes every row reads the final tallies; an unseen level reads the prior', () => {
    const served = encode(encoder, wordFrame(['w3', 'w3', 'nobody', 'constructor', '__proto__'], [0, 1e15, 0, 0, 0]));
    expect(served[0]).toBe(served[2]);
    const code = encoder.codes[0]!;
    const prior = code.kind === 'target' ? code.prior : Number.NaN;
    for (const row of [2, 3, 4]) {
      expect(served[2 * row]).toBeCloseTo(prior, 6);
      expect(served[2 * row + 1]).toBe(0);
    }
  });
});

describe('numbers', () => {
  test('heavy tails go through log1p, others do not', () => {
    const heavy = Array.from({ length: 100 }, (_, i) => Math.exp(i / 8));
    expect(fitNumbers(heavy).codes[0]).toMatchObject({ log: true });
    expect(fitNumbers(heavy.map((v) => Math.log(v))).codes[0]).toMatchObject({ log: false });
  });
  test('missing reads as the median and is told in a column of its own', () => {
    const encoder = fitNumbers([...Array.from({ length: 99 }, (_, i) => i), Number.NaN]);
    const x = encode(encoder, numberFrame([Number.NaN, 49]));
    const d = encoder.width;
    expect(x.slice(0, d - 1)).toEqual(x.slice(d, 2 * d - 1));
    expect([x[d - 1], x[2 * d - 1]]).toEqual([1, 0]);
  });
  test('a constant says nothing and is left out; one with gaps says where they are', () => {
    expect(fitNumbers([3, 3, 3]).width).toBe(0);
    expect(fitNumbers([Number.NaN, Number.NaN]).width).toBe(0);
    expect(fitNumbers([3, Number.NaN, 3]).width).toBe(2);
  });
  test('standard numbers have mean 0, deviation 1, and end at 5', () => {
    const encoder = fitNumbers([-1, 0, 1, 2, 3], 'standard');
    const x = encode(encoder, numberFrame([-1, 0, 1, 2, 3, 1e9]));
    expect(x.slice(0, 5).reduce((s, v) => s + v, 0)).toBeCloseTo(0, 6);
    expect(x.slice(0, 5).reduce((s, v) => s + v * v, 0) / 5).toBeCloseTo(1, 6);
    expect(x[5]).toBe(5);
  });

  const anyCell = fc.oneof(
    fc.double(),
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e308, -1e308, 5e-324, 0, -0, 7),
  );
  test.each(['piecewise', 'standard'] as const)(
    'whatever the cells, %s columns and their fit are finite',
    (numbers) => {
      fc.assert(
        fc.property(fc.array(anyCell, { minLength: 1, maxLength: 60 }), fc.array(anyCell), (training, cells) => {
          const encoder = fitNumbers(training, numbers);
          expect(JSON.stringify(encoder)).not.toContain('null');
          for (const v of encode(encoder, numberFrame([...training, ...cells]))) expect(Number.isFinite(v)).toBe(true);
        }),
        { seed: testSeed, numRuns: 300 },
      );
    },
  );
  test('an infinite cell is a missing one', () => {
    const encoder = fitNumbers([1, 2, 3, 4, Number.NaN]);
    const x = encode(encoder, numberFrame([Number.POSITIVE_INFINITY, Number.NaN]));
    expect(x.slice(0, encoder.width)).toEqual(x.slice(encoder.width));
  });
});

describe('words', () => {
  const words = [...new Array(20).fill('a'), ...new Array(15).fill('b'), ...new Array(3).fill('rare')] as string[];
  const frame = wordFrame(words, words.map(() => 0)); // biome-ignore format: one call
  const encoder = fitEncoder(frame, unresolved(frame), options);
  test('one column a level, column 0 for rare, unseen and missing', () => {
    expect(encoder.codes[0]).toEqual({ kind: 'onehot', feature: 'w', levels: ['a', 'b'] });
    const x = encode(encoder, wordFrame(['a', 'b', 'rare', 'new'], [0, 0, 0, 0]));
    expect([...x]).toEqual([0, 1, 0, 0, 0, 1, 1, 0, 0, 1, 0, 0]);
    const missing: FrameColumn = { type: 'category', levels: [], codes: Int32Array.of(-1) };
    expect([...encode(encoder, { ids: ['x'], asOf: new Float64Array(1), columns: new Map([['w', missing]]) })]).toEqual(
      [1, 0, 0],
    );
  });
});

describe('rows', () => {
  const { X } = toyRows(400, 11);
  const encoder = fitEncoder(X, unresolved(X), options);
  const d = encoder.width;
  const x = encode(encoder, X);

  test('every column has its source', () => {
    expect(encoder.source.length).toBe(d);
    expect(encoder.sources).toEqual(encoder.codes.map((code) => code.feature));
    expect(encoder.sources).not.toContain('always_three');
    expect(new Set(encoder.source).size).toBe(encoder.sources.length);
  });
  test('a row is encoded the same alone, among others, in any order', () => {
    for (const i of [0, 17, 399]) {
      expect(encode(encoder, takeRows(X, [i]))).toEqual(x.slice(i * d, (i + 1) * d));
    }
    const turned = encode(encoder, takeRows(X, X.ids.map((_, i) => X.ids.length - 1 - i))); // biome-ignore format: one call
    expect(turned.slice(0, d)).toEqual(x.slice(399 * d));
  });
  test('column order, further columns and the numbering of levels do not matter', () => {
    const stage = X.columns.get('stage_current') as FrameColumn & { type: 'category' };
    const renumbered: FrameColumn = {
      type: 'category',
      levels: ['c', 'zzz', 'b', 'a'],
      codes: stage.codes.map((code) => (code < 0 ? -1 : [3, 2, 0][code]!)),
    };
    const columns = [...X.columns].reverse();
    const other = withFrameColumns(X, [
      ['more', { type: 'number', values: new Float64Array(X.ids.length) }],
      ...columns.map(([name, column]) => [name, name === 'stage_current' ? renumbered : column] as const),
    ]);
    expect(encode(encoder, other)).toEqual(x);
  });
  test('a column that is not there reads as missing everywhere', () => {
    const allMissing = withFrameColumns(
      X,
      [...X.columns].map(([name, column]): readonly [string, FrameColumn] => [
        name,
        column.type === 'number'
          ? { type: 'number', values: column.values.map(() => Number.NaN) }
          : { ...column, codes: column.codes.map(() => -1) },
      ]),
    );
    expect(encode(encoder, withFrameColumns(X, []))).toEqual(encode(encoder, allMissing));
  });
  test('means of columns; no rows', () => {
    const means = columnMeans(x, d);
    let sum = 0;
    for (let i = 0; i < 400; i++) sum += x[i * d + 2]!;
    expect(means[2]).toBeCloseTo(sum / 400, 5);
    expect(columnMeans(new Float32Array(0), 3)).toEqual(new Float32Array(3));
    expect(encode(encoder, takeRows(X, [])).length).toBe(0);
  });
});
