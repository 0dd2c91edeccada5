import { formatMinor } from '../../src/money.ts';
import { fieldName, type RecordDeclaration, type RecordKind, records } from '../../src/records.ts';
import type { Instant } from '../../src/time.ts';
import type { Clock } from './clock.ts';
import { COMPANY } from './constants.ts';
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
  yield { name: 'company.json', rows: 1, text: `${JSON.stringify(COMPANY, null, 2)}\n` };
  for (const kind of Object.keys(records) as RecordKind[]) {
    const rows = sim.tables[kind] as readonly unknown[] as readonly Loose[];
    if (rows.length > 0) yield { name: records[kind].file, rows: rows.length, text: recordFile(kind, rows, sim.clock) };
  }
}

function recordFile(kind: RecordKind, rows: readonly Loose[], clock: Clock): string {
  const declaration: RecordDeclaration = records[kind];
  const columns = Object.entries(declaration.columns).map(([header, column]) => ({
    header,
    type: column.type,
    field: fieldName(header, column.type),
  }));
  const custom = [...new Set(rows.flatMap((row) => Object.keys(row['custom'] as object)))].sort();
  const early = rows.some((row) => row['knownAt'] !== null);
  const headers = [...columns.map((column) => column.header), ...(early ? ['known_at'] : []), ...custom];
  return csv(headers, rows.length, (i) => {
    const row = rows[i]!;
    const cells = columns.map(({ field, type }) => {
      const value = row[field];
      if (value === null || value === undefined) return '';
      if (type === 'time') return timeText(value as number, clock);
      if (type === 'money')
        return formatMoney(value as number, (row['currency'] as string | null) ?? COMPANY.base_currency);
      return String(value);
    });
    if (early) cells.push(row['knownAt'] === null ? '' : timeText(row['knownAt'] as number, clock));
    for (const name of custom) cells.push((row['custom'] as Record<string, string>)[name] ?? '');
    return cells;
  });
}

/** RFC 4180 with LF: a cell is quoted where it holds a comma, a quote or a line end. */
export function csv(headers: readonly string[], rows: number, row: (i: number) => readonly string[]): string {
  const lines = [headers.join(',')];
  for (let i = 0; i < rows; i++) lines.push(row(i).map(cell).join(','));
  return `${lines.join('\n')}\n`;
}

const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Local time with its offset; exactly 00:00 is a bare date, as the bundle reads it. */
export function timeText(at: Instant, clock: Clock): string {
  const offset = Math.round((clock.calendar.hour(at) - ((at / 3_600_000) % 24)) * 60);
  const minutes = ((offset % 1440) + 1440) % 1440; // zones of the sample lie east of Greenwich
  const local = new Date(at + minutes * 60_000).toISOString();
  if (local.endsWith('T00:00:00.000Z')) return local.slice(0, 10);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${local.slice(0, 19)}+${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** Two decimals are by far the most: they need no decimal library. */
function formatMoney(minor: number, currency: string): string {
  if (currency !== 'THB' && currency !== 'USD' && currency !== 'EUR') return formatMinor(minor, currency);
  const whole = Math.floor(minor / 100);
  return `${whole}.${String(minor - whole * 100).padStart(2, '0')}`;
}
