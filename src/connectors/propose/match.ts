import { type Column, type RecordDeclaration, type RecordKind, records } from '../../records.ts';
import type { Shape } from './shapes.ts';
import { levelOf, plainName, vocabulary } from './words.ts';

/** A file as a proposal sees it. */
export interface Sample {
  /** Its name in the map. */
  readonly name: string;
  readonly file: string;
  readonly header: readonly string[];
  readonly shapes: readonly Shape[];
  /** Cells of the sample, by column. */
  readonly cells: readonly (readonly string[])[];
}

/** A header taken for a column of a record; `score` from 0 to 1 says how well name and shape agree, and is no probability. */
export interface Match {
  readonly column: string;
  readonly i: number;
  readonly score: number;
}

export interface KindMatch {
  readonly kind: RecordKind;
  readonly matches: readonly Match[];
  readonly score: number;
}

/** Below this a header is not taken. */
const LEAST = 0.4;

/** What a file may hold, the likeliest first: by its name, and by headers whose names and shapes agree with a kind's columns. */
export function kindsOf(sample: Sample): readonly KindMatch[] {
  const name = plainName(sample.name);
  return (Object.keys(vocabulary) as RecordKind[])
    .map((kind): KindMatch => {
      const matches = columnsOf(kind, sample);
      const declaration: RecordDeclaration = records[kind];
      const needed = Object.entries(declaration.columns).filter(([, column]) => column.required).map(([column]) => column); // biome-ignore format: one look
      const got = needed.filter((column) => matches.some((match) => match.column === column)).length;
      const sum = matches.reduce((all, match) => all + match.score, 0);
      const named = vocabulary[kind]!.file.test(name) ? 2.5 : 0;
      return { kind, matches, score: named + sum * 0.5 + (2 * got) / needed.length + own(kind, matches) };
    })
    .sort((a, b) => b.score - a.score);
}

/** Columns that only this kind has. */
const TELLING: Readonly<Partial<Record<RecordKind, readonly string[]>>> = {
  deal: ['stage', 'expected_close_date', 'forecast_category', 'lost_reason'],
  lead: ['source', 'company', 'converted_at', 'converted_deal_id'],
  account: ['industry', 'employees', 'annual_revenue'],
  orderLine: ['quantity', 'unit_price', 'product_id'],
  quoteLine: ['quote_id'],
  product: ['family', 'list_price', 'floor_price'],
  subscription: ['ends_at', 'interval', 'cancelled_at'],
  invoice: ['due_at', 'paid_at'],
  activity: ['direction', 'subject', 'body'],
  change: ['field', 'old_value', 'new_value'],
  ticket: ['priority', 'csat', 'first_reply_at'],
  contact: ['title', 'department'],
};
const own = (kind: RecordKind, matches: readonly Match[]): number =>
  0.7 * (TELLING[kind] ?? []).filter((column) => matches.some((match) => match.column === column)).length;

/** Each column's best header, the best pairs first; a header serves one column. */
export function columnsOf(kind: RecordKind, { header, shapes }: Sample): readonly Match[] {
  const words = vocabulary[kind]!;
  const { columns }: RecordDeclaration = records[kind];
  const pairs: Match[] = [];
  for (const [column, synonyms] of Object.entries(words.columns)) {
    header.forEach((text, i) => {
      const named = nameScore(plainName(text), synonyms, words.prefixes);
      const score = named * fits(columns[column]!, column, shapes[i]!);
      if (score >= LEAST) pairs.push({ column, i, score });
    });
  }
  const order = Object.keys(words.columns);
  // What a record cannot be without comes first: a file whose only name is its id has an id.
  const rank = ({ column, score }: Match) => score + (columns[column]!.required ? 0.2 : 0);
  pairs.sort((a, b) => rank(b) - rank(a) || order.indexOf(a.column) - order.indexOf(b.column) || a.i - b.i);
  const [taken, used] = [new Set<string>(), new Set<number>()];
  return pairs.filter(({ column, i }) => {
    if (taken.has(column) || used.has(i)) return false;
    taken.add(column);
    used.add(i);
    return true;
  });
}

/** 1 for a name that is known, a little less the later it stands in its list; less where it is only a part. */
function nameScore(name: string, synonyms: readonly string[], prefixes: readonly string[]): number {
  const place = synonyms.indexOf(name);
  if (place >= 0) return 1 - 0.15 * (place / synonyms.length);
  for (const prefix of prefixes) {
    const rest = name.startsWith(`${prefix}_`) ? name.slice(prefix.length + 1) : name.endsWith(`_${prefix}`) ? name.slice(0, -prefix.length - 1) : ''; // biome-ignore format: one choice
    const found = rest === '' ? -1 : synonyms.indexOf(rest);
    if (found >= 0) return 0.9 - 0.15 * (found / synonyms.length);
  }
  const part = synonyms.some((word) => word.length > 3 && (name.endsWith(`_${word}`) || name.startsWith(`${word}_`)));
  const thai = synonyms.some((word) => /[\u0E00-\u0E7F]/.test(word) && word.length > 3 && name.includes(word));
  return part || thai ? 0.55 : 0;
}

/** Whether the cells can be what the column holds: 1, less where they cannot be judged, 0 where they are not. */
function fits({ type, levels }: Column, column: string, shape: Shape): number {
  if (shape.filled === 0) return 0.7;
  if (levels && !shape.words?.some((word) => levelOf(word, levels) !== undefined)) return 0;
  switch (type) {
    case 'time':
      return shape.time ? 1 : 0;
    case 'money':
    case 'number':
    case 'integer':
      return shape.number && !(shape.time?.format === 'epoch_ms') ? 1 : 0;
    case 'key':
      return shape.time && !isEpoch(shape) ? 0 : shape.isUnique ? 1 : 0.75;
    default:
      if (column === 'email') return shape.isEmail ? 1 : 0.3;
      return (shape.time && !isEpoch(shape)) || shape.isEmail ? 0.3 : 1;
  }
}

/** Whether the cells are as well plain numbers, ids among them. */
const isEpoch = ({ time }: Shape): boolean => time?.format === 'epoch_s' || time?.format === 'epoch_ms';
