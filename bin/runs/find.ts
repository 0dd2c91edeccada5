import { ForesellError } from '../../src/errors.ts';
import type { Store, Version } from '../../src/store/store.ts';

/** A version by the beginning of its hash. */
export function findVersion(store: Store, model: string | undefined, start: string): Version {
  const found = store.versions(model).filter((v) => v.version.startsWith(start));
  if (found.length === 1) return found[0]!;
  throw new ForesellError(
    found.length ? 'version-ambiguous' : 'version-missing',
    `${found.length || 'no'} versions${model === undefined ? '' : ` of "${model}"`} begin with "${start}"; see: foresell models list`,
    { status: found.length ? 409 : 404 },
  );
}
