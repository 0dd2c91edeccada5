/** Rows of one ranking: all that were open at one origin, best first. */
export interface Ranked {
  readonly origins: readonly Uint32Array[];
  readonly p: Float64Array;
}

/** Ranks each origin's rows on their own, as somebody working the list of that day would see them. */
export function ranked(origin: ArrayLike<number>, p: Float64Array): Ranked {
  const lists = new Map<number, number[]>();
  for (let i = 0; i < p.length; i++) {
    const list = lists.get(origin[i]!);
    if (list) list.push(i);
    else lists.set(origin[i]!, [i]);
  }
  return {
    origins: [...lists.values()].map((rows) => Uint32Array.from(rows.sort((a, b) => p[b]! - p[a]! || a - b))),
    p,
  };
}

/**
 * The share of the prize in the best-ranked share of the size, summed over the origins: size 1 and prize 1 = which part of
 * the winners is in the top fifth of the list; size and prize in money = which part of the money won is in the top fifth of
 * the money open. Equal scores count as in random order (a part of each), so a method that says the same of all holds
 * exactly its share. NaN without any prize.
 *
 *     gain(s) = sum_o prize(best rows of o up to s of o's size) / sum_o prize(o)
 *
 * @param w how often each row counts
 */
export function gainOf(
  { origins, p }: Ranked,
  size: Float64Array | undefined,
  prize: Float64Array,
  w: Float64Array,
  share: number,
): number {
  let won = 0;
  let all = 0;
  for (const rows of origins) {
    let total = 0;
    for (const i of rows) {
      total += w[i]! * (size ? size[i]! : 1);
      all += w[i]! * prize[i]!;
    }
    let left = share * total;
    for (let k = 0; k < rows.length && left > 0; ) {
      const score = p[rows[k]!]!;
      let tieSize = 0;
      let tiePrize = 0;
      for (; k < rows.length && p[rows[k]!]! === score; k++) {
        const i = rows[k]!;
        tieSize += w[i]! * (size ? size[i]! : 1);
        tiePrize += w[i]! * prize[i]!;
      }
      if (tieSize <= left) won += tiePrize;
      else won += (tiePrize * left) / tieSize;
      left -= tieSize;
    }
  }
  return all > 0 ? won / all : Number.NaN;
}
