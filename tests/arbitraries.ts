import fc from 'fast-check';
import { type Company, company, companySettings } from '../src/company.ts';
import { memorySource, type Told } from '../src/facts.ts';
import { type Rate, rateTable } from '../src/money-rates.ts';
import type { EntityKind, Fact, FactFields, FactKind } from '../src/records.ts';
import { DAY, type Instant } from '../src/time.ts';
import type { FactSource } from '../src/world.ts';

/** Random worlds of facts: small, dense, with facts learned late and plans known early. */

/** Seed of every random test; FORESELL_TEST_SEED replays another. */
export const testSeed = Number(process.env['FORESELL_TEST_SEED'] ?? 20251);

export const START: Instant = Date.UTC(2025, 0, 6, 3);
/** Worlds stretch over this many days. */
export const SPAN = 120;

export const STAGES = ['new', 'talking', 'quoted', 'agreed', 'won', 'lost'] as const;
export const testCompany: Company = company(
  companySettings.parse({
    time_zone: 'Asia/Bangkok',
    base_currency: 'THB',
    fixed: ['deal.product', 'deal.seats', 'account.tier'],
    numeric: ['deal.seats'],
  }),
  STAGES.map((stage, rank) => ({
    pipeline: null,
    stage,
    rank,
    kind: stage === 'won' || stage === 'lost' ? stage : 'open',
    category: null,
    from: null,
  })),
);

const oneOf = <const T extends readonly unknown[]>(...values: T): fc.Arbitrary<T[number]> => fc.constantFrom(...values);
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null, freq: 4 });
const pool = (letter: string, size: number) =>
  fc.constantFrom(...Array.from({ length: size }, (_, i) => `${letter}${i}`));
const dealId = pool('d', 4);
const accountId = pool('a', 2);
const userId = pool('u', 3);
const leadId = pool('l', 2);
const productId = pool('p', 3);
const contactId = pool('c', 4);
const orderId = pool('o', 5);
const invoiceId = pool('i', 5);
const subscriptionId = pool('s', 3);
const ticketId = pool('t', 5);
const campaignId = pool('k', 2);
const currency = oneOf('THB', 'THB', 'EUR');
const minor = fc.integer({ min: 100, max: 90_000_000 });
// Half-hours, so that some facts meet exactly.
const instant = fc.integer({ min: 0, max: SPAN * 48 }).map((steps) => START + steps * (DAY / 48));

type Change = FactFields['change'];
const change = (field: string, value: fc.Arbitrary<string | number | null>): fc.Arbitrary<Change> =>
  fc.record({ field: fc.constant(field), old: fc.constant(null), value, by: maybe(userId) });

type About = Readonly<Partial<Record<EntityKind, string>>>;
interface Draft<K extends FactKind> {
  readonly kind: K;
  readonly fields: FactFields[K];
  readonly about: About;
  readonly planned: boolean;
}
const draft = <K extends FactKind>(
  kind: K,
  fields: fc.Arbitrary<FactFields[K]>,
  about: fc.Arbitrary<About>,
  planned = false,
): fc.Arbitrary<Draft<FactKind>> =>
  fc.record({ kind: fc.constant(kind), fields, about, planned: fc.constant(planned) }) as unknown as fc.Arbitrary<
    Draft<FactKind>
  >;

const onDeal = dealId.map((deal) => ({ deal }));
const onDealAndAccount = fc.record({ deal: dealId, account: accountId });
const onLead = leadId.map((lead) => ({ lead }));
const onDealOrLead = fc.oneof({ weight: 3, arbitrary: onDealAndAccount as fc.Arbitrary<About> }, { weight: 2, arbitrary: onLead }); // biome-ignore format: one choice
const onLeadOrAccount = fc.oneof(leadId.map((lead): About => ({ lead })), accountId.map((account): About => ({ account }))); // biome-ignore format: one choice
const onAccount = accountId.map((account) => ({ account }));

