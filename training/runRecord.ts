import type { ArtifactHeader } from '../models/artifact.ts';
import type { EpochReport } from '../models/networkFit.ts';
import type { CompanySettings } from '../src/company.ts';
import type { CodeVersion } from '../src/store/codeVersion.ts';
import type { Instant } from '../src/time.ts';
import type { Verdict } from './gate.ts';
import type { Profile } from './profiles.ts';

/** What a training was asked for: with the same records and code, all that decides its weights. */
export interface RunConfig {
  readonly model: string;
  readonly until: Instant;
  readonly profile: Profile['name'];
  readonly seed: number;
  /** Numbers of the profile that the configuration changed; the others are the profile's. */
  readonly changes: ProfileChanges;
}

/** Numbers of a profile that a configuration may set anew. */
export interface ProfileChanges extends Partial<Omit<Profile, 'name' | 'network'>> {
  readonly network?: Partial<Profile['network']>;
}

export interface StepTime {
  readonly step: string;
  readonly seconds: number;
}

/** Loss of one network by epoch: on the batches it learned from, and on rows held out to stop it (null without). */
export interface LearningCurve {
  readonly step: string;
  readonly epochs: readonly { readonly epoch: number; readonly loss: number; readonly stopLoss: number | null }[];
}

/** What was learned from and what came out, as the artifact says it, without its encoder. */
export interface RunResult
  extends Pick<
    ArtifactHeader,
    'chosen' | 'lowSkill' | 'trained' | 'candidates' | 'metrics' | 'features' | 'featuresHash' | 'leaks' | 'notes'
  > {
  readonly version: string;
  /** SHA-256 of the weights alone. */
  readonly weights: string;
}

/** All that is remembered of one training; plain JSON. */
export interface RunRecord {
  readonly format: 1;
  readonly config: RunConfig;
  /** Settings of the company in force: landmarks, bins, what is pinned or left out. */
  readonly settings: CompanySettings;
  readonly code: CodeVersion;
  readonly machine: { readonly node: string; readonly platform: string; readonly cores: number };
  /** The version that served when it began, which it had to beat. */
  readonly champion: string | null;
  /** Null where it failed. */
  readonly result: RunResult | null;
  readonly verdict: Verdict | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly timings: readonly StepTime[];
  readonly seconds: number;
  /** Most memory the process held up to its end; of several trainings in one process, of those before too. */
  readonly peakMemoryMb: number;
}

export function resultOf(version: string, header: ArtifactHeader): RunResult {
  const { chosen, lowSkill, trained, candidates, metrics, features, featuresHash, leaks, notes, tensorsHash } = header;
  return { version, weights: tensorsHash, chosen, lowSkill, trained, candidates, metrics, features, featuresHash, leaks, notes }; // biome-ignore format: one record
}

export type OnProgress = (step: string, share?: number, epoch?: EpochReport) => void;

/** Listens to a training's progress: how long each step took, and the loss of each network by epoch. */
export interface Recorder {
  readonly onProgress: OnProgress;
  /** Ends the last step. */
  finish(): {
    readonly timings: readonly StepTime[];
    readonly curves: readonly LearningCurve[];
    readonly seconds: number;
  };
}

/** @param clock milliseconds, ascending */
export function recorder(clock: () => number): Recorder {
  const begun = clock();
  const seconds = new Map<string, number>();
  const curves: { step: string; epochs: LearningCurve['epochs'][number][] }[] = [];
  let current = 'opening records';
  let since = begun;
  const close = () => {
    const now = clock();
    seconds.set(current, (seconds.get(current) ?? 0) + (now - since) / 1000);
    since = now;
  };
  return {
    onProgress: (step, _share, epoch) => {
      if (step !== current) {
        close();
        current = step;
      }
      if (!epoch) return;
      // The first epoch again: another seed's network.
      if (epoch.epoch === 1) curves.push({ step, epochs: [] });
      const { loss, stopLoss } = epoch;
      curves.at(-1)?.epochs.push({ epoch: epoch.epoch, loss: rounded(loss), stopLoss: Number.isNaN(stopLoss) ? null : rounded(stopLoss) }); // biome-ignore format: one point
    },
    finish: () => {
      close();
      const timings = [...seconds].map(([step, spent]) => ({ step, seconds: Math.round(spent * 1000) / 1000 }));
      return { timings, curves, seconds: Math.round(clock() - begun) / 1000 };
    },
  };
}

const rounded = (value: number): number => Math.round(value * 1e5) / 1e5;

/** The profile with what a configuration changed of it. */
export function changedProfile(profile: Profile, { network, ...others }: ProfileChanges): Profile {
  return { ...profile, ...others, network: { ...profile.network, ...network } };
}
