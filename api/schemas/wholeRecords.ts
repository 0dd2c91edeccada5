import { z } from '@hono/zod-openapi';
import { type RecordKind, records } from '../../src/records.ts';
import type { SubjectKind } from '../../src/subjects/index.ts';
import { type JsonRow, row, rowShape } from './rows.ts';

const order = z.strictObject({
  ...rowShape(records.order, ['account_id']),
  lines: z
    .array(row('orderLine', ['order_id']))
    .max(1_000)
    .optional(),
}) as unknown as z.ZodType<JsonRow<'order'> & { readonly lines?: readonly JsonRow<'orderLine'>[] | undefined }>;

/** A deal with its whole history: what `POST /v1/scores/deal` scores without storing it. */
export const dealRecord = z
  .strictObject({
    deal: row('deal'),
    changes: z
      .array(row('change', ['kind', 'id']))
      .max(2_000)
      .optional(),
    activities: z.array(row('activity')).max(5_000).optional(),
    quoteLines: z
      .array(row('quoteLine', ['deal_id']))
      .max(1_000)
      .optional(),
    dealContacts: z
      .array(row('dealContact', ['deal_id']))
      .max(1_000)
      .optional(),
    account: row('account').optional(),
    orders: z.array(order).max(2_000).optional(),
  })
  .openapi('DealRecord', {
    description:
      'One deal with its whole history, in the camelCase of the import bundle. Ids of rows inside may be left out where the place says them.',
  });
export type DealRecord = z.infer<typeof dealRecord>;

const list = <K extends RecordKind>(kind: K, implied: readonly string[], most = 2_000) =>
  z.array(row(kind, implied)).max(most).optional();
const changes = list('change', ['kind', 'id']);

/** A lead with its whole history: what `POST /v1/scores/lead` scores without storing it. */
export const leadRecord = z
  .strictObject({
    lead: row('lead'),
    changes,
    activities: list('activity', [], 5_000),
    campaignMembers: list('campaignMember', []),
  })
  .openapi('LeadRecord', {
    description: 'One lead with its whole history, in the camelCase of the import bundle.',
  });
export type LeadRecord = z.infer<typeof leadRecord>;

/** A customer with its whole history: what `POST /v1/scores/churn` scores without storing it. */
export const customerRecord = z
  .strictObject({
    account: row('account'),
    changes,
    subscriptions: list('subscription', ['account_id']),
    orders: z.array(order).max(2_000).optional(),
    invoices: list('invoice', ['account_id']),
    tickets: list('ticket', []),
    surveys: list('survey', []),
    usage: list('usage', ['account_id'], 5_000),
    contacts: list('contact', []),
    consents: list('consent', []),
    campaignMembers: list('campaignMember', []),
    deals: list('deal', ['account_id']),
    activities: list('activity', [], 5_000),
  })
  .openapi('CustomerRecord', {
    description:
      'One customer with its whole history, in the camelCase of the import bundle. Without subscriptions, two orders at least. Its deals, and the consents and campaigns of its contacts, count too: what is left out counts as none.',
  });
export type CustomerRecord = z.infer<typeof customerRecord>;

export type WholeRecord = DealRecord | LeadRecord | CustomerRecord;
/** What a model takes as a whole record, by whom it is about. */
export const wholeRecords: Readonly<Record<SubjectKind, z.ZodType<WholeRecord>>> = {
  deal: dealRecord,
  lead: leadRecord,
  account: customerRecord,
};
