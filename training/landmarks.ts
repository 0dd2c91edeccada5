import type { Instant } from '../src/time.ts';
import { DAY } from '../src/time.ts';
import type { FactSource } from '../src/world.ts';
import { world } from '../src/world.ts';

/** A look at an entity while it was open. */
export interface Landmark {
  readonly id: string;
  readonly asOf: Instant;
}

/**
 * When a deal is looked at to learn from (`settings.landmarks`): so many days after it became known, when a stage change
 * became known, and every so many days; only while it was open as known then, and before `until`. Weight 1 each.
 * A stage that means won or lost is an outcome, and so is the stage change of a close that was learned a little later
 * (a bare date is known by midnight): there is nothing left to predict, so neither is looked at.
 * A deal whose creation was never recorded (first known at import) is left out.
 */
export function dealLandmarks(source: FactSource, id: string, until: Instant): Landmark[] {
  const { landmarks } = source.company.settings;
  const history = source.history('deal', id);
  const born = history?.deal?.[0];
  if (!born || born.knownAt >= until) return [];
  const firstClose = history.closed?.find((close) => close.knownAt < until);
  if (firstClose && firstClose.at < born.at) return [];
  // Looks beyond the last close cannot be open, unless it was reopened.
  const end = history.reopened?.length || !firstClose ? until : Math.min(until, firstClose.knownAt);

  const looks = new Set<Instant>();
  const look = (at: Instant) => {
    if (at >= born.knownAt && at < end) looks.add(Math.round(at));
  };
  for (const days of landmarks.days) look(born.knownAt + days * DAY);
  if (landmarks.every_days) {
    for (let at = born.knownAt + landmarks.every_days * DAY; at < end; at += landmarks.every_days * DAY) look(at);
  }
  if (landmarks.on_stage_change) {
    const closes = history.closed?.filter((close) => close.knownAt < until) ?? [];
    for (const change of history.change ?? []) {
      const isClose = closes.some((close) => change.at >= close.at && change.knownAt < close.knownAt);
      if (change.field === 'stage' && !isClose) look(change.knownAt);
    }
  }
  return [...looks]
    .sort((a, b) => a - b)
    .filter((asOf) => isOpen(source, id, asOf))
    .map((asOf) => ({ id, asOf }));
}

function isOpen(source: FactSource, id: string, asOf: Instant): boolean {
  const past = world(source, asOf).past('deal', id);
  const deal = past.last('deal');
  if (!deal) return false;
  const stage = past.value('stage');
  const meaning = stage === undefined ? undefined : source.company.stage(String(stage), deal.pipeline)?.kind;
  if (meaning === 'won' || meaning === 'lost') return false;
  const closed = past.last('closed');
  const reopened = past.last('reopened');
  return !closed || (reopened !== undefined && reopened.at >= closed.at);
}
