import { describe, expect, test } from 'vitest';
import { reliability } from '../../../models/calibrate/reliability.ts';
import { random } from '../../../src/random.ts';
import { auc } from '../../../src/stats/auc.ts';
import { brier, brierParts } from '../../../src/stats/brier.ts';
import { ece } from '../../../src/stats/ece.ts';
import { logLoss } from '../../../src/stats/logLoss.ts';
import { subjects } from '../../../src/subjects/index.ts';
import { gainOf, ranked } from '../../../training/backtest/gains.ts';
import type { Happened } from '../../../training/backtest/happened.ts';
import { judgeAll } from '../../../training/backtest/judge.ts';
import type { Pair } from '../../../training/backtest/rivals.ts';
import type { Said } from '../../../training/backtest/said.ts';
import { byAge, bySegment } from '../../../training/backtest/slices.ts';
import { verdicts } from '../../../training/backtest/verdict.ts';
import { aucOf, binnedOf, meanOf, scored, slopeOf } from '../../../training/backtest/weighted.ts';
import { testSeed } from '../../arbitraries.ts';

const DAY = 86_400_000;
const seed = testSeed;

describe('figures of weighted rows are those of rows repeated as often', () => {
  const stream = random(seed);
  const n = 60;
  const p = Float64Array.from({ length: n }, () => Math.round(20 * stream.uniform()) / 20); // with ties
  const event = Float64Array.from(p, (v) => Number(stream.uniform() < v));
  const w = Float64Array.from({ length: n }, () => stream.below(4));
  const repeated = [...p.keys()].flatMap((i) => Array.from({ length: w[i]! }, () => i));
  const [P, Y] = [repeated.map((i) => p[i]!), repeated.map((i) => event[i]!)];
  const s = scored(event, p);

  test('log loss, Brier and AUC', () => {
    expect(meanOf(s.loss, w)).toBeCloseTo(logLoss(Y, P), 10);
    expect(meanOf(s.square, w)).toBeCloseTo(brier(Y, P), 12);
    expect(aucOf(s, w)).toBeCloseTo(auc(Y, P), 12);
  });
  test('the decomposition of the Brier score and the calibration error', () => {
    const { ece: gap, ...parts } = binnedOf(s, w);
    expect(gap).toBeCloseTo(ece(Y, P, 'width'), 12);
    for (const [name, value] of Object.entries(brierParts(Y, P))) expect(parts[name as keyof typeof parts]).toBeCloseTo(value, 12); // biome-ignore format: one check
  });
  test('slope and intercept', () => {
    const soft = p.map((v) => 0.05 + 0.9 * v);
    const { slope, intercept } = slopeOf(scored(event, soft), w);
    const of = reliability(Y, repeated.map((i) => soft[i]!)); // biome-ignore format: one call
    expect(slope).toBeCloseTo(of.slope, 6);
    expect(intercept).toBeCloseTo(of.intercept, 6);
    expect(slopeOf(scored(event, new Float64Array(n).fill(0.3)), w).slope).toBeNaN();
  });
});

describe('gains', () => {
  const ones = (n: number) => new Float64Array(n).fill(1);
  test('of the list: best first, each origin on its own', () => {
    const p = Float64Array.of(0.9, 0.1, 0.5, 0.4, 0.2, 0.3);
    const origin = [1, 1, 1, 2, 2, 2];
    const won = Float64Array.of(1, 0, 0, 0, 0, 1);
    // A third of each list: the .9 of the first (won), the .4 of the second (not).
    expect(gainOf(ranked(origin, p), undefined, won, ones(6), 1 / 3)).toBeCloseTo(0.5, 12);
    expect(gainOf(ranked(origin, p), undefined, won, ones(6), 1)).toBe(1);
    expect(gainOf(ranked(origin, p), undefined, won, ones(6), 0)).toBe(0);
  });
  test('of the money: a deal at the border counts in part', () => {
    const p = Float64Array.of(0.9, 0.5, 0.1);
    const worth = Float64Array.of(10, 80, 10);
    const brought = Float64Array.of(10, 80, 0);
    expect(gainOf(ranked([1, 1, 1], p), worth, brought, ones(3), 0.5)).toBeCloseTo((10 + 40) / 90, 12);
  });
  test('whoever says the same of all holds exactly the share, in whatever order the rows came', () => {
    const stream = random(seed);
    const worth = Float64Array.from({ length: 40 }, () => stream.uniform() * 100);
    const brought = worth.map((v) => (stream.uniform() < 0.3 ? v : 0));
    const flat = ranked(Array.from({ length: 40 }, (_, i) => i % 3), ones(40)); // biome-ignore format: one call
    let expected = 0;
    for (const o of [0, 1, 2]) expected += 0.2 * brought.reduce((s, v, i) => s + (i % 3 === o ? v : 0), 0);
    expect(gainOf(flat, worth, brought, ones(40), 0.2)).toBeCloseTo(expected / brought.reduce((s, v) => s + v, 0), 12);
  });
  test('nothing won: cannot be told', () => {
    expect(gainOf(ranked([1, 1], Float64Array.of(0.1, 0.2)), undefined, new Float64Array(2), ones(2), 0.5)).toBeNaN();
  });
});

