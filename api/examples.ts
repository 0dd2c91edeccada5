import type { z } from '@hono/zod-openapi';
import { blendHorizonExample } from './blendAnswer.ts';
import type { forecastAnswer } from './forecastAnswer.ts';
import type { modelInfo } from './schemas/models.ts';
import type { ScoreJson, scoreRequest } from './schemas/scores.ts';
import type { CustomerRecord, DealRecord, LeadRecord } from './schemas/wholeRecords.ts';

/** Example bodies of the reference; tests hold each to its schema. */

const record: DealRecord = {
  deal: {
    id: 'D-1042',
    accountId: 'A-77',
    ownerId: 'U-3',
    pipeline: 'sales',
    stage: 'proposal',
    amount: '1250000.00',
    currency: 'THB',
    createdAt: '2026-08-03T09:30:00+07:00',
    expectedCloseDate: '2026-12-15',
  },
  changes: [
    { at: '2026-08-20T14:00:00+07:00', field: 'stage', oldValue: 'qualification', newValue: 'proposal', by: 'U-3' },
  ],
  activities: [
    { id: 'M-1', kind: 'meeting', at: '2026-09-02T10:00:00+07:00', userId: 'U-3', participants: 4 },
    { id: 'M-2', kind: 'email', direction: 'in', at: '2026-09-03T16:12:00+07:00', userId: 'U-3' },
  ],
  quoteLines: [
    {
      id: 'Q-1/1',
      quoteId: 'Q-1',
      at: '2026-09-05T11:00:00+07:00',
      productId: 'P-12',
      quantity: 10,
      listPrice: '140000.00',
      unitPrice: '125000.00',
      currency: 'THB',
    },
  ],
  account: { id: 'A-77', industry: 'manufacturing', region: 'Bangkok', createdAt: '2024-02-01' },
  orders: [{ id: 'O-5', at: '2025-06-11', lines: [{ id: 'O-5/1', productId: 'P-12', quantity: 2, currency: 'THB' }] }],
};

const lead: LeadRecord = {
  lead: { id: 'L-310', source: 'web', campaign: 'spring fair', country: 'TH', createdAt: '2026-11-10T08:15:00+07:00' },
  activities: [{ id: 'M-9', kind: 'email', direction: 'in', at: '2026-11-12T10:00:00+07:00' }],
};
const customer: CustomerRecord = {
  account: { id: 'A-77', industry: 'manufacturing', region: 'Bangkok', createdAt: '2024-02-01' },
  subscriptions: [
    { id: 'S-1', productId: 'P-12', startedAt: '2025-03-01', endsAt: '2027-03-01', amount: '45000.00', currency: 'THB', interval: 'month' }, // biome-ignore format: a row
  ],
  tickets: [{ id: 'T-4', openedAt: '2026-11-02T13:00:00+07:00', priority: 'high' }],
};
export const scoreLeadByRecords: z.input<typeof scoreRequest> = { records: [lead] };
export const scoreCustomerByRecords: z.input<typeof scoreRequest> = { records: [customer], reasons: 3 };

export const scoreByIds: z.input<typeof scoreRequest> = { ids: ['csv:D-1042', 'D-2001'], reasons: 3 };
export const scoreByRecords: z.input<typeof scoreRequest> = { records: [record], asOf: '2026-11-21T09:00:00.000Z' };

const version = '9f2c51d0a8e1';
export const scoreExample: ScoreJson = {
  id: 'csv:D-1042',
  asOf: '2026-11-21T09:00:00.000Z',
  model: 'deal',
  version,
  featuresHash: '41d7c0aa93be',
  sample: false,
  stale: false,
  lowSkill: false,
  confidence: 'calibrated',
  insufficientData: false,
  outcome: 'won',
  withinDays: null,
  probability: 0.62,
  interval: { low: 0.54, high: 0.69 },
  byPeriodEnd: 0.31,
  period: { label: '2026-Q4', from: '2026-09-30T17:00:00.000Z', to: '2026-12-31T17:00:00.000Z' },
  grade: 'B',
  trend: { direction: 'up', change: 0.05, since: '2026-11-14T09:00:00.000Z' },
  closeDate: { p10: '2026-12-02', p50: '2027-01-14', p90: '2027-03-30' },
  amount: { minor: 125000000, currency: 'THB' },
  amountEstimated: false,
  ownerId: 'csv:U-3',
  baseValue: -0.81,
  reasons: [
    {
      code: 'meetings',
      params: { feature: 'meeting_count_30d', unit: 'count', value: 4, usual: 1, range: [0, 2] },
      contribution: 0.74,
      text: 'Meetings in the last 30 days: 4 (usual 1, mostly 0 to 2)',
    },
  ],
  otherContribution: 0.56,
  byPeriodEndReasons: { baseValue: -1.9, reasons: [], otherContribution: 1.1 },
};
export const scoreAnswerExample = {
  asOf: scoreExample.asOf,
  model: 'deal',
  version,
  sample: false,
  items: [
    scoreExample,
    {
      id: 'D-2001',
      error: { type: 'about:blank', title: 'Not Found', status: 404, code: 'deal-unknown', detail: 'no deal "D-2001"' },
    },
  ],
};
export const scorePageExample = {
  model: 'deal',
  version,
  asOf: scoreExample.asOf,
  sample: false,
  items: [scoreExample],
  next: 'eyJ2IjoiOWYyYzUxZDBhOGUxIn0',
};
export const scoreHistoryExample = { id: 'csv:D-1042', model: 'deal', sample: false, items: [scoreExample] };

