import { expect, test } from 'vitest';
import { levelLike } from '../../../models/table/levelLike.ts';
import { frameByRecipes, Oddities, type Recipe } from '../../../models/table/recipe.ts';
import { tableOfRows } from '../../../models/table/tableModel.ts';
import type { FrameColumn } from '../../../src/frame.ts';

test('a word means the one level that is the same number, or the same yes or no', () => {
  const like = levelLike(['1.0', '2.0', '3', '3.0', 'TRUE', 'FALSE', '0123', '1E2', '9007199254740993', 'north']);
  const asked = ['1', '2.00', '3.00', 'true', 'False', '123', '100', '9007199254740992', 'North', '', '.'];
  expect(asked.map(like)).toEqual(['1.0', '2.0', undefined, 'TRUE', 'FALSE', ...new Array(6).fill(undefined)]);
  expect(levelLike(['true', 'TRUE'])('True')).toBe(undefined);
});

test('records of a program say what the file said that was learned from', () => {
  const recipes = [
    { kind: 'category', column: 'grade', missing: ['9'], levels: ['1.0', '2.0'] },
    { kind: 'category', column: 'paid', missing: [], levels: ['FALSE', 'TRUE'] },
  ] satisfies Recipe[];
  const typed = [{ grade: 2, paid: false }, { grade: 1, paid: true }, { grade: 9, paid: null }, { grade: 3, paid: 'no' }]; // biome-ignore format: one table
  const written = [{ grade: '2.0', paid: 'FALSE' }, { grade: '1.0', paid: 'TRUE' }, { grade: '', paid: '' }, { grade: '3', paid: 'no' }]; // biome-ignore format: one table
  const odd = new Oddities();
  const words = (column: FrameColumn | undefined) => column?.type === 'category' && [...column.codes].map((code) => column.levels[code]); // biome-ignore format: one look
  const frame = frameByRecipes(recipes, tableOfRows([...typed, ...written]), [], odd);
  expect(words(frame.columns.get('grade'))).toEqual(['2.0', '1.0', undefined, '3', '2.0', '1.0', undefined, '3']);
  const paid = ['FALSE', 'TRUE', undefined, 'no'];
  expect(words(frame.columns.get('paid'))).toEqual([...paid, ...paid]);
  expect(odd.all()).toEqual([
    '"grade": 2 cells say a word never met in training (as "3"); they count as rare ones',
    '"paid": 2 cells say a word never met in training (as "no"); they count as rare ones',
  ]);
});
