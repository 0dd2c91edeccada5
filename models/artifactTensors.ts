import type { HazardState } from './hazardModel.ts';
import type { LinearHazards } from './linearHazards.ts';
import { weightNames, weightShape } from './network.ts';
import type { Part } from './parts.ts';

/** How slopes of a ridge's effects in time are named. */
export const TILT = 'tilt';

/** Numbers under a name, to be written as float32. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/** All numbers of a state, in the order in which they are written. */
export function tensorsOf(state: HazardState): NamedTensor[] {
  const tensors: NamedTensor[] = [];
  const bins = state.edges.length - 1;
  const add = (name: string, shape: readonly number[], values: ArrayLike<number>) =>
    tensors.push({ name, shape, values });
  add('meanX', [state.meanX.length], state.meanX);
  add('meanQ', [state.meanQ.length], state.meanQ);
  if (state.constant)
    add('constant', [bins, state.causes + 1], summingToOne(Float32Array.from(state.constant.p), state.causes));
  if (state.linear) {
    addLinear(state.linear.model, '', state, add);
  }
  if (state.network) {
    for (const name of weightNames) add(name, weightShape(name, state.network.shape), state.network.weights[name]);
  }
  for (const [k, part] of state.mixture?.entries() ?? []) addPart(part, `part${k}.`, state, add);
  return tensors;
}

type Add = (name: string, shape: readonly number[], values: ArrayLike<number>) => void;

/** Numbers of one part of a mixture. */
function addPart(part: Part, prefix: string, state: HazardState, add: Add): void {
  const bins = state.edges.length - 1;
  add(`${prefix}byBin`, [bins], part.byBin);
  if (part.kind === 'constant')
    add(`${prefix}constant`, [bins, state.causes + 1], summingToOne(Float32Array.from(part.p), state.causes));
  else if (part.kind === 'linear') {
    addLinear(part.model, prefix, state, add);
  } else if (part.kind === 'trees') {
    const { start, roots, column, cut, left } = part.trees;
    add(`${prefix}start`, [bins, state.causes], start);
    add(`${prefix}roots`, [roots.length], roots);
    add(`${prefix}nodes`, [3, column.length], [...column, ...cut, ...left]);
  } else for (const name of weightNames) add(`${prefix}${name}`, weightShape(name, part.shape), part.weights[name]);
}

function addLinear(
  { intercept, beta, tilt, gamma }: LinearHazards,
  prefix: string,
  state: HazardState,
  add: Add,
): void {
  const { causes, encoder, edges } = state;
  add(`${prefix}intercept`, [edges.length - 1, causes], intercept);
  add(`${prefix}beta`, [encoder.width, causes], beta);
  if (tilt.length > 0) add(`${prefix}${TILT}`, [encoder.width, causes], tilt);
  add(`${prefix}linearGamma`, [gamma.length / causes, causes], gamma);
}

/** float32 loses the last digits of "still open"; it is what the causes leave. */
export function summingToOne(p: Float32Array, causes: number): Float64Array {
  const out = Float64Array.from(p);
  for (let cell = 0; cell < out.length; cell += causes + 1) {
    let ends = 0;
    for (let c = 1; c <= causes; c++) ends += out[cell + c]!;
    out[cell] = 1 - ends;
  }
  return out;
}
