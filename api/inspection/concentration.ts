/** How much of what open deals are expected to bring lies in few of them. */
export interface Concentration {
  /** What all open deals are expected to bring. */
  readonly expectedMinor: number;
  /** The fewest deals that hold half of it, largest first, each with its share. */
  readonly half: readonly { readonly id: string; readonly expectedMinor: number; readonly share: number }[];
  /** Deals of one size that would spread it as much: 1 / sum of squared shares. */
  readonly effectiveDeals: number;
  /** Half of it, or more, in at most five deals. */
  readonly risky: boolean;
}

const FEW = 5;

/** Undefined where nothing is expected of any. Cost O(n log n). */
export function concentrationOf(expected: ReadonlyMap<string, number>): Concentration | undefined {
  const rows = [...expected].filter(([, minor]) => minor > 0).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const all = rows.reduce((sum, [, minor]) => sum + minor, 0);
  if (all <= 0) return undefined;
  let held = 0;
  let count = 0;
  while (held < all / 2) held += rows[count++]![1];
  const squares = rows.reduce((sum, [, minor]) => sum + (minor / all) ** 2, 0);
  return {
    expectedMinor: all,
    half: rows.slice(0, count).map(([id, expectedMinor]) => ({ id, expectedMinor, share: expectedMinor / all })),
    effectiveDeals: 1 / squares,
    risky: count <= FEW,
  };
}
