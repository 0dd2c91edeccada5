import { type ArtifactHeader, loadArtifact } from '../../models/artifact.ts';
import type { Subject } from '../../src/subjects/index.ts';
import type { Instant } from '../../src/time.ts';
import type { FactSource } from '../../src/world.ts';
import type { Profile } from '../profiles.ts';
import { trainModel } from '../train.ts';
import { openThen, type Then } from './said.ts';

/** Where finished trainings of a run are kept, so that a stopped one goes on where it was. */
export interface Kept {
  get(until: Instant): Uint8Array | undefined;
  put(until: Instant, bytes: Uint8Array): void;
}

/** One model of then. */
export interface TrainingThen {
  readonly until: Instant;
  readonly version: string;
  readonly chosen: string;
  readonly lowSkill: boolean;
  readonly outcomes: Readonly<Record<string, number>>;
}

/** @param share of all the work, 0 to 1 · `line`: a part was finished */
export type Progress = (text: string, share: number, line?: boolean) => void;

/** What a training weighs beside the scoring of an origin, for the time that is left. */
export const TRAINING_WORK = 12;

/** The work of a run, counted. */
export interface Work {
  readonly all: number;
  done: number;
  readonly progress: Progress;
}

/**
 * Models as they would have been: `at(until)` knows what was known before `until`, is trained once, and replaces the one before.
 * @param count of them, for progress
 */
export function thenModels(
  source: FactSource,
  subject: Subject,
  { profile, seed, kept }: { readonly profile: Profile; readonly seed: number; readonly kept?: Kept | undefined },
  count: number,
  work: Work,
) {
  const trainings: TrainingThen[] = [];
  let now: { readonly model: Then; readonly header: ArtifactHeader; readonly until: Instant } | undefined;
  async function at(until: Instant) {
    if (now?.until === until) return now;
    const label = `model ${trainings.length + 1} of ${count}, as of ${source.company.calendar.date(until)}`;
    const before = kept?.get(until);
    const bytes = before ?? (await train(until, (step) => work.progress(`${label}: ${step}`, work.done / work.all)));
    if (!before) kept?.put(until, bytes);
    const { header, version } = loadArtifact(bytes);
    now = { model: openThen(bytes, subject, source), header, until };
    const { chosen, lowSkill, trained } = header;
    trainings.push({ until, version, chosen, lowSkill, outcomes: trained.outcomes });
    work.done += TRAINING_WORK;
    work.progress(`${label}: ${before ? 'kept from before' : chosen}`, work.done / work.all, true);
    return now;
  }
  async function train(until: Instant, onStep: (step: string) => void): Promise<Uint8Array> {
    const { bytes } = await trainModel(source, subject, {
      ...{ until, profile, seed },
      onProgress: (step, share) => onStep(share === undefined ? step : `${step} ${Math.round(100 * share)} %`),
    });
    return bytes;
  }
  return { trainings, at };
}
