import type { FamilyName } from './index.ts';

/**
 * Which revision of a family's code this is. The hash of a version's features covers their names and words and these
 * numbers, so that a version that was trained on what other code computed is refused instead of being served. A number is
 * raised when any of its family's features gives another value for the same records, be it by a change here, in the facts,
 * in the norms or in the readers; `tests/features/revisions.test.ts` notices by a company that never changes, and fails
 * until it is raised. 1 adds nothing to the hash.
 *
 * `custom`: the company's own columns. `record`: what is laid beside a model that has few outcomes.
 */
export const revisions: Readonly<Record<FamilyName | 'custom' | 'record', number>> = {
  history: 1,
  source: 1,
  engagement: 1,
  text: 1,
  pricing: 1,
  account: 1,
  orders: 1,
  service: 1,
  usage: 1,
  campaign: 1,
  owner: 1,
  calendar: 1,
  lead: 1,
  contract: 1,
  rhythm: 1,
  custom: 1,
  record: 1,
};
