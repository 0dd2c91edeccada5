/**
 * What a company records. One declaration per kind gives its CSV file and header, its validation, its table and its
 * types; the facts that it tells (each with its two times) are part of the declaration.
 *
 * To add a kind of record or of fact, add it here; nothing else lists them.
 */

/** Whom a fact is about. A fact may belong to the past of several. */
export type EntityKind = 'deal' | 'lead' | 'account' | 'user' | 'product';

/**
 * - `key`: the source's own id of the row · `ref`: the id of another record
 * - `text` · `code`: a short word from a closed or open list (`levels`) · `person`: name, mail, phone or words of a person
 * - `time`: an instant · `number`, `integer`, `boolean` · `money`: minor units of the row's `currency`
 */
export type ColumnType =
  | 'key' | 'ref' | 'text' | 'code' | 'person' | 'time' | 'number' | 'integer' | 'boolean' | 'money'; // biome-ignore format: one idea a line

export interface Column {
  readonly type: ColumnType;
  /** An empty cell refuses the row; a missing column refuses the file. */
  readonly required: boolean;
  /**
   * When its value may be used. `fixed`: from creation, never changed after. `mutable`: overwritten by the source, so
   * only its recorded changes are facts. `late`: revealed by a fact of its own (a close, a delivery), not before it.
   */
  readonly known: 'fixed' | 'mutable' | 'late';
  /** `ref`: the kind referred to. */
  readonly refers?: string;
  /** `code`: the words allowed; absent = any. */
  readonly levels?: readonly string[];
  /** Numbers and money: the least that can be. */
  readonly least?: number;
  /** Numbers: what they must be more than. */
  readonly above?: number;
}

/** What a record tells, when it happened by its own column, and who it is about. */
export interface FactDeclaration {
  /** Time column that says when it happened; no value, no fact. */
  readonly at: string;
  /** `true`: `known_at` may precede `at` (booked meetings, future prices). Else known no earlier than it happened. */
  readonly planned?: boolean;
  /** Field of the fact: column of the row. */
  readonly fields: Readonly<Record<string, string>>;
  /** The column that holds the id of each entity it belongs to; `id` = the row itself. */
  readonly about: Readonly<Partial<Record<EntityKind, string>>>;
  /** Column that names a contact: where no account is named, it belongs to the contact's, from when both are known. */
  readonly viaContact?: string;
  /** `viaContact` only where the row names nobody else. The fact then says that it is told so. */
  readonly ifAlone?: true;
}

/**
 * Numbers that are read out of a person's words when a row is written, kept beside it and told with one of its facts.
 * The words themselves are never told. A file cannot give them; see `store/readings.ts`.
 */
export interface ReadingDeclaration {
  /** Columns of words, in the order in which they are read. */
  readonly from: readonly string[];
  /** The fact that tells what was read. */
  readonly fact: string;
  readonly columns: Readonly<Record<string, 'number' | 'integer'>>;
}

export interface RecordDeclaration {
  readonly file: string;
  readonly table: string;
  /** Columns that together name the row, where the source has no id of its own. */
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, Column>>;
  readonly facts: Readonly<Record<string, FactDeclaration>>;
  /**
   * Times of a row of which the second cannot lie before the first. Not where systems are known to write one of them down
   * afterwards, as the creation of a deal that was closed when it was typed in.
   */
  readonly spans?: readonly (readonly [from: string, to: string])[];
  readonly reading?: ReadingDeclaration;
}

const define = <const D extends RecordDeclaration>(declaration: D): D => declaration;

// The words in which columns are declared.
const key = { type: 'key', required: true, known: 'fixed' } as const;
const ref = <const K extends string>(refers: K) => ({ type: 'ref', required: false, known: 'fixed', refers }) as const;
const text = { type: 'text', required: false, known: 'fixed' } as const;
const person = { type: 'person', required: false, known: 'fixed' } as const;
type Code<L extends readonly string[]> = {
  readonly type: 'code';
  readonly required: false;
  readonly known: 'fixed';
} & (L extends readonly [] ? unknown : { readonly levels: L });
const code = <const L extends readonly string[]>(...levels: L) =>
  ({ type: 'code', required: false, known: 'fixed', ...(levels.length ? { levels } : {}) }) as unknown as Code<L>;
