import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import type { CompanySettings } from '../../src/company.ts';
import type { Bundle } from '../../src/connectors/bundle.ts';
import type { ImportReport, ImportStep } from '../../src/connectors/import.ts';
import type { OpenedBundle } from '../../src/connectors/open.ts';
import type { Readiness } from '../../src/connectors/readiness.ts';
import { ForesellError } from '../../src/errors.ts';
import type { Store } from '../../src/store/store.ts';
import { formatInstant } from '../../src/time.ts';
import { checkApart, checkOutputs, readBy } from '../checkOutputs.ts';
import { type Common, progressOf, table, withCommon } from '../common.ts';

interface Options extends Common {
  readonly source: string;
  readonly map?: string;
  readonly name?: string;
  readonly encoding?: string;
  readonly delimiter?: string;
  readonly dryRun: boolean;
  readonly complete: boolean;
  readonly confirmRemovals: boolean;
  readonly rejects?: string;
  readonly propose?: string;
}

/** `foresell import`: reads a company's export into its database and says what can be learned from it. */
export function importCommand(): Command {
  const command = new Command('import')
    .summary('read an export into the database')
    .description(
      'Reads CSV files (a folder, .zip, .tar.gz, or one .csv or .csv.gz) into the database, in one transaction: all of it or nothing.\n' +
        'Every row is accepted, unchanged or rejected; rejects are written out with file, line, field, code and message.\n' +
        'Importing the same export again changes nothing; a later one adds what differs as changes known from then on.\n' +
        'A row that is absent from a later export is left as it is, unless --complete says that the export has everything.',
    )
    .argument('<path>', 'the folder that holds the export, or an archive of it')
    .option('--source <kind>', 'what the export is: csv (the bundle), salesforce, hubspot', 'csv')
    .option('--map <file>', 'a YAML map that turns any CSV files into the bundle’s records')
    .option('--name <name>', 'source name in canonical ids (default: the map’s name, else the source)')
    .option('--encoding <name>', 'of the files, where they are not UTF-8: utf-16, windows-874 (tis-620), windows-1252')
    .option('--delimiter <mark>', 'between cells, where it is not a comma: ; | or tab')
    .option(
      '--complete',
      'the export has all records of its files: those it lacks are gone from now on, and stay in the past',
      false,
    )
    .option('--confirm-removals', 'with --complete: go on although more than 10 % of a kind would be gone', false)
    .option('--dry-run', 'report what would happen and leave the database as it is', false)
    .option('--propose <file>', 'write a map of unknown files as a draft, and import nothing')
    .option('--rejects <file>', 'where rejected rows go (default: ./rejects-NAME.csv)')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  $ foresell import ./export\n' +
        '  $ foresell import ./export.zip\n' +
        '  $ foresell import ./export --dry-run --rejects ./rejected.csv\n' +
        '  $ foresell import ./crm-files --map my-crm.yaml --name crm --db ./acme.db\n' +
        '  $ foresell import ./unknown-files --propose draft.yaml\n' +
        '  $ foresell import ./salesforce-tables --source salesforce\n' +
        '  $ foresell import ./crm-files --map my-crm.yaml --encoding windows-874 --delimiter ";"\n' +
        '  $ foresell import ./everything --complete --dry-run\n' +
        '  $ foresell import ./export --json --quiet > report.json\n',
    )
    .action(async (path: string, _options: unknown, self: Command) => {
      await run(path, self.optsWithGlobals<Options>());
    });
  return withCommon(command);
}

async function run(path: string, options: Options): Promise<void> {
  const { openStore } = await import('../../src/store/open.ts');
  const { openBundle } = await import('../../src/connectors/open.ts');
  const { delimiterOf } = await import('../../src/connectors/csv.ts');
  const started = Date.now();
  if (options.propose !== undefined) return proposeMap(path, options.propose, options);
  if (options.confirmRemovals && !options.complete)
    throw new ForesellError(
      'option-alone',
      '--confirm-removals goes with --complete: without that, nothing is removed',
    );
  const opened = await openBundle(path, {
    source: options.source,
    map: options.map,
    encoding: options.encoding,
    delimiter: options.delimiter === undefined ? undefined : delimiterOf(options.delimiter),
    settings: existsSync(options.db) ? settingsOf(openStore(options.db)) : undefined,
  });
  try {
    const source = sourceOf(opened, options);
    const rejects = options.rejects ?? `./rejects-${source}.csv`;
    const reads = { ...readBy(options), '--map': options.map, ...filesOf(path, opened.bundle.ignored) };
    // The default place need not be writable as long as nothing is rejected.
    if (options.rejects === undefined) checkApart({ '--rejects': rejects }, reads);
    else checkOutputs({ '--rejects': rejects }, reads);
    await take(opened.bundle, source, rejects, options, started);
  } finally {
    opened.close();
  }
}

