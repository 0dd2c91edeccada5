import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ForesellError } from '../src/errors.ts';
import { COVARIATES } from './binCovariates.ts';
import { referenceSchema } from './drift/reference.ts';
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
import { tableReading } from './table/reading.ts';
import { tableTarget } from './tableAnswers.ts';
import type { Trees } from './trees.ts';

/**
 * A trained model as one blob of plain data, never edited:
 *
 *     "FORESELL" | format u32 | header bytes u32 | header, JSON with sorted keys | float32 tensors | SHA-256 of all before
 *
 * All numbers little-endian. The version is the hash of the content; the header holds no wall-clock time, so the same
 * data, settings and seed give the same version. Nothing in it is code, a path or a URL.
 */
const MAGIC = 'FORESELL';
/** 2: causes have a side, and the probability may have a horizon. */
const FORMAT = 2;
/** 3: customers without contract are read by a law of purchases; written only where they are. */
const FORMAT_RHYTHM = 3;
/** 4: parts with a weight in each bin, and several of a kind. */
const FORMAT_MIXTURE = 4;
/** 5: ridges whose effects change with time. */
const FORMAT_TILT = 5;
const TILT = 'tilt';
/** 6: trees among the parts. */
const FORMAT_TREES = 6;

const numberCode = { feature: z.string(), log: z.boolean(), median: z.number(), missing: z.boolean() };
const encoderSchema = z.object({
  codes: z.array(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('piecewise'), ...numberCode, edges: z.array(z.number()).min(2) }),
      z.object({ kind: z.literal('standard'), ...numberCode, mean: z.number(), sd: z.number().positive() }),
      z.object({ kind: z.literal('onehot'), feature: z.string(), levels: z.array(z.string()) }),
      z.object({
        kind: z.literal('target'),
        feature: z.string(),
        prior: z.number(),
        tallies: z.record(z.string(), z.tuple([z.number(), z.number()])),
      }),
    ]),
  ),
  width: z.int().min(0),
  source: z.array(z.int().min(0)),
  sources: z.array(z.string()),
});

