import { describe, expect, test } from 'vitest';
import { aalenJohansen } from '../../src/stats/aalenJohansen.ts';
import { antolini, harrell } from '../../src/stats/concordance.ts';
import { dCalibration } from '../../src/stats/dCalibration.ts';
import { integrated, ipcwBrier } from '../../src/stats/ipcwBrier.ts';
import { kaplanMeier } from '../../src/stats/kaplanMeier.ts';
import { nelsonAalen } from '../../src/stats/nelsonAalen.ts';
import { block } from './values.ts';

const golden = block<{
  time: number[];
  event: number[];
  x: number[];
  cause: number[];
  kmTimes: number[];
  kmSurv: number[];
  nelsonAalen: number[];
  harrellC_riskIsX: number;
  aalenJohansen_F1_F2_S: [number, number, number][];
  brierTimes: number[];
  ipcwBrier: number[];
  ibs: number;
  antoliniCtd: number;
  dCalibration: { bins: number[]; chi2: number; p: number };
}>('survival');
const { time, event, x } = golden;
/** The model that the block states: S_i(t) = exp(-.06 exp(.5 x) t). */
const survival = (row: number, t: number) => Math.exp(-0.06 * Math.exp(0.5 * x[row]) * t);
const near = (values: ArrayLike<number>, expected: readonly number[], digits: number) => {
  expect(values.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(values[i]).toBeCloseTo(value, digits);
};

describe('golden: survival', () => {
  test('Kaplan-Meier', () => {
    const step = kaplanMeier(time, event);
    near(step.times, golden.kmTimes, 12);
    near(step.values, golden.kmSurv, 7);
  });
  test('Nelson-Aalen', () => near(nelsonAalen(time, event).values, golden.nelsonAalen, 7));
  test('Aalen-Johansen', () => {
    const { incidence, open } = aalenJohansen(time, golden.cause, 2);
    near(
      incidence,
      golden.aalenJohansen_F1_F2_S.flatMap(([a, b]) => [a, b]),
      7,
    );
    near(
      open,
      golden.aalenJohansen_F1_F2_S.map(([, , s]) => s),
      7,
    );
  });
  test('Harrell and Antolini', () => {
    expect(harrell(time, event, x)).toBeCloseTo(golden.harrellC_riskIsX, 7);
    expect(antolini(time, event, (row, t) => 1 - survival(row, t))).toBeCloseTo(golden.antoliniCtd, 7);
  });
  test('Brier under censoring, by time and integrated', () => {
    const F = time.flatMap((_, row) => golden.brierTimes.map((t) => 1 - survival(row, t)));
    const score = ipcwBrier(time, event, 1, golden.brierTimes, F);
    near(score, golden.ipcwBrier, 7);
    expect(integrated(golden.brierTimes, score)).toBeCloseTo(golden.ibs, 7);
  });
  test('D-calibration', () => {
    const result = dCalibration(
      time.map((t, row) => survival(row, t)),
      event,
    );
    near(result.bins, golden.dCalibration.bins, 5);
    expect(result.chiSquare).toBeCloseTo(golden.dCalibration.chi2, 5);
    expect(result.pValue).toBeCloseTo(golden.dCalibration.p, 6);
  });
});

describe('golden: R survival 3.5.3', () => {
  const r = block<Record<string, number[]>>('rSurvival_3.5.3');
  test('Kaplan-Meier of aml', () => {
    // R's survival::aml, the maintained group: times in weeks, + = censored.
    const weeks = [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161];
    const status = [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0];
    const other = [5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45];
    const otherStatus = [1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1];
    const step = kaplanMeier([...weeks, ...other], [...status, ...otherStatus]);
    const at = (t: number) => step.values[step.times.indexOf(t)];
    near([13, 23, 48].map(at), r['amlKM_t13_23_48'], 6);
  });
});
