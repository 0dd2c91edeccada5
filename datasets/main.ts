import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ForesellError } from '../src/errors.ts';
import { bundle, type Simulation, TRUTH_PATHS, truthFiles } from './synthetic.ts';

export interface Written {
  readonly name: string;
  readonly rows: number;
}

/**
 * Writes a simulated company into a folder: the import bundle, and its truth in `truth/` beside it. The folder appears
 * when all is written, not before; an existing one is replaced only where it holds a sample company.
 *
 * @param options.truth latent paths behind each true probability; 0 leaves the truth out
 * @throws ForesellError `out-not-empty`
 */
export function writeBundle(
  dir: string,
  sim: Simulation,
  options: {
    readonly truth?: number;
    readonly onFile?: (file: Written) => void;
    readonly onWeek?: (week: number) => void;
  } = {},
): Written[] {
  const { truth = TRUTH_PATHS, onFile = () => {}, onWeek } = options;
  const target = resolve(dir);
  if (existsSync(target) && readdirSync(target).length > 0 && !isSample(target)) {
    throw new ForesellError(
      'out-not-empty',
      `${target} holds something other than a sample company; expected an empty or new folder: give another --out`,
      { path: 'out' },
    );
  }
  const draft = `${target}.writing`;
  rmSync(draft, { recursive: true, force: true });
  const written: Written[] = [];
  try {
    mkdirSync(truth > 0 ? join(draft, 'truth') : draft, { recursive: true });
    const put = (file: { readonly name: string; readonly rows: number; readonly text: string }) => {
      writeFileSync(join(draft, file.name), file.text);
      written.push({ name: file.name, rows: file.rows });
      onFile(written.at(-1)!);
    };
    for (const file of bundle(sim)) put(file);
    if (truth > 0) for (const file of truthFiles(sim, truth, onWeek)) put(file);
    rmSync(target, { recursive: true, force: true });
    mkdirSync(dirname(target), { recursive: true });
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
  return written;
}

function isSample(dir: string): boolean {
  try {
    const company: unknown = JSON.parse(readFileSync(join(dir, 'company.json'), 'utf8'));
    return typeof company === 'object' && company !== null && 'sample' in company && company.sample === true;
  } catch {
    return false; // no company.json, or not one of ours: then it is not a sample
  }
}

export interface Verified {
  readonly checked: number;
  /** Files whose bytes differ from the manifest, or that are not there. */
  readonly wrong: readonly string[];
  /** Why nothing was checked. */
  readonly skipped: string | null;
}

/** Checks the files of a data folder against its `MANIFEST.sha256`. An absent folder is skipped with the reason. */
export async function verify(folder: string | undefined): Promise<Verified> {
  if (!folder)
    return { checked: 0, wrong: [], skipped: 'FORESELL_DATA is not set; set it to the folder of the data sets' };
  const manifest = join(folder, 'MANIFEST.sha256');
  if (!existsSync(manifest))
    return {
      checked: 0,
      wrong: [],
      skipped: `${manifest} is not there; FORESELL_DATA must name the folder that holds it`,
    };
  const wrong: string[] = [];
  let checked = 0;
  for (const line of readFileSync(manifest, 'utf8').split('\n')) {
    if (line.trim() === '') continue;
    const match = /^([0-9a-f]{64}) [ *](.+)$/.exec(line);
    if (!match) throw new ForesellError('manifest-invalid', `${manifest}: "${line}" is not "<sha256>  <file>"`);
    const file = join(folder, match[2]!);
    checked++;
    if (!existsSync(file) || (await sha256(file)) !== match[1]) wrong.push(match[2]!);
  }
  return { checked, wrong, skipped: null };
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function main(args: readonly string[]): Promise<number> {
  if (args[0] !== 'verify' || args.length > 1) {
    process.stderr.write(`got "${args.join(' ')}"; expected "verify": npm run datasets -- verify\n`);
    return 2;
  }
  const { checked, wrong, skipped } = await verify(process.env['FORESELL_DATA']);
  if (skipped) process.stdout.write(`skipped: ${skipped}\n`);
  else process.stdout.write(`${checked - wrong.length} of ${checked} files are as the manifest says\n`);
  for (const file of wrong) process.stdout.write(`differs or is missing: ${file}\n`);
  return wrong.length ? 1 : 0;
}

if (process.argv[1] && pathToFileURL(process.argv[1]).href === import.meta.url) {
  process.exitCode = await main(process.argv.slice(2));
}
