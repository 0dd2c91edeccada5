import { formatMinor } from '../../src/money.ts';
import { fieldName, type RecordDeclaration, type RecordKind, records } from '../../src/records.ts';
import { DAY, type Instant } from '../../src/time.ts';
import type { Clock } from './clock.ts';
import { COMPANY, type Scenario } from './constants.ts';
import { type Spoiled, spoiler } from './dirty.ts';
import { LEAKY_SETTINGS } from './leaky.ts';
import { cell } from './lines.ts';
import type { Tables } from './rows.ts';
import type { Simulation } from './simulate.ts';

/** A file of the bundle; the same simulation gives the same text, to the byte. */
export interface TextFile {
  readonly name: string;
  readonly rows: number;
  readonly text: string;
}
type Loose = Readonly<Record<string, unknown>>;

/** The import bundle: company.json and one CSV for each kind that has rows, with the headers of `src/records.ts`. */
export function* bundle(sim: Simulation): Generator<TextFile> {
  const texts = new Map<string, string[]>();
  const writer = bundleWriter(sim, (name, text) => {
    const pieces = texts.get(name);
    if (pieces) pieces.push(text);
    else texts.set(name, [text]);
  });
  writer.put(sim.tables);
  writer.end();
  for (const [name, rows] of writer.rows) yield { name, rows, text: texts.get(name)!.join('') };
}

/** Writes the files of a bundle piece by piece, so that a company need never be in memory as a whole. */
export interface BundleWriter {
  /** Encodes all rows; the tables stay as they are. */
  put(tables: Tables): void;
  end(): void;
  /** Files with rows so far, in the order of the declarations. */
  readonly rows: ReadonlyMap<string, number>;
  /** What the scenario `dirty` spoiled so far. */
  readonly spoiled: readonly Spoiled[];
}

/** Text is handed on in pieces of about this many characters. */
const PIECE = 1 << 18;

/** @param write takes the next piece of a file; the first piece of a file begins with its header */
export function bundleWriter(
  { scenario, seed, clock }: Pick<Simulation, 'scenario' | 'seed' | 'clock'>,
  write: (name: string, text: string) => void,
): BundleWriter {
  const kinds = Object.keys(records) as RecordKind[];
  const spoil = scenario === 'dirty' ? spoiler(seed) : undefined;
  const time = timeWriter(clock);
  const files = kinds.map((kind) => ({ kind, name: records[kind].file, encode: encoder(kind, scenario, time), waiting: '', rows: 0 })); // biome-ignore format: a row
  write('company.json', `${JSON.stringify(settingsOf(scenario), null, 2)}\n`);
  return {
    put(tables) {
      for (const file of files) {
        const rows = tables[file.kind] as readonly unknown[] as readonly Loose[];
        if (rows.length === 0) continue;
        if (file.rows === 0) file.waiting = spoil ? spoil.header(file.kind, file.encode.headers) : `${file.encode.headers.join(',')}\n`; // biome-ignore format: one choice
        for (const row of rows) {
          if (spoil) {
            const { text, rows: written } = spoil.row(file.kind, file.encode.headers, file.encode.cells(row));
            file.waiting += text;
            file.rows += written;
          } else {
            file.waiting += file.encode.line(row);
            file.rows++;
          }
          if (file.waiting.length < PIECE) continue;
          write(file.name, file.waiting);
          file.waiting = '';
        }
      }
    },
    end() {
      for (const file of files) if (file.waiting !== '') write(file.name, file.waiting);
      for (const file of files) file.waiting = '';
    },
    get rows() {
      return new Map([['company.json', 1], ...files.filter(({ rows }) => rows > 0).map(({ name, rows }) => [name, rows] as const)]); // biome-ignore format: one list
    },
    get spoiled() {
      return spoil?.spoiled ?? [];
    },
  };
}

/** Company settings as the bundle brings them. */
export function settingsOf(scenario: Scenario): Readonly<Record<string, unknown>> {
  if (scenario !== 'leaky') return COMPANY;
  return { ...COMPANY, fixed: [...COMPANY.fixed, ...LEAKY_SETTINGS.fixed], numeric: LEAKY_SETTINGS.numeric };
}