/** Weight of a part in the mean of parts. */
const share = z.number().gt(0).max(1);
const shapeSchema = z.object({
  inputs: z.int().min(0),
  members: z.int().min(1),
  width: z.int().min(1),
  bins: z.int().min(1),
  causes: z.int().min(1),
  covariates: z.int().min(0),
});
const metrics = z.record(z.string(), z.number().nullable());
const header = z.object({
  model: z.string(),
  task: z.literal('duration'),
  /** What it reads, in the form of the frame. */
  features: z.array(z.object({ name: z.string(), type: z.enum(['number', 'category']) })),
  /** Hash of the feature definitions it was trained with. */
  featuresHash: z.string(),
  encoder: encoderSchema,
  edges: z.array(z.number()),
  causes: z.array(z.object({ name: z.string(), positive: z.boolean() })).min(1),
  /** `probability` is of a positive ending within so many days; null = ever, given that it ends. */
  withinDays: z.number().positive().nullable(),
  parts: z.object({
    constant: share.optional(),
    linear: share.optional(),
    network: share.optional(),
    shape: shapeSchema.optional(),
    /** Parts of a mixture; their numbers, and their weights in each bin, are tensors named `part0.`, `part1.` .. */
    mixture: z
      .array(
        z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('constant'), name: z.string() }),
          z.object({ kind: z.literal('linear'), name: z.string() }),
          z.object({ kind: z.literal('network'), name: z.string(), shape: shapeSchema }),
          z.object({ kind: z.literal('trees'), name: z.string(), trees: z.int().min(0), nodes: z.int().min(0) }),
        ]),
      )
      .min(1)
      .optional(),
    rhythm: z
      .object({
        law: z.object({ r: z.number().positive(), alpha: z.number().positive(), a: z.number().positive(), b: z.number().positive() }), // biome-ignore format: one law
        silent: z.int().min(0),
        ordered: z.int().min(0),
        withinDays: z.number().positive(),
      })
      .optional(),
  }),
  /** Which candidate was chosen, and why. */
  chosen: z.string(),
  /** No candidate beat the base rate by more than chance: no reasons are given. */
  lowSkill: z.boolean(),
  /** Too few outcomes to learn from. */
  insufficientData: z.boolean(),
  trained: z.object({
    from: z.number(),
    to: z.number(),
    rows: z.int(),
    entities: z.int(),
    outcomes: z.record(z.string(), z.int()),
    seed: z.int(),
    profile: z.string(),
    backend: z.string(),
    dataHash: z.string(),
  }),
  /** Log loss and the like of every candidate on the selection block. */
  candidates: z.record(z.string(), metrics),
  /** On the newest unseen part: the model beside its baselines. */
  metrics: z.record(z.string(), metrics),
  /** Reliability of `probability` there. */
  calibration: z.array(z.object({ n: z.int(), predicted: z.number(), observed: z.number() })),
  /** Common-factor correlation of the forecast. */
  rho: z.number().min(0).max(0.3),
  /**
   * While outcomes are few: how much the owner's and the team's own record moves the log odds of success beside the model,
   * trust (logit own - logit company). It falls to nothing as outcomes and the learner's weight grow.
   */
  record: z.number().min(0).max(1).optional(),
  /** Median, or most frequent level, of each feature in training. */
  usual: z.record(z.string(), z.union([z.number(), z.string(), z.null()])),
  /** What half of the training rows lie between, by feature that is a number. Absent in versions made before it was kept, and of tables, which keep it by column. */
  usualRange: z.record(z.string(), z.tuple([z.number(), z.number()])).optional(),
  /** What rows, scores and endings looked like in training: what drift is told by. Absent in versions made before it was kept. */
  reference: referenceSchema.optional(),
  /** Columns that look as if they were written with the outcome in view; hard ones were left out. */
  leaks: z.array(
    z.object({
      feature: z.string(),
      severity: z.enum(['hard', 'suspect']),
      why: z.enum(['alone', 'carries', 'filledAfter', 'filledLater']),
      auc: z.number(),
      aucWith: z.number().optional(),
      aucWithout: z.number().optional(),
      missingEnded: z.number().optional(),
      missingOpen: z.number().optional(),
    }),
  ),
  /** What the model of a flat table tells; absent for models of a company. */
  table: tableTarget.optional(),
  /** Findings a reader should know of: fields left out, assumptions made. */
  notes: z.array(z.string()),
  /** How rows of a flat table are read. */
  reading: tableReading.optional(),
  tensors: z.array(z.object({ name: z.string(), shape: z.array(z.int().min(0)) })),
  /** SHA-256 of the tensors: another model's weights are refused though their shapes fit. */
  tensorsHash: z.string(),
});

export type ArtifactHeader = z.infer<typeof header>;
export interface Artifact {
  /** SHA-256 of the content, hex. */
  readonly version: string;
  readonly header: ArtifactHeader;
  readonly state: HazardState;
}

