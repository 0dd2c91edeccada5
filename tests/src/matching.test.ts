import { expect, test } from 'vitest';
import { matchKey } from '../../src/matching.ts';

test.each([
  ['sara am joined and in two marks', 'น้ำ', 'น\u0E49\u0E4D\u0E32'],
  ['sara am with its tone mark after the circle', 'น้ำ', 'น\u0E4D\u0E49\u0E32'],
  ['a tone mark typed before its vowel', 'ที่', 'ท\u0E48\u0E35'],
  ['a zero width space', 'กรุงเทพ', 'กรุง\u200Bเทพ'],
  ['Thai digits', 'ชั้น ๕', 'ชั้น 5'],
  ['wide letters and a wide space', 'Ａ１　B', 'A1 B'],
  ['accents composed and not', 'Société', 'Socie\u0301te\u0301'],
  ['blanks at the ends', ' Siam ', 'Siam'],
])('%s is the same name', (_what, a, b) => {
  expect(matchKey(b)).toBe(matchKey(a));
});

test('other names stay other names', () => {
  const names = ['น้ำ', 'น้า', 'นำ', 'Siam', 'siam', 'A1', 'A 1', 'ที่', 'ที'];
  expect(new Set(names.map(matchKey)).size).toBe(names.length);
});
