import { cellOf, type Frame } from '../frame.ts';
import { formatInstant } from '../time.ts';
import { optionalPackage } from './optional.ts';

/** As much of a danfojs DataFrame as the bridge promises; the package's own types say the rest. */
export interface DanfoFrame {
  readonly columns: readonly string[];
  readonly shape: readonly [number, number];
  readonly values: unknown;
}
interface Danfo {
  readonly DataFrame: new (columns: Readonly<Record<string, readonly unknown[]>>) => DanfoFrame;
}

/**
 * A frame as a danfojs DataFrame, for exploring in a notebook; missing cells are NaN and null. Its arithmetic is 32-bit
 * floating, so never for money. Needs the optional package danfojs-node.
 */
export async function toDanfo(frame: Frame): Promise<DanfoFrame> {
  const { DataFrame } = await optionalPackage<Danfo>('danfojs-node', 'the bridge to danfojs');
  const columns: Record<string, readonly unknown[]> = {
    id: frame.ids,
    as_of: Array.from(frame.asOf, (at) => formatInstant(at)),
  };
  for (const [name, column] of frame.columns) {
    columns[name] =
      column.type === 'number'
        ? Array.from(column.values)
        : Array.from({ length: frame.ids.length }, (_, i) => cellOf(column, i));
  }
  return new DataFrame(columns);
}
