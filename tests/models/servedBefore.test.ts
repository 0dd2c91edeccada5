import { describe, expect, it } from 'vitest';
import { type Served, servedBefore } from '../../models/servedBefore.ts';

/** `+a` promotes a, `-a` rolls back to a. */
function told(...moves: string[]): Served[] {
  let previous: string | null = null;
  return moves.map((move) => {
    const version = move.slice(1);
    const served = { version, previous, action: move.startsWith('+') ? 'promote' : 'rollback' } as const;
    previous = version;
    return served;
  });
}

describe('servedBefore', () => {
  it.each([
    [[], undefined],
    [['+a'], undefined],
    [['+a', '+b'], 'a'],
    [['+a', '+a'], undefined],
    [['+a', '+b', '+b'], 'a'],
    [['+a', '+b', '+c', '-b'], 'a'],
    [['+a', '+b', '-a'], undefined],
    [['+a', '+b', '-a', '+c'], 'a'],
    [['+a', '+b', '+a', '-b', '+c', '-b'], 'a'],
  ])('after %j it is %s', (moves, expected) => {
    expect(servedBefore(told(...moves))).toBe(expected);
  });

  it('knows what served before the record began', () => {
    expect(servedBefore([{ version: 'b', previous: 'a', action: 'promote' }])).toBe('a');
  });
});
