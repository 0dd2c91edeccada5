import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type CompanySettings, parseSettings } from '../company.ts';
import { dateReader } from '../dates.ts';
import { ForesellError } from '../errors.ts';
import { matchKey } from '../matching.ts';
import { parseInstant } from '../time.ts';
import type { Bundle, SourceRow, SourceTable } from './bundle.ts';
import { type CsvOptions, delimiterOf, readHeader, readRows } from './csv.ts';
import { fileIdentity, readJson } from './folder.ts';
import { type Expression, type ImportMap, type Join, type RecordMap, readMap } from './map.ts';
import { type Cells, type Joined, Notes, type Place, stepsOf, testOf } from './mapValue.ts';

interface File {
  readonly path: string;
  readonly header: readonly string[];
  readonly place: Place;
  readonly options: CsvOptions;
}

/** What a map needs to be read with. */
export interface MappedOptions extends CsvOptions {
  /** Settings that count where the map has none of its own, as those of a shipped map. */
  readonly settings?: CompanySettings | undefined;
}

/**
 * A folder of any CSV files read by a map. Checks that every file and column it names is there, but for what it calls
 * optional; reads headers only. A map without settings takes the folder's `company.json`, else leaves those of the database.
 */
export async function mappedFolder(
  folder: string,
  mapPath: string,
  asked: MappedOptions = {},
): Promise<{ bundle: Bundle; name: string }> {
  const map = readMap(mapPath);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new ForesellError('folder-missing', `${folder} is not a folder; give the one that holds the map's files`);
  const options: CsvOptions = {
    encoding: asked.encoding ?? map.encoding,
    delimiter: asked.delimiter ?? (map.delimiter === undefined ? undefined : delimiterOf(map.delimiter)),
  };
  const files = new Map<string, File>();
  for (const [name, { any, optional }] of Object.entries(map.files)) {
    const found = any.flatMap((file) => [file, `${file}.gz`]).find((file) => existsSync(join(folder, file)));
    if (found !== undefined) files.set(name, await openFile(join(folder, found), options));
    else if (!optional) throw new ForesellError('file-missing', `the map's file "${name}" is not at ${any.map((file) => join(folder, file)).join(' or ')}`); // biome-ignore format: one sentence
  }
  const company = map.hasSettings ? undefined : companyFile(folder);
  const settings = map.hasSettings ? map.settings : (company ?? asked.settings ?? map.settings);
  const notes = new Notes();
  const context: Context = { files, settings, notes, joins: new Map() };
  const tables = map.records.flatMap((record) => (files.has(record.from) ? [tableOf(record, context)] : []));
  if (tables.length === 0) {
    const names = Object.values(map.files).map(({ any }) => any[0]);
    throw new ForesellError('bundle-empty', `${folder} has none of the map's files (${names.join(', ')})`);
  }
  if (map.stages.length) tables.push(stagesOf(map, basename(mapPath)));
  const read = [...files.values()].map(({ path }) => basename(path));
  const used = new Set(['company.json', ...Object.values(map.files).flatMap(({ any }) => any), ...read]);
  const ignored = readdirSync(folder).filter((name) => !used.has(name)).sort(); // biome-ignore format: a row
  const own = map.hasSettings ? map.settings : company;
  return { bundle: { settings: own, tables, ignored, notes: () => notes.all() }, name: map.name };
}

interface Context {
  readonly files: ReadonlyMap<string, File>;
  readonly settings: CompanySettings;
  readonly notes: Notes;
  /** What each look-up has found, read once. */
  readonly joins: Map<string, Joined>;
}

function companyFile(folder: string): CompanySettings | undefined {
  const path = join(folder, 'company.json');
  return existsSync(path) ? parseSettings(readJson(path), path) : undefined;
}

async function openFile(path: string, options: CsvOptions): Promise<File> {
  const header = await readHeader(path, options);
  const at = new Map(header.map((column, i) => [column, i] as const));
  const place = (column: string): number => {
    const i = at.get(column);
    if (i !== undefined) return i;
    throw new ForesellError('column-missing', `${basename(path)}: no column "${column}"; it has ${header.join(', ')}`);
  };
  return { path, header, place, options };
}

