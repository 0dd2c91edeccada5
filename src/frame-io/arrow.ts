import { cellOf, type Frame } from '../frame.ts';
import { optionalPackage } from './optional.ts';

/**
 * A frame as an Arrow IPC file: `id` UTF-8, `as_of` timestamp in milliseconds UTC, numbers as nullable doubles,
 * categories as dictionaries. Needs the optional package apache-arrow.
 */
export async function frameToArrow(frame: Frame): Promise<Uint8Array> {
  const arrow = await optionalPackage<typeof import('apache-arrow')>('apache-arrow', 'writing Arrow files');
  const words = () => new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32());
  const vectors: Record<string, import('apache-arrow').Vector> = {
    id: arrow.vectorFromArray([...frame.ids], new arrow.Utf8()),
    as_of: arrow.vectorFromArray(
      Array.from(frame.asOf, (at) => new Date(at)),
      new arrow.TimestampMillisecond('UTC'),
    ),
  };
  for (const [name, column] of frame.columns) {
    const cells = Array.from({ length: frame.ids.length }, (_, i) => cellOf(column, i));
    vectors[name] = arrow.vectorFromArray(cells, column.type === 'number' ? new arrow.Float64() : words());
  }
  return arrow.tableToIPC(new arrow.Table(vectors), 'file');
}
