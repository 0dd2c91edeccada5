import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ForesellError } from '../../errors.ts';
import { type RecordDeclaration, type RecordKind, records } from '../../records.ts';
import { type CsvOptions, readHeader, readRows } from '../csv.ts';
import { columnsOf, type KindMatch, kindsOf, type Sample } from './match.ts';
import { type Shape, shapeOf } from './shapes.ts';
import { LOST, levelOf, OPEN_STAGES, plainName, WON } from './words.ts';

/** How sure a proposal is of one value: by name and shape together, by one of them, or by neither alone. */
export type Sureness = 'sure' | 'likely' | 'unsure';

export interface ProposedColumn {
  readonly column: string;
  /** The expression of the map. */
  readonly value: Readonly<Record<string, unknown>>;
  readonly sureness: Sureness;
  readonly doubts: readonly string[];
}

export interface ProposedRecord {
  readonly kind: RecordKind;
  readonly from: string;
  readonly group?: string;
  readonly sureness: Sureness;
  readonly columns: readonly ProposedColumn[];
  /** Headers that no column was found for; those of a person are left out, others could become custom columns. */
  readonly unused: readonly string[];
}

export interface Proposal {
  readonly encoding: string | undefined;
  readonly delimiter: string | undefined;
  readonly files: readonly { readonly name: string; readonly file: string }[];
  readonly stages: readonly { readonly stage: string; readonly rank: number; readonly kind: 'open' | 'won' | 'lost'; readonly sureness: Sureness }[]; // biome-ignore format: a row
  readonly records: readonly ProposedRecord[];
  readonly isThai: boolean;
  /** What a person must look at, in words. */
  readonly doubts: readonly string[];
}

/** Rows of a file that are looked at. */
const SAMPLE = 2_000;
/** A kind is taken from this score on: a name of the file and a header or two, or many headers. */
const LEAST = 3.2;
/** Kinds that systems part over several files. */
const MANY: ReadonlySet<RecordKind> = new Set(['activity', 'change']);
const CSV = /\.(?:csv|txt|tsv)(?:\.gz)?$/i;

/**
 * Proposes how a folder of unknown CSV files becomes records, by the names of files and headers (English, Thai, and what
 * common systems call them) and the shapes of the first 2,000 rows. Reads only; imports nothing. What it says is a draft
 * for a person to check: each value has its sureness, and what could be read in two ways is among the doubts.
 * @throws ForesellError `propose-nothing` where no file looks like anything that can be imported
 */
export async function propose(folder: string, asked: CsvOptions = {}): Promise<Proposal> {
  const doubts: string[] = [];
  const names = readdirSync(folder).filter((name) => CSV.test(name)).sort(); // biome-ignore format: one look
  const opened: { sample: Sample; form: CsvOptions }[] = [];
  for (const file of names) {
    const found = await sampleOf(join(folder, file), file, asked);
    if (typeof found === 'string') doubts.push(`${file} is left out: ${found}`);
    else opened.push(found);
  }
  const form = commonest(opened.map((one) => one.form));
  const called = new Set<string>();
  const samples = opened.flatMap((one) => {
    if (one.form.encoding === form?.encoding && one.form.delimiter === form?.delimiter)
      return [{ ...one.sample, name: free(one.sample.name, called) }];
    doubts.push(`${one.sample.file} is left out: it has another encoding or delimiter than most files; save it as they are`); // biome-ignore format: one sentence
    return [];
  });
  const chosen = samples.flatMap((sample) => {
    const [best, second] = kindsOf(sample);
    if (!best || best.score < LEAST) {
      doubts.push(`${sample.file} is left out: its columns look like no kind of record (${sample.header.slice(0, 6).join(', ')})`); // biome-ignore format: one sentence
      return [];
    }
    const isClose = second !== undefined && second.score > best.score - 0.8;
    return [{ sample, best, second, isClose }];
  });
  const holders = new Map<RecordKind, Sample>();
  for (const { sample, best } of [...chosen].sort((a, b) => b.best.score - a.best.score))
    if (!holders.has(best.kind)) holders.set(best.kind, sample);

  const proposed = chosen.flatMap(({ sample, best, second, isClose }) => {
    if (!MANY.has(best.kind) && holders.get(best.kind) !== sample) {
      doubts.push(
        `${sample.file} is left out: it looks like ${best.kind}, as ${holders.get(best.kind)!.file} does more`,
      );
      return [];
    }
    if (isClose) doubts.push(`${sample.file} is taken for ${best.kind}; it could be ${second!.kind}`);
    const record = recordOf(sample, best, holders, doubts);
    if (!record) return [];
    const sureness = isClose ? ('unsure' as const) : best.score > 6 ? ('sure' as const) : ('likely' as const);
    const orders =
      best.kind === 'orderLine' && !holders.has('order') ? ordersWithin(sample, holders, doubts) : undefined;
    if (!orders) return [{ ...record, sureness }];
    const theirs = new Set(orders.columns.map(({ value }) => value['column']));
    const unused = record.unused.filter((header) => !theirs.has(header));
    return [
      { ...record, unused, sureness },
      { ...orders, sureness: 'likely' as const },
    ];
  });
  if (proposed.length === 0) {
    throw new ForesellError(
      'propose-nothing',
      `${folder}: no file looks like deals, leads, accounts, activities or orders${doubts.length ? ` (${doubts.join('; ')})` : ''}; write a map by hand (datasets/maps has examples)`,
    );
  }
  const isThai = samples.some(({ header, cells }) => /[\u0E00-\u0E7F]/.test(header.join() + cells.map((column) => column.slice(0, 50)).join())); // biome-ignore format: one look
  const stages = stagesOf(proposed, samples);
  if (stages.some(({ kind, sureness }) => kind === 'open' && sureness === 'unsure'))
    doubts.push('the order of the stages is a guess: put their ranks right');
  if (!proposed.some(({ kind }) => kind === 'change') && holders.has('deal'))
    doubts.push('no file has the history of stage, amount or close date: today’s values are not learned from; export the history if your system has one'); // biome-ignore format: one sentence
  const used = new Set(proposed.map(({ from }) => from));
  const files = samples.filter(({ name }) => used.has(name)).map(({ name, file }) => ({ name, file }));
  return { encoding: form?.encoding, delimiter: form?.delimiter, files, stages, records: proposed, isThai, doubts };
}

