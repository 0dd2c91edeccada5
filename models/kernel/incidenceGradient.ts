import type { Hazards } from '../hazards.ts';

/**
 * Cumulative incidence of one row at time t, with its derivative in the free probabilities u_bc = p_bc (c >= 1,
 * p_b0 = 1 - sum_c u_bc). With G_c(b) the chance to end by cause c by t when open at the start of bin b,
 *
 *     dF_c / du_bj = S_b ( d inc_c / du_j + (d stay / du_j) G_c(b + 1) ),
 *
 * where a whole bin has inc_c = u_c, stay = 1 - sum u, and a share f of a bin stay = p_0^f, inc_c = (1 - p_0^f) u_c / sum u.
 * @param p one row, bins x (causes + 1) · @param t days, at most the last edge
 * @returns F (causes) and dF (causes x bins x causes)
 */
export function incidenceGradient(grid: Hazards, p: Float64Array, t: number): { F: Float64Array; dF: Float64Array } {
  const { edges, causes } = grid;
  const bins = edges.length - 1;
  const width = causes + 1;
  let used = 0;
  while (used < bins && edges[used]! < t) used++;
  const F = new Float64Array(causes);
  const dF = new Float64Array(causes * bins * causes);
  const share = (b: number) => Math.min(1, (t - edges[b]!) / (edges[b + 1]! - edges[b]!));
  const open = new Float64Array(used + 1);
  open[0] = 1;
  for (let b = 0; b < used; b++) open[b + 1] = open[b]! * p[b * width]! ** share(b);

  const G = new Float64Array(causes); // G(b + 1), walking backwards
  for (let b = used - 1; b >= 0; b--) {
    const f = share(b);
    const p0 = p[b * width]!;
    let ends = 0;
    for (let c = 1; c <= causes; c++) ends += p[b * width + c]!;
    const stay = p0 ** f;
    const dStay = f === 1 ? -1 : -f * Math.max(p0, 1e-300) ** (f - 1);
    for (let c = 0; c < causes; c++) {
      const u = p[b * width + c + 1]!;
      for (let j = 0; j < causes; j++) {
        const own = c === j ? 1 : 0;
        const dInc =
          f === 1 ? own : ends > 0 ? (-dStay * u) / ends + (1 - stay) * (own / ends - u / ends ** 2) : f * own;
        dF[(c * bins + b) * causes + j] = open[b]! * (dInc + dStay * G[c]!);
      }
    }
    for (let c = 0; c < causes; c++) {
      const u = p[b * width + c + 1]!;
      const inc = f === 1 ? u : ends > 0 ? ((1 - stay) * u) / ends : 0;
      G[c] = inc + stay * G[c]!;
    }
  }
  F.set(G);
  return { F, dF };
}
