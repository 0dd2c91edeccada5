import { hazards, type Placed, place } from '../models/hazards.ts';
import type { Company } from '../src/company.ts';
import type { Cause, Subject, SubjectKind } from '../src/subjects/index.ts';
import type { Outcome } from '../src/subjects/outcomes.ts';
import type { Calendar } from '../src/time.ts';

/** What is asked of hazards: how it may end, by which bins, and the question that the probability answers. */
export interface HazardTask {
  readonly causes: readonly Cause[];
  /** Bin edges in days, ascending from 0. */
  readonly edges: readonly number[];
  readonly calendar: Calendar;
  /** P(positive within so many days); null = ever, given that it ends. */
  readonly withinDays: number | null;
  /** The feature that is the clock of the hazards themselves; the actuarial candidate knows nothing else. */
  readonly age: string;
  readonly structure: readonly string[];
}

/** Features that training knows by name. */
interface Known {
  readonly age: string;
  /** Where a row stands on its way: what everything else is added to, hence hardly shrunk by the ridges. */
  readonly structure: readonly string[];
  /** What most tools go by: the share of positives among rows with the same word here, and how reports name that. */
  readonly plain: { readonly feature: string; readonly name: string } | undefined;
}

export const known: Readonly<Record<SubjectKind, Known>> = {
  deal: {
    age: 'deal_age_days',
    structure: ['stage_current', 'stage_rank', 'stage_age_days', 'expected_close_in_days', 'amount_current'],
    plain: { feature: 'stage_current', name: 'stagePercentage' },
  },
  lead: {
    age: 'lead_age_days',
    structure: ['lead_status'],
    plain: { feature: 'lead_source', name: 'sourcePercentage' },
  },
  account: {
    age: 'contract_renewed_age_days',
    structure: ['contract_end_in_days', 'contract_interval'],
    plain: { feature: 'account_industry', name: 'industryPercentage' },
  },
};

export const taskOf = (subject: Subject, company: Company, causes: readonly Cause[]): HazardTask => ({
  causes,
  edges: subject.bins(company),
  calendar: company.calendar,
  withinDays: subject.withinDays(company),
  age: known[subject.of].age,
  structure: known[subject.of].structure,
});

/** What became of rows, on the task's grid. */
export function placedOn({ edges, causes }: HazardTask, outcomes: readonly Outcome[]): Placed {
  const causeOf = new Map(causes.map((cause, i) => [cause.name, i + 1]));
  return place(
    hazards(edges, causes.length),
    outcomes.map((o) => o.timeDays),
    outcomes.map((o) => (o.cause ? causeOf.get(o.cause.name)! : 0)),
  );
}

/** Days for which each row was followed, however it ended. */
export const followedDays = (outcomes: readonly Outcome[]): Float64Array =>
  Float64Array.from(outcomes, (outcome) => outcome.followedDays);

/** Days of the second question that reports answer, where the first is "ever"; else the horizon itself. */
const WITHIN_DAYS = 91;
export const judgedDays = (withinDays: number | null): number => withinDays ?? WITHIN_DAYS;
