/** A law on the cells of a lattice: only cells `low` .. `high` hold anything. */
export interface LatticeLaw {
  readonly mass: Float64Array;
  readonly low: number;
  readonly high: number;
}

/** The law is followed this many standard deviations around its mean. */
const REACH = 9;
/** Narrower than this many cells it is a point between two of them. */
const NARROW = 0.75;
/** Beyond, the density is no longer that of a sum of many. */
const MOST_SKEW = 1.9;

/**
 * The sum of many small independent amounts by its first three cumulants, on a lattice whose cell i stands for
 * `origin + i step`: Pearson's type III law (a shifted gamma law, in either direction; the normal one where there is no skew), whose error falls
 * with the number of amounts where the normal law's falls with its root. What lies beyond the lattice is held in its end cells.
 * @param skewed the third cumulant · Cost O(cells held).
 */
export function smoothLaw(
  mean: number,
  variance: number,
  skewed: number,
  origin: number,
  step: number,
  cells: number,
): LatticeLaw {
  const mass = new Float64Array(cells);
  const at = (mean - origin) / step;
  const deviation = Math.sqrt(Math.max(0, variance)) / step;
  const last = cells - 1;
  if (deviation < NARROW) {
    const held = Math.min(last, Math.max(0, at));
    const low = Math.min(Math.floor(held), Math.max(0, last - 1));
    mass[low] = 1 - (held - low);
    const high = Math.min(last, low + 1);
    mass[high] += held - low;
    return { mass, low, high };
  }
  const skew = Math.max(-MOST_SKEW, Math.min(MOST_SKEW, skewed / (variance * Math.sqrt(variance))));
  const from = Math.floor(at - REACH * deviation);
  const to = Math.ceil(at + REACH * deviation);
  let total = 0;
  for (let i = from; i <= to; i++) {
    const density = densityOf((i - at) / deviation, skew);
    total += density;
    mass[Math.min(last, Math.max(0, i))] += density;
  }
  for (let i = 0; i < cells; i++) mass[i] /= total;
  return { mass, low: Math.min(last, Math.max(0, from)), high: Math.max(0, Math.min(last, to)) };
}

/** Up to a factor, at t deviations from the mean: (1 + g t / 2)^(4 / g^2 - 1) exp(-2 t / g), and exp(-t^2 / 2) for g = 0. */
function densityOf(t: number, skew: number): number {
  if (Math.abs(skew) < 1e-4) return Math.exp(-0.5 * t * t);
  const inside = (skew * t) / 2;
  return inside > -1 ? Math.exp((4 / (skew * skew) - 1) * Math.log1p(inside) - (2 * t) / skew) : 0;
}

/** The law of the sum of two independent ones on the same lattice; what goes beyond is held in the last cell. Cost O(cells held of both). */
export function convolved(a: LatticeLaw, b: LatticeLaw): LatticeLaw {
  const cells = a.mass.length;
  const mass = new Float64Array(cells);
  const last = cells - 1;
  for (let i = a.low; i <= a.high; i++) {
    const weight = a.mass[i];
    if (weight < 1e-16) continue;
    const top = Math.min(b.high, last - i);
    for (let j = b.low; j <= top; j++) mass[i + j] += weight * b.mass[j];
    for (let j = Math.max(b.low, top + 1); j <= b.high; j++) mass[last] += weight * b.mass[j];
  }
  return { mass, low: Math.min(last, a.low + b.low), high: Math.min(last, a.high + b.high) };
}
