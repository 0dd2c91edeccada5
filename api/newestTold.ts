import { type RecordDeclaration, type RecordKind, records } from '../src/records.ts';
import { type Calendar, type Instant, knownAfter, parseInstant } from '../src/time.ts';
import { recordLists } from './overlay.ts';
import { jsonName } from './schemas/rows.ts';
import type { WholeRecord } from './schemas/wholeRecords.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * The newest instant up to `clock` at which something that a whole record tells begins to count; undefined where it tells of none. It is what
 * "now" means for a record: one that tells of this hour is not scored as it was before.
 * Cost: one reading of each of its times.
 */
export function newestTold(record: WholeRecord, calendar: Calendar, clock: Instant): Instant | undefined {
  let newest: Instant | undefined;
  const look = (kind: RecordKind, row: Json): void => {
    for (const name of timesOf(kind)) {
      const text = row[name];
      const at = typeof text === 'string' ? parseInstant(text, calendar.zone) : undefined;
      if (at === undefined || at > clock) continue;
      const from = knownAfter(at, calendar);
      if (from <= clock && (newest === undefined || from > newest)) newest = from;
    }
  };
  const given = record as Json;
  for (const kind of ['deal', 'lead', 'account'] as const) if (given[kind]) look(kind, given[kind] as Json);
  for (const [name, kind] of [...Object.entries(recordLists), ['changes', 'change'] as const])
    for (const row of (given[name] as readonly Json[] | undefined) ?? []) look(kind, row);
  return newest;
}

const times = new Map<RecordKind, readonly string[]>();
/** The fields of a kind that hold a time, as JSON calls them. */
function timesOf(kind: RecordKind): readonly string[] {
  let known = times.get(kind);
  if (!known) {
    const { columns }: RecordDeclaration = records[kind];
    const names = Object.keys(columns).filter((name) => columns[name]!.type === 'time');
    times.set(kind, (known = [...names.map(jsonName), 'knownAt']));
  }
  return known;
}
