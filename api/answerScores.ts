import type { z } from '@hono/zod-openapi';
import { subjectOf } from '../src/subjects/index.ts';
import { type Engine, isRefusal, type Refusal, type Score } from './engine.ts';
import type { Language } from './reasons.ts';
import { fieldError, instantOf } from './route.ts';
import { itemId, type scoreAnswer, type scoreRequest } from './schemas/scores.ts';
import { type WholeRecord, wholeRecords } from './schemas/wholeRecords.ts';
import { scoresJson } from './scoresJson.ts';

/** As many as a person looks at: what is read of them is kept for the next time. */
const LOOKED_AT = 64;
/** Items worked on before other requests get a turn. */
export const TURN = 25;

/**
 * The answer to a request for scores, in turns: a score or an error of each item, in order. All of it is of one version
 * and one instant, held while others have their turns.
 * @throws ForesellError where nothing can be said, or every record is malformed
 */
export function* answerScores(
  engine: Engine,
  model: string,
  body: z.infer<typeof scoreRequest>,
  words: () => Language,
): Generator<void, z.infer<typeof scoreAnswer>> {
  const asked = instantOf(engine, body.asOf, 'asOf');
  const schema: z.ZodType<WholeRecord> = wholeRecords[subjectOf(model, engine.store.company()).of];
  const pinned = engine.pin(model, asked === undefined ? undefined : engine.asOf(asked));
  const size = body.ids?.length ?? body.records!.length;
  // Reasons cost ten times the score, so a large batch has them only when asked.
  const options = {
    reasons: body.reasons ?? (size <= 100 ? 5 : 0),
    curve: body.curve ?? false,
    atHand: size <= LOOKED_AT,
  };
  const items: (Score | Refusal)[] = [];
  if (body.ids) {
    const ids = body.ids.map((id, i) => (isId(id) ? id : fieldError(itemId.safeParse(id).error!, ['ids', i])));
    for (let from = 0; from < size; from += TURN) {
      if (from > 0) yield;
      const part = ids.slice(from, from + TURN);
      const good = part.filter((id) => typeof id === 'string');
      const scored = pinned.scoreIds(good, options)[Symbol.iterator]();
      for (const id of part) items.push(typeof id === 'string' ? scored.next().value! : { id: null, error: id });
    }
  } else {
    let malformed = 0;
    for (const [i, record] of body.records!.entries()) {
      const checked = schema.safeParse(record);
      if (checked.success) items.push(pinned.scoreRecord(checked.data, options, `records[${i}]`));
      else {
        malformed++;
        items.push({ id: null, error: fieldError(checked.error, ['records', i]) });
      }
      if (i % TURN === TURN - 1) yield;
    }
    const [first] = items;
    if (malformed === size && first && isRefusal(first)) throw first.error;
  }
  const failed = items.find(isRefusal);
  if (body.allOrNothing && failed) throw failed.error;
  return scoresJson(engine, pinned, items, words());
}

/** What `itemId` says. */
export const isId = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= 200;
