import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { ForesellError } from '../errors.ts';

/** More than any company's export; keeps a small archive from filling the machine. */
const MAX_BYTES = 16 * 1024 ** 3;

/**
 * The text of a file, in pieces; `.gz` is unpacked. Only UTF-8 (with or without a byte order mark) is read: a byte that
 * is not UTF-8 refuses the file, because a replacement character would change what came.
 */
export async function* textOf(path: string): AsyncGenerator<string> {
  const raw = createReadStream(path, { highWaterMark: 256 * 1024 });
  const bytes: AsyncIterable<Uint8Array> = path.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  if (path.endsWith('.gz')) raw.on('error', (error) => (bytes as ReturnType<typeof createGunzip>).destroy(error));
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let seen = 0;
  const decode = (chunk: Uint8Array | undefined): string => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch (cause) {
      throw new ForesellError(
        'encoding-invalid',
        `${path}: not UTF-8 near byte ${seen}; save the file as UTF-8 (Excel: "CSV UTF-8") and import again`,
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
