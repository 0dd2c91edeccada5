import { availableParallelism } from 'node:os';
import { featuresOf, hashFeatures } from '../features/hash.ts';
import { type Artifact, loadArtifact } from '../models/artifact.ts';
import type { NetworkSettings } from '../models/networkFit.ts';
import { ForesellError } from '../src/errors.ts';
import { codeVersion } from '../src/store/codeVersion.ts';
import type { Run, RunOutcome, Store } from '../src/store/store.ts';
import { subjectOf } from '../src/subjects/index.ts';
import type { Instant } from '../src/time.ts';
import type { Hands } from './hands.ts';
import { profiles } from './profiles.ts';
import {
  changedProfile,
  type OnProgress,
  type ProfileChanges,
  type RunConfig,
  type RunRecord,
  recorder,
  resultOf,
} from './runRecord.ts';
import { type Trained, trainModel } from './train.ts';

export interface TrainingRun {
  readonly model: string;
  readonly until: Instant;
  readonly profile: keyof typeof profiles;
  readonly seed: number;
  /** Numbers of the profile set anew; absent = none. */
  readonly changes?: ProfileChanges;
  /** Seconds that a search of the network's settings may take, on top of the training; what it finds is recorded as changes. Absent or 0 = none. */
  readonly budget?: number | undefined;
  /** Wall clock of the registry entry. */
  readonly now: Instant;
  readonly onProgress?: OnProgress;
  /** Who fits the candidates; absent = this thread. */
  readonly hands?: Hands | undefined;
}

/**
 * Trains, stores the version and lets the gate decide whether it serves; all or nothing, under the one lease of its
 * kind. The version that serves stays until the pointer is swapped in one transaction. Whatever comes of it, also an
 * error, is remembered as a run.
 */
export async function runTraining(store: Store, run: TrainingRun): Promise<Trained> {
  subjectOf(run.model, store.company()); // a model that there is, before anything is remembered
  return store.withLease('train', () =>
    recorded(store, run, async (served, onProgress) => {
      const champion = served ? usable(store, run.model, served) : undefined;
      const trained = await trainAsAsked(store, run, onProgress, champion);
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
      const outcome = store.served(run.model) === version ? 'served' : 'kept';
      return { trained: { ...trained, verdict }, outcome };
    }),
  );
}

/** A version trained again from its record, and whether it came out the same. */
export interface Reproduced {
  /** Whether every byte is the same. */
  readonly same: boolean;
  readonly version: { readonly recorded: string; readonly now: string };
  readonly weights: { readonly recorded: string; readonly now: string };
  readonly data: { readonly recorded: string; readonly now: string };
  /** What is not as it was when it was trained, and may be why it differs. */
  readonly changed: readonly ('code' | 'settings' | 'features' | 'data' | 'backend' | 'record')[];
}

/**
 * Trains a version again from its record: the same records, settings, seed and code give the same bytes. Nothing is stored
 * but the run, and what serves stays.
 */
export async function reproduce(
  store: Store,
  model: string,
  version: string,
  now: Instant,
  onProgress: OnProgress = () => {},
): Promise<Reproduced> {
  return store.withLease('train', async () => {
    const { header } = open(store, model, version);
    const record = recordOf(store.runs(model), version);
    const config = record?.config ?? configOf(header, model);
    const trained = await recorded(store, { ...config, now, onProgress }, async (_served, listening) => {
      const again = await trainAsAsked(store, config, listening, undefined);
      return { trained: again, outcome: again.version === version ? 'same' : 'differs' };
    });
    const was = header.trained;
    const is = trained.header.trained;
    const changed: Reproduced['changed'][number][] = [];
    if (!record) changed.push('record');
    if (record && record.code.hash !== codeVersion().hash) changed.push('code');
    if (record && JSON.stringify(record.settings) !== JSON.stringify(store.company().settings))
      changed.push('settings');
    if (header.featuresHash !== trained.header.featuresHash) changed.push('features');
    if (was.dataHash !== is.dataHash) changed.push('data');
    if (was.backend !== is.backend) changed.push('backend');
    return {
      same: trained.version === version,
      version: { recorded: version, now: trained.version },
      weights: { recorded: header.tensorsHash, now: trained.header.tensorsHash },
      data: { recorded: was.dataHash, now: is.dataHash },
      changed,
    };
  });
}

