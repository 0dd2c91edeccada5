import { lbfgs } from '../../src/optim/lbfgs.ts';
import {
  type EtsGradient,
  type EtsRoom,
  type EtsShape,
  type EtsSmoothing,
  etsGradient,
  etsLikelihood,
  etsRoom,
} from './etsKernel.ts';
import { type FittedSeries, residualScale } from './fitted.ts';
import { seasonalIndices } from './seasonality.ts';

/** A fitted exponential smoothing model. */
export interface EtsFit extends FittedSeries {
  readonly shape: EtsShape;
  readonly smoothing: Readonly<EtsSmoothing>;
  readonly initial: EtsStart;
  /** Parameters counted: smoothing, initial states and the variance of errors. */
  readonly size: number;
  /** -2 log likelihood up to a constant of the data, as R's `ets` counts it. */
  readonly deviance: number;
  /** deviance + 2 k + 2 k (k + 1) / (n - k - 1); Infinity where n <= k + 1. */
  readonly aicc: number;
}

/** Bounds of R's `ets`: alpha, beta / alpha and gamma / (1 - alpha) lie between these, damping between the next two. */
const [LEAST, MOST] = [1e-4, 0.9999];
const [LEAST_PHI, MOST_PHI] = [0.8, 0.98];
/** Smoothing parameters that a fit may start from; the best by the likelihood leads on. */
const ALPHAS = [0.03, 0.1, 0.25, 0.5, 0.75, 0.95];
const BETAS = [0.01, 0.1, 0.4];
const GAMMAS = [0.01, 0.1, 0.4];
const PHIS = [0.97, 0.9];

/** Parameters that are estimated, with the variance of errors. */
export const etsSize = ({ trend, seasonal }: EtsShape, season: number): number =>
  3 + (trend === 'N' ? 0 : trend === 'A' ? 2 : 3) + (seasonal === 'N' ? 0 : season);

/** Half the deviance is followed to a hundred-thousandth: shapes differ by whole units. */
const STOP = { gradientTolerance: 1e-3, valueTolerance: 1e-5, maxIterations: 200 };

/** The shape as it is written, `ETS(M,Ad,M)`. */
export const etsName = ({ error, trend, seasonal }: EtsShape): string => `ETS(${error},${trend},${seasonal})`;

/**
 * Fits one shape by maximum likelihood over smoothing parameters and initial states together, within the usual region
 * 0 < beta < alpha < 1, 0 < gamma < 1 - alpha, .8 <= phi <= .98 (logistic maps of free variables; L-BFGS with exact
 * gradients). Starts: states as in `etsStart`, smoothing parameters by a grid. With additive errors the likelihood is the
 * sum of squares, so `{ error: 'A' }` is also the least-squares form of Holt-Winters. Deterministic. Cost: some 50 passes
 * over the series, each of about 30 operations a period. Undefined where the shape does not fit the series: multiplied
 * parts of values that are not all above 0, a season without two rounds.
 */
export function fitEts(y: Float64Array, season: number, shape: EtsShape): EtsFit | undefined {
  const n = y.length;
  const m = shape.seasonal === 'N' ? 1 : season;
  if (shape.seasonal !== 'N' && n < 2 * m) return undefined;
  if ((shape.error === 'M' || shape.seasonal === 'M') && y.some((v) => !(v > 0))) return undefined;
  const size = y.reduce((sum, v) => sum + Math.abs(v), 0) / n || 1;
  const scaled = y.map((v) => v / size);
  const room = etsRoom(n, m);
  const start = etsStart(scaled, m, shape);
  // A season measured where a series is large may be more than it was at the start: then it begins smaller.
  let problem = etsProblem(scaled, m, shape, room, start);
  let best = problem.grid();
  for (const share of [0.5, 0.2, 0.05]) {
    if (best !== undefined || shape.seasonal === 'N') break;
    problem = etsProblem(scaled, m, shape, room, { ...start, season: shrunk(start.season, share, shape) });
    best = problem.grid();
  }
  if (best === undefined) return undefined;
  const { x } = lbfgs(problem.objective, best, STOP);
  const smoothing = problem.read(x);
  const unit = (values: Float64Array) => (shape.seasonal === 'M' ? values : values.map((v) => v * size));
  return etsFrom(y, m, shape, smoothing, {
    level: room.level[0] * size,
    slope: room.slope[0] * size,
    season: unit(room.season.slice(0, m)),
  });
}

