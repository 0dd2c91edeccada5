import { parseArgs } from 'node:util';
import { batch } from './batch.bench.ts';
import { http } from './http.bench.ts';
import { type Bench, machine, type Ratio } from './measure.ts';
import { oneRow } from './oneRow.bench.ts';

/** `npm run bench -- [NAME …] [--json] [--list]`: speed, as ratios of two ways within one run. */
const benches: readonly Bench[] = [oneRow, batch, http];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { list: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
});

const unknown = positionals.find((name) => !benches.some((bench) => bench.name === name));
if (values.list) {
  for (const { name, says } of benches) process.stdout.write(`${name.padEnd(10)} ${says}\n`);
} else if (unknown !== undefined) {
  process.stderr.write(`no benchmark "${unknown}"; there is: ${benches.map(({ name }) => name).join(', ')}\n`);
  process.exitCode = 2;
} else await runAll(benches.filter(({ name }) => positionals.length === 0 || positionals.includes(name)));

async function runAll(wanted: readonly Bench[]): Promise<void> {
  if (!values.json) process.stdout.write(`${machine()}\n`);
  const results: Ratio[] = [];
  for (const bench of wanted) {
    const result = await bench.run();
    results.push(result);
    if (!values.json) print(result);
  }
  if (values.json) process.stdout.write(`${JSON.stringify({ machine: machine(), results })}\n`);
}

function print({ name, says, ours, other, ratio }: Ratio): void {
  process.stdout.write(`\n${name}: ${says}\n`);
  for (const { what, medianUs, p10Us, p90Us } of [ours, other]) {
    const us = (value: number) => value.toFixed(1);
    process.stdout.write(
      `  ${us(medianUs).padStart(9)} µs (${us(p10Us)} to ${us(p90Us)}), ${Math.round(1e6 / medianUs).toLocaleString('en')} a second: ${what}\n`,
    );
  }
  process.stdout.write(`  ratio ${ratio.toFixed(2)} (above 1: ours is the faster)\n`);
}
