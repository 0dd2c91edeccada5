import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DealCall, judgeLedger, type LedgerLook } from '../../../models/forecast/ledger.ts';
import { DAY } from '../../../src/time.ts';
import { testSeed } from '../../arbitraries.ts';

const options = { draws: 200, seed: 1 };
const look = (of: Partial<LedgerLook> = {}): LedgerLook => ({
  at: 0,
  period: { from: 0, to: 91 * DAY, label: '2026-Q1' },
  weeksLeft: 13,
  version: 'v',
  hindsight: false,
  bookedMinor: 0,
  said: { foresell: 100, usual: 100, stageRate: 100, categories: 100 },
  p10Minor: 80,
  p50Minor: 100,
  p90Minor: 120,
  actualMinor: 100,
  voices: { foresell: 100, reps: null, manager: null },
  calls: [],
  groupCalls: [],
  ...of,
});
const call = (i: number, calledMinor: number, cameMinor: number, owner: string | null = 'u'): DealCall => ({
  ...{ id: `d${i}`, owner, account: `a${i}`, calledMinor, expectedMinor: 50, cameMinor },
});

describe('how forecasts held', () => {
  it(`is what a plain sum says, over all looks and a horizon at a time (seed ${testSeed})`, () => {
    const amount = fc.integer({ min: 0, max: 1000 });
    const one = fc.record({ weeksLeft: fc.integer({ min: 1, max: 14 }), actual: amount, said: amount, low: amount, high: amount }); // biome-ignore format: a row
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 30 }), (rows) => {
        const judged = judgeLedger(
          rows.map(({ weeksLeft, actual, said, low, high }) =>
            look({
              weeksLeft,
              actualMinor: actual,
              said: { foresell: said, usual: said, stageRate: said, categories: null },
              p10Minor: Math.min(low, high),
              p50Minor: said,
              p90Minor: Math.max(low, high),
            }),
          ),
          options,
        );
        const came = rows.reduce((sum, { actual }) => sum + actual, 0);
        const [ours, usual, ...rest] = judged.figures;
        expect(rest.map(({ way }) => way)).toEqual(['stageRate']); // one without an answer at a look is left out
        if (came === 0) expect([ours!.wape, ours!.bias, ours!.pinball10]).toEqual([null, null, null]);
        else {
          const off = rows.reduce((sum, { actual, said }) => sum + Math.abs(said - actual), 0);
          const over = rows.reduce((sum, { actual, said }) => sum + (said - actual), 0);
          expect(ours!.wape).toBeCloseTo(off / came, 10);
          expect(ours!.bias).toBeCloseTo(over / came, 10);
          expect(usual!.pinball50).toBeCloseTo(off / came / 2, 10);
          const high = rows.reduce((sum, row) => {
            const d = row.actual - Math.max(row.low, row.high);
            return sum + (d > 0 ? 0.9 * d : -0.1 * d);
          }, 0);
          expect(ours!.pinball90).toBeCloseTo(high / came, 10);
        }
        const held = rows.filter((row) => row.actual >= Math.min(row.low, row.high) && row.actual <= Math.max(row.low, row.high)); // biome-ignore format: one check
        expect(ours!.coverage80).toBeCloseTo(held.length / rows.length, 12);
        expect(judged.horizons.reduce((sum, { looks }) => sum + looks, 0)).toBe(rows.length);
      }),
      { seed: testSeed, numRuns: 60 },
    );
  });

  it('counts quarters, not looks, as what is independent', () => {
    const second = { from: 91 * DAY, to: 182 * DAY, label: '2026-Q2' };
    const { looks, periods, horizons } = judgeLedger([look(), look({ weeksLeft: 3 }), look({ period: second })], options); // biome-ignore format: one call
    expect({ looks, periods }).toEqual({ looks: 3, periods: 2 });
    expect(horizons.map(({ fromWeeks, looks, periods }) => [fromWeeks, looks, periods])).toEqual([[1, 1, 1], [9, 2, 2]]); // biome-ignore format: one check
  });
});

