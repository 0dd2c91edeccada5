import { ForesellError } from '../src/errors.ts';
import { factsOf, memorySource, type Told } from '../src/facts.ts';
import {
  type Column,
  type EntityKind,
  type Fact,
  type RecordDeclaration,
  type RecordKind,
  records,
} from '../src/records.ts';
import type { Subject } from '../src/subjects/index.ts';
import { DAY, type Instant } from '../src/time.ts';
import { type FactSource, type History, type Past, type World, world } from '../src/world.ts';
import { changesOf, type Difference, differenceOf } from './change.ts';
import { levelAt } from './level.ts';
import { merge, minor, type Resolve, reader, time } from './overlay.ts';
import type { OpenModel, Parts } from './ports.ts';
import { jsonName } from './schemas/rows.ts';
import { closeDateOf, type Score } from './scoring.ts';
import { type Warning, warningOf, wordsOf } from './segment.ts';

/** A hypothetical change: another value of a field, or something done. */
export type Edit =
  | { readonly field: string; readonly value: string | { readonly minor: number; readonly currency: string } }
  | { readonly activity: Readonly<Record<string, unknown>> };

/** What a version says of one, as it is or as it would be. */
export interface Said {
  readonly probability: number;
  readonly byPeriodEnd: number;
  readonly closeDate: Score['closeDate'];
}

export interface WhatIf {
  /** Of its amount. */
  readonly currency: string;
  readonly before: Said;
  /** One an edited copy, in the order asked. */
  readonly copies: readonly {
    readonly after: Said;
    /** Null where the model has no skill: there is no reason to give. */
    readonly difference: Difference | null;
    readonly warnings: readonly Warning[];
  }[];
}

/** What people can do something about, by whom a model scores. */
export const actionable: Readonly<Record<EntityKind, readonly string[]>> = {
  deal: ['amount', 'stage', 'expected_close_date', 'owner_id'],
  lead: ['status', 'owner_id'],
  account: ['owner_id'],
  user: [],
  product: [],
};

/** Furthest that something hypothetical may lie ahead. */
const MOST_AHEAD_DAYS = 366;

export interface WhatIfAsk {
  readonly open: OpenModel;
  readonly source: FactSource;
  readonly then: World;
  readonly id: string;
  /** Edited copies: each a few changes made together. */
  readonly copies: readonly (readonly Edit[])[];
  readonly limit: number;
  readonly words: Parts['words'];
  readonly resolve: Resolve;
}

/**
 * What would be said of one, had it another amount, stage, date or owner since just now, or had something been done. Each
 * copy is the past with hypothetical facts on top, known at the instant itself, read by the same features; nothing is
 * stored. A difference is what the model has seen go together, not what an action brings about.
 *
 * Values outside the 5th to 95th percentile of those alike are answered and warned of: the model is then beyond what it
 * saw. What ends the record, or what nobody can change, is refused.
 * Cost: a look, a prediction and a short explanation a copy, about 1.5 ms; the first use of a field scans its values once.
 */
export function whatIf({ open, source, then, id, copies, limit, words, resolve }: WhatIfAsk): WhatIf {
  const { subject } = open;
  const at = then.asOf;
  const past = then.past(subject.of, id);
  const read = edits(source, then, subject, past, resolve);
  const level = subject.books ? levelAt(source, open, at) : undefined;
  const { calendar } = source.company;
  const look = (from: FactSource) => {
    const frame = open.snapshot(from, [{ id, asOf: at }]);
    const prediction = open.predict(frame, level);
    const said: Said = {
      probability: prediction.probability[0]!,
      byPeriodEnd: prediction.byPeriodEnd[0]!,
      closeDate: closeDateOf(prediction, 0, (days) => calendar.date(at + days * DAY)),
    };
    return { frame, said };
  };
  // All are read before any is scored: one that is wrong refuses the request at once.
  const laid = copies.map((copy, i) => {
    const { told, warnings } = read(copy, i);
    const from = withFacts(source, told);
    if (!subject.undecided(world(from, at).past(subject.of, id))) {
      throw new ForesellError(
        'change-ends',
        `changes[${i}] would end the ${subject.noun.one}; what-if is for what is still open: leave it out`,
        { path: `changes[${i}]` },
      );
    }
    return { from, warnings };
  });
  const before = look(source);
  return {
    currency: past.last('deal')?.currency ?? source.company.settings.base_currency,
    before: before.said,
    copies: laid.map(({ from, warnings }) => {
      const { frame, said } = look(from);
      const given = open.explain(frame, 0, 'probability', level, { frame: before.frame, row: 0 });
      const difference = given
        ? differenceOf(given.total - given.base, changesOf(given, frame, words, 'edit'), limit)
        : null;
      return { after: said, difference, warnings };
    }),
  };
}

/** The source with further facts; whatever they are about is read from both. */
export function withFacts(below: FactSource, told: readonly Told[]): FactSource {
  const above = memorySource(below.company, told, below.rates);
  const merged = new Map<string, History>();
  return {
    company: below.company,
    rates: below.rates,
    population: below.population ?? below,
    ids: below.ids,
    history(of, id) {
      const added = above.history(of, id);
      if (!added) return below.history(of, id);
      const key = `${of}:${id}`;
      let both = merged.get(key);
      if (!both) merged.set(key, (both = merge(below.history(of, id), added)));
      return both;
    },
  };
}

