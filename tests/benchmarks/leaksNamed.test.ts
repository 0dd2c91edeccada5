import { expect, it } from 'vitest';
import { type Found, namedOf } from '../../benchmarks/quality/leaksNamed.ts';
import { LEAKS } from '../../datasets/synthetic/leaky.ts';

const nothing: Found = { findings: [], records: [], kept: new Set(['deal_custom_contract_number']) };

it('knows a leak that nobody named, and one that was kept', () => {
  const named = namedOf(LEAKS, nothing);
  expect(named.every(({ named }) => !named)).toBe(true);
  expect(named.filter(({ leftOut }) => !leftOut).map(({ leak }) => leak.column)).toEqual(['contract_number']);
});

it('finds each leak by the name that training gives it', () => {
  const feature = (name: string) => ({ feature: name, severity: 'hard', why: 'alone', auc: 0.99 }) as const;
  const named = namedOf(LEAKS, {
    findings: ['deal_custom_contract_number', 'deal_custom_stage_probability', 'deal_custom_loss_note', 'lead_custom_customer_number'].map(feature), // biome-ignore format: one list
    records: ['deal.owner_id', 'activity.task'].map((what) => ({ what, says: '' })),
    kept: new Set(),
  });
  expect(named.every(({ named, leftOut }) => named && leftOut)).toBe(true);
});
