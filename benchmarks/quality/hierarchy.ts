import { join } from 'node:path';
import {
  forecastHierarchy,
  forecastSeriesSet,
  type HierarchyNode,
  hierarchyNodes,
  naiveScale,
} from '../../models/series/index.ts';
import { type Reconciliation, reconcile, reconciliations } from '../../models/series/reconcile.ts';
import { readSeriesTable } from '../../src/connectors/seriesTable.ts';
import { mae } from '../../src/stats/forecastErrors.ts';
import { coverage } from '../../src/stats/interval.ts';
import type { QualityCase } from './quality.ts';

/** Quarters held out. */
const HORIZON = 8;
const SEASON = 4;
/** R's Theta as base, measured for the specification: total, state, purpose, state x purpose, lines. */
const R_THETA = [1.49, 1.34, 1.31, 1.16, 0.97];
const SHOWN: Reconciliation = 'ols';

/** Australian tourism by region and purpose: what every level loses or gains by being made to add up. */
export const hierarchy: QualityCase = {
  name: 'hierarchy',
  says: 'tourism by state, purpose and region: MASE of every level, base and reconciled; whether all adds up',
  needs: 'tourism_hierarchical',
  run: async ({ folder, small, say }) => {
    const columns = ['Region', 'State', 'Purpose'] as const;
    const table = await readSeriesTable(join(folder!, 'tourism.csv.gz'), {
      ...{ frequency: 'Q', id: undefined, ds: 'Quarter', y: 'Trips', regressors: [], groups: columns, gaps: 'auto' },
    });
    const whole = table.lines.map(({ y }) => y);
    const cut = whole[0]!.length - HORIZON;
    const lines = whole.map((y) => ({ y: y.slice(0, cut) }));
    const plan = { columns, levels: [[], [1], [2], [1, 2]] };
    const nodes = hierarchyNodes(
      plan,
      table.lines.map(({ groups }) => groups),
    );
    const levels = [...new Set(nodes.map(({ level }) => level)), 'line'];
    const levelOf = (i: number) => nodes[i]?.level ?? 'line';
    const full = [...nodes.map((node) => sumOf(node, whole)), ...whole];
    const ask = { season: SEASON, horizon: HORIZON, method: 'auto' as const, origins: 3 };
    const masesOf = (means: readonly Float64Array[]) => {
      const each = means.map((mean, i) => mae(full[i]!.slice(cut), mean) / naiveScale(full[i]!.slice(0, cut), SEASON));
      return levels.map((level) => average(each.filter((_, i) => levelOf(i) === level)));
    };
    say('base');
    const cutOff = full.map((y) => ({ y: y.slice(0, cut) }));
    const unreconciled = forecastSeriesSet(cutOff, { ...ask, origins: 0 });
    const means = unreconciled.map(({ mean }) => mean);
    const base = masesOf(means);
    const out = [
      `${'MASE'.padEnd(12)} ${[...levels.map((l) => l || 'total'), 'mean'].map((l) => l.padStart(14)).join(' ')}`,
    ];
    const row = (name: string, of: readonly number[]) =>
      out.push(`${name.padEnd(12)} ${[...of, average(of)].map((v) => v.toFixed(3).padStart(14)).join(' ')}`);
    row('base', base);
    row("R's Theta", R_THETA);
    const figures: Record<string, number> = { lines: lines.length, sums: nodes.length };
    const errors = unreconciled.map(({ fitted }, i) => fitted.map((v, t) => full[i]![t]! - v));
    for (const how of reconciliations) if (how !== SHOWN) row(how, masesOf(reconcile(nodes, means, how, errors, true)));
    say(SHOWN);
    const said = forecastHierarchy(nodes, lines, { ...ask, origins: small ? 1 : 3, reconcile: SHOWN });
    const reconciled = said.map(({ mean }) => mean);
    const mases = masesOf(reconciled);
    row(SHOWN, mases);
    const total = Math.max(...reconciled[0]!);
    const gap = Math.max(...nodes.map((node, a) => Math.max(...sumOf(node, reconciled.slice(nodes.length)).map((v, h) => Math.abs(v - reconciled[a]![h]!))))) / total; // biome-ignore format: one figure
    const held = (level: 80 | 95) => average(said.map(({ intervals }, i) => coverage(full[i]!.slice(cut), intervals[level].low, intervals[level].high))); // biome-ignore format: one figure
    figures['80 % intervals hold'] = held(80);
    figures['95 % intervals hold'] = held(95);
    const accept = [
      { name: `mean MASE over levels, ${SHOWN}`, value: average(mases), most: 1.22 },
      { name: 'worst level against its base', value: Math.max(...mases.map((v, l) => v / base[l]!)), most: 1.06 },
      { name: 'coherence error, share of the total', value: gap, most: 1e-6 },
    ];
    return { figures, accept, lines: out };
  },
};

function sumOf({ lines }: HierarchyNode, values: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(values[0]!.length);
  for (const line of lines) for (let t = 0; t < sum.length; t++) sum[t]! += values[line]![t]!;
  return sum;
}
const average = (of: readonly number[]): number => of.reduce((sum, v) => sum + v, 0) / of.length;
