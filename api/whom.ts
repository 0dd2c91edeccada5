import { ForesellError } from '../src/errors.ts';
import type { Subject } from '../src/subjects/index.ts';
import { formatInstant } from '../src/time.ts';
import type { World } from '../src/world.ts';
import type { Resolve } from './overlay.ts';

/**
 * The canonical id of one that was asked for: bare where it is unique, else with its source.
 * @param path the field that names it
 */
export function knownId({ of, noun }: Subject, resolve: Resolve, id: string, path = 'id'): string {
  const found = resolve(of as Parameters<Resolve>[0], id);
  if (found.length === 1) return found[0]!;
  if (found.length === 0) {
    throw new ForesellError(`${of}-unknown`, `no ${noun.one} "${id}"`, { status: 404, path });
  }
  throw new ForesellError(
    `${of}-ambiguous`,
    `${noun.one} "${id}" is in several sources; ask for one of ${found.slice(0, 5).join(', ')}`,
    { status: 409, path },
  );
}

/** Refuses whom the question does not concern then: not known yet, ended, or never in question. */
export function checkOpen({ of, noun, state }: Subject, then: World, id: string): void {
  const found = state(then.past(of, id));
  if (found.is === 'open') return;
  if (found.is === 'absent') {
    throw new ForesellError(`${of}-unknown`, `${noun.one} "${id}" was not known at ${formatInstant(then.asOf)}`, {
      status: 404,
      path: 'id',
    });
  }
  const scored = `scores are for ${noun.open}`;
  if (found.is === 'outside') {
    throw new ForesellError(`${of}-outside`, `${noun.one} "${id}" ${found.why}; ${scored}`, {
      status: 409,
      path: 'id',
    });
  }
  throw new ForesellError(
    `${of}-closed`,
    `${noun.one} "${id}" was ${found.as} at ${formatInstant(found.at)}; ${scored}, ask as of an earlier time`,
    { status: 409, path: 'id' },
  );
}
