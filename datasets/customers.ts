import { type Random, random } from '../src/random.ts';

/** Customers with known parameters, bought and lost exactly as the laws of customer value say. Times in days. */

/** A purchase: its day, not rounded, and what it was worth. */
export interface SimulatedPurchase {
  readonly day: number;
  readonly value: number;
}
export interface SimulatedCustomer {
  readonly id: string;
  /** Ascending; the first one brought the customer. */
  readonly purchases: readonly SimulatedPurchase[];
}

interface Common {
  readonly customers: number;
  readonly seed: number;
  /** First purchases fall evenly into the days from 0 to this. */
  readonly joinDays: number;
  /** Everything ends here. */
  readonly endDay: number;
  /** Gamma-Gamma values. */
  readonly value: { readonly p: number; readonly q: number; readonly v: number };
}
export interface BgNbdTruth extends Common {
  readonly law: {
    readonly kind: 'bg-nbd';
    readonly r: number;
    readonly alpha: number;
    readonly a: number;
    readonly b: number;
  };
}
export interface ParetoNbdTruth extends Common {
  readonly law: {
    readonly kind: 'pareto-nbd';
    readonly r: number;
    readonly alpha: number;
    readonly s: number;
    readonly beta: number;
  };
}

/** Draws customers. Cost: O(purchases). */
export function simulateCustomers({
  customers,
  seed,
  joinDays,
  endDay,
  value,
  law,
}: BgNbdTruth | ParetoNbdTruth): SimulatedCustomer[] {
  const all = random(seed);
  return Array.from({ length: customers }, (_, i) => {
    const draw = all.fork(`customer ${i}`);
    const rate = gamma(law.r, draw) / law.alpha;
    const first = draw.uniform() * joinDays;
    const leaves = law.kind === 'pareto-nbd' ? first + exponential(gamma(law.s, draw) / law.beta, draw) : endDay;
    const dropout = law.kind === 'bg-nbd' ? beta(law.a, law.b, draw) : 0;
    const nu = gamma(value.q, draw) / value.v;
    const purchases: SimulatedPurchase[] = [];
    for (let day = first; day < Math.min(endDay, leaves); day += exponential(rate, draw)) {
      purchases.push({ day, value: gamma(value.p, draw) / nu });
      if (purchases.length > 1 && draw.uniform() < dropout) break;
    }
    return { id: `c${i}`, purchases };
  });
}

const exponential = (rate: number, draw: Random): number => -Math.log(1 - draw.uniform()) / rate;

/** Gamma(shape, 1). Source: Marsaglia and Tsang (2000), with their boost for shapes below 1. */
export function gamma(shape: number, draw: Random): number {
  if (shape < 1) return gamma(shape + 1, draw) * (1 - draw.uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const z = draw.normal();
    const v = (1 + c * z) ** 3;
    if (v > 0 && Math.log(1 - draw.uniform()) < 0.5 * z * z + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** Beta(a, b) as a ratio of gammas. */
export function beta(a: number, b: number, draw: Random): number {
  const x = gamma(a, draw);
  return x / (x + gamma(b, draw));
}
