import { expect, test } from 'vitest';
import { loadArtifact } from '../../../models/artifact.ts';
import { tableOfRows } from '../../../models/table/tableModel.ts';
import { random } from '../../../src/random.ts';
import { fitTableModel, fitTableReport, loadTableModel } from '../../../training/tables/model.ts';
import { leads } from './files.ts';

const rows = leads(45);

test('same rows and seed, same bytes; the order of columns and their copies change no answer', async () => {
  const ask = { target: 'converted', id: 'lead', drop: ['grade', 'spent', 'months'] };
  const once = await fitTableReport(tableOfRows(rows), ask);
  const again = await fitTableReport(tableOfRows(rows), ask);
  expect(again.bytes).toEqual(once.bytes);
  const reversed = rows.map((row) => Object.fromEntries(Object.entries(row).reverse()));
  expect(once.model.predict(reversed)).toEqual(once.model.predict(rows));
  expect(loadTableModel(once.bytes).predict(rows)).toEqual(once.model.predict(rows));
  const copied = await fitTableReport(tableOfRows(rows.map((row) => ({ ...row, copy: row.source }))), ask);
  expect(copied.model.predict(rows.map((row) => ({ ...row, copy: 'x' })))).toEqual(once.model.predict(rows));
});

test('columns without a word on the target: low skill is said', async () => {
  const draw = random(4);
  const noise = Array.from({ length: 45 }, () => ({ a: draw.normal(), b: draw.below(3), y: draw.below(3) === 0 }));
  const { opened, metrics } = await fitTableReport(tableOfRows(noise), { target: 'y' });
  expect(opened.header.lowSkill).toBe(true);
  expect(metrics['constant']?.['logLoss']).toBeGreaterThan(0);
  const draws = Array.from({ length: 60 }, (_, i) => ({ a: draw.normal() + (i % 4 ? 0 : 4), y: i % 4 ? 'no' : 'yes' }));
  const clear = await fitTableReport(tableOfRows(draws), { target: 'y' });
  expect(clear.opened.header.lowSkill).toBe(false);
});

test('an order of time: never a feature, what moved is left out unless kept', async () => {
  const timed = rows.map((row, i) => ({ ...row, at: `2026-01-01T00:${String(i).padStart(2, '0')}:00Z`, moving: i + 0.5 * (i % 2) })); // biome-ignore format: one table
  const ask = { target: 'converted', id: 'lead', drop: ['grade', 'spent', 'months', 'opened'], order: 'at' };
  const { verdicts, opened, findings } = await fitTableReport(tableOfRows(timed), ask);
  const of = new Map(verdicts.map(({ column, why }) => [column, why]));
  expect(of.get('at')).toBe('the order of time');
  expect(of.get('moving')).toMatch(/it moved within the time of the table/);
  expect(findings.drifted.map(({ feature }) => feature)).toContain('moving');
  expect(opened.reads).not.toContain('moving');
  const kept = await fitTableReport(tableOfRows(timed), { ...ask, keep: ['moving'] });
  expect(kept.opened.reads).toContain('moving');
  expect(kept.opened.artifact.state.encoder.sources).toContain('moving');
  await expect(fitTableReport(tableOfRows(timed), { ...ask, order: 'source' })).rejects.toMatchObject({ code: 'order-unreadable' }); // biome-ignore format: one check
  await expect(fitTableReport(tableOfRows(timed), { ...ask, keep: ['movign'] })).rejects.toMatchObject({ code: 'column-missing' }); // biome-ignore format: one check
});

test('messages: words, tone and intents, Thai and English', async () => {
  const said = [
    'ราคาแพงไป ขอส่วนลด',
    'great product, we sign the contract',
    'สินค้าดีมาก ชอบ',
    'too expensive, another vendor is cheaper',
  ];
  const talk = Array.from({ length: 48 }, (_, i) => ({ text: `${said[i % 4]} ${i}`, y: i % 2 }));
  const { opened, model } = await fitTableReport(tableOfRows(talk), { target: 'y', text: ['text'] });
  expect(opened.header.features.map(({ name }) => name)).toEqual(expect.arrayContaining(['text tone', 'text price', 'text contract'])); // biome-ignore format: one check
  const p = model.predict(talk);
  expect(p[1]! > 0.7 && p[0]! < 0.3).toBe(true);
  // Words are hashed: none of them is in the file.
  expect(Buffer.from(model.save()).includes('expensive')).toBe(false);
});

test.each([
  ['columns that tell, of a share that fell', 2.5, false],
  ['columns that tell nothing, of a share that fell', 0, true],
] as const)('in order of time, %s', async (_, effect, lowSkill) => {
  const rnd = random(9);
  const rows = Array.from({ length: 600 }, (_, t) => {
    const x = rnd.normal();
    const logit = (t < 420 ? 2 : -2.6) + effect * x;
    return { t, x, z: rnd.normal(), y: rnd.uniform() < 1 / (1 + Math.exp(-logit)) ? 'yes' : 'no' };
  });
  const model = await fitTableModel(rows, { target: 'y', order: 't', keep: ['x', 'z'], profile: 'fast', seed: 1 });
  expect(loadArtifact(model.save()).header.lowSkill).toBe(lowSkill);
});
