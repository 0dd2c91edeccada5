import { type Company, type CompanySettings, company, parseSettings } from '../company.ts';
import { ForesellError } from '../errors.ts';
import { type RecordDeclaration, type RecordKind, records } from '../records.ts';
import type { Audit } from '../store/audit.ts';
import type { Counts, Store } from '../store/store.ts';
import type { Writer } from '../store/writer.ts';
import type { Instant } from '../time.ts';
import type { Bundle, Note, SourceTable } from './bundle.ts';
import { merge } from './merge.ts';
import { noRejects, type RejectSink } from './rejects.ts';
import { type Checker, checkerFor, isFault } from './validate.ts';

export interface ImportOptions {
  /** First part of every canonical id. */
  readonly source: string;
  /** When the import happens: what is learned by it is known from then. */
  readonly at: Instant;
  /** Do everything, report, and undo it. */
  readonly dryRun: boolean;
  readonly rejects?: RejectSink;
  /** Called every few thousand rows and at the end of each file. */
  readonly progress?: (step: { readonly file: string; readonly read: number; readonly done: boolean }) => void;
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
  /** Files that were not read. */
  readonly ignored: readonly string[];
  readonly notes: readonly Note[];
  readonly audit: Audit;
}

const STEP = 5_000;

/** Stages first, because they explain deals; changes before what they change, which is compared with them. */
const order = (Object.keys(records) as RecordKind[]).sort((a, b) => rank(a) - rank(b));
function rank(kind: RecordKind): number {
  return kind === 'stage' ? 0 : kind === 'change' ? 1 : 2;
}

/**
 * Imports a bundle under the lease `import`, in ONE transaction: every row of it is visible afterwards, or none. That
 * holds through an exception, a kill -9 and a loss of power, and it is why a second run is always safe. Absent rows
 * mean nothing: an export of a part removes nothing.
 *
 * All headers are checked before anything is written. Every row read is accepted, unchanged or rejected.
 */
export async function importBundle(store: Store, bundle: Bundle, options: ImportOptions): Promise<ImportReport> {
  const rejects = options.rejects ?? noRejects;
  try {
    return await store.withLease('import', () =>
      store.importing(async (writer) => {
        const report = await run(writer, bundle, options, rejects);
        return { keep: !options.dryRun, value: report };
      }),
    );
  } finally {
    rejects.close();
  }
}

async function run(writer: Writer, bundle: Bundle, options: ImportOptions, rejects: RejectSink): Promise<ImportReport> {
  const before = writer.company().settings;
  const settings = bundle.settings === undefined ? before : parseSettings(bundle.settings, 'company settings');
  const again = admit(writer, before, settings);
  const rules = company(settings);
  const tables = order.flatMap((kind) => bundle.tables.filter((table) => table.kind === kind));
  const checkers = tables.map((table) => checkerFor(table.kind, table.file, table.columns, options.source, rules));

  const changed = JSON.stringify(settings) !== JSON.stringify(before);
  if (changed) writer.saveSettings(settings);
  const files: FileReport[] = [];
  let changesRecorded = 0;
  for (const [i, table] of tables.entries()) {
    const { report, recorded } = await take(writer, table, checkers[i]!, rules, options, rejects);
    files.push(report);
    changesRecorded += recorded;
  }
  const sum = (of: keyof Counts) => files.reduce((total, file) => total + file[of], 0);
  const total = {
    read: sum('read'),
    accepted: sum('accepted'),
    unchanged: sum('unchanged'),
    rejected: sum('rejected'),
  };
  if (again && (total.accepted > 0 || changed)) throw sampleFixed();

  // A sample stands still at its end, as if it had been imported then, and so never grows stale.
  const at = settings.sample && !again ? (writer.newestKnown() ?? options.at) : options.at;
  if (settings.sample && !again) writer.dateImports(at);
  if (total.accepted > 0) writer.touch();
  const { source, dryRun } = options;
  const report: ImportReport = { source, at, dryRun, files, total, changesRecorded, ignored: bundle.ignored, notes: bundle.notes(), audit: writer.audit() }; // biome-ignore format: a row
  writer.log(at, source, JSON.stringify(report));
  return report;
}

/** Whether this is the sample coming again; refuses what would mix a sample with a company's own records. */
function admit(writer: Writer, before: CompanySettings, settings: CompanySettings): boolean {
  if (writer.isEmpty()) return false;
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

async function take(
  writer: Writer,
  table: SourceTable,
  checker: Checker,
  rules: Company,
  options: ImportOptions,
  rejects: RejectSink,
): Promise<{ report: FileReport; recorded: number }> {
  const { kind, file } = table;
  const counts = { read: 0, accepted: 0, unchanged: 0, rejected: 0 };
  let recorded = 0;
  const declaration: RecordDeclaration = records[kind];
  const currencyAt = Object.keys(declaration.columns).indexOf('currency');
  const currencyOf = (key: string) => (writer.find(kind, key)?.[currencyAt] ?? undefined) as string | undefined;
  for await (const row of table.rows()) {
    counts.read++;
    if (counts.read % STEP === 0) options.progress?.({ file, read: counts.read, done: false });
    const checked = row.refused ? { field: '', ...row.refused } : checker.check(row.cells, currencyOf);
    if (isFault(checked)) {
      counts.rejected++;
      rejects.write({ file, line: row.line, ...checked });
    } else if (writer.add(kind, checked, options.at)) {
      counts.accepted++;
    } else {
      const old = writer.find(kind, checked.key)!;
      const merged = merge(kind, declaration, checked, old, checker.present, rules, options.at, writer);
      if (merged === undefined) counts.unchanged++;
      else {
        writer.replace(kind, { key: checked.key, values: merged.values });
        for (const change of merged.changes) writer.add('change', change, options.at);
        recorded += merged.changes.length;
        counts.accepted++;
      }
    }
  }
  options.progress?.({ file, read: counts.read, done: true });
  return { report: { file, kind, ...counts, custom: checker.custom }, recorded };
}
