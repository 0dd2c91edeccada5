import type { Store } from '../src/store/store.ts';
import type { Period } from '../src/time.ts';

/** What was to be reached in a period, in minor units of the base currency. */
export interface Quotas {
  readonly all: number | undefined;
  readonly owner: ReadonlyMap<string, number>;
  readonly team: ReadonlyMap<string, number>;
}

/**
 * The quotas whose own period lies inside the one asked for, added up; longer ones are not split. A team's quota is its
 * own, else that of its people; the company's is that of all people, else of all teams not below another with a quota.
 */
export function quotasOf(
  store: Store,
  teamOf: (owner: string) => string,
  period: Period,
  inBase: (minor: number, currency: string) => number | undefined,
): Quotas {
  const owner = new Map<string, number>();
  const own = new Map<string, number>();
  for (const quota of store.rows('quota')) {
    if (quota.periodStart < period.from || quota.periodEnd > period.to) continue;
    const minor = inBase(quota.amountMinor, quota.currency);
    const [map, id] = quota.ownerId ? [owner, quota.ownerId] : [own, quota.teamId];
    if (minor === undefined || id === null) continue;
    map.set(id, (map.get(id) ?? 0) + minor);
  }
  const team = new Map<string, number>();
  for (const [id, minor] of owner) team.set(teamOf(id), (team.get(teamOf(id)) ?? 0) + minor);
  for (const [id, minor] of own) team.set(id, minor);

  const parents = new Map([...store.rows('team')].map((row) => [row.id, row.parentId]));
  const below = (id: string): boolean => {
    const met = new Set([id]);
    for (let up = parents.get(id); up && !met.has(up); up = parents.get(up)) {
      if (own.has(up)) return true;
      met.add(up);
    }
    return false;
  };
  const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);
  const tops = [...own].filter(([id]) => !below(id)).map(([, minor]) => minor);
  return { all: owner.size ? sum(owner.values()) : tops.length ? sum(tops) : undefined, owner, team };
}