it('blends people and model by what they said of the whole, a horizon at a time', () => {
  const looks = Array.from({ length: 16 }, (_, k) =>
    [2, 10].map((weeksLeft) =>
      look({
        ...{ at: k * 91 * DAY + 1, period: { from: k * 91 * DAY, to: (k + 1) * 91 * DAY, label: `q${k}` }, weeksLeft },
        voices: { foresell: k % 2 ? 140 : 60, reps: k % 2 ? 60 : 140, manager: null },
      }),
    ),
  ).flat();
  for (const one of judgeLedger(looks, options).blend) {
    expect(one).toMatchObject({ verdict: 'used', of: ['foresell', 'reps'], periods: 16, judged: 12, wape: 0 });
    expect(one.weights).toEqual({ foresell: 0.5, reps: 0.5 });
  }
  expect(judgeLedger([look()], options).blend).toMatchObject([{ fromWeeks: 9, toWeeks: 14, verdict: 'nobody' }]);
});

describe('people’s calls', () => {
  const range = (n: number) => Array.from({ length: n }, (_, i) => i);
  const verdictOf = (calls: readonly DealCall[]) => judgeLedger([look({ calls })], options).owners[0]!;

  it('more than was called came: sandbagging; less: happy ears; beyond chance only', () => {
    expect(verdictOf(range(20).map((i) => call(i, 10, 100))).verdict).toBe('sandbagging');
    expect(verdictOf(range(20).map((i) => call(i, 100, i % 3 ? 0 : 100))).verdict).toBe('happyEars');
    const even = verdictOf(range(20).map((i) => call(i, 50, i % 2 ? 0 : 100)));
    expect(even).toMatchObject({ verdict: 'even', calledMinor: 1000, cameMinor: 1000, gap: { minor: 0 } });
  });

  it('few deals, or all of one account, are no ground for a word about anybody', () => {
    expect(verdictOf(range(9).map((i) => call(i, 0, 100))).verdict).toBe('tooFew');
    const one = verdictOf(range(20).map((i) => ({ ...call(i, 0, 100), account: 'a' })));
    expect(one).toMatchObject({ verdict: 'tooFew', gap: { lowMinor: null, highMinor: null } });
  });

  it('are means a look, of each person apart, also of nobody', () => {
    const { owners } = judgeLedger(
      [look({ calls: [call(1, 10, 20), call(2, 30, 0, null)] }), look({ calls: [call(1, 30, 20), call(3, 0, 40)] })],
      options,
    );
    expect(owners.map(({ owner, looks, deals }) => [owner, looks, deals])).toEqual([['u', 2, 2], [null, 1, 1]]); // biome-ignore format: one check
    expect(owners[0]).toMatchObject({ calledMinor: 20, cameMinor: 40, callWape: 40 / 80 });
    expect(owners[1]).toMatchObject({ calledMinor: 30, cameMinor: 0, callWape: null });
  });
});

describe('numbers that people put beside the forecast', () => {
  it('are judged at the looks at which they counted, beside the model at the same looks', () => {
    const call = (saidMinor: number, cameMinor: number, group: string | null = null) => ({ kind: 'commit' as const, by: group === null ? ('all' as const) : ('owner' as const), group, saidMinor, expectedMinor: 90, cameMinor, nested: false }); // biome-ignore format: a row
    const { groups } = judgeLedger([look({ groupCalls: [call(120, 100), call(5, 0, 'u')] }), look({ groupCalls: [call(80, 100)] }), look()], options); // biome-ignore format: one call
    expect(groups).toEqual([
      { kind: 'commit', by: 'all', group: null, looks: 2, periods: 1, bias: 0, wape: 0.2, modelBias: -0.1, modelWape: 0.1 }, // biome-ignore format: a row
      { kind: 'commit', by: 'owner', group: 'u', looks: 1, periods: 1, bias: null, wape: null, modelBias: null, modelWape: null }, // biome-ignore format: a row
    ]);
  });
});
