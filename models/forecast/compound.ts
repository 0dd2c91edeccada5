import { ForesellError } from '../../src/errors.ts';

/** What one arrival is worth: `mass[i]` at `value[i]`, above 0; masses sum to 1. */
export interface Severity {
  readonly value: Float64Array;
  readonly mass: Float64Array;
}

/** Arrivals of unknown number and worth. */
export interface Compound {
  /** Expected number. */
  readonly mean: number;
  /**
   * How firmly the number lies around its mean: variance mean + mean^2 / size (negative binomial). Infinity: Poisson.
   * Sums of groups that share one rate keep the size of the whole.
   */
  readonly size: number;
  readonly severity: Severity;
}

/** Beyond this much of the mass the recursion stops. */
const REST = 1e-13;

/**
 * The law of the sum of a random number of independent amounts, on a lattice: `severity[k]` = P(an amount is `cell[k]`
 * cells), cells at least 0. Panjer's recursion for counts of class (a, b, 0),
 *
 *     g_0 = P(N = 0 | s_0),   g_k = sum_j (a + b j / k) s_j g_(k - j) / (1 - a s_0)
 *
 * with a = 0, b = mean for Poisson and a = mean / (mean + size), b = (size - 1) a for the negative binomial.
 * What lies beyond `cells` is counted in the last cell. Cost O(cells held x amounts). Underflows above a mean of some
 * 700 (`moments` then serve): refused.
 *
 * Source: Panjer, "Recursive evaluation of a family of compound distributions", ASTIN Bulletin 12 (1981).
 */
export function panjer(
  { mean, size }: Pick<Compound, 'mean' | 'size'>,
  cell: ArrayLike<number>,
  severity: ArrayLike<number>,
  cells: number,
): Float64Array {
  const poisson = !Number.isFinite(size);
  const a = poisson ? 0 : mean / (mean + size);
  const b = poisson ? mean : (size - 1) * a;
  const s = new Float64Array(cells);
  const steps: number[] = [];
  for (let k = 0; k < cell.length; k++) {
    // An amount beyond the lattice ends in the last cell, as its sums do.
    const at = Math.min(cell[k], cells - 1);
    if (at > 0 && s[at] === 0 && severity[k] > 0) steps.push(at);
    s[at] += severity[k];
  }
  steps.sort((p, q) => p - q);
  const none = s[0];
  const logZero = poisson ? -mean * (1 - none) : size * Math.log((1 - a) / (1 - a * none));
  if (!(logZero > -700)) {
    throw new ForesellError('mean-too-large', `a compound law of ${mean} arrivals; expected fewer than some 700`, {
      blame: 'failure',
    });
  }
  const g = new Float64Array(cells);
  g[0] = Math.exp(logZero);
  let held = g[0];
  const scale = 1 / (1 - a * none);
  const share = Float64Array.from(steps, (j) => s[j]);
  for (let k = 1; k < cells - 1; k++) {
    let sum = 0;
    for (let i = 0; i < steps.length; i++) {
      const j = steps[i];
      if (j > k) break;
      sum += (a + (b * j) / k) * share[i] * g[k - j];
    }
    g[k] = Math.max(0, sum * scale); // b may be below 0: rounding only
    held += g[k];
    if (held > 1 - REST) break;
  }
  if (cells > 1) g[cells - 1] += Math.max(0, 1 - held);
  return g;
}

/** P(nothing arrives). */
export const noneOf = ({ mean, size }: Pick<Compound, 'mean' | 'size'>): number =>
  Number.isFinite(size) ? (size / (size + mean)) ** size : Math.exp(-mean);

/**
 * The first three cumulants of the sum. With raw moments m of an amount and those of the count, c1 = L, c2 = L + L^2/r,
 * c3 = L + 3 L^2/r + 2 L^3/r^2: k1 = c1 m1, k2 = c1 (m2 - m1^2) + c2 m1^2,
 * k3 = c1 (m3 - 3 m2 m1 + 2 m1^3) + 3 c2 m1 (m2 - m1^2) + c3 m1^3.
 */
export function cumulantsOf({ mean, size, severity }: Compound): readonly [number, number, number] {
  let m1 = 0;
  let m2 = 0;
  let m3 = 0;
  for (let i = 0; i < severity.value.length; i++) {
    const a = severity.value[i];
    m1 += severity.mass[i] * a;
    m2 += severity.mass[i] * a * a;
    m3 += severity.mass[i] * a * a * a;
  }
  const own = m2 - m1 * m1;
  const over = mean / size;
  const c2 = mean * (1 + over);
  const c3 = mean * (1 + 3 * over + 2 * over * over);
  return [
    mean * m1,
    mean * own + c2 * m1 * m1,
    mean * (m3 - 3 * m2 * m1 + 2 * m1 ** 3) + 3 * c2 * m1 * own + c3 * m1 ** 3,
  ];
}

/**
 * A severity from amounts seen, each with its weight: at most `most` values, each the mean of a stretch of equal weight,
 * so that the mean is kept. Amounts of 0 or less are left out. Undefined without any. Cost O(n log n).
 */
export function severityOf(amounts: ArrayLike<number>, most = 24, weights?: ArrayLike<number>): Severity | undefined {
  const order: number[] = [];
  let total = 0;
  for (let i = 0; i < amounts.length; i++) {
    const weight = weights ? weights[i] : 1;
    if (!(amounts[i] > 0 && weight > 0)) continue;
    order.push(i);
    total += weight;
  }
  if (order.length === 0) return undefined;
  order.sort((a, b) => amounts[a] - amounts[b] || a - b);
  const count = Math.min(most, order.length);
  const value = new Float64Array(count);
  const mass = new Float64Array(count);
  let through = 0;
  for (const i of order) {
    const weight = weights ? weights[i] : 1;
    const at = Math.min(count - 1, Math.floor(((through + weight / 2) / total) * count));
    value[at] += weight * amounts[i];
    mass[at] += weight;
    through += weight;
  }
  const held = [...mass.keys()].filter((at) => mass[at] > 0);
  return {
    value: Float64Array.from(held, (at) => value[at] / mass[at]),
    mass: Float64Array.from(held, (at) => mass[at] / total),
  };
}

/** The same amounts, each so many times as large. */
export const scaledSeverity = ({ value, mass }: Severity, by: number): Severity => ({
  value: value.map((amount) => amount * by),
  mass,
});
