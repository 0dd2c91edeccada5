import type { Context, MiddlewareHandler } from 'hono';
import { ForesellError } from '../src/errors.ts';
import type { Store } from '../src/store/store.ts';
import type { Instant } from '../src/time.ts';
import { allows, hashKey, type Role, roleOf } from './keys.ts';
import { answerProblem } from './problem.ts';

export interface GuardOptions {
  readonly keys: () => ReturnType<Store['keys']>;
  /** Origins other than the server's own that a browser may ask from. */
  readonly origins: readonly string[];
  readonly now: () => Instant;
  /** Who asks, for counting failures. */
  readonly address: (c: Context) => string;
}

export const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;
/** Paths that tell nothing of the company. */
const OPEN = /^\/(healthz|readyz|openapi\.json|docs(\/.*)?|assets\/.*)$/;
const FREE_FAILURES = 10;
const MAX_ADDRESSES = 10_000;

const refuse = (code: string, message: string, status: number) => new ForesellError(code, message, { status });

/**
 * Who may ask. Without any key: only a browser or program on this machine, told by Host, so that no web page can reach
 * the server through a name of its own (DNS rebinding), and by Origin. With a key, ever: only with a key of the role.
 * Ten wrong keys from an address, and it waits: 1 s, doubling to a minute.
 */
export function guard(options: GuardOptions): MiddlewareHandler {
  const failures = new Map<string, { count: number; until: Instant }>();

  return async (c, next) => {
    const kept = options.keys();
    const host = c.req.header('host') ?? new URL(c.req.url).host;
    if (kept.length === 0 && !LOOPBACK.test(host)) {
      return answerProblem(
        c,
        refuse('host-refused', 'without a key this server answers only as localhost, 127.0.0.1 or [::1]', 403),
      );
    }
    const origin = c.req.header('origin');
    if (origin !== undefined && !ownOrigin(origin, host) && !options.origins.includes(origin)) {
      return answerProblem(c, refuse('origin-refused', 'this origin is not on the allow-list', 403));
    }
    // A browser asks whether it may ask (OPTIONS) without its key; that tells nothing either.
    if (kept.length === 0 || OPEN.test(c.req.path) || c.req.method === 'OPTIONS') return next();

    const address = options.address(c);
    const failed = failures.get(address);
    const wait = failed ? failed.until - options.now() : 0;
    if (wait > 0) {
      const error = refuse('key-backoff', 'too many wrong keys from this address; wait and ask again', 429);
      return answerProblem(c, error, { 'retry-after': String(Math.ceil(wait / 1_000)) });
    }
    const key = keyOf(c);
    const role = key === undefined ? undefined : roleOf(key, kept);
    if (role === undefined) {
      if (key !== undefined) {
        const count = (failed?.count ?? 0) + 1;
        if (failures.size >= MAX_ADDRESSES) failures.clear();
        const penalty = count < FREE_FAILURES ? 0 : Math.min(60_000, 1_000 * 2 ** (count - FREE_FAILURES));
        failures.set(address, { count, until: options.now() + penalty });
      }
      return answerProblem(
        c,
        refuse('key-required', 'give a key: "Authorization: Bearer KEY" (foresell keys add makes one)', 401),
        { 'www-authenticate': 'Bearer, Basic realm="Foresell: any user, the key as password"' },
      );
    }
    failures.delete(address);
    c.set('key', kept.find(({ hash }) => hash === hashKey(key!))?.id);
    const needs = roleNeeded(c.req.method, c.req.path);
    if (!allows(role, needs)) {
      return answerProblem(c, refuse('role-refused', `this needs a key of role ${needs}; yours is ${role}`, 403));
    }
    return next();
  };
}

/** Reading is `read`, scoring what is sent `score`, adding facts or what people call `write`, whatever else changes something `admin`. */
export function roleNeeded(method: string, path: string): Role {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return 'read';
  if (method !== 'POST') return 'admin';
  if (path === '/v1/facts' || path === '/v1/forecast/adjustments') return 'write';
  return path.startsWith('/v1/scores/') || path === '/v1/whatif' ? 'score' : 'admin';
}

function ownOrigin(origin: string, host: string): boolean {
  try {
    return new URL(origin).host === host.toLowerCase();
  } catch (_notAnOrigin) {
    return false; // "null" and other texts that are no URL
  }
}

/** The key of a request: Bearer for programs, the password of Basic for a browser on the pages. */
function keyOf(c: Context): string | undefined {
  const header = c.req.header('authorization');
  const match = /^(Bearer|Basic) +([\w+/=.~-]{1,400})$/i.exec(header ?? '');
  if (!match) return header === undefined ? undefined : '';
  if (match[1]!.toLowerCase() === 'bearer') return match[2];
  const text = Buffer.from(match[2]!, 'base64').toString('utf8');
  return text.slice(text.indexOf(':') + 1);
}
