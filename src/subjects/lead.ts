import type { Company } from '../company.ts';
import { goneBy } from '../presence.ts';
import type { FactKind, FactOf } from '../records.ts';
import type { Instant } from '../time.ts';
import type { History } from '../world.ts';
import { turnsOf } from './deal.ts';
import type { Cause, Ending, Subject } from './subject.ts';

const converted: Cause = { name: 'converted', positive: true };
const disqualified: Cause = { name: 'disqualified', positive: false };

/**
 * Leads: converted or disqualified. An ending is told by `converted_at`, by `closed_at` with an outcome, or by a status
 * that the settings name as one (`lead.converted`, `lead.disqualified`), for systems that record nothing else.
 */
export const lead: Subject = {
  model: 'lead',
  of: 'lead',
  noun: { one: 'lead', many: 'leads', open: 'open leads' },
  sides: { positive: 'converted', negative: 'disqualified' },
  causes: [converted, disqualified],
  needs: 'leads with converted_at, or closed_at and outcome',
  books: false,
  recurs: false,
  outcomes: () => undefined,

  prior: ({ settings }) => settings.prior.lead,
  withinDays: ({ settings }) => settings.lead.within_days,
  bins: ({ settings: { lead } }) => withEdge(lead.bins, lead.within_days),
  looks: ({ settings: { lead } }) => ({
    days: lead.landmarks.days,
    onTurns: lead.landmarks.on_status_change,
    everyDays: lead.landmarks.every_days,
  }),

  born: (history) => firstKnown(history),
  span(history, until) {
    const from = firstKnown(history);
    if (from === undefined || from >= until) return undefined;
    const at = history!.lead!.reduce((first, fact) => (fact.knownAt < until ? Math.min(first, fact.at) : first), from);
    // The company's own words for an ending are read by `state`; an ending told by a fact ends the looks here already.
    const ends = told(history).filter((end) => end.knownAt < until);
    if (ends.length && ends[0]!.at < at) return undefined;
    const last = goneBy(history, 'lead', until) ?? until;
    const to = history?.reopened?.length || !ends.length ? last : Math.min(last, ...ends.map((end) => end.knownAt));
    return { from, to };
  },
  turns: (history, until) =>
    turnsOf(
      history,
      'status',
      told(history).filter((end) => end.knownAt < until),
    ),

  state(past) {
    if (!past.last('lead')) return { is: 'absent' };
    const end = endings(past, past.company).at(-1);
    if (!end) return { is: 'open' };
    const reopened = past.last('reopened');
    if (reopened && reopened.at > end.at) return { is: 'open' };
    return { is: 'ended', as: end.cause.name, at: end.at };
  },
  undecided: (past) => lead.state(past).is === 'open',
  ending: (past, future) => endings(future, past.company)[0],
  account: (_history, id) => id,
};

/** A creation whose words were put right is told again: the first telling counts. */
const firstKnown = (history: History | undefined): Instant | undefined =>
  history?.lead?.reduce((first, { knownAt }) => Math.min(first, knownAt), Number.POSITIVE_INFINITY);

interface Facts {
  all<K extends FactKind>(kind: K): readonly FactOf<K>[];
}

/** Endings in order of time; where two are told of one instant, the conversion counts. */
function endings(facts: Facts, company: Company): Ending[] {
  const { converted: won, disqualified: lost } = company.settings.lead;
  const words = facts.all('change').flatMap((change): Ending[] => {
    if (change.field !== 'status' || typeof change.value !== 'string') return [];
    const cause = won.includes(change.value) ? converted : lost.includes(change.value) ? disqualified : undefined;
    return cause ? [{ at: change.at, knownAt: change.knownAt, cause }] : [];
  });
  const all = [...told({ converted: facts.all('converted'), leadClosed: facts.all('leadClosed') }), ...words];
  return all.sort(
    (a, b) => a.at - b.at || Number(b.cause.positive) - Number(a.cause.positive) || a.knownAt - b.knownAt,
  );
}

/** Endings that have facts of their own. A closing time without an outcome closes nothing: how is not guessed. */
function told(
  history:
    | { readonly converted?: readonly FactOf<'converted'>[]; readonly leadClosed?: readonly FactOf<'leadClosed'>[] }
    | undefined,
): Ending[] {
  const ends = [
    ...(history?.converted ?? []).map(({ at, knownAt }) => ({ at, knownAt, cause: converted })),
    ...(history?.leadClosed ?? []).flatMap(({ at, knownAt, outcome }) =>
      outcome ? [{ at, knownAt, cause: outcome === 'converted' ? converted : disqualified }] : [],
    ),
  ];
  return ends.sort((a, b) => a.at - b.at);
}

/** The horizon of the probability must be an edge: what is said of it is then read off, not interpolated. */
export function withEdge(bins: readonly number[], days: number): readonly number[] {
  return bins.includes(days) ? bins : [...bins, days].sort((a, b) => a - b);
}
