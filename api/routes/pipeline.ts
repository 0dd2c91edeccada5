import { createRoute, z } from '@hono/zod-openapi';
import { WEEK } from '../../src/time.ts';
import { inspectionAnswer, inspectionExample, inspectionJson } from '../inspectionAnswer.ts';
import { instantOf, language, problems, type Routes } from '../route.ts';
import { instant } from '../schemas/common.ts';
import { wholeNumberOrNone } from './wholeNumber.ts';

const route = createRoute({
  method: 'get',
  path: '/v1/pipeline',
  tags: ['forecast'],
  summary: 'The pipeline looked through: what moved, and what open deals show that won ones mostly did not',
  description:
    'Moves between two instants, each known as of then, without a cap. Findings of open deals, by money at stake in the period: stalled and slipping (beyond what eight and nine of ten won deals showed at that stage), overdue, monthEnd (default dates), noNextStep, singleThreaded, disagrees (the record says otherwise than the stage); and concentration. Each with its evidence and with what the forecast would lose or gain. Thresholds are learned from the company’s own won deals as known then.',
  request: {
    query: z.strictObject({
      since: instant
        .optional()
        .openapi({ description: 'The earlier look. Default: a week before.', example: undefined }),
      asOf: instant.optional(),
      period: z.string().max(20).optional().openapi({ example: '2026-Q4' }),
      currency: z
        .string()
        .regex(/^[A-Z]{3}$/, 'expected an ISO 4217 code such as THB')
        .optional()
        .openapi({ example: undefined }),
      limit: wholeNumberOrNone(1, 999_999_999).openapi({
        description: 'Deals with findings, and moves, at most so many each. Default: all.',
        example: undefined,
      }),
    }),
  },
  responses: {
    200: {
      description: 'Moves, findings and concentration.',
      content: { 'application/json': { schema: inspectionAnswer, example: inspectionExample } },
    },
    ...problems(400, 404, 409, 503),
  },
});

export const pipeline: Routes = (app, { engine }) => {
  app.openapi(route, (c) => {
    const query = c.req.valid('query');
    const asOf = engine.asOf(instantOf(engine, query.asOf, 'asOf'));
    const since = instantOf(engine, query.since, 'since') ?? asOf - WEEK;
    const period = engine.period(query.period === undefined ? {} : { label: query.period }, asOf);
    const inspection = engine.inspect({ since, asOf, period, ...(query.currency ? { currency: query.currency } : {}) });
    return c.json(inspectionJson(inspection, engine, language(c), query.limit), 200);
  });
};
