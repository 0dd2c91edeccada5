import type { Instant } from '../time.ts';
import type { Store } from './store.ts';

const HOUR = 3_600_000;

/**
 * The instant that answers are as of unless asked otherwise: now, floored to the hour, so that the same question has the
 * same answer for a while; but not before the newest import, whose values must count as soon as they are in. In a sample
 * the newest thing known, so that it never grows stale.
 */
export function liveAsOf(store: Pick<Store, 'company' | 'newestKnownAt' | 'lastImportAt'>, now: Instant): Instant {
  const hour = Math.floor(now / HOUR) * HOUR;
  if (store.company().settings.sample) return store.newestKnownAt() ?? hour;
  const imported = store.lastImportAt();
  return imported !== undefined && imported <= now ? Math.max(hour, imported) : hour;
}
