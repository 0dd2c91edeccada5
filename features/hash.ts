import { createHash } from 'node:crypto';
import type { Company } from '../src/company.ts';
import { type SubjectKind, subjectOf } from '../src/subjects/index.ts';
import { customFeatures } from './custom.ts';
import type { Feature } from './feature.ts';
import { featureSets } from './index.ts';

/** What everybody's models read, by whom they are about. */
export const commonFeatures: Readonly<Record<SubjectKind, readonly Feature[]>> = {
  deal: featureSets.deal,
  lead: featureSets.lead,
  account: featureSets.churn,
};

/** What a model reads at a company: its set, which everybody has, the company's own fixed columns, and features that it wrote. */
export function featuresOf(model: string, company: Company): readonly Feature[] {
  const { of } = subjectOf(model, company);
  const own = company.own.features.filter((feature) => feature.of === of);
  return [...commonFeatures[of], ...customFeatures(company, of), ...own];
}

/** What the definitions say, as a short hash: an artifact of other features is refused. */
export function hashFeatures(features: readonly Feature[]): string {
  const text = features.map((f) => `${f.name}|${f.type}|${f.unit}|${f.says}`).sort();
  return createHash('sha256').update(text.join('\n')).digest('hex').slice(0, 16);
}
