import type { FactOf } from '../src/records.ts';
import { DAY } from '../src/time.ts';
import type { Past } from '../src/world.ts';

const NOTHING = Symbol('worked out: undefined');
const elsewhere = new WeakMap<object, unknown[]>();
let places = 0;

/** Work that several features need of one past (or of one week's norms), done once: each has a place in what the past keeps. */
export function shared<T, Of extends object = Past>(compute: (of: Of) => T): (of: Of) => T {
  const place = places++;
  return (of) => {
    const kept = (of as { readonly kept?: unknown[] }).kept ?? keptOf(of);
    const known = kept[place];
    if (known !== undefined) return (known === NOTHING ? undefined : known) as T;
    const value = compute(of);
    kept[place] = value === undefined ? NOTHING : value;
    return value;
  };
}

function keptOf(of: object): unknown[] {
  let kept = elsewhere.get(of);
  if (!kept) elsewhere.set(of, (kept = []));
  return kept;
}

/** Days from an instant to the look; NaN where it never was. */
export const daysSince = (past: Past, at: number | undefined): number =>
  at === undefined ? Number.NaN : (past.asOf - at) / DAY;

/** When the deal, lead or account was created; undefined where nothing says so. */
export const bornAt = (past: Past): number | undefined =>
  (past.of === 'lead' ? past.last('lead') : past.of === 'account' ? past.last('account') : past.last('deal'))?.at;

/** Whether a company's deals (leads, contracts) reach back less than a year: what grows with time then only tells the date. */
export const inFirstYear = (past: Past): boolean => {
  const { norms } = past;
  const since = past.of === 'lead' ? norms.leads.since : past.of === 'account' ? norms.contracts.since : norms.since;
  return !(daysSince(past, Number.isNaN(since) ? norms.since : since) > 365);
};

/** Mean; NaN of none. */
export const mean = (values: readonly number[]): number =>
  values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : Number.NaN;

/** (hits + m p) / (n + m) with m = 20; p where there is nothing to go by. */
export const drawnTo = (p: number, hits: number, n: number): number => (hits + 20 * p) / (n + 20);

/** a / b; NaN where b is not above 0. */
export const ratio = (a: number, b: number): number => (b > 0 ? a / b : Number.NaN);

/** Middle value (mean of the two middle ones); NaN of none. */
export function median(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  const sorted = new Float64Array(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** (won + m p0) / (n + m) with m = 20: a rate drawn to the company's own where there is little to go by. */
export function shrunkRate(
  won: number,
  lost: number,
  company: { readonly won: number; readonly lost: number },
): number {
  const p0 = ratio(company.won, company.won + company.lost);
  return (won + 20 * p0) / (won + lost + 20);
}

const text = (value: string | number | undefined): string | undefined =>
  value === undefined ? undefined : String(value);
/** The newest word of a mutable field. */
export const word = (past: Past, field: string): string | undefined => text(past.value(field));
/** The newest number of a mutable field; NaN where none is known. */
export function amountOf(past: Past, field: string): number {
  const value = past.value(field);
  return typeof value === 'number' ? value : Number.NaN;
}

/** A past's changes of a field, oldest first. */
export const changesOf = (past: Past, field: string): readonly FactOf<'change'>[] => past.changes(field);

/** How often a field took another value after its first. */
export const moves = (past: Past, field: string): number => Math.max(0, changesOf(past, field).length - 1);
