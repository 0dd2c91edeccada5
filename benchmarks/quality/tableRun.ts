import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readTable, type Table } from '../../src/connectors/table.ts';
import { codesMatrix, type PeerSchema, peerFrames } from '../peers/peerTable.ts';

/** Who learns: ours by its command, ridge and naive Bayes in a process of their own, trees by Python. */
export type Method = 'ours' | 'ridge' | 'naiveBayes' | 'histGradientBoosting' | 'xgboost';
export const methods: readonly Method[] = ['ours', 'ridge', 'naiveBayes', 'histGradientBoosting', 'xgboost'];

/** Training and test rows and what is asked of them. */
export interface TableTask {
  readonly task: 'binary' | 'class' | 'amount';
  readonly train: Table;
  readonly test: Table;
  readonly schema: PeerSchema;
  /** What the training rows became: a class from 0 on, or an amount. */
  readonly target: ArrayLike<number>;
  /** Of a binary target: the value whose probability is told. */
  readonly positive?: string;
  /** Levels of a class target, in the order of `target`. */
  readonly levels?: readonly string[];
  /** Training rows are in order of time. */
  readonly inTime: boolean;
  readonly seed: number;
  /** Effort of ours. */
  readonly profile: 'fast' | 'default';
  /** Settings the trees' search tries. */
  readonly tries: number;
  /** Rows on which they are searched; what was found is fitted on all. */
  readonly searchRows: number;
  /** Settings found before: nothing is searched. */
  readonly chosen?: object | undefined;
}

export interface Told {
  /** Binary: P(event). Class: rows x classes without the first. Amount: rows x (p50, p10, p90). */
  readonly p: readonly number[];
  readonly fitSeconds: number;
  readonly searchSeconds?: number;
  /** Of the whole process, reading and predicting included. */
  readonly cpuSeconds: number;
  readonly peakMb: number;
  readonly chosen?: object;
  /** What it said of columns that moved or leak. */
  readonly notes?: readonly string[];
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const LOADER = join(root, 'node_modules/tsx/dist/loader.mjs');
const BOOSTED = join(root, 'benchmarks/peers/boosted.py');
const CHILD = join(root, 'benchmarks/quality/tableChild.ts');

export interface Runner {
  /** Undefined where the method is not installed. */
  run(method: Method, task: TableTask): Promise<Told | undefined>;
  /** What is not there, and why, for people. */
  readonly skipped: readonly string[];
  readonly versions: string;
}

/**
 * Runs methods one at a time, each in a process of its own, and keeps every answer in a folder under a hash of the
 * cells, the settings and the code of the method: what was run before on the same is read, not run again.
 */
export function tableRunner(keep: string | undefined, say: (line: string) => void): Runner {
  const folder = resolve(keep ?? join(tmpdir(), 'foresell-quality-tables'));
  mkdirSync(folder, { recursive: true });
  const python = pythonWithTrees();
  const hashes = new Map<Method, string>();
  const codeOf = (method: Method) => {
    const known = hashes.get(method) ?? codeHash(method, python?.version ?? '');
    hashes.set(method, known);
    return known;
  };
  return {
    skipped: python
      ? []
      : ['histGradientBoosting, xgboost: no python3 with numpy, sklearn and xgboost (FORESELL_PYTHON names one)'],
    versions: python?.version ?? 'trees: skipped',
    run: async (method, task) => {
      const tree = method === 'histGradientBoosting' || method === 'xgboost';
      if (tree && !python) return undefined;
      const file = join(folder, `${method}-${keyOf(method, task, codeOf(method))}.json`);
      if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Told;
      const scratch = mkdtempSync(join(tmpdir(), 'foresell-table-'));
      try {
        const started = Date.now();
        const told = await (tree
          ? askTrees(method, task, python!.command, scratch)
          : method === 'ours'
            ? askOurs(task, scratch)
            : askChild(method, task, scratch));
        say(`  ${method}: ${((Date.now() - started) / 1000).toFixed(0)} s`);
        writeFileSync(`${file}.part`, JSON.stringify(told));
        renameSync(`${file}.part`, file);
        return told;
      } finally {
        rmSync(scratch, { recursive: true, force: true });
      }
    },
  };
}

function keyOf(method: Method, task: TableTask, code: string): string {
  const { train, test, schema, inTime, seed, profile, tries, searchRows, chosen } = task;
  const hash = createHash('sha256');
  const own = method === 'ours' && profile !== 'default' ? [profile] : [];
  const searched =
    method === 'histGradientBoosting' || method === 'xgboost'
      ? { tries, chosen, searchRows: Math.min(searchRows, train.rows) }
      : {};
  hash.update(JSON.stringify([code, task.task, schema, inTime, seed, searched, ...own]));
  for (const table of [train, test])
    for (const [name, cells] of table.cells) hash.update(`${name}\n${cells.join('\n')}\n\0`);
  return hash.digest('hex').slice(0, 24);
}

/** Hash of the code behind a method: the files that it imports, down to the last. */
function codeHash(method: Method, version: string): string {
  const hash = createHash('sha256');
  if (method === 'histGradientBoosting' || method === 'xgboost') {
    for (const file of [BOOSTED, join(root, 'benchmarks/peers/peerTable.ts')]) hash.update(readFileSync(file));
    return hash.update(version).digest('hex');
  }
  const entry = { ours: 'bin/commands/table.ts', ridge: 'benchmarks/peers/tunedRidge.ts', naiveBayes: 'benchmarks/peers/naiveBayes.ts' }; // biome-ignore format: one row
  for (const file of importedBy([join(root, entry[method]), join(root, 'benchmarks/peers/peerTable.ts')]))
    hash.update(readFileSync(file));
  return hash.digest('hex');
}

/** The files, and all that they import by a relative path, in order of their names. */
export function importedBy(entries: readonly string[]): string[] {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file) || !existsSync(file)) return;
    seen.add(file);
    for (const [, path] of readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']+\.ts)'/g))
      visit(resolve(dirname(file), path!));
  };
  for (const entry of entries) visit(entry);
  return [...seen].sort();
}

