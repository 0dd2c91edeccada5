import { expect, test } from 'vitest';
import { byCategoryRank, categoryOf } from '../../src/forecastCategory.ts';
import type { Past } from '../../src/world.ts';

const called = (own: string | undefined, stage?: string, ofStage: string | null = null) =>
  categoryOf({
    value: (field: string) => (field === 'forecast_category' ? own : stage),
    last: () => undefined,
    company: { stage: (name: string) => (name === stage ? { category: ofStage } : undefined) },
  } as unknown as Past);

test('the usual categories are known in any spelling, a company’s own are as it wrote them', () => {
  expect(
    ['Commit', 'BEST_CASE', 'BestCase', 'Pipeline', 'OMIT', 'Omitted', 'closed'].map((own) => called(own)),
  ).toEqual(['commit', 'best case', 'best case', 'pipeline', 'omitted', 'omitted', 'closed']);
  expect(['Most Likely', 'คาดหวัง'].map((own) => called(own))).toEqual(['Most Likely', 'คาดหวัง']);
});

test('without one of its own a deal has that of its stage', () => {
  expect(called(undefined, 'Offer', 'Best Case')).toBe('best case');
  expect(called('commit', 'Offer', 'pipeline')).toBe('commit');
  expect([called(undefined, 'Offer'), called(undefined)]).toEqual([undefined, undefined]);
});

test('the surest first, what is omitted and what nobody called last', () => {
  const some = [null, 'omitted', 'zeal', 'pipeline', 'Most Likely', 'best case', 'commit'];
  expect(some.sort(byCategoryRank)).toEqual([
    'commit',
    'best case',
    'pipeline',
    'Most Likely',
    'zeal',
    'omitted',
    null,
  ]);
});
