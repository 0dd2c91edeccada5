import type { EntityKind, Fact, FactKind, RecordKind } from '../records.ts';
import { records } from '../records.ts';
import type { History } from '../world.ts';

/**
 * Kinds of record that nothing reads but features of those whom they are about, and that are most rows of a company: who is
 * open, what is usual and what a period brings are told by the others.
 */
export const ON_DEMAND = ['activity', 'usage', 'invoice', 'ticket', 'survey', 'campaignMember', 'dealContact'] as const satisfies readonly RecordKind[]; // biome-ignore format: one list

/** What one kind of record tells of somebody. */
export type ReadPart = (of: EntityKind, id: string, kind: RecordKind) => History;

const NONE: readonly never[] = [];

/** A history some of whose lists are read when somebody first looks at them. They are enumerated last, and only by `for .. in`. */
class ReadOnDemand {
  readonly #of: EntityKind;
  readonly #id: string;
  readonly #read: ReadPart;
  #lists: { [kind: string]: readonly Fact[] } | undefined;

  constructor(of: EntityKind, id: string, read: ReadPart) {
    this.#of = of;
    this.#id = id;
    this.#read = read;
  }

  static {
    for (const record of ON_DEMAND)
      for (const kind of Object.keys(records[record].facts)) {
        const get = function (this: ReadOnDemand): readonly Fact[] {
          return this.#list(record, kind as FactKind);
        };
        Object.defineProperty(ReadOnDemand.prototype, kind, { get, enumerable: true });
      }
  }

  #list(record: RecordKind, kind: FactKind): readonly Fact[] {
    const lists = (this.#lists ??= {});
    if (!lists[kind]) {
      const told = this.#read(this.#of, this.#id, record);
      for (const each of Object.keys(records[record].facts)) lists[each] = told[each as FactKind] ?? NONE;
    }
    return lists[kind]!;
  }
}

/** The beginning of a history that reads the kinds `ON_DEMAND` by itself: an own list is added for each of the others. */
export const historyOnDemand =
  (read: ReadPart) =>
  (of: EntityKind, id: string): History =>
    new ReadOnDemand(of, id, read) as History;
