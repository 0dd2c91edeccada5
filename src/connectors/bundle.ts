import type { RecordKind } from '../records.ts';

/** One row as it came, before any of it is believed. */
export interface SourceRow {
  /** Line of the file on which the row ends; a quoted cell may hold several. */
  readonly line: number;
  /** Cells in the order of the table's columns. */
  readonly cells: readonly string[];
  /** Why the reader itself refuses the row. */
  readonly refused?: { readonly code: string; readonly message: string };
}

/** Rows of one kind of record, read as they are asked for. */
export interface SourceTable {
  readonly kind: RecordKind;
  /** What the report calls it. */
  readonly file: string;
  readonly columns: readonly string[];
  /** How times of a column are declared to be written, where they are: for messages. */
  readonly forms?: Readonly<Record<string, string>>;
  /** What tells this very content from another, as size and time of the file; absent = an import of it is not resumed. */
  readonly identity?: string;
  /** Bytes that reading it takes; for progress. */
  readonly bytes?: number;
  /** Reads all rows, in the same order each time. `onBytes` is told how far it is. */
  rows(onBytes?: (bytes: number) => void): AsyncIterable<SourceRow>;
}

/** Something to import: what a connector makes of a folder, an export or an answer of a system. */
export interface Bundle {
  /** Company settings it brings; undefined leaves those of the database. */
  readonly settings: unknown;
  /** Tables in any order; the import decides. */
  readonly tables: readonly SourceTable[];
  /** Files that were seen and not read. */
  readonly ignored: readonly string[];
  /** What it lacks to begin a company's records with, as a sentence; to records that are there it may add. */
  readonly incomplete?: string;
  /** What a map mended or could not find, counted while rows are read; read it afterwards. */
  notes(): readonly Note[];
}

/** One thing about the source that its owner should know. */
export interface Note {
  readonly file: string;
  readonly field: string;
  readonly code: 'alias-used' | 'not-found' | 'deleted';
  readonly value: string;
  readonly rows: number;
}
