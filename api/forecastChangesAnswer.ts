import { z } from '@hono/zod-openapi';
import { changeCauses, type Split } from '../models/forecast/bridge.ts';
import { groupings } from '../models/forecast/rollup.ts';
import { formatInstant } from '../src/time.ts';
import type { Engine } from './engine.ts';
import type { ForecastChanges, GroupChange } from './forecastChanges.ts';
import { instant, money } from './schemas/common.ts';

const causes = z
  .array(z.object({ cause: z.enum(changeCauses), change: money }))
  .openapi({ description: 'They add up to the change, exactly.' });
const change = z.object({ before: money, after: money, change: money, causes });
const groupChange = z.object({
  id: z.string().nullable(),
  name: z.string(),
  parentId: z.string().nullable(),
  ...change.shape,
});

export const changesAnswer = z
  .object({
    from: instant,
    to: instant,
    period: z.string(),
    currency: z.string(),
    sample: z.boolean(),
    versions: z.object({ from: z.string(), to: z.string() }),
    by: z.enum(groupings),
    total: groupChange,
    groups: z.array(groupChange),
    deals: z
      .array(z.object({ id: z.string(), ...change.shape }))
      .openapi({ description: 'Those that changed, the largest change first, as many as asked for.' }),
    changedDeals: z.int(),
    notes: z.array(z.string()),
  })
  .openapi('ForecastChanges');

export function changesJson(
  answer: ForecastChanges,
  engine: Engine,
  by: z.infer<typeof changesAnswer>['by'],
  most: number,
): z.infer<typeof changesAnswer> {
  const money = (minor: number) => ({ minor, currency: answer.currency });
  const changed = ({
    beforeMinor,
    afterMinor,
    causes: split,
  }: Pick<GroupChange, 'beforeMinor' | 'afterMinor' | 'causes'>) => ({
    before: money(beforeMinor),
    after: money(afterMinor),
    change: money(afterMinor - beforeMinor),
    causes: listed(split).map(([cause, minor]) => ({ cause, change: money(minor) })),
  });
  const group = (g: GroupChange) => ({
    id: g.id,
    name: g.name ?? (g.kind === 'all' ? 'All' : 'Nobody'),
    parentId: g.parentId,
    ...changed(g),
  });
  return {
    from: formatInstant(answer.from),
    to: formatInstant(answer.to),
    period: answer.period.label,
    currency: answer.currency,
    sample: engine.sample,
    versions: { ...answer.versions },
    by,
    total: group(answer.total),
    groups: answer.groups.map(group),
    deals: answer.deals.slice(0, most).map((deal) => ({ id: deal.id, ...changed(deal) })),
    changedDeals: answer.deals.length,
    notes: [
      'Both forecasts are made anew from what was known at their instants.',
      ...(answer.hindsight ? ['The version of the first learned from what happened after it.'] : []),
    ],
  };
}

/** Causes in their fixed order, without those that changed nothing. */
export const listed = (split: Split) =>
  changeCauses.flatMap((cause) => (split[cause] ? [[cause, split[cause]] as const] : []));

const thb = (minor: number) => ({ minor, currency: 'THB' });
const moves = {
  before: thb(700000000),
  after: thb(742000000),
  change: thb(42000000),
  causes: [
    { cause: 'won' as const, change: thb(61000000) },
    { cause: 'lost' as const, change: thb(-30000000) },
    { cause: 'newBusiness' as const, change: thb(11000000) },
  ],
};
export const changesExample: z.infer<typeof changesAnswer> = {
  from: '2026-11-14T00:00:00.000Z',
  to: '2026-11-21T00:00:00.000Z',
  period: '2026-Q4',
  currency: 'THB',
  sample: false,
  versions: { from: '9f2c51d0a8e1', to: '9f2c51d0a8e1' },
  by: 'all',
  total: { id: null, name: 'All', parentId: null, ...moves },
  groups: [],
  deals: [
    {
      id: 'csv:D-1042',
      before: thb(64000000),
      after: thb(125000000),
      change: thb(61000000),
      causes: [{ cause: 'won', change: thb(61000000) }],
    },
  ],
  changedDeals: 31,
  notes: ['Both forecasts are made anew from what was known at their instants.'],
};
