import { ForesellError } from './errors.ts';
import { formatInstant, parseInstant } from './time.ts';

/** A declared form of time. */
export interface DateForm {
  /**
   * Tokens YYYY, YY (20xx), BBBB (Buddhist era), BB (25xx), MMMM and MMM (month names, Thai or English), MM, M, DD, D, HH,
   * H, mm, ss; other characters stand for themselves. Or `sql` (`2026-11-21 9:30:00.123`, also with offset), `epoch_s`, `epoch_ms`.
   */
  readonly format: string;
  /** The zone of times without an offset; absent = the company's, and a day stays a bare date. */
  readonly zone?: string | undefined;
  /** `thai`: ๐ to ๙ count as 0 to 9. */
  readonly digits?: 'thai' | undefined;
}

const BUDDHIST_YEARS = 543;
/** Years below it are no company's by the Buddha's count (2400 is 1857): most likely common years in a column of Buddhist ones. */
const FIRST_BUDDHIST = 2400;
const TOKENS: Readonly<Record<string, string>> = {
  YYYY: '(?<Y>\\d{4})',
  YY: '(?<y>\\d{2})',
  BBBB: '(?<B>\\d{4})',
  BB: '(?<b>\\d{2})',
  MMMM: '(?<N>[^\\d\\s,/-]+)',
  MMM: '(?<N>[^\\d\\s,/-]+)',
  MM: '(?<M>\\d{2})',
  M: '(?<M>\\d{1,2})',
  DD: '(?<D>\\d{2})',
  D: '(?<D>\\d{1,2})',
  HH: '(?<h>\\d{2})',
  H: '(?<h>\\d{1,2})',
  mm: '(?<m>\\d{2})',
  ss: '(?<s>\\d{2})',
};
const MONTHS: readonly (readonly string[])[] = [
  ['มกราคม', 'ม.ค.', 'january', 'jan'],
  ['กุมภาพันธ์', 'ก.พ.', 'february', 'feb'],
  ['มีนาคม', 'มี.ค.', 'march', 'mar'],
  ['เมษายน', 'เม.ย.', 'april', 'apr'],
  ['พฤษภาคม', 'พ.ค.', 'may'],
  ['มิถุนายน', 'มิ.ย.', 'june', 'jun'],
  ['กรกฎาคม', 'ก.ค.', 'july', 'jul'],
  ['สิงหาคม', 'ส.ค.', 'august', 'aug'],
  ['กันยายน', 'ก.ย.', 'september', 'sep', 'sept'],
  ['ตุลาคม', 'ต.ค.', 'october', 'oct'],
  ['พฤศจิกายน', 'พ.ย.', 'november', 'nov'],
  ['ธันวาคม', 'ธ.ค.', 'december', 'dec'],
];
const monthOf = new Map(MONTHS.flatMap((names, i) => names.map((name) => [name, i + 1] as const)));
const SQL = /^(\d{4}-\d{2}-\d{2})[ T](\d{1,2})(:\d{2})(:\d{2})?(?:\.(\d{1,9}))?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/;

/**
 * Turns text of a declared form into ISO 8601; what is not of that form passes as it came, so that an ISO time is a time
 * everywhere and everything else is refused by name where it is checked. Impossible days are not judged here, and so are
 * refused there too: a Buddhist year, of 2400 or later, becomes a common one first (29/02/2567 is a day, 29/02/2566 is none).
 * @throws ForesellError `format-invalid` for a format without a year, month and day
 */
export function dateReader(form: DateForm, companyZone: string): (text: string) => string {
  const zone = form.zone ?? companyZone;
  const inZone = (iso: string, text: string): string => {
    if (form.zone === undefined) return iso;
    const instant = parseInstant(iso, zone);
    return instant === undefined ? text : formatInstant(instant);
  };
  const digits = form.digits === 'thai' ? (text: string) => text.replace(/[๐-๙]/g, (d) => String(d.charCodeAt(0) - 0x0e50)) : (text: string) => text; // biome-ignore format: one choice
  if (form.format === 'epoch_s' || form.format === 'epoch_ms') {
    const scale = form.format === 'epoch_s' ? 1000 : 1;
    return (text) => {
      const plain = digits(text.trim());
      if (!/^\d{1,16}$/.test(plain)) return text;
      const at = Number(plain) * scale;
      // A second mistaken for a millisecond, or the reverse, lies far outside the years of any company.
      return at >= Date.UTC(1980, 0) && at < Date.UTC(2100, 0) ? formatInstant(at) : text;
    };
  }
  if (form.format === 'sql') {
    return (text) => {
      const found = SQL.exec(digits(text.trim()));
      if (!found) return text;
      const [, day, hour, minute, second = ':00', fraction, offset] = found;
      const iso = `${day}T${hour!.padStart(2, '0')}${minute}${second}${fraction ? `.${fraction.slice(0, 3)}` : ''}`;
      return offset === undefined ? inZone(iso, text) : `${iso}${offset === 'UTC' ? 'Z' : offset}`;
    };
  }
  const pattern = form.format.replace(/YYYY|YY|BBBB|BB|MMMM|MMM|MM|M|DD|D|HH|H|mm|ss|[.*+?^${}()|[\]\\]/g, (token) => TOKENS[token] ?? `\\${token}`); // biome-ignore format: one call
  let expected: RegExp;
  try {
    expected = new RegExp(`^${pattern}$`, 'u');
  } catch (cause) {
    throw new ForesellError('format-invalid', `date format "${form.format}" names a part twice`, { cause });
  }
  if (!/YY|BB/.test(form.format) || !/M/.test(form.format) || !/D/.test(form.format))
    throw new ForesellError('format-invalid', `date format "${form.format}" needs a year, a month and a day`);
  return (text) => {
    const part = expected.exec(digits(text.trim()))?.groups;
    if (!part) return text;
    const named = part['N'] === undefined ? undefined : monthOf.get(part['N'].toLowerCase());
    if (part['N'] !== undefined && named === undefined) return text;
    if (part['B'] !== undefined && Number(part['B']) < FIRST_BUDDHIST) return text;
    const year =
      part['Y'] ?? (part['y'] ? `20${part['y']}` : String(Number(part['B'] ?? `25${part['b']}`) - BUDDHIST_YEARS));
    const month = String(named ?? part['M']).padStart(2, '0');
    const clock =
      part['h'] === undefined ? '' : `T${part['h'].padStart(2, '0')}:${part['m'] ?? '00'}:${part['s'] ?? '00'}`;
    return inZone(`${year}-${month}-${part['D']!.padStart(2, '0')}${clock}`, text);
  };
}
