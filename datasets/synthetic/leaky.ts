import type { Random } from '../../src/random.ts';
import type { RowOf } from '../../src/records.ts';
import { DAY } from '../../src/time.ts';
import type { Clock } from './clock.ts';
import { LEAKY, OPEN_STAGES } from './constants.ts';
import { pad, pick } from './draws.ts';
import type { DealPath } from './latent.ts';
import type { LeadPath } from './leads.ts';
import type { Rep } from './people.ts';
import { plain, type Tables } from './rows.ts';

/** A planted leak: `hard` ones tell the outcome itself, `suspect` ones lean on it. */
export interface Leak {
  readonly kind: 'hard' | 'suspect';
  readonly file: string;
  readonly column: string;
  /** The setting under which the company calls the column known from the start. */
  readonly setting: string;
  readonly what: string;
}

export const LEAKS: readonly Leak[] = [
  { kind: 'hard', file: 'deals.csv', column: 'contract_number', setting: 'fixed: deal.contract_number', what: 'filled after the close, of won deals only, without history' }, // biome-ignore format: a row
  { kind: 'hard', file: 'deals.csv', column: 'stage_probability', setting: 'fixed and numeric: deal.stage_probability', what: "the stage's percentage, overwritten with 100 or 0 at the close, without history" }, // biome-ignore format: a row
  { kind: 'hard', file: 'deals.csv', column: 'loss_note', setting: 'fixed: deal.loss_note', what: 'a reason filled after the close, of lost deals only, without history' }, // biome-ignore format: a row
  { kind: 'suspect', file: 'deals.csv', column: 'owner_id', setting: 'fixed: deal.owner_id', what: 'most won deals are handed to customer success after the win; the history of the owner was not kept' }, // biome-ignore format: a row
  { kind: 'suspect', file: 'activities.csv', column: 'kind=task', setting: '', what: 'tasks written at the close of won deals and dated days before it, without known_at' }, // biome-ignore format: a row
  { kind: 'hard', file: 'leads.csv', column: 'customer_number', setting: 'fixed: lead.customer_number', what: 'filled after the conversion, of converted leads only, without history' }, // biome-ignore format: a row
];

/** Settings of a company that calls its leaking columns known from the start, as one does that did not look. */
export const LEAKY_SETTINGS = {
  fixed: ['deal.contract_number', 'deal.stage_probability', 'deal.loss_note', 'deal.owner_id', 'lead.customer_number'],
  numeric: ['deal.stage_probability'],
} as const;

const NOTES = ['too expensive', 'chose another vendor', 'project stopped', 'no answer'] as const;
const STAGE_PERCENT = [10, 25, 45, 65, 85] as const;

/** Plants the leaks into the newest deal or lead of the tables; the deal's own course stays as it is. */
export function leaky(
  draw: Random,
  reps: readonly Rep[],
  clock: Clock,
  tables: Tables,
): { readonly planted: readonly Leak[]; deal(path: DealPath): void; lead(path: LeadPath): void } {
  const success = ['U901', 'U902'].map((id, i) => {
    tables.user.push({
      id,
      name: `Customer success ${i + 1}`,
      email: `${id.toLowerCase()}@siam-sample.example`,
      teamId: 'T0',
      managerId: null,
      role: 'customer success',
      activeFrom: clock.start - 400 * DAY,
      activeTo: null,
      ...plain,
    });
    return id;
  });
  const known = new Set(reps.map((rep) => rep.id));
  let contracts = 0;
  return {
    planted: LEAKS,
    deal(path) {
      const row = tables.deal.at(-1)!;
      const { outcome, closedAt } = path;
      const custom: Record<string, string> = { ...row.custom };
      const percent = outcome === 'won' ? 100 : outcome === 'lost' ? 0 : STAGE_PERCENT[OPEN_STAGES.indexOf(row.stage as never)]!; // biome-ignore format: one choice
      custom['stage_probability'] = String(percent);
      if (outcome === 'won' && draw.uniform() < LEAKY.contractNumber)
        custom['contract_number'] = `CN-${pad(++contracts, 5)}`;
      if (outcome === 'lost' && draw.uniform() < LEAKY.lossNote) custom['loss_note'] = pick(NOTES, draw);
      const handed = outcome === 'won' && draw.uniform() < LEAKY.handedOver;
      tables.deal[tables.deal.length - 1] = { ...row, custom, ownerId: handed ? pick(success, draw) : row.ownerId };
      drop(tables.change, path.id, (change) => change.kind === 'deal' && change.field === 'owner_id');
      const { won, lost, days } = LEAKY.backdated;
      if (closedAt === null || draw.uniform() >= (outcome === 'won' ? won : lost)) return;
      for (let n = 1; n <= 2; n++) {
        const at = closedAt - Math.floor(days * DAY * draw.uniform());
        if (at <= path.createdAt) continue;
        tables.activity.push({
          id: `${path.id}-X${n}`,
          kind: 'task',
          direction: null,
          at: at - (at % 1000),
          endedAt: null,
          dealId: path.id,
          leadId: null,
          accountId: path.account.id,
          contactId: null,
          userId: known.has(row.ownerId ?? '') ? row.ownerId : null,
          subject: null,
          body: path.account.language === 'th' ? 'เตรียมเอกสารส่งมอบ' : 'Prepare the hand-over papers',
          outcome: null,
          participants: null,
          ...plain,
        });
      }
    },
    lead(path) {
      if (path.outcome !== 'converted') return;
      const row = tables.lead.at(-1)!;
      tables.lead[tables.lead.length - 1] = { ...row, custom: { customer_number: `K-${path.id.slice(1)}` } };
    },
  };
}

/** Takes rows of the newest deal out; only changes of its order come after them. */
function drop(rows: RowOf<'change'>[], dealId: string, matches: (row: RowOf<'change'>) => boolean): void {
  let from = rows.length;
  while (from > 0 && (rows[from - 1]!.id === dealId || rows[from - 1]!.id === `O-${dealId}`)) from--;
  const kept = rows.slice(from).filter((row) => !matches(row));
  rows.splice(from, rows.length - from, ...kept);
}
