import type { Grouping, TeamLink } from '../models/forecast/rollup.ts';
import { ForesellError } from '../src/errors.ts';
import { decimals } from '../src/money.ts';
import type { Adjustment } from '../src/store/adjustments.ts';
import type { Appending } from '../src/store/appends.ts';
import type { Store } from '../src/store/store.ts';
import type { Instant, Period } from '../src/time.ts';

export type { Adjustment } from '../src/store/adjustments.ts';

/** A number that somebody puts beside the forecast of a group, or the undoing of one. */
export type AdjustmentGiven =
  | {
      readonly kind: 'adjustment' | 'commit';
      readonly by: Grouping;
      /** Of the group, as known to whoever asks; absent = the whole. */
      readonly id?: string | undefined;
      readonly period: Period;
      readonly amount: { readonly minor: number; readonly currency: string };
      readonly reason: string;
    }
  | { readonly kind: 'undo'; readonly undoes: number; readonly reason: string };

/** Columns whose words are the groups. */
const words: Readonly<Partial<Record<Grouping, (store: Store) => Iterable<string | null>>>> = {
  region: function* (store) {
    for (const { region } of store.rows('account')) yield region;
  },
  segment: function* (store) {
    for (const { industry } of store.rows('account')) yield industry;
  },
  product: function* (store) {
    for (const { family } of store.rows('product')) yield family;
  },
  business: () => ['new', 'existing'],
};

const wrong = (code: string, path: string, what: string, status = 400) =>
  new ForesellError(code, `${path}: ${what}`, { status, path });

/** The group as the forecast names it. */
function nodeOf(store: Store, by: Grouping, id: string | undefined, path: string): string | null {
  if (by === 'all') {
    if (id === undefined) return null;
    throw wrong('field-invalid', path, 'the whole has no id; leave it out, or say by');
  }
  if (id === undefined) throw wrong('field-invalid', path, `expected the id of a ${by}`);
  if (by === 'owner' || by === 'team') {
    const found = store.resolveId(by === 'owner' ? 'user' : 'team', id);
    if (found.length === 1) return found[0]!;
    if (found.length === 0) throw wrong(`${by}-unknown`, path, `no ${by} "${id}"`, 404);
    throw wrong(`${by}-ambiguous`, path, `"${id}" is in several sources; give one of ${found.slice(0, 5).join(', ')}`, 409); // biome-ignore format: one sentence
  }
  for (const word of words[by]!(store)) if (word === id) return id;
  throw wrong(`${by}-unknown`, path, `no ${by} "${id}"`, 404);
}

/**
 * Writes what was given, in the order given; the first that is wrong refuses all. An undoing takes the period, group and amount of what it undoes.
 * @param author id of the key that it was told with
 */
export function adjusted(
  store: Store,
  { adjustments }: Pick<Appending, 'adjustments'>,
  given: readonly AdjustmentGiven[],
  author: string | null,
  at: Instant,
): Adjustment[] {
  return given.map((one, i) => {
    const path = (field: string) => `adjustments[${i}].${field}`;
    if (one.kind === 'undo') {
      const { kind, undoes, reason } = one;
      const row = adjustments.find(undoes);
      if (!row) throw wrong('adjustment-unknown', path('undoes'), `no adjustment ${undoes}`, 404);
      if (row.kind === 'undo') throw wrong('adjustment-undo', path('undoes'), `${undoes} is an undoing itself; give the number anew`, 409); // biome-ignore format: one sentence
      if (adjustments.undoneBy(undoes) !== undefined) throw wrong('adjustment-undone', path('undoes'), `${undoes} is undone already`, 409); // biome-ignore format: one sentence
      const { id: _id, ...same } = row;
      return adjustments.add({ ...same, kind, at, reason, author, undoes });
    }
    const { kind, by, period, amount, reason } = one;
    const node = nodeOf(store, by, one.id, path('id'));
    decimals(amount.currency); // an unknown one is refused
    return adjustments.add({
      ...{ kind, at, by, node, reason, author },
      ...{ period: period.label, from: period.from, to: period.to },
      ...{ amountMinor: amount.minor, currency: amount.currency, undoes: null },
    });
  });
}

/** Those that count at an instant: the newest of each kind, group and period that is not undone by then. */
export function inForce(rows: readonly Adjustment[], until: Instant): readonly Adjustment[] {
  const known = rows.filter(({ at }) => at <= until);
  const undone = new Set(known.map(({ undoes }) => undoes));
  const newest = new Map<string, Adjustment>();
  for (const row of known)
    if (row.kind !== 'undo' && !undone.has(row.id))
      newest.set(JSON.stringify([row.kind, row.by, row.node, row.from, row.to]), row);
  return [...newest.values()].sort((a, b) => a.id - b.id);
}

/** Whether a number is of a team below another one that was called in the same way: that one's holds it. */
export function isNested(row: Adjustment, rows: readonly Adjustment[], teams: readonly TeamLink[]): boolean {
  if (row.by !== 'team') return false;
  const called = new Set(rows.filter(({ kind, by }) => kind === row.kind && by === 'team').map(({ node }) => node));
  const parents = new Map(teams.map(({ id, parentId }) => [id, parentId]));
  // Teams are a tree: circles were cut where they were read.
  for (let above = parents.get(row.node ?? '') ?? null; above !== null; above = parents.get(above) ?? null)
    if (called.has(above)) return true;
  return false;
}
