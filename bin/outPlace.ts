import { readlinkSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { ForesellError } from '../src/errors.ts';

/** Where a file that an option names is really written. */
export interface OutPlace {
  /** What is opened or replaced: behind its links, where it is a file. */
  readonly file: string;
  /** Stands beside it until it is whole; null = written straight, as pipes and devices are: nothing can take their place. */
  readonly part: string | null;
  /** A device such as /dev/null, of which any number of options may name the same. */
  readonly shared: boolean;
}

/** The place of a file, which need not exist yet. @throws ForesellError `file-unwritable` where no file can be */
export function outPlace(file: string, option: string): OutPlace {
  if (file === '') throw unwritable(option, file, 'an empty name; name a file to write to');
  const stats = statOf(file, option);
  if (stats?.isDirectory()) throw unwritable(option, file, 'is a folder where a file is expected; name a file in it');
  if (stats?.isSocket()) throw unwritable(option, file, 'is a socket where a file is expected; name a file or a pipe');
  if (stats && !stats.isFile()) return { file, part: null, shared: stats.isCharacterDevice() };
  if (file.endsWith('/') || file.endsWith(sep))
    throw unwritable(option, file, 'names a folder where a file is expected; leave out what stands at the end');
  try {
    const real = stats ? realpathSync.native(file) : unborn(file);
    return { file: real, part: `${real}.part`, shared: false };
  } catch (cause) {
    // A file that is open but has no name any more, as /dev/stdout may lead to.
    if (stats) return { file, part: null, shared: false };
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const why = isMissing ? `there is no folder ${dirname(file)}; make it first` : (cause as Error).message;
    throw unwritable(option, file, why, cause);
  }
}

/** Whether what is written there stays as a file, unlike in a pipe or device. */
export const isKept = (file: string): boolean => outPlace(file, '--out').part !== null;

/** What two names of one file have in common: its path without links. */
export function realPath(file: string): string {
  try {
    return realpathSync.native(file);
  } catch {
    try {
      return unborn(file);
    } catch {
      return resolve(file);
    }
  }
}

/** What is there, behind links; undefined where nothing is. */
export function statOf(file: string, option: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch (cause) {
    throw unwritable(option, file, (cause as Error).message, cause);
  }
}

export const unwritable = (option: string, file: string, why: string, cause?: unknown): ForesellError =>
  new ForesellError('file-unwritable', `${option} ${file === '' ? "''" : file}: ${why}`, { path: option, cause });

/** The path of a file that is still to be made: in its real folder, or where a link that leads to nothing points. */
function unborn(file: string): string {
  const path = join(realpathSync.native(dirname(file)), basename(file));
  let target: string;
  try {
    target = readlinkSync(path);
  } catch {
    return path;
  }
  return unborn(resolve(dirname(path), target));
}
