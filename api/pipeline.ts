import type { ClosedDeal, OpenDeal, TeamLink } from '../models/forecast/rollup.ts';
import type { Pace } from '../models/pacedBins.ts';
import type { Prediction } from '../models/prediction.ts';
import { categoryOf } from '../src/forecastCategory.ts';
import { convertMinor } from '../src/money.ts';
import type { RateTable } from '../src/money-rates.ts';
import type { Store } from '../src/store/store.ts';
import { dealState, firstKnown } from '../src/subjects/deal.ts';
import { subjects } from '../src/subjects/index.ts';
import { DAY, type Instant, type Period } from '../src/time.ts';
import type { Past, World } from '../src/world.ts';
import { amountOf } from './grade.ts';
import type { Moment } from './moments.ts';
import { treeOf } from './teams.ts';
import { winPace } from './winPace.ts';

/** A deal that the amounts leave out. */
export interface Apart {
  readonly id: string;
  readonly why: 'no amount' | 'no rate' | 'too large';
  readonly currency: string | null;
}

/** What a deal is worth, and where that comes from. */
interface Worth {
  /** Its own amount, and how many minor units of the forecast one of its minor units is. */
  readonly ownMinor: number;
  readonly ownCurrency: string;
  readonly amountMinor: number;
}
export type PipelineClosed = ClosedDeal & Worth & { readonly closedAt: Instant };
export type PipelineOpen = OpenDeal &
  Worth & {
    /** Its row in the prediction. */
    readonly row: number;
    readonly expectedClose: Instant | undefined;
    /** What its people call it, as `commit`; null where nobody said. */
    readonly category: string | null;
  };

/** The deals of a period as known at an instant, each with what it is worth and the groups it counts for. */
export interface Pipeline {
  readonly closed: readonly PipelineClosed[];
  readonly open: readonly PipelineOpen[];
  readonly apart: readonly Apart[];
  /** On which days open deals are won, by what was known then. */
  readonly pace: Pace;
}

/** Minor units beyond which an amount is a slip of the pen: sums of dozens such would no longer be exact. */
export const MOST_MINOR = 1e14;

/** Amounts in another currency, at the newest rate known at an instant: direct, else by way of the base currency. */
export function converter(rates: RateTable, base: string, to: string) {
  return (minor: number, from: string, at: Instant): number | undefined => {
    const direct = rates.rateAt(from, to, at);
    if (direct !== undefined) return convertMinor(minor, from, to, direct);
    const [first, second] = [rates.rateAt(from, base, at), rates.rateAt(base, to, at)];
    if (first === undefined || second === undefined) return undefined;
    return convertMinor(minor, from, to, first * second);
  };
}
export type Convert = ReturnType<typeof converter>;

/**
 * Closed in the period so far, at the rate of the day of the close, and open ones, at that of the look, with the model's probability of being won
 * inside it. What was booked is a fact; where nobody wrote it down it is not guessed.
 */
export function pipelineOf(
  { then, open: openIds }: Pick<Moment, 'then' | 'open'>,
  people: People,
  prediction: Pick<Prediction, 'positiveBy'>,
  period: Period,
  convert: Convert,
): Pipeline {
  const { asOf, company } = then;
  const base = company.settings.base_currency;
  const apart: Apart[] = [];
  const worth = (
    id: string,
    amount: { minor: number; currency: string } | undefined,
    at: Instant,
  ): Worth | undefined => {
    const amountMinor = amount && convert(amount.minor, amount.currency, at);
    const whole = amountMinor !== undefined && Math.abs(amountMinor) <= MOST_MINOR;
    if (whole) return { ownMinor: amount!.minor, ownCurrency: amount!.currency, amountMinor };
    const why = !amount ? 'no amount' : amountMinor === undefined ? 'no rate' : 'too large';
    apart.push({ id, why, currency: amount?.currency ?? null });
    return undefined;
  };
  const closed = then.ids('deal').flatMap((id): PipelineClosed[] => {
    const past = then.past('deal', id);
    const close = past.last('closed');
    if (!close || close.at < period.from || close.at >= period.to || dealState(past) !== 'won') return [];
    const booked = close.amountMinor === null ? undefined : { minor: close.amountMinor, currency: close.currency ?? base }; // biome-ignore format: a choice
    const value = worth(id, booked, close.at);
    return value ? [{ id, ...groupsOf(then, people, past, close.at), ...value, closedAt: close.at }] : [];
  });
  const days = (to: Instant) => Math.max(0, (to - asOf) / DAY);
  const [from, to] = [days(period.from), days(period.to)];
  // Over: nothing open can be won in it any more.
  const ids = period.to <= asOf ? [] : openIds(subjects.deal);
  const pace = winPace(then, convert);
  const open = ids.flatMap((id, row): PipelineOpen[] => {
    const past = then.past('deal', id);
    const value = worth(id, amountOf(past), asOf);
    if (!value) return [];
    const by = (days: number) => prediction.positiveBy(row, days, pace);
    const probability = Math.max(0, by(to) - (from > 0 ? by(from) : 0));
    const expected = past.value('expected_close_date');
    const expectedClose = typeof expected === 'number' ? expected : undefined;
    const category = categoryOf(past) ?? null;
    return [{ id, ...groupsOf(then, people, past, asOf), ...value, probability, row, expectedClose, category }];
  });
  return { closed, open, apart: apart.sort((a, b) => (a.id < b.id ? -1 : 1)), pace };
}