/** States before the first period: level, slope, then the season's indices from the first period on. */
export interface EtsStart {
  readonly level: number;
  readonly slope: number;
  readonly season: Float64Array;
}

/**
 * Initial states to begin from: a season's indices by classical decomposition, level and slope by a line through the
 * first periods without them (10, or two seasons). Source: Hyndman et al. (2008), section 2.6.1.
 */
function etsStart(y: Float64Array, m: number, { trend, seasonal }: EtsShape): EtsStart {
  const form = seasonal === 'M' ? 'multiplicative' : 'additive';
  let season: Float64Array = new Float64Array(m);
  if (seasonal !== 'N') {
    season = y.length > 2 * m ? seasonalIndices(y, m, form) : firstRound(y, m, form);
    if (seasonal === 'M') {
      season = season.map((v) => Math.max(v, 0.01));
      const mean = season.reduce((sum, v) => sum + v, 0) / m;
      season = season.map((v) => v / mean);
    }
  }
  const count = Math.min(y.length, Math.max(10, 2 * m));
  const [mt, sums] = [(count + 1) / 2, { y: 0, ty: 0, tt: 0 }];
  for (let t = 0; t < count; t++) {
    const plain = seasonal === 'M' ? y[t] / season[t % m] : seasonal === 'A' ? y[t] - season[t % m] : y[t];
    sums.y += plain / count;
    sums.ty += (t + 1 - mt) * plain;
    sums.tt += (t + 1 - mt) ** 2;
  }
  if (trend === 'N') return { level: sums.y, slope: 0, season };
  const slope = count > 1 ? sums.ty / sums.tt : 0;
  let level = sums.y - slope * mt;
  // A line through growing values may begin below 0, where a multiplied part cannot.
  if (!(level + slope > 0) && y.every((v) => v > 0)) {
    level = Math.max(y[0] / (seasonal === 'M' ? season[0] : 1), 1e-3);
    return { level, slope: Math.max(slope, -level / 10) / 4, season };
  }
  return { level, slope, season };
}

/** Indices nearer to their neutral value: 0, or 1 where they multiply. */
const shrunk = (season: Float64Array, share: number, { seasonal }: EtsShape): Float64Array =>
  season.map((v) => (seasonal === 'M' ? 1 + share * (v - 1) : share * v));

/** Of two seasons and no more: the mean of the two rounds beside their own mean. */
function firstRound(y: Float64Array, m: number, form: 'additive' | 'multiplicative'): Float64Array {
  let mean = 0;
  for (let t = 0; t < 2 * m; t++) mean += y[t] / (2 * m);
  return Float64Array.from({ length: m }, (_, i) => {
    const own = (y[i] + y[i + m]) / 2;
    return form === 'additive' ? own - mean : own / mean;
  });
}

