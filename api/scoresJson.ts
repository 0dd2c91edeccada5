import type { z } from '@hono/zod-openapi';
import { type Engine, isRefusal, type Refusal, type Score } from './engine.ts';
import type { Pinned } from './pinned.ts';
import { iso, scoreJson } from './present.ts';
import { problemOf } from './problem.ts';
import type { Language } from './reasons.ts';
import type { scoreAnswer } from './schemas/scores.ts';

/** The answer to a request for scores: a score or an error of each item, in order. */
export const scoresJson = (
  engine: Engine,
  pinned: Pinned,
  items: readonly (Score | Refusal)[],
  language: Language,
): z.infer<typeof scoreAnswer> => ({
  asOf: iso(pinned.asOf),
  model: pinned.model,
  version: pinned.version,
  sample: engine.sample,
  items: items.map((item) =>
    isRefusal(item) ? { id: item.id, error: problemOf(item.error) } : scoreJson(item, engine, language),
  ),
});
