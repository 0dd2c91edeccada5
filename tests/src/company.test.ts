import { expect, test } from 'vitest';
import { company, parseSettings, type Stage } from '../../src/company.ts';

const stage = (name: string, rank: number, category: string | null, from: number | null, pipeline: string | null = null): Stage => ({ pipeline, stage: name, rank, kind: 'open', category, from }); // biome-ignore format: one row
const of = (...stages: Stage[]) => company(parseSettings({}, 'test'), stages);

test('a stage that was defined anew means at each instant what it meant then', () => {
  const { stages, stage: at } = of(stage('Offer', 5, 'commit', 300), stage('Offer', 2, 'pipeline', 100), stage('New', 3, null, null)); // biome-ignore format: one call
  expect(stages.map((one) => [one.stage, one.rank])).toEqual([['New', 3], ['Offer', 5]]); // biome-ignore format: one row
  expect([99, 100, 299, 300, undefined].map((when) => at('Offer', null, when)?.category)).toEqual([
    'pipeline', // before the first definition: what it was then is not known better
    'pipeline',
    'pipeline',
    'commit',
    'commit',
  ]);
  expect(at('New', null, 5)?.rank).toBe(3);
  expect(at('Old', null, 5)).toBeUndefined();
});

test('pipelines define their own, and lend to those that define none', () => {
  const { stage: at } = of(stage('Offer', 1, 'pipeline', null, 'Trade'), stage('Offer', 4, 'commit', 50, 'Trade'), stage('Offer', 2, 'best case', null, 'Retail')); // biome-ignore format: one call
  expect(at('Offer', 'Trade', 10)?.category).toBe('pipeline');
  expect(at('Offer', 'Trade', 50)?.category).toBe('commit');
  expect(at('Offer', 'Retail', 50)?.category).toBe('best case');
  expect(at('Offer', 'Export', 50)?.category).toBe('best case');
});
