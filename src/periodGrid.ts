import { dateReader } from './dates.ts';
import { ForesellError } from './errors.ts';
import { DAY } from './time.ts';

/** Days, weeks, months, quarters or years. */
export type Frequency = 'D' | 'W' | 'M' | 'Q' | 'Y';
export const FREQUENCIES: readonly Frequency[] = ['D', 'W', 'M', 'Q', 'Y'];

/** Periods after which the pattern usually repeats. */
export const usualSeason: Readonly<Record<Frequency, number>> = { D: 7, W: 52, M: 12, Q: 4, Y: 1 };
const WORDS: Readonly<Record<Frequency, string>> = { D: 'days', W: 'weeks', M: 'months', Q: 'quarters', Y: 'years' };
const MONTHS_OF: Readonly<Partial<Record<Frequency, number>>> = { M: 1, Q: 3, Y: 12 };

/** How a date was written: what it says, and how to write another one alike. */
interface Written {
  readonly form: string;
  /** Days since the epoch; of a month, quarter or year its first day. */
  readonly day: number;
  write(day: number): string;
}

/** Periods of one frequency as whole numbers, and back to dates written as they came. */
export interface PeriodGrid {
  readonly frequency: Frequency;
  /** The number of the period of a date that was read. */
  index(text: string): number;
  /** The date of a period in the form of those read: month ends stay month ends. */
  text(index: number): string;
  /** First day of a period since the epoch, and that of the next one. */
  days(index: number): readonly [number, number];
}

/**
 * The grid that the dates of a table lie on. Dates are ISO 8601: a day (also with midnight after it), `2026-11`, `2026-Q4`,
 * `2026-W47`, `2026`, or of a declared form (`DateForm.format`; BBBB is a year of the Buddhist era). All are of one form and
 * fit the frequency: weeks begin on one weekday; months, quarters and years on one day of the month (the 31st is the last of
 * shorter months) or all on month ends; quarters and years lie 3 and 12 months apart.
 * @throws ForesellError `ds-invalid`, `ds-forms`, `ds-misfit`, `format-invalid`
 */
export function periodGrid(texts: Iterable<string>, frequency: Frequency, format?: string): PeriodGrid {
  const read = format === undefined ? readIso : declaredReader(format);
  const known = new Map<string, Written>();
  let first: { readonly text: string; readonly written: Written } | undefined;
  for (const text of texts) {
    if (known.has(text)) continue;
    const written = read(text);
    if (written === undefined) {
      const buddhist = /^2[4-6]\d\d/.test(text)
        ? '; a year of the Buddhist era is declared: --ds-format BBBB-MM-DD'
        : '';
      throw new ForesellError('ds-invalid', `ds "${text.slice(0, 40)}" is no date such as 2026-11-30, 2026-11, 2026-Q4, 2026-W47 or 2026${buddhist}`); // biome-ignore format: one sentence
    }
    first ??= { text, written };
    if (written.form !== first.written.form)
      throw new ForesellError('ds-forms', `ds is written "${first.text}" and "${text}"; expected one form throughout`);
    known.set(text, written);
  }
  if (first === undefined) throw new ForesellError('ds-invalid', 'no date at all; expected one a row');
  const { write } = first.written;
  const scale = scaleOf(known, frequency);
  return {
    frequency,
    index: (text) => scale.index(known.get(text)!.day),
    text: (index) => write(scale.day(index)),
    days: (index) => [scale.day(index), scale.day(index + 1)],
  };
}

interface Scale {
  index(day: number): number;
  day(index: number): number;
}

function scaleOf(known: ReadonlyMap<string, Written>, frequency: Frequency): Scale {
  const days = [...known.values()].map(({ day }) => day);
  const misfit = (text: string, why: string) =>
    new ForesellError(
      'ds-misfit',
      `ds "${text}" does not fit ${WORDS[frequency]}: ${why}; check --freq or mend the row`,
    );
  if (frequency === 'D') return { index: (day) => day, day: (index) => index };
  if (frequency === 'W') {
    const anchor = ((days[0]! % 7) + 7) % 7;
    for (const [text, { day }] of known)
      if ((((day - anchor) % 7) + 7) % 7 !== 0) throw misfit(text, `"${[...known.keys()][0]}" is another weekday`);
    return { index: (day) => (day - anchor) / 7, day: (index) => index * 7 + anchor };
  }
  const step = MONTHS_OF[frequency]!;
  const ends = days.every((day) => dateOf(day + 1).date === 1);
  const anchor = Math.max(...days.map((day) => dateOf(day).date));
  const [firstText, firstWritten] = [...known][0]!;
  const phase = dateOf(firstWritten.day).month % step;
  for (const [text, { day }] of known) {
    const { year, month, date } = dateOf(day);
    if (!ends && date !== Math.min(anchor, lastDate(year, month)))
      throw misfit(text, `it is not the same day of the month as the others (${anchor})`);
    if (month % step !== phase) throw misfit(text, `it is no multiple of ${step} months from "${firstText}"`);
  }
  return {
    index: (day) => Math.floor((dateOf(day).year * 12 + dateOf(day).month - phase) / step),
    day: (index) => {
      const months = index * step + phase;
      const [year, month] = [Math.floor(months / 12), ((months % 12) + 12) % 12];
      return Date.UTC(year, month, ends ? lastDate(year, month) : Math.min(anchor, lastDate(year, month))) / DAY;
    },
  };
}

