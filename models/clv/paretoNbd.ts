import { digamma } from '../../src/stats/digamma.ts';
import { gaussLegendre } from '../../src/stats/gaussLegendre.ts';
import { logGamma } from '../../src/stats/logGamma.ts';
import { fitPositive } from './fitPositive.ts';
import { meanT, type Purchases, type PurchaseTable, scaledTable, thinnedTable } from './purchases.ts';

/**
 * Pareto/NBD: while active a customer buys at random with rate lambda ~ Gamma(r, alpha), and leaves at any moment with
 * rate mu ~ Gamma(s, beta). `alpha` and `beta` are in the unit of time of the purchases.
 *
 * Source: Schmittlein, Morrison and Colombo (1987); Fader and Hardie, A note on deriving the Pareto/NBD model (2005).
 */
export interface ParetoNbd {
  readonly r: number;
  readonly alpha: number;
  readonly s: number;
  readonly beta: number;
}
export interface ParetoNbdFit extends ParetoNbd {
  readonly logLikelihood: number;
  readonly converged: boolean;
}

const STARTS = [
  [1, 1, 1, 1],
  [0.5, 0.4, 0.6, 0.5],
  [3, 3, 0.5, 4],
];

/** Nodes of a panel: exact to 1e-12 while the integrand falls by e^-8 or less over it. */
const NODES = 12;
const FALL = 8;
const MOST_PANELS = 64;
/** A share of e^-36 more makes no difference. */
const NOTHING = 36;

/**
 * The log-likelihood of a table of purchases and its gradient by (r, alpha, s, beta).
 *
 * L = G(r+x)/G(r) alpha^r beta^s (active + gone), active = (alpha+T)^-(r+x) (beta+T)^-s and
 * gone = s * integral over tau from t_x to T of (alpha+tau)^-(r+x) (beta+tau)^-(s+1), the chance of having left at tau.
 *
 * NOTE[DIFF]: the papers write the integral as a difference of two 2F1, which cancels where T - t_x is small, and whose
 * derivatives by its parameters are series again. Here it is summed by Gauss-Legendre panels in ln(min(alpha, beta) +
 * tau), where the integrand is smooth and positive; its gradient is the same sum, weighted. Cost: one to five panels of
 * 12 nodes a row.
 */
export function paretoNbdLogLikelihood(table: PurchaseTable, parameters: Float64Array, gradient: Float64Array): number {
  const [r, alpha, s, beta] = parameters as unknown as readonly [number, number, number, number];
  const { nodes, weights } = gaussLegendre(NODES);
  const logAlpha = Math.log(alpha);
  const logBeta = Math.log(beta);
  const gammaR = logGamma(r);
  const digammaR = digamma(r);
  const small = Math.min(alpha, beta);
  gradient.fill(0);
  let sum = 0;
  for (let i = 0; i < table.x.length; i++) {
    const x = table.x[i]!;
    const k = r + x;
    const T = table.T[i]!;
    const tx = table.tx[i]!;
    const count = table.count[i]!;
    // All parts relative to the integrand at t_x, so that nothing underflows.
    const buyThen = Math.log(alpha + tx);
    const leaveThen = Math.log(beta + tx);
    const top = -k * buyThen - s * leaveThen;
    const buyNow = Math.log(alpha + T);
    const leaveNow = Math.log(beta + T);
    let total = Math.exp(-k * buyNow - s * leaveNow - top);
    // Weighted sums of d ln part / d (r, alpha, s, beta); logs are counted from those at t_x.
    let dR = -total * (buyNow - buyThen);
    let dAlpha = (-total * k) / (alpha + T);
    let dS = -total * (leaveNow - leaveThen);
    let dBeta = (-total * s) / (beta + T);
    const from = Math.log(small + tx);
    // How fast the logarithm of the integrand falls by u = ln(small + tau): ever faster, so slowest at t_x, fastest at T.
    const fallAt = (tau: number) => (k * (small + tau)) / (alpha + tau) + ((s + 1) * (small + tau)) / (beta + tau);
    const length = Math.min(Math.log(small + T) - from, NOTHING / Math.max(1e-9, fallAt(tx) - 1));
    const panels = Math.min(MOST_PANELS, Math.max(1, Math.ceil((length * Math.max(fallAt(T), 4)) / FALL)));
    const width = length / panels;
    for (let panel = 0; panel < panels && length > 0; panel++) {
      for (let j = 0; j < NODES; j++) {
        const u = from + (panel + nodes[j]!) * width;
        const near = Math.exp(u);
        const tau = near - small;
        const buy = alpha === small ? u : Math.log(alpha + tau);
        const leave = beta === small ? u : Math.log(beta + tau);
        const part = weights[j]! * width * s * near * Math.exp(-k * buy - (s + 1) * leave - top);
        total += part;
        dR -= part * (buy - buyThen);
        dAlpha -= (part * k) / (alpha + tau);
        dS += part * (1 / s - (leave - leaveThen));
        dBeta -= (part * (s + 1)) / (beta + tau);
      }
    }
    sum += count * (logGamma(k) - gammaR + r * logAlpha + s * logBeta + top + Math.log(total));
    gradient[0]! += count * (digamma(k) - digammaR + logAlpha - buyThen + dR / total);
    gradient[1]! += count * (r / alpha + dAlpha / total);
    gradient[2]! += count * (logBeta - leaveThen + dS / total);
    gradient[3]! += count * (s / beta + dBeta / total);
  }
  return sum;
}

