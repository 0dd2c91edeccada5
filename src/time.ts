import { Temporal } from 'temporal-polyfill';
import { ForesellError } from './errors.ts';

/** Milliseconds since the epoch, UTC. The only form of time inside the engine. */
export type Instant = number;

export const DAY = 86_400_000;
export const WEEK = 7 * DAY;

/** A stretch of time, `from` included, `to` excluded. */
export interface Period {
  readonly from: Instant;
  readonly to: Instant;
  /** `2026-Q4`, `2026-11`, `2026-W47`, `2026` or `FROM/TO`. */
  readonly label: string;
}

/** Days, weeks and fiscal quarters as one company counts them. */
export interface Calendar {
  readonly zone: string;
  /** 00:00 of the local day that holds the instant. */
  startOfDay(at: Instant): Instant;
  /** The next 00:00 after the instant's local day began. */
  nextDay(at: Instant): Instant;
  /** Start of the local week. */
  startOfWeek(at: Instant): Instant;
  /** Local weekday, 1 = Monday .. 7 = Sunday. */
  weekday(at: Instant): number;
  /** Local hour with fraction, 0 <= h < 24. */
  hour(at: Instant): number;
  /** The fiscal quarter that holds the instant. */
  quarter(at: Instant): Period;
  /**
   * `2026-Q4`, `2026-11`, `2026-W47`, `2026` (fiscal for quarters and years). Week 1 holds 4 January, as in ISO 8601, and begins on the
   * company's first day of the week. Years beyond 2400 are refused, as in times.
   */
  period(label: string): Period;
  /** ISO date (Gregorian) of the instant's local day. */
  date(at: Instant): string;
}

/** When something dated `at` can have been known: a bare date (exactly 00:00 local) only by the next 00:00. */
export function knownAfter(at: Instant, calendar: Calendar): Instant {
  return calendar.startOfDay(at) === at ? calendar.nextDay(at) : at;
}

