import { ForesellError } from '../src/errors.ts';
import type { Artifact } from './artifact.ts';
import { covariateNames } from './binCovariates.ts';
import type { HazardState } from './hazardModel.ts';
import { prepareNetwork } from './kernel/network.ts';
import { binClock, type LinearHazards } from './linearHazards.ts';
import { type PartOf, partsOf } from './parts.ts';
import { layers, type SymbolicTensor, type TensorFlow, tensorflow } from './tf.ts';
import { treesAsLayers } from './treesAsLayers.ts';

export interface ExportedModel {
  /** The content of `model.json`: topology, weights manifest, and under `userDefinedMetadata` how to fill the inputs. */
  readonly modelJson: object;
  /** The content of `weights.bin`, which the manifest names. */
  readonly weights: Uint8Array;
}

/**
 * A served model as one that stock TensorFlow.js opens (`loadLayersModel`, no custom layers):
 *
 *     inputs   x  [rows, encoded columns]   q  [rows, bins, covariates]
 *     output   p  [rows, bins, causes + 1], index 0 = still open
 *
 * Each member is Dense (R_i * W1) -> relu -> the shared Dense W2 -> relu -> its own head, whose column for "still open"
 * is zero; the covariates' term is a Dense on q shared by all; softmax a bin; mean over members; weighted mean of parts.
 * Trees are Dense (which side of every cut) -> DepthwiseConv2D (which leaf of every tree) -> Dense (what the leaves add).
 * A base rate reads no columns, so its model has the one input q and ignores its values.
 *
 * Equal to the served typed-array model within 1e-6. The encoder and the edges of the bins travel in the metadata.
 */
export async function exportLayersModel(artifact: Artifact): Promise<ExportedModel> {
  const tfl = await layers();
  const { tf } = await tensorflow();
  const { state, header, version } = artifact;
  if (state.rhythm) {
    throw new ForesellError(
      'export-rhythm',
      `${header.model} asks a law of purchases about customers without contract, which layers cannot say; score with foresell instead`,
      { status: 409 },
    );
  }
  let model!: ReturnType<typeof layersModel>;
  tf.tidy(() => {
    model = layersModel(tfl, tf, header.model, state);
  });
  let exported: ExportedModel | undefined;
  await model.save({
    save: async ({ modelTopology, weightSpecs, weightData, format, generatedBy }) => {
      const chunks = Array.isArray(weightData) ? weightData : [weightData!];
      exported = {
        modelJson: {
          format,
          generatedBy,
          convertedBy: 'foresell',
          modelTopology,
          weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }],
          userDefinedMetadata: {
            model: header.model,
            version,
            inputs: model.inputNames,
            encoder: state.encoder,
            edges: [...state.edges],
            covariates: [...covariateNames],
            outputs: ['open', ...header.causes.map((cause) => cause.name)],
            causes: header.causes,
          },
        },
        // A copy that owns its buffer: small Buffers share one, and readers take `.buffer`.
        weights: Uint8Array.from(Buffer.concat(chunks.map((chunk) => Buffer.from(chunk)))),
      };
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    },
  });
  // A layer used several times counts its uses; the model's own dispose would leave those behind.
  for (const layer of model.layers) while (layer.dispose().refCountAfterDispose > 0);
  return exported!;
}

