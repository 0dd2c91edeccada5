import { z } from 'zod';
import { ForesellError } from './errors.ts';
import { matchKey } from './matching.ts';
import { isCurrency } from './money.ts';
import { nothingOwn, type Own } from './own.ts';
import { records } from './records.ts';
import { type Calendar, calendar } from './time.ts';

/** A stage as the company defines it, for as long as it does; `kind` says whether a deal in it is open, won or lost. */
export interface Stage {
  readonly pipeline: string | null;
  readonly stage: string;
  readonly rank: number;
  readonly kind: 'open' | 'won' | 'lost';
  readonly category: string | null;
  /** Since when it is defined so; null = always. */
  readonly from: number | null;
}

/** Edges of horizon bins in days from a look, ascending from 0. */
const edges = z.array(z.number().min(0)).min(3);

/** What is believed of a rate before the first outcome: the share that succeeds, worth as much as `weight` outcomes. */
const prior = z.strictObject({ rate: z.number().gt(0).lt(1), weight: z.number().positive().max(1000) });

/**
 * What must be known of a company to read its records: one schema for `company.json`, `foresell.yaml`, the `settings`
 * of a map and the settings stored in its database.
 */
export const companySettings = z.strictObject({
  name: z.string().default('Company'),
  time_zone: z.string().default('UTC'),
  base_currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default('USD'),
  /** Month in which the fiscal year begins. */
  fiscal_year_start: z.int().min(1).max(12).default(1),
  /** 1 = Monday .. 7 = Sunday. */
  week_start: z.int().min(1).max(7).default(1),
  languages: z.array(z.string()).default(['en']),
  /** A generated company: marked on every page and answer. */
  sample: z.boolean().default(false),
  /** Columns without history that never change after creation, as `deal.amount` or `deal.product` (also custom ones). */
  fixed: z.array(z.string()).default([]),
  /** Those of the fixed custom columns that hold numbers, as `deal.seats`; the others are categories. */
  numeric: z.array(z.string()).default([]),
  /** Features kept though a screen for drift or leaks would leave them out. */
  pinned: z.array(z.string()).default([]),
  /** Features never learned from, as one that is written only after the outcome. */
  left_out: z.array(z.string()).default([]),
  /** When an open deal is looked at to learn from: days after creation, also after each stage change, then every so many days. */
  landmarks: z
    .strictObject({
      days: z.array(z.number().min(0)).default([0]),
      on_stage_change: z.boolean().default(true),
      every_days: z.number().positive().nullable().default(14),
    })
    .default({ days: [0], on_stage_change: true, every_days: 14 }),
  /** Edges of the horizon bins in days from the look, ascending from 0. */
  bins: edges.default([0, 7, 14, 21, 30, 45, 60, 90, 120, 150, 180, 240, 300, 365, 540]),
  /** Leads: the days within which a conversion counts, and words of `status` that are an ending by themselves. */
  lead: z
    .strictObject({
      within_days: z.number().positive().default(90),
      converted: z.array(z.string()).default([]),
      disqualified: z.array(z.string()).default([]),
      landmarks: z
        .strictObject({
          days: z.array(z.number().min(0)).default([0]),
          on_status_change: z.boolean().default(true),
          every_days: z.number().positive().nullable().default(14),
        })
        .prefault({}),
      bins: edges.default([0, 3, 7, 14, 21, 30, 45, 60, 90, 120, 180, 270, 365]),
    })
    .prefault({}),
  /**
   * Churn: days within which a customer leaves, or without contract orders nothing; days after the last subscription
   * in which a new one still counts as staying; and every how many days a customer is looked at to learn from.
   */
  churn: z
    .strictObject({
      within_days: z.number().positive().default(180),
      grace_days: z.number().min(0).default(30),
      every_days: z.number().positive().default(30),
      bins: edges.default([0, 30, 60, 90, 120, 150, 180, 240, 300, 365, 540]),
    })
    .prefault({}),
  /** Of each model, what is believed of its share of success before there are outcomes; absent = one in four, worth four. */
  prior: z.strictObject({ deal: prior.optional(), lead: prior.optional(), churn: prior.optional() }).default({}),
});
export type CompanySettings = z.infer<typeof companySettings>;

