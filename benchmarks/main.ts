import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine } from './commandLine.ts';
import { compareCommits } from './compareCommits.ts';
import { events } from './events.bench.ts';
import { features } from './features.bench.ts';
import { flat, flatSame, http, past, python, record } from './http.bench.ts';
import { type Bench, machine, type Ratio, type Skipped } from './measure.ts';
import { network } from './network.bench.ts';
import { ridges } from './ridges.bench.ts';
import { scoring } from './scoring.bench.ts';
import { takeFeatures } from './setting.ts';
import { twoThreads } from './threads.bench.ts';

const help = `Usage: npm run bench -- [NAME …] [options]
       npm run bench -- compare REF [NAME …]

Speed, as ratios of two ways within one run, of the benchmarks named or of all; also written to .foresell/bench.json and,
as a table, .foresell/bench.md. compare sets another commit beside this one.

Options:
  --features N  features of the model that is timed (default: those of the shipped one)
  --gate        those that have a floor (benchmarks/floors.json); fails where a ratio is below it
  --json        one JSON document on stdout
  --list        the names there are, and what each times
  --help        this
`;
const benches: readonly Bench[] = [
  ...scoring,
  twoThreads,
  ridges,
  network,
  features,
  http,
  past,
  record,
  python,
  flat,
  flatSame,
  events,
];

const { values, positionals } = commandLine(help, {
  list: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  gate: { type: 'boolean', default: false },
  features: { type: 'string' },
});

const comparing = positionals[0] === 'compare';
const names = comparing ? positionals.slice(2) : positionals;
const unknown = names.find((name) => !benches.some((bench) => bench.name === name));
if (values.list) {
  for (const { name, says } of benches) process.stdout.write(`${name.padEnd(16)} ${says}\n`);
} else if (unknown !== undefined || (comparing && !positionals[1])) {
  const wrong = unknown === undefined ? 'compare needs a commit to compare with' : `no benchmark "${unknown}"`;
  process.stderr.write(`${wrong}; there is: ${benches.map(({ name }) => name).join(', ')}\n`);
  process.exitCode = 2;
} else if (comparing) process.stdout.write(compareCommits(positionals[1]!, names));
else await runAll();

async function runAll(): Promise<void> {
  const floors = JSON.parse(readFileSync(new URL('floors.json', import.meta.url), 'utf8')) as Record<string, number>;
  const wanted = benches.filter(({ name }) => (names.length ? names.includes(name) : !values.gate || name in floors));
  if (!values.json) process.stdout.write(`${machine()}\n`);
  if (values.features !== undefined) takeFeatures(Number(values.features));
  const results: (Ratio | Skipped)[] = [];
  for (const bench of wanted) {
    const result = await bench.run();
    results.push(result);
    if (!values.json) print(result);
  }
  const all = { machine: machine(), results };
  if (!existsSync('.foresell')) mkdirSync('.foresell');
  writeFileSync(join('.foresell', 'bench.json'), JSON.stringify(all, null, 1));
  writeFileSync(join('.foresell', 'bench.md'), table(results));
  if (values.json) process.stdout.write(`${JSON.stringify(all)}\n`);
  if (!values.gate) return;
  for (const result of results) {
    const floor = floors[result.name];
    if (floor === undefined || 'skipped' in result || result.ratio >= floor) continue;
    process.stderr.write(`${result.name}: ratio ${result.ratio.toFixed(2)} is below its floor of ${floor}\n`);
    process.exitCode = 1;
  }
}

function print(result: Ratio | Skipped): void {
  process.stdout.write(`\n${result.name}: ${result.says}\n`);
  if ('skipped' in result) {
    process.stdout.write(`  skipped: ${result.skipped}\n`);
    return;
  }
  for (const { what, medianUs, p10Us, p90Us } of [result.ours, result.other]) {
    process.stdout.write(
      `  ${us(medianUs).padStart(9)} µs (${us(p10Us)} to ${us(p90Us)}), ${Math.round(1e6 / medianUs).toLocaleString('en')} a second: ${what}\n`,
    );
  }
  if (result.p99Us) {
    const ms = (value: number) => (value / 1000).toFixed(1);
    process.stdout.write(`  p99 ${ms(result.p99Us.ours)} ms against ${ms(result.p99Us.other)} ms\n`);
  }
  process.stdout.write(`  ratio ${result.ratio.toFixed(2)} (above 1: ours is the faster)\n`);
}

function table(results: readonly (Ratio | Skipped)[]): string {
  const rows = results.map((result) =>
    'skipped' in result
      ? `| ${result.name} | skipped: ${result.skipped} | | |`
      : `| ${result.name} | ${spread(result.ours)} | ${spread(result.other)} | ${result.ratio.toFixed(2)} |`,
  );
  return [`${machine()}; microseconds a unit: median (p10 to p90)`, '', '| benchmark | ours | other | ratio |', '|---|---|---|---|', ...rows, ''].join('\n'); // biome-ignore format: one table
}
function us(value: number): string {
  return value.toFixed(1);
}

function spread({ medianUs, p10Us, p90Us }: Ratio['ours']): string {
  return `${us(medianUs)} (${us(p10Us)} to ${us(p90Us)})`;
}
