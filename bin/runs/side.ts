import { ForesellError } from '../../src/errors.ts';
import type { Run, Store, Version } from '../../src/store/store.ts';
import { configOf, open, recordOf } from '../../training/main.ts';
import { type RunRecord, resultOf } from '../../training/runRecord.ts';
import { askedOf, type Compared } from './difference.ts';
import { findVersion } from './find.ts';

/** A version or a run, as it is compared and shown: of a version made before runs were remembered only what it says itself. */
export interface Side extends Compared {
  readonly model: string;
  readonly record: Omit<RunRecord, 'settings' | 'code' | 'machine'> &
    Partial<Pick<RunRecord, 'settings' | 'code' | 'machine'>>;
}

/** `r12` = the run of that number; anything else the beginning of a version's hash (hashes have no r). */
export function sideOf(store: Store, model: string | undefined, name: string): Side {
  if (/^r\d+$/.test(name)) {
    const run = store.runs(model).find(({ id }) => id === Number(name.slice(1)));
    if (!run) throw new ForesellError('run-missing', `there is no run ${name}; see: foresell models runs`, { status: 404 }); // biome-ignore format: one sentence
    return sideOfRun(run);
  }
  return sideOfVersion(store, findVersion(store, model, name));
}

function sideOfRun(run: Run): Side {
  const record = run.record as unknown as RunRecord;
  return { name: `r${run.id}`, model: run.model, asked: askedOf(run.model, record), record, result: record.result };
}

export function sideOfVersion(store: Store, { model, version }: Version): Side {
  const name = version.slice(0, 12);
  const { header } = open(store, model, version);
  const result = resultOf(version, header);
  const record = recordOf(store.runs(model), version);
  if (record) return { name, model, asked: askedOf(model, record), record, result };
  const config = configOf(header, model);
  return {
    name,
    model,
    asked: askedOf(model, { config }),
    record: { format: 1, config, champion: null, result, verdict: null, error: null, timings: [], seconds: Number.NaN, peakMemoryMb: Number.NaN }, // biome-ignore format: one record
    result,
  };
}
