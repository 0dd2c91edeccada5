import { featuresOf } from '../features/hash.ts';
import { hasRecord } from '../features/record.ts';
import { type ArtifactHeader, loadArtifact, writeArtifact } from '../models/artifact.ts';
import { expectedEndIn } from '../models/binCovariates.ts';
import { recordTrust } from '../models/coldStart.ts';
import type { NetworkSettings } from '../models/networkFit.ts';
import { rhythmFeatures } from '../models/rhythm.ts';
import { withRhythm } from '../models/withRhythm.ts';
import { ForesellError } from '../src/errors.ts';
import type { Subject } from '../src/subjects/index.ts';
import { formatInstant } from '../src/time.ts';
import type { FactSource } from '../src/world.ts';
import { coldStart, fewOutcomes } from './coldStart.ts';
import { describe } from './describe.ts';
import { endingsOf, FEWEST_OUTCOMES } from './endings.ts';
import { type Evidence, effectsOf, judgedRows } from './evidence.ts';
import { fitCandidates } from './fitCandidates.ts';
import { firstVersion, type Verdict } from './gate.ts';
import { trainingRows } from './landmarkRows.ts';
import { leakRecords } from './leakRecords.ts';
import { baseRateOnly, learn } from './learn.ts';
import { byContract, fitRhythm } from './rhythm.ts';
import { screened } from './screens.ts';
import { chosenState, partsOf, type Selection } from './select.ts';
import { taskOf } from './task.ts';
import type { TrainOptions } from './trainOptions.ts';

export interface Trained {
  readonly bytes: Uint8Array;
  readonly version: string;
  readonly header: ArtifactHeader;
  /** Why this candidate was chosen. */
  readonly selection: Selection;
  /** Whether it may serve. */
  readonly verdict: Verdict;
  /** Settings of the network that a search found; absent = those that were asked for. */
  readonly network?: NetworkSettings | undefined;
  /** What a report is drawn from, but for the learning curves; made when asked for (some seconds). */
  evidence(): Omit<Evidence, 'curves'>;
}

/**
 * Trains a model on a company's own past.
 *
 * 1. Landmark rows of all that the subject is about and that was known before `until`.
 * 2. The newest fifth of them is put aside; everything before it, with labels cut at its start, trains the
 *    candidates. Two thirds of the newest (by account) select, of a small company together with the older ones by
 *    cross-fitting; the rest judges the chosen one beside its baselines.
 * 3. What was chosen is fitted again on all rows as planned, and written as an artifact.
 *
 * The same facts, profile, seed and backend give the same bytes.
 * @throws ForesellError `no-outcomes` where nothing ever ended
 */
export async function trainModel(source: FactSource, subject: Subject, options: TrainOptions): Promise<Trained> {
  const { company } = source;
  const { profile, seed } = options;
  const progress = options.onProgress ?? (() => {});
  const features = featuresOf(subject.model, company);
  progress('reading landmarks', 0);
  const everything = trainingRows(source, subject, features, options.until, (done, total) =>
    progress('reading landmarks', done / total),
  );
  const task = taskOf(subject, company, everything.causes);
  // Never screened out: the clocks of the hazards themselves.
  const clocks = new Set([task.age, expectedEndIn(everything.X.columns.keys()), ...(subject.rhythm ? rhythmFeatures : [])]); // biome-ignore format: one set
  const { data, leaks, drifted, notes: screens } = screened(company, subject, everything, clocks);
  const resolved = endingsOf(data, subject.recurs);
  const known = resolved.positive + resolved.negative;
  if (known === 0) {
    throw new ForesellError(
      'no-outcomes',
      `no ${subject.noun.one} ${subject.sides.positive} or ${subject.sides.negative} before ${formatInstant(options.until)}; import ${subject.needs}`,
    );
  }
  const notes = [...screens, ...leakRecords(source, subject, everything).map(({ says }) => says)];
  const learned = known >= FEWEST_OUTCOMES ? await learn(source, subject, task, data, options, progress) : undefined;
  if (!learned) notes.push(`only ${known} known outcomes; from ${FEWEST_OUTCOMES} on the model learns from them`);
  const selection = learned?.selection ?? baseRateOnly;

  const planned = async () => {
    const rhythm = learned?.rhythm?.chosen ? fitRhythm(source, subject, task, options.until) : undefined;
    const { bound, rhythmic } = byContract(data);
    const final = await fitCandidates(
      rhythm && bound.X.ids.length > 0 ? bound : data,
      task,
      profile,
      seed,
      partsOf(selection),
      learned?.plan ?? { penalties: {}, epochs: 0, networkSeed: seed },
      (step, epoch) => progress(`final fit: ${step}`, epoch && epoch.epoch / epoch.epochs, epoch),
      options.hands,
    );
    const state = chosenState(selection, final.states);
    return rhythm ? withRhythm(state, rhythm, rhythmic.X) : state;
  };
  progress('final fit');
  const cold = fewOutcomes(known, learned?.rhythm?.chosen ? 'ridge' : selection.chosen) ? coldStart(data, task, subject.prior(company)) : undefined; // biome-ignore format: one choice
  if (cold) notes.push(`few outcomes: the base rate ${cold.law.rate.toFixed(3)}, drawn to what is believed before any, mixed with ${cold.learner.toFixed(2)} of a ridge`); // biome-ignore format: one note
  const state = cold?.state ?? (await planned());
  // The learner reads the owner's record itself.
  const record = cold && hasRecord(subject.model) ? recordTrust(known) * (1 - cold.learner) : 0;
  if (record > 0) notes.push(`few outcomes: the records of owners and teams count for ${record.toFixed(2)}`);
  progress('describing the version');
  const header = await describe(
    subject,
    task,
    data,
    features,
    state,
    selection,
    learned,
    options,
    resolved,
    leaks,
    notes,
  );
  const bytes = writeArtifact(record > 0 ? { ...header, record } : header, state);
  const artifact = loadArtifact(bytes);
  return {
    bytes,
    version: artifact.version,
    header: artifact.header,
    selection,
    verdict: learned?.verdict ?? firstVersion(options.champion),
    network: learned?.plan.network,
    evidence: () => ({
      format: 1,
      judged: learned ? judgedRows(source, subject.of, learned.judging, learned.judgement) : null,
      effects: effectsOf(artifact, company, data.X),
      drifted,
    }),
  };
}
