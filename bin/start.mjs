// `npm start`: from a fresh clone to a trained engine that answers. Sets up, makes a sample company (or reads the
// company's own export) once, trains, scores, forecasts, and serves. A second start goes straight to serving.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { builtFrom, pendingSetup } from './setup.mjs';
import { endTogether, root, run, StepFailed, steps } from './steps.mjs';

const USAGE = `npm start [-- --port N] [--fresh]
npm start -- --data PATH [--source csv] [--map FILE.yaml] [--port N] [--fresh]

Without --data: a seeded sample company in ./sample and ./sample.db. With it: the export in PATH, into ./foresell.db.
--fresh begins again with the sample, or imports and trains again; a company's own database is never deleted.
`;
const SAMPLE = { deals: 1200, seed: 7 };
const cli = join(root, 'bin', 'foresell.mjs');

const options = readOptions();
endTogether();
process.chdir(root);
try {
  await start();
} catch (error) {
  if (!(error instanceof StepFailed)) throw error;
  process.stderr.write(`npm start: ${error.message}; what was done until then is kept: mend it and start again\n`);
  process.exitCode = 1;
}

async function start() {
  await checkPort(options.port);
  const plan = options.data === undefined ? samplePlan() : dataPlan(options);
  const setup = pendingSetup();
  const done = doneOf(plan);
  const work = plan.steps.filter(({ name }) => !done.steps.includes(name));
  const total = setup.length + work.length + 1;
  const { step, elapsed } = steps(total);
  for (const { what, work } of setup) await step(what, work);
  if (done.steps.length > 0 && done.build !== builtFrom() && work.length === 0 && !(await stillAnswers(plan))) {
    process.stdout.write('the program has changed since it was trained: training again\n');
    work.push(...plan.steps.filter(({ learns }) => learns));
  }
  for (const { name, what, args, show } of work) {
    await step(what, async () => {
      await run(process.execPath, [cli, ...args], { show });
      done.steps.push(name);
      keep(plan, done);
    });
  }
  if (done.build !== builtFrom()) keep(plan, { ...done, build: builtFrom() });
  process.stdout.write(`[${total}/${total}] serve ${plan.db}${total > 1 ? ` (all before took ${elapsed()})` : ''}\n`);
  const { asProcess } = await import('../dist/bin/cli.js');
  process.removeAllListeners('SIGINT'); // the server ends by itself, having answered what it had begun
  process.removeAllListeners('SIGTERM');
  await asProcess(['serve', '--db', plan.db, '--port', String(options.port)], cli);
}

/** Steps that make the sample company, in order; each may be run again. */
function samplePlan() {
  const db = './sample.db';
  const { deals, seed } = SAMPLE;
  const generate = ['generate', '--out', './sample', '--deals', String(deals), '--seed', String(seed)];
  return {
    key: `sample ${deals} ${seed}`,
    marker: join(root, '.foresell', 'sample.json'),
    db,
    clear: () => {
      rmSync(join(root, 'sample'), { recursive: true, force: true });
      for (const ending of ['', '-wal', '-shm']) rmSync(join(root, `sample.db${ending}`), { force: true });
    },
    steps: [
      { name: 'generate', what: `make a sample company: ${deals} deals, seed ${seed}`, args: generate },
      { name: 'import', what: 'import it', args: ['import', './sample', '--db', db] },
      ...learning(db, 'fast'),
    ],
  };
}

/** Steps that read a company's own export. */
function dataPlan({ data, source, map }) {
  const db = './foresell.db';
  const more = [...(source ? ['--source', source] : []), ...(map ? ['--map', map] : [])];
  return {
    key: fingerprint([data, ...(map ? [map] : [])], more),
    marker: join(root, '.foresell', 'data.json'),
    db,
    clear: () => {},
    steps: [
      { name: 'import', what: `import ${data}`, args: ['import', data, '--db', db, ...more] },
      ...learning(db, 'default'),
    ],
  };
}

function learning(db, profile) {
  return [
    {
      name: 'train',
      what: `train every model on its past (profile ${profile})`,
      args: ['train', '--model', 'all', '--profile', profile, '--db', db],
    },
    {
      name: 'score',
      what: 'score the open deals',
      args: ['score', '--model', 'deal', '--all', '--json', '--db', db],
      show: 'errors',
    },
    { name: 'forecast', what: 'forecast the quarter', args: ['forecast', '--db', db] },
  ].map((step) => ({ ...step, learns: true }));
}

/** Whether the served version still loads under the code as it is now built. */
async function stillAnswers({ db }) {
  const args = [cli, 'forecast', '--json', '--quiet', '--db', db];
  return (await run(process.execPath, args, { show: 'failure', mayFail: true })).code === 0;
}

/** What an earlier start finished, where its result is still there and is of the same plan. */
function doneOf(plan) {
  const nothing = { key: plan.key, steps: [], build: undefined };
  let done = nothing;
  if (existsSync(plan.marker) && !options.fresh) {
    try {
      done = JSON.parse(readFileSync(plan.marker, 'utf8'));
    } catch (error) {
      process.stderr.write(`${plan.marker} does not read (${error.message}); beginning again\n`);
    }
  }
  const imported = done.steps.includes('import');
  if (done.key === plan.key && (!imported || existsSync(plan.db))) return done;
  plan.clear();
  return nothing;
}

function keep(plan, done) {
  mkdirSync(join(root, '.foresell'), { recursive: true });
  writeFileSync(`${plan.marker}.part`, JSON.stringify(done));
  renameSync(`${plan.marker}.part`, plan.marker);
}

/** Changes when a file of the export does: names, sizes and times, not content, since an export may be large. */
function fingerprint(paths, words) {
  const hash = createHash('sha256').update(words.join(' '));
  for (const path of paths) {
    const files = statSync(path).isDirectory()
      ? readdirSync(path, { recursive: true })
          .sort()
          .map((name) => join(path, name))
      : [path];
    for (const file of files) {
      const { size, mtimeMs } = statSync(file);
      hash.update(`${file} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

/** Said before the long work, not after it. */
function checkPort(port) {
  return new Promise((done) => {
    const probe = createServer();
    probe.once('error', (error) => {
      const why = error.code === 'EADDRINUSE' ? 'is in use' : `cannot be listened on (${error.message})`;
      process.stderr.write(`npm start: port ${port} ${why}; give another: npm start -- --port ${port + 1}\n`);
      process.exit(1);
    });
    probe.listen(port, '127.0.0.1', () => probe.close(done));
  });
}

function readOptions() {
  const text = { type: 'string' };
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        data: text,
        source: text,
        map: text,
        port: { ...text, default: '3000' },
        fresh: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    refuse(error.message);
  }
  if (values.help) {
    process.stdout.write(USAGE);
    process.exit(0);
  }
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port < 1 || port > 65_535) refuse(`--port ${values.port}: expected 1 to 65535`);
  if (values.data === undefined && (values.map ?? values.source)) refuse('--map and --source go with --data PATH');
  // Paths count from where the person stands, which npm remembers.
  const from = process.env.INIT_CWD ?? process.cwd();
  const path = (value, flag) => {
    if (value === undefined) return undefined;
    const full = resolve(from, value);
    if (!existsSync(full)) refuse(`${flag} ${value}: there is no such file or folder`);
    return full;
  };
  return { ...values, port, data: path(values.data, '--data'), map: path(values.map, '--map') };
}

function refuse(why) {
  process.stderr.write(`npm start: ${why}\n\n${USAGE}`);
  process.exit(2);
}
