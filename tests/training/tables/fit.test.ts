import { expect, test } from 'vitest';
import { betaBand } from '../../../models/coldStart.ts';
import { nllOfProbabilities } from '../../../models/hazards.ts';
import { takePlaced } from '../../../models/networkFit.ts';
import type { Frame } from '../../../src/frame.ts';
import { takeRows } from '../../../src/frame.ts';
import { random } from '../../../src/random.ts';
import { binaryRows, fitTable, probabilities } from '../../../training/tables/fit.ts';
import { hasSkill, heldOut } from '../../../training/tables/heldOut.ts';
import { tableDefaults } from '../../../training/tables/settings.ts';

const stream = random(17);
const n = 70;
const a = Float64Array.from({ length: n }, () => stream.normal());
const b = Float64Array.from({ length: n }, () => stream.normal());
const event = Uint8Array.from(a, (v) => (stream.uniform() < 1 / (1 + Math.exp(1 - v)) ? 1 : 0));
const X: Frame = {
  ids: Array.from({ length: n }, (_, i) => `r${i}`),
  asOf: new Float64Array(n),
  columns: new Map([
    ['a', { type: 'number', values: a }],
    ['b', { type: 'number', values: b }],
  ]),
};
const first = (k: number) => Array.from({ length: k }, (_, i) => i);
const fitted = (k: number) =>
  fitTable(binaryRows(takeRows(X, first(k)), event.slice(0, k)), { flexibleFrom: Number.POSITIVE_INFINITY });

test('outcomes one at a time, past 50: no probability and no band leaps', async () => {
  let before: { p: Float64Array; bands: { lo: number; hi: number }[] } | undefined;
  for (let k = 44; k <= 56; k++) {
    const fit = await fitted(k);
    const p = probabilities(fit.state, X);
    const bands = Array.from(p, (rate) =>
      betaBand({ rate, weight: fit.base.weight }, ((rate - fit.base.rate) / 2) ** 2),
    );
    if (before) {
      const { p: was, bands: had } = before;
      for (let i = 0; i < n; i++) {
        expect(Math.abs(p[i]! - was[i]!)).toBeLessThan(0.12);
        expect(Math.abs(bands[i]!.lo - had[i]!.lo)).toBeLessThan(0.15);
        expect(Math.abs(bands[i]!.hi - had[i]!.hi)).toBeLessThan(0.15);
      }
    }
    before = { p, bands };
  }
}, 60_000);

test('one class only: the shrunk base rate for everyone', async () => {
  const none = new Uint8Array(12);
  const { state, weights } = await fitTable(binaryRows(takeRows(X, first(12)), none));
  expect(weights).toEqual({ constant: 1 });
  expect(new Set(probabilities(state, X))).toEqual(new Set([1 / 16]));
});

test('the same rows and options give the same state', async () => {
  expect((await fitted(40)).state).toEqual((await fitted(40)).state);
}, 60_000);

test('few rows: the recipe gives what it gave before there was one for many', async () => {
  const { state, weights } = await fitted(n);
  const p = probabilities(state, X);
  const before = [0.6136746449574912, 0.2607358997391961, 0.5039630818688998, 0.37699073154371254];
  for (const [i, v] of before.entries()) expect(p[i]).toBeCloseTo(v, 9);
  expect(weights['constant']).toBeCloseTo(0.14804394945712046, 9);
});

test('more rows than there is room for: what is said of unseen rows is said of those rows', async () => {
  const many = 900;
  const signal = Float64Array.from({ length: many }, () => stream.normal());
  const won = Uint8Array.from(signal, (v) => (stream.uniform() < 1 / (1 + Math.exp(1 - 2 * v)) ? 1 : 0));
  const rows = binaryRows({ ids: Array.from({ length: many }, (_, i) => `m${i}`), asOf: new Float64Array(many), columns: new Map([['signal', { type: 'number', values: signal }]]) }, won); // biome-ignore format: one table
  const large = { ...tableDefaults.large, from: [100, 20] as const, cells: 8_000, network: { ...tableDefaults.large.network, epochs: 2 } }; // biome-ignore format: one choice
  const fit = await fitTable(rows, { large });
  expect(fit.rowsUsed).toBeLessThan(many);
  const { rows: held, p } = fit.unseen;
  const loss = nllOfProbabilities(rows.grid, p, takePlaced(rows.placed, held)).reduce((sum, v) => sum + v, 0);
  expect(loss / held.length).toBeCloseTo(fit.losses['mixture']!, 9);
  expect(heldOut(rows, fit)['mixture']!['auc']).toBeGreaterThan(0.75);
  expect(hasSkill(rows, fit)).toBe(true);
}, 60_000);
