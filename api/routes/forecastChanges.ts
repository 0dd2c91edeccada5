import { createRoute, z } from '@hono/zod-openapi';
import { ForesellError } from '../../src/errors.ts';
import { changesAnswer, changesExample, changesJson } from '../forecastChangesAnswer.ts';
import { instantOf, problems, type Routes } from '../route.ts';
import { instant } from '../schemas/common.ts';
import { forecastQuery, partsIn } from './forecastQuery.ts';
import { wholeNumber } from './wholeNumber.ts';

const route = createRoute({
  method: 'get',
  path: '/v1/forecast/changes',
  tags: ['forecast'],
  summary: 'Why the forecast of a period changed between two instants, split exactly by cause',
  description:
    'Both forecasts are made anew from the facts known then. Causes: new, won, lost, pushedOut, pulledIn, amountUp, amountDown, data (the chance moved by what happened), version (by another model version), currency, moved (to another group), newBusiness and renewals. They add up to the change to the minor unit, by deal, group and in total. The default period is the fiscal quarter of the later instant.',
  request: {
    query: z.strictObject({
      from: instant.openapi({ example: '2026-11-14T00:00:00Z' }),
      to: instant.optional().openapi({ description: 'Default: now.', example: undefined }),
      period: forecastQuery.period,
      by: forecastQuery.by,
      currency: forecastQuery.currency,
      parts: forecastQuery.parts,
      deals: wholeNumber(0, 1_000, 20),
    }),
  },
  responses: {
    200: {
      description: 'What was expected, what is, and why.',
      content: { 'application/json': { schema: changesAnswer, example: changesExample } },
    },
    ...problems(400, 404, 409, 503),
  },
});

export const forecastChanges: Routes = (app, { engine }) => {
  app.openapi(route, (c) => {
    const { by, currency, deals, ...query } = c.req.valid('query');
    const to = engine.asOf(instantOf(engine, query.to, 'to'));
    const from = engine.asOf(instantOf(engine, query.from, 'from'));
    if (from >= to) {
      throw new ForesellError('field-invalid', 'from: must lie before to (default: now)', { path: 'from' });
    }
    const period = engine.period(query.period === undefined ? {} : { label: query.period }, to);
    const parts = partsIn(query.parts, 'parts');
    const ask = { from, to, period, by, ...(currency ? { currency } : {}), ...(parts ? { parts } : {}) };
    return c.json(changesJson(engine.forecastChanges(ask), engine, by, deals), 200);
  });
};
