import type { Fact } from '../src/records.ts';
import type { Instant } from '../src/time.ts';
import { type FactSource, type History, kindsIn } from '../src/world.ts';
import { type Change, changesOf, type Difference, differenceOf, plainChange } from './change.ts';
import { levelAt } from './level.ts';
import type { OpenModel, Parts } from './ports.ts';
import { logit } from './scoring.ts';

/** What was said of one before, or would have been. */
export interface Before {
  readonly at: Instant;
  /** The score that was given then; absent where none was, and today's version says what it would have been. */
  readonly given?: { readonly probability: number; readonly version: string };
}

/** The change of a score between two instants, in log odds; the parts sum to it, and the reasons with the rest too. */
export interface Moved extends Difference {
  readonly since: Instant;
  /** Version of the earlier score. */
  readonly version: string;
  readonly before: number;
  readonly after: number;
  readonly parts: Readonly<Record<'events' | 'time' | 'level' | 'model' | 'records', number>>;
}

/**
 * Why a score moved. With F the log odds that a version says of a row at a level, x0 the row at the earlier instant, x1
 * now, and xt the row now as it would be had nothing been recorded about it since:
 *
 *     model or records = F(x0; level then) - what was said then    (another version; or facts of the time that came later)
 *     level            = F(x0; level now) - F(x0; level then)
 *     time             = F(xt) - F(x0), by feature by integrated gradients
 *     events           = F(x1) - F(xt), by feature by integrated gradients
 *
 * which telescopes to the change; the parts by feature are exact within 1e-3 each. Undefined where the model has no skill.
 * Cost: two explanations and three looks at one record.
 */
export function movedSince(
  open: OpenModel,
  source: FactSource,
  id: string,
  before: Before,
  now: Instant,
  limit: number,
  words: Parts['words'],
): Moved | undefined {
  const { books } = open.subject;
  const [then, later] = [before.at, now].map((at) => (books ? levelAt(source, open, at) : undefined));
  const x0 = open.snapshot(source, [{ id, asOf: before.at }]);
  const xt = open.snapshot(asKnownAt(source, before.at), [{ id, asOf: now }]);
  const x1 = open.snapshot(source, [{ id, asOf: now }]);
  const time = open.explain(xt, 0, 'probability', later, { frame: x0, row: 0 });
  const events = open.explain(x1, 0, 'probability', later, { frame: xt, row: 0 });
  if (!time || !events) return undefined;
  const said = logit(open.predict(x0, then).probability[0]!);
  const given = before.given ? logit(before.given.probability) : said;
  const newer = before.given !== undefined && before.given.version !== open.version;
  const parts = {
    events: events.total - events.base,
    time: time.total - time.base,
    level: time.base - said,
    model: newer ? said - given : 0,
    records: newer ? 0 : said - given,
  };
  const changes: Change[] = [
    ...changesOf(events, x1, words, 'events'),
    ...changesOf(time, xt, words, 'time'),
    ...(['level', 'model', 'records'] as const).map((part) => plainChange(part, parts[part])),
  ];
  return {
    since: before.at,
    version: before.given?.version ?? open.version,
    before: probabilityOf(given),
    after: probabilityOf(events.total),
    parts,
    ...differenceOf(events.total - given, changes, limit),
  };
}

/** The records as if nothing had been learned after an instant; what is usual in the population goes on. */
function asKnownAt(source: FactSource, at: Instant): FactSource {
  return {
    company: source.company,
    rates: source.rates,
    population: source.population ?? source,
    ids: source.ids,
    history(of, id) {
      const history = source.history(of, id);
      if (!history) return undefined;
      const known: { [kind: string]: readonly Fact[] } = {};
      for (const kind of kindsIn(history)) {
        known[kind] = (history[kind]! as readonly Fact[]).filter((fact) => fact.knownAt <= at);
      }
      return known as History;
    },
  };
}

const probabilityOf = (x: number): number => 1 / (1 + Math.exp(-x));
