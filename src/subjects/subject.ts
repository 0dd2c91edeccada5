import type { Company } from '../company.ts';
import type { Norms } from '../norms.ts';
import type { Instant } from '../time.ts';
import type { Future, History, Past } from '../world.ts';

/** The models that every company has; it may add others (`label.ts`). */
export type ModelName = 'deal' | 'lead' | 'churn';
/** Whom a model can be about. */
export type SubjectKind = 'deal' | 'lead' | 'account';

/** A way to end; `positive` is the side whose probability is said. */
export interface Cause {
  readonly name: string;
  readonly positive: boolean;
}

/** What became of somebody after a look. `knownAt` may be later than `at`, and is what training may not look past. */
export interface Ending {
  readonly at: Instant;
  readonly knownAt: Instant;
  readonly cause: Cause;
}

/** What somebody is at an instant, as known then. Scores are for the open. */
export type State =
  | { readonly is: 'open' }
  /** Not known then. */
  | { readonly is: 'absent' }
  /** `as`: the word for people, e.g. `won`. */
  | { readonly is: 'ended'; readonly as: string; readonly at: Instant }
  /** Known, but the question does not arise; `why` and what would make it arise. */
  | { readonly is: 'outside'; readonly why: string };

/** When the open are looked at to learn from. */
export interface Looks {
  /** Days after birth. */
  readonly days: readonly number[];
  /** Also whenever one of `turns` became known. */
  readonly onTurns: boolean;
  readonly everyDays: number | null;
}

/**
 * What a model is about: pure logic of facts, one file a model. Training, scoring, routes and commands ask it and never
 * name a model themselves. To add a model, add its file here and a line in `index.ts`.
 */
export interface Subject {
  readonly model: string;
  readonly of: SubjectKind;
  /** How people speak of them. */
  readonly noun: { readonly one: string; readonly many: string; readonly open: string };
  /** The two sides in a word each, as columns, counts and curves name them. */
  readonly sides: { readonly positive: string; readonly negative: string };
  /** Every cause there is, or, where a company names its own, the one of each side that stands in for none. */
  readonly causes: readonly Cause[];
  /** What records it needs, to say to people who have none. */
  readonly needs: string;
  /** Its positive endings book money: the forecast sums them, and they may share luck. */
  readonly books: boolean;
  /**
   * Its endings come again (a renewal is followed by the next): the newest looks judge, whomever they are of. Else whoever
   * came newest judges, unseen altogether.
   */
  readonly recurs: boolean;
  /**
   * Those among them whom no contract binds, only a rhythm of orders: the causes of silence and of an order. A law of
   * purchases may speak of them beside the hazards.
   */
  readonly rhythm?: { readonly silent: string; readonly ordered: string };
  /** How many endings were known at a cut; undefined = as many as the model learned from. */
  outcomes(norms: Norms): number | undefined;

  /** What is believed of its share of success before there are outcomes; undefined = one in four, worth four. */
  prior(company: Company): { readonly rate: number; readonly weight: number } | undefined;
  /** The probability is of the positive side within so many days; null = ever, given that it ends. */
  withinDays(company: Company): number | null;
  /** Edges of the horizon bins in days, ascending from 0; `withinDays` is one of them. */
  bins(company: Company): readonly number[];
  looks(company: Company): Looks;

  /** When it first came to be known as what the model is about; undefined where its records do not tell. */
  born(history: History | undefined): Instant | undefined;
  /** From when to before when it may be looked at, by what is known before `until`. */
  span(history: History | undefined, until: Instant): { readonly from: Instant; readonly to: Instant } | undefined;
  /** When something that may change the odds became known: a stage, a status. */
  turns(history: History | undefined, until: Instant): readonly Instant[];
  state(past: Past): State;
  /** Open, and nothing known yet tells how it ends: what may be learned from. */
  undecided(past: Past): boolean;
  /**
   * Up to when every way to end is known at `until`, and none sooner than its rivals; absent = up to `until`. Where one
   * shows only after a grace, what ended since would else be known to have stayed and never to have left.
   */
  settledBy?(past: Past, until: Instant): Instant;
  /** The first ending that happened or was learned after the look; undefined = none by the end of what is known. */
  ending(past: Past, future: Future): Ending | undefined;
  /** Whose rows stay together in folds. */
  account(history: History | undefined, id: string): string;
}
