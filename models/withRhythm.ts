import type { Frame } from '../src/frame.ts';
import { columnMeans, encode } from './encode.ts';
import type { HazardState } from './hazardModel.ts';
import { type Rhythm, rhythmCodes, rhythmFeatures } from './rhythm.ts';

/** Rows of customers without contract, which the law reads, and the others. */
export function splitByContract(frame: Frame): {
  readonly rhythmic: readonly number[];
  readonly bound: readonly number[];
} {
  const column = frame.columns.get(rhythmFeatures[0]);
  const rhythmic: number[] = [];
  const bound: number[] = [];
  for (let row = 0; row < frame.ids.length; row++) {
    (column?.type === 'number' && column.values[row] === 0 ? rhythmic : bound).push(row);
  }
  return { rhythmic, bound };
}

/** The state that asks the law about rows without contract. @param rows of them, for what is usual; at least one */
export function withRhythm(state: HazardState, rhythm: Rhythm, rows: Frame): HazardState {
  const { encoder, causes, meanX, linear, network } = state;
  const WIDTH = rhythmCodes.length;
  const { sources } = encoder;
  const wider = {
    codes: [...encoder.codes, ...rhythmCodes],
    width: encoder.width + WIDTH,
    source: [...encoder.source, ...rhythmCodes.map((_, i) => sources.length + i)],
    sources: [...sources, ...rhythmFeatures],
  };
  const usual = columnMeans(encode({ codes: rhythmCodes, width: WIDTH, source: rhythmCodes.map((_, i) => i), sources: rhythmFeatures }, rows), WIDTH); // biome-ignore format: one call
  return {
    ...state,
    encoder: wider,
    meanX: Float32Array.from([...meanX, ...usual]),
    rhythm,
    ...(linear && {
      linear: {
        ...linear,
        model: {
          ...linear.model,
          beta: padded(linear.model.beta, WIDTH * causes),
          tilt: linear.model.tilt.length > 0 ? padded(linear.model.tilt, WIDTH * causes) : linear.model.tilt,
        },
      },
    }),
    ...(network && {
      network: {
        ...network,
        shape: { ...network.shape, inputs: wider.width },
        weights: {
          ...network.weights,
          scale: Float32Array.from({ length: network.shape.members * wider.width }, (_, e) =>
            e % wider.width < encoder.width
              ? network.weights.scale[Math.floor(e / wider.width) * encoder.width + (e % wider.width)]!
              : 0,
          ),
          w1: Float32Array.from([...network.weights.w1, ...new Float32Array(WIDTH * network.shape.width)]),
        },
      },
    }),
  };
}

function padded(values: Float64Array, more: number): Float64Array {
  const out = new Float64Array(values.length + more);
  out.set(values);
  return out;
}
