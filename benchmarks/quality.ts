import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { commandLine } from './commandLine.ts';
import { bpic2012 } from './quality/bpic2012.ts';
import { cdnow } from './quality/cdnow.ts';
import { coldstart } from './quality/coldstart.ts';
import { drift } from './quality/drift.ts';
import { families } from './quality/families.ts';
import { forecast } from './quality/forecast.ts';
import { gate } from './quality/gate.ts';
import { hierarchy } from './quality/hierarchy.ts';
import { maven } from './quality/maven.ts';
import { oracle } from './quality/oracle.ts';
import { packaged } from './quality/packaged.ts';
import { pipelinesCase } from './quality/pipelines.ts';
import { clears, givenNames, type QualityCase, type QualityResult } from './quality/quality.ts';
import { reasons } from './quality/reasons.ts';
import { sentiment } from './quality/sentiment.ts';
import { series } from './quality/series.ts';
import { tables } from './quality/tables.ts';
import { tableAmount, tableClass } from './quality/tableTasks.ts';
import { telcoDuration } from './quality/telcoDuration.ts';
import { worlds } from './quality/worlds.ts';

const help = `Usage: npm run quality -- [NAME …] [options]

Predictive quality beside its bars, of the cases named or of all; exit code 1 where a bar is missed. Cases that need data
look for it in the folder that FORESELL_DATA names, and are skipped without it (datasets/README.md). Also written to
.foresell/quality.json.

Options:
  --small        a part of the work, for a first look
  --seed N       of what a case draws (default: 1)
  --json         one JSON document on stdout
  --list         the names there are, and what each shows
  --help         this

Options of some cases:
  --set NAME     one part of it (oracle, packaged, pipelines, tables)
  --methods A,B  only these (tables)
  --folds N      of each set (tables)
  --repeats N    seeds times folds instead of the fixed splits (tables)
  --keep DIR     where fits are kept, so that a run that was stopped goes on (tables, tableAmount, tableClass)
  --deals N      size of the simulated company (oracle)
  --companies N  the first N of them (forecast)
`;
const cases: readonly QualityCase[] = [
  bpic2012,
  cdnow,
  coldstart,
  drift,
  families,
  forecast,
  gate,
  hierarchy,
  maven,
  oracle,
  packaged,
  pipelinesCase,
  reasons,
  sentiment,
  series,
  tableAmount,
  tableClass,
  tables,
  telcoDuration,
  worlds,
];

const { values, positionals } = commandLine(help, {
  list: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  small: { type: 'boolean', default: false },
  seed: { type: 'string', default: '1' },
  set: { type: 'string' },
  folds: { type: 'string' },
  repeats: { type: 'string' },
  keep: { type: 'string' },
  methods: { type: 'string' },
  deals: { type: 'string' },
  companies: { type: 'string' },
});

if (values.list) {
  for (const { name, says, needs } of cases)
    process.stdout.write(`${name.padEnd(12)} ${says}${needs ? ` (needs ${needs})` : ''}\n`);
} else {
  const unknown = positionals.filter((name) => !cases.some((c) => c.name === name));
  if (unknown.length) {
    process.stderr.write(`no quality case "${unknown[0]}"; there is: ${cases.map((c) => c.name).join(', ')}\n`);
    process.exitCode = 2;
  } else process.exitCode = await runAll(cases.filter((c) => positionals.length === 0 || positionals.includes(c.name)));
}

async function runAll(wanted: readonly QualityCase[]): Promise<number> {
  const results: Record<string, QualityResult | { skipped: string }> = {};
  let missed = 0;
  const given = Object.fromEntries(
    givenNames.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])),
  );
  for (const { name, needs, run } of wanted) {
    const folder = needs ? join(process.env['FORESELL_DATA'] ?? '', needs) : undefined;
    if (needs && (!process.env['FORESELL_DATA'] || !existsSync(folder!))) {
      const why = `FORESELL_DATA names no folder with ${needs}`;
      results[name] = { skipped: why };
      if (!values.json) process.stdout.write(`\n${name}: skipped, ${why}\n`);
      continue;
    }
    const started = Date.now();
    const say = (line: string) => process.stderr.write(`${name}: ${line}\n`);
    const result = await run({ folder, small: values.small, seed: Number(values.seed), given, say });
    results[name] = result;
    missed += result.accept.filter((bar) => !clears(bar)).length;
    if (!values.json) print(name, result, (Date.now() - started) / 1000);
  }
  if (values.json) process.stdout.write(`${JSON.stringify(results)}\n`);
  mkdirSync('.foresell', { recursive: true });
  writeFileSync(join('.foresell', 'quality.json'), JSON.stringify(results, null, 1));
  return missed > 0 ? 1 : 0;
}

function print(name: string, { figures, accept, lines }: QualityResult, seconds: number): void {
  const machine = `${cpus()[0]?.model ?? 'unknown processor'} x ${cpus().length}, Node ${process.version}`;
  const text = [
    `\n${name} (${new Date().toISOString().slice(0, 10)}, ${machine}, ${seconds.toFixed(0)} s${values.small ? ', small' : ''})`,
  ];
  for (const [key, value] of Object.entries(figures)) text.push(`  ${key.padEnd(28)} ${shown(value)}`);
  for (const line of lines) text.push(`  ${line}`);
  for (const bar of accept) {
    const ends = [bar.least === undefined ? '' : `>= ${bar.least}`, bar.most === undefined ? '' : `<= ${bar.most}`];
    const asked = ends.filter(Boolean).join(', ');
    text.push(`  ${clears(bar) ? 'meets ' : 'MISSES'} ${bar.name}: ${bar.value.toFixed(4)} (asked ${asked})`);
  }
  process.stdout.write(`${text.join('\n')}\n`);
}

function shown(value: number | string | null): string {
  if (value === null) return '-';
  if (typeof value === 'string') return value;
  return Number.isInteger(value) ? String(value) : value.toFixed(4);
}