/** The graph of a state's parts. To be called within a tidy: a layer copies the weights it is given. */
export function layersModel(tfl: Awaited<ReturnType<typeof layers>>, tf: TensorFlow, name: string, state: HazardState) {
  const { causes, encoder } = state;
  const bins = state.edges.length - 1;
  const width = causes + 1;
  const outputs = bins * width;
  const covariates = covariateNames.length;

  const dense = (name: string, kernel: Matrix, bias?: Float32Array, activation?: 'relu' | 'relu6') => {
    const weights = [tf.tensor2d(kernel.values, [kernel.rows, kernel.columns])];
    return tfl.layers.dense({
      name,
      units: kernel.columns,
      useBias: bias !== undefined,
      kernelInitializer: 'zeros',
      ...(activation ? { activation } : {}),
      weights: bias ? [...weights, tf.tensor1d(bias)] : weights,
    });
  };
  const apply = (layer: { apply(input: SymbolicTensor | SymbolicTensor[]): unknown }, input: SymbolicTensor[]) =>
    layer.apply(input.length === 1 ? input[0]! : input) as SymbolicTensor;
  const byBin = (name: string, flat: SymbolicTensor) =>
    apply(tfl.layers.reshape({ name, targetShape: [bins, width] }), [flat]);
  const softmax = (name: string, logits: SymbolicTensor[]) => {
    const sum = logits.length === 1 ? logits[0]! : apply(tfl.layers.add({ name: `${name}_logits` }), logits);
    return apply(tfl.layers.softmax({ name, axis: -1 }), [sum]);
  };

  const x = encoder.width > 0 ? tfl.input({ name: 'x', shape: [encoder.width] }) : undefined;
  const q = tfl.input({ name: 'q', shape: [bins, covariates] });
  // What has no columns to read hangs on q with a kernel of zeros: every output of a graph comes from an input.
  const flat = apply(tfl.layers.flatten({ name: 'q_flat' }), [q]);
  const row = x ?? flat;
  const onRow = (kernel: Matrix) => (x ? kernel : matrix(bins * covariates, kernel.columns));
  const parts: { byBin: Float64Array; p: SymbolicTensor }[] = [];

  for (const part of partsOf(state)) {
    const { byBin: weights } = part;
    // Layers have unique names; those of a part that is alone of its kind stay as they were.
    const several = partsOf(state).filter(({ kind }) => kind === part.kind).length > 1;
    const own = several ? `_${part.name.replaceAll(/[^A-Za-z0-9]+/g, '_')}` : '';
    if (part.kind === 'constant') {
      const bias = Float32Array.from(part.p, (p) => Math.log(Math.max(p, 1e-30)));
      const logits = apply(dense(`constant_bias${own}`, matrix(bins * covariates, outputs), bias), [flat]);
      parts.push({ byBin: weights, p: softmax(`constant${own}`, [byBin(`constant_bins${own}`, logits)]) });
    } else if (part.kind === 'linear') {
      const { kernel, bias, gamma } = linearLayers(part.model, encoder.width, state.edges, causes);
      const logits = [
        byBin(`linear_bins${own}`, apply(dense(`linear_row${own}`, onRow(kernel), bias), [row])),
        apply(dense(`linear_covariates${own}`, gamma), [q]),
      ];
      parts.push({ byBin: weights, p: softmax(`linear${own}`, logits) });
    } else if (part.kind === 'trees') {
      const { sides, leaves, leafBias, size, adds } = treesAsLayers(part.trees, causes, encoder.width);
      const asked = apply(dense(`trees_sides${own}`, sides.kernel, sides.bias, 'relu6'), [row]);
      const beside = apply(
        tfl.layers.reshape({ name: `trees_each${own}`, targetShape: [size.questions, 1, size.trees] }),
        [asked],
      );
      const fallen = tfl.layers.depthwiseConv2d({
        name: `trees_leaves${own}`,
        kernelSize: [size.questions, 1],
        depthMultiplier: size.leaves,
        activation: 'relu',
        weights: [tf.tensor4d(leaves, [size.questions, 1, size.trees, size.leaves]), tf.tensor1d(leafBias)],
      });
      const flat = apply(tfl.layers.flatten({ name: `trees_flat${own}` }), [apply(fallen, [beside])]);
      const kernel = withOpen(repeatedOver(adds, causes, bins), size.trees * size.leaves, bins, causes);
      const start = withOpen(part.trees.start, 1, bins, causes).values;
      const logits = byBin(`trees_bins${own}`, apply(dense(`trees_sum${own}`, kernel, start), [flat]));
      parts.push({ byBin: weights, p: softmax(`trees${own}`, [logits]) });
    } else {
      const members = networkLayers(part);
      const second = dense(`network_second${own}`, members.second, members.b2, 'relu');
      const shared = apply(dense(`network_covariates${own}`, members.gamma), [q]);
      const probabilities = members.each.map(({ first, b1, head, bias }, m) => {
        const h1 = apply(dense(`member${m}_first${own}`, onRow(first), b1, 'relu'), [row]);
        const logits = apply(dense(`member${m}_head${own}`, head, bias), [apply(second, [h1])]);
        return softmax(`member${m}${own}`, [byBin(`member${m}_bins${own}`, logits), shared]);
      });
      const mean =
        probabilities.length === 1
          ? probabilities[0]!
          : apply(tfl.layers.average({ name: `network_mean${own}` }), probabilities);
      parts.push({ byBin: weights, p: mean });
    }
  }

  let output = parts[0]!.p;
  if (parts.length > 1) {
    const weights = parts.map((part) => part.byBin);
    const beside = tfl.layers.concatenate({ name: 'parts', axis: -1 });
    const all = apply(beside, parts.map((part) => part.p)); // biome-ignore format: one call
    if (weights.every((own) => own.every((w) => w === own[0])))
      output = apply(dense('parts_mean', stackedIdentity(weights.map((own) => own[0]!), width)), [all]); // biome-ignore format: one call
    else {
      // Weights that differ by bin: one dense layer over all bins at once.
      const flattened = apply(tfl.layers.flatten({ name: 'parts_flat' }), [all]);
      output = byBin('bins', apply(dense('parts_mean', weightedByBin(weights, width)), [flattened]));
    }
  }
  return tfl.model({ name: `foresell_${name}`, inputs: x ? [x, q] : [q], outputs: output });
}

