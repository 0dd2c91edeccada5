/** How fast the level follows the counts: tried in turn. */
const FOLLOWS = [0.02, 0.05, 0.1, 0.2, 0.35];
const YEAR = 52;
/** Weeks on both sides that a time of year is looked at with. */
const AROUND = 4;
/** A time of year is as any other until it is seen: worth so many deals. */
const USUAL = 30;
/** Past forecasts of the sum ahead are compared with what came, every so many weeks. */
const EVERY = 2;
const FEWEST_ORIGINS = 4;
/** Variance beyond chance is held to that of a rate that is off by 1 in sqrt(2). */
const LEAST_SIZE = 2;

export interface CreationRate {
  /** Expected number of each week ahead. */
  readonly rate: Float64Array;
  /** Of the negative binomial law of their sum: variance mean + mean^2 / size. Infinity where chance alone explains the past. */
  readonly size: number;
}

/**
 * Weekly numbers ahead from those of the past, oldest first: exponential smoothing of the counts, divided by the time of year
 * where two years are known; how fast it follows is what had foretold the next week best. How far off such forecasts of the sum
 * over as many weeks were, tried at past origins with what was known then, gives the spread: size = mean^2 / (squared error - mean), by moments.
 * Cost O(weeks x origins).
 */
export function creationRate(counts: ArrayLike<number>, ahead: number): CreationRate {
  const all = Float64Array.from(counts);
  const rate = ratesAfter(all, all.length, ahead);
  const span = Math.max(1, Math.min(ahead, Math.floor(all.length / 3)));
  let beyond = 0;
  let scale = 0;
  let origins = 0;
  for (let at = all.length - span; at >= Math.max(span, all.length / 3); at -= EVERY) {
    const said = sum(ratesAfter(all, at, span));
    const came = sum(all.subarray(at, at + span));
    beyond += (came - said) ** 2 - said;
    scale += said * said;
    origins++;
  }
  const size = origins >= FEWEST_ORIGINS && beyond > 0 ? Math.max(LEAST_SIZE, scale / beyond) : Number.POSITIVE_INFINITY; // biome-ignore format: one choice
  return { rate, size };
}

/** Rates of the weeks from `at` on, by the counts before it. */
function ratesAfter(counts: Float64Array, at: number, ahead: number): Float64Array {
  const season = seasonBefore(counts, at);
  const level = levelBefore(counts, at, season);
  return Float64Array.from({ length: ahead }, (_, h) => Math.max(0, level * season(at + h)));
}

/** Of a week, how much more is usual at its time of year: years before, drawn to 1. */
function seasonBefore(counts: Float64Array, at: number): (week: number) => number {
  if (at < 2 * YEAR) return () => 1;
  const known = counts.subarray(0, at);
  // A trend would look like a season of one year: each year is measured by its own mean.
  const years = Math.floor(at / YEAR);
  const means = Array.from({ length: years }, (_, y) => sum(known.subarray(at - (y + 1) * YEAR, at - y * YEAR)) / YEAR);
  return (week) => {
    let seen = USUAL;
    let usual = USUAL;
    for (let y = 1; y <= years + 1; y++) {
      for (let near = week - y * YEAR - AROUND; near <= week - y * YEAR + AROUND; near++) {
        const back = Math.floor((at - 1 - near) / YEAR);
        if (near < 0 || near >= at || back >= years) continue;
        seen += known[near];
        usual += means[back];
      }
    }
    return seen / usual;
  };
}

function levelBefore(counts: Float64Array, at: number, season: (week: number) => number): number {
  const plain = Float64Array.from({ length: at }, (_, week) => counts[week] / season(week));
  const start = sum(plain.subarray(0, Math.min(at, 13))) / Math.max(1, Math.min(at, 13));
  let best = start;
  let least = Number.POSITIVE_INFINITY;
  for (const follow of FOLLOWS) {
    let level = start;
    let error = 0;
    for (let week = 0; week < at; week++) {
      error += (plain[week] - level) ** 2;
      level += follow * (plain[week] - level);
    }
    if (error < least) {
      least = error;
      best = level;
    }
  }
  return best;
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
