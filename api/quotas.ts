import type { Instant, Period } from '../src/time.ts';

/** What a quota promises, and for when. */
export interface QuotaPeriod {
  readonly ownerId: string | null;
  readonly teamId: string | null;
  readonly periodStart: Instant;
  readonly periodEnd: Instant;
  /** When it was known, where its row says so; null = as long as anybody asks: a promise is made before its period. */
  readonly knownAt: Instant | null;
}

/**
 * The quotas of a period as known at an instant: those whose own period lies inside it; longer ones are not split. Where one owner or team has a
 * year's quota and its quarters' too they are one promise, so the longest counts; rows of the very same period add up.
 */
export function quotasOf<Q extends QuotaPeriod>(quotas: Iterable<Q>, period: Period, asOf: Instant): readonly Q[] {
  const known = [...quotas].filter(({ knownAt }) => knownAt === null || knownAt <= asOf);
  const inside = known.filter((quota) => quota.periodStart >= period.from && quota.periodEnd <= period.to);
  const length = (quota: Q) => quota.periodEnd - quota.periodStart;
  const counted = new Map<string, Q[]>();
  for (const quota of inside.sort((a, b) => length(b) - length(a) || a.periodStart - b.periodStart)) {
    const whose = JSON.stringify([quota.ownerId, quota.teamId]);
    const kept = counted.get(whose) ?? [];
    const covered = kept.some((longer) => {
      const same = longer.periodStart === quota.periodStart && longer.periodEnd === quota.periodEnd;
      return !same && longer.periodStart < quota.periodEnd && quota.periodStart < longer.periodEnd;
    });
    if (!covered) counted.set(whose, [...kept, quota]);
  }
  return [...counted.values()].flat();
}
