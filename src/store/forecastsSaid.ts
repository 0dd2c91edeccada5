import type { Instant } from '../time.ts';
import type { Connection } from './connection.ts';

/** A forecast of the whole of a period as it was said on a day. Whole minor units of one currency. */
export interface ForecastSaid {
  /** Date where the company is. */
  readonly day: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly period: string;
  /** What was known then is in it. */
  readonly at: Instant;
  readonly version: string;
  readonly currency: string;
  readonly bookedMinor: number;
  readonly expectedMinor: number;
  readonly p10Minor: number;
  readonly p50Minor: number;
  readonly p90Minor: number;
  readonly quotaMinor: number | null;
  readonly quotaProbability: number | null;
  readonly openDeals: number;
}

/** What was learned of blending people and model: for whom it was learned, and the horizons as JSON. */
export interface KeptBlend {
  readonly at: Instant;
  /** Kind of the periods. */
  readonly of: string;
  readonly body: string;
}

const FIELDS = ['day', 'from', 'to', 'period', 'at', 'version', 'currency', 'bookedMinor', 'expectedMinor', 'p10Minor', 'p50Minor', 'p90Minor', 'quotaMinor', 'quotaProbability', 'openDeals'] as const; // biome-ignore format: a row
const columnOf = (field: string) => `"${field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}"`;
const SELECT = FIELDS.map((field) => `${columnOf(field)} AS "${field}"`).join(', ');

/** Forecasts as said, and blends learned, on the store's own connection. Nothing is changed or taken away. */
export function forecastBook(db: Connection) {
  // The first word of a day stands: saying it again adds nothing.
  const keep = db.prepare(
    `INSERT INTO forecasts_said (${FIELDS.map(columnOf).join(', ')}) VALUES (${FIELDS.map((field) => `@${field}`).join(', ')}) ON CONFLICT ("from", "to", day) DO NOTHING`,
  );
  const keepAll = db.transaction((rows: readonly ForecastSaid[]) =>
    rows.reduce((count, row) => count + keep.run(row).changes, 0),
  );
  const ofPeriod = db.prepare<[number, number], ForecastSaid>(`SELECT ${SELECT} FROM forecasts_said WHERE "from" = ? AND "to" = ? ORDER BY day`); // biome-ignore format: one call
  const all = db.prepare<[], ForecastSaid>(`SELECT ${SELECT} FROM forecasts_said ORDER BY day, "from", "to"`);
  const isSaid = db.prepare<[number, number, string], number>('SELECT 1 FROM forecasts_said WHERE "from" = ? AND "to" = ? AND day = ?').pluck(); // biome-ignore format: one chain
  const addBlend = db.prepare('INSERT INTO forecast_blends (at, "of", body) VALUES (@at, @of, @body)');
  const newestBlend = db.prepare<[string], KeptBlend>('SELECT at, "of", body FROM forecast_blends WHERE "of" = ? ORDER BY id DESC LIMIT 1'); // biome-ignore format: one call
  return {
    /** @returns how many were new */
    keepForecasts: (rows: readonly ForecastSaid[]): number => keepAll.immediate(rows),
    /** Oldest first; of one period, or all. */
    forecastsSaid: (period?: { readonly from: Instant; readonly to: Instant }): readonly ForecastSaid[] =>
      period ? ofPeriod.all(period.from, period.to) : all.all(),
    isForecastSaid: (period: { readonly from: Instant; readonly to: Instant }, day: string): boolean =>
      isSaid.get(period.from, period.to, day) !== undefined,
    keepBlend: (blend: KeptBlend): void => void addBlend.run(blend),
    blendLearned: (of: string): KeptBlend | undefined => newestBlend.get(of),
  };
}
