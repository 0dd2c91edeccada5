import type { Instant } from '../src/time.ts';
import { world } from '../src/world.ts';
import type { keeping } from './keeping.ts';
import type { livenessOf } from './liveness.ts';
import type { Moment } from './moments.ts';
import { idIn, overlay, type Resolve } from './overlay.ts';
import type { OpenModel, Parts } from './ports.ts';
import type { WholeRecord } from './schemas.ts';
import { type Score, type ScoreOptions, scoreRows } from './scoring.ts';
import { attempt, type Refusal } from './versions.ts';
import { checkOpen, knownId } from './whom.ts';

/** A model's version and an instant held fast, so that everything said through it is of one kind. */
export interface Pinned {
  readonly model: string;
  readonly version: string;
  readonly asOf: Instant;
  scoreIds(ids: readonly string[], options: ScoreOptions): (Score | Refusal)[];
  /** @param path of each record in the request, for messages */
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

/** Scores open ones of a moment. */
export function scored(
  { words, book }: Pick<Scorers, 'words' | 'book'>,
  open: OpenModel,
  moment: Moment,
  ids: readonly string[],
  options: ScoreOptions,
): Score[] {
  const { row } = moment.said(open);
  const { source, then } = moment;
  return scoreRows({ open, source, then, words, row, trendOf: book.trendOf }, ids, options);
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
      const groups = new Map<Moment, Set<string>>();
      const known = ids.map((id): string | Refusal =>
        attempt(id, () => {
          const canonical = knownId(subject, resolve, id);
          const when = momentOf(canonical);
          checkOpen(subject, when.then, canonical);
          let group = groups.get(when);
          if (!group) groups.set(when, (group = new Set()));
          group.add(canonical);
          return canonical;
        }),
      );
      const scores = new Map<string, Score>();
      for (const [when, group] of groups)
        for (const score of scored(scorers, open, when, [...group], options)) scores.set(score.id, score);
      // A score of the past was never given at the time, and one without its reasons is not the whole answer.
      if (at === live.everybody() && options.reasons > 0) book.keep([...scores.values()]);
      return known.map((id) => (typeof id === 'string' ? scores.get(id)! : id));
    },
    scoreRecord(record, options, path) {
      return attempt(idIn(record), () => {
        const laid = overlay(moment.source, record, at, resolve, path);
        const then = world(laid.source, at);
        checkOpen(subject, then, laid.id);
        return scoreRows({ open, source: laid.source, then, words, trendOf: book.trendOf }, [laid.id], options)[0]!;
      });
    },
  };
}
