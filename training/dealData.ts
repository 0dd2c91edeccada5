import type { Feature } from '../features/feature.ts';
import { snapshot } from '../features/snapshot.ts';
import { type Frame, takeRows } from '../src/frame.ts';
import type { Instant } from '../src/time.ts';
import type { FactSource } from '../src/world.ts';
import { type Cause, causesOf, type DealOutcome, dealOutcome } from './labels.ts';
import { dealLandmarks, type Landmark } from './landmarks.ts';

/** Landmark rows of deals with what became of them: a training or a test set. */
export interface DealRows {
  readonly X: Frame;
  readonly outcomes: readonly DealOutcome[];
  /** Groups folds and the bootstrap: rows of one account stay together. */
  readonly account: readonly string[];
  /** When the deal became known. */
  readonly bornAt: Float64Array;
}

export interface DealData extends DealRows {
  readonly causes: readonly Cause[];
  readonly until: Instant;
}

/** All landmark rows known before `until`, labels censored at `until`. */
export function dealData(
  source: FactSource,
  features: readonly Feature[],
  until: Instant,
  onProgress: (done: number, total: number) => void = () => {},
): DealData {
  // Sorted: in whatever order the records were imported, the same facts give the same rows.
  const ids = [...source.ids('deal')].sort();
  const looks: Landmark[] = [];
  ids.forEach((id, i) => {
    looks.push(...dealLandmarks(source, id, until));
    if (i % 500 === 0) onProgress(i, ids.length);
  });
  const rows = dealRows(source, features, looks, until);
  return { ...rows, causes: causesOf(rows.outcomes), until };
}

/** Given looks with what became of them by `until`. */
export function dealRows(
  source: FactSource,
  features: readonly Feature[],
  looks: readonly Landmark[],
  until: Instant,
): DealRows {
  return {
    X: snapshot(source, features, looks, 'deal'),
    outcomes: looks.map(({ id, asOf }) => dealOutcome(source, id, asOf, until)),
    account: looks.map(({ id }) => source.history('deal', id)?.deal?.[0]?.accountId ?? id),
    bornAt: Float64Array.from(looks, ({ id }) => source.history('deal', id)!.deal![0]!.knownAt),
  };
}

/** Rows by index. */
export function takeDealRows(rows: DealRows, index: readonly number[]): DealRows {
  return {
    X: takeRows(rows.X, index),
    outcomes: index.map((i) => rows.outcomes[i]!),
    account: index.map((i) => rows.account[i]!),
    bornAt: Float64Array.from(index, (i) => rows.bornAt[i]!),
  };
}

/** The same rows with labels as they would have been known at an earlier instant. */
export function censorAt(source: FactSource, rows: DealRows, until: Instant): DealRows {
  return { ...rows, outcomes: rows.X.ids.map((id, i) => dealOutcome(source, id, rows.X.asOf[i]!, until)) };
}
