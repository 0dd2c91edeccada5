import type { Frame } from '../src/frame.ts';

/** What is learned, by task. A task is a key of `Targets` and of `Predictions`. */
export interface Targets {
  /** 1 = it happened. */
  binary: { readonly event: Uint8Array };
  /** Days from the row's as-of to the event or to censoring; `cause` 0 = censored, else 1 .. C. */
  duration: { readonly timeDays: Float64Array; readonly cause: Uint8Array };
}

export interface Predictions {
  /** A probability a row. */
  binary: Float64Array;
  /** Cumulative incidence F_c(t): rows x times x causes, row-major; times in days from the row's as-of. */
  duration: { readonly timesDays: Float64Array; readonly incidence: Float64Array };
}
export type Task = keyof Targets;

/** Rows to learn from. `entity` and `account` group folds; `labelKnownAt` orders target encoding. */
export interface Dataset<T extends Task> {
  readonly X: Frame;
  readonly y: Targets[T];
  readonly weight: Float64Array;
  readonly entity: readonly string[];
  readonly account: readonly string[];
  /** Instant at which the row's outcome became known; Infinity where it never did. */
  readonly labelKnownAt: Float64Array;
}
