import Big from 'big.js';
import { ForesellError } from './errors.ts';

/** An amount in minor units (satang, cents) with its ISO 4217 currency. Never a floating amount of major units. */
export interface Money {
  readonly minor: number;
  readonly currency: string;
}

const currencies = new Set(Intl.supportedValuesOf('currency'));
const digitsOf = new Map<string, number>();

/** Whether a code is one of ISO 4217 (as ICU knows them). */
export const isCurrency = (code: string): boolean => currencies.has(code);

/** Decimals of a currency: JPY 0, THB 2, KWD 3 (ISO 4217, by ICU). An unknown code is refused. */
export function decimals(currency: string): number {
  let digits = digitsOf.get(currency);
  if (digits === undefined) {
    if (!isCurrency(currency)) {
      throw new ForesellError('currency-unknown', `currency "${currency}" is not an ISO 4217 code such as THB or EUR`);
    }
    digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
    digitsOf.set(currency, digits);
  }
  return digits;
}

/** A plain decimal string (`-1234.50`) in minor units; undefined where it is not one, or finer than the currency. */
export function parseMinor(text: string, currency: string): number | undefined {
  const match = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text.trim());
  if (!match) return undefined;
  const places = decimals(currency);
  const fraction = match[3] ?? '';
  if (/[^0]/.test(fraction.slice(places))) return undefined;
  const minor = Number(match[2] + fraction.slice(0, places).padEnd(places, '0'));
  if (!Number.isSafeInteger(minor)) return undefined;
  return match[1] === '-' && minor !== 0 ? -minor : minor;
}

/** Minor units as a plain decimal string. */
export function formatMinor(minor: number, currency: string): string {
  return new Big(minor).div(new Big(10).pow(decimals(currency))).toFixed(decimals(currency));
}

/**
 * Converts minor units between currencies at a rate (units of `to` for one unit of `from`), rounding half away from
 * zero to the minor unit of `to`. Exact decimal arithmetic (big.js).
 */
export function convertMinor(minor: number, from: string, to: string, rate: string | number): number {
  if (from === to) return minor;
  const shift = new Big(10).pow(decimals(to)).div(new Big(10).pow(decimals(from)));
  return Number(new Big(minor).times(new Big(rate)).times(shift).round(0, Big.roundHalfUp).toString());
}
