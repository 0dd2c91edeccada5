import { closeSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { outPlace, unwritable } from './outPlace.ts';

/** A file that is being written, piece by piece. */
interface OutFile {
  /** Whether it stands beside its place until it is done, and is to be dropped by who stops before. */
  readonly isBeside: boolean;
  write(piece: string | Uint8Array): void;
  /** All is written: it takes its place. */
  done(): void;
  /** Leaves what was in its place as it was. */
  drop(): void;
}

/**
 * Opens a file that takes its place when it is whole, so that a stopped run leaves no half file; of a link it is the target
 * that is replaced. A named pipe is waited for until someone reads it.
 * @param option what named it, for errors
 * @throws ForesellError `file-unwritable`, also while it is written
 */
export function openOut(file: string, option = '--out'): OutFile {
  const place = outPlace(file, option);
  const tried = <T>(work: () => T): T => {
    try {
      return work();
    } catch (cause) {
      throw unwritable(option, file, (cause as Error).message, cause);
    }
  };
  const opened = tried(() => openSync(place.part ?? place.file, 'w'));
  let isOpen = true;
  const close = () => {
    if (isOpen) closeSync(opened);
    isOpen = false;
  };
  return {
    isBeside: place.part !== null,
    write: (piece) => tried(() => writeFileSync(opened, piece)),
    done: () =>
      tried(() => {
        close();
        if (place.part !== null) renameSync(place.part, place.file);
      }),
    drop: () => {
      close();
      if (place.part !== null) rmSync(place.part, { force: true });
    },
  };
}

/** Writes a file that is whole or not there, as `openOut`. @throws ForesellError `file-unwritable` */
export function writeWhole(
  file: string,
  content: string | Uint8Array | Iterable<string | Uint8Array>,
  option = '--out',
): void {
  const out = openOut(file, option);
  try {
    const pieces = typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
    for (const piece of pieces) out.write(piece);
    out.done();
  } catch (error) {
    out.drop();
    throw error;
  }
}
