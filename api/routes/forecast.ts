import { createRoute, z } from '@hono/zod-openapi';
import { groupings } from '../../models/forecast/rollup.ts';
import { ForesellError } from '../../src/errors.ts';
import { formatInstant } from '../../src/time.ts';
import type { Engine } from '../engine.ts';
import * as examples from '../examples.ts';
import { type Countable, countable, type Forecast, type ForecastDeal, type ForecastPart, type GroupForecast } from '../forecast.ts'; // biome-ignore format: one import
import { instantOf, problems, type Routes } from '../route.ts';
import { forecastAnswer, instant } from '../schemas.ts';

const route = createRoute({
  method: 'get',
  path: '/v1/forecast',
  tags: ['forecast'],
  summary: 'What a period will bring: closed so far, expected, and how sure that is',
  description:
    'Booked, open deals and deals not yet created, and renewals less churn where asked for; parts says what is in the number. The default period is the current fiscal quarter. Give a period, or from and to (to is not included).',
  request: {
    query: z
      .strictObject({
        period: z
          .string()
          .max(20)
          .optional()
          .openapi({ description: '2026, 2026-Q4, 2026-11 or 2026-W47', example: '2026-Q4' }),
        from: instant.optional().openapi({ example: undefined }),
        to: instant.optional().openapi({ example: undefined }),
        by: z.enum(groupings).default('all'),
        currency: z
          .string()
          .regex(/^[A-Z]{3}$/, 'expected an ISO 4217 code such as THB')
          .optional()
          .openapi({ description: 'Of the amounts, at dated rates. Default: the base currency.', example: undefined }),
        parts: z.string().max(40).optional().openapi({
          description: 'What is in the number besides what is booked: open, new, renewals. Default: open,new',
        }),
        deals: z.coerce.number().int().min(0).max(1000).default(20),
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
    const { by, currency } = query;
    const parts = partsIn(query.parts, 'parts');
    const ask = { period, by, asOf, ...(currency ? { currency } : {}), ...(parts ? { parts } : {}) };
    return c.json(forecastJson(engine.forecast(ask), engine, query.deals), 200);
  });
};

/** A list of parts as people write it. */
export function partsIn(text: string | undefined, path: string): readonly Countable[] | undefined {
  if (text === undefined) return undefined;
  const words = text.split(',').map((word) => word.trim()).filter((word) => word !== ''); // biome-ignore format: one chain
  const unknown = words.find((word) => !(countable as readonly string[]).includes(word));
  if (unknown === undefined) return countable.filter((part) => words.includes(part));
  throw new ForesellError('field-invalid', `${path}: "${unknown}" is no part; there is ${countable.join(', ')}`, { path }); // biome-ignore format: one sentence
}

const partWords = { booked: 'booked', open: 'open deals', new: 'deals not yet created', renewals: 'renewals', churn: 'churn' } as const; // biome-ignore format: a table

/** What is in the number, in words. */
export function saysParts({ parts }: Forecast): string {
  const words = (of: readonly ForecastPart[]) => of.map(({ part }) => partWords[part]).join(', ');
  const counted = parts.filter((part) => part.counted);
  const left = parts.filter((part) => !part.counted && part.absent === null);
  const absent = parts.filter((part) => part.absent !== null && part.part !== 'churn');
  return [
    `In the number: ${words(counted)}.`,
    ...(left.length ? [`Not counted: ${words(left)}.`] : []),
    ...absent.map(({ part, absent: why }) => `Not told: ${partWords[part]} (${why}).`),
  ].join(' ');
}

/** A forecast as it leaves, with the largest of its deals. */
export function forecastJson(forecast: Forecast, engine: Engine, most = 20): z.infer<typeof forecastAnswer> {
  const money = (minor: number) => ({ minor, currency: forecast.currency });
  const group = (g: GroupForecast) => ({
    id: g.id,
    name: g.name ?? (g.kind === 'all' ? 'All' : 'Nobody'),
    parentId: g.parentId,
    closed: money(g.closedMinor),
    expected: money(g.expectedMinor),
    open: money(g.openMinor),
    newBusiness: money(g.newMinor),
    renewals: money(g.renewalMinor),
    p10: money(g.p10Minor),
    p50: money(g.p50Minor),
    p90: money(g.p90Minor),
    bands: g.bands.map(({ level, lowMinor, highMinor }) => ({ level, low: money(lowMinor), high: money(highMinor) })),
    openDeals: g.openDeals,
    closedDeals: g.closedDeals,
    quota: g.quotaMinor === null ? null : money(g.quotaMinor),
    probabilityOfQuota: g.quotaProbability,
    gapToQuota: g.quotaMinor === null ? null : money(g.quotaMinor - g.expectedMinor),
  });
  const deal = ({ id, probability, amountMinor, expectedMinor }: ForecastDeal) => ({
    id,
    probability,
    amount: money(amountMinor),
    expected: money(expectedMinor),
  });
  const { openOnly } = forecast;
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
    parts: forecast.parts.map(({ expectedMinor, ...part }) => ({
      ...part,
      expected: expectedMinor === null ? null : money(expectedMinor),
    })),
    openOnly: {
      expected: money(openOnly.expectedMinor),
      p10: money(openOnly.p10Minor),
      p50: money(openOnly.p50Minor),
      p90: money(openOnly.p90Minor),
      probabilityOfQuota: openOnly.quotaProbability,
    },
    createdDeals: forecast.createdDeals,
    deals: forecast.deals.slice(0, most).map(deal),
    toClose: forecast.toClose?.map(deal) ?? null,
    apart: forecast.apart.map((deal) => ({ ...deal })),
    notes: [
      'Closed and expected of the groups without a parent add up to the total; quantiles do not.',
      saysParts(forecast),
      ...(forecast.lowSkill ? ['Insufficient data: every deal counts with the usual rate.'] : []),
      ...(forecast.hindsight ? ['The version learned from what happened after asOf: this is no test of it.'] : []),
      ...(forecast.apart.length ? [`${forecast.apart.length} deals without an amount or a rate are named apart.`] : []),
      ...forecast.remarks,
    ],
  };
}
