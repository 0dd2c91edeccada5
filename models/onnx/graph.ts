import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/**
 * A graph of ONNX as it grows, written as protocol buffers by hand: of the format (onnx/onnx `onnx.proto3`) only what is
 * needed here. Values are called by name; every node has one output.
 */
export interface OnnxGraph {
  /** A value that the caller gives: rows x 1. */
  input(name: string, type: 'double' | 'string'): string;
  /** Numbers that stand in the model. */
  constant(values: ArrayLike<number>, shape: readonly number[], type: 'float' | 'double' | 'int64'): string;
  /** The output of an operator. */
  node(
    op: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, Attribute>>,
    domain?: string,
  ): string;
  /** The whole model, after naming its outputs: `rows`, then the given sizes. */
  finish(
    outputs: readonly { readonly name: string; readonly of: string; readonly shape: readonly number[] }[],
    metadata: Readonly<Record<string, string>>,
  ): Uint8Array;
}

type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly strings: readonly string[] };

/** Operators from this set on, which runtimes of 2021 and later know; those for words stand in a set of their own. */
const OPSET = 13;
export const ML = 'ai.onnx.ml';
const ML_OPSET = 2;
const IR_VERSION = 7;
/** Numbers of element types in the format. */
const TYPES = { float: 1, int64: 7, string: 8, double: 11 } as const;

type Write = (to: BinaryWriter) => void;

const text =
  (field: number, value: string): Write =>
  (to) =>
    to.tag(field, WireType.LengthDelimited).string(value);
const bytes =
  (field: number, value: Uint8Array): Write =>
  (to) =>
    to.tag(field, WireType.LengthDelimited).bytes(value);
const int =
  (field: number, value: number): Write =>
  (to) =>
    to.tag(field, WireType.Varint).int64(value);
const float =
  (field: number, value: number): Write =>
  (to) =>
    to.tag(field, WireType.Bit32).float(value);
const message =
  (field: number, parts: readonly Write[]): Write =>
  (to) => {
    to.tag(field, WireType.LengthDelimited).fork();
    for (const part of parts) part(to);
    to.join();
  };

function attribute(name: string, value: Attribute): Write {
  const of = (type: number, parts: readonly Write[]) => message(5, [text(1, name), ...parts, int(20, type)]);
  if ('int' in value) return of(2, [int(3, value.int)]);
  if ('float' in value) return of(1, [float(2, value.float)]);
  if ('ints' in value)
    return of(
      7,
      value.ints.map((i) => int(8, i)),
    );
  if ('floats' in value)
    return of(
      6,
      value.floats.map((f) => float(7, f)),
    );
  return of(
    8,
    value.strings.map((s) => text(9, s)),
  );
}

const BYTES = { float: 4, double: 8, int64: 8 } as const;

/** Little-endian, whatever the machine. */
function rawOf(values: ArrayLike<number>, type: keyof typeof BYTES): Uint8Array {
  const raw = new Uint8Array(values.length * BYTES[type]);
  const view = new DataView(raw.buffer);
  for (let i = 0; i < values.length; i++) {
    if (type === 'float') view.setFloat32(i * 4, values[i]!, true);
    else if (type === 'double') view.setFloat64(i * 8, values[i]!, true);
    else view.setBigInt64(i * 8, BigInt(values[i]!), true);
  }
  return raw;
}

/** `rows`, then sizes that are known. */
const valueInfo = (field: number, name: string, type: keyof typeof TYPES, shape: readonly number[]): Write =>
  message(field, [
    text(1, name),
    message(2, [message(1, [int(1, TYPES[type]), message(2, [message(1, [text(2, 'rows')]), ...shape.map((size) => message(1, [int(1, size)]))])])]), // biome-ignore format: one type
  ]);

export function onnxGraph(name: string): OnnxGraph {
  const nodes: Write[] = [];
  const initializers: Write[] = [];
  const inputs: Write[] = [];
  const given = new Set<string>();
  let made = 0;
  // A dot before each: names of inputs are those of features, which have none there.
  const fresh = (what: string) => `.${what}${made++}`;
  return {
    input: (input, type) => {
      if (!given.has(input)) inputs.push(valueInfo(11, input, type, [1]));
      given.add(input);
      return input;
    },
    constant: (values, shape, type) => {
      const constant = fresh('constant');
      initializers.push(message(5, [...shape.map((size) => int(1, size)), int(2, TYPES[type]), text(8, constant), bytes(9, rawOf(values, type))])); // biome-ignore format: one tensor
      return constant;
    },
    node: (op, from, attributes = {}, domain) => {
      const output = fresh(op);
      nodes.push(
        message(1, [
          ...from.map((value) => text(1, value)),
          text(2, output),
          text(3, output),
          text(4, op),
          ...Object.entries(attributes).map(([key, value]) => attribute(key, value)),
          ...(domain ? [text(7, domain)] : []),
        ]),
      );
      return output;
    },
    finish: (outputs, metadata) => {
      const ends = outputs.map(({ name: output, of }) =>
        message(1, [text(1, of), text(2, output), text(4, 'Identity')]),
      );
      const graph = [
        ...nodes,
        ...ends,
        text(2, name),
        ...initializers,
        ...inputs,
        ...outputs.map(({ name: output, shape }) => valueInfo(12, output, 'float', shape)),
      ];
      const model = [
        int(1, IR_VERSION),
        text(2, 'foresell'),
        message(7, graph),
        message(8, [text(1, ''), int(2, OPSET)]),
        message(8, [text(1, ML), int(2, ML_OPSET)]),
        ...Object.entries(metadata).map(([key, value]) => message(14, [text(1, key), text(2, value)])),
      ];
      const writer = new BinaryWriter();
      for (const part of model) part(writer);
      return writer.finish();
    },
  };
}
