import { z } from '@hono/zod-openapi';
import { problem } from './schemas/common.ts';
import { reason } from './schemas/scores.ts';

const share = z.number().min(0).max(1);

/** What is said of one record of a table model; which fields are there goes by its task. */
export const tableScore = z
  .object({
    id: z.string().nullable().openapi({
      description: 'The cell of the id column of the fit; else its place, from 0; of a stream the number of its line.',
    }),
    probability: share.optional().openapi({ description: 'binary: of the positive class.' }),
    interval: z
      .object({ low: share, high: share })
      .optional()
      .openapi({ description: 'binary: how sure the calibration is (Venn-Abers, widened to hold the probability).' }),
    classes: z.record(z.string(), share).optional().openapi({ description: 'class: they sum to 1.' }),
    value: z.number().optional().openapi({ description: 'amount: the median.' }),
    mean: z.number().optional().openapi({ description: 'amount: what adds up over many records.' }),
    median: z.number().nullable().optional(),
    p10: z.number().nullable().optional(),
    p90: z.number().nullable().optional(),
    survival: z.array(z.object({ time: z.number(), p: share })).optional(),
    incidence: z
      .record(z.string(), z.array(z.object({ time: z.number(), p: share })))
      .optional()
      .openapi({ description: 'duration with several causes: ended by it by then.' }),
    explains: z
      .union([
        z.object({ kind: z.literal('probability') }),
        z.object({ kind: z.literal('class'), level: z.string() }),
        z.object({ kind: z.literal('endedBy'), time: z.number() }),
        z.object({ kind: z.literal('mean') }),
      ])
      .optional()
      .openapi({
        description:
          'What the reasons add up to: the log odds of the probability, of the likeliest class, of having ended by a time; or the mean of an amount, in its own unit.',
      }),
    baseValue: z.number().optional().openapi({ description: 'The same of the usual record.' }),
    reasons: z.array(reason).optional().openapi({ description: 'Where the model has skill.' }),
    otherContribution: z
      .number()
      .optional()
      .openapi({ description: 'All that is not shown: baseValue + reasons + this = what is said.' }),
  })
  .openapi('TableScore');
export type TableScore = z.infer<typeof tableScore>;

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

/** The longest text of a cell. */
export const MAX_TEXT = 100_000;
/** A flat record: a column each. */
export const flatRecord = z.record(z.string(), z.union([z.string().max(MAX_TEXT), z.number(), z.boolean(), z.null()]));

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
      explains: { kind: 'probability' },
      baseValue: -1.1,
      reasons: [
        {
          code: 'employees',
          params: { feature: 'employees', unit: 'none', value: 40, usual: 12, range: [6, 30] },
          contribution: 0.3,
          text: 'Employees: 40 (usual 12, mostly 6 to 30)',
        },
      ],
      otherContribution: 0,
    },
  ],
};
