import { DAY } from './time.ts';

/**
 * Public holidays by rule, for the countries listed here; a company's country is told by its time zone. A small table
 * rather than a package of 19 MB: days off only shade how much working time is left.
 *
 * Thai lunar days follow from the kind of each lunar year (354 days, or 355, or 384 with a second eighth month), as the
 * Thai government's calendar gives them for 2015 to 2035; outside those years the lunar days are left out. A Thai
 * holiday on a weekend moves to the next working day.
 */
export type Country = 'TH' | 'US' | 'GB' | 'DE' | 'FR';
export const COUNTRIES: readonly Country[] = ['TH', 'US', 'GB', 'DE', 'FR'];

/** Days since the epoch. */
type DayNumber = number;
const day = (year: number, month: number, date: number): DayNumber => Date.UTC(year, month - 1, date) / DAY;
/** 0 = Sunday .. 6 = Saturday; day 0 was a Thursday. */
const weekday = (at: DayNumber): number => (((at + 4) % 7) + 7) % 7;
/** The n-th such weekday of a month; -1 = the last. */
function nth(n: number, which: number, year: number, month: number): DayNumber {
  if (n > 0) {
    const first = day(year, month, 1);
    return first + ((which - weekday(first) + 7) % 7) + 7 * (n - 1);
  }
  const last = day(year, month + 1, 1) - 1;
  return last - ((weekday(last) - which + 7) % 7);
}

/** Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher). */
function easter(year: number): DayNumber {
  const [a, b, c] = [year % 19, Math.floor(year / 100), year % 100];
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  return day(year, month, ((h + l - 7 * m + 114) % 31) + 1);
}

const LUNAR_FROM = 2015;
const LUNAR_TO = 2035;
/** First day of the lunar year whose holy days fall in 2015. */
const LUNAR_START = day(2014, 11, 22);
const EXTRA_MONTH: ReadonlySet<number> = new Set([2015, 2018, 2021, 2023, 2026, 2029, 2031, 2034]);
const EXTRA_DAY: ReadonlySet<number> = new Set([2016, 2020, 2025, 2032, 2035]);

/** Makha Bucha, Visakha Bucha, Asalha Bucha and the day after it, the beginning of Lent. */
function thaiLunar(year: number): readonly DayNumber[] {
  if (year < LUNAR_FROM || year > LUNAR_TO) return [];
  let start = LUNAR_START;
  for (let y = LUNAR_FROM; y < year; y++) start += 354 + (EXTRA_MONTH.has(y) ? 30 : EXTRA_DAY.has(y) ? 1 : 0);
  // The 15th of months 3, 6 and 8 (months have 29 and 30 days in turn); a month later in years with one more.
  const [makha, visakha, asalha] = EXTRA_MONTH.has(year) ? [102, 191, 250] : [73, 161, EXTRA_DAY.has(year) ? 221 : 220];
  return [start + makha, start + visakha, start + asalha, start + asalha + 1];
}

function thai(year: number): readonly DayNumber[] {
  const fixed: [number, number][] = [[1, 1], [4, 6], [4, 13], [4, 14], [4, 15], [5, 1], [8, 12], [10, 23], [12, 5], [12, 10], [12, 31]]; // biome-ignore format: a table
  if (year >= 2017) fixed.push([7, 28], [10, 13]);
  if (year >= 2019) fixed.push([5, 4], [6, 3]);
  const days = [...fixed.map(([month, date]) => day(year, month, date)), ...thaiLunar(year)].sort((a, b) => a - b);
  const off = new Set(days);
  for (const at of days) {
    if (weekday(at) !== 0 && weekday(at) !== 6) continue;
    let next = at + 1;
    while (off.has(next) || weekday(next) === 0 || weekday(next) === 6) next++;
    off.add(next);
  }
  return [...off];
}

const rules: Readonly<Record<Country, (year: number) => readonly DayNumber[]>> = {
  TH: thai,
  US: (y) => [
    day(y, 1, 1), nth(3, 1, y, 1), nth(3, 1, y, 2), nth(-1, 1, y, 5), ...(y >= 2021 ? [day(y, 6, 19)] : []), day(y, 7, 4),
    nth(1, 1, y, 9), nth(2, 1, y, 10), day(y, 11, 11), nth(4, 4, y, 11), day(y, 12, 25),
  ], // biome-ignore format: a row
  GB: (y) => [
    day(y, 1, 1), easter(y) - 2, easter(y) + 1, nth(1, 1, y, 5), nth(-1, 1, y, 5), nth(-1, 1, y, 8), day(y, 12, 25), day(y, 12, 26),
  ], // biome-ignore format: a row
  DE: (y) => [
    day(y, 1, 1), easter(y) - 2, easter(y) + 1, day(y, 5, 1), easter(y) + 39, easter(y) + 50, day(y, 10, 3), day(y, 12, 25), day(y, 12, 26),
  ], // biome-ignore format: a row
  FR: (y) => [
    day(y, 1, 1), easter(y) + 1, day(y, 5, 1), day(y, 5, 8), easter(y) + 39, easter(y) + 50, day(y, 7, 14), day(y, 8, 15), day(y, 11, 1),
    day(y, 11, 11), day(y, 12, 25),
  ], // biome-ignore format: a row
};

