import { createHash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ForesellError } from '../src/errors.ts';
import { records } from '../src/records.ts';
import { bundleWriter } from './synthetic/bundle.ts';
import { clockUntil } from './synthetic/clock.ts';
import { TRUTH_SAMPLE } from './synthetic/constants.ts';
import { damagedFiles } from './synthetic/dirty.ts';
import { type Simulation, type SimulationAsk, simulate, TRUTH_PATHS, truthFiles } from './synthetic.ts';

export interface Written {
  readonly name: string;
  readonly rows: number;
}

/**
 * Writes a simulated company into a folder: the import bundle, and its truth in `truth/` beside it. The folder appears
 * when all is written, not before; an existing one is replaced only where it holds a sample company and nothing else.
 *
 * @param what a company, or what to simulate: then rows are written as they come about and not kept, so that memory
 *   stays bounded; from TRUTH_SAMPLE.from deals on the truth is that of a seeded sample. The bytes are the same.
 * @param options.truth latent paths behind each true probability; 0 leaves the truth out
 * @returns the company (its tables empty where it was simulated here) and the files
 * @throws ForesellError `out-not-empty`, `file-unwritable`
 */
export function writeBundle(
  dir: string,
  what: Simulation | SimulationAsk,
  options: {
    readonly truth?: number;
    readonly onFile?: (file: Written) => void;
    readonly onWeek?: (week: number) => void;
    readonly onDeals?: (done: number) => void;
  } = {},
): { readonly sim: Simulation; readonly files: Written[] } {
  const { truth = TRUTH_PATHS, onFile = () => {}, onWeek, onDeals } = options;
  const target = placeOf(dir);
  const draft = `${target}.writing`;
  rmSync(draft, { recursive: true, force: true });
  const files: Written[] = [];
  const tell = (file: Written) => {
    files.push(file);
    onFile(file);
  };
  const open = new Map<string, number>();
  try {
    mkdirSync(truth > 0 ? join(draft, 'truth') : draft, { recursive: true });
    const write = (name: string, text: string) => {
      let to = open.get(name);
      if (to === undefined) open.set(name, (to = openSync(join(draft, name), 'w')));
      writeSync(to, text);
    };
    const { sim, writer } = 'tables' in what ? written(what, write) : streamed(what, write, onDeals);
    for (const [name, rows] of writer.rows) tell({ name, rows });
    if (truth > 0) {
      for (const file of truthFiles(sim, truth, onWeek, writer.spoiled)) {
        writeFileSync(join(draft, file.name), file.text);
        tell({ name: file.name, rows: file.rows });
      }
      if (sim.scenario === 'dirty') {
        mkdirSync(join(draft, 'truth', 'refused'));
        for (const file of damagedFiles()) writeFileSync(join(draft, 'truth', 'refused', file.name), file.bytes);
      }
    }
    for (const handle of open.values()) closeSync(handle);
    open.clear();
    rmSync(target, { recursive: true, force: true });
    mkdirSync(dirname(target), { recursive: true });
    renameSync(draft, target);
    return { sim, files };
  } catch (error) {
    for (const handle of open.values()) closeSync(handle);
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
}

type Write = (name: string, text: string) => void;

function written(sim: Simulation, write: Write) {
  const writer = bundleWriter(sim, write);
  writer.put(sim.tables);
  writer.end();
  return { sim, writer };
}

/** Simulates and writes turn by turn; each turn's rows are forgotten. */
function streamed(ask: SimulationAsk, write: Write, onDeals: (done: number) => void = () => {}) {
  const { scenario = 'calm', seed } = ask;
  const writer = bundleWriter({ scenario, seed, clock: clockUntil(ask.end) }, write);
  const sim = simulate(ask, {
    drain: (tables) => {
      writer.put(tables);
      for (const rows of Object.values(tables)) rows.length = 0;
    },
    ...(ask.deals >= TRUTH_SAMPLE.from ? { sample: TRUTH_SAMPLE } : {}),
    onDeals,
  });
  writer.end();
  return { sim, writer };
}

/** What a sample company is made of; anything else in its folder is somebody's own. */
const OURS: ReadonlySet<string> = new Set(['company.json', 'truth', ...Object.values(records).map(({ file }) => file)]);

/** The folder to write, which has nothing in it that would be lost. */
function placeOf(dir: string): string {
  const refuse = (code: string, why: string) =>
    new ForesellError(code, `--out ${dir === '' ? "''" : dir}: ${why}: give another --out`, { path: '--out' });
  if (dir === '') throw refuse('file-unwritable', 'an empty name; expected a folder');
  const target = resolve(dir);
  const found = statSync(target, { throwIfNoEntry: false });
  if (found && !found.isDirectory()) throw refuse('file-unwritable', 'is a file; expected an empty or new folder');
  const names = found ? readdirSync(target) : [];
  if (names.length > 0 && !isSample(target))
    throw refuse('out-not-empty', 'holds something other than a sample company; expected an empty or new folder');
  const others = names.filter((name) => !OURS.has(name));
  if (others.length > 0)
    throw refuse(
      'out-not-empty',
      `holds ${others.slice(0, 3).join(', ')} beside a sample company, which would be lost`,
    );
  return target;
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
