import { ForesellError } from '../errors.ts';
import { DAY, formatInstant, type Instant } from '../time.ts';
import type { Future, History, Past } from '../world.ts';
import { deal } from './deal.ts';
import { lead, withEdge } from './lead.ts';
import type { Cause, State, Subject, SubjectKind } from './subject.ts';

/** What became of somebody by a company's own label: a fact will do. Without a cause it is the positive side. */
export interface LabelEnding {
  readonly at: Instant;
  readonly knownAt: Instant;
  readonly cause?: Cause;
}

/**
 * A question of a company's own: will this happen to an open deal, an open lead or a customer within so many days? It
 * becomes a model beside deal, lead and churn, under its own name in commands and routes.
 */
export interface Label {
  /** Of the model: small letters, digits, - and _. */
  readonly name: string;
  readonly of: SubjectKind;
  /** The horizon. Whoever has not ended by then is on the negative side, and that is known then. */
  readonly withinDays: number;
  /** A word for each side, as columns, counts and curves name them; absent = the name, and `not` before it. */
  readonly sides?: Subject['sides'];
  /** How people speak of those it is asked of; absent = deals, leads, customers. */
  readonly noun?: Subject['noun'];
  /** Days between looks to learn from; absent = as for deals and leads, and 30 for customers. */
  readonly everyDays?: number;
  /** It may happen to the same one again and again; absent = to customers, not to deals and leads. */
  readonly recurs?: boolean;
  /** Before there are outcomes: the share believed in, worth as much as `weight` outcomes. */
  readonly prior?: { readonly rate: number; readonly weight: number };
  /** Of those open as deals, open as leads, or known as customers: whom the question concerns; absent = all of them. */
  state?(past: Past): State;
  /**
   * The first ending after the look, or undefined for none. `future` holds what happened, or was learned, after
   * `past.asOf`; of what recurs only what happened after it.
   */
  ending(past: Past, future: Future): LabelEnding | undefined;
}

export const defineLabel = <const L extends Label>(label: L): L => label;

type Life = Pick<Subject, 'born' | 'span' | 'turns' | 'state' | 'undecided' | 'account' | 'looks' | 'noun'>;

/** Accounts as such: in question from the first record, order or subscription on. */
const customer: Life = {
  noun: { one: 'customer', many: 'customers', open: 'customers' },
  born(history) {
    const facts = [...(history?.account ?? []), ...(history?.order ?? []), ...(history?.subscriptionTerm ?? [])];
    const at = facts.reduce(
      (first, fact) => Math.min(first, Math.max(fact.at, fact.knownAt)),
      Number.POSITIVE_INFINITY,
    );
    return Number.isFinite(at) ? at : undefined;
  },
  span(history: History | undefined, until) {
    const from = customer.born(history);
    return from === undefined || from >= until ? undefined : { from, to: until };
  },
  turns: () => [],
  state: (past) => ({
    is: past.last('account') || past.last('order') || past.last('subscriptionTerm') ? 'open' : 'absent',
  }),
  undecided: (past) => customer.state(past).is === 'open',
  account: (_history, id) => id,
  looks: () => ({ days: [0], onTurns: false, everyDays: 30 }),
};
const lives: Readonly<Record<SubjectKind, Life>> = { deal, lead, account: customer };

const EDGES = [0, 3, 7, 14, 21, 30, 45, 60, 90, 120, 180, 270, 365, 540, 730];

/**
 * The subject that a label makes. Errors of the label's functions name it and whom it was asked about.
 * @throws ForesellError `label-invalid` for a label that says too little or contradicts itself
 */
export function subjectOfLabel(label: Label): Subject {
  checkLabel(label);
  const { name, of, withinDays, prior } = label;
  const life = lives[of];
  const sides = label.sides ?? { positive: name, negative: `not ${name}` };
  const positive: Cause = { name: sides.positive, positive: true };
  const negative: Cause = { name: sides.negative, positive: false };
  const recurs = label.recurs ?? of === 'account';
  const bins = withEdge(EDGES.filter((edge) => edge < withinDays), withinDays); // biome-ignore format: one call
  const state = (past: Past): State => {
    const usual = life.state(past);
    return usual.is === 'open' && label.state ? telling(label, past, () => label.state!(past)) : usual;
  };
  return {
    model: name,
    of,
    noun: label.noun ?? life.noun,
    sides,
    causes: [positive, negative],
    needs: `records of which ${of}s were ${sides.positive}`,
    books: false,
    recurs,
    outcomes: () => undefined,
    prior: () => prior,
    withinDays: () => withinDays,
    bins: () => bins,
    looks: (company) => ({ ...life.looks(company), ...(label.everyDays ? { everyDays: label.everyDays } : {}) }),
    born: life.born,
    span: life.span,
    turns: life.turns,
    state,
    undecided: (past) => life.undecided(past) && state(past).is === 'open',
    ending(past, future) {
      const due = past.asOf + withinDays * DAY;
      const told = telling(label, past, () => label.ending(past, recurs ? afterOnly(future) : future));
      if (told && told.at <= due) {
        return { at: told.at, knownAt: told.knownAt, cause: told.cause ?? positive };
      }
      return future.until >= due ? { at: due, knownAt: due, cause: negative } : undefined;
    },
    account: life.account,
  };
}

/** Without what had happened by the look and was only learned later: of what recurs it belongs to the look before. */
function afterOnly(future: Future): Future {
  const all: Future['all'] = (kind) => future.all(kind).filter(({ at }) => at > future.asOf);
  return { ...future, all, last: (kind) => all(kind).at(-1) };
}

function telling<T>(label: Label, past: Past, ask: () => T): T {
  try {
    return ask();
  } catch (cause) {
    throw new ForesellError(
      'label-failed',
      `label "${label.name}" failed on ${past.of} "${past.id}" as of ${formatInstant(past.asOf)}: ${cause instanceof Error ? cause.message : String(cause)}; mend it in its file`,
      { blame: 'failure', cause },
    );
  }
}

/** Names that mean something else where a model is named. */
const TAKEN = new Set(['deal', 'lead', 'churn', 'all']);
/** Words that a curve says beside the sides. */
const CURVE = new Set(['date', 'open']);

function checkLabel(label: Label): void {
  const { name, of, withinDays, sides, everyDays } = label;
  const refuse = (what: string) => {
    throw new ForesellError('label-invalid', `label ${JSON.stringify(name) ?? 'without a name'}: ${what}`);
  };
  if (typeof name !== 'string' || !/^[a-z][a-z0-9_-]{0,39}$/.test(name)) {
    refuse('expected a name of small letters, digits, - and _, beginning with a letter');
  }
  if (TAKEN.has(name)) refuse('that name is taken; give it another');
  if (!Object.hasOwn(lives, of)) refuse(`of is ${JSON.stringify(of)}; expected deal, lead or account`);
  if (!(withinDays > 0 && Number.isFinite(withinDays))) refuse(`withinDays is ${withinDays}; expected days above 0`);
  if (everyDays !== undefined && !(everyDays > 0)) refuse(`everyDays is ${everyDays}; expected days above 0`);
  if (typeof label.ending !== 'function') refuse('expected a function ending(past, future)');
  if (sides && (sides.positive === sides.negative || CURVE.has(sides.positive) || CURVE.has(sides.negative))) {
    refuse('its sides need two different words, other than "open" and "date"');
  }
}
