import { type Company, type CompanySettings, company, parseSettings, type Stage } from '../company.ts';
import { nothingOwn, type Own } from '../own.ts';
import type { Connection } from './connection.ts';
import { scanRows } from './rows.ts';

/** The value kept under a key; undefined where none is. */
export function readSetting(db: Connection, key: string): string | undefined {
  return db.prepare('SELECT value FROM settings WHERE key = ?').pluck().get(key) as string | undefined;
}

export function writeSetting(db: Connection, key: string, value: string): void {
  db.prepare(
    'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  ).run(key, value);
}

/** Says to every process that facts or settings changed; `factsStamp` is what they compare. */
export function touchFacts(db: Connection): void {
  writeSetting(db, 'factsStamp', String(factsStamp(db) + 1));
}
export const factsStamp = (db: Connection): number => Number(readSetting(db, 'factsStamp') ?? 0);

export function readSettings(db: Connection): CompanySettings {
  const text = readSetting(db, 'company');
  return parseSettings(text === undefined ? {} : JSON.parse(text), 'stored settings');
}

export function writeSettings(db: Connection, settings: CompanySettings): void {
  writeSetting(db, 'company', JSON.stringify(settings));
  touchFacts(db);
}

/** Settings and stages as stored. */
export function readCompany(db: Connection, own: Own = nothingOwn): Company {
  const stages = [...scanRows(db, 'stage')].map(({ pipeline, stage, rank, kind, category, from }): Stage => ({ pipeline, stage, rank, kind: kind as Stage['kind'], category, from })); // biome-ignore format: one row
  return company(readSettings(db), stages, own);
}
