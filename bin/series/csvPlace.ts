import { statSync } from 'node:fs';
import { ForesellError } from '../../src/errors.ts';

/**
 * Refuses, before anything is read, a place of forecasts that would be told as another format than it has, or that is a file
 * which is read.
 * @param inputs files by the options that name them; undefined = not given
 * @throws ForesellError `format-unknown`, `file-same`
 */
export function checkCsvPlace(out: string, inputs: Readonly<Record<string, string | undefined>>): void {
  if (!out.toLowerCase().endsWith('.csv'))
    throw new ForesellError('format-unknown', `--out ${out}: forecasts are written as .csv, or - for stdout`, {
      path: '--out',
    });
  for (const [option, file] of Object.entries(inputs))
    if (file !== undefined && sameFile(out, file))
      throw new ForesellError(
        'file-same',
        `--out ${out} would overwrite the file of ${option}; name another for --out`,
        {
          path: '--out',
        },
      );
}

/** Asked of the file system, which alone knows of links and of letters that it takes for the same. */
function sameFile(one: string, other: string): boolean {
  const [a, b] = [one, other].map((path) => statSync(path, { bigint: true, throwIfNoEntry: false }));
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
}
