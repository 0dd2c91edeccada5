import type { ColumnSchema } from './schema.ts';

/** What an ask for a fit says of its columns. */
export interface Declared {
  readonly id?: string | undefined;
  readonly text?: readonly string[] | undefined;
  readonly categories?: readonly string[] | undefined;
  readonly schema?: ColumnSchema | undefined;
}

/**
 * Columns that are declared to hold something else than quantities. A reader keeps their cells as they are written:
 * as numbers "1.50" would be "1.5", and whether a column is kept as numbers goes by how many rows there are.
 */
export function columnsAsWritten({ id, text = [], categories = [], schema }: Declared): Set<string> {
  const typed = Object.entries(schema?.columns ?? {}).filter(([, { type }]) => type !== undefined && type !== 'number');
  return new Set([...(id === undefined ? [] : [id]), ...text, ...categories, ...typed.map(([name]) => name)]);
}
