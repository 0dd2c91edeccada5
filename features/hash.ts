import { createHash } from 'node:crypto';
import type { Company } from '../src/company.ts';
import { type SubjectKind, subjectOf } from '../src/subjects/index.ts';
import { customFeatures } from './custom.ts';
import type { Feature } from './feature.ts';
import { type FamilyName, families, featureSets } from './index.ts';
import { revisions } from './revisions.ts';

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

const familyOf = new Map(
  (Object.keys(families) as FamilyName[]).flatMap((family) =>
    families[family].map((feature) => [feature.name, family] as const),
  ),
);

/**
 * What the definitions say, and which code computes them, as a short hash: an artifact of other features is refused.
 * The code counts by its revision (`revisions.ts`); a company's own features count by their words.
 * @param code which revisions there are; those of this program
 */
export function hashFeatures(features: readonly Feature[], code: typeof revisions = revisions): string {
  const revised = (family: keyof typeof revisions) => (code[family] > 1 ? `|r${code[family]}` : '');
  const text = features.map((f) => `${f.name}|${f.type}|${f.unit}|${f.says}${revised(familyOf.get(f.name) ?? 'custom')}`).sort(); // biome-ignore format: one line a feature
  if (code.record > 1) text.push(`record${revised('record')}`);
  return createHash('sha256').update(text.join('\n')).digest('hex').slice(0, 16);
}