/** Turns the changes of a copy into facts known at the instant of the world, and what to say of their values. */
function edits(source: FactSource, then: World, subject: Subject, past: Past, resolve: Resolve) {
  const { company } = source;
  const { asOf } = then;
  const kind = subject.of as EntityKind & RecordKind;
  const { columns }: RecordDeclaration = records[kind];
  const fields = actionable[subject.of];
  const readRow = reader(company, asOf, resolve);
  const refuse = (path: string, text: string) => new ForesellError('field-invalid', `${path}: ${text}`, { path });

  /** The field as its column is called, by that name or as in JSON. */
  function fieldOf(asked: string, path: string): string {
    const field = fields.find((name) => name === asked || jsonName(name) === asked);
    if (field) return field;
    throw new ForesellError(
      'field-unknown',
      `${path}: "${asked}" is not something to change of a ${subject.noun.one}; there is ${fields.join(', ')}, or an activity`,
      { path },
    );
  }

  function typedValue(field: string, column: Column, given: unknown, path: string): number | string {
    if (column.type === 'money') {
      const currency = past.last('deal')?.currency ?? company.settings.base_currency;
      const amount = minor(given as string | { minor: number; currency: string }, currency, path);
      if (amount > 0) return amount;
      throw refuse(path, 'expected an amount above 0');
    }
    if (typeof given !== 'string') throw refuse(path, 'expected a text, not an amount of money');
    if (column.type === 'time') return ahead(time(given, company, path), path);
    if (column.refers) {
      const found = resolve(column.refers as RecordKind, given);
      if (found.length === 1) return found[0]!;
      throw refuse(path, found.length ? `"${given}" is in several sources; give one of ${found.slice(0, 5).join(', ')}` : `there is no ${column.refers} "${given}"`); // biome-ignore format: one sentence
    }
    return wordOf(field, column, given, path);
  }

  function wordOf(field: string, column: Column, given: string, path: string): string {
    const pipeline = past.last('deal')?.pipeline ?? null;
    const defined = field === 'stage' ? company.stage(given, pipeline) : undefined;
    if (defined) return defined.stage;
    const stages = company.stages.filter((stage) => stage.kind === 'open' && (!stage.pipeline || stage.pipeline === pipeline)); // biome-ignore format: one look
    const known =
      field === 'stage' && stages.length ? stages.map(({ stage }) => stage) : wordsOf(then, subject, field, column);
    if (known.includes(given)) return given;
    throw refuse(path, `"${given}" is no ${field} here; there is ${known.slice(0, 30).join(', ')}`);
  }

  function ahead(at: Instant, path: string): Instant {
    if (at <= asOf + MOST_AHEAD_DAYS * DAY) return at;
    throw refuse(path, `lies more than ${MOST_AHEAD_DAYS} days ahead`);
  }

  function changed(
    edit: Extract<Edit, { field: string }>,
    path: string,
  ): { told: Told | undefined; field: string; warning: Warning | undefined } {
    const field = fieldOf(edit.field, `${path}.field`);
    const column = columns[field]!;
    const value = typedValue(field, column, edit.value, `${path}.value`);
    const old = past.value(field);
    if (old === value) return { told: undefined, field, warning: undefined }; // nothing would be recorded
    const fact = { kind: 'change', id: `whatif:${field}`, at: asOf, knownAt: asOf, field, old: old ?? null, value, by: null }; // biome-ignore format: a row
    return {
      told: { fact: fact as unknown as Fact, about: { [kind]: past.id } },
      field,
      warning: warningOf(then, subject, past, field, column, value),
    };
  }

  /** Something done: what is not said to lie ahead has just happened, and calls and meetings are then over. */
  function done(activity: Readonly<Record<string, unknown>>, path: string, n: number): readonly Told[] {
    const at = activity['at'] === undefined ? asOf : ahead(time(activity['at'] as string, company, `${path}.activity.at`), `${path}.activity.at`); // biome-ignore format: one choice
    const row = readRow('activity', { ...activity, id: `whatif:${n}`, at: new Date(at).toISOString() }, `${path}.activity`); // biome-ignore format: one row
    const over = row.kind === 'call' || row.kind === 'meeting' ? at : null;
    const whole = {
      ...row,
      at,
      endedAt: row.endedAt ?? (at <= asOf ? over : null),
      dealId: subject.of === 'deal' ? past.id : null,
      leadId: subject.of === 'lead' ? past.id : null,
      accountId: past.account?.id ?? null,
      knownAt: asOf,
    };
    if (whole.endedAt !== null && whole.endedAt < at) throw refuse(`${path}.activity.endedAt`, 'before it began');
    return factsOf('activity', whole, [], company)
      .filter(({ fact }) => fact.at <= asOf || fact.kind === 'activity')
      .map(({ fact, about }) => ({ fact: { ...fact, knownAt: asOf } as Fact, about }));
  }

  return (copy: readonly Edit[], i: number): { told: readonly Told[]; warnings: readonly Warning[] } => {
    const told: Told[] = [];
    const warnings: Warning[] = [];
    const seen = new Set<string>();
    copy.forEach((edit, n) => {
      const path = copy.length === 1 ? `changes[${i}]` : `changes[${i}][${n}]`;
      if ('activity' in edit) {
        told.push(...done(edit.activity, path, n));
        return;
      }
      const { told: fact, field, warning } = changed(edit, path);
      if (seen.has(field)) throw refuse(`${path}.field`, 'is changed twice in one copy');
      seen.add(field);
      if (fact) told.push(fact);
      if (warning) warnings.push(warning);
    });
    return { told, warnings };
  };
}
