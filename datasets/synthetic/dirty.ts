import { type Random, random } from '../../src/random.ts';
import { type RecordDeclaration, type RecordKind, records } from '../../src/records.ts';
import { DIRTY_SHARE } from './constants.ts';
import { pick } from './draws.ts';
import { cell } from './lines.ts';

/** A row that was spoiled, and what an import should do with it. */
export interface Spoiled {
  readonly file: string;
  /** Line of the file on which the row ends, the header being line 1. */
  readonly line: number;
  /** The defect. */
  readonly kind: string;
  /** Column, where there is one. */
  readonly field: string;
  /** `reject` with `code` · `accept` without a word · `warn`: accept, and count it · `unchanged`: a row that came before. */
  readonly expect: 'reject' | 'accept' | 'warn' | 'unchanged';
  readonly code: string;
}

type Column = readonly [name: string, i: number];
interface Defect {
  readonly kind: string;
  readonly expect: Spoiled['expect'];
  readonly code: string;
  /** Columns that it can befall. */
  columns(kind: RecordKind, headers: readonly string[], cells: readonly string[]): readonly Column[];
  /** Cells afterwards; `again`: the row itself came first. */
  spoil(cells: string[], at: number, draw: Random): string[];
  readonly again?: true;
  /** At most so often in a file. */
  readonly most?: number;
}

const declared = (kind: RecordKind, test: (column: RecordDeclaration['columns'][string], name: string) => boolean) => {
  const { columns }: RecordDeclaration = records[kind];
  return Object.entries(columns).flatMap(([name, column], i): Column[] => (test(column, name) ? [[name, i]] : []));
};
const set =
  (value: string | ((old: string, draw: Random) => string)) => (cells: string[], at: number, draw: Random) => {
    cells[at] = typeof value === 'string' ? value : value(cells[at]!, draw);
    return cells;
  };
const one = (...values: readonly string[]) => set((_, draw) => pick(values, draw));
const ofType =
  (...types: readonly string[]) =>
  (kind: RecordKind) =>
    declared(kind, ({ type }, name) => types.includes(type) && name !== 'currency' && kind !== 'change');
/** Words that are free: neither ids, nor what others look up. */
const freeText = (kind: RecordKind) =>
  declared(kind, ({ type }, name) => (type === 'text' || type === 'person') && kind !== 'change' && name !== 'quote_id' && name !== 'pipeline' && name !== 'email'); // biome-ignore format: one test

/** Every defect of a row; those of whole files are beside the bundle, in `truth/refused`. */
const DEFECTS: readonly Defect[] = [
  { kind: 'required cell empty', expect: 'reject', code: 'required-empty', columns: (kind) => declared(kind, ({ required }) => required), spoil: set('') },
  { kind: 'impossible or undeclared form of date', expect: 'reject', code: 'time-invalid', columns: ofType('time'), spoil: one('2026-04-31', '2026-05-02T24:00:00+07:00', '2569-05-02', '02/03/2026', '1770000000', '5/1/69', '31 ม.ค. 2569') },
  { kind: 'number in another form', expect: 'reject', code: 'number-invalid', columns: ofType('number', 'integer'), spoil: one('1,234', '12abc', 'NaN', '1e309', '0x1f', '๑๒', '9007199254740993', 'Infinity', '--5') },
  { kind: 'amount in another form', expect: 'reject', code: 'money-invalid', columns: ofType('money'), spoil: one('฿1200', '1,200.00', '1.200,00', 'NaN', '1e309', '12.345', '๑๒๐๐', '1 200') },
  { kind: 'word that is not of the list', expect: 'reject', code: 'level-unknown', columns: (kind) => declared(kind, ({ levels }) => levels !== undefined), spoil: set('perhaps') },
  { kind: 'currency that is none', expect: 'reject', code: 'currency-unknown', columns: (kind) => declared(kind, ({ type }, name) => type === 'code' && name === 'currency'), spoil: one('THX', 'baht', '฿') },
  { kind: 'a cell too many', expect: 'reject', code: 'cells-count', columns: () => [['', 0]], spoil: (cells) => [...cells, 'extra'] },
  { kind: 'a cell too few', expect: 'reject', code: 'cells-count', columns: () => [['', 0]], spoil: (cells) => cells.slice(0, -1) },
  { kind: 'control character', expect: 'reject', code: 'control-character', columns: freeText, spoil: set((old) => `${old}\u0000`) },
  { kind: 'cell beyond the longest', expect: 'reject', code: 'cell-too-long', columns: freeText, spoil: set(() => 'long '.repeat(60_000)), most: 1 },
  { kind: 'the same row again', expect: 'unchanged', code: '', columns: () => [['', 0]], spoil: (cells) => cells, again: true },
  { kind: 'line break and quotes in a cell', expect: 'accept', code: '', columns: freeText, spoil: set((old) => `${old}\n"quoted", second line`) },
  { kind: 'bidi, stacked marks, zero-width space, both sara am', expect: 'accept', code: '', columns: freeText, spoil: one('\u202Etxt.exe', 'ก\u0E49\u0E49\u0E49\u0E49\u0E49\u0E49', 'น\u200Bา', 'น้ำ นํ้า น้ํา') },
  { kind: 'formula of a spreadsheet', expect: 'accept', code: '', columns: freeText, spoil: one('=HYPERLINK("http://x.example","y")', '+66 2 555', '@SUM(A1)', '-1+1') },
  { kind: 'spaces around a value', expect: 'accept', code: '', columns: (kind, _, cells) => ofType('number', 'integer', 'money', 'time')(kind).filter(([, i]) => cells[i] !== ''), spoil: set((old) => `  ${old} `) },
  { kind: 'optional number empty: missing, not nought', expect: 'accept', code: '', columns: (kind) => declared(kind, ({ type, required }) => (type === 'number' || type === 'integer') && !required), spoil: set('') },
  { kind: 'reference to nobody', expect: 'warn', code: '', columns: (kind, _, cells) => declared(kind, ({ type }) => type === 'ref').filter(([, i]) => cells[i] !== ''), spoil: set('NOBODY-1') },
]; // biome-ignore format: a table

