import type { Instant } from '../src/time.ts';
import { type FactSource, type World, world } from '../src/world.ts';
import type { keeping } from './keeping.ts';
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

/** Scores held in memory for a version and an instant. */
const MOST_SCORES = 20_000;

/** What scoring at an instant needs of the engine. */
export interface Scorers {
  readonly words: Parts['words'];
  readonly resolve: Resolve;
  readonly book: ReturnType<typeof keeping>;
  liveAsOf(): Instant;
}

/** Scores open ones of a moment; what was asked before is not computed again. */
export function scored(
  { words, book }: Pick<Scorers, 'words' | 'book'>,
  open: OpenModel,
  moment: Moment,
  ids: readonly string[],
  options: ScoreOptions,
): Score[] {
  const { scores } = moment.said(open);
  const { source, then } = moment;
  const key = (id: string) => `${options.reasons}${options.curve ? 'c' : ''}:${id}`;
  const missing = ids.filter((id) => !scores.has(key(id)));
  if (scores.size + missing.length > MOST_SCORES) scores.clear();
  const fresh = scoreRows({ open, source, then, words, trendOf: book.trendOf }, missing, options);
  for (const score of fresh) scores.set(key(score.id), score);
  const answers = new Map(fresh.map((score) => [score.id, score]));
  return ids.map((id) => answers.get(id) ?? scores.get(key(id))!);
}

export function pinned(scorers: Scorers, open: OpenModel, moment: Moment): Pinned {
  const { subject } = open;
  const at = moment.then.asOf;
  const { words, book, resolve } = scorers;
  const rowsOf = (source: FactSource, then: World, ids: readonly string[], options: ScoreOptions) =>
    scoreRows({ open, source, then, words, trendOf: book.trendOf }, ids, options);
  return {
    model: subject.model,
    version: open.version,
    asOf: at,
    scoreIds(ids, options) {
      const known = ids.map((id): string | Refusal =>
        attempt(id, () => {
          const canonical = knownId(subject, resolve, id);
          checkOpen(subject, moment.then, canonical);
          return canonical;
        }),
      );
      const good = [...new Set(known.filter((id) => typeof id === 'string'))];
      const scores = new Map(scored(scorers, open, moment, good, options).map((score) => [score.id, score]));
      // A score of the past was never given at the time, and one without its reasons is not the whole answer.
      if (at === scorers.liveAsOf() && options.reasons > 0) book.keep([...scores.values()]);
      return known.map((id) => (typeof id === 'string' ? scores.get(id)! : id));
    },
    scoreRecord(record, options, path) {
      return attempt(idIn(record), () => {
        const laid = overlay(moment.source, record, at, resolve, path);
        const then = world(laid.source, at);
        checkOpen(subject, then, laid.id);
        return rowsOf(laid.source, then, [laid.id], options)[0]!;
      });
    },
  };
}
