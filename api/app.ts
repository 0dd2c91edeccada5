import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import { etag } from 'hono/etag';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { requestId } from 'hono/request-id';
import { secureHeaders } from 'hono/secure-headers';
import { ForesellError } from '../src/errors.ts';
import type { Instant } from '../src/time.ts';
import type { Engine } from './engine.ts';
import { guard } from './guard.ts';
import { isAtOnce } from './hold.ts';
import { parseJson } from './json.ts';
import { overview } from './pages/overview.ts';
import { answerProblem } from './problem.ts';
import { type Publisher, publisherOf } from './publisher.ts';
import { type App, type Asset, type Env, fieldError, type ReportPort } from './route.ts';
import { adjustments } from './routes/adjustments.ts';
import { clv } from './routes/clv.ts';
import { comparison } from './routes/comparison.ts';
import { docs } from './routes/docs.ts';
import { drift } from './routes/drift.ts';
import { EVENTS, events } from './routes/events.ts';
import { facts } from './routes/facts.ts';
import { forecast } from './routes/forecast.ts';
import { forecastAccuracy } from './routes/forecastAccuracy.ts';

import { forecastChanges } from './routes/forecastChanges.ts';
import { forecastHistory } from './routes/forecastHistory.ts';
import { health } from './routes/health.ts';
import { models } from './routes/models.ts';
import { pipeline } from './routes/pipeline.ts';
import { scores } from './routes/scores.ts';
import { isStream, stream } from './routes/stream.ts';
import { training } from './routes/training.ts';
import { whatif } from './routes/whatif.ts';
import type { ServedTable } from './servedTable.ts';
import type { TrainerPort } from './trainingAnswer.ts';

/** What the running process gives; every field has a sensible stand-in. */
export interface AppOptions {
  readonly now: () => Instant;
  readonly draining?: () => boolean;
  /** True until the first score has been computed. */
  readonly warming?: () => boolean;
  readonly asset?: (name: string) => Asset | undefined;
  /** Origins other than the server's own that a browser may ask from. */
  readonly origins?: readonly string[];
  readonly address?: (c: Context) => string;
  readonly bodyBytes?: number;
  readonly version?: string;
  /** Between the pieces of long work: resolves when it may go on; absent = the next turn of the event loop. */
  readonly pause?: () => Promise<void>;
  /** What is pushed to subscribers; absent = one of the app's own. */
  readonly events?: Publisher;
  /** Trains when asked to; absent = this server trains nothing. */
  readonly trainer?: TrainerPort | undefined;
  /** Models of flat tables that are served beside the company's. */
  readonly tables?: readonly ServedTable[];
  /** Reports of versions; absent: none are given. */
  readonly report?: ReportPort | undefined;
  /** Told of every answer of 500, with its request id. */
  readonly onFailure?: (error: unknown, requestId: string) => void;
}

export const BODY_BYTES = 1_048_576;
/** The rest of a body that is not read would be taken for the next request: the connection ends, and says so. */
const CLOSING = { connection: 'close' };

