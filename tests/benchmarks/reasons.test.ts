import { describe, expect, it } from 'vitest';
import { withUsual } from '../../benchmarks/quality/deletion.ts';
import { signsOf } from '../../benchmarks/quality/reasons.ts';
import { exchanged, INPUTS, references, trueEffect } from '../../benchmarks/quality/trueEffects.ts';
import { openAt, simulate, simulatedCompany, stateAt } from '../../datasets/synthetic.ts';
import { featuresOf } from '../../features/hash.ts';
import type { Frame } from '../../src/frame.ts';

const sim = simulate({ deals: 200, seed: 31, scenario: 'calm' });
const week = 120;
const usual = references(sim, week, 8);
const open = openAt(sim, week);
const effectOf = (input: 'engagement' | 'skill' | 'stage', i: number) =>
  trueEffect(sim, open[i]!, week, [input], usual, { paths: 16 }).own;

describe('true effects', () => {
  it('maps only ideas that features have', () => {
    const company = simulatedCompany(sim);
    const ideas = new Set(featuresOf('deal', company).map(({ idea }) => idea));
    expect(Object.keys(INPUTS).filter((idea) => !ideas.has(idea))).toEqual([]);
  });

  it('rewards engagement above that of others, and a late stage', () => {
    const by = (of: (i: number) => number) => open.map((_, i) => i).sort((a, b) => of(a) - of(b));
    const engaged = by((i) => stateAt(open[i]!, week)!.engagement + open[i]!.traits.mean);
    expect(effectOf('engagement', engaged[0]!)).toBeLessThan(0);
    expect(effectOf('engagement', engaged.at(-1)!)).toBeGreaterThan(0);
    const staged = by((i) => stateAt(open[i]!, week)!.stage);
    expect(effectOf('stage', staged[0]!)).toBeLessThan(effectOf('stage', staged.at(-1)!));
  });

  it('is nothing where the others are no different', () => {
    const same = [{ deal: open[0]!, week }];
    expect(trueEffect(sim, open[0]!, week, ['engagement', 'skill', 'price'], same, { paths: 8 }).own).toBeCloseTo(
      0,
      12,
    );
  });

  it('knows what more of it does', () => {
    const ofMore = (input: 'engagement' | 'quarterEnd') =>
      trueEffect(sim, open[0]!, week, [input], usual, { paths: 16 }).ofMore;
    expect(ofMore('engagement')).toBe(1);
    expect(ofMore('quarterEnd')).toBe(0);
  });

  it('exchanges what is asked and nothing else', () => {
    const other = usual[0]!;
    const { state, traits } = exchanged(sim, open[0]!, week, other, ['engagement']);
    expect(state).toEqual({ ...stateAt(open[0]!, week)!, engagement: stateAt(other.deal, other.week)!.engagement });
    expect(traits.mean).toBe(other.deal.traits.mean);
    expect(traits.wonBase).toBeCloseTo(open[0]!.traits.wonBase, 12);
  });
});

it('counts signs of what can be judged, and says the share of what cannot', () => {
  const { figures, accept } = signsOf([
    { idea: 'stage', contribution: 0.4, effect: 0.2, told: 1 },
    { idea: 'stage', contribution: -0.4, effect: 0.01, told: -1 },
    { idea: 'age', contribution: 0.4, effect: Number.NaN, told: Number.NaN },
    { idea: 'inbound', contribution: 0.1, effect: 0.3, told: 1 },
  ]);
  expect(figures['not judged']).toBe(0.25);
  expect(accept[0]!.value).toBeCloseTo(2 / 3, 12);
  expect(figures['true sign where it matters']).toBe(1);
  expect(figures['true sign of what is told']).toBe(1);
});

it('deletes by the usual value: a number, a word, or nothing', () => {
  const frame: Frame = {
    ids: ['a', 'b'],
    asOf: new Float64Array(2),
    columns: new Map([
      ['n', { type: 'number', values: Float64Array.of(1, 2) }],
      ['w', { type: 'category', codes: Int32Array.of(1, 0), levels: ['x', 'y'] }],
      ['m', { type: 'number', values: Float64Array.of(5, 6) }],
    ]),
  };
  const deleted = withUsual(frame, [{ row: 1, features: ['n', 'm'] }, { row: 0, features: ['w'] }], { n: 9, w: 'x', m: null }); // biome-ignore format: one call
  expect(deleted.columns.get('n')).toEqual({ type: 'number', values: Float64Array.of(9, 1) });
  expect(deleted.columns.get('m')).toEqual({ type: 'number', values: Float64Array.of(Number.NaN, 5) });
  expect(deleted.columns.get('w')).toMatchObject({ codes: Int32Array.of(0, 0) });
});
