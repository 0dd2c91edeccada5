import * as account from './account.ts';
import * as engagement from './engagement.ts';
import type { Feature } from './feature.ts';
import * as owner from './owner.ts';
import * as pricing from './pricing.ts';
import * as stage from './stage.ts';
import * as timing from './timing.ts';

export { customFeatures } from './custom.ts';
export { defineFeature, type Feature, type Words } from './feature.ts';
export { type Look, snapshot } from './snapshot.ts';

const deal: readonly Feature[] = [stage, engagement, pricing, account, owner, timing].flatMap((family) =>
  Object.values(family),
);

/** Named sets: every feature that a family file exports. */
export const featureSets = { deal } satisfies Readonly<Record<string, readonly Feature[]>>;