/** A CSV file of rows, as `readTable` reads it. */
export function writeCsv(path: string, table: Table, without?: string): void {
  const header = table.header.filter((name) => name !== without);
  const quoted = (cell: string) => (/[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  const columns = header.map((name) => table.cells.get(name)!);
  const lines = Array.from({ length: table.rows }, (_, i) => columns.map((cells) => quoted(cells[i]!)).join(','));
  writeFileSync(path, `${[header.map(quoted).join(','), ...lines].join('\n')}\n`);
}

async function askTrees(method: Method, task: TableTask, python: string, scratch: string): Promise<Told> {
  const frames = peerFrames(task.train, task.test, task.schema);
  const { values, width, levels } = codesMatrix(frames.train, frames.test);
  const path = join(scratch, 'rows.f32');
  writeFileSync(path, values);
  const upTo = (n: number, from = 0) => Array.from({ length: n }, (_, i) => from + i);
  const question = {
    method,
    task: task.task,
    path,
    width,
    levels,
    train: upTo(task.train.rows),
    test: upTo(task.test.rows, task.train.rows),
    target: Array.from(task.target),
    seed: task.seed,
    tries: task.tries,
    searchRows: task.searchRows,
    forward: task.inTime,
    ...(task.chosen ? { chosen: task.chosen } : {}),
  };
  return answered(python, [BOOSTED], question, scratch);
}

async function askChild(method: 'ridge' | 'naiveBayes', task: TableTask, scratch: string): Promise<Told> {
  const train = join(scratch, 'train.csv');
  const test = join(scratch, 'test.csv');
  writeCsv(train, task.train);
  writeCsv(test, task.test);
  return answered(process.execPath, ['--import', LOADER, CHILD], { method, train, test, schema: task.schema }, scratch);
}

/** Writes a question to a file, runs a program on it, reads what it wrote. */
async function answered(command: string, args: readonly string[], question: object, scratch: string): Promise<Told> {
  const asked = join(scratch, 'question.json');
  const answer = join(scratch, 'answer.json');
  writeFileSync(asked, JSON.stringify(question));
  await run(command, [...args, asked, answer]);
  return JSON.parse(readFileSync(answer, 'utf8')) as Told;
}

interface Ran {
  readonly out: string;
  readonly err: string;
}

/** Runs a program to its end. One thread of arithmetic: peers and ours share a small machine. */
function run(command: string, args: readonly string[]): Promise<Ran> {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, OMP_NUM_THREADS: '1' } }); // biome-ignore format: one call
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (piece: Buffer) => out.push(piece));
    child.stderr.on('data', (piece: Buffer) => err.push(piece));
    child.on('error', failed);
    child.on('close', (code) => {
      if (code === 0) done({ out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() });
      else failed(new Error(`${command} ${args.slice(0, 3).join(' ')} ended with ${code}: ${Buffer.concat(err)}`));
    });
  });
}

