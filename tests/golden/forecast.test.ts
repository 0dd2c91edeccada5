import { expect, test } from 'vitest';
import { crpsEnsemble, crpsGaussian } from '../../src/stats/crps.ts';
import { bias, mae, mase, rmse, smape, wape } from '../../src/stats/forecastErrors.ts';
import { coverage, intervalScore } from '../../src/stats/interval.ts';
import { pinball } from '../../src/stats/pinball.ts';
import { block } from './values.ts';

const golden = block<{
  actual: number[];
  forecast: number[];
  insample: number[];
  mae: number;
  rmse: number;
  wape: number;
  smapePct: number;
  mase1: number;
  mase4: number;
  bias: number;
  quantiles: number[];
  quantileForecasts: number[][];
  pinballMean: number[];
  coverage80: number;
  intervalScore80: number;
  crpsGaussian: { mu: number; sigma: number; y: number; crps: number };
  crpsEnsemble: { x: number[]; y: number; crps: number };
}>('forecast');
const { actual, forecast, insample } = golden;
const [low, , high] = golden.quantileForecasts;

test.each([
  ['mae', mae(actual, forecast), golden.mae],
  ['rmse', rmse(actual, forecast), golden.rmse],
  ['wape', wape(actual, forecast), golden.wape],
  ['smape', smape(actual, forecast), golden.smapePct],
  ['mase', mase(actual, forecast, insample), golden.mase1],
  ['mase of lag 4', mase(actual, forecast, insample, 4), golden.mase4],
  ['bias', bias(actual, forecast), golden.bias],
  ['coverage', coverage(actual, low, high), golden.coverage80],
  ['interval score', intervalScore(actual, low, high, 0.2), golden.intervalScore80],
  ['crps, normal', crpsGaussian(3, 2, 4.5), golden.crpsGaussian.crps],
  ['crps, ensemble', crpsEnsemble(golden.crpsEnsemble.x, golden.crpsEnsemble.y), golden.crpsEnsemble.crps],
])('golden: %s', (_, value, expected) => {
  expect(value).toBeCloseTo(expected, 9);
});

test('golden: pinball at each level', () => {
  for (const [i, level] of golden.quantiles.entries()) {
    expect(pinball(actual, golden.quantileForecasts[i], level)).toBeCloseTo(golden.pinballMean[i], 9);
  }
});
