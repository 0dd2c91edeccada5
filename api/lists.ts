import type { Store } from '../src/store/store.ts';
import { type Subject, subjectOf } from '../src/subjects/index.ts';
import type { Instant } from '../src/time.ts';
import type { FactSource, World } from '../src/world.ts';
import type { momentsOf } from './moments.ts';
import { type Scorers, scored } from './pinned.ts';
import type { Score } from './scoring.ts';
import type { versionsOf } from './versions.ts';

export interface ListAsk {
  readonly sort: 'probability' | 'byPeriodEnd' | 'amount' | 'id';
  readonly descending: boolean;
  readonly ownerId: string | undefined;
  readonly grade: string | undefined;
  readonly limit: number;
  /** Where the page before ended; its version and instant hold for all pages. */
  readonly after: ListPosition | undefined;
}
export interface ListPosition {
  readonly version: string;
  readonly asOf: Instant;
  readonly value: number | string | null;
  readonly id: string;
}
export interface Listed extends Score {
  readonly stale: boolean;
}
export interface Page {
  readonly version: string;
  readonly asOf: Instant;
  readonly items: readonly Listed[];
  readonly next: ListPosition | undefined;
}

/** Scores explained in one go while a caller waits for a list. */
const MOST_EXPLAINED = 100;

/** Keeps the scores of everything open up to date, and pages through them. */
export function listsOf(
  store: Store,
  versions: ReturnType<typeof versionsOf>,
  moments: ReturnType<typeof momentsOf>,
  scorers: Scorers,
  asOf: (asked: Instant | undefined) => Instant,
) {
  const { book, live, liveAsOf } = scorers;
  const refreshed = new Map<string, { token: FactSource; version: string; at: Instant; append: number }>();

  /** Scores everything open as of now and keeps what changed; does nothing where that was done. */
  function refresh(model: string): void {
    const open = versions.served(model);
    const at = liveAsOf();
    const token = moments.token();
    const { version } = open;
    const append = store.newestAppend();
    const done = refreshed.get(model);
    const isSame = done?.token === token && done.version === version && done.at === at;
    if (isSame && done.append === append) return;
    const plain = { reasons: 0, curve: false };
    const quick: Score[] = [];
    if (!isSame) {
      const moment = moments.at(at);
      quick.push(...scored(scorers, open, moment, moment.open(open.subject), plain));
    }
    for (const id of live.touched(open.subject)) {
      const moment = live.moment(open.subject.of, id);
      if (isOpen(moment.then, open.subject, id)) quick.push(...scored(scorers, open, moment, [id], plain));
    }
    const changed = quick.filter(book.worthKeeping);
    // Reasons cost ten times the score: where very many changed, callers wait for them only when they look at one.
    const whole = changed.length <= MOST_EXPLAINED;
    const explained = ({ id, asOf }: Score) => {
      const moment = asOf === at ? moments.at(at) : moments.passing(asOf);
      return scored(scorers, open, moment, [id], { reasons: 5, curve: false })[0]!;
    };
    book.keep(whole ? changed.map(explained) : changed);
    refreshed.set(model, { token, version, at, append });
  }

  /** Those open at an instant; now also as what came in since the hour says. */
  function openAt(subject: Subject, at: Instant | undefined): ReadonlySet<string> {
    const open = new Set(moments.at(at ?? liveAsOf()).open(subject));
    if (at !== undefined) return open;
    for (const id of live.touched(subject)) {
      if (isOpen(live.moment(subject.of, id).then, subject, id)) open.add(id);
      else open.delete(id);
    }
    return open;
  }

  function list(model: string, ask: ListAsk): Page {
    if (!ask.after) refresh(model);
    book.writeOrDoWithout();
    const { subject, version } = versions.served(model);
    const walked = ask.after?.version ?? version;
    // A forged cursor may name any instant. A walk begun now stands at the newest of what came in.
    const given = ask.after === undefined ? undefined : asOf(ask.after.asOf);
    const at = given ?? live.touched(subject).reduce((latest, id) => Math.max(latest, live.asOf(subject.of, id)), liveAsOf()); // biome-ignore format: one look
    const open = openAt(subject, given);
    const stale = staleOf(model);
    const items: Listed[] = [];
    let after = ask.after ? { value: ask.after.value, id: ask.after.id } : undefined;
    for (;;) {
      const kept = store.listScores(model, {
        sort: ask.sort,
        descending: ask.descending,
        ...(ask.ownerId === undefined ? {} : { ownerId: ask.ownerId }),
        ...(ask.grade === undefined ? {} : { grade: ask.grade }),
        limit: ask.limit + 1,
        version: walked,
        upTo: at,
        ...(after ? { after } : {}),
      });
      for (const score of kept) {
        if (!open.has(score.id)) continue; // closed since it was scored
        if (items.length === ask.limit) {
          const last = items.at(-1)!;
          const next = { version: walked, asOf: at, value: sortValue(last, ask.sort), id: last.id };
          return { version: walked, asOf: at, items, next };
        }
        items.push({ ...book.scoreOf(score), stale: stale(book.scoreOf(score)) });
      }
      if (kept.length <= ask.limit) return { version: walked, asOf: at, items, next: undefined };
      const last = kept.at(-1)!;
      after = { value: sortValue(book.scoreOf(last), ask.sort), id: last.id };
    }
  }

  /** Whether a kept score of a model is no longer the newest word. */
  function staleOf(model: string): (score: Score) => boolean {
    const { of } = subjectOf(model, store.company());
    const served = store.served(model) ?? '';
    return (score) => {
      const now = live.moment(of, score.id);
      return book.staleness(now.then, now.source, served)(score);
    };
  }

  function history(model: string, canonical: string): readonly Listed[] {
    book.writeOrDoWithout();
    const stale = staleOf(model);
    return store
      .scoreHistory(model, canonical)
      .map(book.scoreOf)
      .map((score) => ({ ...score, stale: stale(score) }));
  }

  return { refresh, list, history };
}

const isOpen = (then: World, { of, state }: Subject, id: string): boolean => state(then.past(of, id)).is === 'open';

function sortValue(score: Score, sort: ListAsk['sort']): number | string | null {
  if (sort === 'id') return score.id;
  return sort === 'amount' ? (score.amount?.minor ?? null) : score[sort];
}
