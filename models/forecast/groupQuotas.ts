import type { GroupTree } from './groupTree.ts';

/** With an owner: that owner's. Else with a team: that team's. With neither: the company's. */
export interface QuotaAmount {
  readonly owner: string | null;
  readonly team: string | null;
  readonly amountMinor: number;
}

/** A promise of each group, by place; null where nobody set one. */
export interface GroupQuotas {
  readonly whole: number | null;
  readonly byPlace: readonly (number | null)[];
}

type Sum = number | null;
const plus = (a: Sum, b: Sum): Sum => (a === null ? b : b === null ? a : a + b);
const sumOf = (rows: readonly QuotaAmount[]): Sum => rows.reduce<Sum>((sum, row) => plus(sum, row.amountMinor), null);

/**
 * Of a team: its own; else the sum of those of its sub-teams; else of its owners. Of an owner: the owner's. Of the whole: the
 * company's own; else of the top teams; else of all owners. Groups of another kind have none. Cost O(groups + quotas).
 * @param teams the tree of teams, also where the groups are others: the whole is promised by its teams
 */
export function groupQuotas(
  kind: string,
  tree: GroupTree,
  teams: GroupTree,
  quotas: readonly QuotaAmount[],
): GroupQuotas {
  const owners = quotas.filter((row) => row.owner !== null);
  const ofTeams = teamQuotas(teams, quotas, owners);
  const tops = teams.children(-1).reduce<Sum>((sum, place) => plus(sum, ofTeams[place]), null);
  const whole = sumOf(quotas.filter((row) => row.owner === null && row.team === null)) ?? tops ?? sumOf(owners);
  if (kind === 'team') return { whole, byPlace: tree.ids.map((id) => (id === null ? null : ofTeams[teams.place(id)])) };
  if (kind !== 'owner') return { whole, byPlace: tree.ids.map(() => null) };
  const own = new Map<string, Sum>();
  for (const { owner, amountMinor } of owners) own.set(owner!, plus(own.get(owner!) ?? null, amountMinor));
  return { whole, byPlace: tree.ids.map((id) => (id === null ? null : (own.get(id) ?? null))) };
}

function teamQuotas(teams: GroupTree, quotas: readonly QuotaAmount[], owners: readonly QuotaAmount[]): Sum[] {
  const own: Sum[] = teams.ids.map(() => null);
  const people: Sum[] = teams.ids.map(() => null);
  for (const { owner, team, amountMinor } of quotas) {
    if (owner === null && team !== null) own[teams.place(team)] = plus(own[teams.place(team)], amountMinor);
  }
  for (const { team, amountMinor } of owners) {
    if (team !== null) people[teams.place(team)] = plus(people[teams.place(team)], amountMinor);
  }
  const quota: Sum[] = teams.ids.map(() => null);
  // From the last place up: those below a team come after it.
  for (let place = teams.ids.length - 1; place >= 0; place--) {
    const children = teams.children(place);
    const below = children.reduce<Sum>((sum, child) => plus(sum, quota[child]), null);
    for (const child of children) people[place] = plus(people[place], people[child]);
    quota[place] = own[place] ?? below ?? people[place];
  }
  return quota;
}