const dealChange = fc.oneof(
  { weight: 5, arbitrary: change('stage', fc.constantFrom(...STAGES)) },
  { weight: 3, arbitrary: change('expected_close_date', instant) },
  { weight: 3, arbitrary: change('amount', maybe(minor)) },
  { weight: 2, arbitrary: change('owner_id', userId) },
  { weight: 1, arbitrary: change('forecast_category', oneOf('commit', 'best case', 'pipeline')) },
  { weight: 1, arbitrary: change('product', oneOf('gold', 'silver')) },
  { weight: 1, arbitrary: change('seats', oneOf('3', '40', 'many')) },
);
const accountChange = fc.oneof(
  change('employees', fc.integer({ min: 1, max: 5000 })),
  change('annual_revenue', minor),
  change('owner_id', userId),
  change('tier', oneOf('A', 'B')),
);
const leadChange = fc.oneof(change('status', oneOf('new', 'working', 'nurtured')), change('owner_id', userId), change('consent', oneOf('given', 'none', 'later'))); // biome-ignore format: a row
const productChange = fc.oneof(
  change('list_price', fc.integer({ min: 1000, max: 9000 })),
  change('floor_price', fc.integer({ min: 500, max: 8000 })),
  change('cost', fc.integer({ min: 300, max: 7000 })),
  change('in_stock', fc.integer({ min: 0, max: 40 })),
);
const channel = oneOf('email', 'email', 'call', 'chat', 'meeting', 'note', 'task');

