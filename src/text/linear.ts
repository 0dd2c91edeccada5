import { ForesellError } from '../errors.ts';
import { type Hashed, type Language, PLACES } from './hashing.ts';

/** A linear reader of hashed text: for each place one weight a class, row-major (place x class). */
export interface LinearReader {
  readonly language: Language;
  readonly classes: readonly string[];
  readonly bias: Float64Array;
  readonly weights: Float32Array | Int8Array;
  /** One unit of each class's weights. */
  readonly unit: Float64Array;
}

/** Writes the probability of each class into `out`: softmax of bias + unit x sum of value x weight. */
export function probabilities(reader: LinearReader, { size, places, values }: Hashed, out: Float64Array): Float64Array {
  const { bias, weights, unit } = reader;
  const classes = bias.length;
  for (let k = 0; k < classes; k++) {
    let sum = 0;
    // The class that the others of a packed reader are relative to has no weights.
    if (unit[k] !== 0) for (let i = 0; i < size; i++) sum += values[i]! * weights[places[i]! * classes + k]!;
    out[k] = bias[k]! + unit[k]! * sum;
  }
  return softmax(out);
}

/** In place; the largest is taken off first, so that nothing overflows. */
export function softmax(z: Float64Array): Float64Array {
  let most = z[0]!;
  for (const value of z) if (value > most) most = value;
  let sum = 0;
  for (let k = 0; k < z.length; k++) sum += z[k] = Math.exp(z[k]! - most);
  for (let k = 0; k < z.length; k++) z[k]! /= sum;
  return z;
}

/** Place of the largest; the first of equals. */
export function largest(values: Float64Array): number {
  let best = 0;
  for (let k = 1; k < values.length; k++) if (values[k]! > values[best]!) best = k;
  return best;
}

const MAGIC = 'FSLR';
const FORMAT = 1;
const HEAD = 12;
interface Header {
  readonly language: Language;
  readonly classes: readonly string[];
  readonly bias: readonly number[];
  readonly unit: readonly number[];
  readonly kept: number;
}

/**
 * A small file of a reader: weights in 8 bits, and only of the `keep` places that move most messages (largest
 * weight x root of `seen`, the messages that had the place). Weights are taken relative to the first class, which
 * changes no probability and saves it.
 *
 * Layout, little-endian: "FSLR", format, length of the header, the header as JSON, one bit a place (kept or not), then a
 * signed byte for each kept place and each class but the first.
 */
export function pack(reader: LinearReader, seen: ArrayLike<number>, keep: number): Uint8Array {
  const classes = reader.classes.length;
  const rest = classes - 1;
  const weightAt = (place: number, k: number) =>
    reader.weights[place * classes + k]! * reader.unit[k]! - reader.weights[place * classes]! * reader.unit[0]!;
  const worth = new Float64Array(PLACES);
  const most = new Float64Array(rest);
  for (let place = 0; place < PLACES; place++) {
    let largestWeight = 0;
    for (let k = 1; k < classes; k++) largestWeight = Math.max(largestWeight, Math.abs(weightAt(place, k)));
    worth[place] = largestWeight * Math.sqrt(seen[place]!);
  }
  const order = Int32Array.from(worth.keys()).sort((a, b) => worth[b]! - worth[a]! || a - b);
  const kept = order.slice(0, keep).filter((place) => worth[place]! > 0).sort(); // biome-ignore format: a row
  for (const place of kept)
    for (let k = 1; k < classes; k++) most[k - 1] = Math.max(most[k - 1]!, Math.abs(weightAt(place, k)));
  const unit = Array.from(most, (value) => Math.fround(value / 127 || 1));
  const bias = Array.from({ length: rest }, (_, k) => Math.fround(reader.bias[k + 1]! - reader.bias[0]!));
  const header: Header = { language: reader.language, classes: reader.classes, bias, unit, kept: kept.length };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(HEAD + json.length + PLACES / 8 + kept.length * rest);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(MAGIC), 0);
  view.setUint32(4, FORMAT, true);
  view.setUint32(8, json.length, true);
  bytes.set(json, HEAD);
  const bits = HEAD + json.length;
  let at = bits + PLACES / 8;
  for (const place of kept) {
    bytes[bits + (place >>> 3)]! |= 1 << (place & 7);
    for (let k = 1; k < classes; k++) view.setInt8(at++, Math.round(weightAt(place, k) / unit[k - 1]!));
  }
  return bytes;
}

/** Opens what `pack` wrote; every field is checked. */
export function unpack(bytes: Uint8Array): LinearReader {
  const wrong = (what: string) =>
    new ForesellError('reader-damaged', `the reader's weights are not whole: ${what}; restore the file from the release`, { blame: 'failure' }); // biome-ignore format: one sentence
  if (bytes.length < HEAD || new TextDecoder().decode(bytes.subarray(0, 4)) !== MAGIC) throw wrong('no "FSLR" first');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(4, true) !== FORMAT) throw wrong(`format ${view.getUint32(4, true)}, expected ${FORMAT}`);
  const bits = HEAD + view.getUint32(8, true);
  if (bits > bytes.length) throw wrong('it ends within its header');
  const header = headerOf(new TextDecoder().decode(bytes.subarray(HEAD, bits)));
  if (!header) throw wrong('its header is not a header');
  const classes = header.classes.length;
  const rest = classes - 1;
  const expected = bits + PLACES / 8 + header.kept * rest;
  if (bytes.length !== expected) throw wrong(`${bytes.length} bytes, expected ${expected}`);
  const weights = new Int8Array(PLACES * classes);
  let at = bits + PLACES / 8;
  for (let place = 0; place < PLACES; place++) {
    if (!((bytes[bits + (place >>> 3)]! >>> (place & 7)) & 1)) continue;
    if (at + rest > bytes.length) throw wrong('more places marked than weights given');
    for (let k = 1; k < classes; k++) weights[place * classes + k] = view.getInt8(at++);
  }
  if (at !== bytes.length) throw wrong('fewer places marked than weights given');
  const zeroFirst = (values: readonly number[]) => Float64Array.from([0, ...values]);
  return {
    language: header.language,
    classes: header.classes,
    bias: zeroFirst(header.bias),
    unit: zeroFirst(header.unit),
    weights,
  };
}

function headerOf(text: string): Header | undefined {
  let header: Partial<Header> | null;
  try {
    header = JSON.parse(text) as Partial<Header> | null;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
  const { language, classes, bias, unit, kept } = header ?? {};
  const numbers = (list: unknown, n: number) =>
    Array.isArray(list) && list.length === n && list.every((value) => Number.isFinite(value));
  const whole =
    (language === 'th' || language === 'en') &&
    Array.isArray(classes) &&
    classes.length >= 2 &&
    classes.every((name) => typeof name === 'string') &&
    numbers(bias, classes.length - 1) &&
    numbers(unit, classes.length - 1) &&
    Number.isInteger(kept) &&
    kept! >= 0 &&
    kept! <= PLACES;
  return whole ? (header as Header) : undefined;
}
