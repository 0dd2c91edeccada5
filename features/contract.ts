import { type Contract, type ContractTally, contractsOf, runs } from '../src/norms/contracts.ts';
import { monthsOf } from '../src/subjects/cover.ts';
import type { Past } from '../src/world.ts';
import { defineFeature } from './feature.ts';
import { daysSince, drawnTo, ratio, shared } from './shared.ts';

/** The account's subscriptions: since when, until when, for how much, and how such contracts usually end. */

const contracts = shared((past) => (past.account ? contractsOf(past.account) : []));
/** Those in force at the look. */
const running = shared((past) => contracts(past).filter((contract) => runs(contract, past.asOf)));

/** A month's amount in minor units of the base currency; NaN where not known. */
const monthly = (past: Past, contract: Contract, amount = contract.amountMinor): number =>
  amount === null ? Number.NaN : past.baseMinor(amount, contract.currency) / monthsOf(contract.interval);

/** The contract in force that is worth most, the newest of equals. */
const main = shared((past) => {
  const worth = (contract: Contract) => monthly(past, contract) || 0;
  let best: Contract | undefined;
  for (const contract of running(past)) if (!best || worth(contract) >= worth(best)) best = contract;
  return best;
});

export const contractTenureDays = defineFeature({
  name: 'contract_tenure_days',
  type: 'number',
  unit: 'days',
  says: "Days since the account's first contract began, up to three years.",
  label: { en: 'days as a contract customer', th: 'จำนวนวันที่เป็นลูกค้าตามสัญญา' },
  idea: 'tenure',
  compute: (past) => {
    const first = Math.min(...contracts(past).map((contract) => contract.startedAt));
    return Math.min(daysSince(past, Number.isFinite(first) ? first : undefined), 1095);
  },
});

export const contractEndInDays = defineFeature({
  name: 'contract_end_in_days',
  type: 'number',
  unit: 'days',
  says: 'Days to the first end of a contract in force, as known.',
  label: { en: 'days to the end of the contract', th: 'จำนวนวันถึงวันสิ้นสุดสัญญา' },
  idea: 'contract end',
  compute: (past) => {
    const ends = Math.min(...running(past).map((contract) => contract.endsAt ?? Number.POSITIVE_INFINITY));
    return -daysSince(past, Number.isFinite(ends) ? ends : undefined);
  },
});

export const contractEndLastInDays = defineFeature({
  name: 'contract_end_last_in_days',
  type: 'number',
  unit: 'days',
  says: 'Days to the last end of a contract in force, as known.',
  label: { en: 'days to the end of the longest contract', th: 'จำนวนวันถึงวันสิ้นสุดสัญญาที่ยาวที่สุด' },
  idea: 'contract end',
  compute: (past) => {
    const ends = Math.max(...running(past).map((contract) => contract.endsAt ?? Number.NEGATIVE_INFINITY));
    return -daysSince(past, Number.isFinite(ends) ? ends : undefined);
  },
});

export const contractTermNumber = defineFeature({
  name: 'contract_term_number',
  type: 'number',
  unit: 'count',
  says: 'Which term the main contract is in: 1 before its first renewal.',
  label: { en: 'term of the contract', th: 'รอบสัญญาที่' },
  idea: 'tenure',
  compute: (past) => (main(past)?.renewals ?? Number.NaN) + 1,
});

export const contractRenewedAgeDays = defineFeature({
  name: 'contract_renewed_age_days',
  type: 'number',
  unit: 'days',
  says: 'Days since the main contract began or was last renewed.',
  label: { en: 'days since the last renewal', th: 'จำนวนวันนับจากต่อสัญญาล่าสุด' },
  idea: 'contract end',
  compute: (past) => {
    const contract = main(past);
    return daysSince(past, contract && (Number.isNaN(contract.renewedAt) ? contract.startedAt : contract.renewedAt));
  },
});

