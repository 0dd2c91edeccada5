import { accessSync, constants, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { ForesellError } from '../src/errors.ts';
import type { Common } from './common.ts';
import { outPlace, realPath, statOf, unwritable } from './outPlace.ts';
import { settingsBeside } from './own.ts';

/** Files of one command by the options that name them; undefined = not given. */
export type Named = Readonly<Record<string, string | undefined>>;

/**
 * Refuses, before minutes of work, places that cannot be written to, and files that the command would overwrite although
 * another of its options reads or writes them.
 * @throws ForesellError `file-unwritable`, `file-same`
 */
export function checkOutputs(outputs: Named, inputs: Named = {}): void {
  // Not before all are told apart: the trial writes beside a place.
  for (const { option, file, place } of apart(outputs, inputs)) {
    // To open a pipe would wait for its reader, or end what it reads.
    if (place.part === null) checkAllowed(place.file, option, file);
    else tryPart(place.part, option, file);
  }
}

/** The same where it is not sure that anything will be written: whether it can be is not tried. */
export function checkApart(outputs: Named, inputs: Named): void {
  apart(outputs, inputs);
}

/** The places of outputs, of which none is an input or another output. */
function apart(outputs: Named, inputs: Named) {
  const places = given(outputs).map(([option, file]) => ({ option, file, place: outPlace(file, option) }));
  const others = given(inputs).map(([option, file]) => ({ option, file, paths: [realPath(file)] }));
  for (const { option, file, place } of places) {
    // What stands beside the file while it is written would overwrite as well.
    const paths = place.part === null ? [realPath(file)] : [place.file, place.part];
    const other = place.shared ? undefined : others.find((one) => one.paths.some((path) => paths.includes(path)));
    if (other)
      throw new ForesellError(
        'file-same',
        `${option} ${file} would overwrite ${realPath(other.file)}, the file of ${other.option}; name another for ${option}`,
        { path: option },
      );
    others.push({ option, file, paths });
  }
  return places;
}

/**
 * What every command that opens a database reads: the database with the files that SQLite keeps beside it, which may
 * hold what was stored last, and the settings.
 */
export const readBy = ({ db, config }: Pick<Common, 'db' | 'config'>): Named => ({
  '--db': db,
  '--db (its log)': `${db}-wal`,
  '--db (its index)': `${db}-shm`,
  '--config': config ?? settingsBeside(db),
});

/**
 * Refuses a name that says that a page is something else than the HTML that it is: a pdf that no reader opens.
 * @throws ForesellError `format-unknown`
 */
export function checkPage(file: string | undefined, option: string): void {
  const ending = file === undefined ? '' : extname(file);
  if (ending === '' || /^\.html?$/i.test(ending)) return;
  throw new ForesellError('format-unknown', `${option} ${file}: a page is HTML, expected a name that ends on .html, got ${ending}`, { path: option }); // biome-ignore format: one error
}

/** Refuses a file that cannot be written on, where it is not to be replaced. @throws ForesellError `file-unwritable` */
export function checkAppendable(file: string, option = '--out'): void {
  const stats = statOf(file, option);
  if (stats?.isDirectory()) throw unwritable(option, file, 'is a folder where a file is expected; move it away');
  checkAllowed(stats ? file : dirname(resolve(file)), option, file);
}

const given = (named: Named): [string, string][] =>
  Object.entries(named).filter((entry): entry is [string, string] => entry[1] !== undefined);

function tryPart(part: string, option: string, name: string): void {
  try {
    writeFileSync(part, '');
  } catch (cause) {
    throw unwritable(option, name, (cause as Error).message, cause);
  }
  rmSync(part, { force: true });
}

function checkAllowed(path: string, option: string, name: string): void {
  try {
    accessSync(path, constants.W_OK);
  } catch (cause) {
    throw unwritable(option, name, (cause as Error).message, cause);
  }
}
