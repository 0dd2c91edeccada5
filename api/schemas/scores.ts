import { z } from '@hono/zod-openapi';
import { instant, money, problem } from './common.ts';

/** Requests for scores and what answers them. One schema gives validation, TypeScript type and OpenAPI. */

const id = z.string().min(1).max(200).openapi({ example: 'csv:D-1042' });
const reasonsAsked = z.int().min(0).max(5).openapi({ description: 'Reasons for and against, at most so many each.' });

const scoreOptions = {
  asOf: instant.optional().openapi({
    description:
      'What was known at this instant counts. Default: now, which is the hour, or when something of it came in since.',
  }),
  reasons: reasonsAsked.optional(),
  curve: z.boolean().optional().openapi({ description: 'Also the chance of each side, and of neither yet, by date.' }),
  allOrNothing: z.boolean().optional().openapi({ description: 'One bad item refuses the whole request.' }),
};
/** A request to score. Items stay unread here, so that each gets an answer or an error of its own (`itemId`, `wholeRecords`). */
export const scoreRequest = z
  .strictObject({
    ids: z
      .array(z.unknown())
      .min(1)
      .max(1_000)
      .optional()
      .openapi({ type: 'array', items: { type: 'string', minLength: 1, maxLength: 200 } }),
    records: z
      .array(z.unknown())
      .min(1)
      .max(1_000)
      .optional()
      .openapi({
        type: 'array',
        items: {
          anyOf: ['DealRecord', 'LeadRecord', 'CustomerRecord', 'FlatRecord'].map((name) => ({
            $ref: `#/components/schemas/${name}`,
          })),
        },
      }),
    ...scoreOptions,
  })
  .refine((body) => (body.ids === undefined) !== (body.records === undefined), {
    message: 'expected exactly one of "ids" and "records"',
  })
  .openapi('ScoreRequest');
export const itemId = id;

const probability = z.number().min(0).max(1);
export const reason = z
  .object({
    code: z.string().openapi({ description: 'The business idea; the same in every language.' }),
    params: z.object({
      feature: z.string(),
      unit: z.string(),
      value: z.union([z.number(), z.string(), z.null()]),
      usual: z.union([z.number(), z.string(), z.null()]),
      range: z
        .tuple([z.union([z.number(), z.string()]), z.union([z.number(), z.string()])])
        .nullable()
        .optional()
        .openapi({ description: 'What half of the training rows lie between.' }),
    }),
    contribution: z.number().openapi({
      description:
        'Logit units, above 0 speaks for `outcome`; of a table that tells amounts, in the unit of its target.',
    }),
    text: z.string(),
  })
  .openapi('Reason');
const explanation = z.object({
  baseValue: z.number().openapi({ description: 'Logit of the usual deal, lead or customer.' }),
  reasons: z.array(reason),
  otherContribution: z.number().openapi({ description: 'All that is not shown: base + reasons + this = the logit.' }),
});

export const score = z
  .object({
    id: z.string(),
    asOf: instant,
    model: z.string(),
    version: z.string(),
    featuresHash: z.string(),
    sample: z.boolean(),
    stale: z.boolean().openapi({ description: 'Something was learned since, or another version serves.' }),
    lowSkill: z.boolean(),
    confidence: z.enum(['calibrated', 'insufficient data']),
    insufficientData: z
      .boolean()
      .openapi({ description: 'Fewer than 50 known outcomes: read the interval; there is no grade.' }),
    outcome: z
      .string()
      .openapi({ description: 'What the probability is of: won (deal), converted (lead), left (churn).' }),
    withinDays: z.number().nullable().openapi({
      description: 'The probability is of `outcome` within so many days; null: of `outcome` ever, given that it ends.',
    }),
    probability: probability.openapi({
      description: 'Of `outcome`: for deals P(win) / (P(win) + P(loss)), for leads and churn P(within `withinDays`).',
    }),
    interval: z
      .object({ low: probability, high: probability })
      .openapi({ description: '80 % band of the probability.' }),
    byPeriodEnd: probability.openapi({ description: 'P(`outcome` by the end of the fiscal quarter).' }),
    period: z.object({ label: z.string(), from: instant, to: instant }),
    grade: z
      .enum(['A', 'B', 'C', 'D'])
      .nullable()
      .openapi({ description: 'A from .70, B from .45, C from .20, else D; null where outcomes are too few.' }),
    trend: z
      .object({ direction: z.enum(['up', 'down', 'flat']), change: z.number(), since: instant })
      .nullable()
      .openapi({ description: 'Against the score kept before; flat within one point.' }),
    closeDate: z
      .object({ p10: z.string(), p50: z.string(), p90: z.string() })
      .nullable()
      .openapi({ description: 'When it ends so, if it does.' }),
    amount: money.nullable(),
    amountEstimated: z.boolean().openapi({ description: 'No amount was given: list price times the usual ratio.' }),
    ownerId: z.string().nullable(),
    ...explanation.shape,
    byPeriodEndReasons: explanation.nullable(),
    curve: z
      .array(z.object({ date: z.string(), open: probability }).catchall(z.union([probability, z.string()])))
      .optional()
      .openapi({
        description:
          'By date: open, and each side by its word (deal: won, lost; lead: converted, disqualified; churn: left, stayed).',
      }),
  })
  .openapi('Score');
export type ScoreJson = z.infer<typeof score>;

export const scoreAnswer = z
  .object({
    asOf: instant,
    model: z.string(),
    version: z.string(),
    sample: z.boolean(),
    items: z
      .array(z.union([score, z.object({ id: z.string().nullable(), error: problem })]))
      .openapi({ description: 'In the order asked: a score or an error each.' }),
  })
  .openapi('ScoreAnswer');

export const scorePage = z
  .object({
    model: z.string(),
    version: z.string(),
    asOf: instant,
    sample: z.boolean(),
    items: z.array(score),
    next: z.string().nullable().openapi({ description: 'Cursor of the next page; null on the last.' }),
  })
  .openapi('ScorePage');
export const scoreHistory = z
  .object({ id: z.string(), model: z.string(), sample: z.boolean(), items: z.array(score) })
  .openapi('ScoreHistory');
