import { createRoute, z } from '@hono/zod-openapi';
import { accuracyAnswer, accuracyExample, accuracyJson } from '../forecastAccuracyAnswer.ts';
import { instantOf, problems, type Routes } from '../route.ts';
import { instant } from '../schemas.ts';

const route = createRoute({
  method: 'get',
  path: '/v1/forecast/accuracy',
  tags: ['forecast'],
  summary: 'How right forecasts of the quarter were: by horizon, beside the usual rules, and each person’s own calls',
  description:
    'Looks back from `from` to `to`: at each look the forecast of its fiscal quarter is made anew from what was known then, by the version that served then, and judged by what the quarter brought. Where that version had learned from what came after, the look says so (`hindsight`) and is left out of `unseen`. At most 60 looks. `foresell backtest --model forecast` trains a model of each time instead, and draws the report.',
  request: {
    query: z.strictObject({
      from: instant.optional().openapi({ description: 'First look. Default: a year back.', example: undefined }),
      to: instant.optional().openapi({ description: 'Last look. Default: the newest judged.', example: undefined }),
      every: z.coerce.number().int().min(1).max(366).default(28).openapi({ description: 'Days between looks.' }),
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
    const { from, to, every } = c.req.valid('query');
    const ask = { from: instantOf(engine, from, 'from'), to: instantOf(engine, to, 'to'), everyDays: every };
    return c.json(accuracyJson(await engine.forecastAccuracy(ask), engine), 200);
  });
};