const thb = (minor: number) => ({ minor, currency: 'THB' });
const total = {
  id: null,
  name: 'All',
  parentId: null,
  closed: thb(310000000),
  expected: thb(742000000),
  open: thb(352000000),
  newBusiness: thb(80000000),
  renewals: thb(0),
  p10: thb(560000000),
  p50: thb(735000000),
  p90: thb(938000000),
  bands: [
    { level: 50, low: thb(641000000), high: thb(836000000) },
    { level: 80, low: thb(560000000), high: thb(938000000) },
    { level: 95, low: thb(468000000), high: thb(1052000000) },
  ],
  openDeals: 118,
  closedDeals: 41,
  categories: [
    { category: 'commit', openDeals: 22, amount: thb(310000000), due: thb(260000000), expected: thb(188000000) },
    { category: 'pipeline', openDeals: 96, amount: thb(1240000000), due: thb(410000000), expected: thb(164000000) },
  ],
  quota: thb(800000000),
  probabilityOfQuota: 0.34,
  gapToQuota: thb(58000000),
  adjustment: null,
  commit: {
    id: 31,
    amount: thb(780000000),
    difference: thb(38000000),
    at: '2026-11-21T02:15:01.204Z',
    author: 'crm',
    reason: 'two large ones sign this month',
  },
};
export const forecastExample: z.infer<typeof forecastAnswer> = {
  asOf: scoreExample.asOf,
  ...{ from: scoreExample.period.from, to: scoreExample.period.to, period: scoreExample.period.label },
  currency: 'THB',
  sample: false,
  model: 'deal',
  version,
  lowSkill: false,
  by: 'team',
  total,
  groups: [{ ...total, id: 'csv:T-1', name: 'North' }],
  parts: [
    { part: 'booked', counted: true, expected: thb(310000000), absent: null },
    { part: 'open', counted: true, expected: thb(352000000), absent: null },
    { part: 'new', counted: true, expected: thb(80000000), absent: null },
    { part: 'renewals', counted: false, expected: null, absent: 'no subscriptions' },
    { part: 'churn', counted: false, expected: null, absent: 'no subscriptions' },
  ],
  openOnly: {
    expected: thb(662000000),
    p10: thb(497000000),
    p50: thb(655000000),
    p90: thb(842000000),
    probabilityOfQuota: 0.17,
  },
  blend: {
    used: true,
    expected: { minor: 842000000, currency: 'THB' },
    learnedAt: '2026-11-01T03:00:00.000Z',
    of: 'quarter',
    horizon: blendHorizonExample,
    says: blendHorizonExample.says,
  },
  createdDeals: 46.5,
  deals: [{ id: 'csv:D-1042', probability: 0.61, amount: thb(125000000), expected: thb(76250000) }],
  toClose: [{ id: 'csv:D-1101', probability: 0.22, amount: thb(90000000), expected: thb(19800000) }],
  apart: [{ id: 'csv:D-9', why: 'no amount', currency: null }],
  notes: ['Closed and expected add up to the total; quantiles do not.'],
};
export const modelExample: z.infer<typeof modelInfo> = {
  model: 'deal',
  served: version,
  featuresHash: scoreExample.featuresHash,
  features: [
    {
      name: 'meeting_count_30d',
      label: { en: 'meetings in the last 30 days', th: 'การประชุมใน 30 วันที่ผ่านมา' },
      unit: 'count',
      idea: 'meetings',
    },
  ],
  grades: [{ grade: 'A', from: 0.7 }],
  versions: [
    {
      version,
      createdAt: '2026-11-20T02:00:00.000Z',
      served: true,
      lowSkill: false,
      summary: { auc: 0.81, logLoss: 0.47 },
    },
  ],
  promotions: [{ at: '2026-11-20T02:00:01.000Z', version, previous: null, action: 'promote', reason: 'first version' }],
};
