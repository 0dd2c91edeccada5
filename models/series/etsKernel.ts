/**
 * The shape of an exponential smoothing model. Errors: A added, M in proportion to the mean. Trend: N none, A a slope,
 * Ad a slope that dies away. Season: N none, A added, M multiplied.
 */
export interface EtsShape {
  readonly error: 'A' | 'M';
  readonly trend: 'N' | 'A' | 'Ad';
  readonly seasonal: 'N' | 'A' | 'M';
}

/** Smoothing parameters: level, slope, season, damping (1 without damping). */
export interface EtsSmoothing {
  alpha: number;
  beta: number;
  gamma: number;
  phi: number;
}

/** A mean squared error below this counts as this, so that a perfect fit has a likelihood. For series of size about 1. */
const FLOOR = 1e-12;

/** Room for one pass over a series; made once a fit. `season[t]` is the index of period t before it was seen. */
export interface EtsRoom {
  readonly level: Float64Array;
  readonly slope: Float64Array;
  readonly season: Float64Array;
  readonly mean: Float64Array;
}

export const etsRoom = (n: number, season: number): EtsRoom => ({
  level: new Float64Array(n + 1),
  slope: new Float64Array(n + 1),
  season: new Float64Array(n + season),
  mean: new Float64Array(n),
});

/**
 * One pass over the series, from the initial states in `room.level[0]`, `room.slope[0]`, `room.season[0..m-1]`: writes the
 * states after each period and the one-step means, and returns -2 log likelihood up to a constant of the data:
 * n log(sum e^2), with additive errors e = y - mu; with multiplicative ones e = (y - mu) / mu and + 2 sum log |mu|.
 * Infinity where a mean or a state that divides is not above 0.
 *
 *   q = l + phi b;  mu = q | q + s | q s;  e = y - mu
 *   l' = q + alpha e / c;  b' = phi b + beta e / c;  s' = s + gamma e / d,
 *   (c, d) = (1, 1), of a multiplied season (s, q)
 *
 * These recursions are the same for both kinds of error: the kind only changes the likelihood.
 * Source: Hyndman, Koehler, Ord and Snyder, Forecasting with Exponential Smoothing (2008), tables 2.2 and 2.3.
 */
export function etsLikelihood(
  y: Float64Array,
  m: number,
  { error, trend, seasonal }: EtsShape,
  { alpha, beta, gamma, phi }: EtsSmoothing,
  room: EtsRoom,
): number {
  const n = y.length;
  const { level, slope, season, mean } = room;
  const [sloped, added, multiplied] = [trend !== 'N', seasonal === 'A', seasonal === 'M'];
  let squares = 0;
  let logs = 0;
  for (let t = 0; t < n; t++) {
    const carried = sloped ? phi * slope[t] : 0;
    const q = level[t] + carried;
    const s = season[t];
    const mu = multiplied ? q * s : added ? q + s : q;
    const e = y[t] - mu;
    mean[t] = mu;
    if (error === 'M') {
      if (!(mu > 0)) return Number.POSITIVE_INFINITY;
      squares += (e / mu) ** 2;
      logs += Math.log(mu);
    } else squares += e * e;
    const d = multiplied ? e / s : e;
    level[t + 1] = q + alpha * d;
    if (sloped) slope[t + 1] = carried + beta * d;
    if (multiplied) {
      if (!(s > 0 && q > 0)) return Number.POSITIVE_INFINITY;
      season[t + m] = s + (gamma * e) / q;
    } else if (added) season[t + m] = s + gamma * e;
  }
  if (!(squares < Number.POSITIVE_INFINITY)) return Number.POSITIVE_INFINITY;
  return n * Math.log(squares + n * FLOOR) + (error === 'M' ? 2 * logs : 0);
}

/** Derivatives of the likelihood by the smoothing parameters and by the initial states. */
export interface EtsGradient {
  alpha: number;
  beta: number;
  gamma: number;
  phi: number;
  level: number;
  slope: number;
  readonly season: Float64Array;
}

/**
 * The gradient at what `etsLikelihood` has just passed over, by the same recursions backwards (reverse mode). Cost: about
 * twice the pass. `carry` is room of n + m.
 */
export function etsGradient(
  y: Float64Array,
  m: number,
  { error, trend, seasonal }: EtsShape,
  { alpha, beta, gamma, phi }: EtsSmoothing,
  { level, slope, season, mean }: EtsRoom,
  carry: Float64Array,
  out: EtsGradient,
): void {
  const n = y.length;
  const [sloped, added, multiplied] = [trend !== 'N', seasonal === 'A', seasonal === 'M'];
  const relative = error === 'M';
  let squares = 0;
  for (let t = 0; t < n; t++) squares += relative ? ((y[t] - mean[t]) / mean[t]) ** 2 : (y[t] - mean[t]) ** 2;
  const weight = (2 * n) / (squares + n * FLOOR);
  carry.fill(0);
  let [ga, gb, gg, gp] = [0, 0, 0, 0];
  let [gLevel, gSlope] = [0, 0];
  for (let t = n - 1; t >= 0; t--) {
    const q = sloped ? level[t] + phi * slope[t] : level[t];
    const s = season[t];
    const mu = mean[t];
    const e = y[t] - mu;
    // Of the likelihood's own term in mu.
    let gMean = relative ? 2 / mu - (weight * (e / mu) * y[t]) / (mu * mu) : -weight * e;
    const gNew = carry[t + m];
    const gd = alpha * gLevel + beta * gSlope;
    let gq = gLevel;
    let gs = gNew;
    if (multiplied) {
      const d = e / s;
      ga += d * gLevel;
      gb += d * gSlope;
      gg += (e / q) * gNew;
      gMean -= gd / s + (gamma * gNew) / q;
      gs -= (gd * d) / s;
      gq -= (gamma * gNew * e) / (q * q);
      gq += gMean * s;
      gs += gMean * q;
    } else {
      ga += e * gLevel;
      gb += e * gSlope;
      gg += e * gNew;
      gMean -= gd + gamma * gNew;
      gq += gMean;
      if (added) gs += gMean;
    }
    carry[t] = gs;
    if (sloped) {
      gp += (gSlope + gq) * slope[t];
      gSlope = phi * (gSlope + gq);
    }
    gLevel = gq;
  }
  out.alpha = ga;
  out.beta = gb;
  out.gamma = gg;
  out.phi = gp;
  out.level = gLevel;
  out.slope = gSlope;
  if (seasonal !== 'N') for (let i = 0; i < m; i++) out.season[i] = carry[i];
}