/** An expression as this file can answer it; undefined where it is optional and cannot. */
function within(value: Expression, file: File, files: Context['files']): Expression | undefined {
  if (!value.optional) return value;
  if (value.join && !files.has(value.join.file)) return undefined;
  const has = (column: string | undefined) => column === undefined || file.header.includes(column);
  const { else: other, ...rest } = value;
  const source = [value.column, value.first, value.last, value.min, value.max, value.previous].find(Boolean);
  if (has(source)) return has(other) ? value : rest;
  return other !== undefined && value.column !== undefined && has(other) ? { ...rest, column: other } : undefined;
}

function tableOf(asked: RecordMap, context: Context): SourceTable {
  const { files, settings, notes } = context;
  const file = files.get(asked.from)!;
  const kept = Object.entries(asked.columns).flatMap(([name, value]) => {
    const found = within(value, file, files);
    return found ? [[name, found] as const] : [];
  });
  const record: RecordMap = { ...asked, columns: Object.fromEntries(kept) };
  const columns = kept.map(([name]) => name);
  const label = `${basename(file.path)} as ${record.kind}`;
  const wheres = [record.where, ...kept.map(([, value]) => value.where)];
  const joins = [
    ...kept.flatMap(([, value]) => value.join ?? []),
    ...wheres.flatMap((where) =>
      Object.values(where ?? {}).flatMap((matcher) => ('join' in matcher ? matcher.join : [])),
    ),
  ];
  for (const join of joins) for (const column of [join.on, ...placesIn(join.take)]) files.get(join.file)?.place(column);
  const found = (join: Join): Joined => context.joins.get(JSON.stringify(join)) ?? new Map();
  // Made now, so that a column that is not there is found before anything is written.
  const make = () => (record.group === undefined ? rowByRow : byGroup)(record, file, settings, found);
  make();
  const steps = kept.map(([field, value]) => {
    const at = { file: label, field, zone: settings.time_zone };
    stepsOf(value, at, notes, undefined); // a wrong date format is found now, too
    return () => stepsOf(value, at, notes, value.join && found(value.join));
  });
  const isDeleted = deletedBy(record, file);
  const sortAt = record.sort === undefined ? undefined : file.place(record.sort);
  return {
    kind: record.kind,
    file: label,
    columns,
    forms: Object.fromEntries(kept.flatMap(([name, { date }]) => (date ? [[name, date.format]] : []))),
    ...fileIdentity(file.path, file.options, JSON.stringify([asked, settings])),
    rows: async function* (onBytes) {
      for (const join of joins) {
        const key = JSON.stringify(join);
        const other = files.get(join.file);
        if (other && !context.joins.has(key)) context.joins.set(key, await joinOf(other, join));
      }
      const finishing = steps.map((step) => step());
      const source = make();
      const finish = (cells: string[]) => {
        for (let i = 0; i < cells.length; i++) cells[i] = finishing[i]!(cells[i]!);
        return cells;
      };
      const all = readRows(file.path, file.header.length, { ...file.options, onBytes });
      for await (const row of sortAt === undefined ? all : sorted(all, sortAt, settings.time_zone)) {
        if (row.refused) {
          yield row;
          continue;
        }
        if (isDeleted(row.cells)) {
          notes.add({ file: label, field: '', code: 'deleted', value: '' });
          continue;
        }
        if (source.isNameless?.(row.cells)) {
          const message = `${record.group} is empty, so the row belongs to no ${record.kind}`;
          yield { ...row, refused: { code: 'group-empty', message } };
          continue;
        }
        const cells = source.take(row);
        if (cells) yield { line: row.line, cells: finish(cells) };
      }
      for (const { line, cells } of source.rest()) yield { line, cells: finish(cells) };
    },
  };
}

