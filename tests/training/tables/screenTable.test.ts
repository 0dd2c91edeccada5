import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { frameByRecipes } from '../../../models/table/recipe.ts';
import { takeTable } from '../../../src/connectors/columns.ts';
import { readColumns } from '../../../src/connectors/tableBatches.ts';
import { inferRecipes } from '../../../training/tables/inferRecipes.ts';
import { screenTable } from '../../../training/tables/screenTable.ts';
import { readTarget, type TargetAsk } from '../../../training/tables/targets.ts';

const DATA = process.env['FORESELL_DATA'];

async function screenedOf(path: string, ask: TargetAsk, keep: readonly string[] = [], inTime = false) {
  const data = await readColumns(path);
  const target = readTarget(data, ask);
  const table = takeTable(data, target.rows);
  const used = [ask.target, ask.time, ask.event].filter((name) => name !== undefined);
  const { recipes } = inferRecipes(table, new Map(used.map((name) => [name, 'the target'])));
  const ids = Array.from({ length: table.rows }, (_, i) => String(i));
  const frame = frameByRecipes(recipes, table, ids);
  const asOf = Float64Array.from(ids, Number);
  const { leaks, left, notes, drifted } = screenTable({ ...frame, asOf }, recipes, target, new Set(keep), inTime);
  const of = (severity: string) => leaks.filter((leak) => leak.severity === severity).map(({ feature }) => feature);
  return { hard: of('hard'), suspect: of('suspect'), left: left.map(({ column }) => column), notes, drifted, leaks };
}

const sets: [string, string, TargetAsk, (found: Awaited<ReturnType<typeof screenedOf>>) => void][] = [
  [
    'maven: what a deal brought is known only after it',
    'maven_crm_opportunities/sales_pipeline.csv.gz',
    { target: 'deal_stage' },
    ({ left }) => expect(left).toContain('close_value'),
  ],
  [
    'xedu: Tags is at least suspect, with the figures',
    'xedu_leads/leads.csv.gz',
    { target: 'Converted' },
    ({ hard, suspect, leaks }) => {
      expect([...hard, ...suspect]).toContain('Tags');
      expect(leaks.find(({ feature }) => feature === 'Tags')?.aucWith).toBeGreaterThan(0.9);
    },
  ],
  [
    'telco: nothing is left out',
    'ibm_telco_churn/telco_churn.csv.gz',
    { target: 'Churn' },
    ({ hard }) => expect(hard).toEqual([]),
  ],
  [
    'telco as a duration: a total that grew with the time tells the time',
    'ibm_telco_churn/telco_churn.csv.gz',
    { time: 'tenure', event: 'Churn' },
    ({ suspect }) => expect(suspect).toEqual(['TotalCharges']),
  ],
  [
    'mlc: nothing is left out',
    'mlc_churn/mlc_churn.csv.gz',
    { target: 'churn' },
    ({ hard }) => expect(hard).toEqual([]),
  ],
];
for (const [name, file, ask, check] of sets) {
  const path = join(DATA ?? '', file);
  test.skipIf(!DATA || !existsSync(path))(`${name} (needs FORESELL_DATA)`, async () =>
    check(await screenedOf(path, ask)),
  );
}

const bank = join(DATA ?? '', 'uci_bank_marketing/bank-additional-full.csv.gz');
test.skipIf(!DATA || !existsSync(bank))(
  'bank in the order of its rows: duration is seen, what moved is named; what is kept stays (needs FORESELL_DATA)',
  async () => {
    const { hard, suspect, left, drifted, notes } = await screenedOf(bank, { target: 'y' }, ['euribor3m'], true);
    expect([...hard, ...suspect]).toContain('duration');
    expect(drifted.map(({ feature }) => feature)).toContain('euribor3m');
    expect(left).not.toContain('euribor3m');
    expect(notes.some((note) => note.startsWith('euribor3m: it moved'))).toBe(true);
  },
);
