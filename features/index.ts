import * as account from './account.ts';
import * as campaign from './campaign.ts';
import * as contract from './contract.ts';
import * as engagement from './engagement/index.ts';
import type { Feature } from './feature.ts';
import * as lead from './lead.ts';
import * as orders from './orders.ts';
import * as owner from './owner.ts';
import * as pricing from './pricing.ts';
import * as rhythm from './rhythm.ts';
import * as service from './service.ts';
import * as source from './source.ts';
import * as stage from './stage.ts';
import * as text from './text.ts';
import * as timing from './timing.ts';
import * as usage from './usage.ts';

export { customFeatures } from './custom.ts';
export { defineFeature, type Feature, type Words } from './feature.ts';
export { type Look, snapshot } from './snapshot.ts';

/** By name, as modules list what they export: not every loader keeps to that, and the order of columns is part of a version. */
const all = (family: Readonly<Record<string, Feature>>): readonly Feature[] =>
  Object.keys(family)
    .sort()
    .map((name) => family[name]!);

/** Every family by name: the features that its file exports. Measurements take one out to see what it is worth. */
export const families = {
  history: all(stage),
  source: all(source),
  engagement: all(engagement),
  text: all(text),
  pricing: all(pricing),
  account: all(account),
  orders: all(orders),
  service: all(service),
  usage: all(usage),
  campaign: all(campaign),
  owner: all(owner),
  calendar: all(timing),
  lead: all(lead),
  contract: all(contract),
  rhythm: all(rhythm),
} satisfies Readonly<Record<string, readonly Feature[]>>;
export type FamilyName = keyof typeof families;

const set = (names: readonly FamilyName[], without: readonly string[] = []): readonly Feature[] =>
  names.flatMap((name) => families[name]).filter((feature) => !without.includes(feature.name));

/** Named sets: families that say something of a deal, of a lead, of a customer. All read one `Past`. */
export const featureSets = {
  deal: set(['history', 'source', 'engagement', 'text', 'pricing', 'account', 'orders', 'service', 'usage', 'campaign', 'owner', 'calendar']), // biome-ignore format: a row
  lead: set(
    ['lead', 'source', 'engagement', 'text', 'campaign', 'owner', 'calendar'],
    ['contact_role_count', 'contact_senior_count', 'consent_withdrawn_count_365d', 'consent_contact_count'], // those of accounts
  ),
  churn: set(
    [
      'contract',
      'rhythm',
      'engagement',
      'text',
      'account',
      'orders',
      'service',
      'usage',
      'campaign',
      'owner',
      'calendar',
    ],
    ['contact_role_count', 'account_activity_count_30d', 'created_hour', 'created_weekday'], // those of deals, and a double
  ),
} satisfies Readonly<Record<string, readonly Feature[]>>;