/** What a deal counts for; `at`: where its owner sat then counts. */
export type Groups = Required<Pick<ClosedDeal, 'owner' | 'team' | 'region' | 'product' | 'segment' | 'business'>>;

export function groupsOf(then: World, people: People, past: Past, at: Instant): Groups {
  const owner = past.value('owner_id');
  const whose = typeof owner === 'string' ? owner : null;
  const account = past.account?.last('account');
  return {
    owner: whose,
    team: whose === null ? null : people.teamOf(then, whose, at),
    region: account?.region ?? null,
    segment: account?.industry ?? null,
    product: familyOf(past),
    business: businessOf(past),
  };
}

/** The family that most of what is quoted belongs to, by list value; the first by name of equal ones. */
function familyOf(past: Past): string | null {
  const lines = past.all('quoteLine');
  if (lines.length === 0) return null;
  const worth = new Map<string, number>();
  for (const { productId, quantity, listPriceMinor, unitPriceMinor } of lines) {
    const family = productId === null ? undefined : past.product(productId)?.last('product')?.family;
    const value = (quantity ?? 1) * (listPriceMinor ?? unitPriceMinor ?? 0);
    if (family) worth.set(family, (worth.get(family) ?? 0) + value);
  }
  return [...worth].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))[0]?.[0] ?? null;
}

/** Whether the customer had bought before the deal was created. */
function businessOf(past: Past): string | null {
  const { account } = past;
  const created = firstKnown(past.all('deal'))?.at;
  if (!account || created === undefined) return null;
  const bought =
    account.all('closed').some((close) => close.outcome === 'won' && close.dealId !== past.id && close.at < created) ||
    account.all('order').some((order) => order.at < created);
  return bought ? 'existing' : 'new';
}

/** Who belongs where, as known at a look, and what people and teams are called: names are today's, shown and never learned from. */
export interface People {
  readonly teams: readonly TeamLink[];
  readonly circular: readonly string[];
  /** The team that one sat in at an instant. */
  teamOf(then: World, owner: string, at: Instant): string | null;
  name(kind: string, id: string): string;
}

export const peopleOf = (store: Store): People => peopleIn(store.rows('team'), store.rows('user'));

/** The same of rows that are in no store. */
export function peopleIn(
  teamRows: Iterable<{ readonly id: string; readonly name: string | null; readonly parentId: string | null }>,
  userRows: Iterable<{ readonly id: string; readonly name: string | null; readonly teamId: string | null }>,
): People {
  const users = new Map([...userRows].map((user) => [user.id, user]));
  const { teams, circular } = treeOf([...teamRows].map(({ id, name, parentId }) => ({ id, name, parentId })));
  const teamNames = new Map(teams.map((team) => [team.id, team.name]));
  return {
    teams,
    circular,
    teamOf: (then, owner, at) => {
      let known: string | undefined;
      for (const change of then.past('user', owner).all('change')) {
        // Before the first that is known, that one.
        if (change.field !== 'team_id' || (known !== undefined && change.at > at)) continue;
        if (typeof change.value === 'string') known = change.value;
      }
      return known ?? users.get(owner)?.teamId ?? null;
    },
    name: (kind, id) => (kind === 'team' ? teamNames.get(id) : kind === 'owner' ? users.get(id)?.name : undefined) ?? id, // biome-ignore format: a choice
  };
}
