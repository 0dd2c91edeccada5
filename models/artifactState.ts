import { ForesellError } from '../src/errors.ts';
import type { ArtifactHeader } from './artifactHeader.ts';
import { summingToOne, TILT } from './artifactTensors.ts';
import { COVARIATES } from './binCovariates.ts';
import { type Encoder, widthOf } from './encode.ts';
import type { HazardState } from './hazardModel.ts';
import { hazards } from './hazards.ts';
import type { LinearHazards } from './linearHazards.ts';
import {
  type NetworkShape,
  type NetworkWeights,
  sizeOf,
  type WeightName,
  weightNames,
  weightShape,
} from './network.ts';
import type { Part } from './parts.ts';
import { endsWithRhythm } from './rhythm.ts';
import type { Trees } from './trees.ts';

export const damaged = (what: string) =>
  new ForesellError('artifact-damaged', `the model file is damaged: ${what}; train again or restore a backup`, {
    blame: 'failure',
  });

/**
 * The state that a header and its tensors describe; every shape, range and reference is checked.
 * @throws ForesellError `artifact-damaged`
 */
export function stateOf(head: ArtifactHeader, tensors: ReadonlyMap<string, Float32Array>): HazardState {
  const causes = head.causes.length;
  const bins = binsChecked(head.edges, causes);
  const take = (name: string, length: number): Float32Array => {
    const values = tensors.get(name);
    if (!values || values.length !== length)
      throw damaged(`tensor ${name} has ${values?.length ?? 'no'} numbers, expected ${length}`);
    return values;
  };
  const encoder: Encoder = head.encoder;
  const { parts } = head;
  const { width } = encoder;
  checkEncoder(encoder);
  const total = (parts.constant ?? 0) + (parts.linear ?? 0) + (parts.network ?? 0);
  if (Math.abs(total - (parts.mixture ? 0 : 1)) > 1e-9)
    throw damaged(`the weights of its parts sum to ${total}, expected 1`);
  const covariates = COVARIATES;
  const state: { -readonly [K in keyof HazardState]: HazardState[K] } = {
    edges: head.edges,
    causes,
    encoder,
    meanX: take('meanX', width),
    meanQ: take('meanQ', bins * covariates),
  };
  const constantAt = (name: string) => {
    const p = take(name, bins * (causes + 1));
    if (p.some((v) => v < 0 || v > 1)) throw damaged('its base rates are not probabilities');
    return summingToOne(p, causes);
  };
  const linearAt = (prefix: string): LinearHazards => ({
    intercept: Float64Array.from(take(`${prefix}intercept`, bins * causes)),
    beta: Float64Array.from(take(`${prefix}beta`, width * causes)),
    tilt: tensors.has(`${prefix}${TILT}`)
      ? Float64Array.from(take(`${prefix}${TILT}`, width * causes))
      : new Float64Array(0),
    gamma: Float64Array.from(take(`${prefix}linearGamma`, covariates * causes)),
  });
  const networkAt = (prefix: string, shape: NetworkShape | undefined) => {
    const fits = shape?.inputs === width && shape.bins === bins && shape.causes === causes;
    if (!fits || shape.covariates !== covariates) throw damaged('its network does not fit its encoder');
    const weights = Object.fromEntries(
      weightNames.map((name): [WeightName, Float32Array] => [
        name,
        take(`${prefix}${name}`, sizeOf(weightShape(name, shape))),
      ]),
    ) as unknown as NetworkWeights;
    return { shape, weights };
  };
  const treesAt = (prefix: string, trees: number, nodes: number): Trees => {
    const read = take(`${prefix}nodes`, 3 * nodes);
    const found = {
      start: Float64Array.from(take(`${prefix}start`, bins * causes)),
      roots: Int32Array.from(take(`${prefix}roots`, trees)),
      column: Int32Array.from(read.subarray(0, nodes)),
      cut: read.slice(nodes, 2 * nodes),
      left: Int32Array.from(read.subarray(2 * nodes)),
    };
    const fits =
      trees % causes === 0 &&
      found.roots.every((root) => root >= 0 && root < nodes) &&
      found.column.every((j, node) => j >= -1 && j < width && (j < 0 || (found.left[node]! > node && found.left[node]! + 1 < nodes))); // biome-ignore format: one rule a line
    if (!fits) throw damaged('its trees do not fit its encoder or themselves');
    return found;
  };
  if (parts.constant !== undefined) state.constant = { weight: parts.constant, p: constantAt('constant') };
  if (parts.linear !== undefined) state.linear = { weight: parts.linear, model: linearAt('') };
  if (parts.network !== undefined) state.network = { weight: parts.network, ...networkAt('', parts.shape) };
  if (parts.mixture) {
    const weights = weightsRead(parts.mixture.map((_, k) => take(`part${k}.byBin`, bins)));
    state.mixture = parts.mixture.map((part, k): Part => {
      const own = { name: part.name, byBin: weights[k]! };
      const prefix = `part${k}.`;
      if (part.kind === 'constant') return { ...own, kind: 'constant', p: constantAt(`${prefix}constant`) };
      if (part.kind === 'linear') return { ...own, kind: 'linear', model: linearAt(prefix) };
      if (part.kind === 'trees') return { ...own, kind: 'trees', trees: treesAt(prefix, part.trees, part.nodes) };
      return { ...own, kind: 'network', ...networkAt(prefix, part.shape) };
    });
  }
  if (parts.rhythm !== undefined) {
    const { silent, ordered, withinDays } = parts.rhythm;
    const fits = silent < causes && ordered < causes && silent !== ordered && head.edges.includes(withinDays);
    if (!fits || !endsWithRhythm(encoder.codes))
      throw damaged('its law of orders does not fit its causes, bins or encoder');
    state.rhythm = parts.rhythm;
  }
  return state;
}

/** Weights by part and bin: none negative, in each bin 1 in sum, which float32 keeps to seven digits. */
function weightsRead(read: readonly Float32Array[]): Float64Array[] {
  const out = read.map((byBin) => Float64Array.from(byBin));
  for (let b = 0; b < out[0]!.length; b++) {
    const sum = out.reduce((s, byBin) => s + byBin[b]!, 0);
    if (out.some((byBin) => byBin[b]! < 0) || Math.abs(sum - 1) > 1e-5)
      throw damaged(`the weights of its parts sum to ${sum} in bin ${b}, expected 1`);
    for (const byBin of out) byBin[b]! /= sum;
  }
  return out;
}

function binsChecked(edges: readonly number[], causes: number): number {
  try {
    return hazards(edges, causes).edges.length - 1;
  } catch (cause) {
    if (cause instanceof ForesellError) throw damaged(cause.message);
    throw cause;
  }
}

/** Every encoded column has its source, in order, and every edge its place. */
function checkEncoder({ codes, width, source, sources }: Encoder): void {
  const expected = codes.flatMap((code, i) => new Array<number>(widthOf(code)).fill(i));
  const agrees =
    expected.length === width &&
    expected.length === source.length &&
    expected.every((feature, column) => feature === source[column]) &&
    codes.length === sources.length &&
    codes.every((code, i) => code.feature === sources[i]);
  if (!agrees) throw damaged('its encoder disagrees with itself');
  for (const code of codes) {
    if (code.kind === 'piecewise' && code.edges.some((edge, t) => t > 0 && !(edge > code.edges[t - 1]!)))
      throw damaged(`the edges of ${code.feature} do not ascend`);
  }
}