/** The first rows of a file in the first form that reads it, or why none does. */
async function sampleOf(
  path: string,
  file: string,
  asked: CsvOptions,
): Promise<{ sample: Sample; form: CsvOptions } | string> {
  const encodings =
    asked.encoding === undefined ? [undefined, 'utf-16', 'windows-874', 'windows-1252'] : [asked.encoding];
  const delimiters = asked.delimiter === undefined ? [undefined, ';', '\t', '|'] : [asked.delimiter];
  let why = 'it cannot be read';
  for (const encoding of encodings) {
    for (const delimiter of delimiters) {
      const form: CsvOptions = { encoding, delimiter };
      try {
        const header = await readHeader(path, form);
        if (header.length < 2 && delimiters.length > 1) continue;
        const cells: string[][] = header.map(() => []);
        let rows = 0;
        for await (const row of readRows(path, header.length, form)) {
          if (row.refused) continue;
          row.cells.forEach((cell, i) => {
            cells[i]!.push(cell);
          });
          if (++rows >= SAMPLE) break;
        }
        const name = file.replace(CSV, '').normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, '_'); // biome-ignore format: one name
        return { sample: { name, file, header, cells, shapes: cells.map(shapeOf) }, form };
      } catch (error) {
        if (!(error instanceof ForesellError)) throw error;
        why = error.message;
        if (error.code === 'encoding-invalid') break; // no delimiter mends it
        if (error.code !== 'delimiter-undeclared') return why;
      }
    }
  }
  return why;
}

/** A name that no other file has. */
function free(name: string, called: Set<string>): string {
  let own = name || 'file';
  for (let n = 2; called.has(own); n++) own = `${name}_${n}`;
  called.add(own);
  return own;
}

function commonest(forms: readonly CsvOptions[]): CsvOptions | undefined {
  const times = new Map<string, { form: CsvOptions; n: number }>();
  for (const form of forms) {
    const key = `${form.encoding}|${form.delimiter}`;
    times.set(key, { form, n: (times.get(key)?.n ?? 0) + 1 });
  }
  return [...times.values()].sort((a, b) => b.n - a.n)[0]?.form;
}

const surenessOf = (score: number): Sureness => (score >= 0.85 ? 'sure' : score >= 0.6 ? 'likely' : 'unsure');
/** Kinds of which a file without names may name the rows by their ids. */
const NAMED: ReadonlySet<RecordKind> = new Set(['account', 'product', 'user']);
const PERSONAL = /mail|phone|mobile|fax|street|address|salutation|birth|โทร|ที่อยู่|เมล/;
const SYSTEM = /^_?fivetran|modstamp|last_modified|last_viewed|last_referenced|photo|latitude|longitude/;

