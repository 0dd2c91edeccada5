import { featuresOf, hashFeatures } from '../features/hash.ts';
import { type Artifact, loadArtifact } from '../models/artifact.ts';
import { ForesellError } from '../src/errors.ts';
import type { Store } from '../src/store/store.ts';
import { subjectOf } from '../src/subjects/index.ts';
import type { Instant } from '../src/time.ts';
import { profiles } from './profiles.ts';
import { type Trained, trainModel } from './train.ts';

export interface TrainingRun {
  readonly model: string;
  readonly until: Instant;
  readonly profile: keyof typeof profiles;
  readonly seed: number;
  /** Wall clock of the registry entry. */
  readonly now: Instant;
  readonly onProgress?: (step: string, share?: number) => void;
}

/**
 * Trains, stores the version and lets the gate decide whether it serves; all or nothing, under the one lease of its
 * kind. The version that serves stays until the pointer is swapped in one transaction.
 */
export async function runTraining(store: Store, run: TrainingRun): Promise<Trained> {
  return store.withLease('train', async () => {
    const served = store.served(run.model);
    const champion = served ? usable(store, run.model, served) : undefined;
    const trained = await trainModel(store.loadedSource(), subjectOf(run.model, store.company()), {
      until: run.until,
      profile: profiles[run.profile],
      seed: run.seed,
      champion,
      ...(run.onProgress ? { onProgress: run.onProgress } : {}),
    });
    const { version, header, bytes } = trained;
    // Somebody may have decided by hand meanwhile, against another version than the one compared with.
    const verdict =
      trained.verdict.promote && store.served(run.model) !== served
        ? {
            promote: false,
            reason: 'another version was put into service while this one was trained; promote it by hand',
          }
        : trained.verdict;
    const { metrics, candidates, chosen, notes, trained: about } = header;
    store.putVersion(
      {
        model: run.model,
        version,
        createdAt: run.now,
        lowSkill: header.lowSkill,
        summary: { chosen, metrics, candidates, trained: about, notes, gate: verdict },
      },
      bytes,
    );
    if (verdict.promote && served !== version) {
      const previous = served ?? null;
      store.serve({ at: run.now, model: run.model, version, previous, action: 'promote', reason: verdict.reason });
    }
    return { ...trained, verdict };
  });
}

/** The version that serves, where it can still be compared: damaged, of an older form, or trained on other features, it cannot be. */
function usable(store: Store, model: string, version: string): Artifact | undefined {
  try {
    const artifact = open(store, model, version);
    return artifact.header.featuresHash === hashFeatures(featuresOf(model, store.company())) ? artifact : undefined;
  } catch (error) {
    if (error instanceof ForesellError && (error.code === 'artifact-damaged' || error.code === 'artifact-format'))
      return undefined;
    throw error;
  }
}

/** A stored version, opened and checked. */
export function open(store: Store, model: string, version: string) {
  const bytes = store.artifact(model, version);
  if (!bytes) throw new ForesellError('version-missing', `model "${model}" has no version ${version}`, { status: 404 });
  return loadArtifact(bytes);
}
