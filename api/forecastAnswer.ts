import { z } from '@hono/zod-openapi';
import { groupings } from '../models/forecast/rollup.ts';
import { blendAnswer } from './blendAnswer.ts';
import { instant, money } from './schemas/common.ts';

const probability = z.number().min(0).max(1);

const beside = z
  .object({
    id: z.int(),
    amount: money,
    difference: money.nullable().openapi({ description: 'Less expected; null in another currency.' }),
    at: instant,
    author: z.string().nullable(),
    reason: z.string(),
  })
  .nullable();
const group = z.object({
  id: z.string().nullable().openapi({ description: 'Of the group; null for the whole and for deals without one.' }),
  name: z.string(),
  parentId: z.string().nullable().openapi({ description: 'Of a team: the team above it.' }),
  closed: money,
  expected: money.openapi({ description: 'The parts that are counted (see parts), together.' }),
  open: money.openapi({ description: 'Expected of the open deals.' }),
  newBusiness: money.openapi({ description: 'Expected of deals not yet created.' }),
  renewals: money.openapi({ description: 'Expected of renewals that fall due, less customers who leave.' }),
  p10: money,
  p50: money,
  p90: money,
  bands: z
    .array(z.object({ level: z.int(), low: money, high: money }))
    .openapi({ description: 'Central intervals of 50, 80 and 95 %.' }),
  openDeals: z.int(),
  closedDeals: z.int(),
  categories: z
    .array(
      z.object({
        category: z.string().nullable().openapi({ description: 'null: nobody said.' }),
        openDeals: z.int(),
        amount: money.openapi({ description: 'Their amounts as they stand.' }),
        due: money.openapi({ description: 'Of those whose expected close date lies in the period.' }),
        expected: money.openapi({ description: 'Of them, by the model.' }),
      }),
    )
    .openapi({
      description:
        'The open deals by what their people call them, the surest first: commit, best case, pipeline, those of your own, omitted. The model counts them all; expected adds up to open, where that is counted. Empty where no deal has a category.',
    }),
  quota: money.nullable(),
  probabilityOfQuota: probability.nullable(),
  gapToQuota: money.nullable().openapi({ description: 'Quota less expected; below 0 is beyond it.' }),
  adjustment: beside.openapi({ description: 'A manager’s number beside it; it changes nothing of the forecast.' }),
  commit: beside.openapi({ description: 'The own call of whoever answers for it.' }),
});
const forecastDeal = z.object({ id: z.string(), probability, amount: money, expected: money });
export const forecastAnswer = z
  .object({
    asOf: instant,
    from: instant,
    to: instant,
    period: z.string(),
    currency: z.string(),
    sample: z.boolean(),
    model: z.string(),
    version: z.string(),
    lowSkill: z.boolean(),
    by: z.enum(groupings),
    total: group,
    parts: z
      .array(
        z.object({
          part: z.enum(['booked', 'open', 'new', 'renewals', 'churn']),
          counted: z.boolean(),
          expected: money.nullable(),
          absent: z.string().nullable().openapi({ description: 'Why nothing can be said of it.' }),
        }),
      )
      .openapi({ description: 'What is in the number; those counted add up to the expected total, exactly.' }),
    openOnly: z
      .object({ expected: money, p10: money, p50: money, p90: money, probabilityOfQuota: probability.nullable() })
      .openapi({ description: 'Of what is booked and the deals open now alone.' }),
    blend: blendAnswer,
    createdDeals: z
      .number()
      .nullable()
      .openapi({ description: 'Deals expected to be created before the period ends.' }),
    deals: z
      .array(forecastDeal)
      .openapi({ description: 'What each open deal adds to the expected value; the largest, as many as asked for.' }),
    toClose: z.array(forecastDeal).nullable().openapi({
      description:
        'The fewest open deals whose winning brings what is expected up to the quota; null without a quota, or where they do not suffice.',
    }),
    groups: z.array(group).openapi({
      description:
        'Closed and expected of the groups without a parent add up to the total; quantiles do not add. A team holds its sub-teams.',
    }),
    apart: z
      .array(
        z.object({
          id: z.string(),
          why: z.enum(['no amount', 'no rate', 'too large']),
          currency: z.string().nullable(),
        }),
      )
      .openapi({ description: 'Open or won deals that the amounts above leave out.' }),
    notes: z.array(z.string()),
  })
  .openapi('Forecast');