/** The record of the run that made a version; undefined of a version made before runs were remembered. */
export function recordOf(runs: readonly Run[], version: string): RunRecord | undefined {
  const made = runs.filter((run) => run.version === version && (run.outcome === 'served' || run.outcome === 'kept'));
  return made.at(-1)?.record as RunRecord | undefined; // the first that made it
}

/** What an artifact itself tells of how it was asked for. */
export function configOf({ trained }: Artifact['header'], model: string): RunConfig {
  const { profile, seed, to } = trained;
  if (profile in profiles) return { model, until: to, profile: profile as keyof typeof profiles, seed, changes: {} };
  throw new ForesellError('profile-unknown', `the version was trained with profile "${profile}", which there is no more; train again with one of ${Object.keys(profiles).join(', ')}`); // biome-ignore format: one sentence
}

function trainAsAsked(
  store: Store,
  { model, until, profile, seed, changes = {}, budget = 0, hands }: Omit<TrainingRun, 'now' | 'onProgress'>,
  onProgress: OnProgress,
  champion: Artifact | undefined,
): Promise<Trained> {
  return trainModel(store.loadedSource(), subjectOf(model, store.company()), {
    until,
    profile: {
      ...changedProfile(profiles[profile], changes),
      ...(budget > 0 ? { searchLeft: countdown(budget) } : {}),
    },
    seed,
    champion,
    onProgress,
    hands,
  });
}

/** Seconds left since it was first asked. */
function countdown(seconds: number): () => number {
  let end: number | undefined;
  return () => {
    const now = performance.now() / 1000;
    end ??= now + seconds;
    return end - now;
  };
}

/** What was asked for with what a search found: the same again without one. */
function withFound(
  { profile, changes = {} }: Pick<TrainingRun, 'profile' | 'changes'>,
  found: NetworkSettings | undefined,
): ProfileChanges {
  // biome-ignore format: one signature
  if (!found) return changes;
  const asked: Readonly<Record<string, unknown>> = { ...profiles[profile].network };
  const network = Object.fromEntries(Object.entries(found).filter(([name, value]) => value !== asked[name]));
  const { network: _, ...others } = changes;
  return Object.keys(network).length > 0 ? { ...others, network } : others;
}

/** Runs `work` and remembers what came of it. */
async function recorded(
  store: Store,
  run: TrainingRun,
  work: (served: string | undefined, onProgress: OnProgress) => Promise<{ trained: Trained; outcome: RunOutcome }>,
): Promise<Trained> {
  const { model, until, profile, seed, now } = run;
  const listener = recorder(() => performance.now());
  const served = store.served(model);
  const remember = (outcome: RunOutcome, trained: Trained | undefined, error: RunRecord['error']) => {
    const evidence = outcome === 'served' || outcome === 'kept' ? trained?.evidence() : undefined;
    const { timings, curves, seconds } = listener.finish();
    const record: RunRecord = {
      format: 1,
      config: { model, until, profile, seed, changes: withFound(run, trained?.network) },
      settings: store.company().settings,
      code: codeVersion(),
      machine: { node: process.versions.node, platform: `${process.platform} ${process.arch}`, cores: availableParallelism() }, // biome-ignore format: one record
      champion: served ?? null,
      result: trained ? resultOf(trained.version, trained.header) : null,
      verdict: trained?.verdict ?? null,
      error,
      timings,
      seconds,
      peakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1024),
    };
    store.putRun(
      { at: now, model, outcome, version: trained?.version ?? null, record: { ...record } },
      evidence && { ...evidence, curves },
    );
  };
  let done: Awaited<ReturnType<typeof work>>;
  try {
    done = await work(served, (step, share, epoch) => {
      listener.onProgress(step, share, epoch);
      run.onProgress?.(step, share, epoch);
    });
  } catch (error) {
    const code = error instanceof ForesellError ? error.code : 'unexpected';
    remember('failed', undefined, { code, message: error instanceof Error ? error.message : String(error) });
    throw error;
  }
  const last = 'what the report is drawn from';
  listener.onProgress(last);
  run.onProgress?.(last);
  remember(done.outcome, done.trained, null);
  return done.trained;
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
