import type { Engine } from './engine.ts';
import type { Language } from './reasons.ts';
import { scoresJson } from './scoresJson.ts';

/** A request for scores by id, without reasons, that waits for the end of the turn. */
export interface Waiting {
  readonly model: string;
  readonly ids: readonly string[];
  readonly language: Language;
  /** Its answer as JSON; undefined where something went wrong with those it was answered with. */
  answer(json: string | undefined): void;
}

export type Together = ReturnType<typeof togetherOf>;

/** Rows scored in one go, before others get a turn: some 4 ms where what is read of them is at hand, twice that where not. */
const MOST = 64;

/**
 * Scores requests of one turn of the event loop together. Who comes in while others are being read waits for no clock: the turn
 * ends when all that has arrived is read. A row among many costs half of a row alone, and answers that are written one
 * after the other wake the reader once (`npm run bench -- http`).
 */
export function togetherOf(engine: Engine) {
  let waiting: Waiting[] = [];
  const turn = (): void => {
    const now: Waiting[] = [];
    let rows = 0;
    const [first] = waiting;
    const later: Waiting[] = [];
    for (const one of waiting) {
      const joins = one.model === first!.model && (rows === 0 || rows + one.ids.length <= MOST);
      (joins ? now : later).push(one);
      if (joins) rows += one.ids.length;
    }
    waiting = later;
    if (waiting.length > 0) setImmediate(turn);
    const answers = attempted(() => answersTo(engine, now));
    // One that cannot be answered any more is no reason to leave the others waiting.
    for (const [i, one] of now.entries()) attempted(() => one.answer(answers?.[i]));
  };
  return {
    add(one: Waiting): void {
      if (waiting.push(one) === 1) setImmediate(turn);
    },
    /** Whether as many wait already as are scored in one go. */
    isFull: (): boolean => waiting.length >= MOST,
  };
}

/** All of one version and one instant. */
function answersTo(engine: Engine, asked: readonly Waiting[]): string[] {
  const pinned = engine.pin(asked[0]!.model);
  const items = pinned.scoreIds(
    asked.flatMap(({ ids }) => ids),
    { reasons: 0, curve: false, atHand: true },
  );
  let from = 0;
  return asked.map(({ ids, language }) => {
    const own = items.slice(from, (from += ids.length));
    return JSON.stringify(scoresJson(engine, pinned, own, language));
  });
}

/** What went wrong is said by the app, which does it again. */
export function attempted<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