/** Row-major. */
interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}
const matrix = (rows: number, columns: number): Matrix => ({ rows, columns, values: new Float32Array(rows * columns) });

/** Columns bins x causes to bins x (causes + 1): the logit of "still open" is 0. */
function withOpen(source: ArrayLike<number>, rows: number, bins: number, causes: number): Matrix {
  const out = matrix(rows, bins * (causes + 1));
  for (let cell = 0; cell < rows * bins; cell++) {
    for (let c = 0; c < causes; c++) out.values[cell * (causes + 1) + c + 1] = source[cell * causes + c]!;
  }
  return out;
}

/** Rows x causes as rows x bins x causes: the same in every bin. */
function repeatedOver(values: ArrayLike<number>, causes: number, bins: number): Float32Array {
  const cells = bins * causes;
  return Float32Array.from({ length: (values.length / causes) * cells }, (_, e) => values[Math.floor(e / cells) * causes + (e % causes)]!); // biome-ignore format: one call
}

function linearLayers(model: LinearHazards, inputs: number, edges: readonly number[], causes: number) {
  const clock = binClock(edges);
  const bins = clock.length;
  const repeated = new Float32Array(inputs * bins * causes);
  for (let j = 0; j < inputs; j++) {
    for (let e = 0; e < bins * causes; e++) {
      const effect = j * causes + (e % causes);
      repeated[j * bins * causes + e] =
        model.beta[effect]! + clock[Math.floor(e / causes)]! * (model.tilt[effect] ?? 0);
    }
  }
  return {
    kernel: withOpen(repeated, inputs, bins, causes),
    bias: withOpen(model.intercept, 1, bins, causes).values,
    gamma: withOpen(model.gamma, model.gamma.length / causes, 1, causes),
  };
}

function networkLayers({ shape, weights }: PartOf<'network'>) {
  const { members, inputs, width, bins, causes } = shape;
  const { wide } = prepareNetwork(shape, weights);
  const part = (values: Float32Array, m: number, size: number) => values.slice(m * size, (m + 1) * size);
  return {
    second: { rows: width, columns: width, values: weights.w2 },
    b2: weights.b2,
    gamma: withOpen(weights.gamma, shape.covariates, 1, causes),
    each: Array.from({ length: members }, (_, m) => ({
      first: { rows: inputs, columns: width, values: part(wide, m, inputs * width) },
      b1: weights.b1,
      head: withOpen(part(weights.head, m, width * bins * causes), width, bins, causes),
      bias: withOpen(part(weights.headBias, m, bins * causes), 1, bins, causes).values,
    })),
  };
}

/** From bins x (parts x size), flat, to bins x size: in each bin the parts at their weights there. */
function weightedByBin(weights: readonly Float64Array[], size: number): Matrix {
  const bins = weights[0]!.length;
  const out = matrix(bins * weights.length * size, bins * size);
  for (let b = 0; b < bins; b++)
    weights.forEach((byBin, part) => {
      for (let i = 0; i < size; i++)
        out.values[((b * weights.length + part) * size + i) * out.columns + b * size + i] = byBin[b]!;
    });
  return out;
}

/** w_1 I over w_2 I ..: a weighted sum of parts laid side by side. */
function stackedIdentity(weights: readonly number[], size: number): Matrix {
  const out = matrix(weights.length * size, size);
  weights.forEach((weight, part) => {
    for (let i = 0; i < size; i++) out.values[(part * size + i) * size + i] = weight;
  });
  return out;
}
