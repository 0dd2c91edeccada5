import { type RecordKind, type RowOf, records } from '../../src/records.ts';

/** A company's records as rows of `src/records.ts`, by kind. */
export type Tables = { readonly [K in RecordKind]: RowOf<K>[] };

/** The two cells that every row has beside its columns. */
export const plain = { knownAt: null, custom: {} } as const;

export const emptyTables = (): Tables =>
  Object.fromEntries(Object.keys(records).map((kind) => [kind, []])) as unknown as Tables;

type Changed = RowOf<'change'>['kind'];

/** Writes changes of one record's fields, each with the value before; the first value is a change from nothing. */
export class Journal {
  readonly #rows: RowOf<'change'>[];
  readonly #kind: Changed;
  readonly #id: string;
  readonly #values = new Map<string, string>();

  constructor(rows: RowOf<'change'>[], kind: Changed, id: string) {
    this.#rows = rows;
    this.#kind = kind;
    this.#id = id;
  }

  /** The newest value; null before the first. */
  get(field: string): string | null {
    return this.#values.get(field) ?? null;
  }

  set(at: number, field: string, value: string, by: string | null): void {
    const before = this.#values.get(field) ?? null;
    if (before === value) return;
    this.#values.set(field, value);
    this.#rows.push({ kind: this.#kind, id: this.#id, at, field, oldValue: before, newValue: value, by, ...plain });
  }
}
