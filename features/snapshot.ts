import { ForesellError } from '../src/errors.ts';
import type { Frame, FrameColumn } from '../src/frame.ts';
import type { EntityKind } from '../src/records.ts';
import type { Instant } from '../src/time.ts';
import { type FactSource, type Past, type World, world } from '../src/world.ts';
import type { Feature } from './feature.ts';

type NumberFeature = Extract<Feature, { readonly type: 'number' }>;
type WordFeature = Extract<Feature, { readonly type: 'category' }>;

/** Whom to look at, and when. */
export interface Look {
  readonly id: string;
  readonly asOf: Instant;
}

/**
 * The set's features of each row, from what was known at that row's own instant: a frame with the rows as given and
 * one column a feature, in the set's order.
 *
 * Missing is NaN or code -1. A category without a fixed list gets the words met, sorted. Cost: one past a row and one
 * call a feature; the norms once a week.
 */
export function snapshot(
  source: FactSource,
  set: readonly Feature[],
  rows: readonly Look[],
  of: EntityKind = 'deal',
): Frame {
  return snapshotOf((asOf) => world(source, asOf), set, rows, of);
}

/** Rows looked at together: enough for a feature's code to stay warm, few enough for what they keep to stay near. */
const TOGETHER = 64;
/** From so many rows on, what is usual of everybody is worked out first, so that the rows can be taken entity by entity. */
const MANY = 1_000;

/** The same by any way to see the business at an instant. */
export function snapshotOf(
  worldAt: (asOf: Instant) => World,
  set: readonly Feature[],
  rows: readonly Look[],
  of: EntityKind,
): Frame {
  const writing = set.map((feature) =>
    feature.type === 'number' ? new Numbers(feature, rows.length) : new Words(feature, rows.length),
  );
  const order = orderOf(worldAt, rows);
  let now: World | undefined;
  for (let from = 0; from < order.length; from += TOGETHER) {
    const some = order.slice(from, from + TOGETHER);
    const pasts = some.map((row) => {
      const { id, asOf } = rows[row]!;
      if (now?.asOf !== asOf) now = worldAt(asOf);
      return now.past(of, id);
    });
    for (const column of writing) column.look(some, pasts);
  }
  const columns = new Map<string, FrameColumn>();
  writing.forEach((column, i) => {
    const { name } = set[i]!;
    if (columns.has(name)) {
      throw new ForesellError('feature-twice', `feature "${name}" is in the set twice; give one another name`);
    }
    columns.set(name, column.finish());
  });
  return { ids: rows.map((row) => row.id), asOf: Float64Array.from(rows, (row) => row.asOf), columns };
}

/**
 * In which order rows are looked at. Few: by time, so that rows of an instant share a world. Many: entity by entity, which
 * takes half to two thirds of the time, for an entity's facts stay in the processor's cache from one look to the next. The
 * norms, which cost least from week to week, are asked for in order of time before.
 */
function orderOf(worldAt: (asOf: Instant) => World, rows: readonly Look[]): readonly number[] {
  const byTime = rows.map((_, i) => i).sort((a, b) => rows[a]!.asOf - rows[b]!.asOf || a - b);
  if (rows.length < MANY) return byTime;
  for (const row of byTime) {
    const { norms } = worldAt(rows[row]!.asOf);
    void norms.leads;
    void norms.contracts;
  }
  const byId = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return byTime.sort((a, b) => byId(rows[a]!.id, rows[b]!.id) || rows[a]!.asOf - rows[b]!.asOf);
}

/* Columns while their rows are looked at. Classes, not closures: of one row, making 200 of them counts. */

class Numbers {
  readonly #feature: NumberFeature;
  readonly #values: Float64Array;

  constructor(feature: NumberFeature, rows: number) {
    this.#feature = feature;
    this.#values = new Float64Array(rows);
  }

  look(rows: readonly number[], pasts: readonly Past[]): void {
    for (let i = 0; i < rows.length; i++) this.#values[rows[i]!] = this.#feature.compute(pasts[i]!);
  }

  finish(): FrameColumn {
    return { type: 'number', values: this.#values };
  }
}

class Words {
  readonly #feature: WordFeature;
  readonly #codes: Int32Array;
  /** Codes of the words met; of a fixed list, its own. */
  readonly #met: Map<string, number>;

  constructor(feature: WordFeature, rows: number) {
    this.#feature = feature;
    this.#codes = new Int32Array(rows);
    this.#met = feature.levels ? fixedCodes(feature.levels) : new Map();
  }

  look(rows: readonly number[], pasts: readonly Past[]): void {
    for (let i = 0; i < rows.length; i++) {
      const word = this.#feature.compute(pasts[i]!);
      this.#codes[rows[i]!] = word === undefined ? -1 : (this.#met.get(word) ?? this.#newCode(word));
    }
  }

  #newCode(word: string): number {
    const { name, levels } = this.#feature;
    if (levels) throw unknownLevel(name, word, levels);
    const code = this.#met.size;
    this.#met.set(word, code);
    return code;
  }

  /** Words met are sorted, so that their codes do not depend on the order of rows. */
  finish(): FrameColumn {
    const codes = this.#codes;
    if (this.#feature.levels) return { type: 'category', codes, levels: this.#feature.levels };
    const words = [...this.#met.keys()];
    const levels = [...words].sort();
    const sorted = new Map(levels.map((level, code) => [level, code]));
    const recode = words.map((word) => sorted.get(word)!);
    for (let i = 0; i < codes.length; i++) if (codes[i]! >= 0) codes[i] = recode[codes[i]!]!;
    return { type: 'category', codes, levels };
  }
}

const codesKept = new WeakMap<readonly string[], Map<string, number>>();
function fixedCodes(levels: readonly string[]): Map<string, number> {
  let codes = codesKept.get(levels);
  if (!codes) codesKept.set(levels, (codes = new Map(levels.map((level, code) => [level, code]))));
  return codes;
}

const unknownLevel = (name: string, word: string, levels: readonly string[]) =>
  new ForesellError(
    'feature-level-unknown',
    `feature "${name}" gave "${word}"; its levels are ${levels.join(', ')}; add the level, or leave the list out`,
    { blame: 'failure' },
  );
