import type { Random } from '../../src/random.ts';
import { ECONOMY, type Scenario } from './constants.ts';

/** g(w) = rho g(w-1) + sd sqrt(1 - rho^2) z for `n` weeks after `from`; started from the stationary law where `from` is absent. */
export function economy(n: number, scenario: Scenario, draw: Random, from?: number): Float64Array {
  const sd = ECONOMY.sd[scenario];
  const step = sd * Math.sqrt(1 - ECONOMY.rho ** 2);
  const path = new Float64Array(n);
  let g = from ?? sd * draw.normal();
  for (let w = 0; w < n; w++) path[w] = g = ECONOMY.rho * g + step * draw.normal();
  return path;
}