/** Year, month from 0, day of the month. */
function dateOf(day: number): { readonly year: number; readonly month: number; readonly date: number } {
  const at = new Date(day * DAY);
  return { year: at.getUTCFullYear(), month: at.getUTCMonth(), date: at.getUTCDate() };
}
const lastDate = (year: number, month: number): number => new Date(Date.UTC(year, month + 1, 0)).getUTCDate();

const FORMS = /^(\d{4})(?:-?Q([1-4])|-W(\d{2})|-(\d{2})(?:-(\d{2})([T ]00:00(?::00(?:\.0+)?)?(?:Z|[+-]00:?00)?)?)?)?$/;
const pad = (value: number): string => String(value).padStart(2, '0');
const isoDay = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10);

function readIso(text: string): Written | undefined {
  const found = FORMS.exec(text);
  if (!found || Number(found[1]) < 1000 || Number(found[1]) > 2400) return undefined;
  const year = Number(found[1]);
  const [, , quarter, week, month, date, clock = ''] = found;
  if (quarter !== undefined) {
    const between = text.includes('-') ? '-Q' : 'Q';
    const write = (day: number) => `${dateOf(day).year}${between}${Math.floor(dateOf(day).month / 3) + 1}`;
    return { form: between, day: Date.UTC(year, 3 * (Number(quarter) - 1)) / DAY, write };
  }
  if (week !== undefined) {
    const day = mondayOf(year, Number(week));
    return writeWeek(day) === text ? { form: 'week', day, write: writeWeek } : undefined;
  }
  if (month === undefined)
    return { form: 'year', day: Date.UTC(year, 0) / DAY, write: (day) => String(dateOf(day).year) };
  if (Number(month) < 1 || Number(month) > 12) return undefined;
  if (date === undefined) {
    const write = (day: number) => `${dateOf(day).year}-${pad(dateOf(day).month + 1)}`;
    return { form: 'month', day: Date.UTC(year, Number(month) - 1) / DAY, write };
  }
  if (Number(date) < 1 || Number(date) > lastDate(year, Number(month) - 1)) return undefined;
  const day = Date.UTC(year, Number(month) - 1, Number(date)) / DAY;
  return { form: `day${clock}`, day, write: (at) => `${isoDay(at)}${clock}` };
}

/** Monday of an ISO week: week 1 holds 4 January. */
function mondayOf(year: number, week: number): number {
  const fourth = Date.UTC(year, 0, 4) / DAY;
  return fourth - ((fourth + 3) % 7) + 7 * (week - 1);
}

function writeWeek(day: number): string {
  const { year } = dateOf(day + 3); // the Thursday tells the year
  return `${year}-W${pad((day - mondayOf(year, 1)) / 7 + 1)}`;
}

/** Reads and writes a declared form made of year, month and day in digits. */
function declaredReader(format: string): (text: string) => Written | undefined {
  const iso = dateReader({ format }, 'UTC');
  const tokens = /YYYY|YY|BBBB|BB|MM|M|DD|D/g;
  if (/MMM|H|m|s/.test(format))
    throw new ForesellError(
      'format-invalid',
      `--ds-format "${format}": expected a year, month and day in digits, as DD/MM/BBBB`,
    );
  const write = (day: number): string => {
    const { year, month, date } = dateOf(day);
    const parts: Readonly<Record<string, string>> = {
      YYYY: String(year), YY: pad(year % 100), BBBB: String(year + 543), BB: pad((year + 543) % 100),
      MM: pad(month + 1), M: String(month + 1), DD: pad(date), D: String(date),
    }; // biome-ignore format: a table
    return format.replace(tokens, (token) => parts[token]!);
  };
  return (text) => {
    const found = readIso(iso(text));
    return found?.form === 'day' && write(found.day) === text ? { form: 'declared', day: found.day, write } : undefined;
  };
}
