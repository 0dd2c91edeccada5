import { createHash } from 'node:crypto';
import type { Feature } from '../features/feature.ts';
import { hashFeatures } from '../features/hash.ts';
import type { writeArtifact } from '../models/artifact.ts';
import { expectedEndIn } from '../models/binCovariates.ts';
import type { HazardState } from '../models/hazardModel.ts';
import { trainedBy } from '../models/networkFit.ts';
import type { Subject } from '../src/subjects/index.ts';
import { FEWEST_OUTCOMES, type SideCounts } from './endings.ts';
import type { TrainingRows } from './landmarkRows.ts';
import type { LeakFinding } from './leakScreen.ts';
import type { Learned } from './learn.ts';
import { referenceOf } from './reference.ts';
import type { Selection } from './select.ts';
import type { HazardTask } from './task.ts';
import type { TrainOptions } from './trainOptions.ts';
import { usualOf } from './usual.ts';

/** What an artifact tells of itself: what it was trained on, how it did, what is usual in its rows. */
export async function describe(
  subject: Subject,
  task: HazardTask,
  data: TrainingRows,
  features: readonly Feature[],
  state: HazardState,
  selection: Selection,
  learned: Learned | undefined,
  options: TrainOptions,
  outcomes: SideCounts,
  leaks: readonly LeakFinding[],
  notes: string[],
): Promise<Parameters<typeof writeArtifact>[0]> {
  const used = new Set(state.encoder.sources);
  const expectedEnd = expectedEndIn(data.X.columns.keys());
  const { sides } = subject;
  const backend = state.network ? await trainedBy(options.profile.network) : 'none';
  return {
    model: subject.model,
    task: 'duration',
    features: features
      .filter((f) => used.has(f.name) || f.name === expectedEnd)
      .map(({ name, type }) => ({ name, type })),
    featuresHash: hashFeatures(features),
    causes: task.causes.map(({ name, positive }) => ({ name, positive })),
    withinDays: task.withinDays,
    chosen: chosenWords(selection, state),
    lowSkill: selection.lowSkill && !state.rhythm,
    insufficientData: outcomes.positive + outcomes.negative < FEWEST_OUTCOMES,
    trained: {
      from: data.bornAt.reduce((first, at) => Math.min(first, at)),
      to: data.until,
      rows: data.X.ids.length,
      entities: new Set(data.X.ids).size,
      outcomes: { [sides.positive]: outcomes.positive, [sides.negative]: outcomes.negative, open: outcomes.open },
      seed: options.seed,
      profile: options.profile.name,
      backend,
      dataHash: hashData(data),
    },
    candidates: { ...selection.candidates, ...(learned?.rhythm && { noContract: { ...learned.rhythm.losses } }) },
    metrics: learned?.metrics ?? {},
    calibration: learned?.calibration ?? [],
    rho: subject.books ? (learned?.rho ?? 0.03) : 0,
    ...usualOf(data.X),
    reference: referenceOf(data, task, state),
    leaks: [...leaks],
    notes: [...notes, ...selection.reasons, ...(learned?.rhythm?.reasons ?? [])],
  };
}

function chosenWords({ chosen, w, partner }: Selection, { rhythm }: HazardState): string {
  const words =
    chosen === 'average'
      ? `average of network (${w}) and ${partner === 'ridgePleHalved' ? 'halved' : 'additive'} ridge`
      : chosen;
  return rhythm ? `BG/NBD without contract, ${words} with` : words;
}

/** SHA-256 of everything that is learned from: rows, features, labels. */
function hashData(data: TrainingRows): string {
  const hash = createHash('sha256');
  hash.update(data.X.ids.join('\n')).update(data.X.asOf);
  for (const [name, column] of data.X.columns) {
    hash.update(name);
    if (column.type === 'number') hash.update(plainNaN(column.values));
    else hash.update(column.codes).update(column.levels.join('\n'));
  }
  for (const { timeDays, cause } of data.outcomes) hash.update(`${timeDays}|${cause?.name ?? ''}\n`);
  return hash.digest('hex');
}

/** The same numbers with one bit pattern for "missing": NaN that arithmetic made may carry a sign, by how it was compiled. */
function plainNaN(values: Float64Array): BigUint64Array {
  const bits = new BigUint64Array(values.slice().buffer);
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i]!)) bits[i] = 0x7ff8000000000000n;
  return bits;
}
