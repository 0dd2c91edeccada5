import { ForesellError } from '../src/errors.ts';
import type { Frame, FrameColumn } from '../src/frame.ts';
import type { EntityKind } from '../src/records.ts';
import type { Instant } from '../src/time.ts';
import { type FactSource, type Past, type World, world } from '../src/world.ts';
import type { Feature } from './feature.ts';

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
  const builders = set.map((feature) => builder(feature, rows.length));
  const order = orderOf(worldAt, rows);
  let now: World | undefined;
  for (let from = 0; from < order.length; from += TOGETHER) {
    const some = order.slice(from, from + TOGETHER);
    const pasts = some.map((row) => {
      const { id, asOf } = rows[row]!;
      if (now?.asOf !== asOf) now = worldAt(asOf);
      return now.past(of, id);
    });
    for (const build of builders) build.look(some, pasts);
  }
  const columns = new Map<string, FrameColumn>();
  set.forEach((feature, i) => {
    if (columns.has(feature.name)) {
      throw new ForesellError('feature-twice', `feature "${feature.name}" is in the set twice; give one another name`);
    }
    columns.set(feature.name, builders[i]!.column());
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

interface Builder {
  look(rows: readonly number[], pasts: readonly Past[]): void;
  column(): FrameColumn;
}

function builder(feature: Feature, rows: number): Builder {
  if (feature.type === 'number') {
    const values = new Float64Array(rows);
    return {
      look: (rows, pasts) => {
        for (let i = 0; i < rows.length; i++) values[rows[i]!] = feature.compute(pasts[i]!);
      },
      column: () => ({ type: 'number', values }),
    };
  }
  const codes = new Int32Array(rows);
  const met = new Map<string, number>((feature.levels ?? []).map((level, code) => [level, code]));
  return {
    look: (rows, pasts) => {
      for (let i = 0; i < rows.length; i++) {
        const word = feature.compute(pasts[i]!);
        let code = word === undefined ? -1 : met.get(word);
        if (code === undefined) {
          if (feature.levels) throw unknownLevel(feature.name, word!, feature.levels);
          met.set(word!, (code = met.size));
        }
        codes[rows[i]!] = code;
      }
    },
    column: () => {
      if (feature.levels) return { type: 'category', codes, levels: feature.levels };
      const words = [...met.keys()];
      const levels = [...words].sort();
      const sorted = new Map(levels.map((level, code) => [level, code]));
      const recode = words.map((word) => sorted.get(word)!);
      return { type: 'category', codes: codes.map((code) => (code < 0 ? -1 : recode[code]!)), levels };
    },
  };
}

const unknownLevel = (name: string, word: string, levels: readonly string[]) =>
  new ForesellError(
    'feature-level-unknown',
    `feature "${name}" gave "${word}"; its levels are ${levels.join(', ')}; add the level, or leave the list out`,
    { blame: 'failure' },
  );
