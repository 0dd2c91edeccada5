import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Which code it was that made something. */
export interface CodeVersion {
  /** Of the package. */
  readonly version: string;
  /** SHA-256 over the files that decide what a training gives, as they ran: sources and built files differ. */
  readonly hash: string;
}

/** What a training depends on; pages, routes and commands are not of it. */
const FOLDERS = ['src', 'features', 'models', 'training'];

let known: CodeVersion | undefined;

/** The code that runs now. Cost: some 250 files are read, once a process. */
export function codeVersion(): CodeVersion {
  return (known ??= { version: packageVersion(), hash: hashOf() });
}

function hashOf(): string {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const ending = extname(fileURLToPath(import.meta.url));
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile() && file.name.endsWith(ending) && !file.name.endsWith(`.d${ending}`))
      .map((file) => relative(root, join(file.parentPath, file.name)).split(sep).join('/')),
  ).sort();
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\n`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

/** From the nearest package.json above: this file runs from source and from the built folder. */
export function packageVersion(): string {
  for (const up of ['../../package.json', '../../../package.json']) {
    try {
      return (JSON.parse(readFileSync(new URL(up, import.meta.url), 'utf8')) as { version: string }).version;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return '0.0.0';
}
