import type { Feature } from '../../features/feature.ts';
import { snapshot } from '../../features/snapshot.ts';
import { sigmoid } from '../../models/calibrate/logit.ts';
import { newtonLogistic } from '../../models/calibrate/newton.ts';
import { hash32 } from '../../src/random.ts';
import type { Subject } from '../../src/subjects/index.ts';
import { type Landmark, landmarks } from '../../src/subjects/landmarks.ts';
import { outcomesOf } from '../../src/subjects/outcomes.ts';
import { DAY, type Instant } from '../../src/time.ts';
import { type FactSource, type Past, world } from '../../src/world.ts';

/** A word, a number, or nothing: what a rival method goes by, as known at a look. */
export type Cell = string | number | undefined;

/** A method that the model is compared with. */
export interface Rival {
  readonly name: 'plainPercentage' | 'rep' | 'incumbent' | 'baseRate';
  /** For people, within a sentence: "the stage percentage". */
  readonly label: string;
  /** How it becomes a probability. */
  readonly says: string;
  /** It is a percentage of ending well already, and taken at its word where that is asked. */
  readonly percentage: boolean;
  cell(past: Past): Cell;
}

/** Probabilities of both questions: ends well at all, given that it ends; ends well within the horizon. */
export interface Pair {
  readonly ever: number;
  readonly within: number;
}

/** Looks of the past with what was known by an origin of what became of them. */
export interface PastLooks {
  readonly looks: readonly Landmark[];
  /** Decided by the origin: 1 well, 0 otherwise; NaN = open. */
  readonly ever: Float64Array;
  /** Old enough to be judged at the horizon, whether or not it ended: 1 or 0; NaN = too young. */
  readonly within: Float64Array;
}

/** So many, by a hash of their names, tell a rival's rates: beyond, more would move no rate by a point. */
const MOST = 4000;
/** Rows by which the share of a word is drawn to the share of all, as in training reports. */
const SHRINK = 20;
/** From so many past looks on a score is turned into a probability by its own law. */
const FEWEST = 50;

/**
 * What a rival could have learned from by an origin: looks at all that were open, fortnightly and at each change, as
 * training takes them. Whether one ended well "within" is asked only of looks older than the horizon; taking younger ones
 * that ended soon would overstate every rate.
 * Cost: one past a look.
 */
export function pastLooks(
  source: FactSource,
  subject: Subject,
  origin: Instant,
  horizonDays: number,
  settleDays: number,
): PastLooks {
  const ids = world(source, origin).ids(subject.of);
  const order = (id: string) => hash32(id);
  const some =
    ids.length <= MOST ? ids : [...ids].sort((a, b) => order(a) - order(b) || (a < b ? -1 : 1)).slice(0, MOST);
  const looks = [...some].sort().flatMap((id) => landmarks(source, subject, id, origin));
  const outcomes = outcomesOf(source, subject, looks, origin);
  const ripe = origin - (horizonDays + settleDays) * DAY;
  return {
    looks,
    ever: Float64Array.from(outcomes, ({ cause }) => (cause ? Number(cause.positive) : Number.NaN)),
    within: Float64Array.from(outcomes, ({ cause, timeDays }, i) =>
      looks[i]!.asOf > ripe ? Number.NaN : Number(cause?.positive === true && timeDays <= horizonDays),
    ),
  };
}

/** The cells of looks, each as known at its own instant. */
export function cellsOf(source: FactSource, subject: Subject, looks: readonly Landmark[], rival: Rival): Cell[] {
  return looks.map(({ id, asOf }) => rival.cell(world(source, asOf).past(subject.of, id)));
}

/** The word of a category among the features, one a look. */
export function wordsOf(source: FactSource, subject: Subject, looks: readonly Landmark[], feature: Feature): string[] {
  const column = snapshot(source, [feature], looks, subject.of).columns.get(feature.name);
  if (column?.type !== 'category') return looks.map(() => '');
  return Array.from(column.codes, (code) => (code < 0 ? '' : column.levels[code]!));
}

/**
 * What a rival says, as far as the past taught it: of a word the share of past looks with that word that ended so, drawn to
 * the share of all by 20 rows; of a number a logistic law of it; of nothing the share of those with nothing. A percentage
 * keeps its word for "ever", held within 1 and 99 %.
 */
export function learnRival(rival: Rival, past: PastLooks, cells: readonly Cell[]): (cell: Cell) => Pair {
  const ever = learn(past.ever, cells);
  const within = learn(past.within, cells);
  if (!rival.percentage) return (cell) => ({ ever: ever(cell), within: within(cell) });
  const most = cells.reduce<number>((max, cell) => (typeof cell === 'number' && cell > max ? cell : max), 0);
  const unit = most > 1 ? 100 : 1;
  return (cell) => ({
    ever: typeof cell === 'number' ? Math.min(0.99, Math.max(0.01, cell / unit)) : ever(cell),
    within: within(cell),
  });
}

function learn(event: Float64Array, cells: readonly Cell[]): (cell: Cell) => number {
  const tally = new Map<string, [won: number, n: number]>();
  const numbers: number[] = [];
  const events: number[] = [];
  let won = 0;
  let n = 0;
  cells.forEach((cell, i) => {
    const y = event[i]!;
    if (Number.isNaN(y)) return;
    n++;
    won += y;
    if (typeof cell === 'number') {
      numbers.push(cell);
      events.push(y);
      return;
    }
    const entry = tally.get(cell ?? '') ?? [0, 0];
    tally.set(cell ?? '', [entry[0] + y, entry[1] + 1]);
  });
  const all = (won + 1) / (n + 4); // before anything ended: one in four
  const share = (word: string) => {
    const [w, of] = tally.get(word) ?? [0, 0];
    return (w + SHRINK * all) / (of + SHRINK);
  };
  const law = logisticOf(numbers, events);
  return (cell) => (typeof cell !== 'number' ? share(cell ?? '') : law ? law(cell) : all);
}

/** P(event | number) by logistic regression; undefined where there is too little to learn it from. */
function logisticOf(x: readonly number[], event: readonly number[]): ((value: number) => number) | undefined {
  if (x.length < FEWEST || !event.includes(0) || !event.includes(1)) return undefined;
  const mean = x.reduce((s, v) => s + v, 0) / x.length;
  const sd = Math.sqrt(x.reduce((s, v) => s + (v - mean) ** 2, 0) / x.length);
  if (!(sd > 0)) return undefined;
  const design = new Float64Array(2 * x.length);
  x.forEach((v, i) => {
    design[2 * i] = (v - mean) / sd;
    design[2 * i + 1] = 1;
  });
  const { coefficients } = newtonLogistic(design, 2, event);
  return (value) => sigmoid(coefficients[0]! * ((value - mean) / sd) + coefficients[1]!);
}
