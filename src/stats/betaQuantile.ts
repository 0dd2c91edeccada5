import { ForesellError } from '../errors.ts';
import { incompleteBeta } from './incompleteBeta.ts';
import { logBeta } from './logGamma.ts';

/**
 * The x with I_x(a, b) = p, by bisection to 1e-12: about 40 evaluations of `incompleteBeta`. a, b > 0, p in [0, 1].
 * @throws ForesellError `beta-invalid`
 */
export function betaQuantile(p: number, a: number, b: number): number {
  if (!(a > 0 && b > 0))
    throw new ForesellError('beta-invalid', `Beta(${a}, ${b}): both must be above 0`, { blame: 'failure' });
  const logB = logBeta(a, b);
  let low = 0;
  let high = 1;
  while (high - low > 1e-12) {
    const middle = (low + high) / 2;
    if (incompleteBeta(middle, a, b, logB) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