export interface Company {
  readonly settings: CompanySettings;
  readonly calendar: Calendar;
  /** Each stage as it is defined now, in the order of their ranks. */
  readonly stages: readonly Stage[];
  /** Features and models that it added in code. */
  readonly own: Own;
  /**
   * Definition of a stage by any spelling of its name, as it held at an instant, so that a look at the past is told what a stage meant then (before its
   * first definition: by that one); absent = as it holds now. Undefined where the company never defined it.
   */
  stage(name: string, pipeline?: string | null, at?: number): Stage | undefined;
  /** Whether `kind.column` counts as known at creation though the record declaration says it is overwritten. */
  isFixed(kind: string, column: string): boolean;
}

const MOST_SPELT = 10_000;

/** @param definitions of stages, in any order; one that was defined anew has several */
export function company(settings: CompanySettings, definitions: readonly Stage[] = [], own: Own = nothingOwn): Company {
  const fixed = new Set(settings.fixed);
  const stages = definedStages(definitions);
  const byName = new Map<string, readonly Stage[]>();
  /** Spellings that were asked for. */
  const spelt = new Map<string, readonly Stage[] | undefined>();
  for (const periods of stages) {
    const [{ pipeline, stage }] = periods as [Stage];
    const name = matchKey(stage);
    if (pipeline !== null) byName.set(`${matchKey(pipeline)}\u0000${name}`, periods);
    if (!byName.has(name)) byName.set(name, periods);
  }
  return {
    settings,
    calendar: calendar(settings.time_zone, settings.fiscal_year_start, settings.week_start),
    stages: stages.map((periods) => periods.at(-1)!),
    own,
    stage: (name, pipeline, at = Number.POSITIVE_INFINITY) => {
      const asked = `${pipeline ?? ''}\u0000${name}`;
      if (!spelt.has(asked)) {
        const key = matchKey(name);
        if (spelt.size >= MOST_SPELT) spelt.clear();
        spelt.set(asked, (pipeline ? byName.get(`${matchKey(pipeline)}\u0000${key}`) : undefined) ?? byName.get(key));
      }
      const periods = spelt.get(asked);
      return periods && (periods.findLast(({ from }) => (from ?? Number.NEGATIVE_INFINITY) <= at) ?? periods[0]);
    },
    isFixed: (kind, column) => fixed.has(`${kind}.${column}`),
  };
}

/** The definitions of each stage, oldest first; stages in the order of the ranks that they have now. */
function definedStages(definitions: readonly Stage[]): readonly (readonly Stage[])[] {
  const byStage = new Map<string, Stage[]>();
  for (const one of [...definitions].sort((a, b) => (a.from ?? 0) - (b.from ?? 0) || a.rank - b.rank)) {
    const key = JSON.stringify([one.pipeline, one.stage]);
    const own = byStage.get(key);
    if (own) own.push(one);
    else byStage.set(key, [one]);
  }
  return [...byStage.values()].sort((a, b) => a.at(-1)!.rank - b.at(-1)!.rank);
}

/** Settings from untrusted input; every problem is named with its path. */
export function parseSettings(input: unknown, where: string): CompanySettings {
  const result = companySettings.safeParse(input ?? {});
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  throw new ForesellError('settings-invalid', `${where}: ${issue.path.join('.') || 'settings'}: ${issue.message}`, {
    path: issue.path.join('.'),
  });
}

/**
 * Settings that an export brings: also refused is what nothing could be read by. Those that are stored already are
 * not asked again, so that a database stays readable.
 * @throws ForesellError `settings-invalid`
 */
export function arrivingSettings(input: unknown, where: string): CompanySettings {
  const settings = parseSettings(input, where);
  const refuse = (path: string, why: string) =>
    new ForesellError('settings-invalid', `${where}: ${path}: ${why}`, { path });
  if (!isCurrency(settings.base_currency))
    throw refuse('base_currency', `"${settings.base_currency}" is not an ISO 4217 code such as THB or EUR`);
  for (const list of ['fixed', 'numeric'] as const)
    for (const name of settings[list]) {
      const [kind, column] = name.split('.', 2);
      if (!column || !Object.hasOwn(records, kind!))
        throw refuse(list, `"${name}" is no KIND.COLUMN of a kind of record, as deal.amount or account.employees`);
    }
  return settings;
}
