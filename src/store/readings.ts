import { readFileSync } from 'node:fs';
import { fieldName, type RecordDeclaration, type RecordKind, records } from '../records.ts';
import { shipped } from '../shipped.ts';
import { unpack } from '../text/linear.ts';
import { messageReader, READER_VERSION, type Reading, type ReadMessage } from '../text/readMessage.ts';
import type { Connection } from './connection.ts';
import { layoutOf, type SqlValue } from './rows.ts';
import { readSetting, touchFacts, writeSetting } from './settings.ts';

let reader: ReadMessage | undefined;

/** Reads a message with the weights that ship; they are opened at the first message. */
export const readMessage: ReadMessage = (text, language) => {
  reader ??= messageReader(unpack(readFileSync(shipped('src/text/weights/th.bin'))));
  return reader(text, language);
};

const declarationOf = (kind: RecordKind): RecordDeclaration => records[kind];
const readKinds = (Object.keys(records) as RecordKind[]).filter((kind) => declarationOf(kind).reading);

const joined = (words: readonly (SqlValue | undefined)[]): string => words.filter(Boolean).join('\n');

/** What a row's words say, by the columns that its kind declares; nothing for kinds without words. */
export function readingOf(kind: RecordKind, row: object): Partial<Reading> {
  const { reading, columns } = declarationOf(kind);
  if (!reading) return {};
  const cells = row as Readonly<Record<string, SqlValue>>;
  return readMessage(joined(reading.from.map((name) => cells[fieldName(name, columns[name]!.type)])));
}

const PAGE = 2_000;

/**
 * Reads rows that came without a reading, a page at a time, and writes what was read beside them. `where` picks them.
 * @param each called before each page is written, with the page's number
 */
export function fillReadings(
  db: Connection,
  kind: RecordKind,
  table: string,
  where: string,
  wordsOf: (rowid: number, words: readonly SqlValue[]) => readonly SqlValue[] = (_, words) => words,
  write: (work: () => void) => void = (work) => work(),
): void {
  const { reading } = declarationOf(kind);
  if (!reading) return;
  const names = Object.keys(reading.columns);
  const page = db
    .prepare<SqlValue[], SqlValue[]>(
      `SELECT rowid, ${reading.from.map((name) => `"${name}"`).join(', ')} FROM ${table} WHERE rowid > ? AND ${where} ORDER BY rowid LIMIT ${PAGE}`,
    )
    .raw();
  const keep = db.prepare<SqlValue[]>(
    `UPDATE ${table} SET ${names.map((name) => `"${name}" = ?`).join(', ')} WHERE rowid = ?`,
  );
  for (let after = 0; ; ) {
    const rows = page.all(after);
    if (rows.length === 0) return;
    write(() => {
      for (const [rowid, ...words] of rows) {
        const read = readMessage(joined(wordsOf(rowid as number, words))) as unknown as Readonly<
          Record<string, SqlValue>
        >;
        keep.run(...names.map((name) => read[name]!), rowid!);
      }
    });
    after = rows.at(-1)![0] as number;
  }
}

/**
 * Reads every stored message again where another version of the reader read them, in short transactions; a run that is
 * stopped begins again. A text that was replaced since keeps the words it had first, as its reading does.
 * Cost: nothing where the version is the same; else some 50 microseconds a message.
 */
export function renewReadings(db: Connection): void {
  if (readSetting(db, 'reader') === String(READER_VERSION)) return;
  for (const kind of readKinds) {
    const { from } = declarationOf(kind).reading!;
    const { table, key } = layoutOf(kind);
    const first = db
      .prepare<SqlValue[], SqlValue>(
        `SELECT old_value FROM changes c JOIN "${table}" t ON c.id = t."${key}" WHERE t.rowid = ? AND c.kind = ? AND c.field = ? ORDER BY c.rowid LIMIT 1`,
      )
      .pluck();
    const asFirst = (rowid: number, words: readonly SqlValue[]) =>
      words.map((word, i) => {
        const old = first.get(rowid, kind, from[i]!);
        return old === undefined ? word : old;
      });
    fillReadings(db, kind, `"${table}"`, 'true', asFirst, (work) => db.transaction(work).immediate());
  }
  db.transaction(() => {
    writeSetting(db, 'reader', String(READER_VERSION));
    touchFacts(db);
  }).immediate();
}
