import { ForesellError } from '../../src/errors.ts';
import { largestRemainder } from '../../src/stats/largestRemainder.ts';
import { type Arrivals, commonFactorSum, DEFAULT_RHO } from './commonFactor.ts';
import { scaledSeverity } from './compound.ts';
import { atLeast, type Distribution, quantileOf, shifted } from './distribution.ts';
import { groupQuotas, type QuotaAmount } from './groupQuotas.ts';
import { type GroupLink, type GroupTree, groupTree } from './groupTree.ts';

export type { QuotaAmount } from './groupQuotas.ts';
export type { GroupLink as TeamLink } from './groupTree.ts';

/** By what a forecast is grouped. Teams are a tree; the others are lists. */
export const groupings = ['all', 'team', 'owner', 'region', 'product', 'segment', 'business'] as const;
export type Grouping = (typeof groupings)[number];

/** A deal as a forecast sees it. Amounts in minor units of one currency, of any sign. */
export interface ClosedDeal {
  readonly id: string;
  readonly owner: string | null;
  /** The team it counts for; the teams above follow from the tree. */
  readonly team: string | null;
  /** Its group of each further kind; absent = none. */
  readonly region?: string | null;
  readonly product?: string | null;
  readonly segment?: string | null;
  readonly business?: string | null;
  readonly amountMinor: number;
  /** A renewal, not a deal. */
  readonly renewal?: true;
}
export interface OpenDeal extends ClosedDeal {
  /** Of being won inside the period. */
  readonly probability: number;
}

/** Deals not yet created: what they bring to the whole, and how that is spread over groups. */
export interface Coming {
  readonly arrivals: Arrivals;
  /** Groups with their share of the number, and of the money; each adds up to 1. */
  readonly shares: readonly ComingShare[];
}
export interface ComingShare {
  readonly group: string | null;
  readonly count: number;
  readonly money: number;
}

export interface RollUpAsk {
  readonly by: Grouping;
  /** Won inside the period so far. */
  readonly closed: readonly ClosedDeal[];
  readonly open: readonly OpenDeal[];
  readonly teams: readonly GroupLink[];
  readonly quotas: readonly QuotaAmount[];
  readonly coming?: Coming;
  /** Shared luck of the open deals and of those to come. */
  readonly rho?: number;
  /** Keep the law of every group too, for whoever judges them: a lattice each, which nobody else should carry about. */
  readonly laws?: boolean;
}

/** A central interval: what happens lies within it so often. */
export interface Band {
  readonly level: 50 | 80 | 95;
  readonly lowMinor: number;
  readonly highMinor: number;
}

/** The forecast of one group. */
export interface ForecastNode {
  readonly kind: Grouping;
  /** Of the group; null for the whole, and for deals without one. */
  readonly id: string | null;
  /** `team`: the team above it. */
  readonly parentId: string | null;
  readonly closedDeals: number;
  readonly openDeals: number;
  readonly closedMinor: number;
  /** What the open deals bring on average. */
  readonly openMinor: number;
  /** What deals not yet created bring on average. */
  readonly newMinor: number;
  /** What renewals bring: those agreed so far, and on average those that fall due. */
  readonly renewalMinor: number;
  /** All of these together. */
  readonly expectedMinor: number;
  /** The same before rounding to whole minor units. */
  readonly mean: number;
  /** Quantiles of the same. */
  readonly p10Minor: number;
  readonly p50Minor: number;
  readonly p90Minor: number;
  readonly bands: readonly Band[];
  readonly quotaMinor: number | null;
  /** Of reaching the quota; null without one. */
  readonly quotaProbability: number | null;
}

export interface RollUp {
  /** The whole first, then the groups: by tree for teams, by id for the others, deals without one last. */
  readonly nodes: readonly ForecastNode[];
  /** Each open deal's share of `openMinor` (a renewal's: of `renewalMinor`), in whole minor units: any group's is the sum of its deals'. */
  readonly contributions: ReadonlyMap<string, number>;
  readonly rho: number;
  /** Of the whole. */
  readonly law: Distribution;
  /** Of each group, in the order of `nodes` after the whole; none unless asked for. */
  readonly laws: readonly Distribution[];
  /**
   * The parts and expectedMinor of the groups add up to the whole, to the minor unit. Quantiles do not: a bad quarter for
   * each team at once is rarer than a bad quarter for one.
   */
  readonly quantilesAdd: false;
}

/** With more groups than this their laws are followed on a coarser lattice: within a thousandth of their width. */
const MANY_GROUPS = 100;
const COARSE = 1024;

/**
 * The forecast of a period by group: what is closed, plus the law of what the open deals and those to come bring, all groups under the
 * same shared luck. A team includes its sub-teams, so the groups without a parent and the deals without a group add up to
 * the whole. Expected amounts are rounded a deal (and a group's share of what comes) at a time by largest remainder, so that every grouping adds up.
 *
 * Cost: deals sorted once so that each group is a stretch of them, and one law a group.
 */
