/** A map of bounded size that forgets what was not asked for longest. Cost: two look-ups an access. */
export class Lru<K, V> {
  readonly #most: number;
  readonly #kept = new Map<K, V>();

  constructor(most: number) {
    this.#most = most;
  }

  get(key: K): V | undefined {
    const value = this.#kept.get(key);
    if (value === undefined) return undefined;
    this.#kept.delete(key); // the newest is last in a Map
    this.#kept.set(key, value);
    return value;
  }

  set(key: K, value: V): V {
    if (this.#most === 0) return value;
    this.#kept.delete(key);
    if (this.#kept.size >= this.#most) this.#kept.delete(this.#kept.keys().next().value!);
    this.#kept.set(key, value);
    return value;
  }

  /** Forgets those of which a test is true. */
  drop(test: (value: V, key: K) => boolean): void {
    for (const [key, value] of this.#kept) if (test(value, key)) this.#kept.delete(key);
  }

  clear(): void {
    this.#kept.clear();
  }

  get size(): number {
    return this.#kept.size;
  }
}
