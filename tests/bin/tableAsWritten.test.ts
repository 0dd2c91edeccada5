import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type FitAsk, fitFile } from '../../bin/table/fitFile.ts';
import { predictTable } from '../../bin/table/predict.ts';
import { random } from '../../src/random.ts';
import { columnsAsWritten } from '../../training/tables/asWritten.ts';
import { NO_SCHEMA } from '../../training/tables/schema.ts';
import { writeTable } from '../training/tables/files.ts';

const folder = mkdtempSync(join(tmpdir(), 'foresell-as-written-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Two frequent codes that end in a zero, among more codes than a reader keeps as words of its own accord.
const draw = random(8);
const coded = (code: string, chance: number) => ({ code, y: draw.uniform() < chance ? 'yes' : 'no' });
const inOrder = [
  ...Array.from({ length: 4300 }, (_, i) => coded(`${1000 + i}.25`, 0.5)),
  ...Array.from({ length: 600 }, () => coded('1.50', 0.95)),
  ...Array.from({ length: 600 }, () => coded('2.50', 0.05)),
];
const rows = inOrder
  .map((row) => ({ row, at: draw.uniform() }))
  .sort((a, b) => a.at - b.at)
  .map(({ row }) => row);
const data = writeTable(folder, 'codes.csv', rows);
const ask: FitAsk = { data, header: true, target: 'y', drop: [], keep: [], text: [], categories: ['code'], profile: 'fast', seed: 1 }; // biome-ignore format: one record

const probabilities = async (model: Parameters<typeof predictTable>[0], file: string) => {
  const out = `${file}.out.csv`;
  const { notes } = await predictTable(model, { data: file, out, reasons: 0, language: 'en' });
  return { notes, lines: readFileSync(out, 'utf8').trim().split('\n').slice(1) };
};

test('a code is the same code in a file of many rows and of few', async () => {
  const { fitted } = await fitFile(ask, () => {});
  const { model, opened } = fitted;
  const p = model.predict([{ code: '1.50' }, { code: '2.50' }]);
  expect(p[0]).toBeGreaterThan(0.85);
  expect(p[1]).toBeLessThan(0.15);
  const whole = await probabilities(opened, data);
  const few = await probabilities(opened, writeTable(folder, 'few.csv', rows.slice(0, 100)));
  expect(whole.lines.slice(0, 100)).toEqual(few.lines);
  expect([...model.predict(rows)].slice(0, 100)).toEqual([...model.predict(rows.slice(0, 100))]);
}, 60_000);

test('what is declared to be no quantity is kept as it is written', () => {
  const of = (type?: 'number' | 'category' | 'date' | 'text') => ({ type, missing: [], keep: false });
  const columns = { a: of('category'), b: of('number'), c: of(), d: of('date'), e: of('text') };
  const kept = columnsAsWritten({ id: 'row', text: ['note'], categories: ['zip'], schema: { ...NO_SCHEMA, columns } });
  expect([...kept].sort()).toEqual(['a', 'd', 'e', 'note', 'row', 'zip']);
});
