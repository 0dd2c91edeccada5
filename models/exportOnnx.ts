import { ForesellError } from '../src/errors.ts';
import { type Calendar, DAY, formatInstant } from '../src/time.ts';
import type { Artifact } from './artifact.ts';
import { covariateNames, expectedEndIn } from './binCovariates.ts';
import { prepareNetwork } from './kernel/network.ts';
import { binClock } from './linearHazards.ts';
import { covariatesGraph } from './onnx/covariates.ts';
import { encoderGraph } from './onnx/encoder.ts';
import { type OnnxGraph, onnxGraph } from './onnx/graph.ts';
import { treesGraph } from './onnx/trees.ts';
import { type HazardState, type Part, type PartOf, partsOf } from './parts.ts';

/** As-of times for which the ends of quarters stand in the model: so long after the training. */
const YEARS_AHEAD = 10;

/**
 * A served model as ONNX, for any runtime that knows operator set 13. It takes the features as `foresell features` writes
 * them, encoder and all, so nothing has to be computed before:
 *
 *     inputs    one for each feature, rows x 1: numbers as double (NaN = missing), words as text ('' = missing)
 *               as_of, rows x 1, double: milliseconds since 1970 (where hazards follow the quarter's end)
 *     outputs   p            [rows, bins, causes + 1], index 0 = still open
 *               probability  [rows]: of a positive ending ever, given that it ends, or within the model's days
 *
 * Without `probability` where more than this graph has a say in it: the owner's record while outcomes are few, and the
 * calibration of a flat table's model. What the level of late adds to a live score (`level.ts`) is not in it either.
 * Equal to the served typed-array model within 1e-5 (float against double sums). Metadata: model, version, edges, causes.
 * @throws ForesellError `export-rhythm` where a law of purchases is asked, which is no graph
 */
export function exportOnnx(artifact: Artifact, calendar: Calendar): Uint8Array {
  const { state, header, version } = artifact;
  if (state.rhythm) {
    throw new ForesellError(
      'export-rhythm',
      `${header.model} asks a law of purchases about customers without contract, which a graph cannot say; score with foresell instead`,
      { status: 409 },
    );
  }
  const { edges } = state;
  const bins = edges.length - 1;
  const horizon = edges.at(-1)!;
  const { from, to } = header.trained;
  const last = to + YEARS_AHEAD * 365 * DAY;
  const graph = onnxGraph(`foresell_${header.model}`);
  const x = encoderGraph(graph, state.encoder);
  const followsCalendar = partsOf(state).some((part) => gammaOf(part).some((g) => g !== 0));
  const names = header.features.map(({ name }) => name);
  const expectedEnd = names.find((name) => name === expectedEndIn(names));
  const q = followsCalendar
    ? covariatesGraph(graph, edges, calendar, expectedEnd, from - 366 * DAY, last + horizon * DAY)
    : undefined;
  const p = sumOf(graph, partsOf(state).map((part) => partGraph(graph, part, state, x, q))); // biome-ignore format: one sum
  const probability = header.record || header.table ? undefined : probabilityGraph(graph, artifact, p);
  return graph.finish(
    [
      { name: 'p', of: p, shape: [bins, state.causes + 1] },
      ...(probability ? [{ name: 'probability', of: probability, shape: [] }] : []),
    ],
    {
      model: header.model,
      version,
      edges: JSON.stringify(edges),
      causes: JSON.stringify(header.causes),
      withinDays: JSON.stringify(header.withinDays),
      outputs: JSON.stringify(['open', ...header.causes.map(({ name }) => name)]),
      ...(q ? { asOf: `${formatInstant(from)} to ${formatInstant(last)}` } : {}),
    },
  );
}

const gammaOf = (part: Part): ArrayLike<number> & Iterable<number> & { some(test: (g: number) => boolean): boolean } =>
  part.kind === 'linear' ? part.model.gamma : part.kind === 'network' ? part.weights.gamma : new Float64Array(0);

const sumOf = ({ node }: OnnxGraph, parts: readonly string[]): string =>
  parts.reduce((sum, part) => node('Add', [sum, part]));

/** Columns of causes to columns of (still open, causes): the logit of "still open" is 0. */
function withOpen(source: ArrayLike<number>, causes: number): Float32Array {
  const cells = source.length / causes;
  const out = new Float32Array(cells * (causes + 1));
  for (let cell = 0; cell < cells; cell++)
    for (let c = 0; c < causes; c++) out[cell * (causes + 1) + c + 1] = source[cell * causes + c]!;
  return out;
}

