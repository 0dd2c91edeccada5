import { type Calendar, DAY, type Instant } from '../../src/time.ts';
import { NEAR_DAYS, PUSH_DAYS } from '../binCovariates.ts';
import type { OnnxGraph } from './graph.ts';

/**
 * The covariates of each bin as a graph (float, rows x bins x 2): the share of it within the last two weeks of a fiscal
 * quarter, and within 7 days of the expected end. The ends of the quarters from `from` to `to` stand in the model, so
 * `as_of` (milliseconds since 1970, UTC) must lie between them, its horizon too.
 */
export function covariatesGraph(
  graph: OnnxGraph,
  edges: readonly number[],
  calendar: Calendar,
  expectedEnd: string | undefined,
  from: Instant,
  to: Instant,
): string {
  const { node } = graph;
  const bins = edges.length - 1;
  const scalar = (value: number) => graph.constant([value], [1], 'double');
  const reshaped = (value: string, shape: readonly number[]) => node('Reshape', [value, graph.constant(shape, [shape.length], 'int64')]); // biome-ignore format: one call
  const starts = graph.constant(edges.slice(0, -1), [bins], 'double');
  const stops = graph.constant(edges.slice(1), [bins], 'double');
  const widths = graph.constant(edges.slice(1).map((edge, b) => edge - edges[b]!), [bins], 'double'); // biome-ignore format: one row
  /** max(0, min(stop, high) - max(start, low)) */
  const overlap = (low: string, high: string) =>
    node('Max', [node('Sub', [node('Min', [stops, high]), node('Max', [starts, low])]), scalar(0)]);
  const share = (days: string) =>
    node('Cast', [reshaped(node('Div', [days, widths]), [-1, bins, 1])], { to: { int: 1 } });

  const asOf = graph.input('as_of', 'double');
  const ends = quarterEnds(calendar, from, to);
  const ahead = node('Div', [node('Sub', [graph.constant(ends, [ends.length], 'double'), asOf]), scalar(DAY)]);
  const quarter = reshaped(ahead, [-1, ends.length, 1]);
  const push = node('ReduceSum', [overlap(node('Sub', [quarter, scalar(PUSH_DAYS)]), quarter), graph.constant([1], [1], 'int64')], { keepdims: { int: 0 } }); // biome-ignore format: one sum

  let near: string;
  if (expectedEnd) {
    const close = graph.input(expectedEnd, 'double');
    const unknown = node('IsNaN', [close]);
    const day = node('Where', [unknown, scalar(0), close]);
    const days = overlap(node('Sub', [day, scalar(NEAR_DAYS)]), node('Add', [day, scalar(NEAR_DAYS)]));
    near = node('Where', [unknown, scalar(0), days]);
  } else near = node('Mul', [node('Add', [node('Mul', [asOf, scalar(0)]), starts]), scalar(0)]);
  return node('Concat', [share(push), share(near)], { axis: { int: 2 } });
}

function quarterEnds(calendar: Calendar, from: Instant, to: Instant): number[] {
  const ends: number[] = [];
  for (let at = from; at <= to; at = ends.at(-1)!) ends.push(calendar.quarter(at).to);
  return ends;
}
