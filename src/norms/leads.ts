import { lead } from '../subjects/lead.ts';
import { DAY, type Instant } from '../time.ts';
import type { Past } from '../world.ts';

/** Converted, not converted and still undecided. */
export interface LeadTally {
  readonly converted: number;
  readonly not: number;
  readonly open: number;
}

/** How leads usually end. A lead open for more than 90 days counts as not converted: many are never closed. */
export interface LeadNorms {
  /** When the first lead was created; NaN before any. */
  readonly since: Instant;
  readonly all: LeadTally;
  readonly source: ReadonlyMap<string, LeadTally>;
  readonly campaign: ReadonlyMap<string, LeadTally>;
  readonly owner: ReadonlyMap<string, LeadTally>;
}

/** What one lead adds. */
export interface LeadShare {
  readonly created: Instant;
  readonly state: 'open' | 'converted' | 'not';
  readonly source: string | null;
  readonly campaign: string | null;
  readonly ownerId: string | undefined;
}

const STALE_DAYS = 90;

export function leadShareOf(past: Past): LeadShare | undefined {
  const created = past.last('lead');
  if (!created) return undefined;
  const { is, as } = { as: '', ...lead.state(past) };
  const owner = past.value('owner_id');
  return {
    created: created.at,
    state: is !== 'ended' ? 'open' : as === 'converted' ? 'converted' : 'not',
    source: created.source,
    campaign: created.campaign,
    ownerId: typeof owner === 'string' ? owner : undefined,
  };
}

/** Norms of the leads' shares; their order does not matter. */
export function leadNorms(shares: readonly LeadShare[], cut: Instant): LeadNorms {
  let since = Number.POSITIVE_INFINITY;
  const all = { converted: 0, not: 0, open: 0 };
  const maps = { source: new Map<string, Counting>(), campaign: new Map<string, Counting>(), owner: new Map<string, Counting>() }; // biome-ignore format: one row
  for (const { created, state, source, campaign, ownerId } of shares) {
    since = Math.min(since, created);
    const as = state === 'open' && cut - created > STALE_DAYS * DAY ? 'not' : state;
    all[as]++;
    if (source) tally(maps.source, source)[as]++;
    if (campaign) tally(maps.campaign, campaign)[as]++;
    if (ownerId) tally(maps.owner, ownerId)[as]++;
  }
  return { since: Number.isFinite(since) ? since : Number.NaN, all, ...maps };
}

type Counting = { converted: number; not: number; open: number };
function tally(map: Map<string, Counting>, name: string): Counting {
  let entry = map.get(name);
  if (!entry) map.set(name, (entry = { converted: 0, not: 0, open: 0 }));
  return entry;
}
