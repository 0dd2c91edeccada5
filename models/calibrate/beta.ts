import { sigmoid } from './logit.ts';
import { newtonLogistic } from './newton.ts';

/** p' = sigmoid(a ln p - b ln(1 - p) + c), with a, b >= 0 so that the order of scores is kept. */
export interface Beta {
  readonly kind: 'beta';
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

const held = (p: number) => Math.min(1 - 1e-12, Math.max(1e-12, p));

/**
 * Beta calibration by maximum likelihood; a coefficient that comes out negative is fixed at 0 and the others are
 * fitted again. Source: Kull, Silva Filho and Flach (2017).
 */
export function fitBeta(event: ArrayLike<number>, p: ArrayLike<number>): Beta {
  const terms = [(q: number) => Math.log(held(q)), (q: number) => -Math.log1p(-held(q))];
  let free = [0, 1];
  for (;;) {
    const columns = free.length + 1;
    const x = new Float64Array(p.length * columns).fill(1);
    for (let i = 0; i < p.length; i++) for (const [j, k] of free.entries()) x[i * columns + j] = terms[k](p[i]);
    const { coefficients } = newtonLogistic(x, columns, event);
    const worst = free.reduce((at, _, j) => (coefficients[j] < coefficients[at] ? j : at), 0);
    if (free.length === 0 || coefficients[worst] >= 0) {
      const [a, b] = [0, 1].map((k) => (free.includes(k) ? coefficients[free.indexOf(k)] : 0));
      return { kind: 'beta', a, b, c: coefficients[columns - 1] };
    }
    free = free.filter((_, j) => j !== worst);
  }
}

export const applyBeta = (map: Beta, p: number): number =>
  sigmoid(map.a * Math.log(held(p)) - map.b * Math.log1p(-held(p)) + map.c);
