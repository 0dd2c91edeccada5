/** What the record of a promotion says of it. */
export interface Served {
  readonly version: string;
  readonly previous: string | null;
  readonly action: 'promote' | 'rollback';
}

/**
 * The version to go back to: a promotion lays a version on those that served before it, a rollback takes away what it
 * undid. So going back twice goes back two versions, never forward to the one that was taken down; promoting again what
 * serves changes nothing. Undefined where nothing served before.
 *
 * @param promotions oldest first
 */
export function servedBefore(promotions: readonly Served[]): string | undefined {
  const stack: string[] = [];
  for (const { version, previous, action } of promotions) {
    if (stack.length === 0 && previous !== null) stack.push(previous);
    if (action === 'rollback' && stack.includes(version)) stack.length = stack.lastIndexOf(version) + 1;
    else if (stack.at(-1) !== version) stack.push(version);
  }
  return stack.at(-2);
}