function recordOf(
  sample: Sample,
  { kind, matches }: KindMatch,
  holders: ReadonlyMap<RecordKind, Sample>,
  doubts: string[],
): Omit<ProposedRecord, 'sureness'> | undefined {
  const { columns: declared }: RecordDeclaration = records[kind];
  const columns: ProposedColumn[] = [];
  const used = new Set<number>();
  for (const { column, i, score } of matches) {
    const made = expressionOf(kind, column, sample, i, holders);
    if (made === undefined) continue;
    used.add(i);
    columns.push({
      column,
      value: made.value,
      sureness: made.doubts.length ? 'unsure' : surenessOf(score),
      doubts: made.doubts,
    });
  }
  if (kind === 'deal') endOfDeals(sample, columns);
  const id = columns.find(({ column }) => column === 'id');
  if (NAMED.has(kind) && id && !columns.some(({ column }) => column === 'name'))
    columns.push({ column: 'name', value: id.value, sureness: 'likely', doubts: [] });
  const taken = [...sample.header].filter((_, i) => used.has(i));
  for (const column of Object.keys(declared)) {
    if (columns.some((one) => one.column === column)) continue;
    const filled = filledIn(kind, column, sample, columns, declared[column]!.required);
    if (filled === 'missing') {
      doubts.push(`${sample.file} is left out: taken for ${kind}, but nothing in it looks like its ${column}`);
      return undefined;
    }
    if (filled) columns.push(filled);
  }
  // What outcomes and dates are read from may stand in two columns.
  const unused = sample.header.filter((name, i) => !used.has(i) && !taken.includes(name) && !SYSTEM.test(plainName(name)) && !PERSONAL.test(plainName(name)) && sample.shapes[i]!.filled > 0); // biome-ignore format: one look
  for (const { column, doubts: own } of columns)
    for (const doubt of own) doubts.push(`${sample.file} ${kind}.${column}: ${doubt}`);
  const place = new Map(Object.keys(declared).map((name, i) => [name, i]));
  columns.sort((a, b) => place.get(a.column)! - place.get(b.column)!);
  return { kind, from: sample.name, columns, unused };
}

/** What a column that no header was found for is filled with; `missing` where it must be there and cannot. */
function filledIn(
  kind: RecordKind,
  column: string,
  { name, header, shapes }: Sample,
  columns: readonly ProposedColumn[],
  required: boolean,
): ProposedColumn | 'missing' | undefined {
  const has = (other: string) => columns.some((one) => one.column === other);
  if (
    column === 'currency' &&
    (required || columns.some((one) => ['amount', 'annual_revenue', 'list_price', 'unit_price'].includes(one.column)))
  )
    return { column, value: { setting: 'base_currency' }, sureness: 'likely', doubts: [] };
  if (!required) return undefined;
  if (kind === 'activity' && column === 'kind') {
    const of = /mail|อีเมล/.test(name) ? 'email' : /call|โทร/.test(name) ? 'call' : /meet|event|ประชุม|นัด/.test(name) ? 'meeting' : /chat|communication/.test(name) ? 'chat' : /note/.test(name) ? 'note' : 'task'; // biome-ignore format: one choice
    return { column, value: { constant: of }, sureness: of === 'task' ? 'unsure' : 'likely', doubts: of === 'task' ? ['nothing says what kind of activity a row is; all are taken for tasks'] : [] }; // biome-ignore format: a row
  }
  if (kind === 'change' && column === 'kind') return { column, value: { constant: 'deal' }, sureness: 'unsure', doubts: ['taken as the history of deals'] }; // biome-ignore format: a row
  if (column === 'quote_id' && has('deal_id')) return { column, value: columns.find((one) => one.column === 'deal_id')!.value, sureness: 'unsure', doubts: ['no number of the quote: one quote a deal is taken'] }; // biome-ignore format: a row
  if (column === 'id') {
    const parts = header.filter((_, i) => shapes[i]!.filled > 0 && !shapes[i]!.number?.decimal).slice(0, 3);
    if (kind === 'orderLine' || kind === 'quoteLine' || kind === 'activity')
      return { column, value: { template: parts.map((part) => `{${part}}`).join('|') }, sureness: 'unsure', doubts: ['rows have no id of their own; the first columns together are taken for one'] }; // biome-ignore format: a row
  }
  return 'missing';
}

