import { ForesellError } from '../errors.ts';
import { cellOf, type Frame, type FrameColumn } from '../frame.ts';
import { formatInstant, parseInstant } from '../time.ts';
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

/**
 * A danfojs DataFrame as a frame, as `toDanfo` writes it: `id` names the rows (absent = their numbers), `as_of` their
 * instants (absent = 0). A column is numeric where every cell that says something is a number, else of words. Needs no package.
 * @throws ForesellError `as-of-invalid`
 */
export function fromDanfo({ columns: names, values }: DanfoFrame): Frame {
  const rows = values as readonly (readonly unknown[])[];
  const cells = (name: string): readonly unknown[] | undefined => {
    const at = names.indexOf(name);
    return at < 0 ? undefined : rows.map((row) => row[at]);
  };
  const columns = new Map<string, FrameColumn>();
  for (const name of names) if (name !== 'id' && name !== 'as_of') columns.set(name, columnOf(cells(name)!));
  return {
    ids: cells('id')?.map(String) ?? rows.map((_, row) => String(row)),
    asOf: Float64Array.from(cells('as_of') ?? rows, (cell, row) =>
      names.includes('as_of') ? instantAt(cell, row) : 0,
    ),
    columns,
  };
}

function instantAt(cell: unknown, row: number): number {
  const at = typeof cell === 'number' ? cell : parseInstant(String(cell), 'UTC');
  if (at !== undefined) return at;
  throw new ForesellError('as-of-invalid', `row ${row}: as_of is "${String(cell)}"; expected an ISO 8601 time`);
}

function columnOf(cells: readonly unknown[]): FrameColumn {
  const absent = (cell: unknown) => cell === null || cell === undefined || Number.isNaN(cell);
  if (cells.every((cell) => typeof cell === 'number' || absent(cell))) {
    return {
      type: 'number',
      values: Float64Array.from(cells, (cell) => (absent(cell) ? Number.NaN : (cell as number))),
    };
  }
  const levels = [...new Set(cells.filter((cell) => !absent(cell)).map(String))].sort();
  const code = new Map(levels.map((level, i) => [level, i]));
  return {
    type: 'category',
    levels,
    codes: Int32Array.from(cells, (cell) => (absent(cell) ? -1 : code.get(String(cell))!)),
  };
}
