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

/** The version named, or the one that serves: of `model`, of deals where none is named. */
export function findVersionOrServed(store: Store, model: string | undefined, start: string | undefined): Version {
  if (start !== undefined) return findVersion(store, model, start);
  const of = model ?? 'deal';
  const served = store.served(of);
  if (served !== undefined) return findVersion(store, of, served);
  throw new ForesellError('version-missing', `no version of "${of}" serves; name one (foresell models list), or make one with: foresell train --model ${of}`, { status: 404 }); // biome-ignore format: one sentence
}
