import type { Feature } from '../features/feature.ts';
import { snapshot } from '../features/snapshot.ts';
import { type Frame, takeRows } from '../src/frame.ts';
import type { Cause, Subject } from '../src/subjects/index.ts';
import { type Landmark, landmarks } from '../src/subjects/landmarks.ts';
import { type Outcome, outcomesOf } from '../src/subjects/outcomes.ts';
import type { Instant } from '../src/time.ts';
import type { FactSource } from '../src/world.ts';
import { causesOf } from './labels.ts';

/** Landmark rows with what became of them: a training or a test set. */
export interface LandmarkRows {
  readonly X: Frame;
  readonly outcomes: readonly Outcome[];
  /** Groups folds and the bootstrap: rows of one account stay together. */
  readonly account: readonly string[];
  /** When whom the row is about became known. */
  readonly bornAt: Float64Array;
}

export interface TrainingRows extends LandmarkRows {
  readonly causes: readonly Cause[];
  readonly until: Instant;
}

/** All landmark rows known before `until`, labels censored at `until`. */
export function trainingRows(
  source: FactSource,
  subject: Subject,
  features: readonly Feature[],
  until: Instant,
  onProgress: (done: number, total: number) => void = () => {},
): TrainingRows {
  // Sorted: in whatever order the records were imported, the same facts give the same rows.
  const ids = [...source.ids(subject.of)].sort();
  const looks: Landmark[] = [];
  ids.forEach((id, i) => {
    looks.push(...landmarks(source, subject, id, until));
    if (i % 500 === 0) onProgress(i, ids.length);
  });
  const rows = rowsAt(source, subject, features, looks, until);
  return { ...rows, causes: causesOf(subject, rows.outcomes), until };
}

/** Given looks with what became of them by `until`. */
export function rowsAt(
  source: FactSource,
  subject: Subject,
  features: readonly Feature[],
  looks: readonly Landmark[],
  until: Instant,
): LandmarkRows {
  const history = (id: string) => source.history(subject.of, id);
  return {
    X: snapshot(source, features, looks, subject.of),
    outcomes: outcomesOf(source, subject, looks, until),
    account: looks.map(({ id }) => subject.account(history(id), id)),
    bornAt: Float64Array.from(looks, ({ id }) => subject.born(history(id))!),
  };
}

/** Rows by index. */
export function takeLandmarkRows(rows: LandmarkRows, index: readonly number[]): LandmarkRows {
  return {
    X: takeRows(rows.X, index),
    outcomes: index.map((i) => rows.outcomes[i]!),
    account: index.map((i) => rows.account[i]!),
    bornAt: Float64Array.from(index, (i) => rows.bornAt[i]!),
  };
}

/** The same rows with labels as they would have been known at an earlier instant. */
export function censorAt(source: FactSource, subject: Subject, rows: LandmarkRows, until: Instant): LandmarkRows {
  const looks = rows.X.ids.map((id, i) => ({ id, asOf: rows.X.asOf[i]! }));
  return { ...rows, outcomes: outcomesOf(source, subject, looks, until) };
}
