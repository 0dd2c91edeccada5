import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ForesellError } from './errors.ts';

/**
 * The place of a file or folder that comes with the program, by its path in the checkout: the same from the sources and
 * from the built code, which lies elsewhere.
 * @throws ForesellError `file-missing`
 */
export function shipped(path: string): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const place = join(folder, path);
    if (existsSync(join(folder, 'package.json')) && existsSync(place)) return place;
    if (folder === dirname(folder))
      throw new ForesellError('file-missing', `${path} is not installed`, { blame: 'failure' });
  }
}
