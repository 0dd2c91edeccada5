import { quantileSorted } from 'simple-statistics';
import { type ContractNorms, type ContractShare, contractNorms, contractShareOf } from '../../src/norms/contracts.ts';
import { type LeadNorms, type LeadShare, leadNorms, leadShareOf } from '../../src/norms/leads.ts';
import { type Band, type DealShare, dealShareOf, type Norms, shrunkBand } from '../../src/norms.ts';
import { DAY } from '../../src/time.ts';
import type { Past, World } from '../../src/world.ts';

/** Ascending, as numbers. */
const ascending = (values: readonly number[]): number[] => Array.from(Float64Array.from(values).sort());
const median = (values: readonly number[]): number =>
  values.length ? quantileSorted(ascending(values), 0.5) : Number.NaN;
const band = (values: readonly number[], parent: Band | undefined): Band => shrunkBand(ascending(values), parent);

/** Computes the norms of a world afresh. Cost: one look at the past of every deal, and of every lead and account when asked. */
export function normsOf(world: World): Norms {
  const each = <S>(of: 'deal' | 'lead' | 'account', shareOf: (past: Past) => S | undefined): S[] =>
    world.ids(of).flatMap((id) => shareOf(world.past(of, id)) ?? []);
  return merge(
    world,
    each('deal', dealShareOf),
    () => each('lead', leadShareOf),
    () => each('account', contractShareOf),
  );
}

/** Norms of the shares; their order does not matter. */
function merge(
  world: World,
  shares: Iterable<DealShare>,
  leadShares: () => readonly LeadShare[],
  contractShares: () => readonly ContractShare[],
): Norms {
  let since = Number.POSITIVE_INFINITY;
  const all = { won: 0, lost: 0, open: 0 };
  const owner = new Map<string, { won: number; lost: number; open: number }>();
  const owner90d = new Map<string, { won: number; lost: number; open: number }>();
  const team = new Map<string, { won: number; lost: number; open: number }>();
  const similar = new Map<string, { won: number; lost: number; open: number }>();
  const stage = new Map<string, { won: number; lost: number; open: number }>();
  const stays = new Map<string, number[]>();
  const wonDays: number[] = [];
  const lostDays: number[] = [];
  const wonAmounts: number[] = [];
  const discounts = new Map<string, number[]>([['', []]]);
  const ratios = new Map<string, number[]>([['', []]]);
  for (const share of shares) {
    since = Math.min(since, share.created);
    all[share.state]++;
    if (share.ownerId !== undefined) {
      tally(owner, share.ownerId)[share.state]++;
      if (share.closedAt > world.asOf - 90 * DAY) tally(owner90d, share.ownerId)[share.state]++;
    }
    for (const key of share.similar) tally(similar, key)[share.state]++;
    for (const name of share.stages) tally(stage, name)[share.state]++;
    for (const stay of share.stays) push(stays, stay.stage, stay.days);
    if (share.state === 'won') wonDays.push(share.days);
    if (share.state === 'lost') lostDays.push(share.days);
    if (share.booked) {
      const amount = world.baseMinor(share.booked.minor, share.booked.currency);
      if (!Number.isNaN(amount)) wonAmounts.push(amount);
    }
    for (const { family, ratio } of share.discounts) {
      push(discounts, '', ratio);
      if (family) push(discounts, family, ratio);
    }
    if (share.ratio) for (const name of ['', ...share.ratio.products]) push(ratios, name, share.ratio.value);
  }
  for (const [id, { won, lost, open }] of owner) {
    const name = world.past('user', id).value('team_id');
    if (typeof name !== 'string') continue;
    const all = tally(team, name);
    all.won += won;
    all.lost += lost;
    all.open += open;
  }
  const everywhere = band(discounts.get('')!, undefined);
  let leads: LeadNorms | undefined;
  let contracts: ContractNorms | undefined;
  return {
    cut: world.asOf,
    get leads() {
      return (leads ??= leadNorms(leadShares(), world.asOf));
    },
    get contracts() {
      return (contracts ??= contractNorms(contractShares(), world.asOf));
    },
    since: Number.isFinite(since) ? since : Number.NaN,
    all,
    owner,
    owner90d,
    team,
    similar,
    stage,
    stageDays: new Map([...stays].map(([name, days]) => [name, median(days)])),
    wonDays: median(wonDays),
    lostDays: median(lostDays),
    discount: new Map(
      [...discounts].map(([name, values]) => [name, name === '' ? everywhere : band(values, everywhere)]),
    ),
    priceRatio: new Map([...ratios].map(([name, values]) => [name, median(values)])),
    wonAmountMinor: median(wonAmounts),
  };
}

function tally(map: Map<string, { won: number; lost: number; open: number }>, name: string) {
  let entry = map.get(name);
  if (!entry) map.set(name, (entry = { won: 0, lost: 0, open: 0 }));
  return entry;
}

function push(map: Map<string, number[]>, name: string, value: number): void {
  const values = map.get(name);
  if (values) values.push(value);
  else map.set(name, [value]);
}
