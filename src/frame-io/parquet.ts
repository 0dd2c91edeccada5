import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import { cellOf, type Frame } from '../frame.ts';

/**
 * A frame as a Parquet file (Snappy): `id` string, `as_of` timestamp in milliseconds UTC, numbers as nullable doubles,
 * categories as nullable strings (dictionary-encoded where that is smaller). `asOf: false` leaves out the instants.
 */
export function frameToParquet(frame: Frame, { asOf = true } = {}): Uint8Array {
  const columnData: ColumnSource[] = [{ name: 'id', data: [...frame.ids], type: 'STRING', nullable: false }];
  const instants = Array.from(frame.asOf, (at) => new Date(at));
  if (asOf) columnData.push({ name: 'as_of', data: instants, type: 'TIMESTAMP', nullable: false });
  for (const [name, column] of frame.columns) {
    const data = Array.from({ length: frame.ids.length }, (_, i) => cellOf(column, i));
    columnData.push({ name, data, type: column.type === 'number' ? 'DOUBLE' : 'STRING' });
  }
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}
