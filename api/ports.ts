import type { Words } from '../features/feature.ts';
import type { Reference } from '../models/drift/reference.ts';
import type { Level } from '../models/level.ts';
import type { Prediction } from '../models/prediction.ts';
import type { Comparer, FrameRow } from '../models/scorer.ts';
import type { Company } from '../src/company.ts';
import type { Frame } from '../src/frame.ts';
import type { Subject } from '../src/subjects/index.ts';
import type { Instant } from '../src/time.ts';
import type { FactSource } from '../src/world.ts';

/** Contributions in logit units; base + all contributions = total. */
export interface Contributions {
  readonly base: number;
  readonly total: number;
  readonly contributions: ReadonlyMap<string, number>;
  /** The usual value of each feature. */
  readonly usual: ReadonlyMap<string, number | string>;
  /** What half of the training rows lie between. */
  readonly range?: Readonly<Record<string, readonly [number, number]>>;
}

/** A bin of the reliability table: of `n` unseen cases with about this chance, the share said and the share that came. */
export interface CalibrationRow {
  readonly n: number;
  readonly predicted: number;
  readonly observed: number;
}

/** One version of a model, opened and checked. */
export interface OpenModel {
  readonly subject: Subject;
  readonly version: string;
  readonly featuresHash: string;
  /** It knows no better than the base rate, or had too few outcomes to learn from. */
  readonly lowSkill: boolean;
  /** Days for which rows were learned from. */
  readonly trained: {
    readonly from: Instant;
    readonly to: Instant;
    readonly rows: number;
    readonly entities: number;
    readonly outcomes: Readonly<Record<string, number>>;
  };
  /** The probability is of a positive ending within so many days; null = ever, given that it ends. */
  readonly withinDays: number | null;
  /** Endings that it learned from. */
  readonly outcomes: number;
  /** Which kind of model was chosen. */
  readonly chosen: string;
  /** Correlation of deals through the common factor of a period. */
  readonly rho: number;
  /** On the newest unseen part: the model beside its baselines, by name and metric. */
  readonly metrics: Readonly<Record<string, Readonly<Record<string, number | null>>>>;
  readonly calibration: readonly CalibrationRow[];
  /** What its training looked like; undefined in versions made before that was kept. */
  readonly reference?: Reference | undefined;
  readonly features: readonly string[];
  /** What it reads of each row, as known then. */
  snapshot(source: FactSource, rows: readonly { readonly id: string; readonly asOf: Instant }[]): Frame;
  /** @param level what happens lately beside what the model says (`level.ts`) */
  predict(frame: Frame, level?: Level): Prediction;
  /** @param from the row to explain the difference from; absent = the usual one */
  explain(
    frame: Frame,
    row: number,
    of: 'probability' | 'byPeriodEnd',
    level?: Level,
    from?: FrameRow,
  ): Contributions | undefined;
  /** Rows to find similar ones among; undefined where the model has no skill. */
  comparer(frame: Frame): Comparer | undefined;
}

/** How a feature is spoken of. */
export interface FeatureWords {
  readonly label: Words;
  readonly idea: string;
  readonly unit: 'count' | 'days' | 'ratio' | 'money' | 'none';
}

/** What the engine is given, so that it needs no files and tests can stand in for each part. */
export interface Parts {
  /** Opens the bytes of a version; throws a ForesellError when they are damaged or of other features. */
  openModel(subject: Subject, bytes: Uint8Array, company: Company): OpenModel;
  words(feature: string): FeatureWords | undefined;
}