/** A part's probabilities times its weight in each bin. */
function partGraph(
  graph: OnnxGraph,
  part: Part,
  state: HazardState,
  x: string | undefined,
  q: string | undefined,
): string {
  // biome-ignore format: one signature
  const { node, constant } = graph;
  const bins = state.edges.length - 1;
  const width = state.causes + 1;
  const weight = constant(part.byBin, [bins, 1], 'float');
  const shared = (gamma: ArrayLike<number>) =>
    q && node('MatMul', [q, constant(withOpen(gamma, state.causes), [covariateNames.length, width], 'float')]);
  const plus = (logits: string, further: string | undefined) => (further ? node('Add', [logits, further]) : logits);
  const softmax = (logits: string) => node('Softmax', [logits], { axis: { int: -1 } });
  if (part.kind === 'constant') {
    return node('Mul', [eachRow(graph, constant(part.p, [bins, width], 'float'), x), weight]);
  }
  if (part.kind === 'linear') {
    const { intercept, beta, tilt, gamma } = part.model;
    const byBin = constant(withOpen(intercept, state.causes), [bins, width], 'float');
    const inputs = beta.length / state.causes;
    const onRow = (effects: ArrayLike<number>) =>
      node('Reshape', [
        node('MatMul', [x!, constant(withOpen(effects, state.causes), [inputs, width], 'float')]),
        constant([-1, 1, width], [3], 'int64'),
      ]);
    const clock = () => constant(binClock(state.edges), [bins, 1], 'float');
    const logits = x
      ? plus(node('Add', [onRow(beta), byBin]), tilt.length > 0 ? node('Mul', [onRow(tilt), clock()]) : undefined)
      : eachRow(graph, byBin, x);
    return node('Mul', [softmax(plus(logits, shared(gamma))), weight]);
  }
  if (part.kind === 'trees') {
    const open = (values: ArrayLike<number>) => withOpen(values, state.causes);
    return node('Mul', [softmax(treesGraph(graph, part.trees, state.causes, x!, open)), weight]);
  }
  return node('Mul', [networkGraph(graph, part, x!, shared(part.weights.gamma)), weight]);
}

/** Mean over the members: relu(x (R_i * W1) + b1) W2 .., all members in one product, members x rows x width. */
function networkGraph(
  graph: OnnxGraph,
  { shape, weights }: PartOf<'network'>,
  x: string,
  shared: string | undefined,
): string {
  // biome-ignore format: one signature
  const { node, constant } = graph;
  const { members, inputs, width, bins, causes } = shape;
  const { wide } = prepareNetwork(shape, weights);
  const cells = bins * (causes + 1);
  const layer = (input: string, kernel: string, bias: string) =>
    node('Relu', [node('Add', [node('MatMul', [input, kernel]), bias])]);
  const h1 = layer(x, constant(wide, [members, inputs, width], 'float'), constant(weights.b1, [width], 'float'));
  const h2 = layer(h1, constant(weights.w2, [width, width], 'float'), constant(weights.b2, [width], 'float'));
  const head = constant(withOpen(weights.head, causes), [members, width, cells], 'float');
  const bias = constant(withOpen(weights.headBias, causes), [members, 1, cells], 'float');
  const flat = node('Add', [node('MatMul', [h2, head]), bias]);
  const logits = node('Reshape', [flat, constant([members, -1, bins, causes + 1], [4], 'int64')]);
  const p = node('Softmax', [shared ? node('Add', [logits, shared]) : logits], { axis: { int: -1 } });
  return node('ReduceMean', [p], { axes: { ints: [0] }, keepdims: { int: 0 } });
}

/** The same for every row; how many there are, an input tells. */
function eachRow(graph: OnnxGraph, values: string, x: string | undefined): string {
  const { node, constant } = graph;
  const one = x
    ? node('ReduceSum', [x, constant([1], [1], 'int64')], { keepdims: { int: 1 } })
    : node('Cast', [graph.input('as_of', 'double')], { to: { int: 1 } });
  const zero = node('Mul', [node('Reshape', [one, constant([-1, 1, 1], [3], 'int64')]), constant([0], [1], 'float')]);
  return node('Add', [zero, values]);
}

/**
 * P(positive) / P(ended) over all bins, or P(positive within the days), from p: with S_b the chance of reaching bin b,
 * the running product of p_0, F_c = sum_b S_b p_bc. Undefined where the days are no edge of a bin.
 */
function probabilityGraph(graph: OnnxGraph, { header, state }: Artifact, p: string): string | undefined {
  const { node, constant } = graph;
  const { edges, causes } = state;
  const bins = edges.length - 1;
  const { withinDays } = header;
  const upTo = withinDays === null ? bins : edges.indexOf(withinDays);
  if (upTo <= 0) return undefined;
  const flat = (value: string) => node('Reshape', [value, constant([-1, bins], [2], 'int64')]);
  const sumOfCauses = (wanted: (positive: boolean) => boolean) => {
    const mask = [0, ...header.causes.map(({ positive }) => (wanted(positive) ? 1 : 0))];
    return flat(node('MatMul', [p, constant(mask, [causes + 1, 1], 'float')]));
  };
  const open = flat(node('MatMul', [p, constant([1, ...new Array<number>(causes).fill(0)], [causes + 1, 1], 'float')]));
  const logs = node('Log', [node('Max', [open, constant([1e-30], [1], 'float')])]);
  const reached = node('Exp', [node('CumSum', [logs, constant([1], [], 'int64')], { exclusive: { int: 1 } })]);
  const counted = constant(Array.from({ length: bins }, (_, b) => (b < upTo ? 1 : 0)), [bins], 'float'); // biome-ignore format: one mask
  const total = (ends: string) =>
    node('ReduceSum', [node('Mul', [node('Mul', [reached, ends]), counted]), constant([1], [1], 'int64')], { keepdims: { int: 0 } }); // biome-ignore format: one sum
  const positive = total(sumOfCauses((yes) => yes));
  if (withinDays !== null) return positive;
  const ended = total(sumOfCauses(() => true));
  return node('Div', [positive, node('Max', [ended, constant([1e-30], [1], 'float')])]);
}
