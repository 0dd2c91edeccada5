import Big from 'big.js';
import { formatInstant, parseInstant } from '../time.ts';
import type { Note } from './bundle.ts';
import type { Expression, Matcher, Where } from './map.ts';

/** A row of a source file and where its columns are. */
export type Cells = readonly string[];
export type Place = (column: string) => number;

/** Whether a row is meant. */
export type Test = (cells: Cells) => boolean;

export function testOf(where: Where | undefined, place: Place): Test {
  const tests = Object.entries(where ?? {}).map(([column, matcher]) => {
    const i = place(column);
    const matches = matcherOf(matcher);
    return (cells: Cells) => matches(cells[i]!);
  });
  return (cells) => tests.every((test) => test(cells));
}

function matcherOf(matcher: Matcher): (text: string) => boolean {
  if ('prefix' in matcher) return (text) => text.startsWith(matcher.prefix);
  if ('empty' in matcher) return (text) => (text.trim() === '') === matcher.empty;
  const values = new Set('not' in matcher ? matcher.not : matcher.values);
  return 'not' in matcher ? (text) => !values.has(text) : (text) => values.has(text);
}

/** Counts what was mended or not found. */
export class Notes {
  readonly #notes = new Map<string, { note: Omit<Note, 'rows'>; rows: number }>();
  add(note: Omit<Note, 'rows'>): void {
    const key = `${note.file}|${note.field}|${note.code}|${note.value}`;
    const known = this.#notes.get(key);
    if (known) known.rows++;
    else this.#notes.set(key, { note, rows: 1 });
  }
  all(): readonly Note[] {
    return [...this.#notes.values()].map(({ note, rows }) => ({ ...note, rows }));
  }
}

/** Rows of another file by a key. */
export type Joined = ReadonlyMap<string, string>;

/**
 * The steps from a source's text to a record's: alias, lookup, join, date, decimal, times, in that order.
 * What is not of the declared form passes as it came, so that the import refuses it by name.
 */
export function stepsOf(
  value: Expression,
  at: { readonly file: string; readonly field: string; readonly zone: string },
  notes: Notes,
  joined: Joined | undefined,
): (text: string) => string {
  const { file, field } = at;
  const steps: ((text: string) => string)[] = [];
  const { alias, lookup, otherwise, date, decimal, times } = value;
  if (alias) {
    steps.push((text) => {
      if (!Object.hasOwn(alias, text)) return text;
      notes.add({ file, field, code: 'alias-used', value: text });
      return alias[text]!;
    });
  }
  const missed = (text: string) => {
    if (otherwise === undefined) notes.add({ file, field, code: 'not-found', value: text });
    return otherwise ?? '';
  };
  if (lookup) steps.push((text) => (Object.hasOwn(lookup, text) ? lookup[text]! : missed(text)));
  if (joined) steps.push((text) => joined.get(text) ?? missed(text));
  if (date) steps.push(dateStep(date.format, date.zone ?? at.zone, date.zone !== undefined));
  if (decimal) steps.push((text) => plainDecimal(text, decimal));
  if (times !== undefined)
    steps.push((text) => (/^[+-]?\d+(\.\d+)?$/.test(text) ? new Big(text).times(times).toFixed() : text));
  return (text) => {
    let out = text;
    for (const step of steps) {
      if (out === '') return '';
      out = step(out);
    }
    return out;
  };
}

const TOKENS: Readonly<Record<string, string>> = { YYYY: '(?<Y>\\d{4})', BBBB: '(?<B>\\d{4})', MM: '(?<M>\\d{2})', M: '(?<M>\\d{1,2})', DD: '(?<D>\\d{2})', D: '(?<D>\\d{1,2})', HH: '(?<h>\\d{2})', mm: '(?<m>\\d{2})', ss: '(?<s>\\d{2})' }; // biome-ignore format: a row
const BUDDHIST_YEARS = 543;

/** A declared form of time as ISO 8601. A day stays a bare date unless the column has a zone of its own. */
function dateStep(format: string, zone: string, ownZone: boolean): (text: string) => string {
  const pattern = format.replace(/YYYY|BBBB|MM|M|DD|D|HH|mm|ss|[.*+?^${}()|[\]\\]/g, (token) => TOKENS[token] ?? `\\${token}`); // biome-ignore format: one call
  const expected = new RegExp(`^${pattern}$`);
  return (text) => {
    const found = expected.exec(text.trim())?.groups;
    if (!found) return text;
    const year = found['Y'] ?? String(Number(found['B']) - BUDDHIST_YEARS);
    const [month, day] = [found['M'] ?? '01', found['D'] ?? '01'].map((part) => part.padStart(2, '0'));
    const clock = found['h'] === undefined ? '' : `T${found['h']}:${found['m'] ?? '00'}:${found['s'] ?? '00'}`;
    const iso = `${year}-${month}-${day}${clock}`;
    if (!ownZone) return iso;
    const instant = parseInstant(iso, zone);
    return instant === undefined ? text : formatInstant(instant);
  };
}

function plainDecimal(text: string, mark: '.' | ','): string {
  const group = mark === ',' ? '[.\\s\u00A0\u202F]' : '[,\\s\u00A0\u202F]';
  const form = new RegExp(`^[+-]?(?:\\d+|\\d{1,3}(?:${group}\\d{3})+)(?:\\${mark}\\d+)?$`);
  const trimmed = text.trim();
  if (!form.test(trimmed)) return text;
  return trimmed.replace(new RegExp(group, 'g'), '').replace(mark, '.');
}
