import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { random } from '../../../src/random.ts';
import { aalenJohansen } from '../../../src/stats/aalenJohansen.ts';
import { antolini, harrell } from '../../../src/stats/concordance.ts';
import { dCalibration } from '../../../src/stats/dCalibration.ts';
import { integrated, ipcwBrier } from '../../../src/stats/ipcwBrier.ts';
import { kaplanMeier, stepAt } from '../../../src/stats/kaplanMeier.ts';
import { nelsonAalen } from '../../../src/stats/nelsonAalen.ts';

const rows = fc.array(
  fc.record({ time: fc.integer({ min: 1, max: 12 }), cause: fc.integer({ min: 0, max: 2 }), risk: fc.nat(5) }),
  { minLength: 1, maxLength: 40 },
);
const times = (list: { time: number }[]) => list.map((row) => row.time);
const causes = (list: { cause: number }[]) => list.map((row) => row.cause);
const events = (list: { cause: number }[]) => list.map((row) => (row.cause > 0 ? 1 : 0));

describe('curves', () => {
  test('F_1 + F_2 + S = 1; causes put together are one minus Kaplan-Meier', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const { times: at, incidence, open } = aalenJohansen(times(list), causes(list), 2);
        const step = kaplanMeier(times(list), events(list));
        for (let i = 0; i < at.length; i++) {
          expect(incidence[2 * i] + incidence[2 * i + 1] + open[i]).toBeCloseTo(1, 12);
          expect(open[i]).toBeCloseTo(stepAt(step, at[i]), 12);
        }
      }),
    );
  });
  test('Nelson-Aalen is the sum of d / r by a double loop, and stays above -log S', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const step = nelsonAalen(times(list), events(list));
        const S = kaplanMeier(times(list), events(list));
        for (const [i, t] of step.times.entries()) {
          let sum = 0;
          for (const u of step.times) {
            if (u > t) break;
            const died = list.filter((row) => row.time === u && row.cause > 0).length;
            sum += died / list.filter((row) => row.time >= u).length;
          }
          expect(step.values[i]).toBeCloseTo(sum, 10);
          expect(step.values[i]).toBeLessThanOrEqual(-Math.log(S.values[i]) + 1e-12);
        }
      }),
    );
  });
  test('a step is read from the right, or from the left', () => {
    const step = kaplanMeier([2, 4], [1, 1]);
    expect([1.9, 2, 3, 4, 9].map((t) => stepAt(step, t))).toEqual([1, 0.5, 0.5, 0, 0]);
    expect([2, 4].map((t) => stepAt(step, t, true))).toEqual([1, 0.5]);
  });
  test('no rows', () => expect(kaplanMeier([], []).times.length).toBe(0));
});

describe('scores', () => {
  test('without censoring the Brier score is the plain one', () => {
    fc.assert(
      fc.property(rows, fc.double({ min: 0, max: 1, noNaN: true }), (list, F) => {
        const ended = list.map((row) => ({ ...row, cause: Math.max(1, row.cause) }));
        const [score] = ipcwBrier(
          times(ended),
          causes(ended),
          1,
          [6],
          ended.map(() => F),
        );
        const plain =
          ended.reduce((sum, row) => sum + ((row.time <= 6 && row.cause === 1 ? 1 : 0) - F) ** 2, 0) / ended.length;
        expect(score).toBeCloseTo(plain, 10);
      }),
    );
  });
  test('with censoring it still estimates what no censoring would have shown', () => {
    const stream = random(31);
    const n = 20_000;
    const [event, censor] = [0, 1].map(() =>
      Float64Array.from({ length: n }, () => -10 * Math.log(1 - stream.uniform())),
    );
    const F = new Float64Array(n).fill(0.3);
    const full = ipcwBrier(event, new Uint8Array(n).fill(1), 1, [8], F)[0];
    const seen = event.map((t, i) => Math.min(t, censor[i]));
    const cause = Uint8Array.from(event, (t, i) => (t <= censor[i] ? 1 : 0));
    expect(Math.abs(ipcwBrier(seen, cause, 1, [8], F)[0] - full)).toBeLessThan(0.01);
  });
  test('a risk that does not move with time: Antolini is Harrell; turned risks turn the score', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const risk = list.map((row) => row.risk);
        const [t, e] = [times(list), events(list)];
        const c = harrell(t, e, risk);
        if (Number.isNaN(c)) return;
        expect(antolini(t, e, (row) => risk[row])).toBeCloseTo(c, 12);
        expect(
          harrell(
            t,
            e,
            risk.map((value) => -value),
          ),
        ).toBeCloseTo(1 - c, 12);
      }),
    );
  });
  test('true survival is D-calibrated, half of it is not, and rows are all counted', () => {
    const stream = random(32);
    const n = 4000;
    const time = Float64Array.from({ length: n }, () => -Math.log(1 - stream.uniform()));
    const stop = Float64Array.from({ length: n }, () => -2 * Math.log(1 - stream.uniform()));
    const event = time.map((t, i) => (t <= stop[i] ? 1 : 0));
    const survival = time.map((t, i) => Math.exp(-Math.min(t, stop[i])));
    const good = dCalibration(survival, event);
    expect(good.bins.reduce((a, b) => a + b, 0)).toBeCloseTo(n, 6);
    expect(good.pValue).toBeGreaterThan(0.001);
    expect(
      dCalibration(
        survival.map((s) => s ** 1.3),
        event,
      ).pValue,
    ).toBeLessThan(1e-6);
  });
  test('the integral of a constant is the constant', () => expect(integrated([0, 1, 5], [2, 2, 2])).toBe(2));
});
