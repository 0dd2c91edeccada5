import { createRoute, z } from '@hono/zod-openapi';
import { comparisonAnswer, comparisonExample, comparisonJson } from '../comparisonAnswer.ts';
import { problems, type Routes } from '../route.ts';
import { eitherWay, forecastAsk, forecastQuery, oneWay } from './forecastQuery.ts';

const route = createRoute({
  method: 'get',
  path: '/v1/forecast/comparison',
  tags: ['forecast'],
  summary: 'How a period stands: against its quota, the period before and the same one a year before',
  description:
    'Attainment, pace, coverage, velocity, win rate, cycle time and average size, in total and by any grouping, as of any day. Of the other periods both what had ended by the same day of them and the whole are told. The default period is the current fiscal quarter.',
  request: { query: z.strictObject(forecastQuery).refine(oneWay, eitherWay) },
  responses: {
    200: {
      description: 'The period beside the others.',
      content: { 'application/json': { schema: comparisonAnswer, example: comparisonExample } },
    },
    ...problems(400, 404, 409, 503),
  },
});

export const comparison: Routes = (app, { engine }) => {
  app.openapi(route, (c) => {
    const ask = forecastAsk(engine, c.req.valid('query'));
    return c.json(comparisonJson(engine.comparison(ask), engine, ask.by), 200);
  });
};
