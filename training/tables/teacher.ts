import { type Hazards, type Placed, softmaxBins } from '../../models/hazards.ts';
import type { Binned } from './binned.ts';
import { type BoostSettings, boosted } from './boosted.ts';

/** Parts of the rows that a teacher's own judgements are made in. */
const INNER = 3;

/**
 * What trees say of rows that they had not seen: of each third by trees grown on the other two. A probability a row and
 * cause; of tables with one bin. A network that is taught by it learns the shape of the trees' answer from every row, not
 * only from whether a thing came (Hinton, Vinyals and Dean 2015; Fakoor et al., FAST-DAD, 2020).
 * @param rows of which, and on which only
 */
export function taught(
  data: Binned,
  grid: Hazards,
  placed: Placed,
  rows: Int32Array,
  settings: BoostSettings,
  seed: number,
): Float32Array {
  // biome-ignore format: one signature
  const { causes } = grid;
  const out = new Float32Array(rows.length * causes);
  for (let part = 0; part < INNER; part++) {
    const inside = Int32Array.from(rows.keys()).filter((i) => i % INNER === part);
    const train = rows.filter((_, i) => i % INNER !== part);
    const held = Int32Array.from(inside, (i) => rows[i]!);
    const p = softmaxBins(grid, boosted(data, grid, placed, train, held, settings, seed + part).logits);
    for (let r = 0; r < inside.length; r++)
      for (let c = 0; c < causes; c++) out[inside[r]! * causes + c] = p[r * (causes + 1) + c + 1]!;
  }
  return out;
}
