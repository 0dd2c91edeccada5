import { ForesellError } from '../errors.ts';
import { type RecordDeclaration, type RecordKind, records } from '../records.ts';
import type { RawRow } from '../store/rows.ts';
import type { Origin, Staging } from '../store/staging.ts';
import type { Instant } from '../time.ts';
import type { SourceTable } from './bundle.ts';

/** What a complete export no longer has. */
export interface Absences {
  readonly removed: Readonly<Partial<Record<RecordKind, number>>>;
  /** Kinds of which rows were rejected: whether a record is absent or unreadable is not told, so none was taken as gone. */
  readonly unsure: readonly RecordKind[];
}
export const nothingAbsent: Absences = { removed: {}, unsure: [] };

/** Of rows that the import itself makes. */
export const OURS: Origin = { table: -1, line: 0, mask: -1 };

/** Largest share of a kind that may be gone at once without being confirmed: more looks like the export of a part. */
export const LARGEST_SHARE = 0.1;

export function removal(kind: RecordKind, key: string, at: Instant, event: 'removed' | 'returned'): RawRow {
  const cells = [kind, key, at, event];
  return { key: cells.join('|'), values: [...cells, at, null] };
}

/** Whether looks see a record of the kind: definitions (stages, teams, quotas, rates) and histories are not removed. */
const isTold = (kind: RecordKind): boolean => {
  const { facts }: RecordDeclaration = records[kind];
  return kind === 'orderLine' || Object.keys(facts).length > 0;
};

/**
 * Records of the source that a complete export lacks, of the kinds that it has a file of: each is staged as a removal that
 * is known from this import, and stays in the database. A kind that rows were rejected of is left out.
 * @throws ForesellError `complete-too-many` where more than a tenth of a kind would be gone and that is not confirmed
 */
export function absencesOf(
  staging: Staging,
  tables: readonly SourceTable[],
  source: string,
  at: Instant,
  confirmed: boolean,
): Absences {
  const kinds = new Set(tables.map(({ kind }) => kind).filter(isTold));
  const rejected = new Set<string>();
  for (const { file, code } of staging.rejects()) if (code !== 'duplicate-older') rejected.add(file);
  const unsure = new Set(tables.filter(({ file, kind }) => rejected.has(file) && kinds.has(kind)).map(({ kind }) => kind)); // biome-ignore format: one look

  const found = [...kinds].flatMap((kind) => {
    if (unsure.has(kind)) return [];
    const before = staging.gone(kind);
    const { known, keys } = staging.absent(kind, source);
    const gone = keys.filter((key) => !before.has(key));
    return gone.length ? [{ kind, known: known - before.size, gone }] : [];
  });
  const many = found.filter(({ known, gone }) => gone.length > LARGEST_SHARE * known);
  if (many.length > 0 && !confirmed) {
    const what = many.map(({ kind, known, gone }) => `${gone.length} of ${known} in ${records[kind].file}`).join(', ');
    throw new ForesellError(
      'complete-too-many',
      `--complete would take as gone ${what}, more than ${100 * LARGEST_SHARE} % of a kind: is this the export of a part? Nothing was imported. Import it without --complete, or confirm with --confirm-removals`,
      { path: '--complete' },
    );
  }
  for (const { kind, gone } of found)
    for (const key of gone) staging.add('removal', removal(kind, key, at, 'removed'), OURS);
  return { removed: Object.fromEntries(found.map(({ kind, gone }) => [kind, gone.length])), unsure: [...unsure] };
}
