import { random } from '../../src/random.ts';
import { logLossOf } from '../../src/stats/logLoss.ts';
import { applyBeta, type Beta, fitBeta } from './beta.ts';
import { applyIsotonic, fitIsotonic, type Isotonic } from './isotonic.ts';
import { applyPlatt, fitPlatt, type Platt } from './platt.ts';
import { isOff, type Reliability, reliability } from './reliability.ts';
import { applyTemperature, type Temperature } from './temperature.ts';

/** A calibration map as plain numbers, as it is stored with a model. */
export type CalibrationMap = Temperature | Platt | Beta | Isotonic;

/** Applies a map of any kind to a probability. */
export function calibrated(map: CalibrationMap, p: number): number {
  switch (map.kind) {
    case 'temperature':
      return applyTemperature(map, p);
    case 'platt':
      return applyPlatt(map, p);
    case 'beta':
      return applyBeta(map, p);
    case 'isotonic':
      return applyIsotonic(map, p);
  }
}

export interface Choice {
  /** null: the probabilities stay as they are. */
  readonly map: CalibrationMap | null;
  readonly reliability: Reliability;
  /** Cross-fitted mean log loss of each candidate and of leaving them alone. */
  readonly nll: Readonly<Record<string, number>>;
}

/** From this many rows on an isotonic map may be used: below, its steps fit noise. */
const ROWS_FOR_ISOTONIC = 5000;
const FOLDS = 5;

/**
 * Whether to calibrate at all, and how. An averaged network is calibrated already, and refitting it made log loss worse
 * when measured; so a map is used only where slope or intercept is off by more than two standard errors on the newest
 * rows and the map lowers the log loss of rows it was not fitted on. Candidates: Platt and beta; isotonic from 5,000
 * rows. Folds are drawn at random from `seed`.
 */
export function chooseMap(event: ArrayLike<number>, p: ArrayLike<number>, seed: number): Choice {
  const found = reliability(event, p);
  const rows = Array.from({ length: p.length }, (_, i) => i);
  const nll: Record<string, number> = { none: meanOf(rows.map((i) => logLossOf(event[i], p[i]))) };
  if (!isOff(found)) return { map: null, reliability: found, nll };

  const fitters: Record<string, (y: ArrayLike<number>, q: ArrayLike<number>) => CalibrationMap> = {
    platt: fitPlatt,
    beta: fitBeta,
    ...(p.length >= ROWS_FOR_ISOTONIC ? { isotonic: fitIsotonic } : {}),
  };
  const stream = random(seed);
  const fold = rows.map(() => stream.below(FOLDS));
  let best = 'none';
  for (const [kind, fitMap] of Object.entries(fitters)) {
    const losses: number[] = [];
    for (let k = 0; k < FOLDS; k++) {
      const inside = rows.filter((i) => fold[i] !== k);
      const map = fitMap(
        inside.map((i) => event[i]),
        inside.map((i) => p[i]),
      );
      for (const i of rows) if (fold[i] === k) losses.push(logLossOf(event[i], calibrated(map, p[i])));
    }
    nll[kind] = meanOf(losses);
    if (nll[kind] < nll[best]) best = kind;
  }
  return { map: best === 'none' ? null : fitters[best](event, p), reliability: found, nll };
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