/** One fact of any kind, without its times. */
const anyDraft: fc.Arbitrary<Draft<FactKind>> = fc.oneof(
  { weight: 8, arbitrary: draft('change', dealChange, onDeal) },
  {
    weight: 8,
    arbitrary: draft(
      'activity',
      fc.record({
        channel,
        direction: maybe(oneOf('in', 'out')),
        contactId: maybe(contactId),
        userId: maybe(userId),
        participants: maybe(fc.integer({ min: 1, max: 9 })),
        sentiment: maybe(fc.integer({ min: -1000, max: 1000 }).map((n) => n / 1000)),
        intents: maybe(fc.integer({ min: 0, max: 63 })),
      }),
      onDealOrLead,
      true,
    ),
  },
  {
    weight: 2,
    arbitrary: draft(
      'activityEnded',
      fc.record({
        channel,
        outcome: maybe(oneOf('held', 'missed', 'no_show')),
        startedAt: instant,
        contactId: maybe(contactId),
      }),
      onDealOrLead,
    ),
  },
  {
    weight: 3,
    arbitrary: draft(
      'activity',
      fc.record({
        channel,
        direction: maybe(oneOf('in', 'out')),
        contactId: contactId,
        userId: maybe(userId),
        participants: fc.constant(null),
        sentiment: maybe(fc.integer({ min: -1000, max: 1000 }).map((n) => n / 1000)),
        intents: fc.constant(null),
        viaContact: fc.constant(true as const),
      }),
      onAccount,
      true,
    ),
  },
  {
    weight: 1,
    arbitrary: draft(
      'activityEnded',
      fc.record({
        channel,
        outcome: maybe(oneOf('held', 'missed')),
        startedAt: instant,
        contactId,
        viaContact: fc.constant(true as const),
      }),
      onAccount,
    ),
  },
  { weight: 1, arbitrary: draft('orderCancelled', fc.record({ orderId }), onAccount) },
  {
    weight: 4,
    arbitrary: draft(
      'quoteLine',
      fc.record({
        quoteId: pool('q', 4),
        productId: maybe(productId),
        quantity: maybe(fc.integer({ min: 1, max: 20 })),
        listPriceMinor: maybe(fc.integer({ min: 1000, max: 9000 })),
        unitPriceMinor: maybe(fc.integer({ min: 500, max: 9000 })),
        currency,
      }),
      onDeal,
    ),
  },
  {
    weight: 3,
    arbitrary: draft(
      'deal',
      fc.record({
        dealId,
        accountId: maybe(accountId),
        leadId: maybe(leadId),
        pipeline: maybe(oneOf('new', 'renewal')),
        currency,
      }),
      onDealAndAccount,
    ),
  },
  {
    weight: 3,
    arbitrary: draft(
      'closed',
      fc.record({
        dealId,
        outcome: oneOf('won', 'lost'),
        cause: fc.constant(null),
        lostReason: maybe(oneOf('price', 'timing')),
        amountMinor: maybe(minor),
        currency,
      }),
      onDealAndAccount,
    ),
  },
  { weight: 1, arbitrary: draft('reopened', fc.record({ by: maybe(userId) }), onDeal) },
  {
    weight: 1,
    arbitrary: draft('dealContact', fc.record({ contactId, role: maybe(oneOf('buyer', 'champion', 'user')) }), onDeal),
  },
  {
    weight: 2,
    arbitrary: draft(
      'account',
      fc.record({
        industry: maybe(oneOf('rice', 'steel')),
        region: maybe(oneOf('north', 'south')),
        country: maybe(oneOf('TH', 'DE')),
        parentId: fc.constant(null),
        currency: maybe(currency),
      }),
      onAccount,
    ),
  },
  { weight: 2, arbitrary: draft('change', accountChange, onAccount) },
  {
    weight: 2,
    arbitrary: draft(
      'user',
      fc.record({ role: maybe(oneOf('rep', 'manager')) }),
      userId.map((user) => ({ user })),
    ),
  },
  {
    weight: 3,
    arbitrary: draft(
      'lead',
      fc.record({
        source: maybe(oneOf('fair', 'web')),
        campaign: maybe(oneOf('spring', 'autumn')),
        country: maybe(oneOf('TH', 'DE')),
        title: maybe(oneOf('CEO', 'Purchasing manager', 'engineer')),
      }),
      onLead,
    ),
  },
  { weight: 2, arbitrary: draft('change', leadChange, onLead) },
  {
    weight: 1,
    arbitrary: draft('leadClosed', fc.record({ outcome: maybe(oneOf('converted', 'disqualified')) }), onLead),
  },
  { weight: 1, arbitrary: draft('converted', fc.record({ dealId: maybe(dealId) }), onLead) },
  { weight: 1, arbitrary: draft('reopened', fc.record({ by: maybe(userId) }), onLead) },
  {
    weight: 2,
    arbitrary: draft(
      'contact',
      fc.record({ contactId, title: maybe(oneOf('กรรมการ', 'Director', 'clerk')), department: fc.constant(null) }),
      onAccount,
    ),
  },
  {
    weight: 2,
    arbitrary: draft(
      'change',
      change('team_id', oneOf('t0', 't1')),
      userId.map((user) => ({ user })),
    ),
  },
  {
    weight: 3,
    arbitrary: draft(
      'orderLine',
      fc.record({
        orderId,
        productId: maybe(productId),
        quantity: maybe(fc.integer({ min: 1, max: 20 })),
        unitPriceMinor: maybe(fc.integer({ min: 500, max: 9000 })),
        discount: fc.constant(null),
        costMinor: fc.constant(null),
        currency,
      }),
      onAccount,
    ),
  },
  {
    weight: 2,
    arbitrary: draft(
      'invoice',
      fc.record({ invoiceId, orderId: maybe(orderId), dueAt: maybe(instant), amountMinor: maybe(minor), currency }),
      onAccount,
    ),
  },
  { weight: 2, arbitrary: draft('invoicePaid', fc.record({ invoiceId, dueAt: maybe(instant) }), onAccount) },
  {
    weight: 5,
    arbitrary: draft(
      'subscriptionTerm',
      fc.record({
        subscriptionId,
        productId: maybe(productId),
        endsAt: maybe(instant),
        amountMinor: maybe(minor),
        currency,
        interval: maybe(oneOf('month', 'year')),
      }),
      onAccount,
    ),
  },
  { weight: 1, arbitrary: draft('subscriptionCancelled', fc.record({ subscriptionId }), onAccount) },
  {
    weight: 2,
    arbitrary: draft(
      'ticket',
      fc.record({ ticketId, productId: maybe(productId), priority: maybe(oneOf('high', 'low')) }),
      onAccount,
    ),
  },
  { weight: 1, arbitrary: draft('ticketReplied', fc.record({ ticketId, openedAt: instant }), onAccount) },
  {
    weight: 2,
    arbitrary: draft(
      'ticketClosed',
      fc.record({
        ticketId,
        openedAt: instant,
        reopened: maybe(fc.boolean()),
        csat: maybe(fc.integer({ min: 1, max: 5 })),
      }),
      onAccount,
    ),
  },
  {
    weight: 2,
    arbitrary: draft(
      'survey',
      fc.record({ surveyKind: maybe(oneOf('nps')), score: maybe(fc.integer({ min: 0, max: 10 })) }),
      onAccount,
    ),
  },
  {
    weight: 2,
    arbitrary: draft('campaignSent', fc.record({ campaignId, variant: maybe(oneOf('a', 'b')) }), onLeadOrAccount),
  },
  { weight: 1, arbitrary: draft('campaignOpened', fc.record({ campaignId }), onLeadOrAccount) },
  { weight: 1, arbitrary: draft('campaignClicked', fc.record({ campaignId }), onLeadOrAccount) },
  { weight: 1, arbitrary: draft('campaignResponded', fc.record({ campaignId }), onLeadOrAccount) },
  {
    weight: 1,
    arbitrary: draft(
      'consentGiven',
      fc.record({ contactId, purpose: maybe(oneOf('news')), channel: maybe(oneOf('email')) }),
      onAccount,
    ),
  },
  {
    weight: 1,
    arbitrary: draft(
      'consentWithdrawn',
      fc.record({ contactId, purpose: maybe(oneOf('news')), channel: maybe(oneOf('email')) }),
      onAccount,
    ),
  },
  {
    weight: 3,
    arbitrary: draft(
      'usage',
      fc.record({ productId: maybe(productId), quantity: maybe(fc.integer({ min: 0, max: 100 })) }),
      onAccount,
    ),
  },
  {
    weight: 2,
    arbitrary: draft(
      'product',
      fc.record({ family: maybe(oneOf('pumps', 'valves')) }),
      productId.map((product) => ({ product })),
    ),
  },
  {
    weight: 2,
    arbitrary: draft(
      'price',
      fc.record({
        priceList: maybe(oneOf('retail')),
        priceMinor: fc.integer({ min: 1000, max: 9000 }),
        currency,
        to: fc.constant(null),
      }),
      productId.map((product) => ({ product })),
      true,
    ),
  },
  {
    weight: 1,
    arbitrary: draft(
      'change',
      productChange,
      productId.map((product) => ({ product })),
    ),
  },
  {
    weight: 2,
    arbitrary: draft('order', fc.record({ orderId, dealId: maybe(dealId), promisedAt: maybe(instant) }), onAccount),
  },
  {
    weight: 1,
    arbitrary: draft('delivered', fc.record({ orderId, promisedAt: maybe(instant) }), onAccount),
  },
);

