import { ForesellError } from '../errors.ts';
import { type RecordDeclaration, type RecordKind, records } from '../records.ts';
import type { Appending } from '../store/appends.ts';
import type { Store } from '../store/store.ts';
import type { Instant } from '../time.ts';
import { removal } from './absences.ts';
import { merge } from './merge.ts';
import { type Checker, canonical, checkerFor, isFault, type Naming } from './validate.ts';

/** A row of a record's file, given one at a time: texts by the names of the header. */
export interface GivenFact {
  readonly kind: RecordKind;
  readonly cells: Readonly<Record<string, string>>;
  /** What a column is called where the fact came from, for messages: `facts[3].createdAt`. */
  readonly pathOf: (column: string) => string;
}

/** What became of a fact. */
export interface AppendedFact {
  readonly kind: RecordKind;
  /** The canonical id, or the columns that name the row. */
  readonly id: string;
  readonly status: 'added' | 'changed' | 'unchanged';
}

/** Records first that others explain or belong to; changes last, because the currency of their amounts is that of their record. */
const rank = ({ kind }: GivenFact): number => (kind === 'stage' ? 0 : kind === 'change' || kind === 'removal' ? 2 : 1);

/** Whether people know such records by their own ids; an email or a line of an order is known to the program that sends it. */
const isKnownByName = (kind: RecordKind): boolean => NAMED.has(kind);
const NAMED: ReadonlySet<RecordKind> = new Set(['deal', 'lead', 'account', 'contact', 'user', 'team', 'product']);

/** The source that facts are of unless they say: the only one there is. */
export function sourceOf(store: Store, asked: string | undefined): string {
  const sources = store.sources();
  return asked ?? (sources.length === 1 ? sources[0]! : 'api');
}

/**
 * Checks facts as an import checks rows, and writes all of them or none: a row that is new is added and, unless it says
 * when it was known, is known from its arrival; one that is there takes the values that are given, and what a source
 * overwrites becomes a change that is known from the arrival (`merge`). The same fact again changes nothing.
 *
 * An id that is not canonical is of a record that is known by it, if there is one, else of the source. Whoever names the source speaks of its own records: one with
 * such an id of another source is another record.
 * @param named whether the caller named the source
 * @throws ForesellError with the path of the first field that is wrong
 */
export function appendFacts(
  store: Store,
  appending: Appending,
  facts: readonly GivenFact[],
  source: string,
  at: Instant,
  named = true,
): readonly AppendedFact[] {
  const company = store.company();
  appending.nameSource(source);
  let path = '';
  const name: Naming = (id, of, isOwn) => {
    if (id.startsWith(`${source}:`) || appending.find(of, id) !== undefined) return id;
    const own = canonical(source, id);
    if (isOwn && (named || !isKnownByName(of))) return own;
    const found = store.resolveId(of, id);
    if (found.length === 0 || found.includes(own)) return own;
    if (found.length === 1) return found[0]!;
    throw new ForesellError(
      `${of}-ambiguous`,
      `${path}: ${of} "${id}" is in several sources; give one of ${found.slice(0, 5).join(', ')}`,
      { status: 409, path },
    );
  };
  const checkers = new Map<string, Checker>();
  const checkerOf = (kind: RecordKind, header: readonly string[]): Checker => {
    const key = `${kind}:${header.join()}`;
    let checker = checkers.get(key);
    if (!checker) checkers.set(key, (checker = checkerFor(kind, kind, header, name, company)));
    return checker;
  };

  const appended = new Map<GivenFact, AppendedFact>();
  for (const fact of [...facts].sort((a, b) => rank(a) - rank(b))) {
    const { kind, cells, pathOf } = fact;
    const declaration: RecordDeclaration = records[kind];
    path = pathOf(declaration.key[0]!);
    const header = Object.keys(cells);
    const { check, mask } = checkerOf(kind, header);
    const checked = check(Object.values(cells), (key, of = kind) => {
      const place = Object.keys(records[of].columns).indexOf('currency');
      return place < 0 ? undefined : (appending.find(of, key)?.[place] as string | null | undefined);
    });
    if (isFault(checked)) {
      const where = pathOf(checked.field);
      throw new ForesellError(checked.code, `${where}: ${checked.message}`, { path: where });
    }
    const { key } = checked;
    const old = appending.find(kind, key);
    if (!old) {
      appending.add(kind, checked);
      appended.set(fact, { kind, id: key, status: 'added' });
      continue;
    }
    const isBack = appending.isGone(kind, key);
    if (isBack) appending.add('removal', removal(kind, key, at, 'returned'));
    const merged = merge(kind, declaration, checked, old, mask, company, at, appending.lastChange);
    if (merged) {
      for (const change of merged.changes) appending.add('change', change);
      appending.replace(kind, { key, values: merged.values }, old, !merged.isRetold);
    }
    appended.set(fact, { kind, id: key, status: merged || isBack ? 'changed' : 'unchanged' });
  }
  return facts.map((fact) => appended.get(fact)!);
}
