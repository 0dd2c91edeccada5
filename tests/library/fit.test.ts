import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fit as fitTable, fromDanfo, loadModel } from '../../bin/library.ts';
import { random } from '../../src/random.ts';
import { auc } from '../../src/stats/auc.ts';
import { scratch } from '../src/store/scratch.ts';

const chance = random(5);
const rows = Array.from({ length: 120 }, (_, i) => {
  const source = chance.uniform() < 0.5 ? 'web' : 'fair';
  const employees = Math.round(200 * chance.uniform());
  const p = (source === 'fair' ? 0.25 : 0) + employees / 300;
  return { id: `r${i}`, source, employees: i % 11 ? employees : null, converted: chance.uniform() < p };
});
const data = rows.slice(0, 90);
const unseen = rows.slice(90);

describe('a flat table', () => {
  test('rows in, probabilities out; the same after saving, from a frame and from a file', async () => {
    const model = await fitTable(data, { target: 'converted', id: 'id' });
    expect(model.positive).toBe('true');
    expect(model.columns.map(({ name, type }) => `${name} ${type}`)).toEqual(['source category', 'employees number']);
    const p = model.predict(unseen);
    expect(p).toHaveLength(30);
    for (const value of p) expect(value > 0 && value < 1).toBe(true);
    expect(auc(unseen.map(({ converted }) => Number(converted)), p)).toBeGreaterThan(0.6); // biome-ignore format: one check
    expect((await loadModel(model.save())).predict(unseen)).toEqual(p);

    const frame = fromDanfo({
      columns: ['id', 'source', 'employees'],
      shape: [30, 3],
      values: unseen.map(({ id, source, employees }) => [id, source, employees]),
    });
    expect(model.predict(frame)).toEqual(p);
    const path = join(scratch(), 'rows.csv');
    writeFileSync(path, `id,source,employees,converted\n${data.map((row) => `${row.id},${row.source},${row.employees ?? ''},${row.converted}`).join('\n')}\n`); // biome-ignore format: a file
    expect((await fitTable(path, { target: 'converted', id: 'id' })).version).toBe(model.version);
    // A word never met, and nothing at all, are still answered.
    expect(model.predict([{ source: 'radio', employees: undefined }])[0]).toBeGreaterThan(0);
  });

  test('what cannot be fitted or read says why', async () => {
    const refused = (promise: Promise<unknown>, code: string) => expect(promise).rejects.toMatchObject({ code });
    await refused(fitTable([], { target: 'y' }), 'table-empty');
    await refused(fitTable(data, { target: 'won' }), 'column-missing');
    await refused(fitTable(data, { target: 'source', positive: 'radio' }), 'positive-missing');
    await refused(fitTable([{ a: 1, y: 0 }, { a: 1, y: 1 }], { target: 'y' }), 'rows-few'); // biome-ignore format: one check
    const same = Array.from({ length: 20 }, (_, i) => ({ a: 1, y: i % 2 }));
    await refused(fitTable(same, { target: 'y' }), 'columns-none');
    await expect(fitTable(same, { target: 'y' })).rejects.toThrow('(a: the same in every row ("1"); y: the target)');
    await refused(fitTable(same, { target: 'a' }), 'target-one-class');
    const model = await fitTable(data.slice(0, 30), { target: 'converted', id: 'id' });
    expect(() => model.predict([{ source: 'web' }])).toThrow(
      /no column "employees"; the model reads source, employees/,
    );
    // Text where numbers were says nothing.
    const [text, nothing] = model.predict([{ source: 'web', employees: 'many' }, { source: 'web', employees: null }]); // biome-ignore format: one call
    expect(text).toBe(nothing);
    await refused(loadModel(model.save().fill(0, 40, 44)), 'artifact-damaged');
  });
});

test('a frame of danfojs: numbers, words, what is missing, instants', () => {
  const frame = fromDanfo({ columns: ['as_of', 'a', 'b'], shape: [2, 3], values: [['2026-01-05T00:00:00Z', 1, 'x'], ['2026-01-06T00:00:00Z', Number.NaN, null]] }); // biome-ignore format: one call
  expect(frame.ids).toEqual(['0', '1']);
  expect([...frame.asOf]).toEqual([Date.UTC(2026, 0, 5), Date.UTC(2026, 0, 6)]);
  expect(frame.columns.get('a')).toEqual({ type: 'number', values: Float64Array.of(1, Number.NaN) });
  expect(frame.columns.get('b')).toEqual({ type: 'category', levels: ['x'], codes: Int32Array.of(0, -1) });
});
