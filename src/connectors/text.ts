import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { ForesellError } from '../errors.ts';

/** More than any company's export; keeps a small archive from filling the machine. */
const MAX_BYTES = 16 * 1024 ** 3;

/** Encodings that may be declared, and what the decoder calls them. `utf-16` goes by its byte order mark. */
export const ENCODINGS: Readonly<Record<string, string>> = {
  'utf-8': 'utf-8',
  'utf-16': 'utf-16le',
  'utf-16le': 'utf-16le',
  'utf-16be': 'utf-16be',
  'windows-874': 'windows-874',
  'tis-620': 'windows-874',
  'windows-1252': 'windows-1252',
};

export interface TextOptions {
  /** One of `ENCODINGS`; absent = UTF-8, and anything else is refused. */
  readonly encoding?: string | undefined;
  /** Told how many bytes of the file (packed, where it is packed) have been read. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** Refuses an encoding that is not known, before anything is read. */
export function checkEncoding(name: string): void {
  if (Object.hasOwn(ENCODINGS, name.toLowerCase())) return;
  throw new ForesellError('encoding-unknown', `encoding "${name}" is not one of ${Object.keys(ENCODINGS).join(', ')}`);
}

/**
 * The text of a file, in pieces; `.gz` is unpacked. UTF-8 (with or without a byte order mark) unless another encoding is
 * declared: nothing is guessed. A byte that is not of the encoding refuses the file with its line, because a replacement
 * character would change what came.
 */
export async function* textOf(path: string, options: TextOptions = {}): AsyncGenerator<string> {
  const declared = (options.encoding ?? 'utf-8').toLowerCase();
  checkEncoding(declared);
  const raw = createReadStream(path, { highWaterMark: 256 * 1024 });
  const bytes: AsyncIterable<Uint8Array> = path.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  if (path.endsWith('.gz')) raw.on('error', (error) => (bytes as ReturnType<typeof createGunzip>).destroy(error));
  let decoder: Decoder | undefined;
  let seen = 0;
  let lines = 1;
  let encoding = '';
  const decode = (chunk: Uint8Array | undefined): string => {
    encoding ||= encodingOf(path, declared, chunk ?? new Uint8Array());
    decoder ??= decoderOf(encoding);
    try {
      return decoder(chunk);
    } catch (cause) {
      if (!(cause instanceof TypeError)) throw cause;
      const line = lines + (chunk ? goodLines(chunk, encoding) : 0);
      const what = declared === 'utf-8' && options.encoding === undefined ? 'UTF-8' : declared;
      throw new ForesellError(
        'encoding-invalid',
        `${path} line ${line}: not ${what}; save the file as UTF-8 (Excel: "CSV UTF-8"), or declare what it is with --encoding (${Object.keys(ENCODINGS).join(', ')})`,
        { cause },
      );
    }
  };
  try {
    for await (const chunk of bytes) {
      const text = decode(chunk);
      seen += chunk.length;
      if (seen > MAX_BYTES)
        throw new ForesellError('file-too-large', `${path}: more than ${MAX_BYTES} bytes; split it`);
      options.onBytes?.(raw.bytesRead);
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
      yield text;
    }
    yield decode(undefined);
  } catch (error) {
    if (error instanceof ForesellError) throw error;
    throw new ForesellError('file-unreadable', `${path}: ${(error as Error).message}`, { cause: error });
  } finally {
    raw.destroy();
  }
}

/** The encoding of a file that begins with these bytes; refused where they say something else than what was declared. */
function encodingOf(path: string, declared: string, start: Uint8Array): string {
  const [a, b, c] = start;
  const mark = a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : a === 0xef && b === 0xbb && c === 0xbf ? 'utf-8' : undefined; // biome-ignore format: one choice
  if (mark !== undefined && mark !== declared && !(declared === 'utf-16' && mark.startsWith('utf-16'))) {
    throw new ForesellError(
      'encoding-invalid',
      `${path}: begins with the byte order mark of ${mark}, not ${declared}; declare it with --encoding ${mark}`,
    );
  }
  return declared === 'utf-16' ? (mark ?? 'utf-16le') : ENCODINGS[declared]!;
}

/** Bytes to text, piece by piece; a `TypeError` where a byte is not of the encoding. */
type Decoder = (chunk: Uint8Array | undefined) => string;

function decoderOf(encoding: string): Decoder {
  if (encoding === 'windows-1252') return windows1252;
  const decoder = new TextDecoder(encoding, { fatal: true });
  const decode: Decoder = (chunk) => (chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode());
  if (encoding !== 'windows-874') return decode;
  // The platform's table gives bytes that mean nothing in Thai a place for private use instead of refusing them.
  return (chunk) => {
    const text = decode(chunk);
    if (/[\u0080-\u009F\uE000-\uF8FF]/.test(text)) throw new TypeError('a byte without a meaning in windows-874');
    return text;
  };
}

/** 0x80 to 0x9F as windows-1252 has them; the platform's decoder leaves them as control characters. `\0` = no meaning. */
const HIGH = '€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ';
function windows1252(chunk: Uint8Array | undefined): string {
  if (!chunk) return '';
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    .toString('latin1')
    .replace(/[\u0080-\u009F]/g, (byte) => {
      const found = HIGH[byte.charCodeAt(0) - 0x80]!;
      if (found === '\0') throw new TypeError('a byte without a meaning in windows-1252');
      return found;
    });
}

/** Line breaks before the first byte of a chunk that cannot be decoded, counting lines that decode by themselves. */
function goodLines(chunk: Uint8Array, encoding: string): number {
  if (encoding.startsWith('utf-16')) return 0;
  let lines = 0;
  for (let from = 0; ; lines++) {
    const end = chunk.indexOf(10, from);
    if (end < 0) return lines;
    try {
      // The chunk may begin within a character, whose rest says nothing.
      const start = from === 0 ? chunk.findIndex((byte) => (byte & 0xc0) !== 0x80) : from;
      decoderOf(encoding)(chunk.subarray(Math.min(Math.max(start, 0), end), end));
    } catch {
      return lines;
    }
    from = end + 1;
  }
}