export function rollUp(ask: RollUpAsk): RollUp {
  const rho = ask.rho ?? DEFAULT_RHO;
  if (!(rho >= 0 && rho < 1)) {
    throw new ForesellError('rho-invalid', `shared luck rho ${rho}; expected a number from 0 to below 1`);
  }
  check(ask.closed, 'closed');
  check(ask.open, 'open');
  const { by, quotas } = ask;
  const all = [...ask.closed, ...ask.open];
  const groupOf = (deal: ClosedDeal): string | null => (by === 'all' ? null : (deal[by] ?? null));
  const teams = groupTree(ask.teams, [...mentionedTeams(all), ...mentionedTeams(quotas)]);
  const tree = by === 'all' ? NO_GROUPS : treeFor(ask, teams, all, groupOf);
  const promised = groupQuotas(by, tree, teams, quotas);

  const closed = laidOut(ask.closed, groupOf, tree, () => 1);
  // By id, so that neither rounding nor the last bit of a sum depends on the order of the question.
  const byId = [...ask.open].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const rounded = largestRemainder(byId.map((deal) => chanceOf(deal) * deal.amountMinor));
  const contributions = new Map(byId.map((deal, i) => [deal.id, rounded[i]]));
  const open = laidOut(byId, groupOf, tree, chanceOf);
  const booked = totals(closed.deals.map((deal) => (deal.renewal ? 0 : deal.amountMinor)));
  const agreed = totals(closed.deals.map((deal) => (deal.renewal ? deal.amountMinor : 0)));
  const closedCount = totals(closed.deals.map((deal) => (deal.renewal ? 0 : 1)));
  const brings = totals(open.deals.map((deal) => (deal.renewal ? 0 : contributions.get(deal.id)!)));
  const renews = totals(open.deals.map((deal) => (deal.renewal ? contributions.get(deal.id)! : 0)));
  const counted = totals(open.deals.map((deal) => (deal.renewal ? 0 : 1)));
  const means = totals(open.deals.map((deal, i) => open.chance[i] * deal.amountMinor));
  const coming = comingBy(ask.coming, tree, by);

  const nodeOf = (place: number): ForecastNode & { readonly law: Distribution } => {
    const whole = place < 0;
    const end = whole ? tree.ids.length : tree.ends[place];
    const [c0, c1] = whole ? [0, closed.deals.length] : [closed.starts[place], closed.starts[end]];
    const [o0, o1] = whole ? [0, open.deals.length] : [open.starts[place], open.starts[end]];
    const over = (sums: Float64Array, from: number, to: number) => sums[to] - sums[from];
    const [closedMinor, openMinor] = [over(booked, c0, c1), over(brings, o0, o1)];
    const agreedMinor = over(agreed, c0, c1);
    const renewalMinor = agreedMinor + over(renews, o0, o1);
    const arriving = coming(place, end);
    const cells = whole || tree.ids.length <= MANY_GROUPS ? undefined : COARSE;
    const law = shifted(
      commonFactorSum(open.amount.subarray(o0, o1), open.chance.subarray(o0, o1), rho, arriving.arrivals, cells),
      closedMinor + agreedMinor,
    );
    const at = (level: number) => Math.round(quantileOf(law, level));
    const quotaMinor = whole ? promised.whole : promised.byPlace[place];
    return {
      kind: whole ? 'all' : by,
      id: whole ? null : tree.ids[place],
      parentId: whole ? null : tree.parents[place],
      closedDeals: over(closedCount, c0, c1),
      openDeals: over(counted, o0, o1),
      closedMinor,
      openMinor,
      newMinor: arriving.minor,
      renewalMinor,
      expectedMinor: closedMinor + openMinor + arriving.minor + renewalMinor,
      mean: closedMinor + agreedMinor + over(means, o0, o1) + arriving.mean,
      p10Minor: at(0.1),
      p50Minor: at(0.5),
      p90Minor: at(0.9),
      bands: ([50, 80, 95] as const).map((level) => ({
        level,
        lowMinor: at(0.5 - level / 200),
        highMinor: at(0.5 + level / 200),
      })),
      quotaMinor,
      quotaProbability: quotaMinor === null ? null : atLeast(law, quotaMinor),
      law,
    };
  };
  const { law, ...whole } = nodeOf(-1);
  const laws: Distribution[] = [];
  const nodes = tree.ids.map((_, place): ForecastNode => {
    const { law: own, ...node } = nodeOf(place);
    if (ask.laws) laws.push(own);
    return node;
  });
  return { nodes: [whole, ...nodes], contributions, rho, law, laws, quantilesAdd: false };
}

