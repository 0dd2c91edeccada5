import { type Code, type Encoder, HUGE, PIECEWISE_ENDS, STANDARD_END, shrunkRate } from '../encode.ts';
import { ML, type OnnxGraph } from './graph.ts';

/**
 * The encoder as a graph: raw features in, the encoded row out (float, rows x width); undefined where nothing is encoded.
 * Numbers are read and scaled in double, as the engine does, and missing where they are NaN or infinite; a word is missing
 * where it is the empty text. Piecewise-linear numbers are clipped lines, words are looked up.
 */
export function encoderGraph(graph: OnnxGraph, encoder: Encoder): string | undefined {
  const columns = encoder.codes.flatMap((code) => encoded(graph, code));
  if (columns.length === 0) return undefined;
  return columns.length === 1 ? columns[0]! : graph.node('Concat', columns, { axis: { int: 1 } });
}

function encoded(graph: OnnxGraph, code: Code): string[] {
  if (code.kind === 'onehot') return [oneHot(graph, code)];
  if (code.kind === 'target') return target(graph, code);
  return number(graph, code);
}

function number(graph: OnnxGraph, code: Code & { kind: 'piecewise' | 'standard' }): string[] {
  const { node } = graph;
  const scalar = (value: number) => graph.constant([value], [1], 'double');
  const row = (values: readonly number[]) => graph.constant(values, [values.length], 'double');
  const raw = graph.input(code.feature, 'double');
  const absent = node('Or', [node('IsNaN', [raw]), node('IsInf', [raw])]);
  // What is missing is put in last; until then a zero stands for it, so that no NaN is clipped.
  const finite = node('Where', [absent, scalar(0), raw]);
  const tame = node('Min', [node('Max', [finite, scalar(-HUGE)]), scalar(HUGE)]);
  const scaled = code.log ? node('Log', [node('Add', [node('Max', [tame, scalar(0)]), scalar(1)])]) : tame;
  const x = node('Where', [absent, scalar(code.median), scaled]);
  const missing = code.missing ? [node('Cast', [absent], { to: { int: 1 } })] : [];
  const within = (value: string, low: readonly number[], high: readonly number[]) =>
    node('Cast', [node('Min', [node('Max', [value, row(low)]), row(high)])], { to: { int: 1 } });
  if (code.kind === 'standard') {
    const z = node('Div', [node('Sub', [x, scalar(code.mean)]), scalar(code.sd)]);
    return [within(z, [-STANDARD_END], [STANDARD_END]), ...missing];
  }
  const from = code.edges.slice(0, -1);
  const widths = from.map((edge, t) => code.edges[t + 1]! - edge);
  const e = node('Div', [node('Sub', [x, row(from)]), row(widths)]);
  const low = from.map((_, t) => (t === 0 ? PIECEWISE_ENDS[0] : 0));
  const high = from.map((_, t) => (t === from.length - 1 ? PIECEWISE_ENDS[1] : 1));
  return [within(e, low, high), ...missing];
}

function oneHot(graph: OnnxGraph, { feature, levels }: Code & { kind: 'onehot' }): string {
  const place = graph.node(
    'LabelEncoder',
    [graph.input(feature, 'string')],
    { keys_strings: { strings: levels }, values_int64s: { ints: levels.map((_, i) => i + 1) }, default_int64: { int: 0 } }, // biome-ignore format: one table
    ML,
  );
  const width = levels.length + 1;
  const identity = graph.constant(Array.from({ length: width * width }, (_, e) => (e % (width + 1) === 0 ? 1 : 0)), [width, width], 'float'); // biome-ignore format: one matrix
  return graph.node('Reshape', [graph.node('Gather', [identity, place]), graph.constant([-1, width], [2], 'int64')]);
}

function target(graph: OnnxGraph, { feature, prior, tallies }: Code & { kind: 'target' }): string[] {
  const words = Object.keys(tallies);
  const lookUp = (of: (tally: readonly [number, number]) => number) =>
    graph.node(
      'LabelEncoder',
      [graph.input(feature, 'string')],
      {
        // A table needs a row; the empty text is nobody's word.
        keys_strings: { strings: words.length ? words : [''] },
        values_floats: { floats: words.length ? words.map((word) => of(tallies[word]!)) : [of([0, 0])] },
        default_float: { float: of([0, 0]) },
      },
      ML,
    );
  return [lookUp(([won, n]) => shrunkRate(won, n, prior)), lookUp(([, n]) => Math.log1p(n))];
}
