import { createRoute, z } from '@hono/zod-openapi';
import type { ForecastSaid } from '../../src/store/forecastsSaid.ts';
import { formatInstant, type Period } from '../../src/time.ts';
import type { Engine } from '../engine.ts';
import { problems, type Routes } from '../route.ts';
import { instant, money } from '../schemas/common.ts';

const item = z.object({
  day: z.string().openapi({ description: 'Date where the company is.' }),
  asOf: instant,
  version: z.string(),
  booked: money,
  expected: money,
  p10: money,
  p50: money,
  p90: money,
  quota: money.nullable(),
  probabilityOfQuota: z.number().min(0).max(1).nullable(),
  openDeals: z.int(),
});
export const forecastHistoryAnswer = z
  .object({ period: z.string(), from: instant, to: instant, sample: z.boolean(), items: z.array(item) })
  .openapi('ForecastHistory');
type Answer = z.infer<typeof forecastHistoryAnswer>;

const thb = (minor: number) => ({ minor, currency: 'THB' });
export const forecastHistoryExample: Answer = {
  period: '2026-Q4',
  from: '2026-09-30T17:00:00.000Z',
  to: '2026-12-31T17:00:00.000Z',
  sample: false,
  items: [
    {
      ...{ day: '2026-11-21', asOf: '2026-11-21T02:00:00.000Z', version: '9f2c51d0a8e1' },
      ...{ booked: thb(410000000), expected: thb(760000000), p10: thb(640000000), p50: thb(755000000), p90: thb(890000000) }, // biome-ignore format: a row
      ...{ quota: thb(800000000), probabilityOfQuota: 0.34, openDeals: 71 },
    },
  ],
};

const route = createRoute({
  method: 'get',
  path: '/v1/forecast/history',
  tags: ['forecast'],
  summary: 'Forecasts of a period as they were said, day by day, with the version that said them',
  description:
    'Kept once a day while the server runs, and by `foresell forecast history --keep`: of the fiscal quarter, the one after it, the month and the fiscal year. The first word of a day stands, and nothing is taken away. `GET /v1/forecast?asOf=` makes a past forecast anew from what is known of that day by now; this is what was said on it.',
  request: {
    query: z.strictObject({
      period: z
        .string()
        .max(20)
        .optional()
        .openapi({ description: 'Default: the current fiscal quarter.', example: '2026-Q4' }),
    }),
  },
  responses: {
    200: {
      description: 'Oldest first; empty where none was kept.',
      content: { 'application/json': { schema: forecastHistoryAnswer, example: forecastHistoryExample } },
    },
    ...problems(400),
  },
});

export const forecastHistory: Routes = (app, { engine }) => {
  app.openapi(route, (c) => {
    const { period: label } = c.req.valid('query');
    const period = engine.period(label === undefined ? {} : { label }, engine.liveAsOf());
    return c.json(forecastHistoryJson(engine, period, engine.store.forecastsSaid(period)), 200);
  });
};

export function forecastHistoryJson(engine: Engine, period: Period, rows: readonly ForecastSaid[]): Answer {
  return {
    period: period.label,
    from: formatInstant(period.from),
    to: formatInstant(period.to),
    sample: engine.sample,
    items: rows.map((row) => {
      const money = (minor: number) => ({ minor, currency: row.currency });
      return {
        ...{ day: row.day, asOf: formatInstant(row.at), version: row.version },
        ...{ booked: money(row.bookedMinor), expected: money(row.expectedMinor) },
        ...{ p10: money(row.p10Minor), p50: money(row.p50Minor), p90: money(row.p90Minor) },
        quota: row.quotaMinor === null ? null : money(row.quotaMinor),
        ...{ probabilityOfQuota: row.quotaProbability, openDeals: row.openDeals },
      };
    }),
  };
}
