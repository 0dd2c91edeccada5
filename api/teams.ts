import type { TeamLink } from '../models/forecast/rollup.ts';

/**
 * Teams as a tree. Many exports name a root as its own parent; that is read as none. Of a longer circle the first team
 * by id is put at the top, so that a forecast can be given at all, and named in `circular`, so that somebody mends it.
 */
export function treeOf<T extends TeamLink>(
  teams: readonly T[],
): { readonly teams: readonly T[]; readonly circular: readonly string[] } {
  const parents = new Map(teams.map(({ id, parentId }) => [id, parentId === id ? null : parentId]));
  const circular: string[] = [];
  for (const id of [...parents.keys()].sort()) {
    const seen = new Set([id]);
    let above = parents.get(id) ?? null;
    while (above !== null && !seen.has(above)) {
      seen.add(above);
      above = parents.get(above) ?? null;
    }
    if (above !== id) continue;
    parents.set(id, null);
    circular.push(id);
  }
  return { teams: teams.map((team) => ({ ...team, parentId: parents.get(team.id)! })), circular };
}
