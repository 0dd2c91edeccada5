import { expect, test } from 'vitest';
import { simulate, simulatedSource } from '../../datasets/synthetic.ts';
import { featuresOf } from '../../features/hash.ts';
import { company } from '../../src/company.ts';
import { subjects } from '../../src/subjects/index.ts';
import { trainingRows } from '../../training/landmarkRows.ts';
import { leakRecords } from '../../training/leakRecords.ts';
import { screened } from '../../training/screens.ts';

const sim = simulate({ deals: 240, seed: 13, scenario: 'leaky' });
const source = simulatedSource(sim);
const clocks = new Set(['deal_age_days', 'lead_age_days', 'expected_close_in_days']);
const rowsOf = (model: 'deal' | 'lead') =>
  trainingRows(source, subjects[model], featuresOf(model, source.company), sim.clock.end);
const deals = rowsOf('deal');

test('planted leaks of a company that called them fixed are named, and the hard ones left out', () => {
  const { data, leaks, notes } = screened(source.company, subjects.deal, deals, clocks);
  const hard = leaks.filter((leak) => leak.severity === 'hard').map((leak) => leak.feature);
  for (const planted of ['deal_custom_contract_number', 'deal_custom_stage_probability', 'deal_custom_loss_note']) {
    expect(hard).toContain(planted);
    expect(data.X.columns.has(planted)).toBe(false);
    expect(notes.some((note) => note.startsWith(`${planted} left out as a leak`))).toBe(true);
  }
});

test('of leads too', () => {
  const { leaks } = screened(source.company, subjects.lead, rowsOf('lead'), clocks);
  expect(leaks.find((leak) => leak.feature === 'lead_custom_customer_number')?.severity).toBe('hard');
});

test('the settings decide: pinned stays, left out goes', () => {
  const { settings, stages } = source.company;
  const own = company(
    { ...settings, pinned: ['deal_custom_loss_note'], left_out: ['deal_custom_stage_probability', 'amount_current'] },
    stages,
  );
  const { data } = screened(own, subjects.deal, deals, clocks);
  expect(data.X.columns.has('deal_custom_loss_note')).toBe(true);
  expect(data.X.columns.has('amount_current')).toBe(false);
});

test('what was written after the outcome into the records themselves is suspected, and nothing of an honest company', () => {
  expect(leakRecords(source, subjects.deal, deals).map(({ what }) => what)).toEqual(['deal.owner_id', 'activity.task']);
  const honest = simulate({ deals: 240, seed: 13 });
  const clean = simulatedSource(honest);
  for (const model of ['deal', 'lead', 'churn'] as const) {
    const rows = trainingRows(clean, subjects[model], [], honest.clock.end);
    expect(leakRecords(clean, subjects[model], rows)).toEqual([]);
  }
});
