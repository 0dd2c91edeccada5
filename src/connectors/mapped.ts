import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ForesellError } from '../errors.ts';
import { parseInstant } from '../time.ts';
import type { Bundle, SourceRow, SourceTable } from './bundle.ts';
import { readHeader, readRows } from './csv.ts';
import { type Expression, type ImportMap, type RecordMap, readMap } from './map.ts';
import { type Cells, type Joined, Notes, type Place, stepsOf, testOf } from './mapValue.ts';

interface File {
  readonly name: string;
  readonly path: string;
  readonly header: readonly string[];
  readonly place: Place;
}

/** A folder of any CSV files read by a map. Checks that every file and column it names is there; reads headers only. */
export async function mappedFolder(folder: string, mapPath: string): Promise<{ bundle: Bundle; name: string }> {
  const map = readMap(mapPath);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new ForesellError('folder-missing', `${folder} is not a folder; give the one that holds the map's files`);
  const files = new Map<string, File>();
  for (const [name, file] of Object.entries(map.files)) files.set(name, await openFile(name, join(folder, file)));
  const notes = new Notes();
  const tables: SourceTable[] = map.records.map((record) => tableOf(record, map, files, notes));
  if (map.stages.length) tables.push(stagesOf(map, basename(mapPath)));
  const used = new Set(Object.values(map.files));
  const ignored = readdirSync(folder).filter((name) => !used.has(name)).sort(); // biome-ignore format: a row
  return { bundle: { settings: map.settings, tables, ignored, notes: () => notes.all() }, name: map.name };
}

async function openFile(name: string, path: string): Promise<File> {
  if (!existsSync(path)) throw new ForesellError('file-missing', `the map's file "${name}" is not at ${path}`);
  const header = await readHeader(path);
  const at = new Map(header.map((column, i) => [column, i] as const));
  const place = (column: string): number => {
    const i = at.get(column);
    if (i !== undefined) return i;
    throw new ForesellError('column-missing', `${basename(path)}: no column "${column}"; it has ${header.join(', ')}`);
  };
  return { name, path, header, place };
}

function tableOf(record: RecordMap, map: ImportMap, files: ReadonlyMap<string, File>, notes: Notes): SourceTable {
  const file = files.get(record.from)!;
  const columns = Object.keys(record.columns);
  const label = `${basename(file.path)} as ${record.kind}`;
  // Made now, so that a column that is not there is found before anything is written.
  const make = () => (record.group === undefined ? rowByRow : byGroup)(record, file, map.settings.time_zone);
  make();
  for (const value of Object.values(record.columns)) {
    if (!value.join) continue;
    const other = files.get(value.join.file)!;
    other.place(value.join.on);
    other.place(value.join.take);
  }
  return {
    kind: record.kind,
    file: label,
    columns,
    rows: async function* () {
      const steps: ((text: string) => string)[] = [];
      for (const [field, value] of Object.entries(record.columns)) {
        const joined = value.join ? await joinOf(files.get(value.join.file)!, value.join) : undefined;
        steps.push(stepsOf(value, { file: label, field, zone: map.settings.time_zone }, notes, joined));
      }
      const source = make();
      const finish = (cells: string[]) => {
        for (let i = 0; i < cells.length; i++) cells[i] = steps[i]!(cells[i]!);
        return cells;
      };
      for await (const row of readRows(file.path, file.header.length)) {
        if (row.refused) {
          yield row;
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

interface Reading {
  /** Whether a row is meant and names no group; absent where rows stand alone. */
  readonly isNameless?: (cells: Cells) => boolean;
  /** The record that this row completes; undefined where it makes none. */
  take(row: SourceRow): string[] | undefined;
  /** Those that only the end of the file completes. */
  rest(): Iterable<{ readonly line: number; readonly cells: string[] }>;
}

/** One record for each row that is meant. */
function rowByRow(record: RecordMap, file: File): Reading {
  const meant = testOf(record.where, file.place);
  const by = [record.by ?? []].flat().map(file.place);
  const keyOf = (cells: Cells) => by.map((i) => cells[i]!).join('\u0000');
  const watched = record.only_changes === undefined ? undefined : file.place(record.only_changes);
  const last = new Map<string, string>();
  const memories: ((key: string, cells: Cells) => void)[] = [];
  const values = Object.values(record.columns).map((value) => {
    const plain = plainValue(value, file.place);
    const otherwise = value.else === undefined ? undefined : file.place(value.else);
    const orElse = (text: string, cells: Cells) => (text === '' && otherwise !== undefined ? cells[otherwise]! : text);
    if (plain) return (_key: string, cells: Cells) => orElse(plain(cells), cells);
    const i = file.place(value.previous!);
    const counts = testOf(value.where, file.place);
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
function byGroup(record: RecordMap, file: File, zone: string): Reading {
  const meant = testOf(record.where, file.place);
  const group = file.place(record.group!);
  const values = Object.values(record.columns).map((value) => gathered(value, file.place, zone));
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
function gathered(value: Expression, place: Place, zone: string) {
  const plain = plainValue(value, place);
  if (plain) return (so: string, cells: Cells, isFirst: boolean) => (isFirst ? plain(cells) : so);
  const counts = testOf(value.where, place);
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
function plainValue(value: Expression, place: Place): ((cells: Cells) => string) | undefined {
  const { column, constant, template } = value;
  if (constant !== undefined) return () => constant;
  if (column !== undefined) {
    const i = place(column);
    return (cells) => cells[i]!;
  }
  if (template === undefined) return undefined;
  const parts = template.split(/\{([^}]+)\}/);
  const pieces = parts.map((part, n) => (n % 2 ? place(part) : part));
  return (cells) => pieces.map((piece) => (typeof piece === 'number' ? cells[piece]! : piece)).join('');
}

async function joinOf(file: File, join: { readonly on: string; readonly take: string }): Promise<Joined> {
  const [on, take] = [file.place(join.on), file.place(join.take)];
  const found = new Map<string, string>();
  for await (const { cells, refused } of readRows(file.path, file.header.length))
    if (!refused && !found.has(cells[on]!)) found.set(cells[on]!, cells[take]!);
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
