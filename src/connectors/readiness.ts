import type { Audit } from '../store/audit.ts';
import type { Store } from '../store/store.ts';
import { DAY, formatInstant, type Instant } from '../time.ts';

/** What can be learned from what is in the database, how sure it can be, and what would help most. */
export interface Readiness {
  readonly deal: ModelReadiness;
  readonly lead: ModelReadiness;
  readonly churn: ChurnReadiness;
  /** Months from the first deal's creation to the last creation or close; without deals those of leads, else of orders. */
  readonly monthsCovered: number;
  readonly newestKnownAt: string | null;
  /** Fields of deals with recorded history or marked fixed, and those of which some deals have a value without either. */
  readonly withHistory: readonly string[];
  readonly withoutHistory: readonly string[];
  /** What to export next, the most useful first. */
  readonly next: readonly string[];
}

/** Whose leaving can be learned: accounts with a subscription, or with two orders. */
export interface ChurnReadiness {
  readonly customers: number;
  /** Subscriptions whose end, or cancellation, lies before the newest knowledge. */
  readonly ended: number;
  readonly says: string;
}

export interface ModelReadiness {
  readonly positive: number;
  readonly negative: number;
  readonly open: number;
  /** `network`, `ridge` or `shrinkage` (rates pulled to the average): the strongest that the outcomes allow. */
  readonly method: 'network' | 'ridge' | 'shrinkage' | 'none';
  /** Half width of a 95 % interval of a win rate from that many outcomes; how sure the plainest answer can be. */
  readonly rateWithin: number;
  readonly says: string;
}

const NETWORK = 200;
const RIDGE = 50;

/** Judges the records as they stand now. Cost: one pass over deals and leads, nothing held in memory. */
export function readinessOf(store: Store, audit: Audit = store.audit()): Readiness {
  const deal = { positive: 0, negative: 0, open: 0 };
  const covered = { deal: stretch(), lead: stretch(), order: stretch() };
  const gone = goneIn(store);
  const newest = store.newestKnownAt();
  const known = (at: Instant | null) => at !== null && at <= (newest ?? at);
  for (const { id, createdAt, closedAt, outcome } of store.rows('deal')) {
    // An outcome without its time cannot be placed, so nothing is learned from it; nor of one that is yet to come.
    const ended = known(closedAt) && outcome !== null;
    if (!ended && (gone.has(`deal:${id}`) || (createdAt !== null && !known(createdAt)))) continue;
    deal[!ended ? 'open' : outcome === 'won' ? 'positive' : 'negative']++;
    if (createdAt === null) continue;
    covered.deal.take(createdAt);
    if (known(closedAt)) covered.deal.take(closedAt!);
  }
  const lead = { positive: 0, negative: 0, open: 0 };
  for (const { id, createdAt, convertedAt, closedAt, outcome } of store.rows('lead')) {
    const converted = convertedAt !== null || outcome === 'converted';
    if (createdAt !== null && known(createdAt)) covered.lead.take(createdAt);
    if (gone.has(`lead:${id}`) && !converted && (closedAt === null || outcome === null)) continue;
    lead[converted ? 'positive' : closedAt !== null && outcome !== null ? 'negative' : 'open']++;
  }
  for (const { at } of store.rows('order')) if (known(at)) covered.order.take(at);
  const ofDeals = (figures: Readonly<Record<string, number>>) =>
    Object.keys(figures).flatMap((name) => (name.startsWith('deals.csv ') ? [name.slice(10)] : []));
  const withoutHistory = ofDeals(audit.noHistory);
  const fixed = store.company().settings.fixed.flatMap((name) => (name.startsWith('deal.') ? [name.slice(5)] : []));
  const withHistory = [...new Set([...ofDeals(audit.history), ...fixed])].sort();
  return {
    deal: judged(deal, 'won', 'lost'),
    lead: judged(lead, 'converted', 'disqualified'),
    churn: churnOf(store, newest ?? Number.POSITIVE_INFINITY),
    monthsCovered: covered.deal.months() || covered.lead.months() || covered.order.months(),
    newestKnownAt: newest === undefined ? null : formatInstant(newest),
    withHistory,
    withoutHistory,
    next: advice(store, deal, withoutHistory),
  };
}

