import { type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { ForesellError } from '../src/errors.ts';
import { type Instant, parseInstant } from '../src/time.ts';
import type { Engine } from './engine.ts';
import type { Publisher } from './publisher.ts';
import { type Language, languageOf } from './reasons.ts';
import { pathText, problem } from './schemas/common.ts';
import type { ServedTable } from './servedTable.ts';
import type { TrainerPort } from './trainingAnswer.ts';

export interface Env {
  /** `key`: the id of the caller's key; absent where none is needed. */
  Variables: { requestId: string; key?: string };
}
export type App = OpenAPIHono<Env>;

/** A file of the server's own, such as the reference page's script. */
export interface Asset {
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer> | string;
}

/**
 * Draws the report of a version as a page that stands alone; `version` is its hash or the beginning of it.
 * @throws ForesellError `version-missing` (404), `version-ambiguous` (409)
 */
export type ReportPort = (
  store: Engine['store'],
  model: string,
  version: string,
  language: Language,
) => Promise<string>;

/** What routes are given: the engine, and what only the running process knows. */
export interface RouteContext {
  readonly engine: Engine;
  /** True while the process is going down: readiness fails first. */
  readonly draining: () => boolean;
  readonly asset: (name: string) => Asset | undefined;
  readonly version: string;
  readonly report: ReportPort;
  /** The longest line of a stream. */
  readonly lineBytes: number;
  readonly events: Publisher;
  /** Trains when asked to; undefined = nobody does. */
  readonly trainer: TrainerPort | undefined;
  /** Between the pieces of long work: resolves when it may go on. */
  readonly pause: () => Promise<void>;
  /** Models of flat tables, by name. */
  readonly tables: ReadonlyMap<string, ServedTable>;
}

/** Adds one resource's routes. */
export type Routes = (app: App, context: RouteContext) => void;

/** The language of an answer; says so to caches. */
export function language(c: Context): Language {
  const chosen = languageOf(c.req.header('accept-language'));
  c.header('content-language', chosen);
  c.header('vary', 'Accept-Language');
  return chosen;
}

/** A time of a query or body; a bare date is the company's. */
export function instantOf(engine: Engine, text: string | undefined, path: string): Instant | undefined {
  if (text === undefined) return undefined;
  const at = parseInstant(text, engine.store.company().settings.time_zone);
  if (at === undefined)
    throw new ForesellError('field-invalid', `${path}: "${text}" is not an ISO 8601 time`, { path });
  return at;
}

/** The first thing that a schema found wrong, as an error with its path. */
export function fieldError(error: z.core.$ZodError, prefix: readonly PropertyKey[] = []): ForesellError {
  const issue = error.issues[0]!;
  const last = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const path = pathText([...prefix, ...issue.path, ...last]).slice(0, 300);
  const what = issue.code === 'unrecognized_keys' ? 'unknown field; leave it out or check its spelling' : issue.message;
  return new ForesellError(
    issue.code === 'unrecognized_keys' ? 'field-unknown' : 'field-invalid',
    path ? `${path}: ${what}` : what,
    { path },
  );
}

const said: Readonly<Record<number, string>> = {
  400: 'The request was wrong; `path` names the field.',
  401: 'A key is needed.',
  403: 'The key\u2019s role, the Host or the Origin does not allow it.',
  404: 'There is no such thing.',
  409: 'Ambiguous, closed, or nothing trained yet.',
  413: 'The body is too large.',
  415: 'The body is not JSON.',
  422: 'The Idempotency-Key was used for another body.',
  429: 'Too many wrong keys; see Retry-After.',
  503: 'Not ready, more asked than can be answered in time, or the served version was refused; see Retry-After.',
  507: 'The disk is full, so that nothing was written.',
};

/** Headers of a request that has one effect, however often it comes under the same name. */
export const idempotent = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, 'expected up to 200 visible characters')
    .optional()
    .openapi({ description: 'A name of the request, new for each, such as a UUID.' }),
});

/** The problem answers of a route, for its OpenAPI. */
export function problems<const S extends readonly number[]>(...statuses: S) {
  const answers: Record<number, object> = {};
  for (const status of [...statuses, 401, 403, 429]) {
    answers[status] = {
      description: said[status]!,
      content: { 'application/problem+json': { schema: problem } },
    };
  }
  return answers as Record<never, never>;
}
