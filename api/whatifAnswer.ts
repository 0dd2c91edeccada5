import { z } from '@hono/zod-openapi';
import type { ForecastNode } from '../models/forecast/rollup.ts';
import { formatInstant, type Instant, type Period } from '../src/time.ts';
import type { WhatIfAnswer } from './around.ts';
import { differenceJson, differenceShape } from './aroundAnswer.ts';
import type { Engine } from './engine.ts';
import { scoreExample } from './examples.ts';
import type { PipelineWhatIf } from './pipelineWhatIf.ts';
import { periodJson } from './present.ts';
import { type Language, valueText } from './reasons.ts';
import { instant, money } from './schemas/common.ts';
import { itemId, score } from './schemas/scores.ts';
import type { Warning } from './segment.ts';

/** What-if in words of requests and answers. */

const text = z.string().min(1).max(200);
const activity = z.strictObject({
  kind: z.enum(['email', 'call', 'chat', 'meeting', 'note', 'task']),
  direction: z.enum(['in', 'out']).optional(),
  at: instant.optional().openapi({ description: 'Default: just now. Ahead: it is booked.' }),
  endedAt: instant.optional().openapi({ description: 'Default of calls and meetings that lie not ahead: at once.' }),
  outcome: text.optional(),
  participants: z.int().min(0).max(1_000).optional(),
  contactId: text.optional(),
  userId: text.optional(),
  subject: z.string().max(2_000).optional(),
  body: z.string().max(10_000).optional(),
});

/** One hypothetical change: a field with its value, or an activity. */
export const edit = z
  .strictObject({
    field: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .openapi({ description: 'Deals: amount, stage, expected_close_date, owner_id. Leads: status, owner_id.' }),
    value: z.union([text, money]).optional(),
    activity: activity.optional(),
  })
  .refine(({ field, value, activity }) => (field !== undefined && value !== undefined) !== (activity !== undefined), {
    message: 'expected either "field" with "value", or "activity"',
  })
  .openapi('Edit');
const probability = z.number().min(0).max(1);
const ids = z.array(itemId).max(1_000).default([]);
/** What is changed of the whole pipeline. */
export const pipelineEdits = z
  .strictObject({
    drop: ids.openapi({ description: 'Deals taken out.' }),
    win: ids.openapi({ description: 'Deals won at once.' }),
    push: z
      .array(z.strictObject({ id: itemId, days: z.number().min(-366).max(366) }))
      .max(1_000)
      .default([])
      .openapi({ description: 'Deals whose winning comes so many days later.' }),
    reprice: z
      .array(z.strictObject({ id: itemId, amount: money }))
      .max(1_000)
      .default([])
      .openapi({ description: 'Deals of another amount, in the currency of the answer.' }),
    winRate: z
      .number()
      .min(0)
      .max(10)
      .default(1)
      .openapi({ description: 'Chances of all deals, times this; at most 1.' }),
    newBusiness: z.number().min(0).max(10).default(1).openapi({ description: 'Deals yet to be created, times this.' }),
    headcount: z
      .int()
      .min(-10_000)
      .max(10_000)
      .default(0)
      .openapi({ description: 'Sellers more or fewer: deals yet to be created in proportion.' }),
  })
  .openapi('PipelineEdits');

const outlook = z.object({
  expected: money,
  closed: money,
  open: money,
  newBusiness: money,
  p10: money,
  p50: money,
  p90: money,
  quota: money.nullable(),
  probabilityOfQuota: probability.nullable(),
});
export const pipelineWhatIfAnswer = z
  .object({
    asOf: instant,
    period: z.string(),
    currency: z.string(),
    version: z.string(),
    sample: z.boolean(),
    sellers: z.int().openapi({ description: 'Those who have open deals.' }),
    before: outlook,
    after: outlook,
    change: money.openapi({ description: 'Of what is expected.' }),
    note: z.string(),
  })
  .openapi('PipelineWhatIf');

