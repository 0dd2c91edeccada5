import type { SubjectKind } from '../src/subjects/index.ts';
import type { Instant } from '../src/time.ts';
import { world } from '../src/world.ts';
import type { keeping } from './keeping.ts';
import type { livenessOf } from './liveness.ts';
import type { Moment } from './moments.ts';
import { newestTold } from './newestTold.ts';
import { idIn, overlay, type Resolve } from './overlay.ts';
import type { OpenModel, Parts } from './ports.ts';
import type { WholeRecord } from './schemas/wholeRecords.ts';
import { type Score, type ScoreOptions, scoreRows } from './scoring.ts';
import { attempt, type Refusal } from './versions.ts';
import { checkOpen, knownId } from './whom.ts';

/** A model's version and an instant held fast, so that everything said through it is of one kind. */
export interface Pinned {
  readonly model: string;
  readonly version: string;
  readonly asOf: Instant;
  scoreIds(ids: readonly string[], options: ScoreOptions): (Score | Refusal)[];
  /** As of the newest thing that the record tells of, where no instant was asked for and it came since. @param path of each record in the request, for messages */
  scoreRecord(record: WholeRecord, options: ScoreOptions, path: string): Score | Refusal;
}

/** What scoring at an instant needs of the engine. */
export interface Scorers {
  readonly words: Parts['words'];
  readonly resolve: Resolve;
  readonly book: ReturnType<typeof keeping>;
  readonly live: ReturnType<typeof livenessOf>;
  liveAsOf(): Instant;
}

/** Some of a moment, where its source leaves out what only they read. */
function wholeOf(moment: Moment, of: SubjectKind, ids: readonly string[]): Pick<Moment, 'source' | 'then'> {
  if (!moment.source.whole) return moment;
  const source = moment.source.whole(of, ids);
  const then = world(source, moment.then.asOf);
  return { source, then };
}

/** Scores open ones of a moment. */
export function scored(
  { words, book }: Pick<Scorers, 'words' | 'book'>,
  open: OpenModel,
  moment: Moment,
  ids: readonly string[],
  options: ScoreOptions,
  { source, then } = wholeOf(moment, open.subject.of, ids),
): Score[] {
  const { rows } = moment.said(open);
  return scoreRows({ open, source, then, words, rows, trendOf: book.trendOf }, ids, options);
}

/** @param asked the moment that was asked for; undefined = now, as of when something last came in of each */
export function pinned(scorers: Scorers, open: OpenModel, now: Moment, asked: Moment | undefined): Pinned {
  const { subject } = open;
  const { words, book, resolve, live } = scorers;
  const momentOf = asked ? () => asked : (id: string) => live.moment(subject.of, id);
  const moment = asked ?? now;
  const at = moment.then.asOf;
  return {
    model: subject.model,
    version: open.version,
    asOf: at,
    scoreIds(ids, options) {
      const known = ids.map((id) => attempt(id, () => knownId(subject, resolve, id)));
      const groups = new Map<Moment, Set<string>>();
      for (const id of known) {
        if (typeof id !== 'string') continue;
        const when = momentOf(id);
        const group = groups.get(when);
        if (group) group.add(id);
        else groups.set(when, new Set([id]));
      }
      const scores = new Map<string, Score>();
      const closed = new Map<string, Refusal>();
      for (const [when, group] of groups) {
        const seen = wholeOf(when, subject.of, [...group]);
        for (const id of group) {
          const refused = attempt(id, () => checkOpen(subject, seen.then, id));
          if (refused) closed.set(id, refused);
        }
        const stillOpen = closed.size === 0 ? [...group] : [...group].filter((id) => !closed.has(id));
        for (const score of scored(scorers, open, when, stillOpen, options, seen)) scores.set(score.id, score);
      }
      // A score of the past was never given at the time, and one without its reasons is not the whole answer.
      if (at === live.everybody() && options.reasons > 0) book.keep([...scores.values()]);
      return known.map((id, i) =>
        typeof id === 'string' ? (scores.get(id) ?? { ...closed.get(id)!, id: ids[i]! }) : id,
      );
    },
    scoreRecord(record, options, path) {
      return attempt(idIn(record), () => {
        const told = asked ? undefined : newestTold(record, moment.source.company.calendar, live.clock());
        const isOfNow = told !== undefined && told > at;
        const asOf = isOfNow ? told : at;
        const laid = overlay(isOfNow ? live.newest() : moment.source, record, asOf, resolve, path);
        const then = world(laid.source, asOf);
        checkOpen(subject, then, laid.id);
        return scoreRows({ open, source: laid.source, then, words, trendOf: book.trendOf }, [laid.id], options)[0]!;
      });
    },
  };
}
