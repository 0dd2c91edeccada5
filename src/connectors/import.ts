import { arrivingSettings, type Company, type CompanySettings, company } from '../company.ts';
import { ForesellError } from '../errors.ts';
import { type RecordDeclaration, type RecordKind, records } from '../records.ts';
import type { Audit } from '../store/audit.ts';
import type { Origin, Staged, Staging } from '../store/staging.ts';
import type { Counts, Store } from '../store/store.ts';
import type { Instant } from '../time.ts';
import { type Absences, absencesOf, nothingAbsent, OURS, removal } from './absences.ts';
import type { Bundle, Note, SourceTable } from './bundle.ts';
import { merge, overlay } from './merge.ts';
import { noRejects, type RejectSink } from './rejects.ts';
import { type Checked, type Checker, type CurrencyOf, checkerFor, type Fault, isFault } from './validate.ts';

export interface ImportOptions {
  /** First part of every canonical id. */
  readonly source: string;
  /** When the import happens: what is learned by it is known from then. */
  readonly at: Instant;
  /** Do everything, report, and undo it. */
  readonly dryRun: boolean;
  /** The export is the whole truth of the kinds that it has: records of this source that it lacks are gone. */
  readonly complete?: { readonly confirmed: boolean } | undefined;
  readonly rejects?: RejectSink;
  /** Called every few thousand rows, at the end of each file and before the last two phases. */
  readonly progress?: (step: ImportStep) => void;
}

/** How far an import is: it reads and stages, compares with what is known, and moves all of it in. */
export interface ImportStep {
  readonly phase: 'read' | 'compare' | 'move';
  readonly file: string;
  /** Rows of the file so far; of all files when moving. */
  readonly read: number;
  readonly done: boolean;
  readonly rowsPerSecond?: number;
  readonly secondsLeft?: number | undefined;
}

export interface FileReport extends Counts {
  readonly file: string;
  readonly kind: RecordKind;
  /** Columns that the declaration does not name, kept as custom fields. */
  readonly custom: readonly string[];
}

export interface ImportReport {
  readonly source: string;
  readonly at: Instant;
  readonly dryRun: boolean;
  readonly files: readonly FileReport[];
  readonly total: Counts;
  /** Differences to an earlier export that became change facts. */
  readonly changesRecorded: number;
  /** Rows of which this export corrects what cannot be told by a change: they are known from this import on. */
  readonly retold: number;
  /** Records that a complete export no longer has, by kind: gone from this import on, as they were before. */
  readonly removed: Readonly<Partial<Record<RecordKind, number>>>;
  /** Records that were gone and are there again. */
  readonly returned: number;
  /** Kinds of which nothing was taken as gone, because rows of theirs were rejected. */
  readonly unsure: readonly RecordKind[];
  /** Files that were not read. */
  readonly ignored: readonly string[];
  readonly notes: readonly Note[];
  readonly audit: Audit;
}

/** Rows of a batch: how many are kept by one commit of the staging, and told as progress. */
const BATCH = 5_000;

/** Stages first, because they explain deals; changes last, because the currency of their amounts is that of their record. */
const order = (Object.keys(records) as RecordKind[]).sort((a, b) => rank(a) - rank(b));
function rank(kind: RecordKind): number {
  return kind === 'stage' ? 0 : kind === 'change' ? 2 : 1;
}

/**
 * Imports a bundle under the lease `import`: every row of it is visible afterwards, or none. That holds through an
 * exception, a kill -9 and a loss of power. Rows are read, checked and staged in batches where no reader looks, and moved
 * in by one short transaction at the end (see `Staging`, which also says why so); the same import that was stopped goes
 * on after its last batch. Running it again is always safe. Absent rows mean nothing, unless the export is said to be complete.
 *
 * All headers are checked before anything is written. Every row read is accepted, unchanged or rejected. Of several rows
 * of one id in one table the newest counts (by `known_at`, else the last of the file), and the others are rejected.
 */
export async function importBundle(store: Store, bundle: Bundle, options: ImportOptions): Promise<ImportReport> {
  const rejects = options.rejects ?? noRejects;
  const identity = JSON.stringify([options.source, options.dryRun, options.complete ?? null, bundle.settings ?? null, ...bundle.tables.map(({ kind, file, columns, identity }) => [kind, file, columns, identity ?? Math.random()])]); // biome-ignore format: one list
  try {
    return await store.withLease('import', () =>
      store.importing(identity, (staging) => run(staging, bundle, options, rejects)),
    );
  } finally {
    rejects.close();
  }
}

