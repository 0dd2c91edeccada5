import type { Feature } from './feature.ts';
import type { Subject, SubjectKind } from './subjects/subject.ts';

/** A feature that a company wrote itself: `of` says whose past it reads, and so which models read it. */
export type OwnFeature = Feature & { readonly of: SubjectKind };

/** What a company adds in code: it travels with the company, so that training and serving cannot differ in it. */
export interface Own {
  /** Read by every model of deals, of leads, or of accounts. */
  readonly features: readonly OwnFeature[];
  /** Models of its own labels (`subjects/label.ts`). */
  readonly subjects: readonly Subject[];
}

export const nothingOwn: Own = { features: [], subjects: [] };
