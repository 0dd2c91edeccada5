import Big from 'big.js';
import { dateReader } from '../dates.ts';
import { matchKey } from '../matching.ts';
import type { Note } from './bundle.ts';
import type { Expression, Join, Matcher, Where } from './map.ts';

/** A row of a source file and where its columns are. */
export type Cells = readonly string[];
export type Place = (column: string) => number;

/** Whether a row is meant. */
export type Test = (cells: Cells) => boolean;

/** @param joinedBy what a join has found; read before the rows */
export function testOf(where: Where | undefined, place: Place, joinedBy: (join: Join) => Joined): Test {
  const tests = Object.entries(where ?? {}).map(([column, matcher]) => {
    const i = place(column);
    const matches = matcherOf(matcher, joinedBy);
    return (cells: Cells) => matches(cells[i]!);
  });
  return (cells) => tests.every((test) => test(cells));
}

function matcherOf(matcher: Matcher, joinedBy: (join: Join) => Joined): (text: string) => boolean {
  if ('join' in matcher) {
    const [found, values] = [joinedBy(matcher.join), new Set(matcher.is)];
    return (text) => values.has(found.get(matchKey(text)) ?? '');
  }
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

/** Values of another file by a key as `matchKey` makes it. */
export type Joined = ReadonlyMap<string, string>;

/**
 * The steps from a source's text to a record's: lower, alias, join, lookup, date, digits, decimal, times, in that order.
 * Names are matched by what their spellings have in common; the record keeps them as they came.
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
  const { lower, alias, lookup, otherwise, quiet, date, digits, decimal, times } = value;
  if (lower) steps.push((text) => text.toLowerCase());
  if (alias) {
    const known = new Map(Object.entries(alias).map(([name, to]) => [matchKey(name), to] as const));
    steps.push((text) => {
      const to = known.get(matchKey(text));
      if (to === undefined) return text;
      notes.add({ file, field, code: 'alias-used', value: text });
      return to;
    });
  }
  const missed = (text: string) => {
    if (otherwise === undefined && !quiet) notes.add({ file, field, code: 'not-found', value: text });
    return otherwise ?? (value.or_itself ? text : '');
  };
  if (joined) steps.push((text) => joined.get(matchKey(text)) ?? (lookup ? (otherwise ?? '') : missed(text)));
  if (lookup) {
    const known = new Map(Object.entries(lookup).map(([name, to]) => [matchKey(name), to] as const));
    steps.push((text) => known.get(matchKey(text)) ?? missed(text));
  }
  if (date) steps.push(dateReader(date, at.zone));
  if (digits) steps.push((text) => text.replace(/[๐-๙]/g, (digit) => String(digit.charCodeAt(0) - 0x0e50)));
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

function plainDecimal(text: string, mark: '.' | ','): string {
  const group = mark === ',' ? '[.\\s\u00A0\u202F]' : '[,\\s\u00A0\u202F]';
  const form = new RegExp(`^[+-]?(?:\\d+|\\d{1,3}(?:${group}\\d{3})+)(?:\\${mark}\\d+)?$`);
  const trimmed = text.trim();
  if (!form.test(trimmed)) return text;
  return trimmed.replace(new RegExp(group, 'g'), '').replace(mark, '.');
}
