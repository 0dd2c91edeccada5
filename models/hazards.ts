import { ForesellError } from '../src/errors.ts';

/**
 * Competing risks in discrete time, as pure functions on flat arrays: everything that is said about a deal (will it
 * be won, when, in this quarter) is derived here from one table of probabilities, so that no two answers disagree but by the
 * company's calendar, which the forecast adds (`pacedBins.ts`).
 *
 * Words. K bins (e_b, e_{b+1}] of days after the look, C causes (1 = won, 2 = lost, ..). In bin b a row that is still
 * open stays open with probability p_b0 or ends by cause c with p_bc; p_b = softmax(0, z_b1, .., z_bC).
 *
 * Shapes, all row-major: logits z are rows x K x C, probabilities p are rows x K x (C + 1) with "still open" first.
 *
 * Beyond the last edge the last bin is repeated for ever. That is what makes the probability of winning ever
 * F_c(K) + S_K p_Kc / sum_j p_Kj, and dates beyond the last edge follow from the same assumption.
 */
export interface Hazards {
  /** Bin edges in days, ascending from 0; K + 1 of them. */
  readonly edges: Float64Array;
  /** Number of causes C. */
  readonly causes: number;
}

/** Checks the edges once, where they enter. */
export function hazards(edges: ArrayLike<number>, causes: number): Hazards {
  const copy = Float64Array.from(edges);
  const ascending = copy.every((edge, i) => Number.isFinite(edge) && (i === 0 || edge > copy[i - 1]));
  if (copy.length < 2 || copy[0] !== 0 || !ascending) {
    throw new ForesellError(
      'bins-invalid',
      `bins [${copy.join(', ')}] are not two or more finite edges in days ascending from 0; correct the setting "bins"`,
    );
  }
  if (!Number.isInteger(causes) || causes < 1) {
    throw new ForesellError('causes-invalid', `${causes} causes; expected a whole number of at least 1`);
  }
  return { edges: copy, causes };
}

export const binsOf = (grid: Hazards): number => grid.edges.length - 1;

/** Where each row's observation ends on the grid: what the loss needs to know of time and cause. */
export interface Placed {
  /** Bins survived whole; K = beyond the last edge. */
  readonly bin: Int32Array;
  /** Share of bin `bin` survived, for censored rows; 0 for events. */
  readonly fraction: Float64Array;
  /** Cause within bin `bin`; 0 = censored there. */
  readonly cause: Uint8Array;
}

/**
 * Places durations on the grid. An event at day d falls in the bin with e_b < d <= e_{b+1} (at day 0: in the first).
 * An event after the last edge is, for the loss, a row seen open through all bins. Cost: O(rows log K).
 */
export function place(grid: Hazards, timeDays: ArrayLike<number>, cause: ArrayLike<number>): Placed {
  const rows = timeDays.length;
  const bins = binsOf(grid);
  const placed = { bin: new Int32Array(rows), fraction: new Float64Array(rows), cause: new Uint8Array(rows) };
  for (let row = 0; row < rows; row++) {
    const time = timeDays[row];
    if (!(time >= 0)) {
      throw new ForesellError('duration-invalid', `row ${row}: duration ${time} days; expected 0 or more`);
    }
    if (!(cause[row] >= 0 && cause[row] <= grid.causes)) {
      throw new ForesellError('cause-invalid', `row ${row}: cause ${cause[row]}; expected 0 to ${grid.causes}`);
    }
    const bin = binAt(grid.edges, time);
    placed.bin[row] = bin;
    if (bin === bins) continue;
    placed.cause[row] = cause[row];
    if (cause[row] === 0) {
      placed.fraction[row] = (time - grid.edges[bin]) / (grid.edges[bin + 1] - grid.edges[bin]);
    }
  }
  return placed;
}

/** The bin b with e_b < t <= e_{b+1}; 0 for t <= 0, K beyond the last edge. */
export function binAt(edges: Float64Array, t: number): number {
  let low = 0;
  let high = edges.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle + 1] >= t) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Logits (rows x K x C) to probabilities (rows x K x (C + 1)); stable for any finite logits. */
export function softmaxBins(grid: Hazards, logits: ArrayLike<number>): Float64Array {
  const { causes } = grid;
  const cells = logits.length / causes;
  const p = new Float64Array(cells * (causes + 1));
  for (let cell = 0; cell < cells; cell++) softmaxCell(logits, cell * causes, causes, p, cell * (causes + 1));
  return p;
}

/** Writes one cell's probabilities and returns -log p_0 = log(1 + sum exp z). */
function softmaxCell(logits: ArrayLike<number>, from: number, causes: number, p: Float64Array, to: number): number {
  let max = 0;
  for (let c = 0; c < causes; c++) if (logits[from + c] > max) max = logits[from + c];
  let sum = Math.exp(-max);
  p[to] = sum;
  for (let c = 0; c < causes; c++) {
    const e = Math.exp(logits[from + c] - max);
    p[to + c + 1] = e;
    sum += e;
  }
  for (let c = 0; c <= causes; c++) p[to + c] /= sum;
  return max + Math.log(sum);
}

