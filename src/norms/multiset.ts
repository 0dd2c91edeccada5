/**
 * Numbers in order, of which some come and go: medians of a population from week to week.
 * Cost: a change is noted; the next look merges what was noted in one pass over all.
 */
export class Multiset {
  #sorted: Float64Array = new Float64Array(0);
  #come: number[] = [];
  #gone: number[] = [];

  add(value: number): void {
    this.#come.push(value);
  }

  /** One that is in it. */
  remove(value: number): void {
    this.#gone.push(value);
  }

  /** Ascending. Not to be written to. */
  values(): Float64Array {
    if (this.#come.length > 0 || this.#gone.length > 0) {
      this.#sorted = merged(this.#sorted, new Float64Array(this.#come).sort(), new Float64Array(this.#gone).sort());
      this.#come = [];
      this.#gone = [];
    }
    return this.#sorted;
  }
}

/** Those of `a` and `b` without those of `gone`, all ascending. */
function merged(a: Float64Array, b: Float64Array, gone: Float64Array): Float64Array {
  const out = new Float64Array(a.length + b.length - gone.length);
  let [i, j, g, n] = [0, 0, 0, 0];
  while (n < out.length || g < gone.length) {
    const value = j >= b.length || (i < a.length && a[i]! <= b[j]!) ? a[i++]! : b[j++]!;
    if (g < gone.length && gone[g] === value) g++;
    else out[n++] = value;
  }
  return out;
}
