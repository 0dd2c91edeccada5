import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_READ, normalise, ownWords, readable, withoutMarkup } from '../../../src/text/normalise.ts';

/** Any UTF-16 units at all, among them broken pairs. */
const anyText = (maxLength: number) => fc.array(fc.nat(0xffff), { maxLength }).map((units) => String.fromCharCode(...units)); // biome-ignore format: one kind

test('what looks alike is spelled alike', () => {
  expect(normalise('น\u0E4Dา')).toBe('น\u0E33');
  expect(normalise('น\u0E4D\u0E49า')).toBe('น\u0E49\u0E33');
  expect(normalise('เเพง')).toBe('แพง');
  expect(normalise('ราคา ๑๒๓')).toBe('ราคา 00');
  expect(normalise('cafe\u0301')).toBe('caf\u00e9');
  expect(normalise('zero\u200Bwidth\uFEFF')).toBe('zerowidth');
  expect(normalise('มากกกกกก')).toBe('มากก');
  expect(normalise('55555')).toBe(normalise('5555+'));
  expect(normalise('  A \t B \r\n\n C ')).toBe('a b\nc');
  expect(normalise('see https://a.example/b?c=1 or mail a.b@c.example')).toBe('see \uE000 or mail \uE001');
});

test('mark-up and what it hides are not read', () => {
  expect(withoutMarkup('<p>Dear <b>all</b></p><p>bye</p>').trim().split(/\n+/)).toEqual(['Dear all', 'bye']);
  expect(readable('a<style>p{color:red}</style><!-- great great -->b')).toBe('a b');
  expect(readable('<div>ok<span style="display:none">great perfect</span></div>')).toBe('ok');
  expect(readable('ok<p hidden>great</p> <i style="font-size:0">love</i>')).toBe('ok');
  expect(readable('<script>alert("great")</script>hello')).toBe('hello');
  expect(withoutMarkup('5 &lt; 6 &amp; &#3585;&#x0E02; &nbsp;')).toBe('5 < 6 & กข  ');
  expect(withoutMarkup('a < b and c > d')).toBe('a < b and c > d');
});

test('what others wrote before is not read', () => {
  expect(ownWords('Fine.\n> terrible offer\nThanks').replace(/\n+/g, ' ')).toBe('Fine. Thanks');
  expect(ownWords('Fine.\nOn Mon, 3 Mar 2025 Anna wrote:\nterrible')).toBe('Fine.\n');
  expect(ownWords('Fine.\n-----Original Message-----\nterrible')).toBe('Fine.\n');
  expect(ownWords('From: me, with love')).toBe('From: me, with love');
});

test('any text is read within bounds, and reading what was read changes nothing more', () => {
  fc.assert(
    fc.property(anyText(300), (text) => {
      const once = readable(text);
      expect(once.length).toBeLessThanOrEqual(2 * MAX_READ);
      expect(normalise(once)).toBe(once);
    }),
    { numRuns: 500 },
  );
  expect(readable('word '.repeat(100_000)).length).toBeLessThanOrEqual(MAX_READ);
});