const ZONES: Readonly<Record<string, Country>> = { 'Asia/Bangkok': 'TH', 'Europe/London': 'GB', 'Europe/Berlin': 'DE', 'Europe/Paris': 'FR', 'America/New_York': 'US', 'America/Chicago': 'US', 'America/Denver': 'US', 'America/Los_Angeles': 'US' }; // biome-ignore format: a table

/** The country whose holidays a company keeps, by its time zone; undefined where this page has none. */
export const countryOfZone = (zone: string): Country | undefined => ZONES[zone];

const known = new Map<string, ReadonlySet<DayNumber>>();
/** Those of a year, also where a weekend of the year before moves them into it. */
function daysOf(country: Country, year: number): ReadonlySet<DayNumber> {
  const key = `${country}${year}`;
  let days = known.get(key);
  if (!days) {
    const both = [...rules[country](year - 1), ...rules[country](year)];
    known.set(key, (days = new Set(both.filter((at) => at >= day(year, 1, 1) && at < day(year + 1, 1, 1)))));
  }
  return days;
}

/** The public holidays of a year as ISO dates, sorted. */
export function holidaysOf(country: Country, year: number): readonly string[] {
  return [...daysOf(country, year)].sort((a, b) => a - b).map((at) => new Date(at * DAY).toISOString().slice(0, 10));
}

const isHoliday = (at: DayNumber, country: Country | undefined): boolean =>
  country !== undefined && daysOf(country, new Date(at * DAY).getUTCFullYear()).has(at);

/** From the first day of a country's century on, how many weekdays there were before each day, and holidays among them. */
interface Counts {
  readonly from: DayNumber;
  readonly weekdays: Int32Array;
  readonly holidays: Int32Array;
}
const counted = new Map<Country | undefined, Map<number, Counts>>();

function countsOf(country: Country | undefined, century: number): Counts {
  let centuries = counted.get(country);
  if (!centuries) counted.set(country, (centuries = new Map()));
  let counts = centuries.get(century);
  if (!counts) {
    const from = day(century * 100, 1, 1);
    const days = day(century * 100 + 101, 1, 1) - from; // a year more, for what begins at its end
    counts = { from, weekdays: new Int32Array(days + 1), holidays: new Int32Array(days + 1) };
    for (let i = 0; i < days; i++) {
      const isWeekday = weekday(from + i) !== 0 && weekday(from + i) !== 6;
      counts.weekdays[i + 1] = counts.weekdays[i]! + (isWeekday ? 1 : 0);
      counts.holidays[i + 1] = counts.holidays[i]! + (isWeekday && isHoliday(from + i, country) ? 1 : 0);
    }
    centuries.set(century, counts);
  }
  return counts;
}

/** Public holidays from one day (counted) to another (not counted), whatever their weekday. */
export function holidaysBetween(fromDay: DayNumber, toDay: DayNumber, country: Country): number {
  let n = 0;
  for (let at = fromDay; at < toDay; at++) if (isHoliday(at, country)) n++;
  return n;
}

/** Days from `first` (counted) to `end` (not counted, at most a year later) by one of the counts. */
function between(
  date: string,
  first: DayNumber,
  end: DayNumber,
  country: Country | undefined,
  of: 'weekdays' | 'holidays',
) {
  const counts = countsOf(country, Math.floor(Number(date.slice(0, 4)) / 100));
  return counts[of][end - counts.from]! - counts[of][first - counts.from]!;
}

/** Working days (neither Saturday, Sunday nor public holiday) from the local day of `from` (counted) to that of `to` (not counted), at most a year. */
export function workingDays(fromDate: string, toDate: string, country: Country | undefined): number {
  const [first, end] = [Date.parse(fromDate) / DAY, Date.parse(toDate) / DAY];
  if (end <= first) return 0;
  return between(fromDate, first, end, country, 'weekdays') - between(fromDate, first, end, country, 'holidays');
}

/** Public holidays on weekdays within `days` days (at most a year) after a local day. */
export function holidaysAhead(date: string, days: number, country: Country | undefined): number {
  const first = Date.parse(date) / DAY + 1;
  return between(date, first, first + days, country, 'holidays');
}