const TIME = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * An ISO 8601 time as an instant. A bare date, or a time without offset, is local to `zone`.
 * Impossible dates (30 February, hour 24), years beyond 2400 (Buddhist era not declared) or before 1000 (two digits, or
 * a database's zero date, which JavaScript would move to the last century) and other forms are refused, never rolled over. Returns undefined where the text is not such a time, so that the caller can say which field it was.
 */
export function parseInstant(text: string, zone: string): Instant | undefined {
  const match = TIME.exec(text.trim());
  if (!match) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', offset] = match;
  if (Number(year) > 2400 || Number(year) < 1000 || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)
    return undefined;
  const days = daysInMonth(Number(year), Number(month));
  if (days === undefined || Number(day) < 1 || Number(day) > days) return undefined;
  const millis = Number(`${fraction}000`.slice(0, 3));
  const wall = Date.UTC(Number(year), Number(month) - 1, Number(day), +hour, +minute, +second, millis);
  if (offset === undefined) return fromWall(wall, zone);
  if (offset === 'Z') return wall;
  const sign = offset.startsWith('-') ? -1 : 1;
  const digits = offset.slice(1).replace(':', '');
  const hours = Number(digits.slice(0, 2));
  const minutes = Number(digits.slice(2));
  if (hours > 14 || minutes > 59) return undefined;
  return wall - sign * (hours * 60 + minutes) * 60_000;
}

const MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Of the Gregorian calendar; undefined where there is no such month. */
function daysInMonth(year: number, month: number): number | undefined {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && isLeap ? 29 : MONTHS[month - 1];
}

/** ISO 8601 in UTC with milliseconds, the one form that leaves the engine. */
export function formatInstant(at: Instant): string {
  return new Date(at).toISOString();
}

// Offsets of a zone as steps: one look-up table instead of a calendar library call for every fact.
interface Offsets {
  readonly from: Float64Array;
  readonly offset: Float64Array;
}
const offsetsOf = new Map<string, Offsets>();

function offsets(zone: string): Offsets {
  const known = offsetsOf.get(zone);
  if (known) return known;
  const from: number[] = [];
  const offset: number[] = [];
  let moment: Temporal.ZonedDateTime | null;
  try {
    moment = Temporal.Instant.fromEpochMilliseconds(Date.UTC(1960, 0, 1)).toZonedDateTimeISO(zone);
  } catch (cause) {
    throw new ForesellError(
      'zone-unknown',
      `time zone "${zone}" is not known; give an IANA name such as Asia/Bangkok`,
      {
        cause,
      },
    );
  }
  const last = Date.UTC(2101, 0, 1);
  from.push(Number.NEGATIVE_INFINITY);
  offset.push(moment.offsetNanoseconds / 1e6);
  while ((moment = moment.getTimeZoneTransition('next')) && moment.epochMilliseconds < last) {
    from.push(moment.epochMilliseconds);
    offset.push(moment.offsetNanoseconds / 1e6);
  }
  const table = { from: Float64Array.from(from), offset: Float64Array.from(offset) };
  offsetsOf.set(zone, table);
  return table;
}

/** Index of the last element <= x in an ascending array; -1 where all are greater. */
export function lastAtMost(sorted: ArrayLike<number>, x: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! <= x) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

const offsetIn = (table: Offsets, at: Instant): number => table.offset[lastAtMost(table.from, at)]!;

/**
 * Wall-clock time (as if UTC) to an instant; in an overlap the earlier instant. In a gap clocks are read as if they had
 * not been moved yet (as Temporal does), so that a day without its midnight begins with the first instant it has.
 */
function fromWall(wall: number, zone: string): Instant {
  const table = offsets(zone);
  const first = wall - offsetIn(table, wall - offsetIn(table, wall));
  const second = wall - offsetIn(table, first - 2 * 3_600_000);
  const found = second < first && second + offsetIn(table, second) === wall ? second : first;
  return found + offsetIn(table, found) === wall ? found : wall - offsetIn(table, found - DAY - 3_600_000);
}

const MOST_KEPT = 200_000;
function once<T>(kept: Map<number, T>, key: number, make: () => T): T {
  let known = kept.get(key);
  if (known === undefined) {
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(key, (known = make()));
  }
  return known;
}

/**
 * The calendar of a company.
 * @param zone IANA time zone
 * @param fiscalYearStart month in which the fiscal year begins, 1 to 12; fiscal year Y is the one that ends in year Y,
 *   or begins in Y when it starts in January.
 * @param weekStart 1 = Monday .. 7 = Sunday
 */
export function calendar(zone: string, fiscalYearStart = 1, weekStart = 1): Calendar {
  const table = offsets(zone);
  const wallOf = (at: Instant) => at + offsetIn(table, at);
  const wallDay = (at: Instant) => Math.floor(wallOf(at) / DAY);
  // Every fact and every look asks for a day: each is worked out once.
  const starts = new Map<number, Instant>();
  const dates = new Map<number, string>();
  const dayStart = (day: number) => once(starts, day, () => fromWall(day * DAY, zone));
  const weekday = (at: Instant) => ((((wallDay(at) + 3) % 7) + 7) % 7) + 1; // day 0 was a Thursday
  const monthStart = (year: number, month: number) => fromWall(Date.UTC(year, month - 1, 1), zone);
  const fiscalYear = (year: number, month: number) =>
    fiscalYearStart > 1 && month >= fiscalYearStart ? year + 1 : year;
  const firstMonthYear = (fiscal: number) => (fiscalYearStart > 1 ? fiscal - 1 : fiscal);
  const quarterOf = (fiscal: number, quarter: number): Period => {
    const month = fiscalYearStart + (quarter - 1) * 3;
    const year = firstMonthYear(fiscal);
    return { from: monthStart(year, month), to: monthStart(year, month + 3), label: `${fiscal}-Q${quarter}` };
  };
  const startOfWeek = (at: Instant) => dayStart(wallDay(at) - ((weekday(at) - weekStart + 7) % 7));
  const weekOf = (year: number, week: number, label: string): Period => {
    const first = (of: number) => startOfWeek(fromWall(Date.UTC(of, 0, 4), zone));
    // By days, not by hours: weeks in which clocks are moved are longer or shorter.
    const from = dayStart(wallDay(first(year)) + 7 * (week - 1));
    if (from >= first(year + 1)) {
      throw new ForesellError('period-unknown', `period "${label}": ${year} has no week ${week}`, { path: 'period' });
    }
    return { from, to: dayStart(wallDay(from) + 7), label };
  };
  /** Quarters asked for so far: a few years at most, and one asks for the same again and again. */
  const quarters: Period[] = [];
  return {
    zone,
    startOfDay: (at) => dayStart(wallDay(at)),
    nextDay: (at) => dayStart(wallDay(at) + 1),
    startOfWeek,
    weekday,
    hour: (at) => (wallOf(at) - wallDay(at) * DAY) / 3_600_000,
    date: (at) => {
      const day = wallDay(at);
      return once(dates, day, () => new Date(day * DAY).toISOString().slice(0, 10));
    },
    quarter: (at) => {
      for (let i = quarters.length - 1; i >= 0; i--) {
        const known = quarters[i]!;
        if (at >= known.from && at < known.to) return known;
      }
      const wall = new Date(wallOf(at));
      const month = wall.getUTCMonth() + 1;
      const quarter = Math.floor(((month - fiscalYearStart + 12) % 12) / 3) + 1;
      const found = quarterOf(fiscalYear(wall.getUTCFullYear(), month), quarter);
      quarters.push(found);
      return found;
    },
    period: (label) => {
      const match = /^(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])|W(0[1-9]|[1-4]\d|5[0-3])))?$/.exec(label);
      if (!match || Number(match[1]) < 1000) {
        throw new ForesellError('period-unknown', `period "${label}" is not one of 2026, 2026-Q4, 2026-11, 2026-W47`, {
          path: 'period',
        });
      }
      const year = Number(match[1]);
      if (year > 2400) {
        const gregorian = year - 543 <= 2400 ? `; if it counts from the Buddha, say ${label.replace(/^\d+/, String(year - 543))}` : ''; // biome-ignore format: one choice
        throw new ForesellError('period-unknown', `period "${label}": the year ${year} is beyond 2400, expected a Gregorian one${gregorian}`, { path: 'period' }); // biome-ignore format: one sentence
      }
      if (match[2]) return quarterOf(year, Number(match[2]));
      if (match[4]) return weekOf(year, +match[4], label);
      if (match[3]) return { from: monthStart(year, +match[3]), to: monthStart(year, +match[3] + 1), label };
      return { from: quarterOf(year, 1).from, to: quarterOf(year, 4).to, label };
    },
  };
}
