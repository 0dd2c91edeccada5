import { goneBy } from '../presence.ts';
import type { Instant } from '../time.ts';
import type { History, Past } from '../world.ts';
import type { Ending, Subject } from './subject.ts';

/** What a deal is at its as-of time. A reopened deal is open again. */
export function dealState(past: Past): 'open' | 'won' | 'lost' | 'absent' {
  if (!past.last('deal')) return 'absent';
  const closed = past.last('closed');
  if (!closed) return 'open';
  const reopened = past.last('reopened');
  if (reopened && reopened.at > closed.at) return 'open';
  return closed.outcome === 'won' ? 'won' : 'lost';
}

const knownBefore = <F extends { readonly knownAt: Instant }>(facts: readonly F[] | undefined, until: Instant) =>
  (facts ?? []).filter((fact) => fact.knownAt < until);

/** The creation that was known first: one told again later, with whatever time, moves nothing that stood before. */
export function firstKnown<F extends { readonly knownAt: Instant }>(facts: readonly F[] | undefined): F | undefined {
  return facts?.reduce((first, fact) => (fact.knownAt < first.knownAt ? fact : first), facts[0]!);
}

/** Deals: won or lost, by whatever causes the company names. */
export const deal: Subject = {
  model: 'deal',
  of: 'deal',
  noun: { one: 'deal', many: 'deals', open: 'open deals' },
  sides: { positive: 'won', negative: 'lost' },
  causes: [
    { name: 'won', positive: true },
    { name: 'lost', positive: false },
  ],
  needs: 'closed deals with closed_at and outcome',
  books: true,
  recurs: false,
  outcomes: ({ all }) => all.won + all.lost,

  prior: ({ settings }) => settings.prior.deal,
  withinDays: () => null,
  bins: (company) => company.settings.bins,
  looks: ({ settings: { landmarks } }) => ({
    days: landmarks.days,
    onTurns: landmarks.on_stage_change,
    everyDays: landmarks.every_days,
  }),

  born: (history) => firstKnown(history?.deal)?.knownAt,
  span(history, until) {
    const born = firstKnown(history?.deal);
    if (!born || born.knownAt >= until) return undefined;
    const firstClose = history?.closed?.find((close) => close.knownAt < until);
    if (firstClose && firstClose.at < born.at) return undefined;
    // Looks beyond the last close cannot be open, unless it was reopened.
    const end = goneBy(history, 'deal', until) ?? until;
    const to = history?.reopened?.length || !firstClose ? end : Math.min(end, firstClose.knownAt);
    return { from: born.knownAt, to };
  },
  turns: (history, until) => turnsOf(history, 'stage', knownBefore(history?.closed, until)),

  state(past) {
    const state = dealState(past);
    return state === 'open' || state === 'absent'
      ? { is: state }
      : { is: 'ended', as: state, at: past.last('closed')!.at };
  },
  /** A stage that means won or lost is an outcome: there is nothing left to predict. */
  undecided(past) {
    const created = past.last('deal');
    if (!created) return false;
    const stage = past.value('stage');
    const meaning =
      stage === undefined ? undefined : past.company.stage(String(stage), created.pipeline, past.asOf)?.kind;
    if (meaning === 'won' || meaning === 'lost') return false;
    const closed = past.last('closed');
    const reopened = past.last('reopened');
    return !closed || (reopened !== undefined && reopened.at >= closed.at);
  },
  /** The first close; one that was put right later is told again with the same time: the newest that is known counts. */
  ending(_past, future): Ending | undefined {
    const closes = future.all('closed');
    const closed = closes.findLast(({ at }) => at === closes[0]!.at);
    if (!closed?.outcome) return undefined;
    const cause = { name: closed.cause ?? closed.outcome, positive: closed.outcome === 'won' };
    return { at: closed.at, knownAt: closed.knownAt, cause };
  },
  account: (history, id) => history?.deal?.[0]?.accountId ?? id,
};

/**
 * When changes of a field became known, but for the one that an ending brought and that was learned a little before it
 * (a bare date is known by midnight): there is nothing left to predict.
 */
export function turnsOf(
  history: History | undefined,
  field: string,
  endings: readonly { readonly at: Instant; readonly knownAt: Instant }[],
): Instant[] {
  const isEnding = (change: { readonly at: Instant; readonly knownAt: Instant }) =>
    endings.some((end) => change.at >= end.at && change.knownAt < end.knownAt);
  return (history?.change ?? []).flatMap((change) =>
    change.field === field && !isEnding(change) ? [change.knownAt] : [],
  );
}
