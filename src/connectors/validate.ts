import type { Company } from '../company.ts';
import { ForesellError } from '../errors.ts';
import { formatMinor, isCurrency, parseMinor } from '../money.ts';
import { type Column, type RecordDeclaration, type RecordKind, records } from '../records.ts';
import type { SqlValue } from '../store/rows.ts';
import { formatInstant, knownAfter, parseInstant } from '../time.ts';

/** The longest cell that is kept, in UTF-16 units. */
export const MAX_CELL = 262_144;

/** Why a row is refused: the first cell that is wrong. */
export interface Fault {
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

/** A row that was believed: its name and its values in the order of the table, without `imported_at`. */
export interface Checked {
  readonly key: string;
  readonly values: SqlValue[];
}

/** Which columns of a kind a file has, and how its rows are checked. */
export interface Checker {
  /** Bit i: the file says something about column i of the table (declared, then known_at, custom). */
  readonly mask: number;
  readonly custom: readonly string[];
  /** @param currencyOf of records already known, for amounts whose row does not say their currency */
  check(cells: readonly string[], currencyOf?: CurrencyOf): Checked | Fault;
}

/** The currency of a record by its key; null where it has none, undefined where there is no such record. */
export type CurrencyOf = (key: string, of?: RecordKind) => string | null | undefined;

export const isFault = (result: Checked | Fault): result is Fault => 'code' in result;

const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;
// Halves of the characters that take two, and those that stand alone: the first look is the cheap one.
const HALF = /[\uD800-\uDFFF]/;
const LONE_HALF = /\p{Surrogate}/u;
// Control characters other than tab and line breaks are damage or an attack, never a name; U+FFFD stands where a
// program before us lost a character.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFD]/;

/** The canonical id of a source's own. */
export const canonical = (source: string, id: string): string => `${source}:${id}`;

/** The canonical id of one that a row gives, by the kind that it names; `isOwn`: of the row itself. */
export type Naming = (id: string, of: RecordKind, isOwn: boolean) => string;

/**
 * Checks rows of one kind by its declaration. Nothing is guessed: a cell that is not of its declared form refuses its
 * row, and a missing required column refuses the file.
 * @param source of which all ids are, or how ids are named
 * @param forms how times of a column are declared to be written, for messages
 */
export function checkerFor(
  kind: RecordKind,
  file: string,
  header: readonly string[],
  source: string | Naming,
  company: Company,
  forms: Readonly<Record<string, string>> = {},
): Checker {
  const declaration: RecordDeclaration = records[kind];
  const naming: Naming = typeof source === 'string' ? (id) => canonical(source, id) : source;
  const columns = Object.entries(declaration.columns);
  const place = new Map(header.map((name, i) => [name, i] as const));
  const missing = columns.filter(([name, column]) => column.required && !place.has(name)).map(([name]) => name);
  if (missing.length) {
    throw new ForesellError(
      'column-missing',
      `${file}: no column ${missing.map((name) => `"${name}"`).join(', ')}; it has ${header.join(', ')}. Nothing was imported`,
      { path: `${file}.${missing[0]}` },
    );
  }
  const at = columns.map(([name]) => place.get(name));
  const knownAt = place.get('known_at');
  const currencyAt = place.get('currency');
  const extra = header.flatMap((name, i) =>
    name === '' || Object.hasOwn(declaration.columns, name) || name === 'known_at' ? [] : [{ name, i }],
  );
  const { base_currency: base, time_zone: zone } = company.settings;
  const change = kind === 'change' ? changeChecker(naming, zone, base) : kind === 'removal' ? removalChecker(naming) : undefined; // biome-ignore format: one choice
  const spans = spanChecker(declaration, company);
  const keyPlaces = declaration.key.map((name) => columns.findIndex(([column]) => column === name));
  const ownId = declaration.key.length === 1 && declaration.key[0] === 'id';

  const check = (cells: readonly string[], currencyOf?: CurrencyOf): Checked | Fault => {
    for (let i = 0; i < cells.length; i++) {
      const fault = textFault(cells[i]!, header[i]!);
      if (fault) return fault;
    }
    const values: SqlValue[] = new Array(columns.length + 2);
    for (let i = 0; i < columns.length; i++) {
      const [name, column] = columns[i]!;
      const text = at[i] === undefined ? '' : cells[at[i]!]!;
      const trimmed = column.type === 'text' || column.type === 'person' ? text : text.trim();
      if (trimmed.trim() === '') {
        if (column.required) return { field: name, code: 'required-empty', message: 'is empty and is required' };
        values[i] = null;
        continue;
      }
      // Kinds of which a file may lack the currency have ids of their own, which come first.
      const currency =
        currencyAt !== undefined
          ? cells[currencyAt]!.trim() || base
          : ((column.type === 'money' && ownId ? currencyOf?.(values[keyPlaces[0]!] as string) : undefined) ?? base);
      const value = cellValue(trimmed, name, column, { kind, naming, zone, currency, form: forms[name] });
      if (value !== null && typeof value === 'object') return value;
      values[i] = value;
    }
    const learned = knownAt === undefined ? '' : cells[knownAt]!.trim();
    const knownValue = learned === '' ? null : parseInstant(learned, zone);
    if (knownValue === undefined) return timeFault('known_at', learned, forms['known_at']);
    values[columns.length] = knownValue;
    values[columns.length + 1] = customOf(extra, cells);
    const wrong = change?.(values, currencyOf) ?? spans(values);
    if (wrong) return wrong;
    const key = ownId ? (values[keyPlaces[0]!] as string) : keyPlaces.map((i) => values[i] ?? '').join('|');
    return { key, values };
  };
  const present = [...at.map((i) => i !== undefined), knownAt !== undefined, extra.length > 0];
  const mask = present.reduce((bits, isThere, i) => (isThere ? bits | (1 << i) : bits), 0);
  return { mask, custom: extra.map(({ name }) => name), check };
}

interface Context {
  readonly kind: RecordKind;
  readonly naming: Naming;
  readonly zone: string;
  readonly currency: string;
  /** The declared form of its times. */
  readonly form?: string | undefined;
}

function cellValue(text: string, field: string, column: Column, context: Context): SqlValue | Fault {
  switch (column.type) {
    case 'key':
    case 'ref':
      return context.naming(text, (column.refers ?? context.kind) as RecordKind, column.type === 'key');
    case 'code':
      if (field === 'currency' || field === 'from' || field === 'to') {
        if (!isCurrency(text))
          return { field, code: 'currency-unknown', message: `"${show(text)}" is not an ISO 4217 code` };
        return text;
      }
      if (column.levels && !column.levels.includes(text))
        return { field, code: 'level-unknown', message: `"${show(text)}" is not one of ${column.levels.join(', ')}` };
      return text;
    case 'time': {
      const value = parseInstant(text, context.zone);
      return value === undefined ? timeFault(field, text, context.form) : value;
    }
    case 'money': {
      if (!isCurrency(context.currency))
        return { field: 'currency', code: 'currency-unknown', message: `"${show(context.currency)}" is not an ISO 4217 code` }; // biome-ignore format: one fault
      const value = parseMinor(text, context.currency);
      if (value !== undefined) return rangeFault(field, text, value, column) ?? value;
      return { field, code: 'money-invalid', message: `"${show(text)}" is not a plain decimal of ${context.currency}, as 1234.50` }; // biome-ignore format: one fault
    }
    case 'number':
    case 'integer': {
      const value = NUMBER.test(text) ? Number(text) : Number.NaN;
      const exact = Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
      if (exact && (column.type === 'number' || Number.isInteger(value)))
        return rangeFault(field, text, value, column) ?? value;
      const form = column.type === 'number' ? 'a plain number, as 12.5' : 'a whole number';
      return { field, code: 'number-invalid', message: `"${show(text)}" is not ${form}` };
    }
    case 'boolean':
      if (text === 'true' || text === '1') return 1;
      if (text === 'false' || text === '0') return 0;
      return { field, code: 'boolean-invalid', message: `"${show(text)}" is not true or false` };
    default:
      return text;
  }
}

function rangeFault(field: string, text: string, value: number, { least, above }: Column): Fault | undefined {
  const fault = (message: string): Fault => ({ field, code: 'out-of-range', message: `"${show(text)}" ${message}` });
  if (least !== undefined && value < least) return fault(`is below ${least}, the least that there can be`);
  if (above !== undefined && value <= above) return fault(`is not above ${above}`);
  return undefined;
}

/** Refuses rows of which something ended before it began. A bare date lasts until the next: it ends nothing of its own day too early. */
function spanChecker({ spans = [], columns }: RecordDeclaration, { calendar }: Company) {
  const names = Object.keys(columns);
  const places = spans.map(([from, to]) => [from, to, names.indexOf(from), names.indexOf(to)] as const);
  return (values: readonly SqlValue[]): Fault | undefined => {
    for (const [from, to, fromAt, toAt] of places) {
      const [began, ended] = [values[fromAt], values[toAt]];
      if (typeof began !== 'number' || typeof ended !== 'number' || ended >= began) continue;
      if (knownAfter(ended, calendar) > began) continue;
      return { field: to, code: 'time-order', message: `${formatInstant(ended)} lies before ${from} ${formatInstant(began)}; expected it at or after` }; // biome-ignore format: one fault
    }
    return undefined;
  };
}

/** A removal names a record by the source's own id. */
function removalChecker(naming: Naming): (values: SqlValue[]) => Fault | undefined {
  const [kindAt, idAt] = ['kind', 'id'].map((name) => Object.keys(records.removal.columns).indexOf(name)) as [number, number]; // biome-ignore format: a row
  return (values) => {
    const of = values[kindAt] as string;
    const declaration: RecordDeclaration | undefined = Object.hasOwn(records, of) ? records[of as RecordKind] : undefined; // biome-ignore format: one choice
    if (declaration?.key.join() !== 'id')
      return { field: 'kind', code: 'level-unknown', message: `"${show(of)}" is no kind of record that has ids of its own, as deal or activity` }; // biome-ignore format: one fault
    values[idAt] = naming((values[idAt] as string).trim(), of as RecordKind, false);
    return undefined;
  };
}

/** A change is checked as the column that it changes, and references in it become canonical. */
function changeChecker(
  naming: Naming,
  zone: string,
  base: string,
): (values: SqlValue[], currencyOf?: CurrencyOf) => Fault | undefined {
  const names = Object.keys(records.change.columns);
  const [kindAt, idAt, fieldAt] = ['kind', 'id', 'field'].map((name) => names.indexOf(name)) as [
    number,
    number,
    number,
  ];
  return (values, currencyOf) => {
    const of = values[kindAt] as RecordKind;
    const declaration: RecordDeclaration = records[of];
    values[idAt] = naming(values[idAt] as string, of, false);
    const field = values[fieldAt] as string;
    if (!Object.hasOwn(declaration.columns, field)) return undefined; // history of a custom column
    const column = declaration.columns[field]!;
    // Amounts are read in its record's currency; of a record that never came nothing is known, and nothing is told.
    const own = column.type === 'money' ? currencyOf?.(values[idAt] as string, of) : undefined;
    for (const name of ['old_value', 'new_value']) {
      const i = names.indexOf(name);
      const text = values[i] as string | null;
      if (text === null) continue;
      const fault = changedFault(of, column, name, text, { zone, currency: own === null ? base : own });
      if (fault) return fault;
      if (column.type === 'ref') values[i] = naming(text.trim(), column.refers as RecordKind, false);
    }
    return undefined;
  };
}

/**
 * What is wrong with a value of a change, which is a text of the form of the column that it changes.
 * @param field what the value is called: `old_value`, `new_value`
 * @param currency of its record; undefined where that is not known
 */
export function changedFault(
  of: RecordKind,
  column: Column,
  field: string,
  text: string,
  { zone, currency }: { readonly zone: string; readonly currency: string | undefined },
): Fault | undefined {
  if (column.levels && !column.levels.includes(text.trim()))
    return { field, code: 'level-unknown', message: `"${show(text)}" is not one of ${column.levels.join(', ')}` };
  if (column.type === 'ref') return undefined;
  if (column.type === 'money') {
    const isMoney = currency === undefined ? NUMBER.test(text.trim()) : parseMinor(text, currency) !== undefined;
    if (isMoney) return undefined;
    return { field, code: 'money-invalid', message: `"${show(text)}" is not a plain decimal${currency === undefined ? '' : ` of ${currency}, the currency of its ${of}`}` }; // biome-ignore format: one fault
  }
  const value = cellValue(text.trim(), field, { ...column, type: column.type === 'code' ? 'text' : column.type }, { kind: of, naming: (id) => id, zone, currency: '' }); // biome-ignore format: one call
  return value !== null && typeof value === 'object' ? value : undefined;
}

function textFault(text: string, field: string): Fault | undefined {
  if (text.length > MAX_CELL)
    return { field, code: 'cell-too-long', message: `${text.length} characters; at most ${MAX_CELL} are kept` };
  if (HALF.test(text) && LONE_HALF.test(text))
    return { field, code: 'character-lost', message: 'holds half of a character (a lone surrogate), which no file can keep; send it again in whole characters' }; // biome-ignore format: one fault
  if (!CONTROL.test(text)) return undefined;
  if (text.includes('\uFFFD'))
    return { field, code: 'character-lost', message: 'holds U+FFFD: a program before this lost a character; export it again in UTF-8' }; // biome-ignore format: one fault
  return { field, code: 'control-character', message: 'holds a control character' };
}

/** What is wrong with a time, and what to declare where it may be right in another form. */
function timeFault(field: string, text: string, form?: string): Fault {
  const fault = (message: string): Fault => ({ field, code: 'time-invalid', message: `"${show(text)}" ${message}` });
  const isBuddhist = /^(?:2[4-9])\d\d-/.test(text);
  if (isBuddhist && !form?.includes('BB'))
    return fault(
      'has a year beyond 2400; if it counts from the Buddha, declare it in a map: date: { format: BBBB-MM-DD }',
    );
  if (!isBuddhist && /^\d{4}-\d{2}-\d{2}/.test(text)) return fault('is no such day or time');
  if (form !== undefined) return fault(`is not of the form that the map declares, ${form}, nor a time of ISO 8601`);
  if (/[\u0E50-\u0E59]/.test(text)) return fault('has Thai digits; declare them in a map: date: { format: D/M/BBBB, digits: thai }'); // biome-ignore format: one sentence
  if (/^\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}/.test(text)) return fault('may be read as day or as month first; declare which in a map: date: { format: DD/MM/YYYY }'); // biome-ignore format: one sentence
  if (/^\d{10}(?:\d{3})?$/.test(text)) return fault('may be seconds or milliseconds; declare which in a map: date: { format: epoch_s } or epoch_ms'); // biome-ignore format: one sentence
  return fault('is not an ISO 8601 time or date, as 2026-11-21T09:30:00+07:00');
}

const show = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

function customOf(extra: readonly { name: string; i: number }[], cells: readonly string[]): string | null {
  // Without a prototype: a column may be called anything.
  const custom = Object.create(null) as Record<string, string>;
  let any = false;
  for (const { name, i } of extra) {
    if (cells[i] === '') continue;
    custom[name] = cells[i]!;
    any = true;
  }
  return any ? JSON.stringify(custom) : null;
}

/** A stored value as the text of a change; null where empty. */
export function textOfValue(value: SqlValue, column: Column, currency: string): string | null {
  if (value === null) return null;
  switch (column.type) {
    case 'time':
      return formatInstant(value as number);
    case 'money':
      return formatMinor(value as number, currency);
    default:
      return String(value);
  }
}
