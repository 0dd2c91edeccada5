import { type ForecastNode, rollUp } from '../models/forecast/rollup.ts';
import type { Prediction } from '../models/scorer.ts';
import { convertMinor } from '../src/money.ts';
import type { Store } from '../src/store/store.ts';
import { dealState } from '../src/subjects/deal.ts';
import { DAY, type Instant, type Period } from '../src/time.ts';
import type { Past, World } from '../src/world.ts';
import { amountOf } from './grade.ts';
import type { Moment } from './moments.ts';
import type { OpenModel } from './ports.ts';
import { quotasOf } from './quotas.ts';
import { treeOf } from './teams.ts';

export type By = 'all' | 'team' | 'owner';

export interface ForecastAsk {
  readonly period: Period;
  readonly by: By;
  readonly asOf: Instant;
}

/** A group's forecast with the name that people know it by; undefined for the whole and for deals without a group. */
export interface GroupForecast extends ForecastNode {
  readonly name: string | undefined;
}

/** A deal that the amounts leave out. */
export interface Apart {
  readonly id: string;
  readonly why: 'no amount' | 'no rate' | 'too large';
  readonly currency: string | null;
}

export interface Forecast {
  readonly asOf: Instant;
  readonly period: Period;
  readonly by: By;
  readonly currency: string;
  readonly version: string;
  readonly lowSkill: boolean;
  /** The version learned from what happened after `asOf`: its word about the past is no test of it. */
  readonly hindsight: boolean;
  readonly total: GroupForecast;
  /** By tree for teams (a team holds its sub-teams), by id for owners; those without a parent add up to the total. */
  readonly groups: readonly GroupForecast[];
  readonly apart: readonly Apart[];
  /** What else the reader should know of the company's own rows. */
  readonly remarks: readonly string[];
  /** What each open deal adds to the expected value, largest first. */
  readonly deals: readonly { readonly id: string; readonly probability: number; readonly expectedMinor: number }[];
}

/** Minor units beyond which an amount is a slip of the pen: sums of dozens such would no longer be exact. */
const MOST_MINOR = 1e14;

/**
 * Closed so far plus the exact distribution of what is open: each open deal is won within the period with the model's
 * probability, all moved by one common factor. Amounts are converted to the base currency, booked ones at the rate of
 * their day, open ones at that of `asOf`. Deals not yet created are not in it.
 */
export function forecastOf(
  store: Store,
  { source, then, open: openIds }: Moment,
  model: OpenModel,
  prediction: Prediction,
  ask: ForecastAsk,
): Forecast {
  const { period, asOf, by } = ask;
  const base = source.company.settings.base_currency;
  const people = peopleOf(store, then);
  const apart: Apart[] = [];
  const rated = (minor: number, currency: string, at: Instant): number | undefined => {
    const rate = source.rates.rateAt(currency, base, at);
    return rate === undefined ? undefined : convertMinor(minor, currency, base, rate);
  };
  /** A deal as the roll-up sees it; undefined, and named apart, where nothing says what it is worth. */
  const dealOf = (past: Past, amount: { minor: number; currency: string } | undefined, at: Instant) => {
    const amountMinor = amount && rated(amount.minor, amount.currency, at);
    if (amountMinor === undefined) {
      apart.push({ id: past.id, why: amount ? 'no rate' : 'no amount', currency: amount?.currency ?? null });
      return [];
    }
    if (Math.abs(amountMinor) > MOST_MINOR) {
      apart.push({ id: past.id, why: 'too large', currency: amount?.currency ?? null });
      return [];
    }
    const owner = past.value('owner_id');
    const whose = typeof owner === 'string' ? owner : null;
    return [{ id: past.id, owner: whose, team: whose === null ? null : people.teamOf(whose), amountMinor }];
  };

  const closed = then.ids('deal').flatMap((id) => {
    const past = then.past('deal', id);
    const close = past.last('closed');
    if (!close || close.at < period.from || close.at >= period.to || dealState(past) !== 'won') return [];
    // What was booked is a fact; where nobody wrote it down it is not guessed.
    const booked =
      close.amountMinor === null ? undefined : { minor: close.amountMinor, currency: close.currency ?? base };
    return dealOf(past, booked, close.at);
  });
  const days = (to: Instant) => Math.max(0, (to - asOf) / DAY);
  const open = openIds(model.subject).flatMap((id, row) => {
    if (period.to <= asOf) return []; // over: nothing open can be won in it any more
    const past = then.past('deal', id);
    const probability = prediction.positiveBy(row, days(period.to)) - prediction.positiveBy(row, days(period.from));
    return dealOf(past, amountOf(past), asOf).map((deal) => ({ ...deal, probability: Math.max(0, probability) }));
  });

  const unrated = new Set<string>();
  const quotas = quotasOf(store.rows('quota'), period).flatMap((quota) => {
    const amountMinor = rated(quota.amountMinor, quota.currency, asOf);
    const team = quota.ownerId === null ? quota.teamId : people.teamOf(quota.ownerId);
    if (amountMinor !== undefined) return [{ owner: quota.ownerId, team, amountMinor }];
    unrated.add(quota.currency);
    return [];
  });
  const rolled = rollUp({ by, closed, open, teams: people.teams, quotas, rho: model.rho });
  const [total, ...groups] = rolled.nodes.map((node) => ({ ...node, name: people.name(node) }));
  return {
    asOf,
    period,
    by,
    currency: base,
    version: model.version,
    lowSkill: model.lowSkill,
    hindsight: asOf + DAY < model.trained.to,
    total: total!,
    groups,
    remarks: [
      ...[...unrated].sort().map((currency) => `Quotas in ${currency} are left out: no exchange rate.`),
      ...people.circular.map(
        (id) => `Team ${id} is its own superior by way of others and stands at the top; correct parent_id.`,
      ),
    ],
    apart: apart.sort((a, b) => (a.id < b.id ? -1 : 1)),
    deals: open
      .map(({ id, probability }) => ({ id, probability, expectedMinor: rolled.contributions.get(id)! }))
      .sort((a, b) => b.expectedMinor - a.expectedMinor || (a.id < b.id ? -1 : 1)),
  };
}

/** Who belongs where, as known then, and what people are called. Names are today's: shown, never learned from. */
function peopleOf(store: Store, then: World) {
  const users = new Map([...store.rows('user')].map((user) => [user.id, user]));
  const { teams, circular } = treeOf([...store.rows('team')].map(({ id, name, parentId }) => ({ id, name, parentId })));
  const teamNames = new Map(teams.map((team) => [team.id, team.name]));
  return {
    teams,
    circular,
    teamOf: (owner: string): string | null => {
      const known = then.past('user', owner).value('team_id');
      return typeof known === 'string' ? known : (users.get(owner)?.teamId ?? null);
    },
    name: ({ kind, id }: ForecastNode): string | undefined => {
      if (id === null) return undefined;
      return (kind === 'team' ? teamNames.get(id) : users.get(id)?.name) ?? id;
    },
  };
}
