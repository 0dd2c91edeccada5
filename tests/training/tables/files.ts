import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { random } from '../../../src/random.ts';

/** Writes a file of these rows: .csv, .csv.gz or .parquet by its name. */
export function writeTable(folder: string, name: string, rows: readonly Readonly<Record<string, unknown>>[]): string {
  const path = join(folder, name);
  const header = Object.keys(rows[0] ?? {});
  if (name.endsWith('.parquet')) {
    const columnData = header.map((column) => ({ name: column, data: rows.map((row) => row[column] ?? null) }));
    writeFileSync(path, new Uint8Array(parquetWriteBuffer({ columnData })));
    return path;
  }
  const cell = (value: unknown) => {
    const text = value === null || value === undefined ? '' : String(value);
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const text = [header.map(cell), ...rows.map((row) => header.map((column) => cell(row[column])))].map((cells) => `${cells.join(',')}\n`).join(''); // biome-ignore format: one text
  writeFileSync(path, name.endsWith('.gz') ? gzipSync(text) : text);
  return path;
}

/** Leads of which source and employees tell something of what became of them. */
export function leads(count: number, seed = 5) {
  const chance = random(seed);
  return Array.from({ length: count }, (_, i) => {
    const source = chance.uniform() < 0.5 ? 'web' : 'fair';
    const employees = Math.round(200 * chance.uniform());
    const p = (source === 'fair' ? 0.25 : 0) + employees / 300;
    const isWon = chance.uniform() < p;
    return {
      lead: `L${1000 + i}`,
      source,
      employees: i % 11 ? employees : null,
      opened: `2026-0${1 + (i % 9)}-${String(10 + (i % 18)).padStart(2, '0')}`,
      months: Math.round(10 * (0.1 + chance.uniform() * (isWon ? 1 : 2))) / 10,
      grade: isWon ? (employees > 120 ? 'gold' : 'silver') : 'none',
      spent: Math.round(100 * (isWon ? employees : 5) * (0.5 + chance.uniform())) / 100,
      converted: isWon ? 'yes' : 'no',
    };
  });
}
