import type { Statement } from 'better-sqlite3';
import type { Company } from '../company.ts';
import { ForesellError } from '../errors.ts';
import { nothingOwn, type Own } from '../own.ts';
import { type EntityKind, type RecordKind, records } from '../records.ts';
import { DAY } from '../time.ts';
import type { FactSource } from '../world.ts';
import { adjustmentBook } from './adjustments.ts';
import { type Append, appendBook, FACT_SOURCES } from './appends.ts';
import { auditOf } from './audit.ts';
import { type Connection, connect } from './connection.ts';
import { explained } from './explain.ts';
import { forecastBook } from './forecastsSaid.ts';
import { keyRing } from './keys.ts';
import { leanSource, partedSource } from './lean.ts';
import { withLease } from './leases.ts';
import { bringUpToDate } from './migrate.ts';
import { newestKnown } from './newest.ts';
import { renewReadings } from './readings.ts';
import { registry } from './registry.ts';
import { renewable } from './renewed.ts';
import { layoutOf, scanRows } from './rows.ts';
import { runBook } from './runs.ts';
import { scoreBook } from './scores.ts';
import { type ServingParts, servingSource, servingSourceWithPauses } from './serving.ts';
import { factsStamp, readCompany, writeSettings } from './settings.ts';
import { shadowBook } from './shadow.ts';
import { type LazySource, lazySource, scannedSource } from './source.ts';
import { forgetStaging, openStaging } from './staging.ts';
import type { Held, Store } from './store.ts';
import { workedOutOf } from './workedOut.ts';

const HOUR = 3_600_000;
/** How often what is read ahead is begun anew where an import came in between. */
const READINGS = 3;
/** Small answers kept between two commits. */
const GLANCES = 50_000;

export interface OpenOptions {
  /** Opens without the right to write, and without migrating. */
  readonly readonly?: boolean;
  /** The clock of heartbeats and revocations. */
  readonly now?: () => number;
  /** How long to wait for another writer, in ms. */
  readonly waitMs?: number;
  /** How often it is asked whether another process has committed, in ms; 0 = at every look. Asking takes a system call. */
  readonly lookEveryMs?: number;
  /** Features and models that the company added in code. */
  readonly own?: Own;
}

/**
 * Opens a tenant's database file, makes it where it is missing, and brings its schema up to date.
 * Close it when done; a file may be open in several processes.
 */
