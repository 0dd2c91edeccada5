import { type BgNbd, bgNbdSilence } from './clv/bgNbd.ts';
import type { Code } from './encode.ts';
import type { Hazards } from './hazards.ts';
import { incidenceGradient } from './kernel/incidenceGradient.ts';
import { applyLevel, type Level, levelGradient } from './level.ts';

/**
 * Customers that are bound by no contract, only by a rhythm of orders, read by a law of purchases (BG/NBD, `clv/bgNbd.ts`)
 * while hazards read the others. With S(t) = P(no order within t | orders, first, last), the bin (e_b, e_b+1] has
 *
 *     P(ordered in it | none before) = 1 - S(e_b+1) / S(e_b),
 *
 * and in the bin that ends with the horizon all that is left is silence. So probability, curve, dates and reasons come
 * from the same table of hazards as everybody's, and P(silent by the horizon) = S(horizon) exactly.
 *
 * The law reads the last columns of the encoded row: log(1 + value) of `rhythmFeatures`, divided by 8. Other parts have
 * no weight there.
 */
export interface Rhythm {
  /** `alpha` in days. */
  readonly law: BgNbd;
  /** Places among the causes, from 0. */
  readonly silent: number;
  readonly ordered: number;
  /** Silence of so many days is the end; one of the bin edges. */
  readonly withinDays: number;
}

/** Contracts in force (0 = the law's), days with an order, days since the last order, days since the first. */
export const rhythmFeatures = ['contract_count', 'order_day_count', 'order_age_days', 'order_first_age_days'] as const;

const SCALE = 8;
const WIDTH = rhythmFeatures.length;
/** How they are encoded. */
export const rhythmCodes: readonly Code[] = rhythmFeatures.map((feature) => ({ kind: 'standard', feature, log: true, median: 0, missing: false, mean: 0, sd: SCALE })); // biome-ignore format: a row

/** Whether an encoder ends with the columns that a law reads. */
export const endsWithRhythm = (given: readonly Code[]): boolean =>
  JSON.stringify(given.slice(-WIDTH).map(sortedCode)) === JSON.stringify(rhythmCodes.map(sortedCode));
const sortedCode = (code: Code) => Object.entries(code).sort(([a], [b]) => (a < b ? -1 : 1));

/** Whether the row at `at` of encoded rows is the law's. */
export const isRhythmic = (x: Float32Array, at: number, width: number): boolean => x[at + width - WIDTH] === 0;

/** S(t) by what the law reads of a row (`z`: days with an order, since the last, since the first, as encoded). */
function silence(law: BgNbd, z: ArrayLike<number>, days: number): number {
  const orders = Math.expm1(SCALE * z[0]!);
  const T = Math.expm1(SCALE * z[2]!);
  const tx = Math.max(T - Math.expm1(SCALE * z[1]!), 0);
  const x = Math.max(orders - 1, 0);
  // Float32 leaves whole counts a hair off; between 0 and 1, where the law has a step, a straight line.
  const whole = Math.round(x);
  if (Math.abs(x - whole) < 1e-4) return bgNbdSilence(law, { x: whole, tx, T }, days);
  if (x >= 1) return bgNbdSilence(law, { x, tx, T }, days);
  return (1 - x) * bgNbdSilence(law, { x: 0, tx, T }, days) + x * bgNbdSilence(law, { x: 1, tx, T }, days);
}

/** Per-bin probabilities of one row by the law: bins x (causes + 1), written at `at` of `out`. */
export function rhythmHazards(
  { law, silent, ordered, withinDays }: Rhythm,
  { edges, causes }: Hazards,
  z: ArrayLike<number>,
  out: Float64Array,
  at = 0,
): void {
  // biome-ignore format: one signature
  let before = 1;
  for (let b = 0; b + 1 < edges.length; b++, at += causes + 1) {
    const end = edges[b + 1]!;
    out.fill(0, at, at + causes + 1);
    if (end > withinDays) {
      out[at + silent + 1] = 1; // Never reached: at the horizon all have ended.
      continue;
    }
    const now = silence(law, z, end);
    const orders = before > 0 ? Math.min(Math.max(1 - now / before, 0), 1) : 0;
    out[at + ordered + 1] = orders;
    out[at + (end === withinDays ? silent + 1 : 0)] = 1 - orders;
    before = now;
  }
}

/** What the law reads of the encoded row at `at`. */
export const rhythmInputs = (x: Float32Array, at: number, width: number): Float32Array => x.subarray(at + width - WIDTH + 1, at + width); // biome-ignore format: one cut

/** A score as a function of cumulative incidences by a time (`explain.ts`). */
interface Asked {
  readonly timeDays: number;
  logit(F: Float64Array): { readonly value: number; readonly gradient: Float64Array };
}

/** A step of the numeric slope, of columns that are about .1 to 1: error about 1e-8. */
const STEP = 1e-4;

/**
 * The mean slope of a score in what the law reads, over points of the straight path between two encoded rows (0 = from,
 * 1 = to), both read as customers without contract. Slopes are central differences; three inputs make that cheap.
 */
export function rhythmSlopes(
  rhythm: Rhythm,
  grid: Hazards,
  from: Float32Array,
  to: Float32Array,
  score: Asked,
  points: readonly number[],
  level: Level | undefined,
): { readonly base: number; readonly total: number; readonly slopeX: Float64Array } {
  const { causes } = grid;
  const bins = grid.edges.length - 1;
  const width = to.length;
  const z0 = rhythmInputs(from, 0, width);
  const z1 = rhythmInputs(to, 0, width);
  const z = new Float64Array(z1.length);
  const cells = bins * (causes + 1);
  const [p, up, down, levelled] = [0, 0, 0, 0].map(() => new Float64Array(cells)) as [Float64Array, Float64Array, Float64Array, Float64Array]; // biome-ignore format: buffers
  const at = (share: number) => {
    for (let k = 0; k < z.length; k++) z[k] = z0[k]! + share * (z1[k]! - z0[k]!);
    rhythmHazards(rhythm, grid, z, p);
    levelled.set(p);
    if (level) applyLevel(levelled, causes, level);
    const { F, dF } = incidenceGradient(grid, levelled, score.timeDays);
    return { dF, ...score.logit(F) };
  };
  const slopeX = new Float64Array(width);
  const base = at(0).value;
  const total = at(1).value;
  for (const point of points) {
    const { dF, gradient } = at(point);
    const dU = new Float64Array(bins * causes);
    for (let c = 0; c < causes; c++) for (let e = 0; e < dU.length; e++) dU[e]! += gradient[c]! * dF[c * dU.length + e]!; // biome-ignore format: one sum
    if (level) levelGradient(p, causes, level, dU);
    for (let k = 0; k < z.length; k++) {
      const here = z[k]!;
      z[k] = here + STEP;
      rhythmHazards(rhythm, grid, z, up);
      z[k] = here - STEP;
      rhythmHazards(rhythm, grid, z, down);
      z[k] = here;
      let slope = 0;
      for (let b = 0; b < bins; b++) for (let c = 0; c < causes; c++) slope += dU[b * causes + c]! * (up[b * (causes + 1) + c + 1]! - down[b * (causes + 1) + c + 1]!); // biome-ignore format: one sum
      slopeX[width - z.length + k]! += slope / (2 * STEP) / points.length;
    }
  }
  return { base, total, slopeX };
}