/** A record may refer to its own kind: those are in its own file, and tell nothing. */
const others = (holder: Sample | undefined, own: Sample): Sample | undefined => (holder === own ? undefined : holder);

interface Made {
  readonly value: Readonly<Record<string, unknown>>;
  readonly doubts: readonly string[];
}

/** The expression of one column from one header; undefined where its words mean nothing that the column holds. */
function expressionOf(
  kind: RecordKind,
  column: string,
  sample: Sample,
  i: number,
  holders: ReadonlyMap<RecordKind, Sample>,
): Made | undefined {
  const { columns: declared }: RecordDeclaration = records[kind];
  const { type, levels, refers } = declared[column]!;
  const shape = sample.shapes[i]!;
  const header = sample.header[i]!;
  if (type === 'time') return timed(header, shape);
  if (type === 'money' || type === 'number' || type === 'integer') {
    const { doubt, ...how } = shape.number ?? {};
    return { value: { column: header, ...how }, doubts: doubt ? [doubt] : [] };
  }
  if (type === 'ref' && refers)
    return referred(header, sample.cells[i]!, others(holders.get(refers as RecordKind), sample), refers as RecordKind);
  if (levels) return worded(header, shape, kind, column, levels);
  return { value: { column: header }, doubts: [] };
}

function timed(header: string, { time, filled }: Shape): Made {
  if (time?.format === undefined) return { value: { column: header }, doubts: filled === 0 ? [`${header} is empty in the rows looked at`] : [] }; // biome-ignore format: a row
  const { doubt, ...form } = time;
  return { value: { column: header, date: form }, doubts: doubt ? [doubt] : [] };
}

/** A reference as it is, or, where the cells are names rather than ids of the other file, looked up there. */
function referred(header: string, cells: readonly string[], holder: Sample | undefined, refers: RecordKind): Made {
  if (!holder) return { value: { column: header }, doubts: [] };
  const values = new Set(cells.filter((cell) => cell.trim() !== ''));
  if (values.size === 0) return { value: { column: header }, doubts: [] };
  const share = (at: number) => {
    const there = new Set(holder.cells[at]!);
    return [...values].filter((value) => there.has(value)).length / values.size;
  };
  const id = columnsOf(refers, holder).find((match) => match.column === 'id');
  if (!id || share(id.i) > 0.3) return { value: { column: header }, doubts: [] };
  const other = holder.header.map((_, at) => at).filter((at) => at !== id.i && holder.shapes[at]!.isUnique).sort((a, b) => share(b) - share(a))[0]; // biome-ignore format: one look
  if (other === undefined || share(other) < 0.5)
    return {
      value: { column: header },
      doubts: holder.cells[0]!.length < SAMPLE ? [`few of its values are ids in ${holder.file}`] : [],
    };
  return { value: { column: header, join: { file: holder.name, on: holder.header[other]!, take: holder.header[id.i]! } }, doubts: [`its values are found under ${holder.header[other]} of ${holder.file}, and looked up there`] }; // biome-ignore format: a row
}

/** Words of a closed list, looked up; undefined where none of them means anything. */
function worded(
  header: string,
  { words }: Shape,
  kind: RecordKind,
  column: string,
  levels: readonly string[],
): Made | undefined {
  if (!words) return undefined;
  const lookup: Record<string, string> = {};
  const strange: string[] = [];
  for (const word of words) {
    const level = levelOf(word, levels);
    if (level === undefined) strange.push(word);
    else lookup[word] = level;
  }
  if (Object.keys(lookup).length === 0) return undefined;
  if (strange.length === 0 && words.every((word) => lookup[word] === word))
    return { value: { column: header }, doubts: [] };
  const rest = kind === 'activity' && column === 'kind' ? 'task' : '';
  const doubts = strange.length && column !== 'outcome' ? [`${strange.slice(0, 5).join(', ')} ${rest ? `become ${rest}` : 'become empty'}`] : []; // biome-ignore format: one choice
  return { value: { column: header, lookup, otherwise: rest }, doubts };
}

