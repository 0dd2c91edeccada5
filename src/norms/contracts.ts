import { DAY, type Instant } from '../time.ts';
import type { Past } from '../world.ts';

/** Terms that were renewed, and contracts that ended. */
export interface ContractTally {
  readonly kept: number;
  readonly left: number;
}

/** How contracts usually end. One whose end passed 30 days ago without a new term counts as ended. */
export interface ContractNorms {
  /** When the first contract began; NaN before any. */
  readonly since: Instant;
  readonly all: ContractTally;
  readonly product: ReadonlyMap<string, ContractTally>;
  readonly industry: ReadonlyMap<string, ContractTally>;
}

/** One subscription of an account as known at an as-of time. */
export interface Contract {
  readonly id: string;
  readonly productId: string | null;
  readonly startedAt: Instant;
  readonly endsAt: number | null;
  readonly amountMinor: number | null;
  readonly currency: string | null;
  readonly interval: string | null;
  /** How often its end was moved later. */
  readonly renewals: number;
  /** When it was last renewed; NaN = never. */
  readonly renewedAt: number;
  /** Amount before the newest change of it; null where it never changed. */
  readonly amountBefore: number | null;
  readonly cancelledAt: number | undefined;
}

/** The account's subscriptions, in order of their start. */
export function contractsOf(past: Past): readonly Contract[] {
  const found = new Map<string, Contract>();
  for (const term of past.all('subscriptionTerm')) {
    const { subscriptionId: id, at, productId, endsAt, amountMinor, currency, interval } = term;
    const last = found.get(id);
    const renewed = last !== undefined && last.endsAt !== null && endsAt !== null && endsAt > last.endsAt;
    const repriced = last !== undefined && last.amountMinor !== null && last.amountMinor !== amountMinor;
    found.set(id, {
      id,
      productId,
      startedAt: last?.startedAt ?? at,
      endsAt: endsAt ?? last?.endsAt ?? null,
      amountMinor: amountMinor ?? last?.amountMinor ?? null,
      currency,
      interval,
      renewals: (last?.renewals ?? 0) + (renewed ? 1 : 0),
      renewedAt: renewed ? at : (last?.renewedAt ?? Number.NaN),
      amountBefore: repriced && amountMinor !== null ? last.amountMinor : (last?.amountBefore ?? null),
      cancelledAt: undefined,
    });
  }
  for (const { subscriptionId, at } of past.all('subscriptionCancelled')) {
    const contract = found.get(subscriptionId);
    if (contract) found.set(subscriptionId, { ...contract, cancelledAt: at });
  }
  return [...found.values()];
}

/** Whether it runs at an instant, as known: neither cancelled nor past its end. */
export const runs = (contract: Contract, at: Instant): boolean =>
  contract.cancelledAt === undefined && (contract.endsAt === null || contract.endsAt > at);

/** What one account adds. */
export interface ContractShare {
  readonly industry: string | null;
  readonly contracts: readonly Contract[];
}

const GRACE_DAYS = 30;

export function contractShareOf(past: Past): ContractShare | undefined {
  const contracts = contractsOf(past);
  return contracts.length ? { industry: past.last('account')?.industry ?? null, contracts } : undefined;
}

/** Norms of the accounts' shares; their order does not matter. */
export function contractNorms(shares: readonly ContractShare[], cut: Instant): ContractNorms {
  let since = Number.POSITIVE_INFINITY;
  const all = { kept: 0, left: 0 };
  const product = new Map<string, Counting>();
  const industry = new Map<string, Counting>();
  for (const share of shares) {
    for (const { startedAt, endsAt, cancelledAt, renewals, productId } of share.contracts) {
      since = Math.min(since, startedAt);
      const lapsed = endsAt !== null && endsAt < cut - GRACE_DAYS * DAY;
      const left = cancelledAt !== undefined || lapsed ? 1 : 0;
      const into = [all];
      if (productId) into.push(tally(product, productId));
      if (share.industry) into.push(tally(industry, share.industry));
      for (const counting of into) {
        counting.kept += renewals;
        counting.left += left;
      }
    }
  }
  return { since: Number.isFinite(since) ? since : Number.NaN, all, product, industry };
}

type Counting = { kept: number; left: number };
function tally(map: Map<string, Counting>, name: string): Counting {
  let entry = map.get(name);
  if (!entry) map.set(name, (entry = { kept: 0, left: 0 }));
  return entry;
}