export function pipelineWhatIfJson(
  { before, after, sellers }: PipelineWhatIf,
  { asOf, period, currency }: { readonly asOf: Instant; readonly period: Period; readonly currency: string },
  engine: Engine,
): z.infer<typeof pipelineWhatIfAnswer> {
  const money = (minor: number) => ({ minor, currency });
  const outlookOf = (node: ForecastNode) => ({
    expected: money(node.expectedMinor),
    closed: money(node.closedMinor),
    open: money(node.openMinor),
    newBusiness: money(node.newMinor),
    p10: money(node.p10Minor),
    p50: money(node.p50Minor),
    p90: money(node.p90Minor),
    quota: node.quotaMinor === null ? null : money(node.quotaMinor),
    probabilityOfQuota: node.quotaProbability,
  });
  return {
    asOf: formatInstant(asOf),
    period: period.label,
    currency,
    version: engine.model('deal').served!,
    sample: engine.sample,
    sellers,
    before: outlookOf(before),
    after: outlookOf(after),
    change: money(after.expectedMinor - before.expectedMinor),
    note: 'Arithmetic on what the model says; it does not tell what else a change would bring about. Nothing is stored.',
  };
}

/** Copies stay unread here, so that a field at fault is named exactly. */
export const whatIfRequest = z
  .strictObject({
    model: z.string().min(1).max(100).optional().openapi({ example: 'deal', description: 'deal, lead, churn, a model of your own labels or of a table.' }), // biome-ignore format: one field
    id: itemId.optional(),
    record: z.unknown().optional().openapi({ type: 'object', description: 'Of a table’s model, instead of id: a flat record, a value for every column it reads.' }), // biome-ignore format: one field
    pipeline: pipelineEdits.optional(),
    period: z.string().max(20).optional().openapi({ description: 'Of pipeline. Default: the fiscal quarter.' }),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'expected an ISO 4217 code such as THB')
      .optional()
      .openapi({ description: 'Of pipeline. Default: the base currency.' }),
    asOf: instant
      .optional()
      .openapi({ description: 'What was known then counts, and the changes happen then. Default: now, to the hour.' }),
    changes: z
      .array(z.unknown())
      .min(1)
      .max(64)
      .optional()
      .openapi({
        type: 'array',
        description: 'An edited copy each: one change, or a list of changes made together.',
        items: {
          anyOf: [
            { $ref: '#/components/schemas/Edit' },
            { type: 'array', items: { $ref: '#/components/schemas/Edit' }, minItems: 1, maxItems: 20 },
          ],
        },
      }),
    reasons: z
      .int()
      .min(0)
      .max(5)
      .optional()
      .openapi({ description: 'Reasons of a difference, at most so many each way. Default: 5.' }),
  })
  .superRefine((body, context) => {
    // Of one record, or of the whole pipeline.
    const [needed, idle] = [
      ['model', body.record === undefined ? 'id' : 'record', 'changes'],
      ['period', 'currency'],
    ] as const;
    const wrong = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (body.pipeline === undefined) {
      for (const field of needed)
        if (body[field] === undefined)
          wrong(field, 'is missing; expected model, id (of a table: record) and changes, or pipeline instead');
      for (const field of idle) if (body[field] !== undefined) wrong(field, 'goes with "pipeline"');
      if (body.id !== undefined && body.record !== undefined) wrong('record', 'does not go with "id"');
    } else for (const field of needed) if (body[field] !== undefined) wrong(field, 'does not go with "pipeline"');
  })
  .openapi('WhatIfRequest');

const said = {
  probability,
  byPeriodEnd: probability,
  closeDate: score.shape.closeDate,
};
export const whatIfAnswer = z
  .object({
    id: z.string(),
    asOf: instant,
    model: z.string(),
    version: z.string(),
    sample: z.boolean(),
    lowSkill: z.boolean(),
    outcome: z.string().openapi({ description: 'What the probabilities are of.' }),
    withinDays: z.number().nullable(),
    period: score.shape.period,
    note: z.string().openapi({ description: 'How to read it: association, not cause.' }),
    before: z.object(said),
    items: z
      .array(
        z.object({
          changes: z.array(edit),
          ...said,
          difference: z
            .object(differenceShape)
            .nullable()
            .openapi({ description: 'Of the log odds from before; null where the model has no skill.' }),
          warnings: z.array(
            z.object({
              code: z.enum(['outOfRange', 'rarelySeen', 'fewAlike']).openapi({
                description:
                  'outOfRange: beyond what 90 % of those alike lie between. rarelySeen: fewer than ten ever had this word. fewAlike: fewer than twenty to compare with.',
              }),
              field: z.string(),
              unit: z.enum(['money', 'days', 'none']),
              low: z.number().nullable(),
              high: z.number().nullable(),
              alike: z.int(),
              text: z.string(),
            }),
          ),
        }),
      )
      .openapi({ description: 'One an edited copy, in the order asked.' }),
  })
  .openapi('WhatIf');

