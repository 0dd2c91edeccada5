import { existsSync, readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createAdaptorServer } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Executor } from '../models/hazardModel.ts';
import { ForesellError } from '../src/errors.ts';
import type { Own } from '../src/own.ts';
import { createApp } from './app.ts';
import { openEngine } from './open.ts';
import type { Asset, ReportPort } from './route.ts';
import type { ServedTable } from './servedTable.ts';

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
  /** What is done beside answering, every so often; never twice at once. */
  readonly background?: { readonly everyMs: number; run(): Promise<void>; stop(): void } | undefined;
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

/**
 * Starts the server over one database file. Beyond loopback only with a key. It listens at once and is ready when it is
 * warm: the records read, the served model opened and checked, every open deal scored once.
 */
export async function startServer(options: ServeOptions): Promise<Running> {
  const engine = openEngine({ db: options.db, own: options.own, now: Date.now, executor: options.executor });
  try {
    if (!LOOPBACK.has(options.host) && !engine.store.keys().some((key) => key.revokedAt === null)) {
      throw new ForesellError(
        'key-missing',
        `--host ${options.host} is reachable from outside, and no key is set; make one first: foresell keys add --role read`,
        { path: '--host' },
      );
    }
    let draining = false;
    let warming = true;
    const app = createApp(engine, {
      now: Date.now,
      draining: () => draining,
      warming: () => warming,
      asset: assets(),
      origins: options.origins,
      version: options.version,
      tables: options.tables ?? [],
      report: options.report,
      address: (c) => getConnInfo(c).remote.address ?? 'unknown',
      onFailure: (error, requestId) => options.log(`request ${requestId} failed: ${describe(error)}`),
    });
    const server = createAdaptorServer({
      fetch: app.fetch,
      serverOptions: {
        headersTimeout: 10_000,
        requestTimeout: 30_000,
        keepAliveTimeout: 5_000,
        maxHeaderSize: 16_384,
        connectionsCheckingInterval: 2_000,
      },
    }) as Server;
    server.maxConnections = 1_000;
    await listening(server, options);
    const { port } = server.address() as AddressInfo;
    const warmed = setImmediate(() => {
      try {
        warm(engine, options.log);
      } catch (error) {
        options.log(`warming up failed: ${describe(error)}`); // requests will meet the same, and say so
      }
      warming = false;
    });
    const { background } = options;
    const look = () => {
      background?.run().catch((error: unknown) => options.log(`background work failed: ${describe(error)}`));
    };
    const looking = background && setInterval(look, background.everyMs);
    looking?.unref();
    const host = options.host.includes(':') ? `[${options.host}]` : options.host;
    return {
      url: `http://${host}:${port}`,
      stop: async () => {
        clearImmediate(warmed);
        clearInterval(looking);
        background?.stop();
        draining = true; // readiness fails from here on, and answers close their connections
        await closed(server);
        engine.close();
      },
    };
  } catch (error) {
    engine.close();
    throw error;
  }
}

/** Scores what is open, so that the first caller does not wait; a company without a model has nothing to warm. */
function warm(engine: ReturnType<typeof openEngine>, log: (line: string) => void): void {
  const { ready, missing } = engine.readiness();
  if (!ready) {
    log(`not ready to score: ${missing}`);
    return;
  }
  const asOf = engine.liveAsOf();
  engine.forecast({ period: engine.period({}, asOf), by: 'team', asOf });
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

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
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
