import { ForesellError } from '../../src/errors.ts';

/** A node above the lines: the sum of those it lists. */
export interface HierarchyNode {
  readonly id: string;
  /** Columns that it is told by, as `state/purpose`; '' = the total. */
  readonly level: string;
  /** Lines that it sums, by their place. */
  readonly lines: Int32Array;
}

/** Levels from the total down, each by the places of the columns that tell its nodes. */
export interface HierarchyPlan {
  readonly columns: readonly string[];
  readonly levels: readonly (readonly number[])[];
}

/**
 * A hierarchy by the columns that tell it: `/` goes down, `*` crosses. `region/product` has the total, regions and products
 * within regions; `state/region*purpose` crosses total, state and region with total and purpose.
 * @throws ForesellError `hierarchy-invalid`
 */
export function hierarchyPlan(text: string): HierarchyPlan {
  const factors = text.split('*').map((factor) => factor.split('/').map((name) => name.trim()));
  const columns = factors.flat();
  if (columns.some((name) => name === '') || new Set(columns).size < columns.length)
    throw new ForesellError('hierarchy-invalid', `--hierarchy "${text}": expected different columns parted by / (goes down) or * (crosses), as region/product`); // biome-ignore format: one sentence
  let levels: number[][] = [[]];
  let from = 0;
  for (const factor of factors) {
    const prefixes = Array.from({ length: factor.length + 1 }, (_, k) => Array.from({ length: k }, (_, i) => from + i));
    levels = levels.flatMap((level) => prefixes.map((prefix) => [...level, ...prefix]));
    from += factor.length;
  }
  return { columns, levels: levels.sort((a, b) => a.length - b.length) };
}

/**
 * Nodes above lines whose cells are given, level by level, in order of their first line. `region=North/product=A` is the id
 * of a node; the total is `total`. Of a level at which every node is one line the lines themselves stand.
 */
export function hierarchyNodes(plan: HierarchyPlan, cells: readonly (readonly string[])[]): readonly HierarchyNode[] {
  return plan.levels.flatMap((level) => {
    const nodes = new Map<string, number[]>();
    for (const [line, own] of cells.entries()) {
      const id = level.map((i) => `${plan.columns[i]}=${own[i]}`).join('/') || 'total';
      const lines = nodes.get(id);
      if (lines) lines.push(line);
      else nodes.set(id, [line]);
    }
    if (nodes.size === cells.length && level.length > 0) return [];
    const name = level.map((i) => plan.columns[i]).join('/');
    return [...nodes].map(([id, lines]) => ({ id, level: name, lines: Int32Array.from(lines) }));
  });
}

/** Values of a node: the sum of its lines, period by period. */
export function sumLines(lines: ArrayLike<number>, values: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(values[lines[0]].length);
  for (let i = 0; i < lines.length; i++) {
    const own = values[lines[i]];
    for (let t = 0; t < sum.length; t++) sum[t] += own[t];
  }
  return sum;
}
