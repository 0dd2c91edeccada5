import { createHash } from 'node:crypto';
import type { Company } from '../src/company.ts';
import { type ModelName, subjects } from '../src/subjects/index.ts';
import { customFeatures } from './custom.ts';
import type { Feature } from './feature.ts';
import { featureSets } from './index.ts';

const sets: Readonly<Partial<Record<ModelName, readonly Feature[]>>> = featureSets;

/** What a model reads at a company: its set, which everybody has, then the company's own fixed columns. */
export const featuresOf = (model: ModelName, company: Company): readonly Feature[] => [
  ...(sets[model] ?? []),
  ...customFeatures(company, subjects[model].of),
];

/** What the definitions say, as a short hash: an artifact of other features is refused. */
export function hashFeatures(features: readonly Feature[]): string {
  const text = features.map((f) => `${f.name}|${f.type}|${f.unit}|${f.says}`).sort();
  return createHash('sha256').update(text.join('\n')).digest('hex').slice(0, 16);
}
