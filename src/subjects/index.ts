import type { Company } from '../company.ts';
import { ForesellError } from '../errors.ts';
import { churn } from './churn.ts';
import { deal } from './deal.ts';
import { lead } from './lead.ts';
import type { ModelName, Subject } from './subject.ts';

export { defineLabel, type Label, type LabelEnding, subjectOfLabel } from './label.ts';
export type { Cause, Ending, Looks, ModelName, State, Subject, SubjectKind } from './subject.ts';

/** What every company has, by the name of the model. */
export const subjects: Readonly<Record<ModelName, Subject>> = { deal, lead, churn };
export const modelNames = Object.keys(subjects) as readonly ModelName[];

/** What a company has: those of everybody, then those of its own labels. */
export const subjectsOf = ({ own }: Company): readonly Subject[] => [...Object.values(subjects), ...own.subjects];

/**
 * The subject of a model's name at a company.
 * @throws ForesellError `model-unknown` (404), listing what there is
 */
export function subjectOf(model: string, company: Company): Subject {
  const all = subjectsOf(company);
  const found = all.find((subject) => subject.model === model);
  if (found) return found;
  throw new ForesellError(
    'model-unknown',
    `no model "${model}"; there is ${all.map((subject) => subject.model).join(', ')}`,
    { status: 404, path: 'model' },
  );
}
