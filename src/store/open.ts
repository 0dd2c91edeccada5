import type { Statement } from 'better-sqlite3';
import { ForesellError } from '../errors.ts';
import { nothingOwn, type Own } from '../own.ts';
import { type RecordKind, records } from '../records.ts';
import type { FactSource } from '../world.ts';
import { auditOf } from './audit.ts';
import { connect } from './connection.ts';
import { explained } from './explain.ts';
import { keyRing } from './keys.ts';
import { withLease } from './leases.ts';
import { bringUpToDate } from './migrate.ts';
import { newestKnown } from './newest.ts';
import { renewReadings } from './readings.ts';
import { registry } from './registry.ts';
import { layoutOf, scanRows } from './rows.ts';
import { runBook } from './runs.ts';
import { scoreBook } from './scores.ts';
import { factsStamp, readCompany, writeSettings } from './settings.ts';
import { shadowBook } from './shadow.ts';
import { lazySource, scannedSource } from './source.ts';
import { forgetStaging, openStaging } from './staging.ts';
import type { Store } from './store.ts';

export interface OpenOptions {
  /** Opens without the right to write, and without migrating. */
  readonly readonly?: boolean;
  /** The clock of heartbeats and revocations. */
  readonly now?: () => number;
  /** How long to wait for another writer, in ms. */
  readonly waitMs?: number;
  /** Features and models that the company added in code. */
  readonly own?: Own;
}

/**
 * Opens a tenant's database file, makes it where it is missing, and brings its schema up to date.
 * Close it when done; a file may be open in several processes.
 */
export function openStore(path: string, options: OpenOptions = {}): Store {
  const now = options.now ?? Date.now;
  const { readonly = false, waitMs = 10_000, own = nothingOwn } = options;
  const db = connect(path, { readonly, waitMs });
  try {
    bringUpToDate(db, path);
  } catch (error) {
    db.close();
    throw error;
  }
  const versions = registry(db);
  const scores = scoreBook(db, versions.served);
  const runs = runBook(db);

  // Another process's commit shows in data_version, our own writes in the stamp; only a changed stamp drops facts.
  const dataVersion = db.prepare('PRAGMA data_version').pluck(); // asked at every look: prepared once
  const sourceNames = db.prepare('SELECT DISTINCT source FROM imports ORDER BY source').pluck();
  const lastImport = db.prepare('SELECT max(at) FROM imports').pluck();
  const finders = new Map<string, Statement>();
  let seenVersion = -1;
  let seenStamp = -1;
  let lazy: FactSource | undefined;
  let loaded: FactSource | undefined;
  let newest: { readonly at: number | undefined } | undefined;
  const refresh = (): void => {
    const version = dataVersion.get() as number;
    if (version === seenVersion && lazy) return;
    seenVersion = version;
    const stamp = factsStamp(db);
    if (stamp === seenStamp && lazy) return;
    seenStamp = stamp;
    lazy = lazySource(db, readCompany(db, own));
    loaded = undefined;
    newest = undefined;
  };

  const explaining =
    <A extends readonly unknown[], T>(work: (...args: A) => T) =>
    (...args: A): T => {
      try {
        return work(...args);
      } catch (error) {
        throw explained(path, error);
      }
    };

  return {
    path,
    company: () => {
      refresh();
      return lazy!.company;
    },
    saveSettings: explaining((settings) => {
      db.transaction(() => writeSettings(db, settings)).immediate();
      lazy = undefined;
    }),
    source: () => {
      refresh();
      return lazy!;
    },
    loadedSource: () => {
      refresh();
      return (loaded ??= scannedSource(db, lazy!.company));
    },
    rows: (kind) => scanRows(db, kind),
    count: (kind) =>
      db
        .prepare(`SELECT count(*) FROM "${layoutOf(kind).table}"`)
        .pluck()
        .get() as number,
    audit: () => auditOf(db, readCompany(db)),
    newestKnownAt: () => {
      refresh();
      newest ??= { at: newestKnown(db, lazy!.company.calendar, true) };
      return newest.at;
    },
    lastImportAt: () => (lastImport.get() as number | null) ?? undefined,
    resolveId: (kind, id) => resolve(kind, id),
    ...versions,
    ...scores,
    ...shadowBook(db),
    ...runs,
    ...keyRing(db, now),
    putVersion: explaining(versions.putVersion),
    serve: explaining(versions.serve),
    putRun: explaining(runs.putRun),
    keepScores: explaining(scores.keepScores),
    withLease: async (kind, work) => {
      try {
        return await withLease(db, kind, now, waitMs, work);
      } catch (error) {
        throw explained(path, error);
      }
    },
    importing: async (identity, work) => {
      // A connection of its own: readers of this store go on seeing the state before, until the swap.
      const own = connect(path, { waitMs });
      let isHopeless = false;
      try {
        own.pragma('cache_size = -48000'); // many indexes are written at once
        renewReadings(own);
        return await work(openStaging(own, path, identity));
      } catch (error) {
        // What is wrong with the export must be mended first, and a mended export is another import.
        isHopeless = error instanceof ForesellError && error.blame === 'request';
        throw explained(path, error);
      } finally {
        if (own.inTransaction) own.exec('ROLLBACK'); // of the staging, to its last whole batch
        own.close();
        if (isHopeless) forgetStaging(path);
      }
    },
    integrityCheck: () => db.pragma('integrity_check', { simple: true }) as string,
    close: () => {
      db.close();
    },
  };

  function resolve(kind: RecordKind, id: string): readonly string[] {
    const { table, key } = layoutOf(kind);
    if (key !== 'id')
      throw new ForesellError('id-none', `${records[kind].file} has no ids of its own`, { blame: 'failure' });
    let find = finders.get(table);
    if (!find) finders.set(table, (find = db.prepare(`SELECT id FROM "${table}" WHERE id = ?`).pluck()));
    if (find.get(id) !== undefined) return [id];
    const sources = sourceNames.all() as string[];
    return sources.map((source) => `${source}:${id}`).filter((canonical) => find!.get(canonical) !== undefined);
  }
}
