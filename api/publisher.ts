import { setImmediate as nextTurn } from 'node:timers/promises';
import { formatInstant, type Instant } from '../src/time.ts';
import type { DriftAlarm } from './driftAnswer.ts';
import { type Engine, isRefusal, type Score } from './engine.ts';
import { hubOf, type Subscription } from './hub.ts';
import { isStillIn } from './keys.ts';
import { periodJson } from './present.ts';
import { problemOf } from './problem.ts';

export type Publisher = ReturnType<typeof publisherOf>;

/** Scores computed before other requests get a turn. */
const TURN = 10;
/** How often other processes' commits are looked for while somebody listens. */
const LOOK_MS = 250;
/** How long scores that were told wait to be written together. */
const KEEP_MS = 250;
/** Facts that begin to count later than this are seen by the turn of the hour. */
const SOON_MS = 3_600_000;

/**
 * Scores again what appends touched, tells subscribers, and keeps the scores. One append after the other; what comes in
 * meanwhile is done in the next round, each deal once. Facts that this process appends are told at once, those of
 * others within a quarter of a second while somebody listens.
 * @param log told of what went wrong beside requests: nobody's answer says it
 */
export function publisherOf(engine: Engine, now: () => Instant, log: (error: unknown) => void = () => {}) {
  const hub = hubOf(now().toString(36));
  let seq = engine.store.newestAppend();
  let isRunning = false;
  let isAgain = false;
  let looking: NodeJS.Timeout | undefined;
  let keeping: NodeJS.Timeout | undefined;
  const unkept = new Map<string, Score>();
  const later = new Set<NodeJS.Timeout>();
  const served = new Map<string, string>();
  /** Those whose end was told and who have not been open since. */
  const ended = new Set<string>();
  let importedAt: Instant | undefined;

  function keepSoon(score: Score): void {
    unkept.set(`${score.model}:${score.id}`, score);
    keeping ??= setTimeout(keep, KEEP_MS);
    keeping.unref();
  }
  function keep(): void {
    clearTimeout(keeping);
    keeping = undefined;
    const scores = [...unkept.values()];
    unkept.clear();
    try {
      engine.keep(scores);
    } catch (error) {
      log(error); // the history has a gap; the scores can be computed again from the facts
    }
  }

  async function rescore(): Promise<void> {
    if (isRunning) {
      isAgain = true;
      return;
    }
    isRunning = true;
    try {
      do {
        isAgain = false;
        const { seq: newest, models } = engine.news(seq);
        const from = seq;
        seq = newest;
        if (newest > from) await tell(models);
        tellLater(from);
      } while (isAgain);
    } finally {
      isRunning = false;
    }
  }

  async function tell(models: ReturnType<Engine['news']>['models']): Promise<void> {
    let done = 0;
    for (const { model, open, arrived } of models) {
      for (const [id, at] of arrived) {
        const before = engine.store.latestScore(model, id);
        const [item] = engine.pin(model).scoreIds([id], { reasons: 0, curve: false });
        if (isRefusal(item!)) {
          // One that has just ended or is gone is told; whom the question never concerned is not, nor what is told of the ended later.
          if (!before || ended.has(`${model}:${id}`)) continue;
          ended.add(`${model}:${id}`);
          hub.publish('ended', model, { model, id, arrivedAt: formatInstant(at), error: problemOf(item.error) });
          continue;
        }
        const score = item!;
        ended.delete(`${model}:${id}`);
        const clock = engine.sample ? score.asOf : now();
        const last = unkept.get(`${model}:${id}`) ?? before;
        hub.publish('score', model, {
          model,
          id,
          asOf: formatInstant(score.asOf),
          version: score.version,
          sample: engine.sample,
          stale: false,
          probability: score.probability,
          byPeriodEnd: score.byPeriodEnd,
          period: periodJson(score.period),
          interval: score.interval,
          grade: score.insufficientData ? null : score.grade,
          confidence: score.confidence,
          closeDate: score.closeDate,
          amount: score.amount,
          ownerId: score.ownerId,
          previous: last ? { probability: last.probability, byPeriodEnd: last.byPeriodEnd, asOf: formatInstant(last.asOf) } : null, // biome-ignore format: one row
          arrivedAt: formatInstant(at),
          // How old each thing is that the number rests on, in ms.
          ageMs: {
            fact: Math.max(0, clock - at),
            score: Math.max(0, clock - score.asOf),
            previous: last ? Math.max(0, clock - last.asOf) : null,
            usual: Math.max(0, clock - engine.usualAt(score.asOf)),
            model: Math.max(0, clock - open.trained.to),
          },
        });
        keepSoon(score);
        if (++done % TURN === 0) await nextTurn();
      }
    }
  }

  /** Facts that lie a little ahead (a clock that runs fast, a meeting in ten minutes) are told when they begin to count. */
  function tellLater(after: number): void {
    if (engine.sample || later.size > 1_000) return;
    for (const append of engine.store.appends({ after })) {
      if (append.seq > seq) break;
      for (const at of append.later) {
        const wait = at - now();
        if (wait <= 0 || wait > SOON_MS) continue;
        const timer = setTimeout(() => {
          later.delete(timer);
          void tell(engine.news(append.seq - 1, append.seq).models).catch(failed);
        }, wait + 1);
        timer.unref();
        later.add(timer);
      }
    }
  }

  /** What other processes did. */
  function look(): void {
    if (hub.readers === 0) {
      clearInterval(looking);
      looking = undefined;
      return;
    }
    for (const { model, served: version } of versions()) {
      const before = served.get(model);
      if (version === undefined || version === before) continue;
      served.set(model, version);
      hub.publish('promotion', model, { model, version, previous: before ?? null });
    }
    const keys = engine.store.keys();
    hub.keepOnly((key) => isStillIn(key, keys));
    const imported = engine.store.lastImportAt();
    if (imported !== importedAt) hub.publish('reset', undefined, { detail: 'records were imported; read what you show again' }); // biome-ignore format: one event
    importedAt = imported;
    if (engine.store.newestAppend() > seq) rescore().catch(failed);
  }
  /** A look that fails is the last: readers are told to begin anew, and the first that does starts it again. */
  function lookOrStop(): void {
    try {
      look();
    } catch (error) {
      clearInterval(looking);
      looking = undefined;
      failed(error);
    }
  }
  const versions = () => engine.served();
  /** A defect here must not end the process; the scores themselves are asked for by routes, which say what is wrong. */
  const failed = (error: unknown): void => {
    log(error);
    hub.publish('reset', undefined, { detail: problemOf(error).detail });
  };

  engine.onAppend(() => void rescore().catch(failed));

  return {
    /** A stream of events; undefined where there are too many readers. */
    subscribe(subscription: Subscription): ReadableStream<Uint8Array> | undefined {
      const { model } = subscription;
      const all = versions();
      for (const { model, served: version } of all) if (version !== undefined) served.set(model, version);
      if (hub.readers === 0) importedAt = engine.store.lastImportAt();
      if (hub.readers === 0) seq = Math.max(seq, isRunning ? seq : engine.store.newestAppend());
      const hello = {
        asOf: formatInstant(engine.liveAsOf()),
        sample: engine.sample,
        models: all.flatMap(({ model: name, served: version }) => (version === undefined || (model !== undefined && model !== name) ? [] : [{ model: name, version }])), // biome-ignore format: one list
      };
      const stream = hub.subscribe(subscription, hello);
      looking ??= setInterval(lookOrStop, LOOK_MS);
      looking.unref();
      return stream;
    },
    drifted({ model, ...levels }: DriftAlarm): void {
      hub.publish('drift', model, { model, ...levels });
    },
    close(): void {
      clearInterval(looking);
      for (const timer of later) clearTimeout(timer);
      keep();
      hub.close();
    },
  };
}