/** Fits by maximum likelihood in the logarithms of the parameters, time in units of the mean T meanwhile. */
export function fitParetoNbd(table: PurchaseTable): ParetoNbdFit {
  const unit = meanT(table);
  const scaled = scaledTable(table, unit);
  const sample = (part: PurchaseTable) => ({
    logLikelihood: (p: Float64Array, gradient: Float64Array) => paretoNbdLogLikelihood(part, p, gradient),
    rows: part.customers,
  });
  const { parameters, converged } = fitPositive(sample(thinnedTable(scaled)), sample(scaled), STARTS);
  const inUnits = Float64Array.from(parameters, (value, i) => (i % 2 === 1 ? value * unit : value));
  const logLikelihood = paretoNbdLogLikelihood(table, inUnits, new Float64Array(4));
  const [r, alpha, s, beta] = inUnits as unknown as readonly [number, number, number, number];
  return { r, alpha, s, beta, logLikelihood, converged };
}

/** P(still active at T | x, t_x, T), in (0, 1]. */
export function paretoNbdAlive({ r, alpha, s, beta }: ParetoNbd, { x, tx, T }: Purchases): number {
  const one = { x: Float64Array.of(x), tx: Float64Array.of(tx), T: Float64Array.of(T), count: Float64Array.of(1) };
  const parameters = Float64Array.of(r, alpha, s, beta);
  const all = paretoNbdLogLikelihood({ ...one, customers: 1 }, parameters, new Float64Array(4));
  const logActive =
    logGamma(r + x) - logGamma(r) + r * Math.log(alpha) + s * Math.log(beta) - (r + x) * Math.log(alpha + T) - s * Math.log(beta + T); // biome-ignore format: one product
  return Math.min(1, Math.exp(logActive - all));
}

/**
 * E[purchases in the next `t` | x, t_x, T] = P(active) (r+x)(beta+T)/((alpha+T)(s-1)) (1 - ((beta+T)/(beta+T+t))^(s-1)),
 * whose limit at s = 1 is the logarithm.
 */
export function paretoNbdExpected(model: ParetoNbd, customer: Purchases, t: number): number {
  const { r, alpha, s, beta } = model;
  const { x, T } = customer;
  const log = Math.log((beta + T + t) / (beta + T));
  const active = Math.abs(s - 1) < 1e-9 ? log : -Math.expm1(-(s - 1) * log) / (s - 1);
  return (paretoNbdAlive(model, customer) * (r + x) * (beta + T) * active) / (alpha + T);
}

/** P(no purchase in the next `t` | x, t_x, T): 1 - P(more than 0). Falls from 1 at t = 0 to P(gone). */
export const paretoNbdSilence = (model: ParetoNbd, customer: Purchases, t: number): number =>
  1 - (paretoNbdBeyond(model, customer, t, 1)[0] ?? 0);

/** Beyond this chance of even more purchases, the rest of a distribution is left out. */
const TAIL = 1e-9;
const MOST_PURCHASES = 20_000;
/** Longest panel in the logarithm of time. */
const PANEL = 1.2;

/**
 * P(more than n purchases in the next `t` | x, t_x, T) for n = 0, 1, ..., until below 1e-9. An active customer leaves at
 * tau with density s (beta+T)^s / (beta+T+tau)^(s+1) and buys until then by an NBD of r+x and alpha+T: the integral over
 * tau, by Gauss-Legendre panels in ln(min(alpha, beta) + T + tau), and the part that stays beyond t.
 * @param most how many of them at most
 */
export function paretoNbdBeyond(model: ParetoNbd, customer: Purchases, t: number, most = MOST_PURCHASES): Float64Array {
  const { r, alpha, s, beta } = model;
  const { x, T } = customer;
  const alive = paretoNbdAlive(model, customer);
  const { nodes, weights } = gaussLegendre(NODES);
  const start = beta + T;
  const small = Math.min(alpha, beta) + T;
  const length = Math.log1p(t / small);
  const panels = Math.max(1, Math.ceil(length / PANEL));
  // Times until which an active customer buys, with their weights.
  const moments = [{ until: t, weight: Math.exp(-s * Math.log1p(t / start)) }];
  for (let j = 0; j < panels * NODES; j++) {
    const until = small * Math.expm1(((Math.floor(j / NODES) + nodes[j % NODES]!) * length) / panels);
    const density = (s / (start + until)) * Math.exp(-s * Math.log1p(until / start));
    moments.push({ until, weight: ((weights[j % NODES]! * length) / panels) * density * (small + until) });
  }
  const shape = r + x;
  const share = moments.map(({ until }) => until / (alpha + T + until));
  const logMass = share.map((z) => shape * Math.log1p(-z));
  const above = moments.map(() => 1);
  const beyond: number[] = [];
  for (let n = 0; n < most; n++) {
    let chance = 0;
    for (let m = 0; m < moments.length; m++) {
      above[m] = Math.max(0, above[m]! - Math.exp(logMass[m]!));
      chance += moments[m]!.weight * above[m]!;
      logMass[m]! += Math.log(((shape + n) / (n + 1)) * share[m]!);
    }
    if (alive * chance < TAIL) break;
    beyond.push(alive * chance);
  }
  return Float64Array.from(beyond);
}
