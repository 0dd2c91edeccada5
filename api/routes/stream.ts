import { createRoute, z } from '@hono/zod-openapi';
import { ForesellError } from '../../src/errors.ts';
import { subjectOf } from '../../src/subjects/index.ts';
import { isRefusal, type Refusal, type Score } from '../engine.ts';
import * as examples from '../examples.ts';
import { isStillIn } from '../keys.ts';
import { type Line, linesOf } from '../lines.ts';
import { scoreJson } from '../present.ts';
import { problemOf } from '../problem.ts';
import { fieldError, instantOf, language, problems, type Routes } from '../route.ts';
import { instant } from '../schemas/common.ts';
import { itemId } from '../schemas/scores.ts';
import { type WholeRecord, wholeRecords } from '../schemas/wholeRecords.ts';
import { scoreRecords, timeless } from '../tables.ts';

/** Lines scored before other requests get a turn: with reasons a line costs ten times as much. */
const TURN = 50;
const TURN_EXPLAINED = 5;
const NDJSON = 'application/x-ndjson';

export const isStream = (path: string): boolean => path.startsWith('/v1/scores/') && path.endsWith('/stream');

const route = createRoute({
  method: 'post',
  path: '/v1/scores/{model}/stream',
  tags: ['scores'],
  summary: 'Score any number: a line of NDJSON each in, a line each out',
  description:
    'A line is an id as a JSON string, `{"id": …}`, a whole record, or of a model of a flat table a row. Blank lines are skipped; each other line has one line of answer, in order: a score or `{ id, line, error }`. All of one stream is of one version, and of one instant but for what came in since the hour: each score says its own. Answers begin before the last line is sent; who sends faster than he reads is held back; who goes away ends the work.',
  request: {
    params: z.strictObject({ model: z.string().min(1).max(100) }),
    query: z.strictObject({
      asOf: instant.optional(),
      reasons: z
        .string()
        .regex(/^[0-5]$/, 'expected a whole number from 0 to 5')
        .default('0')
        .transform(Number)
        .openapi({ type: 'integer', minimum: 0, maximum: 5, default: 0 }),
      curve: z.enum(['true', 'false']).default('false'),
    }),
    body: { required: true, content: { [NDJSON]: { schema: z.string(), example: '"csv:D-1042"\n{"id":"csv:D-2001"}\n' } } }, // biome-ignore format: one body
  },
  responses: {
    200: {
      description: 'A score or an error a line.',
      content: { [NDJSON]: { schema: z.string(), example: `${JSON.stringify(examples.scoreExample)}\n` } },
    },
    ...problems(400, 404, 409, 415, 503),
  },
});

export const stream: Routes = (app, { engine, pause, tables, lineBytes }) => {
  app.openapi(route, (c) => {
    const type = c.req.header('content-type') ?? '';
    if (!/^application\/(x-ndjson|ndjson|jsonl|x-jsonlines)\s*(;|$)/i.test(type) || c.req.header('content-encoding')) {
      throw new ForesellError('body-type', `the body must be ${NDJSON}, not compressed`, { status: 415 });
    }
    const { model } = c.req.valid('param');
    const query = c.req.valid('query');
    const options = { reasons: query.reasons, curve: query.curve === 'true' };
    const words = language(c);
    const table = tables.get(model);
    if (table && query.asOf !== undefined) throw timeless(model);
    const body = c.req.raw.body;
    if (!body) throw new ForesellError('body-malformed', 'the body is empty');
    const key = c.get('key');
    const turn = options.reasons > 0 ? TURN_EXPLAINED : TURN;

    const score = table ? scoreRows : scorer();
    const answers = (async function* () {
      for await (const lines of linesOf(body, lineBytes)) {
        for (let from = 0; from < lines.length; from += turn) {
          // A stream may take hours: cut off, so that what has come is not taken for all.
          if (!isStillIn(key, engine.store.keys()))
            throw new ForesellError('key-required', 'the key of this stream was revoked', { status: 401 });
          yield score(lines.slice(from, from + turn));
          await pause();
        }
      }
    })();
    const encoder = new TextEncoder();
    const out = new ReadableStream<Uint8Array>(
      {
        // Asked for only when the one before was taken: a slow reader holds back the sender too.
        pull: async (controller) => {
          const { done, value } = await answers.next();
          if (done) controller.close();
          else controller.enqueue(encoder.encode(value));
        },
        cancel: async () => {
          await answers.return(undefined);
        },
      },
      { highWaterMark: 1 },
    );
    return c.body(out, 200, { 'content-type': NDJSON, 'cache-control': 'no-store', 'x-accel-buffering': 'no' }) as never; // biome-ignore format: one answer

    function scoreRows(lines: readonly Line[]): string {
      const rows = lines.map((line) => ('error' in line ? line.error : line.value));
      const { items } = scoreRecords(table!, rows, options.reasons, words, {
        list: 'lines',
        place: (i) => lines[i]!.n,
      });
      return items.map((item, i) => json('error' in item ? { id: item.id, line: lines[i]!.n, error: item.error } : item)).join(''); // biome-ignore format: one list
    }
    /** One version and one instant, held for the whole stream. */
    function scorer() {
      const asked = instantOf(engine, query.asOf, 'asOf');
      const pinned = engine.pin(model, asked === undefined ? undefined : engine.asOf(asked));
      const schema: z.ZodType<WholeRecord> = wholeRecords[subjectOf(model, engine.store.company()).of];
      return (lines: readonly Line[]): string => {
        const ids = lines.map(idIn);
        const scored = pinned.scoreIds(ids.filter((id) => typeof id === 'string'), options)[Symbol.iterator](); // biome-ignore format: one call
        const items = lines.map((line, i): Score | Refusal => {
          if ('error' in line) return { id: null, error: line.error };
          const id = ids[i];
          if (typeof id === 'string') return scored.next().value!;
          const path = ['lines', line.n];
          if (id !== undefined) return { id: null, error: fieldError(id, path) };
          const checked = schema.safeParse(line.value);
          if (checked.success) return pinned.scoreRecord(checked.data, options, `lines[${line.n}]`);
          return { id: null, error: fieldError(checked.error, path) };
        });
        return items
          .map((item, i) => json(isRefusal(item) ? { id: item.id, line: lines[i]!.n, error: problemOf(item.error) } : scoreJson(item, engine, words))) // biome-ignore format: one choice
          .join('');
      };
    }
  });
};

const json = (item: object): string => `${JSON.stringify(item)}\n`;
const byId = z.strictObject({ id: itemId });

/** The id that a line asks for; undefined where it is a whole record, an error where it is neither. */
function idIn(line: Line): string | z.core.$ZodError | undefined {
  if ('error' in line) return undefined;
  const { value } = line;
  if (typeof value === 'string') return itemId.safeParse(value).error ?? value;
  if (value === null || typeof value !== 'object') return itemId.safeParse(value).error;
  if (!Object.hasOwn(value, 'id')) return undefined;
  const { data, error } = byId.safeParse(value);
  return error ?? data?.id;
}
