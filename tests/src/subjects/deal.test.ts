import { expect, test } from 'vitest';
import { deal } from '../../../src/subjects/deal.ts';
import type { History } from '../../../src/world.ts';

test('a creation told again, with another time, moves no look that stood before it was known', () => {
  const told = (at: number, knownAt: number) => ({ kind: 'deal', id: `deal:${at}`, at, knownAt, dealId: 'd', accountId: null, leadId: null, pipeline: null, currency: null }) as const; // biome-ignore format: a fact
  const before: History = { deal: [told(200, 200)] };
  const after: History = { deal: [told(100, 900), told(200, 200)] };
  expect(deal.span(before, 500)).toEqual({ from: 200, to: 500 });
  expect(deal.span(after, 500)).toEqual(deal.span(before, 500));
  expect(deal.born(after)).toBe(200);
});
