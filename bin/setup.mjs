// Installs what is missing and builds what has changed; does nothing, in some 30 ms, where all is as it should be.
// Plain Node, because it runs before anything is installed. `npm run setup`, and the first step of start and test.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { endTogether, root, run, StepFailed, steps } from './steps.mjs';

const OLDEST_NODE = [20, 19];
const SOURCES = ['src', 'features', 'models', 'training', 'api', 'datasets', 'bin'];
const ALONE = ['package.json', 'tsconfig.json', 'tsconfig.build.json'];
const lock = join(root, 'package-lock.json');
const modules = join(root, 'node_modules');
const installStamp = join(modules, '.foresell-stamp');
const buildStamp = join(root, 'dist', '.stamp');

/** What remains to be done: names of steps with their work; empty where everything is fresh. */
export function pendingSetup() {
  checkNode();
  const pending = [];
  const wanted = installKey();
  const installed = textOf(installStamp) === wanted || adopted(wanted);
  if (!installed)
    pending.push({
      what: 'install packages (better-sqlite3 may compile: about a minute)',
      work: () => install(wanted),
    });
  const sources = sourceKey();
  if (!installed || textOf(buildStamp) !== sources) pending.push({ what: 'build', work: () => build(sources) });
  return pending;
}

/** Changes with the code that is run: what was made by other code may have to be made again. */
export const builtFrom = () => textOf(buildStamp);

/** From here on within its major, Node aborts when better-sqlite3 12 frees a statement (nodejs/node issue 65446). */
const ABORTS_FROM = [24, 19];

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major === ABORTS_FROM[0] && minor >= ABORTS_FROM[1]) {
    process.stderr.write(
      `Node ${process.versions.node} aborts with the SQLite library that Foresell is built on (a fault of Node ${ABORTS_FROM.join('.')} and later); use Node 20, 22 or 24.18\n`,
    );
    process.exit(1);
  }
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  process.stderr.write(
    `Node ${process.versions.node} is too old: Foresell needs Node ${OLDEST_NODE.join('.')} or newer\n`,
  );
  process.exit(1);
}

async function install(wanted) {
  rmSync(installStamp, { force: true });
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  await run(npm, [existsSync(lock) ? 'ci' : 'install', '--no-audit', '--no-fund'], { show: 'failure' });
  writeFileSync(installStamp, wanted);
}

async function build(wanted) {
  rmSync(buildStamp, { force: true });
  await run(process.execPath, [join(modules, 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json'], {
    show: 'failure',
  });
  for (const script of ['bundle.mjs', 'assets.mjs']) await run(process.execPath, [join(root, 'bin', script)]);
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(buildStamp, wanted);
}

/** Of the lock file and of what compiled packages depend on: a native module of one Node major does not load in another. */
function installKey() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch} ${process.versions.modules}\n`);
  return hash.update(readFileSync(existsSync(lock) ? lock : join(root, 'package.json'))).digest('hex');
}

/** Packages that somebody installed with npm itself need no second install where they are those of the lock file. */
function adopted(wanted) {
  const hidden = textOf(join(modules, '.package-lock.json')); // npm writes it last
  if (existsSync(installStamp) || hidden === undefined || !existsSync(lock)) return false;
  const there = JSON.parse(hidden).packages;
  const asked = JSON.parse(readFileSync(lock, 'utf8')).packages;
  const { dependencies, devDependencies } = asked[''];
  const complete = Object.keys({ ...dependencies, ...devDependencies }).every((name) => there[`node_modules/${name}`]);
  const same = complete && Object.entries(there).every(([path, { integrity }]) => asked[path]?.integrity === integrity);
  if (same) writeFileSync(installStamp, wanted);
  return same;
}

/** Of the content of every source file: a copy, a checkout and a changed clock make no difference. */
function sourceKey() {
  const hash = createHash('sha256');
  const read = (path) => hash.update(`${path}\n`).update(readFileSync(join(root, path)));
  for (const file of ALONE) read(file);
  for (const folder of SOURCES) {
    const files = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
    const paths = files
      .filter((file) => file.isFile())
      .map((file) => join(file.parentPath ?? file.path, file.name).slice(root.length + 1));
    for (const path of paths.map((path) => path.split(sep).join('/')).sort()) read(path);
  }
  return hash.digest('hex');
}

function textOf(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

if (process.argv[1] && pathToFileURL(process.argv[1]).href === import.meta.url) {
  endTogether();
  const pending = pendingSetup();
  const { step, elapsed } = steps(pending.length);
  try {
    for (const { what, work } of pending) await step(what, work);
    process.stdout.write(`ready in ${elapsed()}\n`);
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    process.stderr.write(`setup: ${error.message}\n`);
    process.exitCode = 1;
  }
}