/** What ended stays as it ended: see `factsOf`. */
const ENDINGS: ReadonlySet<string> = new Set(['closed', 'converted', 'leadClosed', 'reopened']);

/** A fact with both times: known at once, late, or (where it may be planned) ahead; now and then found to be gone. */
export const anyTold: fc.Arbitrary<Told> = fc
  .record({
    draft: anyDraft,
    at: instant,
    delayDays: oneOf(0, 0, 0, 0.25, 3, 40),
    aheadDays: oneOf(0, 0, 2, 30),
    goneDays: oneOf(...Array<undefined>(12).fill(undefined), 1, 45),
    serial: fc.integer({ min: 0, max: 1e9 }),
  })
  .map(({ draft, at, delayDays, aheadDays, goneDays, serial }) => {
    const knownAt = at + (draft.planned ? delayDays - aheadDays : delayDays) * DAY;
    const gone = goneDays === undefined || ENDINGS.has(draft.kind) ? {} : { goneAt: knownAt + goneDays * DAY };
    const fact = { ...draft.fields, kind: draft.kind, id: `${draft.kind}:${serial}`, at, knownAt, ...gone };
    return { fact: fact as unknown as Fact, about: draft.about };
  });

export const anyRate: fc.Arbitrary<Rate> = fc.record({
  from: oneOf('EUR', 'THB'),
  to: oneOf('THB', 'EUR'),
  at: instant,
  knownAt: instant,
  rate: fc.double({ min: 0.02, max: 50, noNaN: true }),
});

export interface RandomWorld {
  readonly told: readonly Told[];
  readonly rates: readonly Rate[];
}
/** Deals that exist early on, then anything. */
export const anyWorld: fc.Arbitrary<RandomWorld> = fc.record({
  told: fc.array(anyTold, { minLength: 60, maxLength: 220, size: 'max' }),
  rates: fc.array(anyRate, { maxLength: 4 }),
});

/** Any instant of a world's stretch, and a little beyond. */
export const anyInstant: fc.Arbitrary<Instant> = fc
  .integer({ min: 5 * 48, max: (SPAN + 30) * 48 })
  .map((steps) => START + steps * (DAY / 48));

export const sourceOf = ({ told, rates }: RandomWorld): FactSource => memorySource(testCompany, told, rateTable(rates));
