import type { Calendar, Instant } from '../../src/time.ts';
import { type CalendarCell, type Cycle, calendarCell, cycles } from './calendarCells.ts';
import { shrunkRatios } from './shrunkRatios.ts';

/** A local day of the past: how much happened, and how much would have on any day, given who was there. */
export interface DayCount {
  /** Its 00:00. */
  readonly day: Instant;
  readonly observed: number;
  readonly expected: number;
}

/** How much more, or less, happens on a day than on another: 1 on average. */
export interface CalendarEffects {
  /** Of each cell of each cycle that is looked at. */
  readonly of: Readonly<Partial<Record<Cycle, Float64Array>>>;
  /** Their product on the local day that begins at `day`. */
  weight(day: Instant): number;
}

/** Cycles are fitted in turn, each with the others as they are: so often. */
const ROUNDS = 3;
/** How far cells are off beyond chance from one time to the next (one standard deviation), before anything is seen, and worth how many cells. */
const DRIFT = 0.15;
const DRIFT_CELLS = 6;

/**
 * How the days of a company's calendar differ: by weekday, by sixth of the month and by month of the fiscal quarter, each a cycle with a weight a cell, multiplied.
 *
 * The level moves as well, and must not be taken for a calendar: each cycle is told within stretches that hold every cell of it once (weeks, counted back from the
 * newest day; whole months; any three whole months on end, of which a month that is in several counts once in all), of which each is scaled to what happened in
 * it. Over stretches s, cell c then holds o_c = sum o_sc / f_sc of x_c = sum x_sc / f_sc that were to be, with f_sc = 1 + x_sc d^2 for what differs from one
 * time to the next beyond chance (d by moments, drawn to .15 as by six cells): a hundred wins of one busy month say less than those of ten. `shrunkRatios`
 * draws o_c / x_c to 1, so that a company without a rhythm has none.
 *
 * @param days whole days, one after the other, oldest first · Cost: 3 rounds x 3 cycles x days.
 * Source: Bell and Hillmer, "Modeling time series with calendar variation", Journal of the American Statistical Association 78 (1983); within strata as in
 * Armstrong, Gasparrini and Tobias, "Conditional Poisson models", BMC Medical Research Methodology 14 (2014); f as of quasi-likelihood, McCullagh and Nelder (1989), chapter 9.
 */
export function calendarEffects(
  days: readonly DayCount[],
  calendar: Calendar,
  by: readonly Cycle[] = ['weekday', 'monthPart', 'quarterMonth'],
): CalendarEffects {
  const cells = days.map(({ day }) => calendarCell(calendar, day));
  const effects: Partial<Record<Cycle, Float64Array>> = {};
  for (const cycle of by) effects[cycle] = new Float64Array(cycles[cycle]).fill(1);
  const product = (cell: CalendarCell) => by.reduce((weight, cycle) => weight * effects[cycle]![cell[cycle]], 1);
  const months = monthsOf(days, calendar);
  const strata = new Map(by.map((cycle) => [cycle, strataOf(cycle, days.length, months)]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const cycle of by) {
      const own = effects[cycle]!;
      const tables = strata.get(cycle)!.flatMap(({ from, to, share }): Table[] => {
        const observed = new Float64Array(own.length);
        const other = new Float64Array(own.length);
        const counts = new Float64Array(own.length);
        for (let i = from; i < to; i++) {
          const cell = cells[i][cycle];
          counts[cell] = share(i);
          observed[cell] += days[i].observed;
          other[cell] += by.reduce((x, of) => (of === cycle ? x : x * effects[of]![cells[i][of]]), days[i].expected);
        }
        const usual = other.reduce((all, x, c) => all + x * own[c], 0);
        // Nothing was to be: it says nothing of the calendar.
        if (!(usual > 0)) return [];
        const level = sum(observed) / usual;
        return [{ observed, expected: other.map((x) => level * x), counts }];
      });
      own.set(ratiosOf(tables, own.length));
    }
  }
  const known = new Map<Instant, number>();
  return {
    of: effects,
    weight(day) {
      let weight = known.get(day);
      if (weight === undefined) known.set(day, (weight = product(calendarCell(calendar, day))));
      return weight;
    },
  };
}

