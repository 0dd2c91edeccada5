import { ForesellError } from '../src/errors.ts';
import { parseJson } from './json.ts';

/** A line of NDJSON as it was read: what it says, or why nothing can be made of it. */
export type Line =
  | { readonly n: number; readonly value: unknown }
  | { readonly n: number; readonly error: ForesellError };

const NEWLINE = 10;

/**
 * Lines of a stream of bytes, as many at a time as a chunk of it completes. Blank lines are skipped and counted. The next
 * chunk is asked for when the lines before were taken, so that a sender who is faster waits; of a line over `most` bytes
 * nothing but its end is looked for. Cost: memory for one chunk and one line.
 */
export async function* linesOf(body: ReadableStream<Uint8Array>, most: number): AsyncGenerator<readonly Line[]> {
  const reader = body.getReader();
  let parts: Uint8Array[] = [];
  let held = 0;
  let n = 0;
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const line = (): Line | undefined => {
    const at = n++;
    const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    const isOver = held > most;
    parts = [];
    held = 0;
    if (isOver) return { n: at, error: problem(at, 'line-too-long', `is over ${most} bytes`) };
    let text: string;
    try {
      text = decoder.decode(bytes).trim();
      return text === '' ? undefined : { n: at, value: parseJson(text) };
    } catch (cause) {
      if (cause instanceof ForesellError) return { n: at, error: problem(at, cause.code, cause.message) };
      return { n: at, error: problem(at, 'body-malformed', 'is not valid JSON in UTF-8') };
    }
  };
  const add = (bytes: Uint8Array) => {
    held += bytes.length;
    if (held <= most) parts.push(bytes);
    else parts = [];
  };
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const lines: Line[] = [];
      let from = 0;
      for (let to = value.indexOf(NEWLINE); to >= 0; to = value.indexOf(NEWLINE, from)) {
        add(value.subarray(from, to));
        const whole = line();
        if (whole) lines.push(whole);
        from = to + 1;
      }
      if (from < value.length) add(value.subarray(from));
      if (lines.length > 0) yield lines;
    }
    const last = held > 0 ? line() : undefined;
    if (last) yield [last];
  } finally {
    await reader.cancel().catch(() => undefined); // the sender has gone already
  }
}

const problem = (n: number, code: string, what: string) =>
  new ForesellError(code, `lines[${n}]: ${what}`, { path: `lines[${n}]` });
