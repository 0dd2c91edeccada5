import { betaBand, type Prior } from '../models/coldStart.ts';
import type { Money } from '../src/money.ts';
import type { Past } from '../src/world.ts';
import type { CalibrationRow } from './ports.ts';

export type Grade = 'A' | 'B' | 'C' | 'D';

/** The stated cut-offs: the lowest probability of each grade. */
export const grades: readonly { readonly grade: Grade; readonly from: number }[] = [
  { grade: 'A', from: 0.7 },
  { grade: 'B', from: 0.45 },
  { grade: 'C', from: 0.2 },
  { grade: 'D', from: 0 },
];

export const gradeOf = (probability: number): Grade => grades.find(({ from }) => probability >= from)?.grade ?? 'D';

/** Outcomes below which a score is a band around the usual rate rather than a judgement. */
export const ENOUGH_OUTCOMES = 50;
const Z80 = 1.2816;
const PRIOR = 20;

/**
 * An 80 % band of a probability: p +- 1.28 sqrt(p (1 - p) / (n + 20)), n = the unseen cases scored alike (the nearest bin
 * of the reliability table), widened where that bin was off by more than chance. Without a table n = the known outcomes.
 * Not a band of the outcome, which is 0 or 1.
 */
export function intervalOf(
  probability: number,
  calibration: readonly CalibrationRow[],
  outcomes: number,
): { readonly low: number; readonly high: number } {
  let bin: CalibrationRow | undefined;
  const distance = (row: CalibrationRow) => Math.abs(row.predicted - probability);
  for (const row of calibration) if (row.n > 0 && (!bin || distance(row) < distance(bin))) bin = row;
  const half = Z80 * Math.sqrt((probability * (1 - probability)) / ((bin?.n ?? outcomes) + PRIOR));
  const off = bin ? bin.observed - bin.predicted : 0;
  const beyond = Math.max(0, Math.abs(off) - half); // what chance alone does not explain
  return {
    low: Math.max(0, probability - half - (off < 0 ? beyond : 0)),
    high: Math.min(1, probability + half + (off > 0 ? beyond : 0)),
  };
}

/**
 * The 80 % band while outcomes are few: quantiles of the beta law of the probability, worth the outcomes that the record
 * behind the row stands on, widened by half of how far the probability lies from that record's rate: what a learner says
 * after few outcomes is itself in doubt. It narrows steadily with every outcome.
 * @param record share of success of the narrowest group that is known, drawn to the wider ones and the prior
 */
export function bandOfFew(probability: number, record: Prior): { low: number; high: number } {
  const law = { rate: probability, weight: record.weight };
  const { lo, hi } = betaBand(law, ((probability - record.rate) / 2) ** 2);
  return { low: Math.min(lo, probability), high: Math.max(hi, probability) };
}

/** One band handing over to another: `share` of the first. */
export const between = (
  share: number,
  first: { readonly low: number; readonly high: number },
  second: { readonly low: number; readonly high: number },
): { low: number; high: number } => ({
  low: share * first.low + (1 - share) * second.low,
  high: share * first.high + (1 - share) * second.high,
});

/** What a deal is worth; `estimated` where nobody gave an amount and its quote lines say what it lists at. */
export interface DealAmount extends Money {
  readonly estimated: boolean;
}

/**
 * The amount of a deal as known: its own, else the list price of its quote lines times the usual ratio of booked to
 * listed (of the product, else of all). Lines in several currencies are not added up: undefined, as without lines.
 */
export function amountOf(past: Past): DealAmount | undefined {
  const base = past.company.settings.base_currency;
  const minor = past.value('amount');
  if (typeof minor === 'number') {
    return { minor, currency: past.last('deal')?.currency ?? base, estimated: false };
  }
  const lines = past.all('quoteLine').filter((line) => line.listPriceMinor !== null);
  if (lines.length === 0 || new Set(lines.map((line) => line.currency)).size > 1) return undefined;
  const { priceRatio } = past.norms;
  let sum = 0;
  for (const line of lines) {
    const usual = (line.productId ? priceRatio.get(line.productId) : undefined) ?? priceRatio.get('') ?? Number.NaN;
    sum += line.listPriceMinor! * (line.quantity ?? 1) * (Number.isNaN(usual) ? 1 : usual);
  }
  return { minor: Math.round(sum), currency: lines[0]!.currency, estimated: true };
}