/**
 * Negative log likelihood per row from logits. With m bins survived whole:
 * event of cause c in bin m: -sum_{b<m} log p_b0 - log p_mc; censored after a share f of bin m:
 * -sum_{b<m} log p_b0 - f log p_m0.
 */
export function nllOfLogits(grid: Hazards, logits: ArrayLike<number>, placed: Placed): Float64Array {
  const rows = placed.bin.length;
  const nll = new Float64Array(rows);
  for (let row = 0; row < rows; row++) nll[row] = rowNll(grid, logits, placed, row);
  return nll;
}

/** log(1 + sum exp z) of a cell, that is -log p_0. */
function logPartition(logits: ArrayLike<number>, from: number, causes: number): number {
  let max = 0;
  for (let c = 0; c < causes; c++) if (logits[from + c] > max) max = logits[from + c];
  let sum = Math.exp(-max);
  for (let c = 0; c < causes; c++) sum += Math.exp(logits[from + c] - max);
  return max + Math.log(sum);
}

function rowNll(grid: Hazards, logits: ArrayLike<number>, placed: Placed, row: number): number {
  const { causes } = grid;
  const bins = binsOf(grid);
  const base = row * bins * causes;
  const last = placed.bin[row];
  let nll = 0;
  for (let b = 0; b < last; b++) nll += logPartition(logits, base + b * causes, causes);
  if (last === bins) return nll;
  const cause = placed.cause[row];
  const at = base + last * causes;
  if (cause > 0) nll += logPartition(logits, at, causes) - logits[at + cause - 1];
  else if (placed.fraction[row] > 0) nll += placed.fraction[row] * logPartition(logits, at, causes);
  return nll;
}

/**
 * sum_i w_i nll_i, and its gradient w_i d nll_i / d logits written to `gradient` (same shape as the logits, all cells).
 * In a bin survived whole the gradient is p_bc; in a censored one f p_bc; in the event's bin p_bc - 1[c = cause].
 */
export function nllGradient(
  grid: Hazards,
  logits: Float64Array,
  placed: Placed,
  weight: ArrayLike<number>,
  gradient: Float64Array,
): number {
  const { causes } = grid;
  const bins = binsOf(grid);
  const cell = new Float64Array(causes + 1);
  gradient.fill(0);
  let total = 0;
  for (let row = 0; row < placed.bin.length; row++) {
    const last = placed.bin[row];
    const cause = placed.cause[row];
    for (let b = 0; b < bins && b <= last; b++) {
      const at = (row * bins + b) * causes;
      const stayed = softmaxCell(logits, at, causes, cell, 0);
      const share = b < last || cause > 0 ? 1 : placed.fraction[row];
      total += weight[row] * share * stayed;
      for (let c = 0; c < causes; c++) gradient[at + c] = weight[row] * share * cell[c + 1];
      if (b === last && cause > 0) {
        total -= weight[row] * logits[at + cause - 1];
        gradient[at + cause - 1] -= weight[row];
      }
    }
  }
  return total;
}

/** Negative log likelihood per row from probabilities; each is held at 1e-15 or more, so that it stays finite. */
export function nllOfProbabilities(grid: Hazards, p: ArrayLike<number>, placed: Placed): Float64Array {
  const width = grid.causes + 1;
  const bins = binsOf(grid);
  const minusLog = (value: number) => -Math.log(Math.max(1e-15, value));
  return Float64Array.from(placed.bin, (last, row) => {
    const base = row * bins * width;
    let nll = 0;
    for (let b = 0; b < last; b++) nll += minusLog(p[base + b * width]);
    if (last === bins) return nll;
    const cause = placed.cause[row];
    if (cause > 0) return nll + minusLog(p[base + last * width + cause]);
    return placed.fraction[row] > 0 ? nll + placed.fraction[row] * minusLog(p[base + last * width]) : nll;
  });
}

/**
 * Steps one cell on by a share f of its bin (f may exceed 1 in the repeated last bin): adds to F and returns the new S.
 * dF_c = S (1 - p_0^f) p_c / sum_j p_j and S' = S p_0^f.
 */
function advance(p: ArrayLike<number>, cell: number, causes: number, f: number, open: number, F: Float64Array, to = 0) {
  let ends = 0;
  for (let c = 1; c <= causes; c++) ends += p[cell + c];
  if (!(ends > 0)) return open;
  const stays = f === 1 ? 1 - ends : Math.exp(f * Math.log1p(-Math.min(1, ends)));
  const leaves = (open * (f === 1 ? ends : 1 - stays)) / ends;
  for (let c = 1; c <= causes; c++) F[to + c - 1] += leaves * p[cell + c];
  return open * Math.max(0, stays);
}

