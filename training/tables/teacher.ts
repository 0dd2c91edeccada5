import type { Placed } from '../../models/hazards.ts';
import { type Binned, type BoostSettings, boostedUnseen } from './boosted.ts';
import type { Split } from './committee.ts';

/** Shapes of trees that are tried: stumps see no interactions, forty leaves see many. */
const SHAPES: readonly Pick<BoostSettings, 'leaves' | 'learningRate' | 'lambda'>[] = [
  { leaves: 3, learningRate: 0.15, lambda: 2 },
  { leaves: 12, learningRate: 0.06, lambda: 4 },
  { leaves: 40, learningRate: 0.06, lambda: 4 },
];
const USUAL = { rounds: 1000, leastWeight: 1, rowShare: 0.8, columnShare: 0.6, patience: 35 };

/** Parts of the rows that a teacher's own judgements are made in. */
const INNER = 3;

/**
 * Which trees teach best: each shape judged on the held-out rows of one split; the best one.
 * @returns settings with the number of rounds that was best
 */
export function chosenTrees(
  data: Binned,
  placed: Placed,
  causes: number,
  split: Split,
  seed: number,
): { settings: BoostSettings; losses: readonly number[] } {
  // biome-ignore format: one signature
  const tried = SHAPES.map((shape) => {
    const settings = { ...USUAL, ...shape };
    const { loss, rounds } = boostedUnseen(data, placed.cause, causes, split.train, split.held, settings, seed);
    return { loss, settings: { ...settings, rounds: Math.max(1, rounds) } };
  });
  const best = tried.reduce((a, b) => (b.loss < a.loss ? b : a));
  return { settings: best.settings, losses: tried.map(({ loss }) => loss) };
}

/**
 * What trees say of rows that they had not seen: of each third by trees grown on the other two. A probability a row and
 * cause; of tables with one bin. A network that is taught by it learns the shape of the trees' answer from every row, not
 * only from whether a thing came (Hinton, Vinyals and Dean 2015; Fakoor et al., FAST-DAD, 2020).
 * @param rows of which, and on which only
 */
export function taught(
  data: Binned,
  placed: Placed,
  causes: number,
  rows: Int32Array,
  settings: BoostSettings,
  seed: number,
): Float32Array {
  // biome-ignore format: one signature
  const out = new Float32Array(rows.length * causes);
  for (let part = 0; part < INNER; part++) {
    const inside = Int32Array.from(rows.keys()).filter((i) => i % INNER === part);
    const train = rows.filter((_, i) => i % INNER !== part);
    const held = Int32Array.from(inside, (i) => rows[i]!);
    const { logits } = boostedUnseen(data, placed.cause, causes, train, held, settings, seed + part);
    for (let r = 0; r < inside.length; r++) {
      let sum = 1;
      for (let c = 0; c < causes; c++) sum += Math.exp(logits[r * causes + c]!);
      for (let c = 0; c < causes; c++) out[inside[r]! * causes + c] = Math.exp(logits[r * causes + c]!) / sum;
    }
  }
  return out;
}
