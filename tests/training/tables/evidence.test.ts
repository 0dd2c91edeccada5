import { expect, test } from 'vitest';
import { reportHtml } from '../../../bin/report/report.ts';
import { tableContentOf } from '../../../bin/report/tableContent.ts';
import { tableOfRows } from '../../../models/table/tableModel.ts';
import { random } from '../../../src/random.ts';
import { fitTableReport } from '../../../training/tables/model.ts';

test('a flat table’s report: unseen rows, the column that decides first, and words for rows', async () => {
  const draw = random(31);
  const rows = Array.from({ length: 240 }, () => {
    const visits = draw.below(20);
    const won = draw.uniform() < (visits > 9 ? 0.85 : 0.15);
    return { visits, colour: ['red', 'green', 'blue'][draw.below(3)]!, won: won ? 'yes' : 'no' };
  });
  const fitted = await fitTableReport(tableOfRows(rows), { target: 'won', profile: 'fast', seed: 2 });
  const evidence = fitted.evidence();
  expect(evidence.judged).toMatchObject({ withinDays: null });
  expect(evidence.judged!.p).toHaveLength(evidence.judged!.event.length);
  expect(evidence.effects[0]!.feature).toContain('visits');
  const first = evidence.effects[0]!.bins;
  expect(first.at(-1)!.mean).toBeGreaterThan(first[0]!.mean);
  expect(evidence.curves.map(({ step }) => step)).toEqual(['network 1']);
  const { epochs } = evidence.curves[0]!;
  expect(epochs.length).toBeGreaterThan(5);
  expect(epochs.at(-1)!.loss).toBeLessThan(epochs[0]!.loss);
  for (const language of ['en', 'th'] as const) {
    const page = reportHtml(tableContentOf(fitted, '/some/where/leads.csv', language), language);
    expect(page).toContain('leads.csv');
    expect(page).toContain(language === 'en' ? 'Learning curves' : 'เส้นโค้งการเรียนรู้');
    expect(page).not.toContain('/some/where');
    expect(page).not.toMatch(/NaN|undefined|\[object|accounts|1970/);
  }
}, 60_000);
