import { simulatedSource } from '../datasets/synthetic/source.ts';
import { bundle, simulate } from '../datasets/synthetic.ts';
import { featuresOf } from '../features/hash.ts';
import { type Artifact, loadArtifact, writeArtifact } from '../models/artifact.ts';
import { exportLayersModel } from '../models/exportTfjs.ts';
import { layers, tensorflow } from '../models/tf.ts';
import { type Frame, takeRows } from '../src/frame.ts';
import { subjects } from '../src/subjects/index.ts';
import type { FactSource } from '../src/world.ts';
import { fitCandidates } from '../training/fitCandidates.ts';
import { trainingRows } from '../training/landmarkRows.ts';
import { profiles } from '../training/profiles.ts';
import { taskOf } from '../training/task.ts';
import { trainModel } from '../training/train.ts';

/** A small simulated company with a network trained on it: what every speed comparison stands on. */
export interface Setting {
  readonly files: readonly (ReturnType<typeof bundle> extends Iterable<infer File> ? File : never)[];
  readonly source: FactSource;
  readonly artifact: Artifact;
  readonly bytes: Uint8Array;
  /** Landmark rows, unencoded. */
  readonly frame: Frame;
  /** Whether each of them was won in the end, by what is known: what a classifier learns from. */
  readonly won: Uint8Array;
}

const DEALS = 300;
const SEED = 11;
/** A network's speed does not depend on how long it was trained; its size is that of the profile `default`. */
const EPOCHS = 1;

/** So many of the deal model's features, evenly chosen; undefined = all of them. */
let only: number | undefined;

/** Before anything is made: the network is fitted on so many features. */
export function takeFeatures(count: number): void {
  only = count;
}

/** Evenly from the first to the last. */
function some<T>(all: readonly T[], count = all.length): T[] {
  if (!(count >= 1 && count <= all.length)) throw new Error(`the deal model has ${all.length} features, not ${count}`);
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]!);
}

let made: Promise<Setting> | undefined;
export const setting = (): Promise<Setting> => (made ??= make());

async function make(): Promise<Setting> {
  const sim = simulate({ deals: DEALS, seed: SEED, scenario: 'calm' });
  const source = simulatedSource(sim);
  const until = sim.clock.end;
  const { company } = source;
  const { header } = await trainModel(source, subjects.deal, { until, profile: profiles.fast, seed: SEED });
  // Whichever candidate the gate chose, what is timed is the network, the largest of them.
  const features = some(featuresOf('deal', company), only);
  const data = trainingRows(source, subjects.deal, features, until);
  const plan = { penalties: {}, epochs: EPOCHS, networkSeed: SEED };
  const fitted = await fitCandidates(
    data,
    taskOf(subjects.deal, company, data.causes),
    profiles.default,
    SEED,
    ['network'],
    plan,
  );
  const bytes = writeArtifact(
    {
      ...header,
      features: features.map(({ name, type }) => ({ name, type })),
      chosen: 'network',
      lowSkill: false,
      insufficientData: false,
    },
    fitted.states.get('network')!,
  );
  return {
    files: [...bundle(sim)],
    source,
    artifact: loadArtifact(bytes),
    bytes,
    frame: data.X,
    won: Uint8Array.from(data.outcomes, ({ cause }) => (cause?.name === 'won' ? 1 : 0)),
  };
}

/** So many rows of the frame, from the beginning again where it ends. */
export const rowsOfFrame = (frame: Frame, rows: number): Frame =>
  takeRows(
    frame,
    Array.from({ length: rows }, (_, i) => i % frame.ids.length),
  );

/** The same model as stock TensorFlow.js opens and runs it, on the WebAssembly backend, its weights in memory. */
export async function stockModel(artifact: Artifact) {
  const { tf } = await tensorflow('wasm');
  const tfl = await layers();
  const { modelJson, weights } = await exportLayersModel(artifact);
  const { modelTopology, weightsManifest } = modelJson as {
    readonly modelTopology: object;
    readonly weightsManifest: readonly { readonly weights: never[] }[];
  };
  const weightSpecs = weightsManifest.flatMap((group) => group.weights);
  const weightData = Uint8Array.from(weights).buffer;
  const model = await tfl.loadLayersModel({ load: async () => ({ modelTopology, weightSpecs, weightData }) });
  const { width } = artifact.state.encoder;
  const bins = artifact.state.edges.length - 1;
  /** From encoded rows to probabilities, read back. */
  return (x: Float32Array, q: Float32Array): Float32Array => {
    const rows = x.length / width;
    const inputs = [tf.tensor2d(x, [rows, width]), tf.tensor3d(q, [rows, bins, q.length / rows / bins])];
    const answer = model.predict(inputs as never, { batchSize: rows });
    const p = (Array.isArray(answer) ? answer[0]! : answer) as (typeof inputs)[0];
    const values = p.dataSync() as Float32Array;
    tf.dispose([...inputs, p]);
    return values;
  };
}
