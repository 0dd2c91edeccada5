import { expect, test } from 'vitest';
import { columnList } from '../../bin/table/columnList.ts';

test('names are parted by commas, but for those in quotes', () => {
  expect(columnList('a, b ,c')).toEqual(['a', 'b', 'c']);
  expect(columnList('"a,b",c')).toEqual(['a,b', 'c']);
  expect(columnList('x,"say ""so"", please"')).toEqual(['x', 'say "so", please']);
  expect(columnList('5" pipe,b')).toEqual(['5" pipe', 'b']);
  expect(columnList('a,,b,')).toEqual(['a', 'b']);
  expect(columnList('')).toEqual([]);
});
