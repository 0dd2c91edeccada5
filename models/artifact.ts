import { createHash } from 'node:crypto';
import { ForesellError } from '../src/errors.ts';
import { type ArtifactHeader, artifactHeader } from './artifactHeader.ts';
import { damaged, stateOf } from './artifactState.ts';
import { TILT, tensorsOf } from './artifactTensors.ts';
import type { HazardState } from './hazardModel.ts';
import { sizeOf } from './network.ts';
import type { Part } from './parts.ts';

export type { ArtifactHeader } from './artifactHeader.ts';

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
/** 6: trees among the parts. */
const FORMAT_TREES = 6;

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
  const tensors = tensorsOf(state);
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
  let parsed: ReturnType<typeof artifactHeader.safeParse>;
  try {
    parsed = artifactHeader.safeParse(JSON.parse(bytes.toString('utf8', 16, jsonEnd)));
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
