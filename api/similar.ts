import type { Comparer } from '../models/scorer.ts';
import type { Frame } from '../src/frame.ts';
import type { Money } from '../src/money.ts';
import type { Subject } from '../src/subjects/index.ts';
import { DAY, type Instant } from '../src/time.ts';
import { type FactSource, future, type World, world } from '../src/world.ts';
import { amountOf } from './grade.ts';
import { levelAt } from './level.ts';
import type { FeatureWords, OpenModel, Parts } from './ports.ts';
import { capital, cellIn, ideasOf, type Language, valueText } from './reasons.ts';

/** One that ended and was like the asked one when it was of its age. Facts without names. */
export interface Similar {
  readonly id: string;
  /** How it ended: won, lost, converted .. */
  readonly outcome: string;
  readonly endedAt: Instant;
  /** From its beginning to its end. */
  readonly days: number;
  readonly amount: Money | null;
  /** Its stage or status at the look. */
  readonly stage: string | null;
  /** When it was looked at: at the age of the asked one, or just before its end. */
  readonly lookedAt: Instant;
  /** In log odds of the asked one's score. */
  readonly distance: number;
  readonly differences: readonly Apart[];
}

/** In what the two differ most, as it matters to the asked one's score. */
export interface Apart {
  readonly code: string;
  readonly feature: string;
  readonly unit: FeatureWords['unit'];
  readonly here: number | string | null;
  readonly there: number | string | null;
  /** Logit; above 0 speaks for the asked one. */
  readonly effect: number;
}

/** Those that ended last are searched, no more. */
const MOST_ENDED = 2_000;
/** Edges of ages in days: everyone between two is compared with others at the middle. */
const AGES = [0, 1, 3, 7, 14, 21, 28, 42, 56, 84, 112, 168, 252, 365, 540];
const MOST_DIFFERENCES = 3;
const WORTH_SAYING = 0.05;

interface Ended {
  readonly id: string;
  readonly asOf: Instant;
  readonly outcome: string;
  readonly endedAt: Instant;
  readonly born: Instant;
}
interface Prepared {
  readonly ended: readonly Ended[];
  readonly frame: Frame;
  readonly comparer: Comparer | undefined;
}

/**
 * The nearest of those that have ended, as known at the beginning of the week that holds the world's instant: each is
 * seen as it stood when it was as old as the asked one (ages in bands), or just before its end if that came sooner, so
 * that nothing of how it ended is compared. `models/similar.ts` says what near means. Empty where the model has no skill.
 *
 * Cost: a few milliseconds; the first of a week, version and band of ages takes a look at up to 2,000 records.
 */
export function similarTo(
  open: OpenModel,
  source: FactSource,
  then: World,
  id: string,
  count: number,
  words: Parts['words'],
): readonly Similar[] {
  const { subject } = open;
  const born = subject.born(source.history(subject.of, id));
  if (open.lowSkill || born === undefined || count === 0) return [];
  const population = source.population ?? source;
  const cut = population.company.calendar.startOfWeek(then.asOf);
  const age = comparableAge((then.asOf - born) / DAY);
  const { ended, frame, comparer } = prepared(population, open, cut, age);
  if (!comparer) return [];
  const own = open.snapshot(source, [{ id, asOf: then.asOf }]);
  const level = subject.books ? levelAt(source, open, then.asOf) : undefined;
  const near = comparer.nearest({ frame: own, row: 0 }, count + 1, level).filter(({ row }) => ended[row]!.id !== id);
  const known = world(population, cut);
  return near.slice(0, count).map(({ row, distance, effects }): Similar => {
    const { id: other, asOf, outcome, endedAt, born: from } = ended[row]!;
    const seen = world(population, asOf).past(subject.of, other);
    const stage = seen.value('stage') ?? seen.value('status');
    const amount = amountOf(known.past(subject.of, other));
    const differences = ideasOf(effects, words)
      .map(({ code, sum, feature }): Apart => {
        const cells = { here: cellIn(own, feature, 0), there: cellIn(frame, feature, row) };
        return { code, feature, unit: words(feature)?.unit ?? 'none', ...cells, effect: sum };
      })
      .filter(({ here, there }) => here !== there)
      .filter(({ effect }, i) => Math.abs(effect) >= (i < 2 ? Number.MIN_VALUE : WORTH_SAYING))
      .slice(0, MOST_DIFFERENCES);
    return {
      id: other,
      outcome,
      endedAt,
      days: Math.max(0, (endedAt - from) / DAY),
      amount: amount ? { minor: amount.minor, currency: amount.currency } : null,
      stage: stage === undefined ? null : String(stage),
      lookedAt: asOf,
      distance,
      differences,
    };
  });
}

