import { z } from '@hono/zod-openapi';
import { groupings } from '../models/forecast/rollup.ts';
import { ForesellError } from '../src/errors.ts';
import type { Store } from '../src/store/store.ts';
import { formatInstant, type Period } from '../src/time.ts';
import { type Adjustment, type AdjustmentGiven, inForce } from './adjustments.ts';
import type { Engine } from './engine.ts';
import { instant, money } from './schemas/common.ts';

const reason = z.string().trim().min(1, 'say why').max(500);
const number = z.strictObject({
  kind: z.enum(['adjustment', 'commit']).openapi({ description: 'A manager’s number, or a rep’s own call.' }),
  by: z.enum(groupings).default('all'),
  id: z.string().min(1).max(200).optional().openapi({ description: 'Of the group; none for the whole.' }),
  period: z.string().max(20).optional().openapi({ description: 'Default: the current fiscal quarter.' }),
  amount: money.openapi({ description: 'What it will bring, instead of what the model expects.' }),
  reason,
});
const undo = z.strictObject({ kind: z.literal('undo'), undoes: z.int().min(1), reason });

export const adjustmentsRequest = z
  .strictObject({
    adjustments: z
      .array(z.discriminatedUnion('kind', [number, undo]))
      .min(1)
      .max(100),
  })
  .openapi('AdjustmentsRequest');

const adjustment = z.object({
  id: z.int(),
  at: instant,
  kind: z.enum(['adjustment', 'commit', 'undo']),
  by: z.enum(groupings),
  group: z.string().nullable(),
  period: z.string(),
  amount: money,
  reason: z.string(),
  author: z.object({ id: z.string(), name: z.string() }).nullable().openapi({
    description: 'The key that it was told with; null where the server asks for none.',
  }),
  undoes: z.int().nullable(),
});
export const adjustmentsAnswer = z
  .object({ arrivedAt: instant, items: z.array(adjustment) })
  .openapi('AdjustmentsAnswer');
export const adjustmentsList = z
  .object({ items: z.array(adjustment.extend({ inForce: z.boolean() })) })
  .openapi('Adjustments');

/** What was asked, with its period. */
export function givenAdjustments(
  { adjustments }: z.infer<typeof adjustmentsRequest>,
  engine: Engine,
): AdjustmentGiven[] {
  return adjustments.map((one, i) => {
    if (one.kind === 'undo') return one;
    const { period, ...rest } = one;
    return { ...rest, period: periodOf(engine, period, `adjustments[${i}].period`) };
  });
}

/** The engine knows of one period: which of many was wrong is told here. */
function periodOf(engine: Engine, label: string | undefined, path: string): Period {
  try {
    return engine.period(label === undefined ? {} : { label }, engine.liveAsOf());
  } catch (error) {
    if (!(error instanceof ForesellError)) throw error;
    throw new ForesellError(error.code, `${path}: ${error.message}`, { status: error.status, path, cause: error });
  }
}

/** Every row there was, of a period or all, oldest first, and whether it counts. */
export function listedAdjustments(engine: Engine, period?: string): z.infer<typeof adjustmentsList>['items'] {
  const { store } = engine;
  const rows = store.adjustments(period === undefined ? undefined : engine.period({ label: period }, engine.liveAsOf())); // biome-ignore format: one call
  const counting = new Set(inForce(rows, Number.POSITIVE_INFINITY).map(({ id }) => id));
  return rows.map((row) => ({ ...adjustmentJson(row, store), inForce: counting.has(row.id) }));
}

/** A row as it leaves, with the name of its author's key. */
export function adjustmentJson(row: Adjustment, store: Store): z.infer<typeof adjustment> {
  const key = row.author === null ? undefined : store.keys().find(({ id }) => id === row.author);
  return {
    id: row.id,
    at: formatInstant(row.at),
    kind: row.kind,
    by: row.by as z.infer<typeof adjustment>['by'],
    group: row.node,
    period: row.period,
    amount: { minor: row.amountMinor, currency: row.currency },
    reason: row.reason,
    author: row.author === null ? null : { id: row.author, name: key?.name ?? row.author },
    undoes: row.undoes,
  };
}

export const adjustmentsExample: z.input<typeof adjustmentsRequest> = {
  adjustments: [
    {
      kind: 'commit',
      by: 'owner',
      id: 'U-7',
      period: '2026-Q4',
      amount: { minor: 180000000, currency: 'THB' },
      reason: 'Siam Steel and Andaman sign this month',
    },
    { kind: 'undo', undoes: 12, reason: 'superseded' },
  ],
};
const told = {
  id: 31,
  at: '2026-11-21T02:15:01.204Z',
  kind: 'commit' as const,
  by: 'owner' as const,
  group: 'csv:U-7',
  period: '2026-Q4',
  amount: { minor: 180000000, currency: 'THB' },
  reason: 'Siam Steel and Andaman sign this month',
  author: { id: 'k1', name: 'crm' },
  undoes: null,
};
export const adjustmentsAnswerExample: z.infer<typeof adjustmentsAnswer> = { arrivedAt: told.at, items: [told] };
export const adjustmentsListExample: z.infer<typeof adjustmentsList> = { items: [{ ...told, inForce: true }] };