/** JSON with keys in order at every depth, so that equal content has equal bytes. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, v: unknown) =>
    v && typeof v === 'object' && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : v,
  );
}

/** Writes a state and what is to be known of it. */
export function writeArtifact(
  about: Omit<ArtifactHeader, 'encoder' | 'edges' | 'parts' | 'tensors' | 'tensorsHash'>,
  state: HazardState,
): Uint8Array {
  const tensors: { name: string; shape: readonly number[]; values: ArrayLike<number> }[] = [];
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
  const size = tensors.reduce((sum, t) => sum + t.values.length * 4, 0);
  const content = Buffer.alloc(size);
  let end = 0;
  for (const { values } of tensors) for (let i = 0; i < values.length; i++) end = content.writeFloatLE(values[i]!, end);
  const full: ArtifactHeader = {
    ...about,
    encoder: state.encoder as ArtifactHeader['encoder'],
    edges: [...state.edges],
    parts: {
      ...(state.constant ? { constant: state.constant.weight } : {}),
      ...(state.linear ? { linear: state.linear.weight } : {}),
      ...(state.network ? { network: state.network.weight, shape: state.network.shape } : {}),
      ...(state.rhythm ? { rhythm: state.rhythm } : {}),
      ...(state.mixture ? { mixture: state.mixture.map(headOfPart) } : {}),
    },
    tensors: tensors.map(({ name, shape }) => ({ name, shape: [...shape] })),
    tensorsHash: createHash('sha256').update(content).digest('hex'),
  };
  const json = Buffer.from(sortedJson(full), 'utf8');
  const bytes = Buffer.alloc(16 + json.length + size + 32);
  bytes.write(MAGIC, 0, 'latin1');
  bytes.writeUInt32LE(formatOf(full), 8);
  bytes.writeUInt32LE(json.length, 12);
  json.copy(bytes, 16);
  content.copy(bytes, 16 + json.length);
  const at = bytes.length - 32;
  createHash('sha256').update(bytes.subarray(0, at)).digest().copy(bytes, at);
  return bytes;
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

/** The oldest format that says what is in it: what older code cannot read it refuses. */
function formatOf({ parts, tensors }: Pick<ArtifactHeader, 'parts' | 'tensors'>): number {
  if (parts.mixture?.some(({ kind }) => kind === 'trees')) return FORMAT_TREES;
  if (tensors.some(({ name }) => name.endsWith(TILT))) return FORMAT_TILT;
  return parts.mixture ? FORMAT_MIXTURE : parts.rhythm ? FORMAT_RHYTHM : FORMAT;
}

function headOfPart(part: Part) {
  const { name } = part;
  if (part.kind === 'network') return { kind: part.kind, name, shape: part.shape };
  if (part.kind !== 'trees') return { kind: part.kind, name };
  return { kind: part.kind, name, trees: part.trees.roots.length, nodes: part.trees.column.length };
}

const damaged = (what: string) =>
  new ForesellError('artifact-damaged', `the model file is damaged: ${what}; train again or restore a backup`, {
    blame: 'failure',
  });

/**
 * Opens an artifact, checking everything before anything is served: magic, format, hash, header, every shape, every
 * number finite. A hash can be right and the content still wrong; shapes and ranges are checked all the same.
 */
export function loadArtifact(input: Uint8Array): Artifact {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  if (bytes.length < 48 || bytes.toString('latin1', 0, 8) !== MAGIC)
    throw damaged('it does not begin as a Foresell model');
  const format = bytes.readUInt32LE(8);
  if (format < FORMAT || format > FORMAT_TREES) {
    throw new ForesellError(
      'artifact-format',
      `model format ${format}; this version reads formats ${FORMAT} to ${FORMAT_TREES}; train again`,
      {
        blame: 'failure',
      },
    );
  }
  const content = bytes.subarray(0, bytes.length - 32);
  const hash = createHash('sha256').update(content).digest();
  if (!hash.equals(bytes.subarray(bytes.length - 32))) throw damaged('its content does not match its hash');
  const jsonEnd = 16 + bytes.readUInt32LE(12);
  if (jsonEnd > content.length) throw damaged('its header is longer than the file');
  let parsed: ReturnType<typeof header.safeParse>;
  try {
    parsed = header.safeParse(JSON.parse(bytes.toString('utf8', 16, jsonEnd)));
  } catch (cause) {
    throw new ForesellError('artifact-damaged', 'the model file is damaged: its header is not JSON', {
      blame: 'failure',
      cause,
    });
  }
  if (!parsed.success)
    throw damaged(`header ${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`);
  const head = parsed.data;
  if (format !== formatOf(head)) throw damaged(`its parts are not of format ${format}`); // biome-ignore format: one check
  const tensors = new Map<string, Float32Array>();
  if (createHash('sha256').update(content.subarray(jsonEnd)).digest('hex') !== head.tensorsHash)
    throw damaged('its weights are not those it was saved with');
  let at = jsonEnd;
  for (const { name, shape } of head.tensors) {
    const length = sizeOf(shape);
    if (at + length * 4 > content.length) throw damaged(`tensor ${name} runs past the end`);
    const values = new Float32Array(length);
    for (let i = 0; i < length; i++, at += 4) {
      values[i] = bytes.readFloatLE(at);
      if (!Number.isFinite(values[i]!)) throw damaged(`tensor ${name} holds ${values[i]}`);
    }
    tensors.set(name, values);
  }
  if (at !== content.length) throw damaged(`${content.length - at} bytes too many`);
  return { version: hash.toString('hex'), header: head, state: stateOf(head, tensors) };
}

function stateOf(head: ArtifactHeader, tensors: ReadonlyMap<string, Float32Array>): HazardState {
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

/** float32 loses the last digits of "still open"; it is what the causes leave. */
function summingToOne(p: Float32Array, causes: number): Float64Array {
  const out = Float64Array.from(p);
  for (let cell = 0; cell < out.length; cell += causes + 1) {
    let ends = 0;
    for (let c = 1; c <= causes; c++) ends += out[cell + c]!;
    out[cell] = 1 - ends;
  }
  return out;
}