/** Deals of so many accounts; ours knows `skill` of the truth, the rivals the stage or nothing. */
function made(accounts: number, looks: number, skill: number) {
  const stream = random(seed).fork('made');
  const said: Said[] = [];
  const happened: Happened[] = [];
  for (let a = 0; a < accounts; a++) {
    const truth = 0.2 + 0.5 * stream.uniform();
    const won = Number(stream.uniform() < truth);
    for (let look = 0; look < looks; look++) {
      const pair = (p: number): Pair => ({ ever: p, within: p });
      const ours = pair(0.35 + skill * (truth - 0.35));
      const rivals = { plainPercentage: pair(0.3), baseRate: pair(0.35) };
      const row = { id: `D${a}`, at: look * DAY, version: 'v', account: `A${a}`, ageDays: 20 + 28 * look, segment: a % 2 ? 'Offer' : 'First' }; // biome-ignore format: a row
      said.push({ ...row, worthMinor: 1000, ours, rivals });
      happened.push({ ever: won, within: won, broughtMinor: won * 1000 });
    }
  }
  return { said, happened };
}
const judgeOptions = { draws: 200, seed: 1, money: true };
const rivals = ['plainPercentage', 'baseRate'].map((name) => ({ name: name as 'baseRate', label: name, says: '', percentage: false, cell: () => '' })); // biome-ignore format: a list

describe('judging', () => {
  test('one deal seen at several looks adds no certainty: the interval is that of one look', () => {
    const one = made(80, 1, 0.8);
    const many = { said: [] as Said[], happened: [] as Happened[] };
    one.said.forEach((row, i) => {
      for (let k = 0; k < 5; k++) {
        many.said.push({ ...row, at: k * DAY });
        many.happened.push(one.happened[i]!);
      }
    });
    const [a, b] = [judgeAll(one.said, one.happened, judgeOptions), judgeAll(many.said, many.happened, judgeOptions)];
    expect(b.rows.within).toBe(5 * a.rows.within);
    for (const figure of ['logLoss', 'brier', 'auc'] as const) {
      const [x, y] = [a.figures.within['foresell']![figure]!, b.figures.within['foresell']![figure]!];
      for (const end of ['value', 'low', 'high'] as const) expect(y[end]).toBeCloseTo(x[end]!, 9);
    }
  });

  test('skill beyond chance is said to be better, the same numbers to be no different, and noise to be worse', () => {
    const text = (skill: number) => {
      const { said, happened } = made(400, 2, skill);
      return verdicts(judgeAll(said, happened, judgeOptions), rivals, subjects.deal)[1]!;
    };
    expect(text(1).says).toBe('better');
    expect(text(1).text).toContain('beyond chance');
    expect(text(0).says).toBe('no difference');
    expect(text(0).logLoss).toEqual({ value: 0, low: 0, high: 0 });
    expect(text(-0.9).says).toBe('worse');
  });

  test('money and differences are there, paired; without money only the list', () => {
    const { said, happened } = made(150, 2, 1);
    const of = judgeAll(said, happened, judgeOptions);
    expect(of.figures.within['baseRate']!['money20']!.value).toBeCloseTo(0.2, 9);
    expect(of.figures.within['foresell']!['money20']!.value).toBeGreaterThan(0.2);
    const [ours, theirs] = [of.figures.within['foresell']!['logLoss']!, of.figures.within['baseRate']!['logLoss']!];
    expect(of.differences.within['baseRate']!['logLoss']!.value).toBeCloseTo(ours.value! - theirs.value!, 12);
    const list = judgeAll(said, happened, { ...judgeOptions, money: false });
    expect(list.figures.within['foresell']!['money20']).toBeUndefined();
    expect(list.curves.map(({ by }) => by)).not.toContain('money');
  });

  test('of a method that says the same of all, calibration is one point', () => {
    const { said, happened } = made(150, 2, 1);
    const { calibration } = judgeAll(said, happened, judgeOptions);
    expect(calibration.within['baseRate']!.map(({ rows }) => rows)).toEqual([300]);
    expect(calibration.within['foresell']!.length).toBeGreaterThan(4);
  });

  test('undecided rows answer only what can be asked of them', () => {
    const { said, happened } = made(100, 1, 1);
    const open = happened.map((row, i) => (i % 4 === 0 ? { ...row, ever: Number.NaN, within: 0 } : row));
    const of = judgeAll(said, open, judgeOptions);
    expect(of.rows).toEqual({ within: 100, ever: 75 });
    expect(of.undecidedShare).toBeCloseTo(0.25, 12);
  });

  test('slices take every row once', () => {
    const { said, happened } = made(60, 3, 1);
    for (const slices of [byAge(said, happened, 'baseRate', 1), bySegment(said, happened, 'baseRate', 1)]) {
      expect(slices.reduce((sum, { rows }) => sum + rows, 0)).toBe(180);
      expect(slices.length).toBe(2);
    }
  });
});
