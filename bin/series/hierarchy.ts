import { type HierarchyPlan, hierarchyNodes } from '../../models/series/index.ts';
import { cellAt } from '../../src/connectors/columns.ts';
import type { SeriesLine, SeriesTable } from '../../src/connectors/seriesTable.ts';
import { readColumns } from '../../src/connectors/tableBatches.ts';
import { ForesellError } from '../../src/errors.ts';

/** All lines on one stretch of periods: before its first and after its last value a line brought nothing. */
export function onOneGrid(table: SeriesTable): SeriesTable {
  const first = table.lines.reduce((least, line) => Math.min(least, line.first), Number.POSITIVE_INFINITY);
  const end = table.lines.reduce((most, line) => Math.max(most, line.first + line.y.length), Number.NEGATIVE_INFINITY);
  const lines = table.lines.map((line): SeriesLine => {
    if (line.first === first && line.first + line.y.length === end) return line;
    const y = new Float64Array(end - first);
    y.set(line.y, line.first - first);
    const regressors = line.regressors.map((values) => {
      const moved = new Float64Array(values.length + line.first - first).fill(Number.NaN);
      moved.set(values, line.first - first);
      return moved;
    });
    const zeros = line.filled.zeros + y.length - line.y.length;
    return { ...line, first, y, regressors, filled: { ...line.filled, zeros } };
  });
  return { ...table, lines };
}

/** Nodes above the lines; the cells are theirs, or those of a file that has a row a line. */
export async function nodesOf(plan: HierarchyPlan, { lines }: SeriesTable, file: string | undefined, id: string) {
  if (file === undefined)
    return hierarchyNodes(
      plan,
      lines.map(({ groups }) => groups),
    );
  const table = await readColumns(file, { asText: new Set([id, ...plan.columns]) });
  const missing = [id, ...plan.columns].find((name) => !table.columns.has(name));
  if (missing !== undefined)
    throw new ForesellError('columns-missing', `${file}: no column "${missing}"; it has ${table.header.join(', ')}`);
  const cells = new Map(
    Array.from({ length: table.rows }, (_, row) => [
      cellAt(table.columns.get(id)!, row),
      plan.columns.map((name) => cellAt(table.columns.get(name)!, row)),
    ]),
  );
  const unknown = lines.find((line) => cells.get(line.id)?.every((cell) => cell !== '') !== true);
  if (unknown)
    throw new ForesellError(
      'hierarchy-missing',
      `${file}: nothing in ${plan.columns.join(', ')} for "${unknown.id}"; give one row a line`,
    );
  return hierarchyNodes(
    plan,
    lines.map(({ id: own }) => cells.get(own)!),
  );
}
