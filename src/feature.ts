import type { Past } from './world.ts';

/** Words shown to people, by language. */
export interface Words {
  readonly en: string;
  readonly th: string;
}

interface FeatureBase {
  /** Derived: `{source}_{what}_{window}`, e.g. `activity_count_30d`. */
  readonly name: string;
  readonly unit: 'count' | 'days' | 'ratio' | 'money' | 'none';
  /** One sentence: what it measures. */
  readonly says: string;
  /** How a reason names it, e.g. "meetings in the last 30 days". */
  readonly label: Words;
  /** Features of one business idea share it; reasons are merged by it. */
  readonly idea: string;
}

/** A column of the frame, computed from one entity's past and nothing else. */
export type Feature =
  | (FeatureBase & { readonly type: 'number' /** NaN = missing */; compute(past: Past): number })
  | (FeatureBase & {
      readonly type: 'category';
      /** Fixed list, or absent where the levels are the company's own words. */
      readonly levels?: readonly string[];
      compute(past: Past): string | undefined;
    });