/** The HTTP face of an engine. Every answer has a documented status and shape. */
export function createApp(engine: Engine, options: AppOptions): App {
  const app: App = new OpenAPIHono<Env>({
    defaultHook: (result) => {
      if (!result.success) throw fieldError(result.error);
    },
  });
  const draining = options.draining ?? (() => false);
  const warming = options.warming ?? (() => false);
  const origins = options.origins ?? [];

  app.onError((error, c) => {
    const answer = answerProblem(c, error);
    // Who goes away in the middle of a body is no failure of ours, and fills no log.
    const hasLeft = error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
    if (answer.status === 500 && !hasLeft) options.onFailure?.(error, c.get('requestId'));
    return answer;
  });
  app.notFound((c) =>
    answerProblem(
      c,
      new ForesellError('route-unknown', 'there is nothing at this address; see /docs', { status: 404 }),
    ),
  );

  app.use(requestId({ limitLength: 100 }));
  app.use(
    secureHeaders({
      contentSecurityPolicy: undefined as never,
      xFrameOptions: 'DENY',
      referrerPolicy: 'no-referrer',
      crossOriginResourcePolicy: 'same-origin',
      strictTransportSecurity: false, // the server speaks plain HTTP; a proxy that adds TLS adds this too
    }),
  );
  app.use(async (c, next) => {
    await next();
    if (!c.res.headers.has('content-security-policy')) {
      c.res.headers.set('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
    }
    if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'private, no-cache');
    // A client that keeps its connection would hold up the end of the process.
    if (draining()) c.res.headers.set('connection', 'close');
  });
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) =>
        answerProblem(
          c,
          new ForesellError('method-not-allowed', `this address takes ${methods.join(', ')}`, { status: 405 }),
          { allow: methods.join(', ') },
        ),
    }),
  );
  app.use(wellFormed);
  app.use(
    guard({
      keys: () => engine.store.keys(),
      origins,
      now: options.now,
      address: options.address ?? (() => 'unknown'),
    }),
  );
  if (origins.length > 0)
    app.use(
      cors({
        origin: [...origins],
        allowHeaders: ['authorization', 'content-type', 'idempotency-key', 'last-event-id'],
      }),
    );
  app.use((c, next) => {
    if (!warming() || isAtOnce(c.req.path)) return next();
    const error = new ForesellError('warming', 'the server is still reading the records; ask again in a moment', { status: 503 }); // biome-ignore format: one sentence
    return Promise.resolve(answerProblem(c, error, { 'retry-after': '5' }));
  });
  const bodyBytes = options.bodyBytes ?? BODY_BYTES;
  const tooLarge = new ForesellError('body-too-large', `the body is over ${bodyBytes} bytes; send fewer items`, {
    status: 413,
  });
  const limited = bodyLimit({ maxSize: bodyBytes, onError: (c) => answerProblem(c, tooLarge, CLOSING) });
  // Bodies come by POST alone: any other verb is told that the address does not take it, whatever it carries.
  // A stream of lines has no size; each of its lines has.
  const whole = (middleware: MiddlewareHandler): MiddlewareHandler =>
    onlyFor(['POST'], (c, next) => (isStream(c.req.path) ? next() : middleware(c, next)));
  app.use('/v1/*', whole(limited), whole(readJson));
  // A stream of events has no end to take a digest of.
  const tagged = onlyFor(['GET', 'HEAD'], etag({ generateDigest: digest }));
  app.use((c, next) => (c.req.path === EVENTS ? next() : tagged(c, next)));

  const context = {
    engine,
    draining,
    events: options.events ?? publisherOf(engine, options.now),
    pause: options.pause ?? (() => nextTurn()),
    asset: options.asset ?? (() => undefined),
    version: options.version ?? '0.0.0',
    report: options.report ?? noReport,
    lineBytes: bodyBytes,
    trainer: options.trainer,
    tables: new Map((options.tables ?? []).map((table) => [table.name, table])),
  };
  for (const routes of [health, docs, scores, stream, facts, events, whatif, forecast, forecastChanges, forecastAccuracy, forecastHistory, comparison, adjustments, pipeline, clv, models, training, drift, overview]) // biome-ignore format: one list
    routes(app, context);
  return app;
}

const noReport: ReportPort = () =>
  Promise.reject(new ForesellError('report-unavailable', 'this server gives no reports', { status: 404 }));

/** For ETags; the synchronous hash is several times quicker than the one of the Web API on small bodies. */
const digest = (body: Uint8Array): ArrayBuffer => Uint8Array.from(createHash('sha1').update(body).digest()).buffer;

/** A middleware for some methods only; registered for all, so that it does not count as a route of them. */
function onlyFor(methods: readonly string[], middleware: MiddlewareHandler): MiddlewareHandler {
  return (c, next) => (methods.includes(c.req.method) ? middleware(c, next) : next());
}

/** Refuses an address whose percent-encoding is no text. */
const wellFormed: MiddlewareHandler = async (c, next) => {
  try {
    decodeURIComponent(new URL(c.req.url).pathname);
    decodeURIComponent(new URL(c.req.url).search);
  } catch (cause) {
    throw new ForesellError('address-malformed', 'the address is not valid percent-encoding', { cause });
  }
  return next();
};

/** Checks a body before it is parsed: its type, that it is text, and how deep it goes. */
const readJson: MiddlewareHandler = async (c, next) => {
  const type = c.req.header('content-type') ?? '';
  const encoding = c.req.header('content-encoding') ?? 'identity';
  if (!/^application\/json\s*(;|$)/i.test(type) || encoding !== 'identity') {
    throw new ForesellError('body-type', 'the body must be application/json, not compressed', { status: 415 });
  }
  try {
    parseJson(new TextDecoder('utf-8', { fatal: true }).decode(await c.req.arrayBuffer()));
  } catch (cause) {
    if (cause instanceof ForesellError) throw cause;
    throw new ForesellError('body-malformed', 'the body is not valid JSON in UTF-8', { cause });
  }
  return next();
};
