import { z } from '@hono/zod-openapi';
import { problem, reason } from './schemas.ts';

const share = z.number().min(0).max(1);

/** What is said of one record of a table model; which fields are there goes by its task. */
export const tableScore = z
  .object({
    id: z.string().nullable().openapi({ description: 'The cell of the id column of the fit; else its place, from 0.' }),
    probability: share.optional().openapi({ description: 'binary: of the positive class.' }),
    interval: z
      .object({ low: share, high: share })
      .optional()
      .openapi({ description: 'binary: how sure the calibration is (Venn-Abers).' }),
    classes: z.record(z.string(), share).optional().openapi({ description: 'class: they sum to 1.' }),
    value: z.number().optional().openapi({ description: 'amount: the mean.' }),
    median: z.number().nullable().optional(),
    p10: z.number().nullable().optional(),
    p90: z.number().nullable().optional(),
    survival: z.array(z.object({ time: z.number(), p: share })).optional(),
    incidence: z
      .record(z.string(), z.array(z.object({ time: z.number(), p: share })))
      .optional()
      .openapi({ description: 'duration with several causes: ended by it by then.' }),
    baseValue: z.number().optional().openapi({ description: 'Logit of the usual record.' }),
    reasons: z.array(reason).optional().openapi({ description: 'binary and duration, where the model has skill.' }),
    otherContribution: z.number().optional(),
  })
  .openapi('TableScore');

export const tableScoreAnswer = z
  .object({
    model: z.string(),
    version: z.string(),
    task: z.enum(['binary', 'class', 'duration', 'amount']),
    positive: z.string().optional().openapi({ description: 'binary: the value whose probability is said.' }),
    lowSkill: z.boolean(),
    notes: z
      .array(z.string())
      .openapi({ description: 'What was odd in the records: words never met, text for numbers.' }),
    items: z.array(z.union([z.object({ id: z.string().nullable(), error: problem }), tableScore])),
  })
  .openapi('TableScoreAnswer');
export type TableScoreAnswer = z.infer<typeof tableScoreAnswer>;

/** A flat record: a column each. */
export const flatRecord = z.record(z.string(), z.union([z.string().max(100_000), z.number(), z.boolean(), z.null()]));

export const scoreTableByRecords = { records: [{ source: 'web', employees: 40, country: null }], reasons: 2 };
export const tableScoreAnswerExample: TableScoreAnswer = {
  model: 'signups',
  version: '4be1c6f0a2d39b77',
  task: 'binary',
  positive: 'yes',
  lowSkill: false,
  notes: [],
  items: [
    {
      id: '0',
      probability: 0.31,
      interval: { low: 0.28, high: 0.35 },
      baseValue: -1.1,
      reasons: [
        {
          code: 'employees',
          params: { feature: 'employees', unit: 'none', value: 40, usual: 12 },
          contribution: 0.3,
          text: 'Employees: 40 (usual 12)',
        },
      ],
      otherContribution: 0,
    },
  ],
};
