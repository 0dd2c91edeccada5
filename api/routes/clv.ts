import { createRoute, z } from '@hono/zod-openapi';
import { accountValues } from '../clv.ts';
import { clvAnswer, clvExample, clvJson } from '../clvAnswer.ts';
import { instantOf, language, problems, type Routes } from '../route.ts';
import { instant } from '../schemas/common.ts';
import { itemId } from '../schemas/scores.ts';

/** A number of the query, within bounds. */
const numeric = (least: number, most: number, standard: number, description: string) =>
  z
    .string()
    .max(20)
    .regex(/^\d+(\.\d+)?$/, 'expected a plain number')
    .default(String(standard))
    .transform(Number)
    .pipe(z.number().min(least).max(most))
    .openapi({ type: 'number', minimum: least, maximum: most, default: standard, description });

const route = createRoute({
  method: 'get',
  path: '/v1/accounts/{id}/clv',
  tags: ['sales intelligence'],
  summary: 'What an account is expected to bring: alive or not, how many orders, what they are worth',
  description:
    'For customers without contract, learned from orders. The parameters are of all accounts at the beginning of the week; the account is judged as known at asOf.',
  request: {
    params: z.strictObject({ id: itemId }),
    query: z.strictObject({
      horizonDays: numeric(1, 3_650, 365, 'How far ahead.'),
      margin: numeric(0, 1, 1, 'Share of the value of an order that is profit.'),
      discount: numeric(0, 1, 0, 'Yearly rate at which later money counts less.'),
      asOf: instant.optional(),
    }),
  },
  responses: {
    200: {
      description: 'The value.',
      content: { 'application/json': { schema: clvAnswer, example: clvExample } },
    },
    ...problems(400, 404, 409, 503),
  },
});

export const clv: Routes = (app, { engine }) => {
  const values = accountValues(engine.store);
  app.openapi(route, (c) => {
    const { asOf, ...ask } = c.req.valid('query');
    const at = engine.asOf(instantOf(engine, asOf, 'asOf'));
    const value = values.one(c.req.valid('param').id, at, ask);
    return c.json(clvJson(value, ask, engine.sample, language(c)), 200);
  });
};