const time = { type: 'time', required: false, known: 'fixed' } as const;
const number = { type: 'number', required: false, known: 'fixed' } as const;
const boolean = { type: 'boolean', required: false, known: 'fixed' } as const;
const integer = { type: 'integer', required: false, known: 'fixed' } as const;
const money = { type: 'money', required: false, known: 'fixed' } as const;
type With<C, P> = Omit<C, keyof P> & P;
const needed = <const C extends Column>(column: C) =>
  ({ ...column, required: true }) as With<C, { readonly required: true }>;
/** Of which there cannot be fewer than none. */
const countable = <const C extends Column>(column: C) => ({ ...column, least: 0 }) as With<C, { readonly least: 0 }>;
const positive = <const C extends Column>(column: C) => ({ ...column, above: 0 }) as With<C, { readonly above: 0 }>;
/** Overwritten by the source: only its history is a fact. */
const mutable = <const C extends Column>(column: C) =>
  ({ ...column, known: 'mutable' }) as With<C, { readonly known: 'mutable' }>;
/** Tells nothing until the fact that reveals it. */
const late = <const C extends Column>(column: C) =>
  ({ ...column, known: 'late' }) as With<C, { readonly known: 'late' }>;

export const records = {
  stage: define({
    file: 'stages.csv',
    table: 'stages',
    key: ['pipeline', 'stage', 'from'],
    spans: [['from', 'to']],
    columns: {
      pipeline: text,
      stage: needed(text),
      rank: needed(integer),
      kind: needed(code('open', 'won', 'lost')),
      category: text,
      from: time,
      to: time,
    },
    facts: {},
  }),
  account: define({
    file: 'accounts.csv',
    table: 'accounts',
    key: ['id'],
    columns: {
      id: key,
      name: text,
      industry: text,
      region: text,
      country: text,
      employees: mutable(countable(number)),
      annual_revenue: mutable(money),
      currency: code(),
      parent_id: ref('account'),
      owner_id: mutable(ref('user')),
      created_at: time,
    },
    facts: {
      account: {
        at: 'created_at',
        fields: { industry: 'industry', region: 'region', country: 'country', parentId: 'parent_id', currency: 'currency' }, // biome-ignore format: one fact a line
        about: { account: 'id' },
      },
    },
  }),
  contact: define({
    file: 'contacts.csv',
    table: 'contacts',
    key: ['id'],
    columns: {
      id: key,
      account_id: ref('account'),
      name: person,
      title: text,
      department: text,
      email: person,
      phone: person,
      created_at: time,
      consent: mutable(text),
    },
    facts: {
      contact: {
        at: 'created_at',
        fields: { contactId: 'id', title: 'title', department: 'department' },
        about: { account: 'account_id' },
      },
    },
  }),
  user: define({
    file: 'users.csv',
    table: 'users',
    key: ['id'],
    spans: [['active_from', 'active_to']],
    columns: {
      id: key,
      name: person,
      email: person,
      team_id: mutable(ref('team')),
      manager_id: mutable(ref('user')),
      role: text,
      active_from: time,
      active_to: mutable(time),
    },
    facts: { user: { at: 'active_from', fields: { role: 'role' }, about: { user: 'id' } } },
  }),
  team: define({
    file: 'teams.csv',
    table: 'teams',
    key: ['id'],
    columns: { id: key, name: text, parent_id: ref('team') },
    facts: {},
  }),
  lead: define({
    file: 'leads.csv',
    table: 'leads',
    key: ['id'],
    columns: {
      id: key,
      name: person,
      company: text,
      title: text,
      email: person,
      phone: person,
      source: text,
      campaign: text,
      country: text,
      owner_id: mutable(ref('user')),
      created_at: time,
      status: mutable(text),
      consent: mutable(text),
      converted_at: late(time),
      converted_deal_id: late(ref('deal')),
      closed_at: late(time),
      outcome: late(code('converted', 'disqualified')),
    },
    facts: {
      lead: {
        at: 'created_at',
        fields: { source: 'source', campaign: 'campaign', country: 'country', title: 'title' },
        about: { lead: 'id' },
      },
      leadClosed: { at: 'closed_at', fields: { outcome: 'outcome' }, about: { lead: 'id' } },
      converted: { at: 'converted_at', fields: { dealId: 'converted_deal_id' }, about: { lead: 'id' } },
    },
  }),
  deal: define({
    file: 'deals.csv',
    table: 'deals',
    key: ['id'],
    columns: {
      id: key,
      account_id: ref('account'),
      owner_id: mutable(ref('user')),
      lead_id: ref('lead'),
      name: text,
      pipeline: code(),
      stage: mutable(code()),
      amount: mutable(money),
      currency: code(),
      created_at: time,
      expected_close_date: mutable(time),
      forecast_category: mutable(code()),
      closed_at: late(time),
      outcome: late(code('won', 'lost')),
      cause: late(code()),
      lost_reason: late(text),
    },
    facts: {
      deal: {
        at: 'created_at',
        fields: {
          dealId: 'id',
          accountId: 'account_id',
          leadId: 'lead_id',
          pipeline: 'pipeline',
          currency: 'currency',
        },
        about: { deal: 'id', account: 'account_id' },
      },
      // Everything a close reveals is known at the close, never before.
      closed: {
        at: 'closed_at',
        fields: {
          dealId: 'id',
          outcome: 'outcome',
          cause: 'cause',
          lostReason: 'lost_reason',
          amountMinor: 'amount',
          currency: 'currency',
        },
        about: { deal: 'id', account: 'account_id' },
      },
    },
  }),
  change: define({
    file: 'changes.csv',
    table: 'changes',
    key: ['kind', 'id', 'at', 'field', 'old_value', 'new_value'],
    columns: {
      kind: needed(code('deal', 'lead', 'account', 'user', 'contact', 'product', 'activity', 'order', 'subscription', 'ticket')), // biome-ignore format: one list
      id: needed(text),
      at: needed(time),
      field: needed(text),
      old_value: text,
      new_value: text,
      by: ref('user'),
    },
    facts: {}, // read with the record they change: see facts.ts
  }),
  /** What a complete export no longer had, and had again: see `presence.ts`. */
  removal: define({
    file: 'removals.csv',
    table: 'removals',
    key: ['kind', 'id', 'at', 'event'],
    columns: {
      kind: needed(code()),
      id: needed(text),
      at: needed(time),
      event: needed(code('removed', 'returned')),
    },
    facts: {}, // read with the record that is gone: see facts.ts
  }),
  dealContact: define({
    file: 'deal_contacts.csv',
    table: 'deal_contacts',
    key: ['deal_id', 'contact_id', 'at'],
    columns: { deal_id: needed(ref('deal')), contact_id: needed(ref('contact')), role: code(), at: time },
    facts: {
      dealContact: { at: 'at', fields: { contactId: 'contact_id', role: 'role' }, about: { deal: 'deal_id' } },
    },
  }),
  activity: define({
    file: 'activities.csv',
    table: 'activities',
    key: ['id'],
    spans: [['at', 'ended_at']],
    columns: {
      id: key,
      kind: needed(code('email', 'call', 'chat', 'meeting', 'note', 'task')),
      direction: code('in', 'out'),
      at: needed(time),
      ended_at: late(time),
      deal_id: ref('deal'),
      lead_id: ref('lead'),
      account_id: ref('account'),
      contact_id: ref('contact'),
      user_id: ref('user'),
      subject: person,
      body: person,
      outcome: late(code()),
      participants: countable(integer),
    },
    reading: { from: ['subject', 'body'], fact: 'activity', columns: { sentiment: 'number', intents: 'integer' } },
    facts: {
      activity: {
        at: 'at',
        planned: true,
        fields: {
          channel: 'kind',
          direction: 'direction',
          contactId: 'contact_id',
          userId: 'user_id',
          participants: 'participants',
        },
        about: { deal: 'deal_id', lead: 'lead_id', account: 'account_id' },
        viaContact: 'contact_id',
        ifAlone: true,
      },
      // How it went is known when it ended, not when it was booked.
      activityEnded: {
        at: 'ended_at',
        fields: { channel: 'kind', outcome: 'outcome', startedAt: 'at', contactId: 'contact_id' },
        about: { deal: 'deal_id', lead: 'lead_id', account: 'account_id' },
        viaContact: 'contact_id',
        ifAlone: true,
      },
    },
  }),
  product: define({
    file: 'products.csv',
    table: 'products',
    key: ['id'],
    spans: [['active_from', 'active_to']],
    columns: {
      id: key,
      name: text,
      family: text,
      parent_id: ref('product'),
      currency: code(),
      list_price: mutable(money),
      floor_price: mutable(money),
      cost: mutable(money),
      in_stock: mutable(number),
      active_from: time,
      active_to: mutable(time),
    },
    facts: { product: { at: 'active_from', fields: { family: 'family' }, about: { product: 'id' } } },
  }),
  price: define({
    file: 'prices.csv',
    table: 'prices',
    key: ['product_id', 'price_list', 'currency', 'from'],
    spans: [['from', 'to']],
    columns: {
      product_id: needed(ref('product')),
      price_list: text,
      currency: needed(code()),
      price: needed(money),
      from: needed(time),
      to: time,
    },
    facts: {
      price: {
        at: 'from',
        planned: true,
        fields: { priceList: 'price_list', priceMinor: 'price', currency: 'currency', to: 'to' },
        about: { product: 'product_id' },
      },
    },
  }),
  quoteLine: define({
    file: 'quote_lines.csv',
    table: 'quote_lines',
    key: ['id'],
    columns: {
      id: key,
      quote_id: needed(text),
      deal_id: needed(ref('deal')),
      at: needed(time),
      product_id: ref('product'),
      quantity: number,
      list_price: money,
      unit_price: money,
      currency: needed(code()),
    },
    facts: {
      quoteLine: {
        at: 'at',
        fields: {
          quoteId: 'quote_id',
          productId: 'product_id',
          quantity: 'quantity',
          listPriceMinor: 'list_price',
          unitPriceMinor: 'unit_price',
          currency: 'currency',
        },
        about: { deal: 'deal_id' },
      },
    },
  }),
  order: define({
    file: 'orders.csv',
    table: 'orders',
    key: ['id'],
    columns: {
      id: key,
      account_id: needed(ref('account')),
      deal_id: ref('deal'),
      at: needed(time),
      promised_at: time,
      delivered_at: late(time),
      status: mutable(code()),
    },
    facts: {
      order: {
        at: 'at',
        fields: { orderId: 'id', dealId: 'deal_id', promisedAt: 'promised_at' },
        about: { account: 'account_id' },
      },
      delivered: {
        at: 'delivered_at',
        fields: { orderId: 'id', promisedAt: 'promised_at' },
        about: { account: 'account_id' },
      },
    },
  }),
  orderLine: define({
    file: 'order_lines.csv',
    table: 'order_lines',
    key: ['id'],
    columns: {
      id: key,
      order_id: needed(ref('order')),
      product_id: ref('product'),
      quantity: number,
      unit_price: money,
      discount: number,
      cost: money,
      currency: needed(code()),
    },
    facts: {}, // read with its order, which has the time and the account: see facts.ts
  }),
  invoice: define({
    file: 'invoices.csv',
    table: 'invoices',
    key: ['id'],
    columns: {
      id: key,
      account_id: needed(ref('account')),
      order_id: ref('order'),
      issued_at: needed(time),
      due_at: time,
      paid_at: late(time),
      amount: money,
      currency: code(),
    },
    facts: {
      invoice: {
        at: 'issued_at',
        fields: { invoiceId: 'id', orderId: 'order_id', dueAt: 'due_at', amountMinor: 'amount', currency: 'currency' },
        about: { account: 'account_id' },
      },
      invoicePaid: { at: 'paid_at', fields: { invoiceId: 'id', dueAt: 'due_at' }, about: { account: 'account_id' } },
    },
  }),
  subscription: define({
    file: 'subscriptions.csv',
    table: 'subscriptions',
    key: ['id'],
    spans: [['started_at', 'ends_at']],
    columns: {
      id: key,
      account_id: needed(ref('account')),
      product_id: ref('product'),
      started_at: time,
      // Overwritten at each renewal: an end in the future would tell who stayed.
      ends_at: mutable(time),
      cancelled_at: late(time),
      amount: mutable(money),
      currency: code(),
      interval: code(),
    },
    facts: {
      // Told again at each change of its end or amount, with what was known then: see facts.ts.
      subscriptionTerm: {
        at: 'started_at',
        fields: {
          subscriptionId: 'id',
          productId: 'product_id',
          endsAt: 'ends_at',
          amountMinor: 'amount',
          currency: 'currency',
          interval: 'interval',
        },
        about: { account: 'account_id' },
      },
      subscriptionCancelled: {
        at: 'cancelled_at',
        fields: { subscriptionId: 'id' },
        about: { account: 'account_id' },
      },
    },
  }),
  ticket: define({
    file: 'tickets.csv',
    table: 'tickets',
    key: ['id'],
    spans: [
      ['opened_at', 'first_reply_at'],
      ['opened_at', 'closed_at'],
    ],
    columns: {
      id: key,
      account_id: ref('account'),
      contact_id: ref('contact'),
      product_id: ref('product'),
      opened_at: needed(time),
      first_reply_at: late(time),
      closed_at: late(time),
      priority: code(),
      reopened: late(boolean),
      csat: late(number),
      subject: person,
      body: person,
    },
    facts: {
      ticket: {
        at: 'opened_at',
        fields: { ticketId: 'id', productId: 'product_id', priority: 'priority' },
        about: { account: 'account_id' },
        viaContact: 'contact_id',
      },
      ticketReplied: {
        at: 'first_reply_at',
        fields: { ticketId: 'id', openedAt: 'opened_at' },
        about: { account: 'account_id' },
        viaContact: 'contact_id',
      },
      ticketClosed: {
        at: 'closed_at',
        fields: { ticketId: 'id', openedAt: 'opened_at', reopened: 'reopened', csat: 'csat' },
        about: { account: 'account_id' },
        viaContact: 'contact_id',
      },
    },
  }),
  survey: define({
    file: 'surveys.csv',
    table: 'surveys',
    key: ['id'],
    columns: {
      id: key,
      account_id: ref('account'),
      contact_id: ref('contact'),
      at: needed(time),
      kind: code(),
      score: number,
      text: person,
    },
    facts: {
      survey: {
        at: 'at',
        fields: { surveyKind: 'kind', score: 'score' },
        about: { account: 'account_id' },
        viaContact: 'contact_id',
      },
    },
  }),
  campaign: define({
    file: 'campaigns.csv',
    table: 'campaigns',
    key: ['id'],
    spans: [['started_at', 'ended_at']],
    columns: { id: key, name: text, channel: code(), started_at: time, ended_at: time, cost: money },
    facts: {},
  }),
  campaignMember: define({
    file: 'campaign_members.csv',
    table: 'campaign_members',
    key: ['campaign_id', 'contact_id', 'lead_id'],
    columns: {
      campaign_id: needed(ref('campaign')),
      contact_id: ref('contact'),
      lead_id: ref('lead'),
      variant: code(),
      sent_at: time,
      opened_at: late(time),
      clicked_at: late(time),
      responded_at: late(time),
    },
    facts: {
      campaignSent: {
        at: 'sent_at',
        fields: { campaignId: 'campaign_id', variant: 'variant' },
        about: { lead: 'lead_id' },
        viaContact: 'contact_id',
      },
      campaignOpened: {
        at: 'opened_at',
        fields: { campaignId: 'campaign_id' },
        about: { lead: 'lead_id' },
        viaContact: 'contact_id',
      },
      campaignClicked: {
        at: 'clicked_at',
        fields: { campaignId: 'campaign_id' },
        about: { lead: 'lead_id' },
        viaContact: 'contact_id',
      },
      campaignResponded: {
        at: 'responded_at',
        fields: { campaignId: 'campaign_id' },
        about: { lead: 'lead_id' },
        viaContact: 'contact_id',
      },
    },
  }),
  consent: define({
    file: 'consents.csv',
    table: 'consents',
    key: ['contact_id', 'purpose', 'channel', 'given_at'],
    columns: {
      contact_id: needed(ref('contact')),
      purpose: code(),
      channel: code(),
      given_at: time,
      withdrawn_at: late(time),
    },
    facts: {
      consentGiven: {
        at: 'given_at',
        fields: { contactId: 'contact_id', purpose: 'purpose', channel: 'channel' },
        about: {},
        viaContact: 'contact_id',
      },
      consentWithdrawn: {
        at: 'withdrawn_at',
        fields: { contactId: 'contact_id', purpose: 'purpose', channel: 'channel' },
        about: {},
        viaContact: 'contact_id',
      },
    },
  }),
  usage: define({
    file: 'usage.csv',
    table: 'usage',
    key: ['account_id', 'product_id', 'at'],
    columns: { account_id: needed(ref('account')), product_id: ref('product'), at: needed(time), quantity: number },
    facts: {
      usage: { at: 'at', fields: { productId: 'product_id', quantity: 'quantity' }, about: { account: 'account_id' } },
    },
  }),
  quota: define({
    file: 'quotas.csv',
    table: 'quotas',
    key: ['owner_id', 'team_id', 'period_start', 'period_end'],
    spans: [['period_start', 'period_end']],
    columns: {
      owner_id: ref('user'),
      team_id: ref('team'),
      period_start: needed(time),
      period_end: needed(time),
      amount: needed(countable(money)),
      currency: needed(code()),
    },
    facts: {},
  }),
  exchangeRate: define({
    file: 'exchange_rates.csv',
    table: 'exchange_rates',
    key: ['from', 'to', 'at'],
    columns: { from: needed(code()), to: needed(code()), at: needed(time), rate: needed(positive(number)) },
    facts: {},
  }),
};

