import { type Frame, rowsOf } from '../../src/frame.ts';
import { fuse, TILE } from '../kernel/fused.ts';
import { knotReader } from '../kernel/knotReader.ts';
import { type KnotEntries, type Knots, knotsOf } from '../kernel/knots.ts';
import { numberKnotsOf, plainNumbers } from '../kernel/numberReader.ts';
import { type HazardState, partsOf } from '../parts.ts';
import { compiledLinear } from './linear.ts';
import { compiledNetwork } from './network.ts';
import { type CompiledPart, compiledConstant } from './part.ts';
import { type CompiledTrees, compileTrees } from './trees.ts';

/**
 * A state made ready once for many rows: features become rows of tables (`kernel/knots.ts`), networks one fused pass
 * (`kernel/fused.ts`), everything over flat arrays and a tile of rows at a time. Nothing is allocated a row, and a row's
 * bits depend neither on the rows around it nor on their number. Within 1e-6 of the plain arrays (`plain.ts`).
 */
export interface Compiled {
  readonly parts: readonly CompiledPart[];
  /** Trees, which read rows in their own way; undefined where there are none. Reasons of a state with trees are worked out on plain arrays. */
  readonly trees: CompiledTrees | undefined;
  /** Codes of the encoder. */
  readonly codes: number;
  /** Reads a row of a frame into a place of the tile; places are filled from 0 on. */
  read(frame: Frame, row: number, place: number): void;
  /**
   * Adds per-bin probabilities of rows from `first` up to, and not including, `end`: `out` is of all rows of the frame, each bins x (causes + 1).
   * @param q of these rows alone, each bins x covariates
   */
  predict(frame: Frame, q: Float32Array, out: Float64Array, first?: number, end?: number): void;
}

/** @returns undefined where a network needs WebAssembly SIMD and there is none */
export function compile(state: HazardState): Compiled | undefined {
  const cells = { edges: state.edges, bins: state.edges.length - 1, causes: state.causes };
  const size = cells.bins * (cells.causes + 1);
  const knots = knotsOf(state.encoder, state.meanX);
  const parts = partsOf(state).filter((part) => part.kind !== 'trees');
  const trees = partsOf(state).filter((part) => part.kind === 'trees');
  const networks = parts.filter((part) => part.kind === 'network');
  const fused = networks.length ? fuse(knots, networks) : undefined;
  if (networks.length && !fused) return undefined;
  const entries = fused?.entries ?? plainEntries(knots);
  const compiled = parts.map((part) => {
    if (part.kind === 'constant') return compiledConstant(part, cells);
    if (part.kind === 'linear') return compiledLinear(part, cells, knots, entries);
    return compiledNetwork(part, cells, knots, entries, fused!.networks[networks.indexOf(part)]!);
  });
  const reader = knotReader(knots, entries, fused?.numbers ?? plainNumbers(numberKnotsOf(knots), entries, TILE));
  return {
    parts: compiled,
    trees: trees.length ? compileTrees(state.encoder, trees, cells) : undefined,
    codes: knots.codes,
    read: (frame, row, place) => {
      reader.bind(frame);
      reader.read(row, 1, place);
    },
    predict: (frame, q, out, first = 0, end = rowsOf(frame)) => {
      reader.bind(frame);
      for (let from = first; from < end; from += TILE) {
        const rows = Math.min(TILE, end - from);
        reader.read(from, rows);
        for (const part of compiled) part.add(rows, q, (from - first) * cells.bins, out, from * size);
      }
      // A small frame stays bound, for its reasons; a large one is not kept alive.
      if (end === rowsOf(frame) && end > TILE) reader.bind(undefined);
    },
  };
}

function plainEntries(knots: Knots): KnotEntries {
  const most = knots.most * TILE;
  return { start: new Int32Array(TILE + 1), knot: new Int32Array(most), share: new Float32Array(most) };
}
