import { createWriteStream, mkdirSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ForesellError } from '../errors.ts';

/** More than any company's export. */
const MAX_BYTES = 16 * 1024 ** 3;
const MAX_FILES = 1_000;
const MAX_PATH = 1_000;
/** CSV packs some 5 to 50 times; 1,032 is the most that deflate can, and only what was made to can. */
const MAX_RATIO = 250;
/** Below this much the ratio says nothing. */
const SMALL = 64 * 1024 ** 2;

/**
 * Writes the files of an archive into a folder.
 * Refused: names that lead out of the archive, a file that comes twice, links, more than 1,000 files, more than 16 GiB or
 * than 250 times what was packed (a bomb); nothing is written past the limit.
 */
export class Unpacking {
  readonly #archive: string;
  readonly #folder: string;
  readonly #packed: number;
  readonly #modified: Date;
  readonly #names = new Set<string>();
  #bytes = 0;

  constructor(ask: {
    readonly archive: string;
    readonly folder: string;
    readonly packed: number;
    readonly modified: Date;
  }) {
    this.#archive = ask.archive;
    this.#folder = ask.folder;
    this.#packed = ask.packed;
    this.#modified = ask.modified;
  }

  refuse(code: string, message: string): never {
    throw new ForesellError(code, `${this.#archive}: ${message}`);
  }

  /** The path to write a file under; undefined for what no export means: folders, hidden files, what macOS adds. */
  nameOf(path: string): string | undefined {
    const steps = path.split('/');
    if (
      path === '' ||
      path.startsWith('/') ||
      /[\\\0]|^[A-Za-z]:/.test(path) ||
      steps.includes('..') ||
      path.length > MAX_PATH
    )
      this.refuse('archive-path', `"${path.slice(0, 80)}" leads out of the archive; pack the files anew`);
    if (path.endsWith('/') || steps.at(-1)!.startsWith('.') || steps[0] === '__MACOSX') return undefined;
    const name = steps.filter((step) => step !== '' && step !== '.').join('/');
    if (this.#names.has(name)) this.refuse('archive-names', `has ${name} twice; pack the files anew`);
    this.#names.add(name);
    if (this.#names.size > MAX_FILES) this.refuse('archive-too-large', `has more than ${MAX_FILES} files`);
    return name;
  }

  /** Writes one file, counting as it goes. */
  async write(name: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    const path = join(this.#folder, name);
    mkdirSync(dirname(path), { recursive: true });
    const counted = async function* (this: Unpacking) {
      for await (const chunk of content) {
        this.count(chunk.length);
        yield chunk;
      }
    }.bind(this);
    try {
      await pipeline(Readable.from(counted()), createWriteStream(path, { flags: 'wx' }));
    } catch (cause) {
      if (cause instanceof ForesellError) throw cause;
      this.refuse('archive-broken', `${name}: ${(cause as Error).message}; pack it anew`);
    }
    // A later run of the same import knows the file again by it.
    utimesSync(path, this.#modified, this.#modified);
  }

  count(bytes: number): void {
    this.#bytes += bytes;
    const bound = Math.min(MAX_BYTES, Math.max(SMALL, MAX_RATIO * this.#packed));
    if (this.#bytes > bound)
      this.refuse(
        'archive-too-large',
        `unpacks to more than ${Math.floor(bound / 1024 ** 2).toLocaleString('en')} MB, ${MAX_RATIO} times its size; if it is meant, unpack it and give the folder`,
      );
  }
}
