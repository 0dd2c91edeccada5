import { ForesellError } from '../../src/errors.ts';
import { type BgNbd, bgNbdAlive, bgNbdBeyond, bgNbdExpected, bgNbdSilence, fitBgNbd } from './bgNbd.ts';
import {
  fitParetoNbd,
  type ParetoNbd,
  paretoNbdAlive,
  paretoNbdBeyond,
  paretoNbdExpected,
  paretoNbdSilence,
} from './paretoNbd.ts';
import type { Purchases, PurchaseTable } from './purchases.ts';

/** A fitted law of when customers buy and leave: what is known of any of them from (x, t_x, T), in days. */
export interface PurchaseLaw {
  readonly kind: LawKind;
  readonly parameters: Readonly<Record<string, number>>;
  readonly logLikelihood: number;
  readonly converged: boolean;
  /** P(still active at T). */
  alive(customer: Purchases): number;
  /** E[purchases in the next `days`]. */
  expected(customer: Purchases, days: number): number;
  /** P(no purchase in the next `days`). */
  silence(customer: Purchases, days: number): number;
  /** P(more than n purchases in the next `days`), n = 0, 1, ..., until that is negligible. */
  beyond(customer: Purchases, days: number): Float64Array;
}

export const lawKinds = ['bg-nbd', 'pareto-nbd'] as const;
export type LawKind = (typeof lawKinds)[number];

const fits: Readonly<Record<LawKind, (table: PurchaseTable) => PurchaseLaw>> = {
  'bg-nbd': (table) => {
    const { r, alpha, a, b, logLikelihood, converged } = fitBgNbd(table);
    return { ...bgNbdLaw({ r, alpha, a, b }), logLikelihood, converged };
  },
  'pareto-nbd': (table) => {
    const { r, alpha, s, beta, logLikelihood, converged } = fitParetoNbd(table);
    return { ...paretoNbdLaw({ r, alpha, s, beta }), logLikelihood, converged };
  },
};

/** Fits a law by maximum likelihood. */
export function fitLaw(kind: LawKind, table: PurchaseTable): PurchaseLaw {
  if (table.customers === 0) {
    throw new ForesellError('clv-too-few', 'no customers to learn from', { status: 409 });
  }
  return fits[kind](table);
}

/** BG/NBD of given parameters, `alpha` in days. */
export const bgNbdLaw = (model: BgNbd): PurchaseLaw => ({
  kind: 'bg-nbd',
  parameters: { ...model },
  logLikelihood: Number.NaN,
  converged: true,
  alive: (customer) => bgNbdAlive(model, customer),
  expected: (customer, days) => bgNbdExpected(model, customer, days),
  silence: (customer, days) => bgNbdSilence(model, customer, days),
  beyond: (customer, days) => bgNbdBeyond(model, customer, days),
});

/** Pareto/NBD of given parameters, `alpha` and `beta` in days. */
export const paretoNbdLaw = (model: ParetoNbd): PurchaseLaw => ({
  kind: 'pareto-nbd',
  parameters: { ...model },
  logLikelihood: Number.NaN,
  converged: true,
  alive: (customer) => paretoNbdAlive(model, customer),
  expected: (customer, days) => paretoNbdExpected(model, customer, days),
  silence: (customer, days) => paretoNbdSilence(model, customer, days),
  beyond: (customer, days) => paretoNbdBeyond(model, customer, days),
});
