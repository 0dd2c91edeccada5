import { describe, expect, test } from 'vitest';
import { auc } from '../../src/stats/auc.ts';
import { averagePrecision } from '../../src/stats/averagePrecision.ts';
import { brier, brierParts } from '../../src/stats/brier.ts';
import { confusion, f1, mcc } from '../../src/stats/confusion.ts';
import { ece } from '../../src/stats/ece.ts';
import { ks } from '../../src/stats/ks2.ts';
import { lift } from '../../src/stats/lift.ts';
import { logLoss } from '../../src/stats/logLoss.ts';
import { block } from './values.ts';

const golden = block<{
  y: number[];
  p: number[];
  auc: number;
  averagePrecision: number;
  logLoss: number;
  brier: number;
  ks: number;
  gini: number;
  'mccAt0.5': number;
  'f1At0.5': number;
  eceEqualWidth10: number;
  eceEqualMass10: number;
  brierDecompEqualWidth10: { reliability: number; resolution: number; uncertainty: number };
  topDecileLift: number;
}>('binary');
const { y, p } = golden;

describe('golden: metrics of a binary forecast (scikit-learn, SciPy)', () => {
  test.each([
    ['auc', auc(y, p), golden.auc],
    ['gini', 2 * auc(y, p) - 1, golden.gini],
    ['average precision', averagePrecision(y, p), golden.averagePrecision],
    ['log loss', logLoss(y, p), golden.logLoss],
    ['brier', brier(y, p), golden.brier],
    ['ks', ks(y, p), golden.ks],
    ['mcc', mcc(confusion(y, p, 0.5)), golden['mccAt0.5']],
    ['f1', f1(confusion(y, p, 0.5)), golden['f1At0.5']],
    ['ece, equal width', ece(y, p, 'width'), golden.eceEqualWidth10],
    ['ece, equal mass', ece(y, p, 'mass'), golden.eceEqualMass10],
    ['reliability', brierParts(y, p).reliability, golden.brierDecompEqualWidth10.reliability],
    ['resolution', brierParts(y, p).resolution, golden.brierDecompEqualWidth10.resolution],
    ['uncertainty', brierParts(y, p).uncertainty, golden.brierDecompEqualWidth10.uncertainty],
    ['lift of the top tenth', lift(y, p), golden.topDecileLift],
  ])('%s', (_, value, expected) => {
    expect(value).toBeCloseTo(expected, 9);
  });
});
