import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame } from '../../src/frame.ts';
import { DAY, type Instant } from '../../src/time.ts';
import { foldOf } from '../../training/folds.ts';
import { oneHotMatrix } from '../quality/tableSets.ts';
import type { Peer } from './peer.ts';

/** Rows that train a peer, by their place in the frame. */
export interface ForwardRows {
  readonly index: readonly number[];
  readonly event: readonly number[];
  readonly asOf: readonly Instant[];
  readonly account: readonly string[];
}

/** Share of the training rows, the newest, on which a setting is judged. */
const HELD = 0.2;
/** Most rows of the search; the setting found is fitted on all. */
const SEARCH_ROWS = 40_000;

/**
 * Positions to fit a setting on and to judge it on: the newest fifth by time judges, and what is fitted was known by
 * then, each label `embargoDays` old. Beyond 40,000 rows whole accounts are left out by a hash of their name.
 */
export function forwardParts(
  asOf: readonly Instant[],
  account: readonly string[],
  embargoDays: number,
): { readonly fit: readonly number[]; readonly held: readonly number[] } {
  const sorted = Float64Array.from(asOf).sort();
  const from = sorted[Math.floor(sorted.length * (1 - HELD))] ?? Number.POSITIVE_INFINITY;
  const share = Math.min(1, SEARCH_ROWS / Math.max(asOf.length, 1)) * 1000;
  const kept = asOf.flatMap((_, row) => (foldOf(account[row]!, 1000, 'search') < share ? [row] : []));
  return {
    fit: kept.filter((row) => asOf[row]! <= from - embargoDays * DAY),
    held: kept.filter((row) => asOf[row]! >= from),
  };
}

/** XGBoost after a random search of `tries` settings, each judged forward in time; answers for the rows at `test`. */
export async function forwardXgboost(
  peer: Peer,
  X: Frame,
  train: ForwardRows,
  test: readonly number[],
  ask: { readonly embargoDays: number; readonly tries: number; readonly rounds: number; readonly seed: number },
): Promise<{ readonly p: readonly number[]; readonly chosen: object }> {
  const scratch = mkdtempSync(join(tmpdir(), 'foresell-forward-'));
  try {
    const path = join(scratch, 'rows.f32');
    const { values, width } = oneHotMatrix(X);
    writeFileSync(path, values);
    const { fit, held } = forwardParts(train.asOf, train.account, ask.embargoDays);
    const { tries, rounds, seed } = ask;
    const parts = fit.length && held.length ? [[fit, held]] : [];
    const file = join(scratch, 'question.json');
    writeFileSync(file, JSON.stringify({ path, width, train: train.index, event: train.event, test, seed, tries, rounds, parts })); // biome-ignore format: one call
    return await peer.ask({ file });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
