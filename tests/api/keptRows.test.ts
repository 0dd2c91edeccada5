import { describe, expect, test } from 'vitest';
import { KeptRows } from '../../api/keptRows.ts';
import type { Frame } from '../../src/frame.ts';
import { random } from '../../src/random.ts';

/** Rows as a snapshot gives them: words of the rows asked for, sorted, in a list of their own. */
function read(ids: readonly string[]): Frame {
  const words = ids.map((id) => (id.endsWith('0') ? undefined : `w${id.at(-1)}`));
  const levels = [...new Set(words.filter((word) => word !== undefined))].sort();
  return {
    ids: [...ids],
    asOf: Float64Array.from(ids, (id) => Number(id) * 10),
    columns: new Map([
      ['n', { type: 'number', values: Float64Array.from(ids, (id) => (id.endsWith('7') ? Number.NaN : Number(id))) }],
      [
        'word',
        { type: 'category', codes: Int32Array.from(words, (word) => (word ? levels.indexOf(word) : -1)), levels },
      ],
    ]),
  };
}

/** Cells instead of codes: lists of words may differ where what they say is the same. */
const said = (frame: Frame) => {
  const word = frame.columns.get('word')!;
  const n = frame.columns.get('n')!;
  if (word.type !== 'category' || n.type !== 'number') throw new Error('columns changed their kind');
  return { ids: frame.ids, asOf: [...frame.asOf], n: [...n.values], words: Array.from(word.codes, (code) => word.levels[code]) };
}; // biome-ignore format: one answer

describe('kept rows', () => {
  test('what is gathered is what would be read, whatever was kept, grown or given up before', () => {
    const seed = 11;
    console.log(`kept rows: seed ${seed}`);
    const draw = random(seed);
    for (const most of [1, 3, 8, 40]) {
      const kept = new KeptRows(most);
      for (let turn = 0; turn < 300; turn++) {
        const ids = Array.from({ length: 1 + draw.below(6) }, () => String(draw.below(30)));
        const frame = kept.rows(ids, read);
        expect(said(frame)).toEqual(said(read(ids)));
      }
    }
  });

  test('reads what it has not, once each, and what was asked for lately stays', () => {
    const kept = new KeptRows(3);
    const asked: string[][] = [];
    const counted = (ids: readonly string[]) => {
      asked.push([...ids]);
      return read(ids);
    };
    kept.rows(['1', '2', '1'], counted);
    kept.rows(['2', '3'], counted);
    kept.rows(['1'], counted); // now 2 was not asked for longest
    kept.rows(['4'], counted);
    kept.rows(['1', '3'], counted);
    expect(asked).toEqual([['1', '2'], ['3'], ['4']]);
    kept.rows(['2'], counted);
    expect(asked.at(-1)).toEqual(['2']);
  });

  test('more than it may keep is read and not kept', () => {
    const kept = new KeptRows(0);
    expect(said(kept.rows(['5', '6'], read))).toEqual(said(read(['5', '6'])));
    const few = new KeptRows(2);
    const ids = ['1', '2', '3'];
    expect(few.rows(ids, read).ids).toEqual(ids);
  });
});
