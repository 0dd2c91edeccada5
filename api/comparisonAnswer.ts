import { z } from '@hono/zod-openapi';
import { groupings } from '../models/forecast/rollup.ts';
import { formatInstant } from '../src/time.ts';
import type { Compared, Comparison, Ended, GroupComparison } from './comparison.ts';
import type { Engine } from './engine.ts';
import { instant, money } from './schemas/common.ts';

const share = z.number().nullable();
const ended = z.object({
  booked: money,
  wonDeals: z.int(),
  lostDeals: z.int(),
  winRate: share.openapi({ description: 'Won of all that ended, by number.' }),
  winRateOfMoney: share.openapi({ description: 'The same by money, of those whose amount is known.' }),
  cycleDays: share.openapi({ description: 'Median days from creation to win.' }),
  averageWin: money.nullable(),
});
const compared = z
  .object({
    byThen: ended.openapi({ description: 'What had ended by the same day of it.' }),
    whole: ended,
    bookedChange: money.openapi({ description: 'Booked now, less what was booked by then.' }),
    bookedGrowth: share.openapi({ description: 'The same as a share of what was booked by then.' }),
  })
  .nullable()
  .openapi({ description: 'Null where the records do not reach back so far.' });
const group = z.object({
  id: z.string().nullable(),
  name: z.string(),
  parentId: z.string().nullable(),
  quota: money.nullable(),
  expected: money,
  probabilityOfQuota: z.number().min(0).max(1).nullable(),
  attainment: share.openapi({ description: 'Booked / quota.' }),
  expectedAttainment: share.openapi({ description: 'Expected / quota.' }),
  pace: share.openapi({ description: 'Attainment / share of the period that has passed: 1 is on plan.' }),
  openDeals: z.int(),
  due: money.openapi({ description: 'Open deals whose expected close date lies in the period.' }),
  coverage: share.openapi({ description: 'Due / (quota - booked); null where nothing is missing.' }),
  velocity: money.nullable().openapi({
    description: 'Money a day: open deals x win rate x average win / cycle, of what ended within 365 days.',
  }),
  now: ended,
  previous: compared,
  yearBefore: compared,
});
const stretch = z.object({ period: z.string(), from: instant, to: instant });

export const comparisonAnswer = z
  .object({
    asOf: instant,
    ...stretch.shape,
    previous: stretch,
    yearBefore: stretch,
    elapsed: z.number().min(0).max(1).openapi({ description: 'Share of the period that has passed.' }),
    currency: z.string(),
    sample: z.boolean(),
    topDown: money.nullable().openapi({
      description:
        'The whole of the period by past bookings alone, week by week, as a series goes on; it knows nothing of the open deals, so a look from above at what is expected. Null where there are fewer than 26 weeks of bookings, or the period is over.',
    }),
    by: z.enum(groupings),
    total: group,
    groups: z.array(group).openapi({ description: 'A team holds its sub-teams.' }),
    notes: z.array(z.string()),
  })
  .openapi('ForecastComparison');

export function comparisonJson(
  answer: Comparison,
  engine: Engine,
  by: z.infer<typeof comparisonAnswer>['by'],
): z.infer<typeof comparisonAnswer> {
  // biome-ignore format: one signature
  const money = (minor: number) => ({ minor, currency: answer.currency });
  const perhaps = (minor: number | null) => (minor === null ? null : money(minor));
  const period = ({ from, to, label }: Comparison['period']) => ({ period: label, from: formatInstant(from), to: formatInstant(to) }); // biome-ignore format: a row
  const ended = ({ bookedMinor, averageMinor, ...rest }: Ended) => ({ ...rest, booked: money(bookedMinor), averageWin: perhaps(averageMinor) }); // biome-ignore format: a row
  const compared = (now: Ended, other: Compared | null) => {
    if (other === null) return null;
    const change = now.bookedMinor - other.byThen.bookedMinor;
    const growth = other.byThen.bookedMinor > 0 ? change / other.byThen.bookedMinor : null;
    return { byThen: ended(other.byThen), whole: ended(other.whole), bookedChange: money(change), bookedGrowth: growth }; // biome-ignore format: a row
  };
  const group = (g: GroupComparison) => ({
    id: g.id,
    name: g.name ?? (g.kind === 'all' ? 'All' : 'Nobody'),
    parentId: g.parentId,
    quota: perhaps(g.quotaMinor),
    expected: money(g.expectedMinor),
    probabilityOfQuota: g.quotaProbability,
    attainment: g.attainment,
    expectedAttainment: g.expectedAttainment,
    pace: g.pace,
    openDeals: g.openDeals,
    due: money(g.dueMinor),
    coverage: g.coverage,
    velocity: perhaps(g.velocityMinor),
    now: ended(g.now),
    previous: compared(g.now, g.previous),
    yearBefore: compared(g.now, g.yearBefore),
  });
  return {
    asOf: formatInstant(answer.asOf),
    ...period(answer.period),
    previous: period(answer.previous),
    yearBefore: period(answer.yearBefore),
    elapsed: answer.elapsed,
    currency: answer.currency,
    sample: engine.sample,
    topDown: perhaps(answer.topDownMinor),
    by,
    total: group(answer.total),
    groups: answer.groups.map(group),
    notes: [
      'Every period is told from what is known as of asOf; each ending counts for whom it was then, at the rate of its day.',
      'The plan is the quota: what quotas.csv holds for the period.',
    ],
  };
}

const thb = (minor: number) => ({ minor, currency: 'THB' });
const endedExample = { wonDeals: 9, lostDeals: 14, winRate: 0.391, winRateOfMoney: 0.352, cycleDays: 63, booked: thb(412000000), averageWin: thb(45777778) }; // biome-ignore format: a row
const comparedExample = {
  byThen: { ...endedExample, wonDeals: 8, booked: thb(380000000), averageWin: thb(47500000) },
  whole: { ...endedExample, wonDeals: 16, lostDeals: 25, booked: thb(742000000), averageWin: thb(46375000) },
  bookedChange: thb(32000000),
  bookedGrowth: 0.0842,
};
export const comparisonExample: z.infer<typeof comparisonAnswer> = {
  asOf: '2026-11-21T00:00:00.000Z',
  period: '2026-Q4',
  from: '2026-09-30T17:00:00.000Z',
  to: '2026-12-31T17:00:00.000Z',
  previous: { period: '2026-Q3', from: '2026-06-30T17:00:00.000Z', to: '2026-09-30T17:00:00.000Z' },
  yearBefore: { period: '2025-Q4', from: '2025-09-30T17:00:00.000Z', to: '2025-12-31T17:00:00.000Z' },
  elapsed: 0.557,
  currency: 'THB',
  sample: false,
  topDown: thb(771000000),
  by: 'all',
  total: {
    id: null,
    name: 'All',
    parentId: null,
    quota: thb(800000000),
    expected: thb(757000000),
    probabilityOfQuota: 0.31,
    attainment: 0.515,
    expectedAttainment: 0.946,
    pace: 0.925,
    openDeals: 118,
    due: thb(930000000),
    coverage: 2.4,
    velocity: thb(33500000),
    now: endedExample,
    previous: comparedExample,
    yearBefore: null,
  },
  groups: [],
  notes: ['The plan is the quota: what quotas.csv holds for the period.'],
};
