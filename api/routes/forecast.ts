import { createRoute, z } from '@hono/zod-openapi';
import { formatInstant } from '../../src/time.ts';
import { adjustmentJson } from '../adjustmentsAnswer.ts';
import type { BlendSaid } from '../blend.ts';
import { blendJson } from '../blendAnswer.ts';
import type { Engine } from '../engine.ts';
import * as examples from '../examples.ts';
import type { Forecast, ForecastDeal, ForecastPart, GroupForecast } from '../forecast.ts';
import { forecastAnswer } from '../forecastAnswer.ts';
import { problems, type Routes } from '../route.ts';
import { eitherWay, forecastAsk, forecastQuery, oneWay } from './forecastQuery.ts';
import { wholeNumber } from './wholeNumber.ts';

const route = createRoute({
  method: 'get',
  path: '/v1/forecast',
  tags: ['forecast'],
  summary: 'What a period will bring: closed so far, expected, and how sure that is',
  description:
    'Booked, open deals and deals not yet created, and renewals less churn where asked for; parts says what is in the number. The default period is the current fiscal quarter. Give a period, or from and to (to is not included).',
  request: {
    query: z.strictObject({ ...forecastQuery, deals: wholeNumber(0, 1_000, 20) }).refine(oneWay, eitherWay),
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
    const { deals, ...words } = c.req.valid('query');
    const ask = forecastAsk(engine, words);
    return c.json(forecastJson(engine.forecast(ask), engine, deals, engine.blend(ask)), 200);
  });
};

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
export function forecastJson(
  forecast: Forecast,
  engine: Engine,
  most = 20,
  blend?: BlendSaid,
): z.infer<typeof forecastAnswer> {
  const money = (minor: number) => ({ minor, currency: forecast.currency });
  const people = engine.adjustments(forecast.period, forecast.asOf);
  const beside = ({ kind: by, id, expectedMinor }: GroupForecast, kind: 'adjustment' | 'commit') => {
    // Deals without a group are nobody's to call.
    const row = by !== 'all' && id === null ? undefined : people.find((one) => one.kind === kind && one.by === by && one.node === id); // biome-ignore format: a choice
    if (!row) return null;
    const { amount, at, author, reason, id: number } = adjustmentJson(row, engine.store);
    const difference = amount.currency === forecast.currency ? money(amount.minor - expectedMinor) : null;
    return { id: number, amount, difference, at, author: author?.name ?? null, reason };
  };
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
    categories: g.categories.map(({ category, openDeals, amountMinor, dueMinor, expectedMinor }) => ({
      category,
      openDeals,
      amount: money(amountMinor),
      due: money(dueMinor),
      expected: money(expectedMinor),
    })),
    quota: g.quotaMinor === null ? null : money(g.quotaMinor),
    probabilityOfQuota: g.quotaProbability,
    gapToQuota: g.quotaMinor === null ? null : money(g.quotaMinor - g.expectedMinor),
    adjustment: beside(g, 'adjustment'),
    commit: beside(g, 'commit'),
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
    blend: blendJson(blend, forecast.currency),
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
      ...(people.length ? ['Adjustments and commits are what people call; they change nothing of the forecast.'] : []),
      ...forecast.remarks,
    ],
  };
}