async function run(
  staging: Staging,
  bundle: Bundle,
  options: ImportOptions,
  rejects: RejectSink,
): Promise<ImportReport> {
  const { source, dryRun } = options;
  if (bundle.incomplete !== undefined && staging.isEmpty()) throw new ForesellError('bundle-empty', bundle.incomplete);
  const before = staging.company().settings;
  const settings = bundle.settings === undefined ? before : arrivingSettings(bundle.settings, 'company settings');
  const again = admit(staging, before, settings);
  const rules = company(settings);
  const tables = order.flatMap((kind) => bundle.tables.filter((table) => table.kind === kind));
  const checkers = tables.map((table) => checkerFor(table.kind, table.file, table.columns, source, rules, table.forms));

  const pace = paceOf(tables, options);
  const staged: Staged[] = [];
  for (const [n, table] of tables.entries()) await stage(staging, n, table, checkers[n]!, pace, staged);
  options.progress?.({ phase: 'compare', file: '', read: 0, done: false });
  const { same, recorded, retold, removed, returned, unsure } = compared(staging, rules, tables, options);
  staging.read();

  const files = tables.map(({ file, kind }, n): FileReport => {
    const { read, rejected } = staged[n]!;
    const unchanged = staged[n]!.unchanged + (same[n] ?? 0);
    return {
      file,
      kind,
      read,
      accepted: read - unchanged - rejected,
      unchanged,
      rejected,
      custom: checkers[n]!.custom,
    };
  });
  const sum = (of: keyof Counts) => files.reduce((total, file) => total + file[of], 0);
  const total = { read: sum('read'), accepted: sum('accepted'), unchanged: sum('unchanged'), rejected: sum('rejected') }; // biome-ignore format: a row
  const changed = JSON.stringify(settings) !== JSON.stringify(before);
  const moved = returned + Object.values(removed).reduce((all, n) => all + n, 0);
  if (again && (total.accepted > 0 || moved > 0 || changed)) throw sampleFixed();

  // A sample stands still at its end, as if it had been imported then, and so never grows stale.
  const at = settings.sample && !again ? (staging.newestKnown(rules) ?? options.at) : options.at;
  const report: Omit<ImportReport, 'audit'> = { source, at, dryRun, files, total, changesRecorded: recorded, retold, removed, returned, unsure, ignored: bundle.ignored, notes: bundle.notes() }; // biome-ignore format: a row
  for (const reject of staging.rejects()) rejects.write(reject);
  rejects.close();
  options.progress?.({ phase: 'move', file: '', read: total.read, done: false });
  const audit = staging.swap({
    keep: !dryRun,
    at,
    source,
    settings: changed ? settings : undefined,
    changed: total.accepted > 0 || moved > 0,
    report: (found) => JSON.stringify({ ...report, audit: found }),
  });
  return { ...report, audit };
}

/** Whether this is the sample coming again; refuses what would mix a sample with a company's own records. */
function admit(staging: Staging, before: CompanySettings, settings: CompanySettings): boolean {
  if (staging.isEmpty()) return false;
  if (before.sample && !settings.sample) throw sampleFixed();
  if (before.sample && settings.name !== before.name) throw sampleFixed();
  if (settings.sample && !before.sample) {
    throw new ForesellError('sample-refused', 'this database holds a company’s own records; import the sample into a file of its own (--db sample.db)'); // biome-ignore format: one sentence
  }
  return before.sample;
}

const sampleFixed = () =>
  new ForesellError(
    'sample-fixed',
    'this database holds the sample company, which nothing is added to; import into another file (--db FILE)',
    { status: 409 },
  );

/** Reads, checks and stages one table, from where an earlier run of the same import left it. */
async function stage(
  staging: Staging,
  n: number,
  table: SourceTable,
  checker: Checker,
  pace: Pace,
  staged: Staged[],
): Promise<void> {
  const { kind, file } = table;
  const counts = { ...staging.progress(n) };
  staged[n] = counts;
  let passing = counts.read;
  pace.begin(table, passing);
  const moneyOf = currencies(staging, kind);
  const refuse = (line: number, fault: Fault) => {
    counts.rejected++;
    staging.reject({ file, line, ...fault });
  };
  for await (const row of table.rows(pace.onBytes)) {
    if (passing > 0) {
      passing--;
      continue;
    }
    counts.read++;
    if (counts.read % BATCH === 0) {
      staging.checkpoint(n, { ...counts, read: counts.read - 1 });
      pace.tell(counts.read, false);
    }
    const checked = row.refused ? { field: '', ...row.refused } : checker.check(row.cells, moneyOf);
    if (isFault(checked)) refuse(row.line, checked);
    else if (!staging.add(kind, checked, { table: n, line: row.line, mask: checker.mask }))
      again(staging, kind, checked, { table: n, line: row.line, mask: checker.mask }, counts, refuse);
  }
  counts.done = true;
  staging.checkpoint(n, counts);
  pace.tell(counts.read, true);
}