/** The age at which the ended are looked at for one so many days old: the middle of its band; at the start, 0. */
export function comparableAge(days: number): number {
  const band = AGES.findLastIndex((edge) => edge <= days);
  if (band <= 0) return 0;
  return band === AGES.length - 1 ? AGES[band]! : (AGES[band]! + AGES[band + 1]!) / 2;
}

/** Frames kept at a time: each holds up to 2,000 rows. */
const KEPT = 8;
const kept = new WeakMap<FactSource, Map<string, Prepared>>();

function prepared(source: FactSource, open: OpenModel, cut: Instant, age: number): Prepared {
  const key = `${open.subject.model} ${open.version} ${cut} ${age}`;
  let of = kept.get(source);
  if (!of) kept.set(source, (of = new Map()));
  let found = of.get(key);
  if (found)
    of.delete(key); // used again: the newest of them now
  else {
    const ended = endedBy(source, open.subject, cut, age);
    const frame = open.snapshot(source, ended);
    found = { ended, frame, comparer: open.comparer(frame) };
    const [oldest] = of.keys();
    if (of.size >= KEPT && oldest !== undefined) of.delete(oldest);
  }
  of.set(key, found);
  return found;
}

/**
 * Those known to have ended by the cut, the newest first, each with its comparable look: at `ageDays`, or just before the
 * end, when it was open and nothing yet told how it ends. Of what recurs (customers): whose fate after the look is known.
 */
export function endedBy(source: FactSource, subject: Subject, cut: Instant, ageDays: number): readonly Ended[] {
  const then = world(source, cut);
  const newest = then
    .ids(subject.of)
    .flatMap((id) => {
      const born = subject.born(source.history(subject.of, id));
      if (born === undefined || born >= cut) return [];
      if (subject.recurs) return { id, born, end: cut, as: '' };
      const state = subject.state(then.past(subject.of, id));
      return state.is === 'ended' ? { id, born, end: state.at, as: state.as } : [];
    })
    .sort((a, b) => b.end - a.end || (a.id < b.id ? -1 : 1));
  const ended: Ended[] = [];
  for (const { id, born, end, as } of newest) {
    if (ended.length === MOST_ENDED) break;
    const latest = subject.recurs ? cut - subject.withinDays(source.company)! * DAY : end - 1;
    const asOf = undecidedAt(source, subject, id, born, Math.min(born + ageDays * DAY, latest));
    if (asOf === undefined) continue;
    if (!subject.recurs) {
      ended.push({ id, born, asOf, outcome: as, endedAt: end });
      continue;
    }
    const past = world(source, asOf).past(subject.of, id);
    const ending = subject.ending(past, future(source, subject.of, id, asOf, cut));
    if (ending) ended.push({ id, born, asOf, outcome: ending.cause.name, endedAt: ending.at });
  }
  return ended;
}

const MOST_BACK = 4;

/** The instant itself, or just before the turns that came last, at which nothing yet tells the ending. */
function undecidedAt(
  source: FactSource,
  subject: Subject,
  id: string,
  born: Instant,
  from: Instant,
): Instant | undefined {
  const turns = subject.turns(source.history(subject.of, id), from + 1).filter((at) => at <= from);
  const looks = [from, ...[...turns].reverse().map((at) => at - 1)].slice(0, MOST_BACK);
  return looks.find((at) => at >= born && subject.undecided(world(source, at).past(subject.of, id)));
}

const phrases = {
  en: (here: string, there: string) => `${here} here, ${there} there`,
  th: (here: string, there: string) => `รายการนี้ ${here} รายการนั้น ${there}`,
} as const;

/** A difference in words: what it is, and both values. */
export function apartText(apart: Apart, language: Language, words: FeatureWords | undefined, currency: string): string {
  const say = (value: number | string | null) => valueText(value, apart.unit, language, currency);
  return `${capital(words?.label[language] ?? apart.feature)}: ${phrases[language](say(apart.here), say(apart.there))}`;
}