/** The fit as a smooth problem without bounds: variables, where to start, and the objective with its gradient. */
function etsProblem(y: Float64Array, m: number, shape: EtsShape, room: EtsRoom, start: EtsStart) {
  const n = y.length;
  const [sloped, damped, seasoned] = [shape.trend !== 'N', shape.trend === 'Ad', shape.seasonal !== 'N'];
  // Places of the variables: alpha, beta, gamma, phi, level, slope, then all but the last index of the season.
  let count = 1;
  const at = { beta: sloped ? count++ : -1, gamma: seasoned ? count++ : -1, phi: damped ? count++ : -1, level: count++, slope: sloped ? count++ : -1, season: count }; // biome-ignore format: a table
  if (seasoned) count += m - 1;
  const smoothing: EtsSmoothing = { alpha: 0, beta: 0, gamma: 0, phi: 1 };
  const gradient: EtsGradient = {
    alpha: 0,
    beta: 0,
    gamma: 0,
    phi: 0,
    level: 0,
    slope: 0,
    season: new Float64Array(m),
  };
  const carry = new Float64Array(n + m);
  /** Units of the states: about what the data can tell of each, so that all variables are of one size. */
  let unit = 1;
  let base = 0;

  const place = (x: ArrayLike<number>): void => {
    const alpha = LEAST + (MOST - LEAST) * sigmoid(x[0]);
    smoothing.alpha = alpha;
    if (sloped) smoothing.beta = alpha * (LEAST + (MOST - LEAST) * sigmoid(x[at.beta]));
    if (seasoned) smoothing.gamma = (1 - alpha) * (LEAST + (MOST - LEAST) * sigmoid(x[at.gamma]));
    if (damped) smoothing.phi = LEAST_PHI + (MOST_PHI - LEAST_PHI) * sigmoid(x[at.phi]);
    room.level[0] = start.level + unit * x[at.level];
    if (sloped) room.slope[0] = start.slope + 0.1 * unit * x[at.slope];
    if (!seasoned) return;
    let rest = shape.seasonal === 'M' ? m : 0;
    for (let i = 0; i < m - 1; i++) rest -= room.season[i] = start.season[i] + unit * x[at.season + i];
    room.season[m - 1] = rest;
  };
  const value = (): number => etsLikelihood(y, m, shape, smoothing, room);

  return {
    /** The best of the grid as a start; undefined where none is within the domain. */
    grid(): Float64Array | undefined {
      let best: Float64Array | undefined;
      let least = Number.POSITIVE_INFINITY;
      const x = new Float64Array(count);
      for (const alpha of ALPHAS) {
        x[0] = logit(alpha);
        for (const beta of sloped ? BETAS : [0]) {
          if (sloped) x[at.beta] = logit(beta);
          for (const gamma of seasoned ? GAMMAS : [0]) {
            if (seasoned) x[at.gamma] = logit(gamma);
            for (const phi of damped ? PHIS : [1]) {
              if (damped) x[at.phi] = logit((phi - LEAST_PHI) / (MOST_PHI - LEAST_PHI));
              place(x);
              const got = value();
              if (got < least) [least, best] = [got, x.slice()];
            }
          }
        }
      }
      if (best === undefined) return undefined;
      place(best);
      base = value();
      unit = Math.max(residualScale(y, room.mean), 1e-6);
      return best;
    },
    /** Half the deviance above that of the start: of size one whatever the series. */
    objective(x: Float64Array, out: Float64Array): number {
      place(x);
      const got = value();
      if (!Number.isFinite(got)) return Number.POSITIVE_INFINITY;
      etsGradient(y, m, shape, smoothing, room, carry, gradient);
      const { alpha, beta, gamma, phi } = smoothing;
      const within = (alpha - LEAST) * (1 - (alpha - LEAST) / (MOST - LEAST));
      let byAlpha = gradient.alpha;
      if (sloped) {
        byAlpha += (gradient.beta * beta) / alpha;
        const share = beta / alpha;
        out[at.beta] = 0.5 * gradient.beta * alpha * (share - LEAST) * (1 - (share - LEAST) / (MOST - LEAST));
        out[at.slope] = 0.05 * unit * gradient.slope;
      }
      if (seasoned) {
        byAlpha -= (gradient.gamma * gamma) / (1 - alpha);
        const share = gamma / (1 - alpha);
        out[at.gamma] = 0.5 * gradient.gamma * (1 - alpha) * (share - LEAST) * (1 - (share - LEAST) / (MOST - LEAST));
        for (let i = 0; i < m - 1; i++) out[at.season + i] = 0.5 * unit * (gradient.season[i] - gradient.season[m - 1]);
      }
      if (damped)
        out[at.phi] = 0.5 * gradient.phi * (phi - LEAST_PHI) * (1 - (phi - LEAST_PHI) / (MOST_PHI - LEAST_PHI));
      out[0] = 0.5 * byAlpha * within;
      out[at.level] = 0.5 * unit * gradient.level;
      return 0.5 * (got - base);
    },
    read(x: Float64Array): EtsSmoothing {
      place(x);
      return { ...smoothing };
    },
  };
}

