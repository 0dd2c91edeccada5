import { createHash } from 'node:crypto';
import type { Company } from '../src/company.ts';
import { customFeatures } from './custom.ts';
import type { Feature } from './feature.ts';
import { featureSets } from './index.ts';

/** The deal set of a company: what everybody has, then its own fixed columns. */
export const dealFeatures = (company: Company): readonly Feature[] => [...featureSets.deal, ...customFeatures(company)];

/** What the definitions say, as a short hash: an artifact of other features is refused. */
export function hashFeatures(features: readonly Feature[]): string {
  const text = features.map((f) => `${f.name}|${f.type}|${f.unit}|${f.says}`).sort();
  return createHash('sha256').update(text.join('\n')).digest('hex').slice(0, 16);
}
