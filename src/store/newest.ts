import { type RecordDeclaration, type RecordKind, records } from '../records.ts';
import { type Calendar, knownAfter } from '../time.ts';
import type { Connection } from './connection.ts';

/**
 * The newest instant at which something was learned: the newest `known_at`, or the time of a fact that is no plan, or
 * of a plan that does not say when it was made. Cost: one pass over each table with facts.
 *
 * @param tableOf where the rows of a kind are; undefined = nowhere
 * @param beforeImport leave out what lies after its row's own import, which is a plan whatever it is called
 */
export function newestKnown(
  db: Connection,
  calendar: Calendar,
  beforeImport: boolean,
  tableOf: (kind: RecordKind) => string | undefined = (kind) => `main."${records[kind].table}"`,
): number | undefined {
  let newest: number | undefined;
  for (const kind of Object.keys(records) as RecordKind[]) {
    const declaration: RecordDeclaration = records[kind];
    const facts = Object.values(declaration.facts).map(({ at, planned }) => ({ at, planned: planned ?? false }));
    if (kind === 'change') facts.push({ at: 'at', planned: false });
    const table = tableOf(kind);
    if (facts.length === 0 || table === undefined) continue;
    const max = (column: string, where: string): number | null =>
      db
        .prepare(`SELECT max("${column}") FROM ${table} WHERE ${where}${beforeImport ? ` AND "${column}" <= imported_at` : ''}`) // biome-ignore format: one statement
        .pluck()
        .get() as number | null;
    const seen = [max('known_at', 'true')];
    for (const { at, planned } of facts) {
      const happened = max(at, planned ? 'known_at IS NULL' : 'true');
      seen.push(happened === null ? null : knownAfter(happened, calendar));
    }
    for (const at of seen) if (at !== null && (newest === undefined || at > newest)) newest = at;
  }
  return newest;
}