const TRUE = new Set(['true', 't', 'yes', 'y', '1']);
const FALSE = new Set(['false', 'f', 'no', 'n', '0']);

/** Whether one of the columns that say so says that a row is deleted; columns that the file lacks say nothing. */
function deletedBy(record: RecordMap, file: File): (cells: Cells) => boolean {
  const signs = Object.entries(record.deleted ?? {}).flatMap(([column, value]) =>
    file.header.includes(column) ? [{ i: file.place(column), words: value ? TRUE : FALSE }] : [],
  );
  return (cells) => signs.some(({ i, words }) => words.has(cells[i]!.trim().toLowerCase()));
}

/** Rows in order of a time, those of the same time in the order of the file. Holds them all. */
async function* sorted(rows: AsyncIterable<SourceRow>, at: number, zone: string): AsyncGenerator<SourceRow> {
  const read = dateReader({ format: 'sql' }, zone);
  const all: { readonly row: SourceRow; readonly when: number }[] = [];
  for await (const row of rows) {
    if (row.refused) yield row;
    else all.push({ row, when: parseInstant(read(row.cells[at]!), zone) ?? Number.POSITIVE_INFINITY });
  }
  all.sort((a, b) => (a.when < b.when ? -1 : a.when > b.when ? 1 : 0));
  for (const { row } of all) yield row;
}

interface Reading {
  /** Whether a row is meant and names no group; absent where rows stand alone. */
  readonly isNameless?: (cells: Cells) => boolean;
  /** The record that this row completes; undefined where it makes none. */
  take(row: SourceRow): string[] | undefined;
  /** Those that only the end of the file completes. */
  rest(): Iterable<{ readonly line: number; readonly cells: string[] }>;
}

/** One record for each row that is meant. */
function rowByRow(record: RecordMap, file: File, settings: CompanySettings, found: Finder): Reading {
  const meant = testOf(record.where, file.place, found);
  const by = [record.by ?? []].flat().map(file.place);
  const keyOf = (cells: Cells) => by.map((i) => cells[i]!).join('\u0000');
  const watched = record.only_changes === undefined ? undefined : file.place(record.only_changes);
  const last = new Map<string, string>();
  const memories: ((key: string, cells: Cells) => void)[] = [];
  const values = Object.values(record.columns).map((value) => {
    const plain = plainValue(value, file.place, settings);
    const otherwise = value.else === undefined ? undefined : file.place(value.else);
    const orElse = (text: string, cells: Cells) => (text === '' && otherwise !== undefined ? cells[otherwise]! : text);
    const counts = testOf(value.where, file.place, found);
    if (plain && value.where === undefined) return (_key: string, cells: Cells) => orElse(plain(cells), cells);
    if (plain) return (_key: string, cells: Cells) => (counts(cells) ? orElse(plain(cells), cells) : '');
    const i = file.place(value.previous!);
    const memory = new Map<string, string>();
    memories.push((key, cells) => {
      if (counts(cells)) memory.set(key, cells[i]!);
    });
    return (key: string, cells: Cells) => {
      const text = memory.get(key) ?? '';
      if (value.once) memory.delete(key);
      return orElse(text, cells);
    };
  });
  return {
    take: ({ cells }) => {
      const key = keyOf(cells);
      let made: string[] | undefined;
      if (meant(cells) && (watched === undefined || last.get(key) !== cells[watched]!)) {
        made = values.map((value) => value(key, cells));
        if (watched !== undefined) last.set(key, cells[watched]!);
      }
      for (const remember of memories) remember(key, cells);
      return made;
    },
    rest: () => [],
  };
}

