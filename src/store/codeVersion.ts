import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { shipped } from '../shipped.ts';

/** Which code it was that made something. */
export interface CodeVersion {
  /** Of the package. */
  readonly version: string;
  /** SHA-256 over the sources that decide what a training gives. */
  readonly hash: string;
}

/** What a training depends on; pages, routes and commands are not of it. */
const FOLDERS = ['src', 'features', 'models', 'training'];

/** What `hashOf` gave when the program was built (`bin/bundle.mjs` puts it in); from sources there is none. */
declare const BUILT_FROM: string | undefined;

let known: CodeVersion | undefined;

/** The code that runs now. Cost: from sources some 250 files are read, once a process. */
export function codeVersion(): CodeVersion {
  return (known ??= {
    version: packageVersion(),
    hash: typeof BUILT_FROM === 'undefined' ? hashOf() : BUILT_FROM,
  });
}

function hashOf(): string {
  const root = dirname(shipped('package.json'));
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile() && file.name.endsWith('.ts'))
      .map((file) => relative(root, join(file.parentPath, file.name)).split(sep).join('/')),
  ).sort();
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\n`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

export function packageVersion(): string {
  return (JSON.parse(readFileSync(shipped('package.json'), 'utf8')) as { version: string }).version;
}
