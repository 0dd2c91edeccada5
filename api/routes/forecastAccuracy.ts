import { createRoute, z } from '@hono/zod-openapi';
import { periodKinds } from '../../src/periods.ts';
import { accuracyAnswer, accuracyExample, accuracyJson } from '../forecastAccuracyAnswer.ts';
import { instantOf, problems, type Routes } from '../route.ts';
import { instant } from '../schemas/common.ts';
import { wholeNumber } from './wholeNumber.ts';

const route = createRoute({
  method: 'get',
  path: '/v1/forecast/accuracy',
  tags: ['forecast'],
  summary:
    'How right forecasts of the quarter (or week, month, year) were: by horizon, beside the usual rules, and each person’s own calls',
  description:
    'Looks back from `from` to `to`: at each look the forecast of its fiscal quarter (`of`: or week, month, year) is made anew from what was known then, by the version that served then, and judged by what the period brought. `blend` is the model, reps and managers together by learned weights, and whether it beats each beyond chance. Where that version had learned from what came after, the look says so (`hindsight`) and is left out of `unseen`. At most 60 looks. `foresell backtest --model forecast` trains a model of each time instead, and draws the report.',
  request: {
    query: z.strictObject({
      from: instant.optional().openapi({ description: 'First look. Default: a year back.', example: undefined }),
      to: instant.optional().openapi({ description: 'Last look. Default: the newest judged.', example: undefined }),
      of: z.enum(periodKinds).default('quarter').openapi({ description: 'Which period at each look.' }),
      every: wholeNumber(1, 366, 28).openapi({ description: 'Days between looks.' }),
    }),
  },
  responses: {
    200: {
      description: 'What was said, what came, and how the two lie.',
      content: { 'application/json': { schema: accuracyAnswer, example: accuracyExample } },
    },
    ...problems(400, 404, 409, 503),
  },
});

export const forecastAccuracy: Routes = (app, { engine }) => {
  app.openapi(route, async (c) => {
    const { from, to, every, of } = c.req.valid('query');
    const ask = { from: instantOf(engine, from, 'from'), to: instantOf(engine, to, 'to'), everyDays: every, of };
    return c.json(accuracyJson(await engine.forecastAccuracy(ask), engine), 200);
  });
};