/** A model with given parameters, which it may have from elsewhere; undefined where its means leave the domain. */
export function etsFrom(
  y: Float64Array,
  m: number,
  shape: EtsShape,
  smoothing: EtsSmoothing,
  initial: EtsStart,
): EtsFit | undefined {
  const n = y.length;
  const { alpha, beta, gamma, phi } = smoothing;
  const room = etsRoom(n, m);
  room.level[0] = initial.level;
  room.slope[0] = initial.slope;
  room.season.set(initial.season);
  const deviance = etsLikelihood(y, m, shape, smoothing, room);
  if (!Number.isFinite(deviance)) return undefined;
  const k = etsSize(shape, m);
  const fitted = room.mean;
  const [level, slope] = [room.level[n], room.slope[n]];
  const indices = room.season.subarray(n, n + m);
  const added = shape.seasonal !== 'M';
  const forecast = (horizon: number): Float64Array => {
    const out = new Float64Array(horizon);
    let carried = level;
    let damping = 1;
    for (let h = 0; h < horizon; h++) {
      damping *= phi;
      if (shape.trend !== 'N') carried += damping * slope;
      const s = indices[h % m];
      out[h] = shape.seasonal === 'N' ? carried : added ? carried + s : carried * s;
    }
    return out;
  };
  const relative = shape.error === 'M';
  // Divided by the periods that are left beside what was fitted: the errors of a short history are fitted away.
  const scale =
    (relative ? relativeScale(y, fitted) : residualScale(y, fitted)) * Math.sqrt(n / Math.max(1, n - k + 1));
  return {
    name: etsName(shape),
    shape,
    smoothing,
    initial,
    size: k,
    deviance,
    aicc: n > k + 1 ? deviance + 2 * k + (2 * k * (k + 1)) / (n - k - 1) : Number.POSITIVE_INFINITY,
    fitted,
    forecast,
    /** sigma_h^2 = sigma^2 (1 + sum_{j<h} c_j^2), of class 1 (Hyndman et al. 2008, table 6.2); taken for the others too. */
    spread: (horizon: number): Float64Array => {
      const mean = relative ? forecast(horizon) : undefined;
      let variance = 1;
      let damping = 0;
      return Float64Array.from({ length: horizon }, (_, h) => {
        const width = scale * Math.sqrt(variance) * (mean ? Math.abs(mean[h]) : 1);
        damping = shape.trend === 'N' ? 0 : phi * (1 + damping);
        const c = alpha + beta * damping + (shape.seasonal !== 'N' && (h + 1) % m === 0 ? gamma : 0);
        variance += c * c;
        return width;
      });
    },
    parameters: {
      alpha,
      ...(shape.trend === 'N' ? {} : { beta }),
      ...(shape.seasonal === 'N' ? {} : { gamma }),
      ...(shape.trend === 'Ad' ? { phi } : {}),
    },
  };
}

function relativeScale(y: Float64Array, fitted: Float64Array): number {
  let sum = 0;
  for (let t = 0; t < y.length; t++) sum += (y[t] / fitted[t] - 1) ** 2;
  return Math.sqrt(sum / y.length);
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const logit = (p: number): number => Math.log(p / (1 - p));
