import { fitNetwork, type HazardRows, type NetworkSettings, type NetworkStart, takeHazardRows } from '../models/networkFit.ts'; // biome-ignore format: one import
import { random } from '../src/random.ts';

/** Rows to learn from, and those that judge. */
export interface SearchSplit {
  readonly train: Int32Array;
  readonly held: Int32Array;
}

/** What is tried; the usual settings are always among the candidates. */
const SPACE = {
  learningRate: [1e-3, 2e-3, 4e-3],
  dropout: [0, 0.1, 0.25],
  decay: [1e-4, 3e-4, 3e-3],
  width: [48, 64, 96],
  members: [8, 16],
  teacherShare: [0.3, 0.6, 0.8],
} as const;

const RUNGS: readonly (readonly [candidates: number, epochs: number])[] = [[9, 5], [3, 15]]; // biome-ignore format: one row

/** Rows a candidate learns from at most, so that a search of a large table costs what one of a small one does. */
const MOST_ROWS = 12_000;

/**
 * Network settings by successive halving (Jamieson and Talwalkar 2016): nine candidates for five epochs on one split, the
 * best three for fifteen, the best one is used; log loss of the held-out rows decides. Expect small gains.
 * @param taught what a teacher says of the rows of `split.train`, where there is one
 * @param left seconds that may still be spent; asked before each candidate, and the best so far is used when they are over
 */
export async function searched(
  data: HazardRows,
  source: readonly number[],
  split: SearchSplit,
  taught: Float32Array | undefined,
  usual: NetworkSettings,
  seed: number,
  left: () => number,
  start?: NetworkStart,
): Promise<{ readonly settings: NetworkSettings; readonly tried: number; readonly loss: number }> {
  const step = Math.max(1, Math.ceil(split.train.length / MOST_ROWS));
  const index = Int32Array.from(split.train.keys()).filter((i) => i % step === 0);
  const cells = data.grid.causes;
  const lesson = taught && Float32Array.from({ length: index.length * cells }, (_, e) => taught[index[Math.floor(e / cells)]! * cells + (e % cells)]!); // biome-ignore format: one call
  const rows = takeHazardRows(
    data,
    Int32Array.from(index, (i) => split.train[i]!),
  );
  const train = lesson ? { ...rows, taught: lesson } : rows;
  const heldStep = Math.max(1, Math.ceil(split.held.length / MOST_ROWS));
  const held = takeHazardRows(data, split.held.filter((_, i) => i % heldStep === 0)); // biome-ignore format: one call
  const stream = random(seed).fork('search');
  const pick = <T>(of: readonly T[]): T => of[stream.below(of.length)]!;
  let candidates: NetworkSettings[] = [usual];
  while (candidates.length < RUNGS[0]![0])
    candidates.push({
      ...usual,
      learningRate: pick(SPACE.learningRate),
      dropout: pick(SPACE.dropout),
      decay: pick(SPACE.decay),
      width: pick(SPACE.width),
      members: pick(SPACE.members),
      ...(taught ? { teacherShare: pick(SPACE.teacherShare) } : {}),
    });
  let best = { settings: usual, loss: Number.POSITIVE_INFINITY };
  let tried = 0;
  for (const [keep, epochs] of RUNGS) {
    const judged: { settings: NetworkSettings; loss: number }[] = [];
    for (const settings of candidates.slice(0, keep)) {
      if (!(left() > 0)) break;
      const { history } = await fitNetwork(train, held, source, { ...settings, epochs, patience: epochs }, seed, undefined, start); // biome-ignore format: one call
      judged.push({ settings, loss: Math.min(...history) });
      tried++;
    }
    if (judged.length === 0) break;
    judged.sort((a, b) => a.loss - b.loss);
    best = judged[0]!;
    candidates = judged.map(({ settings }) => settings);
  }
  return { ...best, tried };
}
