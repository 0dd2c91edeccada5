/** Work in turns as one answer, for what is small, or where nobody else waits. */
export function atOnce<T>(turns: Generator<void, T>): T {
  for (;;) {
    const { done, value } = turns.next();
    if (done) return value;
  }
}

/** The same with a pause after each turn, in which others are answered; where `pause` rejects, it ends. */
export async function withPauses<T>(turns: Generator<void, T>, pause: () => Promise<void>): Promise<T> {
  for (;;) {
    const { done, value } = turns.next();
    if (done) return value;
    await pause();
  }
}
