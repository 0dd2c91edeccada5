import { expect, test } from 'vitest';
import { renewable } from '../../../src/store/renewed.ts';
import type { FactSource, History } from '../../../src/world.ts';

/** A source that says of everybody when it was read. */
const readAt = (n: number) => ({ ids: () => ['a', 'b'], history: () => ({ n }) as History }) as Partial<FactSource> as FactSource; // biome-ignore format: one source
const unread = () => {
  throw new Error('read at once');
};

test('a scan that is made elsewhere counts though facts were appended meanwhile, and those are read anew', () => {
  const kept = renewable(unread);
  const put = kept.awaiting();
  kept.touch('deal', ['b']);
  expect(put(readAt(1))).toBe(true);
  const source = kept.get(readAt(2));
  expect([source.history('deal', 'a'), source.history('deal', 'b')]).toEqual([{ n: 1 }, { n: 2 }]);
});

test('after another commit it counts no more', () => {
  const kept = renewable(unread);
  const put = kept.awaiting();
  kept.drop();
  expect(put(readAt(1))).toBe(false);
  const again = kept.awaiting();
  expect(again(readAt(3))).toBe(true);
  expect(kept.get(readAt(4)).history('deal', 'a')).toEqual({ n: 3 });
});
