import { readFileSync } from 'node:fs';
import { ForesellError } from '../../src/errors.ts';

/** The bytes of a file that an option names. @throws ForesellError `file-unreadable` */
export function fileBytes(path: string, option: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new ForesellError('file-unreadable', `${option} ${path}: ${(cause as Error).message}`, { path: option, cause }); // biome-ignore format: one error
  }
}

/**
 * A model out of a file that was named: one that holds none, or a damaged one, is the request's mistake, where a damaged
 * version in a database is not.
 * @throws ForesellError `file-unreadable`, those of `open` with the option and the file
 */
export function fromModelFile<T>(path: string, option: string, open: (bytes: Uint8Array) => T): T {
  const bytes = fileBytes(path, option);
  try {
    return open(bytes);
  } catch (cause) {
    if (!(cause instanceof ForesellError)) throw cause;
    throw new ForesellError(cause.code, `${option} ${path}: ${cause.message}`, { path: option, cause });
  }
}
