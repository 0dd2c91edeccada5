import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { featuresOf, hashFeatures } from '../../features/hash.ts';
import { ForesellError } from '../../src/errors.ts';
import { type RecordKind, records } from '../../src/records.ts';
import type { Store } from '../../src/store/store.ts';
import { formatInstant, type Instant } from '../../src/time.ts';
import type { Kept } from '../../training/backtest/thenModels.ts';
import { checkOutputs, type Named } from '../checkOutputs.ts';
import { packageVersion } from '../common.ts';
import { type OutItem, writerFor } from '../out.ts';
import { writeWhole } from '../outFile.ts';

/** A result in every form in which it leaves. */
export interface BacktestDocument {
  /** Plain JSON, with instants in ISO 8601. */
  readonly json: Readonly<Record<string, unknown>>;
  html(language: 'en' | 'th'): string;
  /** A row a look. */
  rows(): readonly OutItem[];
  /** For a terminal. */
  printed(): string;
}

/** The writer of a file by its ending, found and its place tried before any work is done. */
export function outOf(
  file: string,
  reads: Named,
  language: 'en' | 'th',
): (document: BacktestDocument) => Promise<void> {
  checkOutputs({ '--out': file }, reads);
  const name = file.toLowerCase();
  if (name.endsWith('.html')) return async (document) => writeWhole(file, document.html(language));
  if (name.endsWith('.json'))
    return async (document) => writeWhole(file, `${JSON.stringify(document.json, null, 1)}\n`);
  if (!/\.(csv|xlsx|ndjson|jsonl|parquet)$/.test(name)) {
    throw new ForesellError(
      'format-unknown',
      `--out ${file}: the ending must be one of .html, .json, .csv, .xlsx, .ndjson, .parquet`,
      { path: '--out' },
    );
  }
  const write = writerFor(file, reads);
  return (document) => write(document.rows());
}

/**
 * Finished trainings in a folder beside the database, until the run is finished. Its name holds all that a training
 * follows from: the records (by what the store counts and knows), settings, features, options and the program's version.
 */
export function keptBeside(
  store: Store,
  { model, profile, seed }: { readonly model: string; readonly profile: string; readonly seed: number },
  known: Instant,
): Kept & { clear(): void } {
  const { settings, stages } = store.company();
  const counts = (Object.keys(records) as RecordKind[]).map((kind) => store.count(kind));
  const about = {
    ...{ model, profile, seed, known, settings, stages, counts },
    features: hashFeatures(featuresOf(model, store.company())),
    imported: store.lastImportAt(),
    newest: store.newestKnownAt(),
    version: packageVersion(),
  };
  const key = createHash('sha256').update(JSON.stringify(about)).digest('hex').slice(0, 16);
  const folder = `${store.path}.backtest-${key}`;
  const file = (until: Instant) => join(folder, `${formatInstant(until).replaceAll(':', '')}.model`);
  return {
    get: (until) => (existsSync(file(until)) ? readFileSync(file(until)) : undefined),
    put: (until, bytes) => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(`${file(until)}.part`, bytes);
      renameSync(`${file(until)}.part`, file(until));
    },
    clear: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** How long it will still take, by what it took so far. */
export function left(started: number, share: number): string {
  const seconds = (Date.now() - started) / 1000;
  if (share < 0.02 || share >= 1 || seconds < 3) return '';
  const rest = (seconds * (1 - share)) / share;
  return rest < 90 ? `  (about ${Math.ceil(rest)} s left)` : `  (about ${Math.ceil(rest / 60)} min left)`;
}