/** One record for each value of the group's column, in the order in which they first came. */
function byGroup(record: RecordMap, file: File, settings: CompanySettings, found: Finder): Reading {
  const meant = testOf(record.where, file.place, found);
  const group = file.place(record.group!);
  const values = Object.values(record.columns).map((value) => gathered(value, file.place, settings, found));
  const groups = new Map<string, { readonly line: number; readonly cells: string[] }>();
  return {
    isNameless: (cells) => cells[group]!.trim() === '' && meant(cells),
    take: ({ line, cells }) => {
      const key = cells[group]!;
      if (!meant(cells)) return undefined;
      let made = groups.get(key);
      const isFirst = made === undefined;
      if (made === undefined) groups.set(key, (made = { line, cells: values.map(() => '') }));
      for (let i = 0; i < values.length; i++) made.cells[i] = values[i]!(made.cells[i]!, cells, isFirst);
      return undefined;
    },
    rest: () => groups.values(),
  };
}

/** The value so far and the next row make the next value so far. */
function gathered(value: Expression, place: Place, settings: CompanySettings, found: Finder) {
  const zone = settings.time_zone;
  const plain = plainValue(value, place, settings);
  if (plain) return (so: string, cells: Cells, isFirst: boolean) => (isFirst ? plain(cells) : so);
  const counts = testOf(value.where, place, found);
  const i = place((value.first ?? value.last ?? value.min ?? value.max)!);
  const takes: (so: string, text: string) => boolean =
    value.first !== undefined
      ? (so) => so === ''
      : value.last !== undefined
        ? () => true
        : value.min !== undefined
          ? (so, text) => so === '' || less(text, so, zone)
          : (so, text) => so === '' || less(so, text, zone);
  return (so: string, cells: Cells) => {
    const text = cells[i]!;
    return text !== '' && counts(cells) && takes(so, text) ? text : so;
  };
}

/** Times and numbers by their size, other texts by their characters. */
function less(a: string, b: string, zone: string): boolean {
  const [timeA, timeB] = [parseInstant(a, zone), parseInstant(b, zone)];
  if (timeA !== undefined && timeB !== undefined) return timeA < timeB;
  const [x, y] = [Number(a), Number(b)];
  return Number.isNaN(x) || Number.isNaN(y) ? a < b : x < y;
}

/** A value that one row gives by itself. */
function plainValue(
  value: Expression,
  place: Place,
  settings: CompanySettings,
): ((cells: Cells) => string) | undefined {
  const { column, constant, setting, template } = value;
  if (constant !== undefined) return () => constant;
  if (setting !== undefined) return () => settings[setting];
  if (column !== undefined) {
    const i = place(column);
    return (cells) => cells[i]!;
  }
  return template === undefined ? undefined : filled(template, place);
}

/** Text with the cells of its `{column}`s; blanks at its ends, which empty cells leave, dropped. */
function filled(template: string, place: Place): (cells: Cells) => string {
  const pieces = template.split(/\{([^}]+)\}/).map((part, n) => (n % 2 ? place(part) : part));
  return (cells) => pieces.map((piece) => (typeof piece === 'number' ? cells[piece]! : piece)).join('').trim(); // biome-ignore format: a row
}

/** The columns that a `take` names. */
const placesIn = (take: string): string[] => (take.includes('{') ? [...take.matchAll(/\{([^}]+)\}/g)].map((found) => found[1]!) : [take]); // biome-ignore format: one choice

type Finder = (join: Join) => Joined;

/** What a look-up finds: for each value of `on`, `take` of the first row that has it. Holds the two columns. */
async function joinOf(file: File, { on, take }: Join): Promise<Joined> {
  const key = file.place(on);
  const value = filled(take.includes('{') ? take : `{${take}}`, file.place);
  const found = new Map<string, string>();
  for await (const { cells, refused } of readRows(file.path, file.header.length, file.options)) {
    if (refused) continue;
    const name = matchKey(cells[key]!);
    if (!found.has(name)) found.set(name, value(cells));
  }
  return found;
}

function stagesOf(map: ImportMap, file: string): SourceTable {
  const columns = ['pipeline', 'stage', 'rank', 'kind', 'category'] as const;
  return {
    kind: 'stage',
    file: `${file} as stage`,
    columns,
    rows: async function* () {
      for (const [i, stage] of map.stages.entries())
        yield { line: i + 1, cells: columns.map((name) => String(stage[name] ?? '')) };
    },
  };
}
