import { z } from '@hono/zod-openapi';
import { formatInstant } from '../src/time.ts';
import { becauses, type Change, changeText, type Difference } from './change.ts';
import type { Engine } from './engine.ts';
import { scoreExample } from './examples.ts';
import type { Moved } from './moved.ts';
import type { Language } from './reasons.ts';
import { instant, money } from './schemas/common.ts';
import { score } from './schemas/scores.ts';
import { apartText, type Similar } from './similar.ts';

/** What stands beside a score: the schemas, an example of each, and how the engine's answers leave. */

const cell = z.union([z.number(), z.string(), z.null()]);
const probability = z.number().min(0).max(1);

const changeReason = z
  .object({
    because: z.enum(becauses).openapi({
      description:
        'events: something was recorded about it. time: nothing but time, with the calendar and what is usual by now. level: how such cases have ended lately. model: another version. records: facts of the time before that came later. edit: a hypothetical change.',
    }),
    code: z.string().openapi({ description: 'The business idea; the same in every language.' }),
    params: z.object({ feature: z.string().nullable(), unit: z.string(), before: cell, value: cell }),
    contribution: z.number().openapi({ description: 'Logit units; above 0 raised the probability.' }),
    text: z.string(),
  })
  .openapi('ChangeReason');
export const differenceShape = {
  change: z.number().openapi({ description: 'Of the log odds; reasons and `otherContribution` sum to it.' }),
  reasons: z.array(changeReason),
  otherContribution: z.number().openapi({ description: 'What is not shown.' }),
};

const moved = z
  .object({
    since: instant.openapi({ description: 'The instant of the earlier score.' }),
    version: z.string().openapi({ description: 'Of the earlier score.' }),
    before: probability,
    after: probability,
    ...differenceShape,
    parts: z
      .object({ events: z.number(), time: z.number(), level: z.number(), model: z.number(), records: z.number() })
      .openapi({ description: 'Log odds by cause; they sum to `change`.' }),
  })
  .openapi('Moved');

const similar = z
  .object({
    id: z.string(),
    outcome: z.string().openapi({ description: 'How it ended: won, lost, converted ..' }),
    endedAt: instant,
    days: z.number().openapi({ description: 'From its beginning to its end.' }),
    amount: money.nullable(),
    stage: z.string().nullable().openapi({ description: 'Its stage or status when it is compared.' }),
    lookedAt: instant.openapi({ description: 'It is compared as it stood then: of about the same age, still open.' }),
    distance: z.number().openapi({ description: 'In log odds of the score; 0 = alike in all that matters to it.' }),
    differences: z.array(
      z.object({
        code: z.string(),
        params: z.object({ feature: z.string(), unit: z.string(), here: cell, there: cell }),
        effect: z.number().openapi({ description: 'Logit; above 0 speaks for the one asked about.' }),
        text: z.string(),
      }),
    ),
  })
  .openapi('Similar');

/** The score of one with what stands around it. */
export const oneScore = score
  .extend({
    moved: moved.nullable().openapi({
      description:
        'Why it changed since the last kept score that lies a point or more away (or since `since`); null where there is none, or the model has no skill.',
    }),
    similar: z.array(similar).openapi({
      description:
        'The ended ones that were most like it at its age, by what moves its score, nearest first; ended by the beginning of the week. Empty where the model has no skill.',
    }),
  })
  .openapi('OneScore');

/** Reasons of a difference in the reader's words. */
export const differenceJson = (difference: Difference, engine: Engine, language: Language) => ({
  change: difference.change,
  reasons: difference.reasons.map((reason: Change) => ({
    because: reason.because,
    code: reason.code,
    params: { feature: reason.feature, unit: reason.unit, before: reason.before, value: reason.value },
    contribution: reason.contribution,
    text: changeText(reason, language, engine.words(reason.feature ?? ''), engine.company.currency),
  })),
  otherContribution: difference.otherContribution,
});

export const movedJson = (given: Moved, engine: Engine, language: Language): z.infer<typeof moved> => ({
  since: formatInstant(given.since),
  version: given.version,
  before: given.before,
  after: given.after,
  ...differenceJson(given, engine, language),
  parts: given.parts,
});

export const similarJson = (given: Similar, engine: Engine, language: Language): z.infer<typeof similar> => ({
  id: given.id,
  outcome: given.outcome,
  endedAt: formatInstant(given.endedAt),
  days: given.days,
  amount: given.amount,
  stage: given.stage,
  lookedAt: formatInstant(given.lookedAt),
  distance: given.distance,
  differences: given.differences.map((apart) => ({
    code: apart.code,
    params: { feature: apart.feature, unit: apart.unit, here: apart.here, there: apart.there },
    effect: apart.effect,
    text: apartText(apart, language, engine.words(apart.feature), engine.company.currency),
  })),
});

export const oneScoreExample: z.infer<typeof oneScore> = {
  ...scoreExample,
  moved: {
    since: '2026-11-14T09:00:00.000Z',
    version: scoreExample.version,
    before: 0.57,
    after: 0.62,
    change: 0.21,
    reasons: [
      {
        because: 'events',
        code: 'meetings',
        params: { feature: 'meeting_count_30d', unit: 'count', before: 3, value: 4 },
        contribution: 0.34,
        text: 'Meetings in the last 30 days: 4 (was 3)',
      },
      {
        because: 'time',
        code: 'stage pace',
        params: { feature: 'stage_age_days', unit: 'days', before: 12, value: 19 },
        contribution: -0.11,
        text: 'With time, days in the current stage: 19 days (was 12 days)',
      },
    ],
    otherContribution: -0.02,
    parts: { events: 0.33, time: -0.14, level: 0.02, model: 0, records: 0 },
  },
  similar: [
    {
      id: 'csv:D-0877',
      outcome: 'won',
      endedAt: '2026-08-21T10:00:00.000Z',
      days: 131,
      amount: { minor: 98000000, currency: 'THB' },
      stage: 'proposal',
      lookedAt: '2026-07-24T03:00:00.000Z',
      distance: 0.42,
      differences: [
        {
          code: 'meetings',
          params: { feature: 'meeting_count_30d', unit: 'count', here: 4, there: 3 },
          effect: 0.18,
          text: 'Meetings in the last 30 days: 4 here, 3 there',
        },
      ],
    },
  ],
};