export const contractAmountMonthly = defineFeature({
  name: 'contract_amount_monthly',
  type: 'number',
  unit: 'money',
  says: "A month's amount of all contracts in force, in minor units of the base currency.",
  label: { en: "the contracts' monthly amount", th: 'มูลค่าสัญญาต่อเดือน' },
  idea: 'contract amount',
  compute: (past) =>
    running(past).length ? running(past).reduce((sum, contract) => sum + monthly(past, contract), 0) : Number.NaN,
});

export const contractAmountChange = defineFeature({
  name: 'contract_amount_change_ratio',
  type: 'number',
  unit: 'ratio',
  says: 'Amount of the main contract over the amount before its last change, less 1; 0 where it never changed.',
  label: { en: 'price change at the last renewal', th: 'ราคาที่เปลี่ยนเมื่อต่อสัญญาล่าสุด' },
  idea: 'price change',
  compute: (past) => {
    const contract = main(past);
    if (!contract || contract.amountMinor === null) return Number.NaN;
    return contract.amountBefore === null ? 0 : ratio(contract.amountMinor, contract.amountBefore) - 1;
  },
});

export const contractCount = defineFeature({
  name: 'contract_count',
  type: 'number',
  unit: 'count',
  says: 'Contracts in force.',
  label: { en: 'contracts in force', th: 'จำนวนสัญญาที่มีผลอยู่' },
  idea: 'contracts',
  compute: (past) => running(past).length,
});

export const contractEndedCount365d = defineFeature({
  name: 'contract_ended_count_365d',
  type: 'number',
  unit: 'count',
  says: 'Contracts of the account that were cancelled or ran out in the last 365 days.',
  label: { en: 'other contracts that ended in the last year', th: 'สัญญาอื่นที่สิ้นสุดใน 1 ปีที่ผ่านมา' },
  idea: 'contracts',
  compute: (past) =>
    contracts(past).filter((contract) => {
      const end = contract.cancelledAt ?? contract.endsAt;
      return end !== null && end <= past.asOf && daysSince(past, end) < 365;
    }).length,
});

export const contractInterval = defineFeature({
  name: 'contract_interval',
  type: 'category',
  unit: 'none',
  says: 'How often the main contract is paid.',
  label: { en: 'payment interval', th: 'รอบการชำระเงิน' },
  idea: 'contracts',
  compute: (past) => main(past)?.interval ?? undefined,
});

export const contractFamily = defineFeature({
  name: 'contract_family',
  type: 'category',
  unit: 'none',
  says: 'Product family of the main contract.',
  label: { en: 'product family', th: 'กลุ่มสินค้า' },
  idea: 'product',
  compute: (past) => {
    const id = main(past)?.productId;
    return (id ? past.product(id)?.last('product')?.family : undefined) ?? undefined;
  },
});

/** Share of a group's terms that ended instead of being renewed, drawn to that of all. */
function leaving(past: Past, tally: ContractTally | undefined): number {
  const { all } = past.norms.contracts;
  const rate = ratio(all.left, all.left + all.kept);
  return tally ? drawnTo(rate, tally.left, tally.left + tally.kept) : rate;
}

export const contractProductLeft = defineFeature({
  name: 'contract_product_left_ratio',
  type: 'number',
  unit: 'ratio',
  says: "Share that left of the terms of the main contract's product, drawn to the rate of all.",
  label: { en: 'usual loss with this product', th: 'อัตราการเลิกใช้ตามปกติของสินค้านี้' },
  idea: 'segment',
  compute: (past) => {
    const id = main(past)?.productId;
    return id ? leaving(past, past.norms.contracts.product.get(id)) : Number.NaN;
  },
});

export const contractIndustryLeft = defineFeature({
  name: 'contract_industry_left_ratio',
  type: 'number',
  unit: 'ratio',
  says: "Share that left of the terms in the account's industry, drawn to the rate of all.",
  label: { en: 'usual loss in this industry', th: 'อัตราการเลิกใช้ตามปกติของอุตสาหกรรมนี้' },
  idea: 'segment',
  compute: (past) => {
    const industry = past.account?.last('account')?.industry;
    return industry ? leaving(past, past.norms.contracts.industry.get(industry)) : Number.NaN;
  },
});
