import { expect, test } from 'vitest';
import { withoutFormula } from '../../src/formulas.ts';

test('what a spreadsheet would run is escaped; numbers and other text are not', () => {
  for (const text of ['=1+1', '+66 2 555', '@SUM(A1)', '-1+1', '\t=x', '\r=x', '＝1']) expect(withoutFormula(text)).toBe(`'${text}`); // biome-ignore format: one look
  for (const text of ['-12.5', '+3', 'a=b', '', 'ไทย', "'=x"]) expect(withoutFormula(text)).toBe(text);
});
