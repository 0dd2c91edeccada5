import type { Company } from '../src/company.ts';
import { ForesellError } from '../src/errors.ts';
import type { Store, Version } from '../src/store/store.ts';
import { type Subject, subjectOf, subjectsOf } from '../src/subjects/index.ts';
import type { Instant } from '../src/time.ts';
import type { OpenModel, Parts } from './ports.ts';

/** Why one item of a batch got no score. */
export interface Refusal {
  readonly id: string | null;
  readonly error: ForesellError;
}

export interface ModelInfo {
  readonly model: string;
  readonly served: string | undefined;
  readonly open: OpenModel | undefined;
  readonly versions: readonly Version[];
  readonly promotions: ReturnType<Store['promotions']>;
}

/** So much of a hash at least names a version. */
const LEAST_BEGINNING = 4;

/** The versions of a store's models, opened and checked once each while the company's settings stay. */
export function versionsOf(store: Store, parts: Parts, now: () => Instant) {
  const opened = new Map<string, { readonly company: Company; readonly open: OpenModel }>();

  function open(model: string, version: string): OpenModel {
    const key = `${model}:${version}`;
    const company = store.company(); // its calendar and its own columns are part of what a model says
    const known = opened.get(key);
    if (known?.company === company) return known.open;
    const subject = subjectOf(model, company);
    const bytes = openChecked(() => store.artifact(model, version));
    if (!bytes) {
      throw new ForesellError('version-unknown', `no version "${version}" of model "${model}"`, { status: 404 });
    }
    const made = openChecked(() => parts.openModel(subject, bytes, company));
    if (opened.size >= 8) opened.clear(); // versions come and go; the served one is opened again in milliseconds
    opened.set(key, { company, open: made });
    return made;
  }

  /** A version by its hash or the beginning of it, as people are shown it; what is nobody's beginning stays as it is, and is unknown. */
  function whole(model: string, asked: string): string {
    const all = store.versions(model).map(({ version }) => version);
    const found = all.includes(asked) || asked.length < LEAST_BEGINNING ? [asked] : all.filter((version) => version.startsWith(asked)); // biome-ignore format: one choice
    if (found.length <= 1) return found[0] ?? asked;
    throw new ForesellError('version-ambiguous', `${found.length} versions of "${model}" begin with "${asked}"; give more of it`, { status: 409, path: 'version' }); // biome-ignore format: one sentence
  }

  function served(model: string): OpenModel {
    const subject = subjectOf(model, store.company());
    const version = store.served(model);
    if (version) return open(model, version);
    throw untrained(subject);
  }

  function info(model: string): ModelInfo {
    const { model: name } = subjectOf(model, store.company());
    const version = store.served(name);
    const opens = version ? attempt(null, () => open(name, version)) : undefined;
    return {
      model: name,
      served: version,
      open: opens && 'predict' in opens ? opens : undefined,
      versions: store.versions(name),
      promotions: store.promotions(name),
    };
  }

  return {
    open,
    served,
    info,
    all: (): readonly ModelInfo[] => subjectsOf(store.company()).map(({ model }) => info(model)),
    promote(model: string, asked: string, reason: string): ModelInfo {
      const version = whole(model, asked);
      open(model, version);
      const previous = store.served(model) ?? null;
      if (previous !== version) store.serve({ at: now(), model, version, previous, action: 'promote', reason });
      return info(model);
    },
  };
}

/** A model that is there but has learned nothing yet: how to make it learn. */
const untrained = ({ model, needs }: Subject) =>
  new ForesellError(
    'model-untrained',
    `model "${model}" has not been trained; run: foresell train --model ${model} (it learns from ${needs})`,
    { status: 409, path: 'model' },
  );

/** A version that is damaged or of other features is refused, and the server is not ready: nobody's request is at fault. */
function openChecked<T>(open: () => T): T {
  try {
    return open();
  } catch (cause) {
    if (!(cause instanceof ForesellError)) throw cause;
    throw new ForesellError('model-refused', cause.message, { blame: 'failure', status: 503, cause });
  }
}

/** A defect is no refusal: only what was said on purpose becomes an item's error. */
export function attempt<T>(id: string | null, work: () => T): T | Refusal {
  try {
    return work();
  } catch (error) {
    if (error instanceof ForesellError) return { id, error };
    throw error;
  }
}
