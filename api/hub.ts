/** An event as it goes over the wire, with its number. */
interface Entry {
  readonly n: number;
  readonly model: string | undefined;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What a subscriber hears. */
export interface Subscription {
  /** Only of this model; undefined = of all. */
  readonly model: string | undefined;
  /** The last event that it has seen, as it was named. */
  readonly lastId: string | undefined;
  /** The id of the key that it came in with; undefined where none was needed. */
  readonly key: string | undefined;
}

/** Events that one who comes back may still have. */
const JOURNAL = 1_000;
/** Events that wait for one who reads slowly; one more, and he is let go, to come back and read on from the journal. */
const WAITING = JOURNAL + 500;
const SUBSCRIBERS = 200;
const HEARTBEAT_MS = 15_000;

const encoder = new TextEncoder();

/**
 * Server-sent events for many readers out of one bounded journal. An event is written once, whoever reads it. The ids
 * are `RUN-NUMBER`: one of another run of the server, or older than the journal, gets a `reset` first, which says that
 * something may be missing.
 * @param run tells this run of the server from others
 */
export function hubOf(run: string) {
  const journal: Entry[] = [];
  const readers = new Map<ReadableStreamDefaultController<Uint8Array>, Pick<Subscription, 'model' | 'key'>>();
  let last = 0;
  let beat: NodeJS.Timeout | undefined;

  const frame = (id: string, type: string, data: object) =>
    encoder.encode(`id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`);

  function send(reader: ReadableStreamDefaultController<Uint8Array>, bytes: Uint8Array): void {
    if ((reader.desiredSize ?? 0) > 0) reader.enqueue(bytes);
    else {
      readers.delete(reader);
      reader.error(new Error('the reader is too slow'));
    }
  }
  function rest(): void {
    if (readers.size > 0) return;
    clearInterval(beat);
    beat = undefined;
  }

  return {
    publish(type: string, model: string | undefined, data: object): void {
      const entry = { n: ++last, model, bytes: frame(`${run}-${last}`, type, data) };
      journal.push(entry);
      if (journal.length > JOURNAL) journal.shift();
      for (const [reader, { model: only }] of [...readers])
        if (only === undefined || model === undefined || only === model) send(reader, entry.bytes);
    },
    /** The stream of one reader; undefined where there are too many. @param hello what is told first */
    subscribe({ model, lastId, key }: Subscription, hello: object): ReadableStream<Uint8Array> | undefined {
      if (readers.size >= SUBSCRIBERS) return undefined;
      let own: ReadableStreamDefaultController<Uint8Array>;
      return new ReadableStream<Uint8Array>(
        {
          start: (reader) => {
            own = reader;
            reader.enqueue(encoder.encode(`retry: 2000\nevent: hello\ndata: ${JSON.stringify(hello)}\n\n`));
            if (lastId !== undefined) {
              const match = /^([^-]+)-(\d{1,15})$/.exec(lastId);
              const seen = match?.[1] === run ? Number(match[2]) : Number.NaN;
              const oldest = journal[0]?.n ?? last + 1;
              if (seen >= oldest - 1 && seen <= last) {
                for (const entry of journal)
                  if (entry.n > seen && (model === undefined || entry.model === undefined || entry.model === model))
                    reader.enqueue(entry.bytes);
              } else {
                reader.enqueue(frame(`${run}-${last}`, 'reset', { detail: 'events may be missing; read what you show again' })); // biome-ignore format: one event
              }
            }
            readers.set(reader, { model, key });
            beat ??= setInterval(() => {
              for (const reader of [...readers.keys()]) send(reader, encoder.encode(': beat\n\n'));
            }, HEARTBEAT_MS);
            beat.unref();
          },
          cancel: () => {
            readers.delete(own);
            rest();
          },
        },
        { highWaterMark: WAITING },
      );
    },
    /** Ends the streams of those who may no longer read. */
    keepOnly(isAllowed: (key: string | undefined) => boolean): void {
      for (const [reader, { key }] of [...readers]) {
        if (isAllowed(key)) continue;
        readers.delete(reader);
        reader.close();
      }
      rest();
    },
    get readers(): number {
      return readers.size;
    },
    close(): void {
      for (const reader of readers.keys()) reader.close();
      readers.clear();
      rest();
    },
  };
}