/** The first interpreter that has what the trees import. */
function pythonWithTrees(): { readonly command: string; readonly version: string } | undefined {
  const named = process.env['FORESELL_PYTHON'];
  for (const command of [...(named ? [named] : []), 'python3', '/usr/bin/python3']) {
    const { status, stdout } = spawnSync(command, [BOOSTED, '--version'], { encoding: 'utf8' });
    if (status === 0) return { command, version: stdout.trim() };
  }
  return undefined;
}

/** Ours as anybody would run it: `table fit` on a file of the training rows, `table predict` on one of the others. */
async function askOurs(task: TableTask, scratch: string): Promise<Told> {
  const [train, test, model, out] = ['train.csv', 'test.csv', 'model.foresell', 'p.csv'].map((name) => join(scratch, name)); // biome-ignore format: one row
  writeCsv(train!, task.train);
  writeCsv(test!, task.test, task.schema.target);
  const { target, id, categories } = task.schema;
  const fit = [
    ...['table', 'fit', '--data', train!, '--target', target, '--task', task.task, '--out', model!],
    ...['--seed', String(task.seed), '--profile', task.profile, '--json'],
    ...(task.positive === undefined ? [] : ['--positive', task.positive]),
    ...(id ? ['--id', id] : []),
    ...(categories?.length ? ['--categories', categories.join(',')] : []),
    ...(task.inTime ? ['--order', 'row'] : []),
  ];
  const started = Date.now();
  const fitted = usage(await run(process.execPath, commandLine(fit)));
  const fitSeconds = (Date.now() - started) / 1000;
  const predicted = usage(await run(process.execPath, commandLine(['table', 'predict', '--model', model!, '--data', test!, '--out', out!]))); // biome-ignore format: one call
  const said = await readTable(out!);
  return {
    p: probabilitiesOf(said, task),
    fitSeconds,
    cpuSeconds: fitted.cpuSeconds + predicted.cpuSeconds,
    peakMb: Math.max(fitted.peakMb, predicted.peakMb),
    notes: notesOf(fitted.out),
  };
}

/** The command line from its sources, which says at its end what it took. */
function commandLine(args: readonly string[]): string[] {
  const code = `
    const { main } = await import(${JSON.stringify(join(root, 'bin/cli.ts'))});
    process.exitCode = await main(${JSON.stringify(args)});
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    process.stderr.write('\\ntook ' + (userCPUTime + systemCPUTime) / 1e6 + ' ' + maxRSS / 1024 + '\\n');`;
  return ['--import', LOADER, '--input-type=module', '--eval', code];
}

function usage({ out, err }: Ran): { readonly cpuSeconds: number; readonly peakMb: number; readonly out: string } {
  const [, cpu, peak] = /\ntook (\S+) (\S+)\n/.exec(err)!;
  return { cpuSeconds: Number(cpu), peakMb: Math.round(Number(peak)), out };
}

/** What `table fit --json` said of the model, of columns that moved and of those that know too much. */
function notesOf(out: string): string[] {
  const { weights, drifted, notes, lowSkill } = JSON.parse(out) as FitSaid;
  const shares = Object.entries(weights).filter(([, w]) => w >= 0.005).map(([name, w]) => `${name} ${w.toFixed(2)}`); // biome-ignore format: one chain
  return [
    `weights ${shares.join(', ')}${lowSkill ? '; low skill' : ''}`,
    ...(drifted.length ? [`moved: ${drifted.map((d) => `${d.feature} ${d.distance.toFixed(2)}`).join(', ')}`] : []),
    ...notes,
  ];
}

interface FitSaid {
  readonly weights: Readonly<Record<string, number>>;
  readonly drifted: readonly { readonly feature: string; readonly distance: number }[];
  readonly notes: readonly string[];
  readonly lowSkill: boolean;
}

function probabilitiesOf(said: Table, { task, levels }: TableTask): number[] {
  const columns =
    task === 'binary' ? ['probability'] : task === 'amount' ? ['value', 'p10', 'p90'] : levels!.slice(1).map((level) => `p_${level}`); // biome-ignore format: one choice
  const cells = columns.map((name) => {
    const found = said.cells.get(name);
    if (!found) throw new Error(`table predict wrote no column "${name}"; it wrote ${said.header.join(', ')}`);
    return found;
  });
  return Array.from({ length: said.rows }, (_, i) => cells.map((column) => Number(column[i]))).flat();
}
