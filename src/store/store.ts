import type { Company, CompanySettings } from '../company.ts';
import type { Norms } from '../norms.ts';
import type { RecordKind, RowOf } from '../records.ts';
import type { Instant } from '../time.ts';
import type { FactSource, WorkedOut } from '../world.ts';
import type { Adjustment } from './adjustments.ts';
import type { Append, Appending } from './appends.ts';
import type { Audit } from './audit.ts';
import type { ForecastSaid, KeptBlend } from './forecastsSaid.ts';
import type { Staging } from './staging.ts';

/** What an import did with the rows it was given; `read = accepted + unchanged + rejected`, always. */
export interface Counts {
  readonly read: number;
  readonly accepted: number;
  readonly unchanged: number;
  readonly rejected: number;
}

/** A version of a model as the registry keeps it; `bytes` is the artifact, never edited. */
export interface Version {
  readonly model: string;
  /** Hash of the artifact's content. */
  readonly version: string;
  readonly createdAt: Instant;
  readonly lowSkill: boolean;
  /** Metrics, baselines and the gate's verdict, for people: plain JSON. */
  readonly summary: Readonly<Record<string, unknown>>;
}

/** One swap of the served pointer. */
export interface Promotion {
  readonly at: Instant;
  readonly model: string;
  readonly version: string;
  readonly previous: string | null;
  readonly action: 'promote' | 'rollback';
  readonly reason: string;
}

/**
 * How a training ended: its version serves, is kept without serving, or nothing came of it; a repeated one gave the same
 * weights, or others.
 */
export type RunOutcome = 'served' | 'kept' | 'failed' | 'same' | 'differs';

/** A training as it is remembered, whatever came of it; never changed. */
export interface Run {
  readonly id: number;
  /** When it began. */
  readonly at: Instant;
  readonly model: string;
  readonly outcome: RunOutcome;
  /** What it made; null where nothing came of it. */
  readonly version: string | null;
  /** Configuration, data, candidates, timings, verdict: plain JSON (`training/runRecord.ts`). */
  readonly record: Readonly<Record<string, unknown>>;
}

/** A score that was given, kept for good. */
export interface KeptScore {
  readonly model: string;
  readonly id: string;
  readonly asOf: Instant;
  readonly version: string;
  /** What lists sort and filter by. */
  readonly probability: number;
  readonly byPeriodEnd: number;
  readonly grade: string;
  readonly amountMinor: number | null;
  readonly ownerId: string | null;
  /** The whole answer as JSON text. */
  readonly body: string;
}

/** A version scored in the shadow, and since when. */
export interface Shadow {
  readonly version: string;
  readonly since: Instant;
}

/** What a version in the shadow said. */
export interface ShadowScore {
  readonly model: string;
  readonly version: string;
  readonly id: string;
  readonly asOf: Instant;
  readonly probability: number;
}

/** The facts at one moment, in a read transaction of its own. */
export interface Held {
  readonly source: FactSource;
  /** Another where the facts or the company's settings are others. */
  readonly stamp: number;
  close(): void;
}

/** A tenant's one database file: records in, facts, versions and scores out. */
export interface Store {
  readonly path: string;
  company(): Company;
  saveSettings(settings: CompanySettings): void;
  /**
   * All facts, read lazily and kept until another commit of facts, by this process or another, is seen; then the next
   * call answers a new source. Ask again for each request rather than holding one. After an append only those whom it
   * touched are read again; what is usual of everybody (`population`) follows at the turn of the hour where an append
   * tells of weeks that are over.
   */
  source(): FactSource;
  /** The same facts read in one scan: for training and for whatever looks at all of them. */
  loadedSource(): FactSource;
  /** The same facts, of which those that only somebody's own features read are read when they are first looked at: for answering questions. */
  servingSource(): FactSource;
  /**
   * Reads what `servingSource` will answer, with pauses. What is appended meanwhile is in it; where an import comes in it is read anew, a few times,
   * and then when it is asked for.
   * @param pause called after each thousand rows; where it rejects, reading ends
   */
  readAhead(pause: () => Promise<void>): Promise<void>;
  /**
   * From now on waits so long for another process that writes. A server asks again from its loop, where others are answered meanwhile: in
   * here everything stands still, what only reads too.
   */
  waitAtMost(ms: number): void;
  /**
   * The same facts, but activities only of those whose features are asked for (`FactSource.whole`), as they are now:
   * commits that come later are not seen. For scoring more than memory holds. Close it when done.
   */
  leanSource(): Held;
  /** The same where what is usual and worked out of all facts is known: nothing is read but of those asked for. */
  partedSource(norms: Norms, workedOut: WorkedOut): Held;
  rows<K extends RecordKind>(kind: K): IterableIterator<RowOf<K> & { readonly importedAt: Instant }>;
  count(kind: RecordKind): number;
  /** Counts of what a reader should know before trusting the records. Cost: a scan of every table. */
  audit(): Audit;
  /** The newest instant at which anything was known that is not in the future of its own import; undefined when empty. */
  newestKnownAt(): Instant | undefined;
  /** When the newest import was; values that have no history are known from then. Undefined when there was none. */
  lastImportAt(): Instant | undefined;
  /** First parts of canonical ids: the sources of imports and of appended facts, sorted. */
  sources(): readonly string[];
  /** Canonical id of a bare or canonical one; undefined = unknown, several = ambiguous. */
  resolveId(kind: RecordKind, id: string): readonly string[];

