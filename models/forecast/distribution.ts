/**
 * The law of a sum of money: probability `mass[i]` at `values[i]`, ascending. Where `width` is above 0 the values are
 * cells of a lattice of that width, and each cell's mass is read as spread evenly over its cell; where it is 0 they are
 * the very sums that can happen.
 */
export interface Distribution {
  readonly values: Float64Array;
  readonly mass: Float64Array;
  readonly width: number;
}

/** All mass at one value: a sum without uncertainty. */
export const certain = (value: number): Distribution => ({
  values: Float64Array.of(value),
  mass: Float64Array.of(1),
  width: 0,
});

/** The law of the sum plus a known amount. */
export const shifted = (law: Distribution, by: number): Distribution => ({
  ...law,
  values: law.values.map((value) => value + by),
});

export function meanOf(law: Distribution): number {
  let sum = 0;
  for (let i = 0; i < law.values.length; i++) sum += law.mass[i] * law.values[i];
  return sum;
}

export function varianceOf(law: Distribution): number {
  const mean = meanOf(law);
  let sum = 0;
  for (let i = 0; i < law.values.length; i++) sum += law.mass[i] * (law.values[i] - mean) ** 2;
  return sum;
}

/** Rounding of sums of masses; without it the p50 of two equal halves would hang on the last bit. */
const SLACK = 1e-12;

/**
 * The least value with P(sum <= value) >= level; on a lattice, linear within the cell. The two end cells are atoms
 * (nothing won, everything won) and are not spread. Cost O(values).
 */
export function quantileOf(law: Distribution, level: number): number {
  const { values, mass, width } = law;
  let below = 0;
  for (let i = 0; i < values.length; i++) {
    const through = below + mass[i];
    if (through >= level - SLACK) {
      if (width === 0 || i === 0 || i === values.length - 1) return values[i];
      const share = mass[i] > 0 ? Math.max(0, (level - below) / mass[i]) : 0;
      return values[i] + (share - 0.5) * width;
    }
    below = through;
  }
  return values[values.length - 1];
}

/** P(sum >= x), in [0, 1]. Cost O(values). */
export function atLeast(law: Distribution, x: number): number {
  const { values, mass, width } = law;
  if (x <= values[0]) return 1;
  if (x > values[values.length - 1]) return 0;
  let sum = 0;
  for (let i = values.length - 1; i >= 0; i--) {
    const atom = width === 0 || i === 0 || i === values.length - 1;
    const share = atom ? (values[i] >= x ? 1 : 0) : Math.min(1, Math.max(0, (values[i] - x) / width + 0.5));
    sum += share * mass[i];
    if (values[i] + width < x) break;
  }
  return Math.min(1, sum);
}
