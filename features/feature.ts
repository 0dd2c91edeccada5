import type { Feature } from '../src/feature.ts';

export type { Feature, Words } from '../src/feature.ts';

export const defineFeature = <const F extends Feature>(feature: F): F => feature;