/**
 * Cumulative incidence F_c(t) at one time, and what is still open: writes F_1 .. F_C from `out[to]` on, returns S(t).
 * sum_c F_c + S = 1; each F grows with t. Cost: O(K C).
 */
export function incidenceAt(grid: Hazards, p: ArrayLike<number>, row: number, t: number, out: Float64Array, to = 0) {
  const { edges, causes } = grid;
  const bins = binsOf(grid);
  const width = causes + 1;
  const base = row * bins * width;
  for (let c = 0; c < causes; c++) out[to + c] = 0;
  let open = 1;
  for (let b = 0; b < bins && t > edges[b]; b++) {
    const share = Math.min(1, (t - edges[b]) / (edges[b + 1] - edges[b]));
    open = advance(p, base + b * width, causes, share, open, out, to);
  }
  if (t > edges[bins]) {
    const share = (t - edges[bins]) / (edges[bins] - edges[bins - 1]);
    open = advance(p, base + (bins - 1) * width, causes, share, open, out, to);
  }
  return open;
}

/**
 * Cumulative incidence of one row after so much of each bin: `shares` of whole bins, from the first on, each 0 or more; one beyond the last bin is of bins
 * like it. Writes F_1 .. F_C, returns S. With 1 for each bin passed it is `incidenceAt`. Cost: O(K C).
 */
export function incidenceOver(
  grid: Hazards,
  p: ArrayLike<number>,
  row: number,
  shares: ArrayLike<number>,
  out: Float64Array,
): number {
  const bins = binsOf(grid);
  const width = grid.causes + 1;
  out.fill(0);
  let open = 1;
  for (let b = 0; b < shares.length; b++)
    open = advance(p, (row * bins + Math.min(b, bins - 1)) * width, grid.causes, shares[b], open, out);
  return open;
}

/**
 * Cumulative incidence of all rows: rows x times x causes, row-major. Times in days from the look, any order; Infinity
 * is allowed.
 */
export function incidence(grid: Hazards, p: ArrayLike<number>, timesDays: ArrayLike<number>): Float64Array {
  const { causes } = grid;
  const rows = p.length / (binsOf(grid) * (causes + 1));
  const out = new Float64Array(rows * timesDays.length * causes);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < timesDays.length; i++) {
      incidenceAt(grid, p, row, timesDays[i], out, (row * timesDays.length + i) * causes);
    }
  }
  return out;
}

/**
 * Probability that a row ends by each cause at all: rows x causes, F_c(K) + S_K p_Kc / sum_j p_Kj. Where the last bin
 * has no hazard left, what is open at the last edge stays open and a row sums to less than 1.
 */
export function eventually(grid: Hazards, p: ArrayLike<number>): Float64Array {
  return incidence(grid, p, [Number.POSITIVE_INFINITY]);
}

/**
 * When a row ends by `cause` (1 .. C), given that it does: quantiles in days from the look, rows x levels. The time t
 * with F_c(t) / F_c(infinity) = level, exact inside a bin: the share f of the bin solves
 * S (1 - p_0^f) p_c / sum_j p_j = what is missing. NaN where the cause cannot happen.
 */
export function timeQuantiles(
  grid: Hazards,
  p: ArrayLike<number>,
  cause: number,
  levels: ArrayLike<number>,
): Float64Array {
  const { edges, causes } = grid;
  const bins = binsOf(grid);
  const width = causes + 1;
  const ever = eventually(grid, p);
  const rows = ever.length / causes;
  const out = new Float64Array(rows * levels.length).fill(Number.NaN);
  const step = new Float64Array(causes);
  for (let row = 0; row < rows; row++) {
    const total = ever[row * causes + cause - 1];
    if (!(total > 0)) continue;
    for (let i = 0; i < levels.length; i++) {
      let missing = levels[i] * total;
      let open = 1;
      let b = 0;
      for (; b < bins; b++) {
        step.fill(0);
        const next = advance(p, (row * bins + b) * width, causes, 1, open, step);
        if (step[cause - 1] >= missing) break;
        missing -= step[cause - 1];
        open = next;
      }
      const bin = Math.min(b, bins - 1);
      const cell = (row * bins + bin) * width;
      let ends = 0;
      for (let c = 1; c <= causes; c++) ends += p[cell + c];
      const left = missing <= 0 ? 1 : 1 - (missing * ends) / (open * p[cell + cause]);
      const share = Math.log(Math.max(Number.MIN_VALUE, left)) / Math.log1p(-Math.min(1 - 2 ** -53, ends));
      // Within the grid rounding must not carry a date over its bin's edge.
      const inside = b < bins ? Math.min(1, share) : share;
      out[row * levels.length + i] = edges[b] + inside * (edges[bin + 1] - edges[bin]);
    }
  }
  return out;
}
