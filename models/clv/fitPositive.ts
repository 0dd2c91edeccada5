import { lbfgs } from '../../src/optim/lbfgs.ts';

/**
 * A log-likelihood of positive parameters: its value, and its gradient by the parameters themselves (not their
 * logarithms) written into `gradient`.
 */
export type LogLikelihood = (parameters: Float64Array, gradient: Float64Array) => number;

export interface Fitted {
  readonly parameters: Float64Array;
  readonly logLikelihood: number;
  /** False where no maximum was found, or it lies at the edge of what is searched. */
  readonly converged: boolean;
}

/** |ln parameter| at most this: beyond it the data say no more than "very large" or "very small". */
const EDGE = 10;

/** A log-likelihood with the number of observations in it, so that tolerances do not depend on how many there are. */
export interface Sample {
  readonly logLikelihood: LogLikelihood;
  readonly rows: number;
}

/**
 * Maximum likelihood in the logarithms of positive parameters. Each start is followed on `rough`, a part of the rows;
 * the best of them leads to the maximum of `all`. Deterministic.
 */
export function fitPositive(rough: Sample, all: Sample, starts: readonly (readonly number[])[]): Fitted {
  const climbs = starts.map((start) => climb(rough, start));
  return climb(all, climbs.reduce((best, next) => (next.logLikelihood > best.logLikelihood ? next : best)).parameters);
}

function climb({ logLikelihood, rows }: Sample, start: ArrayLike<number>): Fitted {
  const n = start.length;
  const parameters = new Float64Array(n);
  const objective = (log: Float64Array, gradient: Float64Array): number => {
    for (let i = 0; i < n; i++) {
      if (!(Math.abs(log[i]!) <= EDGE)) return Number.POSITIVE_INFINITY;
      parameters[i] = Math.exp(log[i]!);
    }
    const value = logLikelihood(parameters, gradient);
    for (let i = 0; i < n; i++) gradient[i]! *= -parameters[i]! / rows;
    return -value / rows;
  };
  const { x, value, gradientNorm } = lbfgs(objective, Float64Array.from(start, Math.log), {
    gradientTolerance: 1e-8,
    maxIterations: 300,
  });
  // Near the edge the data say no more than "very large" or "very small": the maximum was not inside.
  const converged = gradientNorm < 1e-4 && x.every((log) => Math.abs(log) < EDGE - 0.5);
  return { parameters: x.map(Math.exp), logLikelihood: -value * rows, converged };
}