export type Records = typeof records;
export type RecordKind = keyof Records;

// Types that follow from the declarations.
type Camel<S extends string> = S extends `${infer A}_${infer B}` ? `${A}${Capitalize<Camel<B>>}` : S;
type FieldName<N extends string, C extends Column> = C['type'] extends 'money' ? `${Camel<N>}Minor` : Camel<N>;
type Value<C extends Column> = C['type'] extends 'time' | 'number' | 'integer' | 'money'
  ? number
  : C['type'] extends 'boolean'
    ? boolean
    : C extends { levels: infer L extends readonly string[] }
      ? L[number]
      : string;
type Cell<C extends Column> = C['required'] extends true ? Value<C> : Value<C> | null;
type Columns<K extends RecordKind> = Records[K]['columns'];

/** A row of a kind as the engine holds it: camelCase of the header, money in minor units (`amountMinor`), null = empty. */
export type RowOf<K extends RecordKind> = {
  readonly [N in keyof Columns<K> & string as FieldName<N, Columns<K>[N] & Column>]: Cell<Columns<K>[N] & Column>;
} & {
  /** When the source says that it knew; null = by the rule of `facts.ts`. */
  readonly knownAt: number | null;
  /** Columns that the declaration does not name, as they came. */
  readonly custom: Readonly<Record<string, string>>;
};