/** Columns that a kind has beside those declared, in the order of the file. */
function customOf(kind: RecordKind, scenario: Scenario): readonly string[] {
  const leaking = scenario === 'leaky';
  if (kind === 'deal') return leaking ? ['contract_number', 'loss_note', 'source', 'stage_probability'] : ['source'];
  return kind === 'lead' && leaking ? ['customer_number'] : [];
}

/** Kinds of which some rows are known before they happen. */
const PLANNED: readonly RecordKind[] = ['activity', 'price'];

interface Encoder {
  readonly headers: readonly string[];
  cells(row: Loose): string[];
  /** The cells as a line of CSV. */
  line(row: Loose): string;
}

function encoder(kind: RecordKind, scenario: Scenario, time: (at: Instant) => string): Encoder {
  const declaration: RecordDeclaration = records[kind];
  const columns = Object.entries(declaration.columns).map(([header, { type }]) => ({
    field: fieldName(header, type),
    type,
    // Ids, numbers and times never need quotes.
    plain: type !== 'text' && type !== 'person' && type !== 'code',
  }));
  const early = PLANNED.includes(kind);
  const custom = customOf(kind, scenario);
  const cellOf = (row: Loose, field: string, type: string): string => {
    const value = row[field];
    if (value === null || value === undefined) return '';
    if (type === 'time') return time(value as number);
    if (type === 'money') return formatMoney(value as number, (row['currency'] as string | null) ?? COMPANY.base_currency); // biome-ignore format: one call
    return typeof value === 'string' ? value : String(value);
  };
  const knownAt = (row: Loose) => (row['knownAt'] === null ? '' : time(row['knownAt'] as number));
  const own = (row: Loose, name: string) => (row['custom'] as Record<string, string>)[name] ?? '';
  return {
    headers: [...Object.keys(declaration.columns), ...(early ? ['known_at'] : []), ...custom],
    cells(row) {
      const cells = columns.map(({ field, type }) => cellOf(row, field, type));
      if (early) cells.push(knownAt(row));
      for (const name of custom) cells.push(own(row, name));
      return cells;
    },
    line(row) {
      let text = '';
      for (let i = 0; i < columns.length; i++) {
        const { field, type, plain } = columns[i]!;
        const value = cellOf(row, field, type);
        text += (i > 0 ? ',' : '') + (plain || value === '' ? value : cell(value));
      }
      if (early) text += `,${knownAt(row)}`;
      for (const name of custom) text += `,${cell(own(row, name))}`;
      return `${text}\n`;
    },
  };
}

/**
 * Instants as local time with their offset; exactly 00:00 is a bare date, as the bundle reads it. The zone of the sample
 * has one offset for all of its history, so a day's text is made once.
 */
function timeWriter(clock: Clock): (at: Instant) => string {
  const offset = clock.calendar.hour(clock.start) * 3_600_000 - (clock.start % DAY);
  const minutes = (((Math.round(offset / 60_000) % 1440) + 1440) % 1440) | 0; // zones of the sample lie east of Greenwich
  const two = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'));
  const zone = `+${two[Math.floor(minutes / 60)]}:${two[minutes % 60]}`;
  const days = new Map<number, string>();
  return (at) => {
    const local = at + minutes * 60_000;
    const day = Math.floor(local / DAY);
    let date = days.get(day);
    if (date === undefined) days.set(day, (date = new Date(day * DAY).toISOString().slice(0, 10)));
    const millis = local - day * DAY;
    if (millis === 0) return date;
    const seconds = Math.floor(millis / 1000);
    return `${date}T${two[Math.floor(seconds / 3600)]}:${two[Math.floor(seconds / 60) % 60]}:${two[seconds % 60]}${zone}`;
  };
}

/** Two decimals are by far the most: they need no decimal library. */
function formatMoney(minor: number, currency: string): string {
  if (currency !== 'THB' && currency !== 'USD' && currency !== 'EUR') return formatMinor(minor, currency);
  const whole = Math.floor(minor / 100);
  const rest = minor - whole * 100;
  return `${whole}.${rest < 10 ? '0' : ''}${rest}`;
}
