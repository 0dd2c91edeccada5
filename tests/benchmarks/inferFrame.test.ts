import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { binaryTarget, durationTarget, inferFrame } from '../../benchmarks/quality/inferFrame.ts';
import { readTable } from '../../src/connectors/table.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'foresell-table-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function tableOf(name: string, text: string) {
  const path = join(folder, name);
  writeFileSync(path, name.endsWith('.gz') ? gzipSync(text) : text);
  return readTable(path);
}

describe('reading', () => {
  test('separators are found, quotes and gz are read, a byte order mark is no part of the header', async () => {
    const semicolons = await tableOf('a.csv.gz', '\uFEFF"id";"note"\n1;"a;b"\n2;""\n');
    expect(semicolons.header).toEqual(['id', 'note']);
    expect(semicolons.cells.get('note')).toEqual(['a;b', '']);
    expect((await tableOf('b.tsv', 'x\ty\n1\t2\n')).cells.get('y')).toEqual(['2']);
    expect((await tableOf('one.csv', 'x\n1\n')).rows).toBe(1);
  });

  test('what cannot be read is refused with its line', async () => {
    await expect(tableOf('c.csv', 'a,b\n1,2\n1,2,3\n')).rejects.toMatchObject({ code: 'cells-count' });
    await expect(tableOf('d.csv', 'a,a\n1,2\n')).rejects.toMatchObject({ code: 'header-duplicate' });
    await expect(tableOf('e.csv', 'a,b\n')).rejects.toMatchObject({ code: 'table-empty' });
    await expect(tableOf('f.csv', '')).rejects.toMatchObject({ code: 'header-missing' });
  });
});

describe('a frame', () => {
  test('numbers, words, what is missing, what is left out', async () => {
    const names = Array.from({ length: 30 }, (_, i) => `n${i}`);
    const rows = names.map((name, i) => `${name},${i % 7 ? i : ''},${i % 2 ? 'a' : 'Select'},999,${i},same`);
    const table = await tableOf('g.csv', `name,number,word,days,code,constant\n${rows.join('\n')}\n`);
    const schema = { missing: ['Select'], missingNumbers: { days: [999] }, categories: ['code'] };
    const { frame, left } = inferFrame(table, { ...schema, drop: ['code'] });
    expect([...frame.columns.keys()]).toEqual(['number', 'word']);
    const number = frame.columns.get('number');
    expect(number?.type === 'number' && [number.values[0], number.values[1]]).toEqual([Number.NaN, 1]);
    const word = frame.columns.get('word');
    expect(word?.type === 'category' && [word.levels, word.codes[0], word.codes[1]]).toEqual([['a'], -1, 0]);
    expect(left.map(({ column }) => column)).toEqual(['name', 'days', 'constant']);
    expect(inferFrame(table, schema).left.map(({ column }) => column)).toContain('code');
    expect(() => inferFrame(table, { drop: ['nmae'] })).toThrow(/no column "nmae"; the table has name, number/);
  });

  test('the positive class: as said, else yes and its like, else the rarer', async () => {
    const table = await tableOf('h.csv', 'a,b,c,d\nyes,x,1,\nno,x,2,y\nno,z,3,y\n');
    expect(binaryTarget(table, 'a')).toEqual({ event: Uint8Array.of(1, 0, 0), positive: 'yes' });
    expect(binaryTarget(table, 'b').positive).toBe('z');
    expect(binaryTarget(table, 'b', 'x').event).toEqual(Uint8Array.of(1, 1, 0));
    expect(() => binaryTarget(table, 'b', 'w')).toThrow(/never says "w"/);
    expect(() => binaryTarget(table, 'c')).toThrow(/3 values/);
    expect(() => binaryTarget(table, 'd')).toThrow(/say nothing/);
    expect(durationTarget(table, 'c', 'a').time).toEqual(Float64Array.of(1, 2, 3));
    expect(() => durationTarget(table, 'b', 'a')).toThrow(/"x"; expected a number/);
  });
});
