import type { Language } from '../../api/reasons.ts';
import type { Norms } from '../../src/norms.ts';
import type { Instant } from '../../src/time.ts';
import type { OutRow } from '../out.ts';
import type { Failure } from '../thread.ts';

/** What is asked of all threads. */
export interface Ask {
  readonly db: string;
  readonly model: string;
  readonly version: string;
  readonly asOf: Instant;
  readonly reasons: number;
  readonly language: Language;
  /** Whether the whole document goes with each row. */
  readonly documents: boolean;
}

/** What is known of all facts, so that a thread that scores some need not read them. */
export interface Usual {
  /** Those that are open: deals of one account beside each other, so that what is read of it is read once. */
  readonly ids: readonly string[];
  readonly norms: Norms;
  readonly workedOut: ReadonlyMap<string, readonly number[]>;
  /** Of the facts: they must be the same in every thread. */
  readonly stamp: number;
}

/** A row of the file, with the document as JSON text where it is wanted. */
export interface ScoredRow extends OutRow {
  readonly document: string | undefined;
  readonly confidence: string;
}

/** The first thread finds out what is usual and who is open; the others score, each its share. */
export type Work = Ask &
  (
    | { readonly is: 'usual' }
    | { readonly is: 'share'; readonly ids: readonly string[]; readonly usual: Omit<Usual, 'ids'> }
  );

export type Told =
  | { readonly is: 'usual'; readonly usual: Usual }
  | { readonly is: 'scored'; readonly rows: readonly ScoredRow[] }
  | ({ readonly is: 'failed' } & Failure);
