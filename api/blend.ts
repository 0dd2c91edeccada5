import { type BlendHorizon, blendOf, horizonAt, type Voice, voicesOf } from '../models/forecast/blend.ts';
import { categoriesSay } from '../src/naiveForecasts.ts';
import { type PeriodKind, periodAt, periodKinds } from '../src/periods.ts';
import type { Store } from '../src/store/store.ts';
import { type Calendar, type Instant, type Period, WEEK } from '../src/time.ts';
import type { World } from '../src/world.ts';
import { type Adjustment, isNested } from './adjustments.ts';
import type { By, Forecast, Ingredients } from './forecast.ts';

/** The blend of people and model for a forecast: its number where it is used, and why not where it is not. */
export interface BlendSaid {
  readonly horizon: BlendHorizon | null;
  /** When it was learned, and of what kind of periods. */
  readonly learnedAt: Instant;
  readonly of: PeriodKind;
  /** Null where it is not used, or one of its voices is silent: then `silent` names it. */
  readonly expectedMinor: number | null;
  readonly silent: Voice | null;
}

/** The kind of a period by its ends; undefined for any days. */
export const kindOf = (calendar: Calendar, period: Period): PeriodKind | undefined =>
  periodKinds.find((kind) => {
    const named = periodAt(calendar, kind, period.from);
    return named.from === period.from && named.to === period.to;
  });

/**
 * What a backtest learned is kept, and stands beside forecasts of periods of the kind from then on; unless what is kept was learned from more periods: a
 * short backtest does not unseat a long one.
 * @returns whether it was kept
 */
export function keepBlend(store: Store, at: Instant, of: PeriodKind, blend: readonly BlendHorizon[]): boolean {
  const most = (horizons: readonly BlendHorizon[]) => Math.max(0, ...horizons.map(({ periods }) => periods));
  const before = store.blendLearned(of);
  if (before && most(JSON.parse(before.body) as BlendHorizon[]) > most(blend)) return false;
  store.keepBlend({ at, of, body: JSON.stringify(blend) });
  return true;
}

/**
 * What the blend says of a forecast in the base currency with the usual parts; undefined where none was learned of such periods.
 * @param people adjustments and commits that count
 * @param expectedOf what the model expects of a group, asked only where somebody called it
 */
export function blendSaid(
  store: Store,
  { period, asOf, total }: Pick<Forecast, 'period' | 'asOf' | 'total'>,
  then: World,
  made: () => Pick<Ingredients, 'pipeline' | 'people'>,
  people: readonly Adjustment[],
  toBase: (minor: number, currency: string) => number | undefined,
  expectedOf: (by: By, id: string | null) => number,
): BlendSaid | undefined {
  const of = kindOf(store.company().calendar, period);
  const kept = of && store.blendLearned(of);
  if (!kept) return undefined;
  const horizon = horizonAt(JSON.parse(kept.body) as BlendHorizon[], Math.ceil((period.to - asOf) / WEEK)) ?? null;
  const about = { horizon, learnedAt: kept.at, of: of!, expectedMinor: null, silent: null };
  if (horizon?.verdict !== 'used' || period.to <= asOf) return about;
  const { pipeline, people: whom } = made();
  const booked = pipeline.closed.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const calls = people.flatMap((row) => {
    const saidMinor = toBase(row.amountMinor, row.currency);
    if (row.kind === 'undo' || saidMinor === undefined) return [];
    const by = row.by as By;
    return [{ kind: row.kind, by, group: row.node, saidMinor, expectedMinor: expectedOf(by, row.node), nested: isNested(row, people, whom.teams) }]; // biome-ignore format: a row
  });
  const categories = categoriesSay(then, pipeline.open, booked, period);
  const voices = voicesOf(total.expectedMinor, categories, calls);
  const said = blendOf(horizon.weights, voices);
  return {
    ...about,
    expectedMinor: said === null ? null : Math.round(said),
    silent: horizon.of.find((voice) => voices[voice] === null) ?? null,
  };
}
