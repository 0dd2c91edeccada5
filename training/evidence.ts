import type { Artifact } from '../models/artifact.ts';
import { scorerOf } from '../models/scorer.ts';
import type { Company } from '../src/company.ts';
import { type Frame, takeRows } from '../src/frame.ts';
import { quantile } from '../src/stats/quantile.ts';
import type { SubjectKind } from '../src/subjects/index.ts';
import { type FactSource, world } from '../src/world.ts';
import type { Drifted } from './driftScreen.ts';
import { foldOf } from './folds.ts';
import type { LandmarkRows } from './landmarkRows.ts';
import type { LearningCurve } from './runRecord.ts';

/**
 * What a report of a version is drawn from, kept beside the version when it is trained.
 *
 * Why kept and not computed again: the rows that judged were scored by the model as it was before it had seen them, and
 * that model is gone once it is fitted again on everything. Why beside and not in the artifact: what serves needs none of
 * it, and the version's hash stays that of what is served. It holds probabilities, outcomes and words of a few features;
 * no ids, no names, and nothing of single people.
 */
export interface Evidence {
  readonly format: 1;
  readonly judged: JudgedRows | null;
  readonly effects: readonly Effect[];
  readonly drifted: readonly Drifted[];
  readonly curves: readonly LearningCurve[];
}

/** Rows that were unseen, with what was said of each and what happened. All lists are as long as `p`. */
export interface JudgedRows {
  /** The probability is of a positive ending within so many days; null = ever, given that it ends. */
  readonly withinDays: number | null;
  /** Of how many rows these are a sample, whole accounts at a time. */
  readonly of: number;
  readonly p: readonly number[];
  readonly event: readonly number[];
  /** Rows of one account move together: its number. */
  readonly group: readonly number[];
  /** What the baselines said of the same rows. */
  readonly rivals: Readonly<Record<string, readonly number[]>>;
  readonly segments: readonly Segment[];
}

/** A division of the rows: by words, or by ranges of a number between ascending edges. */
export interface Segment {
  /** Name of a feature, or `team`. */
  readonly by: string;
  /** Words; or the lower end of each range. */
  readonly levels: readonly (string | number)[];
  /** Place among the levels by row; -1 = not known. */
  readonly codes: readonly number[];
}

/** What a feature adds to the log odds, by its value: mean contributions over some training rows. */
export interface Effect {
  readonly feature: string;
  /** Mean size of its contributions, over all rows. */
  readonly importance: number;
  readonly bins: readonly EffectBin[];
}

export interface EffectBin {
  /** A word, or the ends of a range of numbers; null = missing. */
  readonly at: string | readonly [number, number] | null;
  readonly rows: number;
  readonly mean: number;
  /** Ends of the middle 80 % of the contributions. */
  readonly low: number;
  readonly high: number;
}

/** Most judged rows that are kept. */
export const MOST_JUDGED = 5000;
/** Rows whose contributions are asked for: some 10 ms each. */
const EXPLAINED = 240;
const SHOWN_EFFECTS = 12;
const EFFECT_BINS = 6;
const MOST_WORDS = 8;
/** What reports divide by, where a model reads it: words, and numbers by thirds. */
const WORDS = ['deal_pipeline', 'stage_current', 'lead_source', 'lead_status', 'lead_country', 'account_industry', 'account_region', 'contract_interval', 'contract_family']; // biome-ignore format: a list
const NUMBERS = ['amount_current', 'contract_amount_monthly', 'order_value_365d', 'account_employees', 'deal_age_days', 'lead_age_days', 'contract_renewed_age_days']; // biome-ignore format: a list

export interface Judgement {
  readonly withinDays: number | null;
  readonly rows: readonly number[];
  readonly event: readonly number[];
  /** Probabilities of every test row, by method; `model` first. */
  readonly said: ReadonlyMap<string, Float64Array>;
}

/** The judged rows as they are kept: rounded, bounded, without ids. */
export function judgedRows(source: FactSource, of: SubjectKind, test: LandmarkRows, judgement: Judgement): JudgedRows {
  const { rows, event, said } = judgement;
  const share = Math.min(1, MOST_JUDGED / Math.max(rows.length, 1)) * 1000;
  const kept = rows.flatMap((row, i) => (share >= 1000 || foldOf(test.account[row]!, 1000, 'evidence') < share ? [i] : [])); // biome-ignore format: one list
  const at = kept.map((i) => rows[i]!);
  const number = new Map<string, number>();
  const group = at.map((row) => {
    const account = test.account[row]!;
    if (!number.has(account)) number.set(account, number.size);
    return number.get(account)!;
  });
  const by = (name: string) => at.map((row) => rounded(said.get(name)![row]!));
  return {
    withinDays: judgement.withinDays,
    of: rows.length,
    p: by('model'),
    event: kept.map((i) => event[i]!),
    group,
    rivals: Object.fromEntries([...said.keys()].filter((name) => name !== 'model').map((name) => [name, by(name)])),
    segments: [
      ...teamSegment(source, of, test, at),
      ...WORDS.flatMap((name) => wordSegment(name, test.X, at)),
      ...NUMBERS.flatMap((name) => numberSegment(name, test.X, at)),
    ],
  };
}

export const rounded = (value: number): number => Math.round(value * 1e5) / 1e5;

