import { createRoute, z } from '@hono/zod-openapi';
import { formatInstant } from '../../src/time.ts';
import type { Engine } from '../engine.ts';
import * as examples from '../examples.ts';
import type { Forecast, GroupForecast } from '../forecast.ts';
import { instantOf, problems, type Routes } from '../route.ts';
import { forecastAnswer, instant } from '../schemas.ts';

const route = createRoute({
  method: 'get',
  path: '/v1/forecast',
  tags: ['forecast'],
  summary: 'What a period will bring: closed so far, expected, and how sure that is',
  description: 'The default period is the current fiscal quarter. Give a period, or from and to (to is not included).',
  request: {
    query: z
      .strictObject({
        period: z.string().max(20).optional().openapi({ description: '2026, 2026-Q4 or 2026-11', example: '2026-Q4' }),
        from: instant.optional().openapi({ example: undefined }),
        to: instant.optional().openapi({ example: undefined }),
        by: z.enum(['all', 'team', 'owner']).default('all'),
        asOf: instant.optional(),
      })
      .refine((query) => query.period === undefined || (query.from === undefined && query.to === undefined), {
        message: 'give either a period, or from and to',
        path: ['period'],
      }),
  },
  responses: {
    200: {
      description: 'The forecast.',
      content: { 'application/json': { schema: forecastAnswer, example: examples.forecastExample } },
    },
    ...problems(400, 404, 409, 503),
  },
});

export const forecast: Routes = (app, { engine }) => {
  app.openapi(route, (c) => {
    const query = c.req.valid('query');
    const asOf = engine.asOf(instantOf(engine, query.asOf, 'asOf'));
    const from = instantOf(engine, query.from, 'from');
    const to = instantOf(engine, query.to, 'to');
    const period = engine.period(
      {
        ...(query.period === undefined ? {} : { label: query.period }),
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
      },
      asOf,
    );
    return c.json(forecastJson(engine.forecast({ period, by: query.by, asOf }), engine), 200);
  });
};

/** A forecast as it leaves. */
export function forecastJson(forecast: Forecast, engine: Engine): z.infer<typeof forecastAnswer> {
  const money = (minor: number) => ({ minor, currency: forecast.currency });
  const group = (g: GroupForecast) => ({
    id: g.id,
    name: g.name ?? (g.kind === 'all' ? 'All' : 'Nobody'),
    parentId: g.parentId,
    closed: money(g.closedMinor),
    expected: money(g.expectedMinor),
    p10: money(g.p10Minor),
    p50: money(g.p50Minor),
    p90: money(g.p90Minor),
    openDeals: g.openDeals,
    closedDeals: g.closedDeals,
    quota: g.quotaMinor === null ? null : money(g.quotaMinor),
    probabilityOfQuota: g.quotaProbability,
    gapToQuota: g.quotaMinor === null ? null : money(g.quotaMinor - g.expectedMinor),
  });
  return {
    asOf: formatInstant(forecast.asOf),
    from: formatInstant(forecast.period.from),
    to: formatInstant(forecast.period.to),
    period: forecast.period.label,
    currency: forecast.currency,
    sample: engine.sample,
    model: 'deal',
    version: forecast.version,
    lowSkill: forecast.lowSkill,
    by: forecast.by,
    total: group(forecast.total),
    groups: forecast.groups.map(group),
    apart: forecast.apart.map((deal) => ({ ...deal })),
    notes: [
      'Closed and expected of the groups without a parent add up to the total; quantiles do not.',
      'Deals not yet created are not in it.',
      ...(forecast.lowSkill ? ['Insufficient data: every deal counts with the usual rate.'] : []),
      ...(forecast.hindsight ? ['The version learned from what happened after asOf: this is no test of it.'] : []),
      ...(forecast.apart.length ? [`${forecast.apart.length} deals without an amount or a rate are named apart.`] : []),
      ...forecast.remarks,
    ],
  };
}
