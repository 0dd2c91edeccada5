import { ForesellError } from '../errors.ts';
import { churn } from './churn.ts';
import { deal } from './deal.ts';
import { lead } from './lead.ts';
import type { ModelName, Subject } from './subject.ts';

export type { Cause, Ending, Looks, ModelName, State, Subject } from './subject.ts';

/** What is served, by the name of the model. */
export const subjects: Readonly<Record<ModelName, Subject>> = { deal, lead, churn };
export const modelNames = Object.keys(subjects) as readonly ModelName[];

/**
 * The subject of a model's name.
 * @throws ForesellError `model-unknown` (404), listing what there is
 */
export function subjectOf(model: string): Subject {
  if (Object.hasOwn(subjects, model)) return subjects[model as ModelName];
  throw new ForesellError('model-unknown', `no model "${model}"; there is ${modelNames.join(', ')}`, {
    status: 404,
    path: 'model',
  });
}
