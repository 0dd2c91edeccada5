import { expect, test } from 'vitest';
import { loadArtifact } from '../../models/artifact.ts';
import { assemble } from '../../models/encode.ts';
import { integratedGradients, positiveBy } from '../../models/explain.ts';
import { type HazardState, hazardModel } from '../../models/hazardModel.ts';
import { predictTrees, type Trees } from '../../models/trees.ts';
import { calendar } from '../../src/time.ts';
import { toyBytes, toyRows } from '../contract/states.ts';

/** Trees as nested pairs: [column, cut, left, right], or what a leaf adds. */
type Nested = number | readonly [column: number, cut: number, left: Nested, right: Nested];

function treesOf(start: number, nested: readonly Nested[]): Trees {
  const column: number[] = [];
  const cut: number[] = [];
  const left: number[] = [];
  const put = (at: number, tree: Nested) => {
    column[at] = typeof tree === 'number' ? -1 : tree[0];
    cut[at] = typeof tree === 'number' ? tree : tree[1];
    left[at] = 0;
    if (typeof tree === 'number') return;
    const child = column.length;
    column.push(-1, -1);
    left[at] = child;
    put(child, tree[2]);
    put(child + 1, tree[3]);
  };
  const roots = nested.map((tree) => {
    const root = column.push(-1) - 1;
    put(root, tree);
    return root;
  });
  return { start: Float64Array.of(start), roots: Int32Array.from(roots), column: Int32Array.from(column), cut: Float32Array.from(cut), left: Int32Array.from(left) }; // biome-ignore format: one value
}

const number = (feature: string) => ({ kind: 'standard' as const, feature, log: false, median: 0, missing: false, mean: 0, sd: 1 }); // biome-ignore format: one row
const stateOf = (trees: Trees): HazardState => ({
  edges: [0, 1],
  causes: 1,
  encoder: assemble(['a', 'b', 'c'].map(number)),
  meanX: new Float32Array(3),
  meanQ: new Float32Array(2),
  mixture: [{ name: 'trees', kind: 'trees', byBin: Float64Array.of(1), trees }],
});
const explained = (trees: Trees, x: readonly number[]) => {
  const model = hazardModel(stateOf(trees), calendar('UTC', 1, 1));
  return integratedGradients(model, Float32Array.from(x), new Float32Array(2), positiveBy(1, [true]));
};

test('a value on the cut goes left; trees add up', () => {
  const trees = treesOf(0.5, [
    [0, 1, -2, 2],
    [1, 0, [0, 3, 0.25, 0.5], 4],
  ]);
  const z = (x: readonly number[]) => {
    const [open, came] = predictTrees(trees, 1, Float32Array.from(x), 1);
    return Math.log(came! / open!);
  };
  expect(z([1, 0, 0])).toBeCloseTo(0.5 - 2 + 0.25, 6);
  expect(z([1.01, 0, 0])).toBeCloseTo(0.5 + 2 + 0.25, 6);
  expect(z([3.01, -1, 0])).toBeCloseTo(0.5 + 2 + 0.5, 6);
  expect(z([0, 0.1, 9])).toBeCloseTo(0.5 - 2 + 4, 6);
});

test('reasons: what a tree jumps by goes to the column whose cut is passed, and to no other', () => {
  const stumps = treesOf(-1, [
    [0, 0.5, 0, 1.5],
    [1, -1, 0.75, 0],
    [2, 4, 0, 9],
  ]);
  const { columns, base, total } = explained(stumps, [1, -2, 3]);
  expect(base).toBeCloseTo(-1, 6);
  expect(total).toBeCloseTo(1.25, 6);
  expect(columns[0]).toBeCloseTo(1.5, 4);
  expect(columns[1]).toBeCloseTo(0.75, 4);
  expect(columns[2]).toBe(0);
});

test('reasons: of two columns that only tell together, the one passed last on the way has the jump', () => {
  const both = treesOf(0, [[0, 0.2, 0, [1, 0.8, 0, 2]]]);
  const { columns } = explained(both, [1, 1, 0]);
  expect(columns[0]).toBeCloseTo(0, 4);
  expect(columns[1]).toBeCloseTo(2, 4);
  // The other way round the first column is passed last.
  expect(explained(both, [0.22, 1, 0]).columns[0]).toBeCloseTo(2, 4);
});

test('trees that ask of no column, or go back to a node before, are refused', () => {
  const rows = toyRows(10, 1);
  const good = treesOf(0, [[0, 1, -2, 2]]);
  const bytes = (trees: Trees) => toyBytes(rows, { ...stateOf(trees), causes: 2, mixture: [{ name: 'trees', kind: 'trees', byBin: Float64Array.of(1), trees: { ...trees, start: new Float64Array(2), roots: Int32Array.of(0, 0) } }] }); // biome-ignore format: one state
  expect(loadArtifact(bytes(good)).header.parts.mixture).toHaveLength(1);
  for (const bad of [
    { ...good, left: Int32Array.of(0, 0, 0) },
    { ...good, left: Int32Array.of(2, 0, 0) },
    { ...good, column: Int32Array.of(3, -1, -1) },
    { ...good, column: Int32Array.of(-2, -1, -1) },
  ])
    expect(() => loadArtifact(bytes(bad))).toThrow(/its trees do not fit/);
});