/** How deals ended: from a column of its own, else from stages that mean it; a close date of open deals is an expected one. */
function endOfDeals(sample: Sample, columns: ProposedColumn[]): void {
  const at = (column: string) => columns.findIndex((one) => one.column === column);
  const headerOf = (column: string) => columns[at(column)]?.value['column'] as string | undefined;
  const stage = headerOf('stage');
  if (at('outcome') < 0 && stage !== undefined) {
    const words = sample.shapes[sample.header.indexOf(stage)]!.words ?? [];
    const lookup = Object.fromEntries(words.flatMap((word) => (WON.test(word) ? [[word, 'won']] : LOST.test(word) ? [[word, 'lost']] : []))); // biome-ignore format: one look
    if (Object.keys(lookup).length)
      columns.push({
        column: 'outcome',
        value: { column: stage, lookup, otherwise: '' },
        sureness: 'likely',
        doubts: [],
      });
  }
  const outcome = columns[at('outcome')];
  if (!outcome) return;
  const from = outcome.value['column'] as string;
  const ended = Object.keys((outcome.value['lookup'] as object | undefined) ?? { won: 1, lost: 1 });
  const results = sample.cells[sample.header.indexOf(from)]!;
  const isOpen = results.map((word) => !ended.includes(word));
  const only = at('closed_at') >= 0 && at('expected_close_date') >= 0 ? undefined : at('closed_at') >= 0 ? 'closed_at' : at('expected_close_date') >= 0 ? 'expected_close_date' : undefined; // biome-ignore format: one choice
  if (!only) return;
  const one = columns[at(only)]!;
  const cells = sample.cells[sample.header.indexOf(one.value['column'] as string)]!;
  const open = isOpen.filter((yes, i) => yes && cells[i]!.trim() !== '').length;
  const opens = isOpen.filter(Boolean).length;
  const where = { [from]: ended };
  if (opens > 0 && open > opens / 2) {
    const doubt = 'one date is both: of ended deals when they closed, of open ones when they are expected to; the date that was expected of ended deals is lost'; // biome-ignore format: one sentence
    columns[at(only)] = { ...one, column: 'closed_at', value: { ...one.value, where }, sureness: 'likely', doubts: [...one.doubts, doubt] }; // biome-ignore format: a row
    columns.push({ column: 'expected_close_date', value: { ...one.value, where: { [from]: { not: ended } } }, sureness: 'likely', doubts: [] }); // biome-ignore format: a row
  } else columns[at(only)] = { ...one, column: 'closed_at' };
}

/** Orders that only their lines tell of: one for each value of the order's column. */
function ordersWithin(
  sample: Sample,
  holders: ReadonlyMap<RecordKind, Sample>,
  doubts: string[],
): Omit<ProposedRecord, 'sureness'> | undefined {
  const lines = columnsOf('orderLine', sample).find((match) => match.column === 'order_id');
  const found = columnsOf('order', sample);
  const group = lines && sample.header[lines.i];
  const [account, at] = ['account_id', 'at'].map((column) => found.find((match) => match.column === column));
  if (group === undefined || !account || !at) {
    doubts.push(`${sample.file} has lines of orders, but no account or time of them: give the file of the orders too`);
    return undefined;
  }
  const made = (column: string, i: number) => ({ column, ...expressionOf('order', column, sample, i, holders)!, sureness: 'likely' as const }); // biome-ignore format: a row
  const columns = [{ column: 'id', value: { column: group }, doubts: [], sureness: 'likely' as const }, made('account_id', account.i), made('at', at.i)]; // biome-ignore format: a row
  return { kind: 'order', from: sample.name, group, columns, unused: [] };
}

/** Stages in the order that their names suggest. */
function stagesOf(proposed: readonly ProposedRecord[], samples: readonly Sample[]): Proposal['stages'] {
  const deal = proposed.find(({ kind }) => kind === 'deal');
  const header = deal?.columns.find(({ column }) => column === 'stage')?.value['column'] as string | undefined;
  const sample = samples.find(({ name }) => name === deal?.from);
  if (header === undefined || !sample) return [];
  const words = sample.shapes[sample.header.indexOf(header)]!.words ?? [];
  const placed = words.map((stage) => {
    const kind = WON.test(stage) ? ('won' as const) : LOST.test(stage) ? ('lost' as const) : ('open' as const);
    const place = OPEN_STAGES.findIndex((form) => form.test(stage));
    const sureness = kind === 'open' ? (place < 0 ? 'unsure' : 'likely') : ('sure' as const);
    return {
      stage,
      kind,
      sureness,
      order: kind === 'won' ? 98 : kind === 'lost' ? 99 : place < 0 ? 3.5 : place,
    } as const;
  });
  placed.sort((a, b) => a.order - b.order || (a.stage < b.stage ? -1 : 1));
  return placed.map(({ stage, kind, sureness }, i) => ({ stage, rank: i + 1, kind, sureness }));
}