export function openStore(path: string, options: OpenOptions = {}): Store {
  const now = options.now ?? Date.now;
  const { readonly = false, lookEveryMs = 0, own = nothingOwn } = options;
  let waitMs = options.waitMs ?? 10_000;
  const db = connect(path, { readonly, waitMs });
  try {
    bringUpToDate(db, path);
  } catch (error) {
    db.close();
    throw explained(path, error);
  }
  const versions = registry(db);
  const scores = scoreBook(db, versions.served);
  const forecasts = forecastBook(db);
  const runs = runBook(db);
  const ring = keyRing(db, now);

  // Another process's commit shows in data_version, our own writes in the stamp; only a changed stamp drops facts.
  const dataVersion = db.prepare('PRAGMA data_version').pluck(); // asked at every look: prepared once
  const sourceNames = db
    .prepare(
      `SELECT source FROM imports UNION SELECT value FROM json_each((SELECT value FROM settings WHERE key = '${FACT_SOURCES}')) ORDER BY 1`,
    )
    .pluck();
  const lastImport = db.prepare('SELECT max(at) FROM imports').pluck();
  const finders = new Map<string, Statement>();
  const book = appendBook(db);
  let seenVersion = -1;
  let seenStamp = -1;
  let seenAppend = 0;
  let lookedAt = Number.NEGATIVE_INFINITY;
  /** When everything is read again, whatever was seen: what is usual follows what was told of weeks that are over. */
  let renewAt = Number.POSITIVE_INFINITY;
  let reader: LazySource | undefined;
  let lazy: FactSource | undefined;
  const loaded = renewable(() => scannedSource(db, lazy!.company, seenStamp));
  const serving = renewable(() => servingSource(servingParts()));
  const servingParts = (): ServingParts => {
    const { company } = lazy!;
    return { company, stamp: seenStamp, db, others: lazySource(db, company) };
  };
  let newest: { readonly at: number | undefined } | undefined;

  const refresh = (): void => {
    const clock = now();
    const isDue = clock >= renewAt;
    if (reader && !isDue && clock - lookedAt < lookEveryMs && clock >= lookedAt) return;
    lookedAt = clock;
    const version = dataVersion.get() as number;
    if (reader && !isDue && version === seenVersion) return;
    seenVersion = version;
    const stamp = factsStamp(db);
    if (reader && !isDue && stamp === seenStamp) return;
    const news = reader && !isDue ? book.appends(seenAppend) : [];
    const commits = new Set(news.map((append) => append.stamp)).size;
    const onlyAppends = reader && !isDue && commits === stamp - seenStamp && !news.some(({ whole }) => whole);
    seenStamp = stamp;
    if (onlyAppends) renew(news, clock);
    else readAgain();
  };
  const readAgain = (): void => {
    reader = lazySource(db, readCompany(db, own));
    lazy = reader;
    loaded.drop();
    serving.drop();
    newest = undefined;
    renewAt = Number.POSITIVE_INFINITY;
    seenAppend = book.newestAppend();
  };
  const renew = (news: readonly Append[], clock: number): void => {
    const { calendar, settings } = reader!.company;
    const live = settings.sample ? (newest?.at ?? clock) : clock;
    const week = calendar.startOfWeek(live);
    // In a sample the clock stands still: its week does not end, and by today's clock it ended long ago.
    const weekEnds = settings.sample ? Number.POSITIVE_INFINITY : calendar.startOfWeek(week + 10 * DAY);
    for (const { touched: whom, since, seq } of news) {
      seenAppend = seq;
      const isOfNow = since !== undefined && since > week;
      renewAt = Math.min(renewAt, isOfNow ? weekEnds : (Math.floor(clock / HOUR) + 1) * HOUR); // biome-ignore format: one choice
      for (const [of, ids] of Object.entries(whom) as [EntityKind, string[]][]) {
        reader!.forget(of, ids);
        loaded.touch(of, ids);
        serving.touch(of, ids);
      }
    }
    const { company, ids, history } = reader!;
    const below = reader!;
    lazy = {
      company,
      get rates() {
        return below.rates;
      },
      population: below,
      ids,
      history,
    };
  };

  /**
   * Small answers are read once between two commits, where it is not asked at every look whether there was one: a score
   * takes less than a query. Our own writes count as commits too.
   */
  const glance = { version: -1, own: 0, ofOwn: -1, kept: new Map<string, unknown>() };
  const atAGlance = <T>(key: string, read: () => T): T => {
    if (lookEveryMs === 0) return read();
    refresh();
    const { kept } = glance;
    if (glance.version !== seenVersion || glance.ofOwn !== glance.own || kept.size >= GLANCES) {
      kept.clear();
      glance.version = seenVersion;
      glance.ofOwn = glance.own;
    }
    if (!kept.has(key)) kept.set(key, read());
    return kept.get(key) as T;
  };
  const writing =
    <A extends readonly unknown[], T>(work: (...args: A) => T) =>
    (...args: A): T => {
      try {
        return work(...args);
      } finally {
        glance.own++;
      }
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
    saveSettings: writing(
      explaining((settings) => {
        db.transaction(() => writeSettings(db, settings)).immediate();
        reader = undefined;
      }),
    ),
    source: () => {
      refresh();
      return lazy!;
    },
    loadedSource: () => {
      refresh();
      return loaded.get(reader!);
    },
    servingSource: () => {
      refresh();
      return serving.get(reader!);
    },
    readAhead: async (pause) => {
      // What an import changes meanwhile is read anew, a few times: of one that goes on and on nothing is read ahead.
      for (let attempt = 0; attempt < READINGS; attempt++) if (await readWithPauses(pause)) return;
    },
    leanSource: () =>
      holding((reading, company, stamp) => leanSource(reading, company, workedOutOf(db, company, stamp))),
    partedSource: (norms, workedOut) => holding((reading, company) => partedSource(reading, company, norms, workedOut)),
    rows: (kind) => scanRows(db, kind),
    count: (kind) =>
      db
        .prepare(`SELECT count(*) FROM "${layoutOf(kind).table}"`)
        .pluck()
        .get() as number,
    audit: () => auditOf(db, readCompany(db)),
    newestKnownAt: () => {
      refresh();
      newest ??= { at: workedOutNewest() };
      return newest.at;
    },
    lastImportAt: () => atAGlance('import', () => (lastImport.get() as number | null) ?? undefined),
    resolveId: (kind, id) => atAGlance(`${kind} ${id}`, () => resolve(kind, id)),
    sources: () => sourceNames.all() as string[],
    waitAtMost: (ms) => {
      waitMs = ms;
      db.pragma(`busy_timeout = ${ms}`);
    },
    append: explaining((at, works, wait = waitMs) => {
      refresh();
      if (wait !== waitMs) db.pragma(`busy_timeout = ${wait}`);
      try {
        return book.appendAll(reader!.company, at, works) as never;
      } finally {
        if (wait !== waitMs) db.pragma(`busy_timeout = ${waitMs}`);
        glance.own++;
        lookedAt = Number.NEGATIVE_INFINITY; // our own commits are not in data_version
        seenVersion = -1;
      }
    }),
    newestAppend: () => {
      refresh();
      return seenAppend;
    },
    appends: (ask) => ('after' in ask ? book.appends(ask.after) : book.appendsFrom(ask.from)),
    adjustments: adjustmentBook(db).list,
    ...forecasts,
    keepForecasts: writing(explaining(forecasts.keepForecasts)),
    keepBlend: writing(explaining(forecasts.keepBlend)),
    ...versions,
    ...scores,
    ...shadowBook(db),
    ...runs,
    served: (model) => atAGlance(`served ${model}`, () => versions.served(model)),
    scoreBefore: (model, id, at) => atAGlance(`before ${at} ${model} ${id}`, () => scores.scoreBefore(model, id, at)),
    keys: () => atAGlance('keys', ring.keys),
    addKey: writing(ring.addKey),
    revokeKey: writing(ring.revokeKey),
    putVersion: writing(explaining(versions.putVersion)),
    serve: writing(explaining(versions.serve)),
    putRun: explaining(runs.putRun),
    keepScores: writing(explaining(scores.keepScores)),
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

  /** Whether all is there then, with whatever was appended meanwhile. */
  async function readWithPauses(pause: () => Promise<void>): Promise<boolean> {
    lookedAt = Number.NEGATIVE_INFINITY; // what is read must be of the stamp that was seen
    refresh();
    const parts = servingParts();
    const put = serving.awaiting();
    const reading = connect(path, { readonly: true, waitMs });
    try {
      reading.exec('BEGIN');
      if (factsStamp(reading) !== parts.stamp) return false; // somebody commits just now
      const source = await servingSourceWithPauses(reading, parts, pause);
      refresh();
      return put(source);
    } finally {
      reading.close();
    }
  }

  /** A look at every row of every table: kept with the file. */
  function workedOutNewest(): number | undefined {
    const { company } = lazy!;
    const workedOut = workedOutOf(db, company, seenStamp);
    const known = workedOut?.get('newest known');
    if (known) return known[0];
    const newest = newestKnown(db, company.calendar, true);
    workedOut?.set('newest known', newest === undefined ? [] : [newest]);
    return newest;
  }

  /** One read transaction for as long as the source is used; our own writes go through the other connection. */
  function holding(read: (reading: Connection, company: Company, stamp: number) => FactSource): Held {
    const reading = connect(path, { readonly: true, waitMs });
    reading.exec('BEGIN');
    const company = readCompany(reading, own);
    const stamp = factsStamp(reading);
    return { source: read(reading, company, stamp), stamp, close: () => reading.close() };
  }

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
