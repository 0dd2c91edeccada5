import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { getRequestListener } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Executor } from '../models/hazardModel.ts';
import { ForesellError } from '../src/errors.ts';
import type { Own } from '../src/own.ts';
import { BODY_BYTES, createApp } from './app.ts';
import type { DriftAlarm } from './driftAnswer.ts';
import { hold, isAskedAtOnce, isOfHealth } from './hold.ts';
import { laneOf } from './lane.ts';
import { openEngine } from './open.ts';
import { answerUnread, refuseLoad } from './problem.ts';
import { publisherOf } from './publisher.ts';
import type { Asset, ReportPort } from './route.ts';
import { isStream } from './routes/stream.ts';
import type { ServedTable } from './servedTable.ts';
import { togetherOf } from './together.ts';
import type { TrainerPort } from './trainingAnswer.ts';
import { turnsOf } from './turns.ts';
import { type WarmUp, warmUp } from './warmUp.ts';
import { isBusy } from './whenFree.ts';

export interface ServeOptions {
  readonly db: string;
  /** What the company added in code. */
  readonly own?: Own | undefined;
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  readonly origins: readonly string[];
  readonly version: string;
  /** Models of flat tables that are served too. */
  readonly tables?: readonly ServedTable[] | undefined;
  /** Who computes hazards; absent = the compiled form. */
  readonly executor?: Executor | undefined;
  /** Draws reports of versions. */
  readonly report?: ReportPort | undefined;
  /** Trains when asked to. */
  readonly trainer?: (TrainerPort & { stop(): void }) | undefined;
  /** What is done beside answering, every so often; never twice at once. */
  readonly background?: { readonly everyMs: number; run(): Promise<readonly DriftAlarm[]>; stop(): void } | undefined; // biome-ignore format: one type
  /** A line for the log: what failed, and the id that the caller was given. */
  readonly log: (line: string) => void;
}

export interface Running {
  readonly url: string;
  /** Answers what has begun, refuses what is new, and closes the file. */
  stop(): Promise<void>;
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);
/** How long requests that have begun may take once the server goes down. */
const DRAIN_MS = 8_000;
/** How long it still takes what was on its way when it was told to go down. */
const SETTLE_MS = 100;
const QUIET_TURNS = 5;
const BODY_MS = 30_000;
/** A connection on which nothing moves for so long ends. */
const STILL_MS = 30_000;
/** Another process's commits (an import, a promotion, a revoked key) are seen so soon. */
const LOOK_MS = 10;
/** A new day's forecasts are kept so soon. */
const KEEP_MS = 3_600_000;
/** Or so soon where another process was writing. */
const BUSY_MS = 5_000;

/**
 * Starts the server over one database file. Beyond loopback only with a key. It listens at once, and says that it lives; it is ready when it is
 * warm: the records read, the served model opened and checked, an open deal scored. Then every open deal is, and the period is forecast.
 */
