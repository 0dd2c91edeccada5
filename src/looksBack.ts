import { ForesellError } from './errors.ts';
import { endingsKnown } from './subjects/endings.ts';
import type { Subject } from './subjects/subject.ts';
import { DAY, formatInstant, type Instant } from './time.ts';
import type { FactSource } from './world.ts';

/** Looks asked for; what is absent has its default. */
export interface LooksAsk {
  readonly from?: Instant | undefined;
  readonly to?: Instant | undefined;
  readonly everyDays: number;
}

/** How long a look must wait for its judgement. */
export interface Judged {
  /** The newest look that can be judged. */
  readonly last: Instant;
  /** What it needs, within a sentence: "91 days after it". */
  readonly needs: string;
  /** Why a later one is left out: "91 days have not passed since". */
  readonly late: string;
}

export interface LooksBack {
  readonly looks: readonly Instant[];
  readonly possible: { readonly from: Instant; readonly to: Instant };
  readonly notes: readonly string[];
}

/** From so many known endings on a model learns; by default looks begin no earlier. */
const ENOUGH = 50;
const YEAR_DAYS = 364;

/**
 * When to look back: instants `everyDays` apart from `from`, each of which can be judged by what is known at `known`. By default the last 52 weeks, less what
 * the newest look must wait for its judgement.
 * @param flag how a caller names an option: `--from`, or `from`
 * @throws ForesellError `backtest-no-outcomes`, `backtest-too-early`, `backtest-too-late`, `backtest-range`, each with the range that is possible
 */
export function looksBack(
  source: FactSource,
  subject: Subject,
  known: Instant,
  { last, needs, late }: Judged,
  ask: LooksAsk,
  flag: (name: string) => string = (name) => `--${name}`,
): LooksBack {
  const { calendar } = source.company;
  const { noun, sides } = subject;
  const ends = endingsKnown(source, subject, known);
  if (ends.length === 0) {
    throw new ForesellError(
      'backtest-no-outcomes',
      `no ${noun.one} ${sides.positive} or ${sides.negative} by ${formatInstant(known)}; import ${subject.needs}`,
    );
  }
  const first = ends[0]! + 1;
  const possible = { from: first, to: last };
  const day = (at: Instant) => calendar.date(at);
  const range = `possible: ${flag('from')} ${day(first + DAY)} ${flag('to')} ${day(last)}`;
  if (last < first + DAY) {
    throw new ForesellError(
      'backtest-no-outcomes',
      `nothing can be judged: the first ${noun.one} ended ${day(first)}, what is known ends ${day(known)}, and a look needs ${needs}; wait, or import older records`,
    );
  }
  if (ask.from !== undefined && ask.from < first) {
    throw new ForesellError(
      'backtest-too-early',
      `${flag('from')} ${day(ask.from)} is before anything that a model could have learned from: the first ${noun.one} ended ${day(first)}; ${range}`,
      { path: flag('from') },
    );
  }
  const usual = calendar.startOfDay(Math.max(known - YEAR_DAYS * DAY, ends[Math.min(ENOUGH, ends.length) - 1]! + DAY));
  const from = ask.from ?? Math.min(usual, calendar.startOfDay(last));
  if (from > last) {
    throw new ForesellError(
      'backtest-too-late',
      `${flag('from')} ${day(from)}: what was said then cannot be judged yet, for that needs ${needs} and what is known ends ${day(known)}; ${range}`,
      { path: flag('from') },
    );
  }
  if (ask.to !== undefined && ask.to < from) {
    throw new ForesellError(
      'backtest-range',
      `${flag('to')} ${day(ask.to)} is before ${flag('from')} ${day(from)}; ${range}`,
      { path: flag('to') },
    );
  }
  const to = Math.min(ask.to ?? last, last);
  const notes = ask.to !== undefined && ask.to > last ? [`origins after ${day(last)} are left out: ${late}`] : [];
  return { looks: stepsFrom(from, to, ask.everyDays), possible, notes };
}

/** Instants so many days apart, both ends included where they fall on one. */
export const stepsFrom = (from: Instant, to: Instant, days: number): Instant[] =>
  Array.from({ length: Math.floor((to - from) / (days * DAY)) + 1 }, (_, k) => from + k * days * DAY);
