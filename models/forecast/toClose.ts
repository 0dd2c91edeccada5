interface Counted {
  readonly id: string;
  readonly amountMinor: number;
  readonly expectedMinor: number;
}

/**
 * The fewest open deals that, were they won, would raise what is expected by `gap`: each adds what is not expected of it yet. None where there
 * is no gap; null where all together do not suffice. Those that add most are taken, which no other choice of so few can beat. Cost O(n log n).
 */
export function shortestToClose<D extends Counted>(deals: readonly D[], gap: number): readonly D[] | null {
  const adds = (deal: D) => deal.amountMinor - deal.expectedMinor;
  const sorted = deals.filter((deal) => adds(deal) > 0).sort((a, b) => adds(b) - adds(a) || (a.id < b.id ? -1 : 1));
  let left = gap;
  let count = 0;
  while (left > 0 && count < sorted.length) left -= adds(sorted[count++]);
  return left > 0 ? null : sorted.slice(0, count);
}
