import { createReadStream, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { untar } from './tar.ts';
import { Unpacking } from './unpack.ts';
import { unzip } from './zip.ts';

/** An export as a folder, unpacked where it came packed. */
export interface Unpacked {
  readonly folder: string;
  /** Removes what was unpacked. */
  close(): void;
}

const FORMS = /\.(?:zip|tar\.gz|tgz|csv\.gz|csv)$/i;

/**
 * The folder of an export: itself, or a .zip, .tar.gz, .tgz, .csv.gz or single .csv in a folder of its own under the
 * system's temporary one, where only this user reads. Cost: the unpacked bytes on disk until it is closed.
 * @throws ForesellError `archive-path`, `archive-names`, `archive-link`, `archive-too-large`, `archive-broken`, `archive-unsupported`
 */
export async function unpacked(path: string): Promise<Unpacked> {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isFile() || !FORMS.test(path)) return { folder: path, close: () => {} };
  const folder = mkdtempSync(join(tmpdir(), 'foresell-'));
  const close = () => rmSync(folder, { recursive: true, force: true });
  const to = new Unpacking({ archive: path, folder, packed: found.size, modified: found.mtime });
  try {
    if (/\.zip$/i.test(path)) await unzip(path, to);
    else if (/\.csv$/i.test(path)) await to.write(basename(path), createReadStream(path));
    else if (/\.csv\.gz$/i.test(path)) await to.write(basename(path).slice(0, -3), gunzipped(path));
    else await untar(readable(gunzipped(path), to), to);
    return { folder: innermost(folder), close };
  } catch (error) {
    close();
    throw error;
  }
}

/** The folder that holds the files: most archives hold one folder and nothing beside it. */
function innermost(folder: string): string {
  const [only, ...more] = readdirSync(folder, { withFileTypes: true });
  return only?.isDirectory() && more.length === 0 ? innermost(join(folder, only.name)) : folder;
}

function gunzipped(path: string): AsyncIterable<Uint8Array> {
  const raw = createReadStream(path);
  const plain = createGunzip();
  raw.on('error', (error) => plain.destroy(error));
  plain.on('close', () => raw.destroy());
  return raw.pipe(plain);
}

/** What the gunzip says is wrong, said of the archive. */
async function* readable(bytes: AsyncIterable<Uint8Array>, to: Unpacking): AsyncGenerator<Uint8Array> {
  const source = bytes[Symbol.asyncIterator]();
  for (;;) {
    const next = await source
      .next()
      .catch((cause: Error) => to.refuse('archive-broken', `${cause.message}; pack it anew`));
    if (next.done) return;
    yield next.value;
  }
}