/** Nothing is known of any calendar: all days alike. */
export const evenDays: CalendarEffects = { of: {}, weight: () => 1 };

interface Table {
  readonly observed: Float64Array;
  readonly expected: Float64Array;
  /** How much of each cell counts here: what is in other tables too counts once in all. */
  readonly counts: Float64Array;
}

/** Cells of mean 1. */
function ratiosOf(tables: readonly Table[], cells: number): Float64Array {
  const drift = driftOf(tables, cells);
  const o = new Float64Array(cells);
  const x = new Float64Array(cells);
  for (const { observed, expected, counts } of tables)
    for (let c = 0; c < cells; c++) {
      const share = counts[c] / (1 + expected[c] * drift);
      o[c] += share * observed[c];
      x[c] += share * expected[c];
    }
  const ratios = shrunkRatios(o, x);
  const mean = sum(ratios) / cells;
  return ratios.map((ratio) => ratio / mean);
}

/** Variance of a cell around its own mean ratio beyond chance, relative to its square. */
function driftOf(tables: readonly Table[], cells: number): number {
  const over = (of: (table: Table, c: number) => number, c: number) => tables.reduce((all, table) => all + table.counts[c] * of(table, c), 0); // biome-ignore format: one call
  const times = tables.reduce((all, { counts }) => all + sum(counts), 0) / cells;
  // Both a stretch's level and a cell's ratio were fitted to these.
  const held = Math.max(0, times - 1) * (cells - 1);
  const free = held / (times * cells);
  let beyond = 0;
  let square = 0;
  for (let c = 0; held > 0 && c < cells; c++) {
    const expected = over((table) => table.expected[c], c);
    const ratio = expected > 0 ? over((table) => table.observed[c], c) / expected : 0;
    beyond += over(
      (table) => (table.observed[c] - ratio * table.expected[c]) ** 2 / free - ratio * table.expected[c],
      c,
    );
    square += over((table) => (ratio * table.expected[c]) ** 2, c);
  }
  const seen = square > 0 ? Math.max(0, beyond / square) : 0;
  return (DRIFT_CELLS * DRIFT ** 2 + held * seen) / (DRIFT_CELLS + held);
}

/** Where whole months begin, and where the newest ends. */
function monthsOf(days: readonly DayCount[], calendar: Calendar): number[] {
  const month = (day: Instant) => calendar.date(day).slice(0, 7);
  const starts = days.map(({ day }) => day);
  const next = days.length > 0 ? [calendar.nextDay(starts.at(-1)!)] : [];
  return [...starts, ...next].flatMap((day, i) => (month(calendar.startOfDay(day - 1)) === month(day) ? [] : [i]));
}

/** Days that hold each cell of a cycle once; `to` is one past the last, `share` how much of a day counts here. */
interface Stratum {
  readonly from: number;
  readonly to: number;
  share(day: number): number;
}

function strataOf(cycle: Cycle, days: number, months: readonly number[]): Stratum[] {
  const strata: Stratum[] = [];
  if (cycle === 'weekday') {
    for (let to = days; to >= cycles.weekday; to -= cycles.weekday) strata.push({ from: to - cycles.weekday, to, share: () => 1 }); // biome-ignore format: one loop
    return strata;
  }
  const together = cycle === 'monthPart' ? 1 : cycles.quarterMonth;
  const last = months.length - 1 - together;
  /** In how many strata a month is. */
  const times = (month: number) => Math.min(month, last) - Math.max(0, month - together + 1) + 1;
  for (let k = 0; k <= last; k++) {
    const share = (day: number) => {
      let month = k;
      while (months[month + 1] <= day) month++;
      return 1 / times(month);
    };
    strata.push({ from: months[k], to: months[k + together], share });
  }
  return strata;
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