export async function startServer(options: ServeOptions): Promise<Running> {
  const engine = openEngine({ db: options.db, own: options.own, now: Date.now, executor: options.executor, lookEveryMs: LOOK_MS }); // biome-ignore format: one call
  engine.store.waitAtMost(0); // whoever asks is answered while another process writes
  try {
    if (!LOOPBACK.has(options.host) && !engine.store.keys().some((key) => key.revokedAt === null)) {
      throw new ForesellError(
        'key-missing',
        `--host ${options.host} is reachable from outside, and no key is set; make one first: foresell keys add --role read`,
        { path: '--host' },
      );
    }
    let draining = false;
    let start: WarmUp | undefined;
    const events = publisherOf(engine, Date.now, (error) => options.log(`publishing failed: ${describe(error)}`)); // biome-ignore format: one call
    const together = togetherOf(engine);
    const turns = turnsOf(together.isFull);
    const app = createApp(engine, {
      events,
      pause: turns.pause,
      now: Date.now,
      draining: () => draining,
      warming: () => start?.isReading() ?? true,
      asset: assets(),
      origins: options.origins,
      version: options.version,
      tables: options.tables ?? [],
      report: options.report,
      trainer: options.trainer,
      address: (c) => getConnInfo(c).remote.address ?? 'unknown',
      onFailure: (error, requestId) => options.log(`request ${requestId} failed: ${describe(error)}`),
    });
    const answer = getRequestListener(app.fetch, { errorHandler: answerUnread });
    const lane = laneOf(engine, {
      tables: new Map((options.tables ?? []).map((table) => [table.name, table])),
      bodyBytes: BODY_BYTES,
      draining: () => draining,
      together,
    });
    const asApp = (request: IncomingMessage, response: ServerResponse): void => void answer(request, response);
    const quickly = (request: IncomingMessage, response: ServerResponse): void =>
      lane(request, response, () => asApp(request, response));
    const inTurn = (request: IncomingMessage, response: ServerResponse): void => {
      if (isOfHealth(request.url)) asApp(request, response);
      else turns.take(request, response, () => quickly(request, response), () => refuseLoad(response)); // biome-ignore format: one call
    };
    /** While the records are read: the app says at once that it lives, and the rest when they are there, or that they are not (yet, or any more, where it goes down). */
    const whenWarm = (request: IncomingMessage, response: ServerResponse): void => {
      if (isAskedAtOnce(request.url)) asApp(request, response);
      else void hold(start?.read, request, response, () => (start?.isReading() ? asApp : inTurn)(request, response));
    };
    const server = createServer(
      {
        headersTimeout: 10_000,
        requestTimeout: 0, // a stream may take hours; bodies have a limit of their own below
        keepAliveTimeout: 5_000,
        maxHeaderSize: 16_384,
        connectionsCheckingInterval: 2_000,
      },
      (request, response) => (start?.isReading() ? whenWarm : inTurn)(request, response),
    );
    server.timeout = STILL_MS;
    server.maxConnections = 1_000;
    server.prependListener('request', limitBody).on('connection', turns.connected);
    await listening(server, options);
    const { port } = server.address() as AddressInfo;
    let next: NodeJS.Immediate | undefined;
    let later: NodeJS.Timeout | undefined;
    /** What is said today is kept, a period at a time so that whoever asks meanwhile is answered; soon done where it was. */
    const keep = () => {
      try {
        if (!draining && engine.keepForecasts(1) > 0) next = setImmediate(keep);
      } catch (error) {
        if (isBusy(error)) {
          later = setTimeout(keep, BUSY_MS);
          return;
        }
        options.log(`keeping the forecasts failed: ${describe(error)}`); // tried again within the hour
      }
    };
    start = warmUp(engine, options.log, keep);
    const keeping = setInterval(keep, KEEP_MS);
    keeping.unref();
    const { background } = options;
    const look = () => {
      background
        ?.run()
        .then((alarms) => alarms.forEach(events.drifted))
        .catch((error: unknown) => options.log(`background work failed: ${describe(error)}`));
    };
    const looking = background && setInterval(look, background.everyMs);
    looking?.unref();
    const host = options.host.includes(':') ? `[${options.host}]` : options.host;
    return {
      url: `http://${host}:${port}`,
      stop: async () => {
        draining = true; // readiness fails from here on, and answers close their connections
        await start?.stop();
        clearImmediate(next);
        clearTimeout(later);
        clearInterval(looking);
        clearInterval(keeping);
        background?.stop();
        options.trainer?.stop();
        events.close(); // subscribers would hold up the end
        const end = performance.now() + DRAIN_MS;
        await settled(server);
        await closed(server, end - performance.now());
        engine.close();
      },
    };
  } catch (error) {
    engine.close();
    throw error;
  }
}

/**
 * A body must be there in half a minute, and so must whoever reads an answer move: only while one is being worked out may the connection stand still
 * longer. A stream must move at least as often, in either direction.
 */
function limitBody(request: IncomingMessage, answer: ServerResponse): void {
  const { socket } = request;
  if (isStream(request.url?.split('?')[0] ?? '')) return; // its connection ends by `server.timeout`
  answer.on('timeout', () => socket.writableLength > 0 && socket.destroy());
  if (request.complete) return;
  const late = setTimeout(() => request.complete || socket.destroy(), BODY_MS);
  late.unref();
  request.once('close', () => clearTimeout(late));
}

function listening(server: Server, { host, port }: ServeOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE';
      const why = taken ? `port ${port} is taken; give another with --port` : `cannot listen on ${host}:${port}`;
      reject(new ForesellError('cannot-listen', why, { cause, path: '--port' }));
    });
    server.listen(port, host, resolve);
  });
}

/**
 * What callers had sent before the end was told may not have been read yet, or its connection not been taken, of which a turn of the loop
 * takes one: goes on until some turns bring nothing more, and no longer than half of the time that there is. To close a connection on which nothing was read so far would reset it,
 * and its request would be lost without an answer.
 */
async function settled(server: Server): Promise<void> {
  let came = 0;
  const count = () => void came++;
  server.on('connection', count).on('request', count);
  const end = performance.now() + DRAIN_MS / 2;
  await wait(SETTLE_MS);
  for (let quiet = 0; quiet < QUIET_TURNS && performance.now() < end; ) {
    const before = came;
    await new Promise((resolve) => setImmediate(resolve));
    quiet = came === before ? quiet + 1 : 0;
  }
}

function closed(server: Server, withinMs: number): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(() => server.closeAllConnections(), withinMs);
    server.close(() => {
      clearTimeout(late);
      resolve();
    });
    server.closeIdleConnections();
  });
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

/** Files of the reference page: beside the built code, or from the installed package when run from source. */
function assets(): (name: string) => Asset | undefined {
  const built = join(dirname(fileURLToPath(import.meta.url)), 'static');
  const folder = existsSync(built) ? built : installed();
  const kept = new Map<string, Asset>();
  return (name) => {
    const type = TYPES[name.slice(name.lastIndexOf('.'))];
    if (!folder || !type) return undefined;
    let asset = kept.get(name);
    if (!asset) kept.set(name, (asset = { type, body: Uint8Array.from(readFileSync(join(folder, name))) }));
    return asset;
  };
}

function installed(): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  } catch (_absent) {
    return undefined; // a development package: the reference page is then without its looks
  }
}

const describe = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