const NO_GROUPS = groupTree([], []);
/** A sum of incidences may end this far past 0 or 1. */
const ROUNDING = 1e-9;

function* mentionedTeams(rows: Iterable<{ readonly team: string | null }>): Iterable<string> {
  for (const { team } of rows) if (team !== null) yield team;
}

function treeFor(
  { by, coming, quotas }: RollUpAsk,
  teams: GroupTree,
  deals: readonly ClosedDeal[],
  groupOf: (deal: ClosedDeal) => string | null,
): GroupTree {
  const mentioned = new Set<string | null>();
  for (const deal of deals) mentioned.add(groupOf(deal));
  for (const { group } of coming?.shares ?? []) mentioned.add(group);
  if (by === 'owner') for (const { owner } of quotas) if (owner !== null) mentioned.add(owner);
  if (by !== 'team') return groupTree([], mentioned);
  const links = teams.ids.map((id, place) => ({ id: id!, parentId: teams.parents[place] }));
  return groupTree(links, mentioned);
}

interface LaidOut<D> {
  /** By place of their group, then by id. */
  readonly deals: readonly D[];
  readonly amount: Float64Array;
  readonly chance: Float64Array;
  /** First deal of each place, and one past the last. */
  readonly starts: Int32Array;
}

function laidOut<D extends ClosedDeal>(
  deals: readonly D[],
  groupOf: (deal: D) => string | null,
  tree: GroupTree,
  chance: (deal: D) => number,
): LaidOut<D> {
  const groups = tree.ids.length;
  const places =
    groups === 0 ? new Int32Array(deals.length) : Int32Array.from(deals, (deal) => tree.place(groupOf(deal)));
  const order = Array.from(deals, (_, i) => i).sort(
    (a, b) => places[a] - places[b] || (deals[a].id < deals[b].id ? -1 : deals[a].id > deals[b].id ? 1 : 0),
  );
  const starts = new Int32Array(groups + 1);
  for (const place of places) if (groups > 0) starts[place + 1]++;
  for (let place = 0; place < groups; place++) starts[place + 1] += starts[place];
  const sorted = order.map((i) => deals[i]);
  return {
    deals: sorted,
    amount: Float64Array.from(sorted, (deal) => deal.amountMinor),
    chance: Float64Array.from(sorted, chance),
    starts,
  };
}

/** Sums of the first so many values: one more than there are values. */
function totals(values: readonly number[]): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) sums[i + 1] = sums[i] + values[i];
  return sums;
}

/** What deals not yet created bring to each stretch of groups. */
function comingBy(coming: Coming | undefined, tree: GroupTree, by: Grouping) {
  const nothing = { minor: 0, mean: 0, arrivals: undefined };
  if (!coming || !(coming.arrivals.mean > 0)) return () => nothing;
  const { arrivals } = coming;
  const { value, mass } = arrivals.severity;
  const mean = arrivals.mean * value.reduce((sum, amount, k) => sum + amount * mass[k], 0);
  if (by === 'all') return () => ({ minor: Math.round(mean), mean, arrivals });
  const count = new Float64Array(tree.ids.length);
  const money = new Float64Array(tree.ids.length);
  for (const share of coming.shares) {
    count[tree.place(share.group)] += share.count;
    money[tree.place(share.group)] += share.money;
  }
  const [counts, shares] = [totals([...count]), totals([...money])];
  const minor = totals([...largestRemainder(money.map((share) => share * mean), Math.round(mean))]); // biome-ignore format: one call
  return (place: number, end: number) => {
    if (place < 0) return { minor: Math.round(mean), mean, arrivals };
    const [number, worth] = [counts[end] - counts[place], shares[end] - shares[place]];
    if (!(number > 0)) return nothing;
    const own = { ...arrivals, mean: arrivals.mean * number, severity: scaledSeverity(arrivals.severity, worth / number) }; // biome-ignore format: a row
    return { minor: minor[end] - minor[place], mean: mean * worth, arrivals: own };
  };
}

function chanceOf({ id, probability }: OpenDeal): number {
  if (probability >= -ROUNDING && probability <= 1 + ROUNDING) return Math.min(1, Math.max(0, probability));
  throw new ForesellError(
    'probability-invalid',
    `open deal "${id}" has probability ${probability}; expected a number from 0 to 1`,
  );
}

function check(deals: readonly ClosedDeal[], what: string): void {
  const seen = new Set<string>();
  for (const { id, amountMinor } of deals) {
    if (!Number.isSafeInteger(amountMinor)) {
      throw new ForesellError(
        'amount-invalid',
        `${what} deal "${id}" has amount ${amountMinor}; expected whole minor units of the base currency`,
      );
    }
    if (seen.has(id)) {
      throw new ForesellError('deal-twice', `${what} deal "${id}" comes twice; expected each deal once`);
    }
    seen.add(id);
  }
}
