import type { FactKind } from '../records.ts';
import { DAY, type Instant } from '../time.ts';
import type { Past } from '../world.ts';
import { coverOf, type Subscription, subscriptionsOf } from './cover.ts';
import { withEdge } from './lead.ts';
import type { Cause, Ending, State, Subject } from './subject.ts';

const left: Cause = { name: 'left', positive: true };
const renewed: Cause = { name: 'renewed', positive: false };
const reduced: Cause = { name: 'reduced', positive: false };
const ordered: Cause = { name: 'ordered', positive: false };

/** Orders from which on a customer without contract has a rhythm to break. */
const FEWEST_ORDERS = 2;

/**
 * Customers, who leave. Of those with subscriptions: the last one in force ends or is cancelled and none follows within
 * the grace; or what they pay falls; or a renewal binds them beyond the horizon, after which they cannot leave inside it.
 * Of the others: no order within so many days, as long as they are in touch at all. The unit is the account.
 */
export const churn: Subject = {
  model: 'churn',
  of: 'account',
  noun: { one: 'customer', many: 'customers', open: 'current customers' },
  sides: { positive: 'left', negative: 'stayed' },
  causes: [left, renewed, reduced, ordered],
  needs: 'subscriptions with started_at and ends_at or cancelled_at, or orders of accounts that ordered twice',
  books: false,
  recurs: true,
  rhythm: { silent: left.name, ordered: ordered.name },
  outcomes: () => undefined,

  prior: ({ settings }) => settings.prior.churn,
  withinDays: ({ settings }) => settings.churn.within_days,
  bins: ({ settings: { churn } }) => withEdge(churn.bins, churn.within_days),
  looks: ({ settings: { churn } }) => ({ days: [0], onTurns: false, everyDays: churn.every_days }),

  born(history) {
    const first = history?.subscriptionTerm?.reduce((at, term) => Math.min(at, counts(term)), Number.POSITIVE_INFINITY);
    const second = (history?.order ?? []).map(counts).sort((a, b) => a - b)[FEWEST_ORDERS - 1];
    const at = Math.min(first ?? Number.POSITIVE_INFINITY, second ?? Number.POSITIVE_INFINITY);
    return Number.isFinite(at) ? at : undefined;
  },
  span(history, until) {
    const from = churn.born(history);
    return from === undefined || from >= until ? undefined : { from, to: until };
  },
  turns: () => [],

  state(past) {
    if (past.last('subscriptionTerm')) return contractState(past);
    return orderState(past);
  },
  undecided: (past) => churn.state(past).is === 'open',
  // Who renewed is known at once, who left after the grace.
  settledBy: (past, until) =>
    past.last('subscriptionTerm') ? until - past.company.settings.churn.grace_days * DAY : until,
  ending(past, future) {
    const { until } = future;
    if (past.last('subscriptionTerm')) {
      const both = <K extends FactKind>(kind: K) => [...past.all(kind), ...future.all(kind)];
      return contractEnding(subscriptionsOf({ all: both }), past, until);
    }
    const due = past.asOf + past.company.settings.churn.within_days * DAY;
    const next = [...future.all('order'), ...future.all('subscriptionTerm')]
      .filter(({ at }) => at > past.asOf && at <= due)
      .sort((a, b) => a.at - b.at || a.knownAt - b.knownAt)[0];
    if (next) return { at: next.at, knownAt: next.knownAt, cause: ordered };
    return until >= due ? { at: due, knownAt: due, cause: left } : undefined;
  },
  account: (_history, id) => id,
};

const counts = ({ at, knownAt }: { readonly at: Instant; readonly knownAt: Instant }): Instant => Math.max(at, knownAt);

function contractState(past: Past): State {
  const subscriptions = subscriptionsOf(past);
  if (subscriptions.some(({ start, end }) => start <= past.asOf && end > past.asOf)) return { is: 'open' };
  const end = Math.max(...subscriptions.map((subscription) => subscription.end));
  return { is: 'ended', as: 'without a subscription', at: end };
}

function orderState(past: Past): State {
  const orders = past.all('order');
  if (orders.length === 0 && !past.last('account')) return { is: 'absent' };
  if (orders.length < FEWEST_ORDERS) {
    return { is: 'outside', why: `has ${orders.length === 0 ? 'no subscription and no order' : 'one order only'}` };
  }
  const silent = orders.at(-1)!.at + past.company.settings.churn.within_days * DAY;
  return silent > past.asOf ? { is: 'open' } : { is: 'ended', as: 'silent for too long', at: silent };
}

/** The first of leaving, paying less, and being bound beyond the horizon, by what is known at `until`. */
function contractEnding(subscriptions: readonly Subscription[], past: Past, until: Instant): Ending | undefined {
  const { within_days, grace_days } = past.company.settings.churn;
  const { asOf } = past;
  const grace = grace_days * DAY;
  const cover = coverOf(subscriptions, asOf, grace);
  const events: Ending[] = [];
  if (cover.end + grace <= until) {
    events.push({ at: cover.end, knownAt: Math.max(cover.end + grace, cover.endKnownAt), cause: left });
  }
  const beyond = asOf + within_days * DAY;
  for (const turn of cover.turns) {
    if (turn.settledAt > until) continue;
    const knownAt = Math.max(turn.settledAt, turn.knownAt);
    if (turn.pays < cover.pays) events.push({ at: turn.at, knownAt, cause: reduced });
    else if (turn.boundTo > turn.boundBefore && turn.boundTo >= beyond) events.push({ at: turn.at, knownAt, cause: renewed }); // biome-ignore format: one choice
  }
  return events.sort((a, b) => a.at - b.at)[0];
}
