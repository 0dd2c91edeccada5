import { createHash } from 'node:crypto';
import { appendFacts, type GivenFact, sourceOf } from '../src/connectors/append.ts';
import { ForesellError } from '../src/errors.ts';
import type { Appending } from '../src/store/appends.ts';
import type { Store } from '../src/store/store.ts';
import { formatInstant, type Instant } from '../src/time.ts';
import { appenderOf } from './appender.ts';
import type { FactsAnswer } from './facts.ts';

/** The request's own name: the same one again, with the same body, is answered again and not done again. */
export interface Once {
  readonly scope: string;
  readonly key: string;
  readonly body: string;
}

/** Facts to append, from one request. */
export interface AppendAsk {
  readonly source: string | undefined;
  readonly facts: readonly GivenFact[];
  readonly once?: Once | undefined;
}
export interface Appended {
  /** The answer as JSON text, the very bytes each time. */
  readonly body: string;
  readonly replayed: boolean;
}

const refused = (code: string, message: string, status: number) =>
  new ForesellError(code, message, { status, path: 'Idempotency-Key' });

/**
 * Takes in what requests tell, once each. An answer is kept in the commit of the facts it tells of, so that either both are there
 * after a crash or neither; what failed is not kept, and may be tried again.
 */
export function intakeOf(store: Store, arrival: () => Instant, committed: () => void) {
  const appender = appenderOf(store, arrival, committed);
  const running = new Map<string, string>();

  /** Does a request's work once, in one commit with the answer, which is what the work returns as JSON. */
  async function take(once: Once | undefined, work: (appending: Appending, at: Instant) => object): Promise<Appended> {
    const name = once && JSON.stringify([once.scope, once.key]);
    const hash = once ? createHash('sha256').update(once.body).digest('hex') : '';
    const busy = name === undefined ? undefined : running.get(name);
    if (busy !== undefined && busy !== hash) throw otherBody();
    if (busy !== undefined) throw refused('idempotency-running', 'the same request is still being answered; ask again in a moment', 409); // biome-ignore format: one sentence
    if (name !== undefined) running.set(name, hash);
    try {
      return await appender.submit((appending, at): Appended => {
        const before = once && appending.recall(once.scope, once.key);
        if (before && before.hash !== hash) throw otherBody();
        if (before) return { body: before.body, replayed: true };
        const body = JSON.stringify(work(appending, at));
        if (once) appending.remember(once.scope, once.key, { hash, body });
        return { body, replayed: false };
      });
    } finally {
      if (name !== undefined) running.delete(name);
    }
  }

  const append = ({ source: asked, facts, once }: AppendAsk): Promise<Appended> =>
    take(once, (appending, at): FactsAnswer => {
      const source = sourceOf(store, asked);
      const items = appendFacts(store, appending, facts, source, at, asked !== undefined);
      const of = (status: string) => items.filter((item) => item.status === status).length;
      return {
        arrivedAt: formatInstant(at),
        source,
        added: of('added'),
        changed: of('changed'),
        unchanged: of('unchanged'),
        items: [...items],
      };
    });
  return { append, take };
}

const otherBody = () =>
  refused(
    'idempotency-other',
    'this Idempotency-Key was used for another body; give each request a key of its own',
    422,
  );