/** By the team of the owner at the look; figures of single owners would be figures of single people. */
function teamSegment(source: FactSource, of: SubjectKind, test: LandmarkRows, at: readonly number[]): Segment[] {
  const teams = at.map((row) => {
    const team = world(source, test.X.asOf[row]!).past(of, test.X.ids[row]!).owner?.value('team_id');
    return typeof team === 'string' ? team : undefined;
  });
  return segment('team', teams);
}

/** Divisions of all rows of a frame by the values of some features: words as they are, numbers by thirds. */
export function segmentsOf(features: readonly string[], X: Frame): Segment[] {
  const all = X.ids.map((_, row) => row);
  return features.flatMap((name) => [...wordSegment(name, X, all), ...numberSegment(name, X, all)]);
}

function segment(by: string, words: readonly (string | undefined)[]): Segment[] {
  const levels = [...new Set(words.filter((word) => word !== undefined))].sort();
  if (levels.length < 2) return [];
  const code = new Map(levels.map((level, i) => [level, i]));
  return [{ by, levels, codes: words.map((word) => (word === undefined ? -1 : code.get(word)!)) }];
}

function wordSegment(name: string, X: Frame, at: readonly number[]): Segment[] {
  const column = X.columns.get(name);
  if (column?.type !== 'category') return [];
  return segment(name, at.map((row) => column.levels[column.codes[row]!])); // biome-ignore format: one call
}

function numberSegment(name: string, X: Frame, at: readonly number[]): Segment[] {
  const column = X.columns.get(name);
  if (column?.type !== 'number') return [];
  const values = at.map((row) => column.values[row]!);
  const present = values.filter((value) => Number.isFinite(value));
  if (present.length === 0) return [];
  const lowest = present.reduce((a, b) => Math.min(a, b));
  const levels = [...new Set([lowest, quantile(present, 1 / 3), quantile(present, 2 / 3)])];
  if (levels.length < 2) return [];
  return [{ by: name, levels, codes: values.map((value) => levels.findLastIndex((edge) => value >= edge)) }];
}

/**
 * Mean contribution of the most important features by value, over rows spread evenly over the training rows. Empty where
 * the model has no skill. Cost: some 10 ms a row, `EXPLAINED` rows.
 */
export function effectsOf(artifact: Artifact, company: Company, X: Frame): Effect[] {
  if (artifact.header.lowSkill || X.ids.length === 0) return [];
  const step = Math.max(1, X.ids.length / EXPLAINED);
  const rows = Array.from({ length: Math.min(EXPLAINED, X.ids.length) }, (_, i) => Math.floor(i * step));
  const sample = takeRows(X, rows);
  const scorer = scorerOf(artifact, company);
  const contributions = new Map<string, Float64Array>();
  for (const [i] of rows.entries()) {
    for (const [name, value] of scorer.explain(sample, i, 'probability')?.contributions ?? []) {
      let list = contributions.get(name);
      if (!list) contributions.set(name, (list = new Float64Array(rows.length)));
      list[i] = value;
    }
  }
  return [...contributions]
    .map(([feature, of]) => ({ feature, of, importance: of.reduce((sum, c) => sum + Math.abs(c), 0) / rows.length }))
    .filter(({ feature, importance }) => importance > 1e-4 && sample.columns.has(feature))
    .sort((a, b) => b.importance - a.importance || (a.feature < b.feature ? -1 : 1))
    .slice(0, SHOWN_EFFECTS)
    .map(({ feature, of, importance }) => ({ feature, importance: rounded(importance), bins: binsOf(sample, feature, of) })); // biome-ignore format: one record
}

function binsOf(X: Frame, feature: string, of: Float64Array): EffectBin[] {
  const column = X.columns.get(feature)!;
  const bin = (at: EffectBin['at'], rows: readonly number[]): EffectBin[] => {
    if (rows.length === 0) return [];
    const values = rows.map((row) => of[row]!);
    return [
      {
        at,
        rows: rows.length,
        mean: rounded(values.reduce((sum, v) => sum + v, 0) / rows.length),
        low: rounded(quantile(values, 0.1)),
        high: rounded(quantile(values, 0.9)),
      },
    ];
  };
  const all = Array.from(of.keys());
  if (column.type === 'category') {
    const where = (code: number) => all.filter((row) => column.codes[row] === code);
    const common = column.levels
      .map((level, code) => ({ level, rows: where(code) }))
      .sort((a, b) => b.rows.length - a.rows.length)
      .slice(0, MOST_WORDS);
    return [...common.flatMap(({ level, rows }) => bin(level, rows)), ...bin(null, where(-1))];
  }
  const present = all.filter((row) => Number.isFinite(column.values[row]!));
  const values = present.map((row) => column.values[row]!);
  const edges = [...new Set(Array.from({ length: EFFECT_BINS }, (_, i) => (values.length ? quantile(values, i / EFFECT_BINS) : 0)))]; // biome-ignore format: one list
  const ranges = edges.flatMap((from, i) => {
    const rows = present.filter((row) => column.values[row]! >= from && (i + 1 === edges.length || column.values[row]! < edges[i + 1]!)); // biome-ignore format: one choice
    const inside = rows.map((row) => column.values[row]!);
    return rows.length ? bin([inside.reduce((a, b) => Math.min(a, b)), inside.reduce((a, b) => Math.max(a, b))], rows) : []; // biome-ignore format: one choice
  });
  return [...ranges, ...bin(null, all.filter((row) => !Number.isFinite(column.values[row]!)))]; // biome-ignore format: one list
}
