import { featuresOf } from '../../features/hash.ts';
import { recordFeatures } from '../../features/record.ts';
import { snapshot } from '../../features/snapshot.ts';
import { loadArtifact } from '../../models/artifact.ts';
import type { Level } from '../../models/level.ts';
import type { Prediction } from '../../models/prediction.ts';
import { scorerOf } from '../../models/scorer.ts';
import type { Frame } from '../../src/frame.ts';
import type { Subject } from '../../src/subjects/index.ts';
import type { Landmark } from '../../src/subjects/landmarks.ts';
import { DAY, type Instant } from '../../src/time.ts';
import { type FactSource, type Past, world } from '../../src/world.ts';
import { cellsOf, learnRival, type Pair, pastLooks, type Rival } from './rivals.ts';

/** A trained version as it scores. */
export interface Then {
  readonly version: string;
  snapshot(source: FactSource, looks: readonly Landmark[]): Frame;
  predict(frame: Frame, level?: Level): Prediction;
}

/** Parts that belong to serving, handed in by whoever puts the program together. */
export interface Serving {
  /** How much more or less happens lately than the version says, from what is known at the instant. */
  readonly levelAt?: ((source: FactSource, model: Then, at: Instant) => Level | undefined) | undefined;
  /** What one is worth as known then, in minor units of the base currency; NaN = nobody knows. */
  readonly worth?: ((past: Past) => number) | undefined;
}

/** What was said at an origin of one that was open. */
export interface Said {
  readonly id: string;
  readonly at: Instant;
  /** Version that said it. */
  readonly version: string;
  /** Groups what is not independent. */
  readonly account: string;
  readonly ageDays: number;
  /** Stage, source or industry then; empty = none. */
  readonly segment: string;
  readonly worthMinor: number;
  readonly ours: Pair;
  /** By name of the rival. */
  readonly rivals: Readonly<Record<string, Pair>>;
}

export function openThen(bytes: Uint8Array, subject: Subject, source: FactSource): Then {
  const artifact = loadArtifact(bytes);
  const { company } = source;
  const used = new Set(artifact.header.features.map(({ name }) => name));
  const byName = new Map(featuresOf(subject.model, company).map((feature) => [feature.name, feature]));
  const set = [...[...used].map((name) => byName.get(name)!), ...(artifact.header.record ? recordFeatures : [])];
  const scorer = scorerOf(artifact, company);
  return {
    version: artifact.version,
    snapshot: (from, looks) => snapshot(from, set, looks, subject.of),
    predict: scorer.predict,
  };
}

/**
 * Everything that was open at an origin, scored from what was known at it and no later: by the version of then as serving
 * would (with the level of the moment), and by each rival from the past that it could have learned from.
 * Cost: one row of features an open one; one past a look before the origin.
 */
export function saidAt(
  source: FactSource,
  subject: Subject,
  at: Instant,
  model: Then,
  rivals: readonly Rival[],
  horizonDays: number,
  settleDays: number,
  segmentOf: (past: Past) => string | undefined,
  serving: Serving,
): Said[] {
  const then = world(source, at);
  const ids = then.ids(subject.of).filter((id) => subject.state(then.past(subject.of, id)).is === 'open');
  if (ids.length === 0) return [];
  const looks = ids.sort().map((id) => ({ id, asOf: at }));
  const prediction = model.predict(model.snapshot(source, looks), serving.levelAt?.(source, model, at));
  const end = prediction.timesDays.at(-1)!;

  const past = pastLooks(source, subject, at, horizonDays, settleDays);
  const learned = rivals.map((rival) => ({
    rival,
    say: learnRival(rival, past, cellsOf(source, subject, past.looks, rival)),
  }));
  return ids.map((id, row) => {
    const own = then.past(subject.of, id);
    const history = source.history(subject.of, id);
    const ends = prediction.endBy(row, end);
    const positive = prediction.causes.reduce((sum, cause, c) => sum + (cause.positive ? ends[c]! : 0), 0);
    const ended = ends.reduce((sum, f) => sum + f, 0);
    return {
      ...{ id, at, version: model.version },
      account: subject.account(history, id),
      ageDays: (at - subject.born(history)!) / DAY,
      segment: segmentOf(own) ?? '',
      worthMinor: serving.worth?.(own) ?? Number.NaN,
      ours: { ever: ended > 0 ? positive / ended : 0, within: prediction.positiveBy(row, horizonDays) },
      rivals: Object.fromEntries(learned.map(({ rival, say }) => [rival.name, say(rival.cell(own))])),
    };
  });
}