type FieldsOf<D> = D extends { readonly fields: infer M } ? M : never;
type FactTable = {
  [K in RecordKind]: {
    [F in keyof Records[K]['facts'] & string]: {
      readonly [N in keyof FieldsOf<Records[K]['facts'][F]>]: Cell<
        Columns<K>[FieldsOf<Records[K]['facts'][F]>[N] & keyof Columns<K>] & Column
      >;
    };
  };
}[RecordKind];
type Merge<U> = { [K in U extends unknown ? keyof U : never]: U extends { [P in K]: infer V } ? V : never };

/** Facts, or fields of them, that no single declaration tells: see facts.ts. */
interface CompositeFacts {
  /** What was read out of its words; null where there are none, or they were not there when the row first came. */
  readonly activity: {
    /** -1 (dislikes) to 1 (likes). */
    readonly sentiment: number | null;
    /** Bits of `INTENTS` of text/intents.ts. */
    readonly intents: number | null;
    /** Told of an account because of the contact alone; else absent. */
    readonly viaContact?: true;
  };
  readonly activityEnded: { readonly viaContact?: true };
  /** A field of the entity took a value: text, minor units or instant, by the column's type. */
  readonly change: {
    readonly field: string;
    readonly old: string | number | null;
    readonly value: string | number | null;
    readonly by: string | null;
  };
  /** An order was cancelled; it and its lines are told no longer. */
  readonly orderCancelled: { readonly orderId: string };
  /** A closed deal or lead was opened again; a new spell begins. */
  readonly reopened: { readonly by: string | null };
  readonly orderLine: {
    readonly orderId: string;
    readonly productId: string | null;
    readonly quantity: number | null;
    readonly unitPriceMinor: number | null;
    readonly discount: number | null;
    readonly costMinor: number | null;
    readonly currency: string;
  };
}
export type FactFields = Merge<FactTable> & CompositeFacts;

export type FactKind = keyof FactFields & string;
/** `at`: when it happened; `knownAt`: when the company learned it. */
export interface FactBase {
  readonly id: string;
  readonly at: number;
  readonly knownAt: number;
  /** When the company learned that it is so no longer: looks from then on do not see it. A past never shows this. */
  readonly goneAt?: number;
}
export type FactOf<K extends FactKind> = FactBase & { readonly kind: K } & FactFields[K];
export type Fact = { [K in FactKind]: FactOf<K> }[FactKind];

const fieldNames = new Map<string, string>();
/** `expected_close_date` -> `expectedCloseDate`; money columns end on `Minor`. */
export function fieldName(column: string, type: ColumnType): string {
  const asked = type === 'money' ? `${column}_minor` : column;
  let name = fieldNames.get(asked);
  if (name === undefined) {
    name = asked.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    fieldNames.set(asked, name);
  }
  return name;
}