  /**
   * Appends facts: several works in one commit, on disk before this returns; each whole or not at all, and what one throws
   * is its answer. See `connectors/append.ts` for what a fact is.
   * @param waitMs how long to wait for another writer; absent = as the store was opened
   */
  append<T>(
    at: Instant,
    works: readonly ((appending: Appending) => T)[],
    waitMs?: number,
  ): readonly (T | { readonly error: unknown })[];
  /** Number of the newest append that `source()` knows of; 0 before the first. */
  newestAppend(): number;
  /** Appends after a number, or that arrived from an instant on, oldest first; the newest 100,000 are remembered. */
  appends(ask: { readonly after: number } | { readonly from: Instant }): readonly Append[];

  /** What people put beside forecasts, of one period or all, oldest first; added by way of `append`. */
  adjustments(period?: { readonly from: Instant; readonly to: Instant }): readonly Adjustment[];

  /** Keeps forecasts as they were said, one a day and period: the first of a day stands. How many were new. */
  keepForecasts(rows: readonly ForecastSaid[]): number;
  /** Those of one period or all, oldest first. */
  forecastsSaid(period?: { readonly from: Instant; readonly to: Instant }): readonly ForecastSaid[];
  isForecastSaid(period: { readonly from: Instant; readonly to: Instant }, day: string): boolean;
  /** Adds what was learned of blending people and model. */
  keepBlend(blend: KeptBlend): void;
  /** The newest for a kind of period. */
  blendLearned(of: string): KeptBlend | undefined;

  putVersion(version: Version, bytes: Uint8Array): void;
  versions(model?: string): readonly Version[];
  artifact(model: string, version: string): Uint8Array | undefined;
  served(model: string): string | undefined;
  /** Swaps the pointer in one transaction and writes the audit row. */
  serve(promotion: Promotion): void;
  promotions(model: string): readonly Promotion[];

  /**
   * Remembers a training and answers its number. `evidence` is what a report is drawn from (judged rows and the like,
   * without ids or names): plain JSON, read only when asked for.
   */
  putRun(run: Omit<Run, 'id'>, evidence?: object): number;
  /** Newest first. */
  runs(model?: string): readonly Run[];
  /** Evidence of the newest run that made a version and has some. */
  evidence(model: string, version: string): Readonly<Record<string, unknown>> | undefined;

  /** The version of a model that is scored in the shadow; undefined = none. */
  shadow(model: string): Shadow | undefined;
  /** Puts a version in the shadow, or, without one, ends it; what it said is kept. */
  setShadow(model: string, shadow: Shadow | undefined): void;
  keepShadowScores(scores: readonly ShadowScore[]): void;
  /** In order of time, then id. */
  shadowScores(model: string, version: string): readonly ShadowScore[];

  /** Appends; the same (model, id, asOf, version) again changes nothing. */
  keepScores(scores: readonly KeptScore[]): void;
  latestScore(model: string, id: string): KeptScore | undefined;
  /** The newest score as of before an instant, by the served version where it has one. */
  scoreBefore(model: string, id: string, at: Instant): Pick<KeptScore, 'asOf' | 'probability'> | undefined;
  scoreHistory(model: string, id: string): readonly KeptScore[];
  /** Latest score of each id, a page at a time. `version` (default: the served) and `upTo` hold a walk over pages still. */
  listScores(
    model: string,
    ask: {
      readonly sort: 'probability' | 'byPeriodEnd' | 'amount' | 'id';
      readonly descending: boolean;
      readonly ownerId?: string;
      readonly grade?: string;
      readonly limit: number;
      readonly version?: string;
      /** Scores as of later instants do not count. */
      readonly upTo?: Instant;
      readonly after?: { readonly value: number | string | null; readonly id: string };
    },
  ): readonly KeptScore[];

  /** API keys: only their SHA-256 is kept. */
  addKey(key: {
    readonly id: string;
    readonly hash: string;
    readonly role: 'read' | 'score' | 'write' | 'admin';
    readonly name: string;
  }): void;
  keys(): readonly {
    readonly id: string;
    readonly hash: string;
    readonly role: 'read' | 'score' | 'write' | 'admin';
    readonly name: string;
    readonly revokedAt: Instant | null;
  }[];
  revokeKey(id: string): void;

  /**
   * Runs an import on a connection of its own. What it stages is seen by nobody until its swap; what a stopped import of
   * the same `identity` has staged is there again.
   */
  importing<T>(identity: string, work: (staging: Staging) => Promise<T>): Promise<T>;
  /** Runs `work` while holding the one lease of its kind (`import`, `train`); refused while another live process holds it. */
  withLease<T>(kind: string, work: () => T | Promise<T>): Promise<T>;
  integrityCheck(): string;
  close(): void;
}
