import { z } from 'zod';
import { ForesellError } from '../src/errors.ts';
import type { Own, OwnFeature } from '../src/own.ts';
import { type Label, subjectOfLabel } from '../src/subjects/index.ts';
import { formatInstant } from '../src/time.ts';
import type { Past } from '../src/world.ts';
import { guardedPast } from './guardedPast.ts';
import { commonFeatures } from './hash.ts';

const text = z.string().min(1).max(200);
const shape = z.looseObject({
  of: z.enum(['deal', 'lead', 'account']),
  name: z.string().regex(/^[a-z][a-z0-9_]{0,79}$/, 'expected small letters, digits and _, beginning with a letter'),
  unit: z.enum(['count', 'days', 'ratio', 'money', 'none']),
  says: text,
  label: z.object({ en: text, th: text }),
  idea: text,
  type: z.enum(['number', 'category']),
  levels: z.array(z.string()).optional(),
  compute: z.custom((value) => typeof value === 'function', 'expected a function of the past'),
});

/**
 * What a company adds in code, checked: features under names of their own, and a model for each label. A feature is pure:
 * the same past gives the same value. What it throws, or gives that is no value, becomes an error that names it.
 * An older version is refused by its words, not by its code: who changes what a feature computes changes its name or `says`.
 * @throws ForesellError `feature-invalid`, `feature-taken`, `label-invalid`, `label-twice`
 */
export function ownOf(given: { readonly features: readonly unknown[]; readonly labels: readonly unknown[] }): Own {
  const features = given.features.map(checked);
  const met = new Set<string>();
  for (const { of, name } of features) {
    const key = `${of} ${name}`;
    if (met.has(key) || commonFeatures[of].some((feature) => feature.name === name)) {
      const whose = met.has(key) ? 'twice among your own' : `already a feature of every ${of}`;
      throw new ForesellError('feature-taken', `feature "${name}" is ${whose}; give yours another name`);
    }
    met.add(key);
  }
  const subjects = given.labels.map((label) => subjectOfLabel((label ?? {}) as Label));
  const twice = subjects.find(({ model }, i) => subjects.findIndex((other) => other.model === model) < i);
  if (twice) throw new ForesellError('label-twice', `label "${twice.model}" is there twice; give one another name`);
  return { features: features.map(guarded), subjects };
}

function checked(given: unknown): OwnFeature {
  const result = shape.safeParse(given);
  if (result.success) return given as OwnFeature;
  const issue = result.error.issues[0]!;
  const name = (given as { readonly name?: unknown } | null)?.name;
  throw new ForesellError(
    'feature-invalid',
    `feature ${typeof name === 'string' ? `"${name}"` : 'without a name'}: ${issue.path.join('.') || 'feature'}: ${issue.message}`,
  );
}

/** The feature, whose failures name it. */
function guarded(feature: OwnFeature): OwnFeature {
  const failed = (past: Past, what: string, cause?: unknown) =>
    new ForesellError(
      'feature-failed',
      `feature "${feature.name}" ${what} for ${past.of} "${past.id}" as of ${formatInstant(past.asOf)}; mend it in its file`,
      { blame: 'failure', ...(cause === undefined ? {} : { cause }) },
    );
  const computed = (past: Past): unknown => {
    try {
      return feature.compute(guardedPast(past));
    } catch (cause) {
      throw failed(past, `failed (${cause instanceof Error ? cause.message : String(cause)})`, cause);
    }
  };
  if (feature.type === 'number') {
    return {
      ...feature,
      compute(past) {
        const value = computed(past);
        if (typeof value === 'number' && Math.abs(value) !== Number.POSITIVE_INFINITY) return value;
        throw failed(past, `gave ${String(value)}, expected a finite number, or NaN where it is missing,`);
      },
    };
  }
  return {
    ...feature,
    compute(past) {
      const value = computed(past);
      if (typeof value === 'string' || value === undefined) return value;
      throw failed(past, `gave ${String(value)}, expected a word, or undefined where it is missing,`);
    },
  };
}

/** A feature of the company's own: `of` says whose past it reads, and all models of those read it. */
export const defineOwnFeature = <const F extends OwnFeature>(feature: F): F => feature;
