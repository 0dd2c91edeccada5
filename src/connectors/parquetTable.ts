import { asyncBufferFromFile, type FileMetaData, parquetMetadataAsync, parquetRead, parquetSchema } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { ForesellError } from '../errors.ts';
import { type ColumnTable, takeTable } from './columns.ts';
import { type BatchOptions, buildersOf, builtTable, checkedHeader, checkSize } from './tableShape.ts';

export const isParquet = (path: string): boolean => path.toLowerCase().endsWith('.parquet');

/**
 * A Parquet file by columns, a row group at a time and at most `size` rows; with `size` infinite all groups as one table.
 * Columns are read one after the other, so that one decoded column is in memory beside the table. Times are ISO 8601,
 * yes and no are `true` and `false`, what is nested is its JSON.
 */
export async function* parquetBatches(path: string, size: number, options: BatchOptions): AsyncGenerator<ColumnTable> {
  const broken = (cause: unknown) =>
    new ForesellError('parquet-broken', `${path}: ${(cause as Error).message}; write the file again`, { cause });
  let file: Awaited<ReturnType<typeof asyncBufferFromFile>>;
  let metadata: FileMetaData;
  try {
    file = await asyncBufferFromFile(path);
    metadata = await parquetMetadataAsync(file);
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw missing ? new ForesellError('file-unreadable', `${path}: no such file`, { cause }) : broken(cause);
  }
  const header = checkedHeader(
    path,
    parquetSchema(metadata).children.map(({ element }) => element.name),
  );
  if (options.limited) checkSize(path, Number(metadata.num_rows), header.length);
  const groups = metadata.row_groups.map(({ num_rows }) => Number(num_rows));
  let builders = buildersOf(header, options);
  let from = 0;
  let held = 0;
  for (const [g, rows] of groups.entries()) {
    for (const [j, name] of header.entries()) {
      const builder = builders[j];
      if (!builder) continue;
      let at = from;
      try {
        await parquetRead({
          file,
          metadata,
          columns: [name],
          rowStart: from,
          rowEnd: from + rows,
          compressors,
          onChunk: ({ columnData, rowStart, rowEnd }) => {
            for (let row = Math.max(at, rowStart); row < Math.min(rowEnd, from + rows); row++, at++) {
              const value: unknown = columnData[row - rowStart];
              if (typeof value === 'number') builder.addNumber(value);
              else builder.add(textOfValue(value));
            }
          },
        });
      } catch (cause) {
        throw broken(cause);
      }
      if (at !== from + rows) throw broken(new Error(`column "${name}" has ${at - from} of ${rows} rows`));
    }
    from += rows;
    held += rows;
    options.onRows?.(from);
    if (Number.isFinite(size) ? held === 0 : g + 1 < groups.length) continue;
    if (held === 0) return;
    const table = builtTable(path, header, builders, held);
    builders = buildersOf(header, options);
    for (let start = 0; start < held; start += size) {
      const length = Math.min(size, held - start);
      yield length === held
        ? table
        : takeTable(
            table,
            Int32Array.from({ length }, (_, i) => start + i),
          );
    }
    held = 0;
  }
}

function textOfValue(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value.trim();
  if (value instanceof Date) {
    const text = value.toISOString();
    return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text;
  }
  if (typeof value === 'object')
    return JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v));
  return String(value);
}