export const notes = {
  en: 'Association, not cause: how records that look like this have ended, not what making the change would bring about.',
  th: 'เป็นความสัมพันธ์ ไม่ใช่เหตุและผล: บอกว่ารายการที่มีลักษณะเช่นนี้จบลงอย่างไร ไม่ได้บอกว่าการเปลี่ยนแปลงจะทำให้เกิดผลเช่นนั้น',
} as const;

const fields: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  amount: { en: 'amount', th: 'มูลค่า' },
  stage: { en: 'stage', th: 'ขั้นตอน' },
  expected_close_date: { en: 'expected close date', th: 'วันที่คาดว่าจะปิด' },
  owner_id: { en: 'owner', th: 'ผู้รับผิดชอบ' },
  status: { en: 'status', th: 'สถานะ' },
};

function warningText(warning: Warning, language: Language, currency: string): string {
  const name = fields[warning.field]?.[language] ?? warning.field;
  const say = (value: number | null) => valueText(value, warning.unit, language, currency);
  const { alike } = warning;
  const [low, high] = [say(warning.low), say(warning.high)];
  const en = {
    outOfRange: `The ${name} lies outside ${low} to ${high}, where 90 % of the ${alike} alike lie: the model has seen little of it`,
    rarelySeen: `Only ${alike} ever had this ${name}: the model has seen little of it`,
    fewAlike: `Only ${alike} are alike: what is usual for the ${name} is not known`,
  };
  const th = {
    outOfRange: `${name}อยู่นอกช่วง ${low} ถึง ${high} ซึ่งเป็นช่วงของ 90 % จาก ${alike} รายการที่คล้ายกัน โมเดลเคยเห็นค่าแบบนี้น้อย`,
    rarelySeen: `มีเพียง ${alike} รายการที่เคยมี${name}นี้ โมเดลเคยเห็นค่าแบบนี้น้อย`,
    fewAlike: `มีรายการที่คล้ายกันเพียง ${alike} รายการ จึงไม่ทราบค่าปกติของ${name}`,
  };
  return (language === 'th' ? th : en)[warning.code];
}

type EditJson = z.infer<typeof edit>;

export function whatIfJson(
  answer: WhatIfAnswer,
  period: Period,
  changes: readonly (readonly EditJson[])[],
  engine: Engine,
  language: Language,
): z.infer<typeof whatIfAnswer> {
  const { open } = answer;
  return {
    id: answer.id,
    asOf: formatInstant(answer.asOf),
    model: open.subject.model,
    version: open.version,
    sample: engine.sample,
    lowSkill: open.lowSkill,
    outcome: open.subject.sides.positive,
    withinDays: open.withinDays,
    period: periodJson(period),
    note: notes[language],
    before: answer.before,
    items: answer.copies.map(({ after, difference, warnings }, i) => ({
      changes: [...changes[i]!],
      ...after,
      difference: difference && differenceJson(difference, engine, language),
      warnings: warnings.map((warning) => ({ ...warning, text: warningText(warning, language, answer.currency) })),
    })),
  };
}

export const whatIfExample: z.input<typeof whatIfRequest> = {
  model: 'deal',
  id: 'csv:D-1042',
  changes: [
    { field: 'amount', value: '1100000.00' },
    [{ field: 'expected_close_date', value: '2026-12-01' }, { activity: { kind: 'meeting', participants: 3 } }],
  ],
};
export const whatIfAnswerExample: z.infer<typeof whatIfAnswer> = {
  id: 'csv:D-1042',
  asOf: scoreExample.asOf,
  model: 'deal',
  version: scoreExample.version,
  sample: false,
  lowSkill: false,
  outcome: 'won',
  withinDays: null,
  period: scoreExample.period,
  note: notes.en,
  before: { probability: 0.62, byPeriodEnd: 0.31, closeDate: scoreExample.closeDate },
  items: [
    {
      changes: [{ field: 'amount', value: '1100000.00' }],
      probability: 0.65,
      byPeriodEnd: 0.33,
      closeDate: scoreExample.closeDate,
      difference: {
        change: 0.13,
        reasons: [
          {
            because: 'edit',
            code: 'amount',
            params: { feature: 'amount_current', unit: 'money', before: 125000000, value: 110000000 },
            contribution: 0.15,
            text: 'Amount: ฿1,100,000 instead of ฿1,250,000',
          },
        ],
        otherContribution: -0.02,
      },
      warnings: [],
    },
  ],
};