/** The first part of canonical ids. */
function sourceOf({ name }: OpenedBundle, options: Options): string {
  const source = options.name ?? name;
  if (/^[A-Za-z0-9_.-]+$/.test(source)) return source;
  throw new ForesellError('name-invalid', `--name "${source}" may hold letters, digits, dot, dash and underscore only`);
}

/** What is read at a path: itself, or the files of the folder but those that are not. */
function filesOf(path: string, ignored: readonly string[]): Readonly<Record<string, string>> {
  if (!statSync(path).isDirectory()) return { PATH: path };
  const names = readdirSync(path).filter((name) => !ignored.includes(name));
  return Object.fromEntries(names.map((name) => [`PATH (${name})`, join(path, name)]));
}

/** Drafts a map of the files at a path; the database is neither read nor made. */
async function proposeMap(path: string, to: string, options: Options): Promise<void> {
  const { delimiterOf } = await import('../../src/connectors/csv.ts');
  const { unpacked } = await import('../../src/connectors/archive.ts');
  const { propose } = await import('../../src/connectors/propose/propose.ts');
  const { proposalText } = await import('../../src/connectors/propose/write.ts');
  const { notRead, vendorOf } = await import('../../src/connectors/open.ts');
  if (existsSync(to))
    throw new ForesellError('file-exists', `${to} is there already; give --propose another file, so that nothing you mended is lost`); // biome-ignore format: one sentence
  checkOutputs({ '--propose': to });
  const { folder, close } = await unpacked(path);
  try {
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw notRead(path);
    const delimiter = options.delimiter === undefined ? undefined : delimiterOf(options.delimiter);
    const proposal = await propose(folder, { encoding: options.encoding, delimiter });
    const vendor = await vendorOf(folder);
    const name = options.name ?? 'crm';
    writeFileSync(to, proposalText(proposal, name, to));
    if (options.json) {
      process.stdout.write(`${JSON.stringify({ map: to, vendor: vendor ?? null, ...proposal })}\n`);
      return;
    }
    const of = (record: (typeof proposal.records)[number], sureness: string) =>
      record.columns.filter((column) => column.sureness === sureness).length;
    const lines = [
      table([
        ['file', 'taken for', 'sure', 'likely', 'unsure', 'not taken'],
        ...proposal.records.map((record) => [record.from, record.kind, of(record, 'sure'), of(record, 'likely'), of(record, 'unsure'), record.unused.length]), // biome-ignore format: a row
      ]),
      ...(proposal.doubts.length ? ['', 'to look at:', ...proposal.doubts.map((doubt) => `  - ${doubt}`)] : []),
      ...(vendor ? ['', `these look like the tables of ${vendor}, which are read without a map: --source ${vendor}`] : []), // biome-ignore format: one choice
      '',
      `draft written to ${to}; nothing was imported. Check it, then: foresell import ${path} --map ${to} --dry-run`,
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
  } finally {
    close();
  }
}

/** Imports what was opened and says what came of it. */
async function take(bundle: Bundle, source: string, rejects: string, options: Options, started: number): Promise<void> {
  const { openStore } = await import('../../src/store/open.ts');
  const { importBundle } = await import('../../src/connectors/import.ts');
  const { rejectsFile } = await import('../../src/connectors/rejects.ts');
  const { standAt } = await import('../store.ts');
  const { readinessOf } = await import('../../src/connectors/readiness.ts');
  if (bundle.incomplete !== undefined && !existsSync(options.db))
    throw new ForesellError('bundle-empty', bundle.incomplete);
  const progress = progressOf(options);
  // A dry run makes no database where there is none.
  const spare = options.dryRun && !existsSync(options.db) ? mkdtempSync(join(tmpdir(), 'foresell-dry-')) : undefined;
  const store = openStore(spare === undefined ? options.db : join(spare, 'dry.db'));
  try {
    const imported = await importBundle(store, bundle, {
      source,
      at: options.asOf === undefined ? started : standAt(options, store),
      dryRun: options.dryRun && spare === undefined,
      complete: options.complete ? { confirmed: options.confirmRemovals } : undefined,
      rejects: rejectsFile(rejects),
      progress: (step) => tell(progress, step),
    });
    const report = { ...imported, dryRun: options.dryRun };
    // Into a spare file everything is taken, so that a dry run can tell what could be learned.
    const isAsBefore = options.dryRun && spare === undefined;
    const readiness = readinessOf(store, isAsBefore ? undefined : report.audit);
    const seconds = Math.round((Date.now() - started) / 100) / 10;
    const rejectsAt = report.total.rejected > 0 ? rejects : null;
    if (options.json)
      process.stdout.write(`${JSON.stringify({ ...report, at: formatInstant(report.at), seconds, rejectsFile: rejectsAt, readiness })}\n`); // biome-ignore format: one line out
    else process.stdout.write(`${written(report, readiness, rejectsAt, seconds, options.db, isAsBefore)}\n`);
  } finally {
    store.close();
    if (spare !== undefined) rmSync(spare, { recursive: true, force: true });
  }
}

function settingsOf(store: Store): CompanySettings {
  try {
    return store.company().settings;
  } finally {
    store.close();
  }
}

/** One line of progress: rows, how fast, and how long the reading may still take. */
function tell(progress: ReturnType<typeof progressOf>, step: ImportStep): void {
  const { phase, file, read, done, rowsPerSecond = 0, secondsLeft } = step;
  const pace = rowsPerSecond > 0 ? `, ${Math.round(rowsPerSecond).toLocaleString('en')} rows/s` : '';
  const left = secondsLeft === undefined ? '' : `, about ${Math.ceil(secondsLeft)} s left`;
  if (phase === 'compare') progress.step('comparing with what is known');
  else if (phase === 'move') progress.step(`writing ${read.toLocaleString('en')} rows`);
  else if (done) progress.line(`${file}: ${read} rows`);
  else progress.step(`${file}: ${read.toLocaleString('en')} rows${pace}${left}`);
}

function written(
  report: ImportReport,
  readiness: Readiness,
  rejects: string | null,
  seconds: number,
  db: string,
  isAsBefore: boolean,
): string {
  const row = (name: string, { read, accepted, unchanged, rejected }: ImportReport['total']) => [name, read, accepted, unchanged, rejected]; // biome-ignore format: a row
  const lines = [
    table([
      ['file', 'read', 'accepted', 'unchanged', 'rejected'],
      ...report.files.map((file) => row(file.file, file)),
      row('total', report.total),
    ]),
    '',
  ];
  const list = (title: string, figures: Readonly<Record<string, number>>) => {
    const entries = Object.entries(figures);
    if (entries.length)
      lines.push(`${title}: ${entries.map(([name, n]) => `${name} ${n.toLocaleString('en')}`).join(' · ')}`);
  };
  const custom = report.files.flatMap((file) => file.custom.map((name) => `${file.file} ${name}`));
  if (rejects) lines.push(`rejected rows are in ${rejects}`);
  if (report.retold)
    lines.push(`corrected in a way that no change can tell, so known from this import on: ${report.retold} rows`);
  if (report.changesRecorded) lines.push(`differences recorded as changes: ${report.changesRecorded}`);
  list('no longer in the export, so gone from now on', report.removed);
  if (report.returned) lines.push(`gone before and there again: ${report.returned.toLocaleString('en')}`);
  if (report.unsure.length)
    lines.push(
      `rows were rejected of ${report.unsure.join(', ')}, so nothing of it is taken as gone: mend them and import again`,
    );
  if (custom.length) lines.push(`custom columns kept: ${custom.join(' · ')}`);
  if (report.ignored.length) lines.push(`files not read: ${report.ignored.join(' · ')}`);
  for (const note of report.notes) {
    const rows = `${note.rows.toLocaleString('en')} rows`;
    if (note.code === 'deleted') lines.push(`${note.file}: ${rows} that the source has deleted were passed over`);
    else {
      const what = note.code === 'alias-used' ? 'mended by the map’s alias' : 'not found where the map looks it up';
      lines.push(`${note.file} ${note.field}: "${note.value}" ${what}, ${rows}`);
    }
  }
  list('without created_at (known from this import only)', report.audit.missingCreatedAt);
  const defaulted = Object.values(report.audit.defaultedKnownAt);
  if (defaulted.length) {
    const rows = defaulted.reduce((sum, n) => sum + n, 0).toLocaleString('en');
    lines.push(`without known_at, so taken as known when it happened: ${rows} rows of ${defaulted.length} files`);
  }
  list('references to records that never came', report.audit.dangling);
  list('no history (stored, not learned from)', report.audit.noHistory);
  if (report.audit.usersWithoutDeals) lines.push(`users who own no deal: ${report.audit.usersWithoutDeals}`);
  if (report.audit.defects.length) {
    lines.push('', 'what the records lack, and what that costs:');
    for (const { says } of report.audit.defects) lines.push(`  ${says}`);
  }
  lines.push(
    '',
    ...(isAsBefore ? ['the database as it stands, without this export:'] : []),
    `deal model: ${readiness.deal.says}; ${readiness.deal.open.toLocaleString('en')} open`,
    ...(readiness.lead.method === 'none' ? [] : [`lead model: ${readiness.lead.says}`]),
    ...(readiness.churn.customers === 0 ? [] : [`churn model: ${readiness.churn.says}`]),
    `${readiness.monthsCovered} months covered, newest knowledge ${readiness.newestKnownAt ?? 'none'}`,
    `fields with history: ${readiness.withHistory.join(', ') || 'none'}`,
    ...readiness.next.map((next, i) => `${i === 0 ? 'export next:' : '            '} ${next}`),
    '',
    report.dryRun
      ? `dry run: nothing was kept (${seconds} s)`
      : `done: ${report.total.accepted.toLocaleString('en')} rows accepted in ${seconds} s. Next: foresell train --model all${db === './foresell.db' ? '' : ` --db ${db}`}`,
  );
  return lines.join('\n');
}
