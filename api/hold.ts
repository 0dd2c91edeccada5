import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/** Requests that come while the records are read wait so long, and are then told to come again. */
const HOLD_MS = 10_000;

/**
 * What is answered while the records are read: that the server lives, and what may be asked of it. Whether it is ready is said when it is, or
 * after the same time that it is not: who asks right after a start hears yes, as the small company's does within a second.
 */
const AT_ONCE: ReadonlySet<string> = new Set(['/healthz', '/openapi.json', '/docs']);
export const isAtOnce = (path: string): boolean => AT_ONCE.has(path);
/** Whoever watches over the server is told of it also when it is asked too much. */
export const isOfHealth = (url = ''): boolean => /^\/(healthz|readyz)(\?|$)/.test(url);
/** The same of an address with whatever follows its path. */
export const isAskedAtOnce = (url = ''): boolean => isAtOnce(url.split('?', 1)[0]!);

/**
 * Holds a request until the records are read, ten seconds at most. One whose client has left by then is not answered: those who
 * try again and again while a server starts would leave it the work of all that they gave up.
 */
export async function hold(
  read: Promise<void> | undefined,
  { socket }: Pick<IncomingMessage, 'socket'>,
  response: Pick<ServerResponse, 'destroyed'>,
  answer: () => void,
): Promise<void> {
  await Promise.race([read, wait(HOLD_MS, undefined, { ref: false })]);
  if (!socket.destroyed && !response.destroyed) answer();
}