/** A row whose name is already staged: of the same table the newest counts, another table completes it. */
function again(
  staging: Staging,
  kind: RecordKind,
  row: Checked,
  from: Origin,
  counts: { unchanged: number },
  refuse: (line: number, fault: Fault) => void,
): void {
  const so = staging.staged(kind, row.key)!;
  const values = overlay(so.values, row.values, from.mask);
  const isSame = values.every((value, i) => value === so.values[i]);
  if (isSame) {
    counts.unchanged++;
    return;
  }
  const field = records[kind].key[0]!;
  if (so.table !== from.table) {
    staging.restage(kind, { key: row.key, values }, { ...from, mask: so.mask | from.mask });
    return;
  }
  const known = values.length - 2;
  const [earlier, later] = [so.values[known], row.values[known]];
  const message = (line: number, why: string) =>
    `line ${line} has the same ${records[kind].key.join(', ')} with other values and counts instead, because it ${why}`;
  if (typeof earlier === 'number' && typeof later === 'number' && later < earlier) {
    refuse(from.line, { field, code: 'duplicate-older', message: message(so.line, 'was known later') });
    return;
  }
  refuse(so.line, { field, code: 'duplicate-older', message: message(from.line, 'comes later') });
  staging.restage(kind, row, from);
}

/** The currency of records that are staged or known, for amounts whose row does not say theirs. */
function currencies(staging: Staging, kind: RecordKind): CurrencyOf {
  return (key, of = kind) => {
    const place = Object.keys(records[of].columns).indexOf('currency');
    return place < 0 ? undefined : (staging.find(of, key)?.[place] as string | null | undefined);
  };
}

/** What comparing found: rows of each table that say nothing new, changes recorded, rows known from now on. */
interface Compared extends Absences {
  readonly returned: number;
  readonly same: Readonly<Record<number, number>>;
  readonly recorded: number;
  readonly retold: number;
}

/** Compares, or takes what an earlier run of this import had found before it was stopped while moving. */
function compared(
  staging: Staging,
  rules: Company,
  tables: readonly SourceTable[],
  { source, complete, at }: ImportOptions,
): Compared {
  const before = staging.compared();
  if (before !== undefined) return JSON.parse(before) as Compared;
  const absences = complete ? absencesOf(staging, tables, source, at, complete.confirmed) : nothingAbsent;
  const found = { ...compare(staging, rules, at), ...absences };
  staging.keepCompared(JSON.stringify(found));
  return found;
}

/** Compares what is staged with the records: what says nothing new, what replaces, and the changes that tell of it. */
function compare(staging: Staging, rules: Company, at: Instant): Omit<Compared, 'removed' | 'unsure'> {
  const same: Record<number, number> = {};
  let recorded = 0;
  let retold = 0;
  let returned = 0;
  for (const kind of ['change', ...order.filter((other) => other !== 'change')] as RecordKind[]) {
    const declaration: RecordDeclaration = records[kind];
    const gone = staging.gone(kind);
    for (const page of staging.met(kind)) {
      for (const { row, old, mask, table } of page) {
        if (gone.has(row.key) && staging.add('removal', removal(kind, row.key, at, 'returned'), OURS)) returned++;
        const merged = merge(kind, declaration, { ...row, values: [...row.values] }, old, mask, rules, at, staging.lastChange); // biome-ignore format: one call
        if (merged === undefined) {
          same[table] = (same[table] ?? 0) + 1;
          continue;
        }
        staging.replace(kind, { key: row.key, values: merged.values });
        for (const change of merged.changes) if (staging.add('change', change, OURS)) recorded++;
        if (merged.isRetold) retold++;
      }
    }
  }
  return { same, recorded, retold, returned };
}

interface Pace {
  begin(table: SourceTable, staged: number): void;
  readonly onBytes: (bytes: number) => void;
  tell(read: number, done: boolean): void;
}

/** How far the reading is: rows a second, and what is left by the share of bytes. */
function paceOf(tables: readonly SourceTable[], { progress }: ImportOptions): Pace {
  const all = tables.reduce((sum, table) => sum + (table.bytes ?? 0), 0);
  const started = performance.now();
  let before = 0; // bytes of the tables done
  let within = 0;
  let table: SourceTable | undefined;
  let rows = 0;
  let skipped = 0;
  let last = 0;
  return {
    begin: (next, staged) => {
      before += table?.bytes ?? 0;
      within = 0;
      table = next;
      skipped += staged;
      last = staged;
      rows += staged;
    },
    onBytes: (bytes) => {
      within = bytes;
    },
    tell: (read, done) => {
      rows += read - last;
      last = read;
      const seconds = (performance.now() - started) / 1000;
      const share = all > 0 ? Math.min((before + within) / all, 1) : 0;
      progress?.({
        phase: 'read',
        file: table!.file,
        read,
        done,
        rowsPerSecond: seconds > 0 ? (rows - skipped) / seconds : 0,
        secondsLeft: share > 0.01 ? (seconds * (1 - share)) / share : undefined,
      });
    },
  };
}