/** From the first to the last of some instants. */
function stretch() {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  return {
    take: (at: Instant) => {
      [first, last] = [Math.min(first, at), Math.max(last, at)];
    },
    months: () => (last > first ? Math.round(((last - first) / DAY / 30.44) * 10) / 10 : 0),
  };
}

function churnOf(store: Store, newest: number): ChurnReadiness {
  const [bound, orders] = [new Set<string>(), new Map<string, number>()];
  let ended = 0;
  let all = 0;
  for (const { accountId, endsAt, cancelledAt } of store.rows('subscription')) {
    bound.add(accountId);
    all++;
    if ((cancelledAt ?? endsAt ?? Number.POSITIVE_INFINITY) <= newest) ended++;
  }
  for (const { accountId } of store.rows('order')) orders.set(accountId, (orders.get(accountId) ?? 0) + 1);
  const free = [...orders].filter(([id, n]) => n >= 2 && !bound.has(id)).length;
  const says = [
    ...(bound.size ? [`${all} subscriptions of ${bound.size} customers, ${ended} of them ended`] : []),
    ...(free ? [`${free} customers without, who ordered twice or more`] : []),
  ].join('; ');
  return { customers: bound.size + free, ended, says };
}

/** What a complete export no longer had, by kind and id: few, so held in memory. */
function goneIn(store: Store): ReadonlySet<string> {
  const gone = new Set<string>();
  for (const { kind, id, event } of [...store.rows('removal')].sort((a, b) => a.at - b.at)) {
    if (event === 'removed') gone.add(`${kind}:${id}`);
    else gone.delete(`${kind}:${id}`);
  }
  return gone;
}

function judged(n: { positive: number; negative: number; open: number }, won: string, lost: string): ModelReadiness {
  const least = Math.min(n.positive, n.negative);
  const all = n.positive + n.negative;
  const method = least >= NETWORK ? 'network' : all >= RIDGE && least > 0 ? 'ridge' : all > 0 ? 'shrinkage' : 'none';
  const rate = all ? n.positive / all : 0.5;
  const rateWithin = all ? 1.96 * Math.sqrt(Math.max(rate * (1 - rate), 0.25 / (all + 1)) / all) : 1;
  const sure = `a rate is known within ${(100 * Math.min(rateWithin, 1)).toFixed(1)} points`;
  const says = {
    network: `${n.positive} ${won} and ${n.negative} ${lost}: enough for the network; ${sure}`,
    ridge: `${n.positive} ${won} and ${n.negative} ${lost}: enough for the linear model (the network wants ${NETWORK} of each); ${sure}`,
    shrinkage: `${n.positive} ${won} and ${n.negative} ${lost}: too few to learn from (${RIDGE} wanted); answers are average rates and say so`,
    none: 'no known outcomes',
  }[method];
  return { ...n, method, rateWithin: Math.min(rateWithin, 1), says };
}

function advice(
  store: Store,
  deal: { positive: number; negative: number },
  withoutHistory: readonly string[],
): string[] {
  const next: string[] = [];
  if (store.count('deal') > 0 && Math.min(deal.positive, deal.negative) < NETWORK)
    next.push(`deals.csv: older closed deals, won and lost (at least ${NETWORK} of each)`);
  if (withoutHistory.length)
    next.push(
      `changes.csv: the history of ${withoutHistory.join(', ')} of deals; without it they are not learned from`,
    );
  if (store.count('activity') === 0)
    next.push('activities.csv: mails, calls and meetings, the strongest signs of a deal');
  if (store.count('quoteLine') === 0) next.push('quote_lines.csv: products, list prices and discounts offered');
  if (store.count('order') === 0) next.push('orders.csv and order_lines.csv: what customers bought and when');
  if (store.count('stage') === 0) next.push('stages.csv: the order of the stages and which of them mean won or lost');
  if (store.count('quota') === 0) next.push('quotas.csv: what the forecast is measured against');
  return next;
}
