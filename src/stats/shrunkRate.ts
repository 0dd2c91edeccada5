import { betaShrink } from './betaShrink.ts';

/** What is believed of a rate before the first outcome: `rate`, worth as much as `weight` outcomes. */
export interface Prior {
  readonly rate: number;
  readonly weight: number;
}

/**
 * Where a company says nothing: one in four succeeds, worth four outcomes, the law Beta(1, 3). Weak on purpose: after
 * 20 outcomes it moves the rate by a sixth of its distance. A company that knows better imports its own.
 */
export const WEAK_PRIOR: Prior = { rate: 0.25, weight: 4 };

/** How many outcomes a group's parent counts for: team under company, owner under team. */
export const PARENT_WEIGHT = 20;

/** Resolved outcomes of a group and how many of them succeeded. */
export interface Tally {
  readonly won: number;
  readonly n: number;
}

/**
 * p = (won + m p0) / (n + m) along a chain from the widest group to the narrowest (company, team, owner): each level is
 * the prior of the next. The widest is drawn to `prior` by its own weight, the others to their parent by `parentWeight`.
 * @returns the narrowest group's law: its rate, and the outcomes it stands on (for the band)
 */
export function shrunkRateAlong(chain: readonly Tally[], prior: Prior, parentWeight = PARENT_WEIGHT): Prior {
  let { rate, weight } = prior;
  chain.forEach(({ won, n }, level) => {
    const m = level === 0 ? prior.weight : Math.min(parentWeight, weight);
    rate = betaShrink(won, n, rate, m);
    weight = n + m;
  });
  return { rate, weight };
}
