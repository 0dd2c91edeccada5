import { ForesellError } from '../../src/errors.ts';

export interface GroupLink {
  readonly id: string;
  readonly parentId: string | null;
}

/**
 * Groups laid out so that each is a stretch of the ones after it: parents before children, brothers by id, and nobody's
 * (null) last. What is sorted by `place` has every group's own and those below it side by side.
 */
export interface GroupTree {
  readonly ids: readonly (string | null)[];
  readonly parents: readonly (string | null)[];
  /** One past the last place of the groups below it. */
  readonly ends: Int32Array;
  /** Of a group that the tree holds. */
  place(id: string | null): number;
  /** Places of the groups right below one; of the tops with -1. */
  children(place: number): readonly number[];
}

/**
 * The tree of the groups described by `links` and those that are only mentioned, which stand at the top, as a parent does that
 * no link describes. Cost O(n log n).
 * @param mentioned groups of deals and quotas; null where one has no group
 */
export function groupTree(links: readonly GroupLink[], mentioned: Iterable<string | null>): GroupTree {
  const parent = new Map<string, string | null>();
  for (const { id, parentId } of links) parent.set(id, parentId);
  for (const { parentId } of links) if (parentId !== null && !parent.has(parentId)) parent.set(parentId, null);
  let nobody = false;
  for (const id of mentioned) {
    if (id === null) nobody = true;
    else if (!parent.has(id)) parent.set(id, null);
  }
  const below = new Map<string | null, string[]>();
  for (const id of [...parent.keys()].sort()) {
    const above = parent.get(id)!;
    const brothers = below.get(above);
    if (brothers) brothers.push(id);
    else below.set(above, [id]);
  }
  const ids: (string | null)[] = [];
  const ends: number[] = [];
  const childrenOf: number[][] = [];
  const tops: number[] = [];
  // Without recursion: a chain of thousands of teams is odd, but no reason to fail.
  const open: { readonly place: number; readonly waiting: string[] }[] = [
    { place: -1, waiting: [...(below.get(null) ?? [])].reverse() },
  ];
  while (open.length > 0) {
    const at = open[open.length - 1];
    const id = at.waiting.pop();
    if (id === undefined) {
      if (at.place >= 0) ends[at.place] = ids.length;
      open.pop();
      continue;
    }
    const place = ids.push(id) - 1;
    childrenOf.push([]);
    (at.place < 0 ? tops : childrenOf[at.place]).push(place);
    open.push({ place, waiting: [...(below.get(id) ?? [])].reverse() });
  }
  const places = new Map<string | null, number>(ids.map((id, place) => [id, place]));
  if (ids.length < parent.size) {
    const lost = [...parent.keys()].filter((id) => !places.has(id));
    throw new ForesellError(
      'teams-circular',
      `teams ${lost.map((id) => `"${id}"`).join(', ')} are their own superiors; correct parent_id in teams.csv`,
    );
  }
  if (nobody) {
    places.set(null, ids.push(null) - 1);
    ends.push(ids.length);
    childrenOf.push([]);
  }
  return {
    ids,
    parents: ids.map((id) => (id === null ? null : parent.get(id)!)),
    ends: Int32Array.from(ends),
    place: (id) => places.get(id)!,
    children: (place) => (place < 0 ? tops : childrenOf[place]),
  };
}
