import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ForesellError } from '../errors.ts';
import { type RecordDeclaration, type RecordKind, records } from '../records.ts';
import type { Bundle, SourceTable } from './bundle.ts';
import { type CsvOptions, readHeader, readRows } from './csv.ts';

/** Files without which there is nothing to learn from; one of them must be there when a company's records begin. */
const MAIN = ['deals.csv', 'leads.csv', 'orders.csv'];

/** The import bundle: a folder of the declared CSV files (`.gz` allowed) and `company.json`. Reads headers only. */
export async function csvFolder(path: string, options: CsvOptions = {}): Promise<Bundle> {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new ForesellError('folder-missing', `${path} is not a folder; give the folder that holds deals.csv`);
  }
  const found = new Set(readdirSync(path).sort());
  const tables: SourceTable[] = [];
  for (const kind of Object.keys(records) as RecordKind[]) {
    const { file }: RecordDeclaration = records[kind];
    const name = [file, `${file}.gz`].find((candidate) => found.delete(candidate));
    if (!name) continue;
    const full = join(path, name);
    const columns = await readHeader(full, options);
    const rows = (onBytes?: (bytes: number) => void) => readRows(full, columns.length, { ...options, onBytes });
    tables.push({ kind, file: name, columns, ...fileIdentity(full, options), rows });
  }
  const hasMain = tables.some((table) => MAIN.includes(table.file.replace(/\.gz$/, '')));
  const incomplete = hasMain ? undefined : `${path} has none of ${MAIN.join(', ')}; a map (--map) reads other files`;
  if (incomplete !== undefined && tables.length === 0) throw new ForesellError('bundle-empty', incomplete);
  const settings = found.delete('company.json') ? readJson(join(path, 'company.json')) : undefined;
  return {
    settings,
    tables,
    ignored: [...found],
    notes: () => [],
    ...(incomplete === undefined ? {} : { incomplete }),
  };
}

/** What a file is read as: its size and time, what was declared of its form, and by what it is read. */
export function fileIdentity(
  path: string,
  { encoding, delimiter }: CsvOptions,
  by = '',
): { readonly identity: string; readonly bytes: number } {
  const { size, mtimeMs } = statSync(path);
  return { identity: JSON.stringify([path, size, mtimeMs, encoding ?? '', delimiter ?? '', by]), bytes: size };
}

export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new ForesellError('json-invalid', `${path}: ${(cause as Error).message}`, { cause });
  }
}
