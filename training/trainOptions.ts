import type { Artifact } from '../models/artifact.ts';
import type { Instant } from '../src/time.ts';
import type { Hands } from './hands.ts';
import type { Profile } from './profiles.ts';
import type { OnProgress } from './runRecord.ts';

/** How a model is to be trained. */
export interface TrainOptions {
  /** Nothing known at or after it is looked at. */
  readonly until: Instant;
  readonly profile: Profile;
  readonly seed: number;
  /** The version that serves now, which a new one must beat. */
  readonly champion?: Artifact | undefined;
  readonly onProgress?: OnProgress;
  /** Who fits the candidates; absent = this thread. The bits are the same. */
  readonly hands?: Hands | undefined;
}