/** Kinds without which the rest means nothing. */
const SPARED: readonly RecordKind[] = ['stage', 'team', 'user'];

export interface Spoiler {
  readonly spoiled: readonly Spoiled[];
  header(kind: RecordKind, headers: readonly string[]): string;
  /** The row as it is to be written, now and then spoiled. */
  row(kind: RecordKind, headers: readonly string[], cells: string[]): { readonly text: string; readonly rows: number };
}

/** Spoils about two rows in a hundred, each in one way; files of products come with a byte order mark and CRLF, as Excel writes them. */
export function spoiler(seed: number): Spoiler {
  const spoiled: Spoiled[] = [];
  const draws = new Map<RecordKind, Random>();
  const lines = new Map<RecordKind, number>();
  const times = new Map<string, number>();
  const end = (kind: RecordKind) => (kind === 'product' ? '\r\n' : '\n');
  const write = (kind: RecordKind, cells: readonly string[]) => {
    const breaks = cells.reduce((sum, text) => sum + (text.match(/\r\n|\n|\r/g)?.length ?? 0), 0);
    lines.set(kind, (lines.get(kind) ?? 0) + 1 + breaks);
    return cells.map(cell).join(',') + end(kind);
  };
  return {
    spoiled,
    header(kind, headers) {
      draws.set(kind, random(seed).fork(`dirty ${kind}`));
      return (kind === 'product' ? '\uFEFF' : '') + write(kind, headers);
    },
    row(kind, headers, cells) {
      const draw = draws.get(kind)!;
      if (SPARED.includes(kind) || draw.uniform() >= DIRTY_SHARE) return { text: write(kind, cells), rows: 1 };
      const possible = DEFECTS.filter((defect) => (times.get(`${kind} ${defect.kind}`) ?? 0) < (defect.most ?? Number.POSITIVE_INFINITY) && defect.columns(kind, headers, cells).length > 0); // biome-ignore format: one look
      const defect = pick(possible, draw);
      const name = `${kind} ${defect.kind}`;
      times.set(name, (times.get(name) ?? 0) + 1);
      const [field, at] = pick(defect.columns(kind, headers, cells), draw);
      const before = defect.again ? write(kind, cells) : '';
      const text = before + write(kind, defect.spoil([...cells], at, draw));
      spoiled.push({ file: records[kind].file, line: lines.get(kind)!, kind: defect.kind, field, expect: defect.expect, code: defect.code }); // biome-ignore format: a row
      return { text, rows: defect.again ? 2 : 1 };
    },
  };
}

/** A file that an import must refuse as a whole (or read, where so said), by the bytes that it holds. */
export interface RefusedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly expect: 'refuse' | 'accept' | 'accept where declared';
  readonly code: string;
  readonly kind: string;
}

/** Damaged files, which cannot stand in the bundle since one of them refuses it whole: each to be put in the place of accounts.csv. */
export function damagedFiles(): readonly RefusedFile[] {
  const utf8 = (text: string) => new TextEncoder().encode(text);
  const row = 'id,name,industry\nA0001,สยาม,Food\n';
  const thai = [...'สยาม'].map((letter) => letter.codePointAt(0)! - 0x0e00 + 0xa0);
  const windows874 = Uint8Array.from([...utf8('id,name,industry\nA0001,'), ...thai, ...utf8(',Food\n')]);
  const utf16 = new Uint8Array(2 + 2 * row.length);
  const view = new DataView(utf16.buffer);
  view.setUint16(0, 0xfeff, true);
  [...row].forEach((letter, i) => {
    view.setUint16(2 + 2 * i, letter.charCodeAt(0), true);
  });
  return [
    { name: 'windows-874.csv', bytes: windows874, expect: 'accept where declared', code: 'encoding-invalid', kind: 'Thai in Windows-874 (TIS-620)' },
    { name: 'utf-16.csv', bytes: utf16, expect: 'accept where declared', code: 'encoding-invalid', kind: 'UTF-16 with its mark' },
    { name: 'invalid-bytes.csv', bytes: Uint8Array.from([...utf8('id,name\nA0001,'), 0xff, 0xfe, 0xc3, 0x0a]), expect: 'refuse', code: 'encoding-invalid', kind: 'bytes that are not UTF-8' },
    { name: 'unclosed-quote.csv', bytes: utf8('id,name\nA0001,"never closed\nA0002,b\n'), expect: 'refuse', code: 'csv-broken', kind: 'a quote that is never closed' },
    { name: 'duplicate-header.csv', bytes: utf8('id,name,name\nA0001,a,b\n'), expect: 'refuse', code: 'header-duplicate', kind: 'a column named twice' },
    { name: 'empty.csv', bytes: new Uint8Array(0), expect: 'refuse', code: 'header-missing', kind: 'no header' },
    { name: 'required-column-missing.csv', bytes: utf8('name,industry\nSiam,Food\n'), expect: 'refuse', code: 'column-missing', kind: 'no column id' },
    { name: 'prototype-columns.csv', bytes: utf8('id,name,__proto__,constructor\nA0001,a,x,y\n'), expect: 'accept', code: '', kind: 'columns named like parts of an object' },
    { name: 'reordered-header.csv', bytes: utf8('\uFEFFindustry,name,id\r\nFood,a,A0001\r\n'), expect: 'accept', code: '', kind: 'columns in another order, with a mark and CRLF' },
  ]; // biome-ignore format: a table
}
