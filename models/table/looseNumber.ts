import { countsOf, numberOf, type RawColumn } from '../../src/connectors/columns.ts';
import { isCurrency } from '../../src/money.ts';

/** What stands before the decimals of a column's numbers. */
export type Decimal = '.' | ',';

const THAI_DIGIT = /[๐-๙]/;
const CURRENCY = '[$€£฿¥]|[A-Z]{3}|บาท';
const DIGITS: Readonly<Record<Decimal, string>> = {
  '.': String.raw`\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?`,
  ',': String.raw`\d{1,3}(?:[. ]\d{3})+(?:,\d+)?|\d+(?:,\d+)?`,
};
const form = (decimal: Decimal) =>
  new RegExp(`^([-+]?)\\s*(${CURRENCY})?\\s*([-+]?)(${DIGITS[decimal]})(?:\\.-)?\\s*(?:%|(${CURRENCY}))?$`);
const FORMS: Readonly<Record<Decimal, RegExp>> = { '.': form('.'), ',': form(',') };

/**
 * A number also where it is written with a sign of percent, of a currency (or its code, as THB) or with marks between thousands; below 0 also in the
 * brackets of accountants, with the sign behind or that of a typesetter; in Thai digits where all of them are. With decimals after a comma, what
 * can only be read with a point ("12.5") still is. NaN where it says none.
 */
export function looseNumber(cell: string, decimal: Decimal = '.'): number {
  const plain = numberOf(cell);
  if (decimal === '.' && !Number.isNaN(plain)) return plain;
  if (THAI_DIGIT.test(cell)) return /\d/.test(cell) ? Number.NaN : looseNumber(inArabic(cell), decimal);
  const below = /^\((.+)\)$|^(.*\d)-$/.exec(cell);
  const text = (below ? `-${below[1] ?? below[2]}` : cell).replace('\u2212', '-').replaceAll(/[\u00A0\u202F]/g, ' ');
  const [, sign, before, inner, digits, after] = FORMS[decimal].exec(text) ?? [];
  if (digits === undefined) return plain;
  if ((sign && inner) || (before && after) || ((digits === cell || below) && /^0\d/.test(digits))) return Number.NaN;
  if ([before, after].some((code) => code?.length === 3 && /[A-Z]/.test(code) && !isCurrency(code))) return Number.NaN;
  const bare = decimal === '.' ? digits.replaceAll(',', '') : digits.replaceAll(/[. ]/g, '').replace(',', '.');
  return Number(`${sign}${inner}${bare}`);
}

const inArabic = (cell: string): string =>
  cell.replaceAll(/[๐-๙]/g, (digit) => String(digit.charCodeAt(0) - '๐'.charCodeAt(0)));

/** Share of the cells that must be numbers for a comma to stand before decimals, and different ones: a few may be lists of codes ("1,2"). */
const MOSTLY = 0.95;
const FEW_WORDS = 20;

/**
 * What stands before the decimals of a column: a comma where nearly all cells are numbers so, and more of them are none with a point
 * ("12,5", "1.234,50") than have a point alone. "1,234" may be either, and is taken for thousands.
 */
export function decimalOf(raw: RawColumn, absent: ReadonlySet<string>): Decimal {
  if (raw.kind === 'numbers' || !raw.words.some((word) => word.includes(','))) return '.';
  const counts = countsOf(raw);
  let [filled, numbers, onlySo, points, different] = [0, 0, 0, 0, 0];
  raw.words.forEach((word, w) => {
    const count = counts[w]!;
    if (count === 0 || absent.has(word)) return;
    filled += count;
    if (Number.isNaN(looseNumber(word, ','))) return;
    numbers += count;
    different++;
    if (Number.isNaN(looseNumber(word))) onlySo += count;
    else if (word.includes('.')) points += count;
  });
  return different > FEW_WORDS && numbers >= MOSTLY * filled && onlySo > points ? ',' : '.';
}
