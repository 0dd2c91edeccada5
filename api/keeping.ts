import type { FactBase } from '../src/records.ts';
import { isUnwritten } from '../src/store/explain.ts';
import type { KeptScore, Store } from '../src/store/store.ts';
import { subjectOf } from '../src/subjects/index.ts';
import { DAY, type Instant } from '../src/time.ts';
import { type FactSource, kindsIn, type World } from '../src/world.ts';
import type { Score } from './scoring.ts';
import { isBusy, isOfDisk } from './whenFree.ts';

/** How soon it is tried again while another process writes, and how many scores may wait for it. */
const LATER_MS = 250;
/** How soon where the disk is full or may not be written. */
const MENDED_MS = 5_000;
const MOST_UNWRITTEN = 200_000;

/** The scores that were given: what is worth keeping, how a score moved, and when one has gone stale. */
export function keeping(store: Store) {
  function trendOf(model: string, id: string, at: Instant, probability: number): Score['trend'] {
    const before = store.scoreBefore(model, id, at);
    if (!before) return null;
    const change = probability - before.probability;
    return { direction: Math.abs(change) < 0.01 ? 'flat' : change > 0 ? 'up' : 'down', change, since: before.asOf };
  }

  /** A new version, a change of a point or more, or a day gone by. */
  function worthKeeping(score: Score): boolean {
    const last = store.latestScore(score.model, score.id);
    if (!last || last.version !== score.version) return true;
    if (last.asOf >= score.asOf) return false;
    const moved = Math.max(
      Math.abs(last.probability - score.probability),
      Math.abs(last.byPeriodEnd - score.byPeriodEnd),
    );
    return moved >= 0.01 || score.asOf - last.asOf >= DAY;
  }

  /** Scores that were given and wait for another process to end its writing: an answer does not wait for its history. */
  let unwritten: readonly KeptScore[] = [];
  let isWaiting = false;

  const keep = (scores: readonly Score[]): void => {
    const kept = scores.filter(worthKeeping).map(
      (score): KeptScore => ({
        model: score.model,
        id: score.id,
        asOf: score.asOf,
        version: score.version,
        probability: score.probability,
        byPeriodEnd: score.byPeriodEnd,
        grade: score.insufficientData ? '' : score.grade, // no grade is told, so none finds it
        amountMinor: score.amount?.minor ?? null,
        ownerId: score.ownerId,
        body: JSON.stringify(score),
      }),
    );
    unwritten = [...unwritten, ...kept].slice(-MOST_UNWRITTEN);
    try {
      write();
    } catch (error) {
      later(error);
    }
  };

  /** Writes what is to be kept; what lists and histories are read from. @throws ForesellError `database-busy` while another process writes */
  function write(): void {
    if (unwritten.length === 0) return;
    store.keepScores(unwritten);
    unwritten = [];
  }
  /**
   * Writes what is to be kept, for who reads it from there. Where the disk takes nothing, what is there is read, as long as no score lacks for it altogether.
   * @throws ForesellError `database-busy`, or what is wrong with the disk
   */
  function writeOrDoWithout(): void {
    try {
      write();
    } catch (error) {
      const isLacking = unwritten.some(({ model, id, version }) => store.latestScore(model, id)?.version !== version);
      if (isBusy(error) || !isOfDisk(error) || isLacking) throw error;
      later(error);
    }
  }
  /** Tries again once another process has ended its writing, or the disk is mended. */
  function later(reason: unknown): void {
    if (!isUnwritten(reason)) throw reason;
    if (isWaiting) return;
    isWaiting = true;
    const again = () => {
      isWaiting = false;
      try {
        write();
      } catch (error) {
        if (isUnwritten(error)) later(error);
        else unwritten = []; // the history has a gap; the scores can be computed again from the facts
      }
    };
    setTimeout(again, isBusy(reason) ? LATER_MS : MENDED_MS).unref();
  }

  /** Whether anything about whom it scores, or their account, happened, or was learned, after the score. */
  function staleness(then: World, source: FactSource, version: string): (score: Score) => boolean {
    const at = then.asOf;
    return (score) => {
      if (score.version !== version || at - score.asOf > DAY) return true;
      if (score.asOf >= at) return false;
      const { of } = subjectOf(score.model, then.company);
      const account = then.past(of, score.id).account?.id;
      const histories = [source.history(of, score.id), account ? source.history('account', account) : undefined];
      const isNews = ({ at: happened, knownAt, goneAt }: FactBase) =>
        (happened <= at && knownAt <= at && Math.max(happened, knownAt) > score.asOf) ||
        (goneAt !== undefined && goneAt <= at && goneAt > score.asOf);
      return histories.some((history) => history && kindsIn(history).some((kind) => history[kind]!.some(isNews)));
    };
  }

  /** As it was kept; one kept before scores said what they are of gets the words of its model. */
  const scoreOf = (kept: KeptScore): Score => {
    const score = JSON.parse(kept.body) as Score & { readonly outcome?: string; readonly withinDays?: number | null };
    const { outcome = subjectOf(kept.model, store.company()).sides.positive, withinDays = null } = score;
    return { ...score, outcome, withinDays };
  };

  return { trendOf, worthKeeping, keep, writeOrDoWithout, staleness, scoreOf };
}
