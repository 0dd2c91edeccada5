import { inverse, Matrix } from 'ml-matrix';
import { expect, test } from 'vitest';
import { forecastHierarchy } from '../../../models/series/forecastHierarchy.ts';
import { hierarchyNodes, hierarchyPlan, sumLines } from '../../../models/series/hierarchy.ts';
import { type Reconciliation, reconcile, reconciliations, shrinkage } from '../../../models/series/reconcile.ts';
import { random } from '../../../src/random.ts';
import { testSeed } from '../../arbitraries.ts';
import { block } from '../../golden/values.ts';

const golden =
  block<Record<'base' | 'ols' | 'wlsStruct' | 'wlsVar' | 'wlsVarDiag' | 'bottomUp', number[]>>('reconciliation');
const nodes = hierarchyNodes(hierarchyPlan('a'), [['A'], ['A'], ['B'], ['B']]);
const rows = (values: readonly number[]) => values.map((v) => Float64Array.of(v));

test.each([
  ['ols', golden.ols],
  ['structural', golden.wlsStruct],
  ['variance', golden.wlsVar],
  ['bottom-up', golden.bottomUp],
] as const)('golden: %s', (how, expected) => {
  const errors = golden.wlsVarDiag.map((v) => Float64Array.of(Math.sqrt(v)));
  const got = reconcile(nodes, rows(golden.base), how, errors, false);
  for (const [i, v] of expected.entries()) expect(got[i]![0]).toBeCloseTo(v, 6);
});

test("mint equals S (S' W^-1 S)^-1 S' W^-1 y written out", () => {
  const r = random(testSeed);
  const T = 12;
  const errors = golden.base.map(() => Float64Array.from({ length: T }, () => r.normal()));
  const n = errors.length;
  const covariance = (i: number, j: number) => errors[i]!.reduce((sum, v, t) => sum + v * errors[j]![t]!, 0) / T;
  const s = shrinkage(
    errors,
    errors.map((_, i) => covariance(i, i)),
  );
  const W = new Matrix(n, n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) W.set(i, j, (i === j ? 1 : 1 - s) * covariance(i, j));
  const S = new Matrix([[1, 1, 1, 1], [1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]); // biome-ignore format: a matrix
  const weighted = S.transpose().mmul(inverse(W));
  const expected = S.mmul(inverse(weighted.mmul(S)))
    .mmul(weighted)
    .mmul(Matrix.columnVector(golden.base))
    .to1DArray();
  const got = reconcile(nodes, rows(golden.base), 'mint', errors, false);
  for (const [i, v] of expected.entries()) expect(got[i]![0]).toBeCloseTo(v, 8);
});

test('levels: down, across, and lines that stand for themselves', () => {
  expect(nodes.map(({ id }) => id)).toEqual(['total', 'a=A', 'a=B']);
  const crossed = hierarchyNodes(hierarchyPlan('state/region*kind'), [['N', 'x', 'k'], ['N', 'x', 'l'], ['N', 'y', 'k'], ['S', 'z', 'k']]); // biome-ignore format: cells
  expect(new Set(crossed.map(({ level }) => level))).toEqual(
    new Set(['', 'state', 'kind', 'state/region', 'state/kind']),
  );
  expect(() => hierarchyPlan('a//b')).toThrow(expect.objectContaining({ code: 'hierarchy-invalid' }));
});

test.each(reconciliations)('everything adds up, nothing below 0: %s', (how: Reconciliation) => {
  const r = random(testSeed);
  const lines = [0, 1, 2, 3].map((i) => ({
    y: Float64Array.from({ length: 24 }, () => Math.max(0, i + 2 * r.normal())),
  }));
  const said = forecastHierarchy(nodes, lines, { season: 1, horizon: 3, method: 'auto', origins: 2, reconcile: how });
  const means = said.map(({ mean }) => mean);
  for (const [a, { lines: own }] of nodes.entries())
    for (const [h, v] of sumLines(own, means.slice(nodes.length)).entries()) expect(Math.abs(v - means[a]![h])).toBeLessThanOrEqual(1e-9 * v); // biome-ignore format: one check
  for (const { mean, intervals } of said)
    for (let h = 0; h < 3; h++) expect(Math.min(mean[h], intervals[95].low[h])).toBeGreaterThanOrEqual(0);
});
