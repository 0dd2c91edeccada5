import { formatInstant } from '../../src/time.ts';
import type { RunRecord, RunResult } from '../../training/runRecord.ts';
import { table } from '../common.ts';

/** One thing that is not the same on both sides; null = not known, or not there. */
interface Differs {
  readonly what: string;
  readonly a: string | number | boolean | null;
  readonly b: string | number | boolean | null;
}

/** One side of a comparison: a version, or a training of a company's model or of a flat table. */
export interface Compared {
  /** As it is called: `r12`, or the beginning of a version's hash. */
  readonly name: string;
  /** What it was asked for, and by what it was made. */
  readonly asked: Cells;
  readonly result: RunResult | null;
  readonly record: Pick<RunRecord, 'verdict' | 'error' | 'seconds' | 'peakMemoryMb'>;
}

export interface Difference {
  readonly a: string;
  readonly b: string;
  /** Every weight the same. Null where one made none. */
  readonly sameWeights: boolean | null;
  readonly sameData: boolean | null;
  readonly configuration: readonly Differs[];
  readonly data: readonly Differs[];
  readonly features: { readonly added: readonly string[]; readonly removed: readonly string[]; readonly both: number };
  /** Figures on the newest unseen part of each, which are not the same rows where the data differ. */
  readonly metrics: readonly { readonly figure: string; readonly a: number | null; readonly b: number | null }[];
  readonly result: readonly Differs[];
}

/** What two versions or runs were asked for, learned from and gave, side by side. */
export function differenceOf(a: Compared, b: Compared): Difference {
  const [ra, rb] = [a.result, b.result];
  const names = (side: Compared) => side.result?.features.map(({ name }) => name) ?? [];
  const [fa, fb] = [new Set(names(a)), new Set(names(b))];
  const same = (of: 'weights' | 'data') =>
    ra && rb ? (of === 'weights' ? ra.weights === rb.weights : ra.trained.dataHash === rb.trained.dataHash) : null;
  const of = ({ result }: Compared) => result?.metrics['model'] ?? (result ? figuresOfTable(result.metrics) : {});
  const figures = [...new Set([...Object.keys(of(a)), ...Object.keys(of(b))])];
  return {
    a: a.name,
    b: b.name,
    sameWeights: same('weights'),
    sameData: same('data'),
    configuration: differing(a.asked, b.asked),
    data: differing(learned(a), learned(b)),
    features: { added: [...fb].filter((name) => !fa.has(name)), removed: [...fa].filter((name) => !fb.has(name)), both: [...fa].filter((name) => fb.has(name)).length }, // biome-ignore format: one record
    metrics: figures.map((figure) => ({ figure, a: of(a)[figure] ?? null, b: of(b)[figure] ?? null })),
    result: differing(gave(a), gave(b)),
  };
}

/** Of a flat table: the mixture's figures, and the losses of its parts beside. */
function figuresOfTable(metrics: RunResult['metrics']): Record<string, number | null> {
  const { mixture = {}, weights: _weights, ...parts } = metrics;
  const losses = Object.entries(parts).map(([name, of]) => [`logLoss of ${name === 'constant' ? 'base rate' : name}`, of['logLoss'] ?? null]); // biome-ignore format: one list
  return { ...mixture, ...Object.fromEntries(losses) };
}

export type Cells = Readonly<Record<string, string | number | boolean | null>>;

const differing = (a: Cells, b: Cells): Differs[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .map((what) => ({ what, a: a[what] ?? null, b: b[what] ?? null }))
    .filter((row) => row.a !== row.b);

/** What a training of a company's model was asked for. */
export function askedOf(
  model: string,
  { config, settings, code, machine }: Pick<RunRecord, 'config'> & Partial<RunRecord>,
): Cells {
  return {
    model,
    until: formatInstant(config.until),
    profile: config.profile,
    seed: config.seed,
    ...prefixed('changes', config.changes),
    code: code ? `${code.version} ${code.hash.slice(0, 12)}` : null,
    node: machine?.node ?? null,
    platform: machine?.platform ?? null,
    ...prefixed('settings', settings ?? {}),
  };
}

/** Leaves of nested settings by their path; lists as JSON. */
function prefixed(path: string, value: unknown): Record<string, string | number | boolean | null> {
  if (value !== null && typeof value === 'object' && !Array.isArray(value))
    return Object.assign({}, ...Object.entries(value).map(([key, inner]) => prefixed(`${path}.${key}`, inner))) as Record<string, string>; // biome-ignore format: one sum
  if (value === null || typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean')
    return { [path]: value };
  return { [path]: JSON.stringify(value) };
}

function learned({ result }: Compared): Cells {
  if (!result) return {};
  const { dataHash, rows, entities, outcomes, from, to } = result.trained;
  return { hash: dataHash.slice(0, 12), from: formatInstant(from), to: formatInstant(to), rows, entities, ...outcomes };
}

function gave({ result, record }: Compared): Cells {
  return {
    version: result?.version.slice(0, 12) ?? null,
    weights: result?.weights.slice(0, 12) ?? null,
    chosen: result?.chosen ?? null,
    lowSkill: result?.lowSkill ?? null,
    backend: result?.trained.backend ?? null,
    featureDefinitions: result?.featuresHash.slice(0, 12) ?? null,
    suspects: result?.leaks.map(({ feature }) => feature).join(', ') ?? null,
    gate: record.verdict?.reason ?? null,
    error: record.error?.message ?? null,
    seconds: Number.isNaN(record.seconds) ? null : record.seconds,
    peakMemoryMb: Number.isNaN(record.peakMemoryMb) ? null : record.peakMemoryMb,
  };
}

export function printedDifference(d: Difference): string {
  const cell = (value: string | number | boolean | null) => (value === null ? '-' : String(value));
  const list = (title: string, rows: readonly Differs[]) =>
    rows.length ? ['', table([[title, d.a, d.b], ...rows.map(({ what, a, b }) => [what, cell(a), cell(b)])])] : ['', `${title}: the same`]; // biome-ignore format: one choice
  const say = (of: boolean | null, what: string) =>
    of === null ? `${what}: one of them made none` : `${what}: ${of ? 'the same, every one' : 'not the same'}`;
  const { added, removed, both } = d.features;
  const figure = (value: number | null) => (value === null ? '-' : Number.isInteger(value) ? String(value) : value.toFixed(4)); // biome-ignore format: one choice
  return [
    say(d.sameWeights, 'weights'),
    say(d.sameData, 'rows learned from'),
    ...list('asked for', d.configuration),
    ...list('learned from', d.data),
    ...list('came out', d.result),
    '',
    `features: ${both} of both${added.length ? `; only ${d.b}: ${added.join(', ')}` : ''}${removed.length ? `; only ${d.a}: ${removed.join(', ')}` : ''}`,
    '',
    ...(d.metrics.length
      ? [
          table([
            ['on the newest unseen of each', d.a, d.b],
            ...d.metrics.map(({ figure: name, a, b }) => [name, figure(a), figure(b)]),
          ]),
        ]
      : []),
    '',
  ].join('\n');
}
