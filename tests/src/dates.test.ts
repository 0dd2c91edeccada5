import { expect, test } from 'vitest';
import { dateReader } from '../../src/dates.ts';
import { parseInstant } from '../../src/time.ts';

const read = (format: string, text: string, more: { zone?: string; digits?: 'thai' } = {}) =>
  dateReader({ format, ...more }, 'Asia/Bangkok')(text);

test.each([
  ['DD/MM/BBBB', '29/02/2567', '2024-02-29'],
  ['D/M/BB', '5/1/69', '2026-01-05'],
  ['D MMM BB', '31 ม.ค. 69', '2026-01-31'],
  ['D MMMM BBBB', '4 ธันวาคม 2568', '2025-12-04'],
  ['D MMM YYYY', '4 Sep 2025', '2025-09-04'],
  ['M/D/YY', '2/3/26', '2026-02-03'],
  ['DD.MM.YYYY HH:mm', '02.03.2026 09:05', '2026-03-02T09:05:00'],
  ['sql', '2021-01-07 6:49:18', '2021-01-07T06:49:18'],
  ['sql', '2023-11-11 08:18:16.519000 UTC', '2023-11-11T08:18:16.519Z'],
])('%s reads %s', (format, text, iso) => {
  expect(read(format, text)).toBe(iso);
});

test('a Buddhist year becomes a common one before its days are counted', () => {
  expect(parseInstant(read('DD/MM/BBBB', '29/02/2567'), 'UTC')).toBe(Date.UTC(2024, 1, 29));
  expect(parseInstant(read('DD/MM/BBBB', '29/02/2566'), 'UTC')).toBeUndefined();
  expect(parseInstant(read('DD/MM/YYYY', '31/04/2026'), 'UTC')).toBeUndefined();
});

test('Thai digits count only where they are declared', () => {
  expect(read('D/M/BBBB', '๕/๑/๒๕๖๙')).toBe('๕/๑/๒๕๖๙');
  // A common year in a column of Buddhist ones is not the fifteenth century.
  expect(read('D/M/BBBB', '1/2/2026')).toBe('1/2/2026');
  expect(read('D/M/BBBB', '1/2/2400')).toBe('1857-02-01');
  expect(read('D/M/BBBB', '๕/๑/๒๕๖๙', { digits: 'thai' })).toBe('2026-01-05');
});

test('a zone makes an instant of a local time; what is of another form passes as it came', () => {
  expect(read('sql', '2026-01-05 09:00:00', { zone: 'UTC' })).toBe('2026-01-05T09:00:00.000Z');
  expect(read('DD/MM/YYYY', '2026-01-05T09:00:00+07:00')).toBe('2026-01-05T09:00:00+07:00');
  expect(read('DD/MM/YYYY', '1/2/2026')).toBe('1/2/2026');
  expect(read('D MMM YYYY', '4 Foo 2025')).toBe('4 Foo 2025');
});

test('seconds and milliseconds are declared, and one is not taken for the other', () => {
  expect(read('epoch_s', '1770000000')).toBe('2026-02-02T02:40:00.000Z');
  expect(read('epoch_ms', '1770000000000')).toBe('2026-02-02T02:40:00.000Z');
  expect(read('epoch_ms', '1770000000')).toBe('1770000000');
  expect(read('epoch_s', '1770000000000')).toBe('1770000000000');
});

test.each(['DD/MM', 'HH:mm', 'DD/DD/YYYY/MM'])('the format %s is refused', (format) => {
  expect(() => read(format, 'x')).toThrow(expect.objectContaining({ code: 'format-invalid' }));
});
