import { Command, InvalidArgumentError, Option } from 'commander';
import { writeBundle } from '../../datasets/main.ts';
import { SCENARIOS, type Scenario, scenarios, TRUTH_PATHS } from '../../datasets/synthetic.ts';
import { parseInstant } from '../../src/time.ts';
import { progressOf, wholeNumber } from '../common.ts';

interface Options {
  readonly out: string;
  readonly deals?: number;
  readonly seed: number;
  readonly scenario: Scenario;
  readonly end?: string;
  readonly truth: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** `foresell generate`: writes a synthetic company as an import bundle, and its hidden truth beside it. */
export function generateCommand(): Command {
  return new Command('generate')
    .description('write a seeded synthetic company as an import bundle, and its hidden truth beside it')
    .requiredOption('--out <dir>', 'folder to write; an earlier sample in it is replaced')
    .option('--deals <n>', 'deals over the three years, in retail customers (default: 1200; tiny: 30)', atLeastOne)
    .option('--seed <n>', 'same seed, same bytes', wholeNumber, 1)
    .addOption(
      new Option('--scenario <name>', 'what kind of company; see the list below').choices(scenarios).default('calm'),
    )
    .option('--end <date>', 'day in whose week the records end, at its Monday (default: 2026-11-16)', day)
    .option('--no-truth', 'leave out the truth, which takes most of the time')
    .option('--json', 'one JSON document on stdout and nothing else', false)
    .option('--quiet', 'no progress', false)
    .addHelpText(
      'after',
      `
Scenarios:
${scenarios.map((name) => `  ${name.padEnd(7)} ${SCENARIOS[name]}`).join('\n')}

Examples:
  $ foresell generate --out sample --deals 1200 --seed 1
  $ foresell generate --out large --deals 100000 --seed 5
  $ foresell generate --out shop --scenario retail --deals 2000
  $ foresell generate --out worlds/3 --deals 4000 --seed 3 --scenario drift --no-truth
  $ foresell generate --out tiny --scenario tiny --json

What is written: the CSV files of the import bundle, company.json with "sample": true, and truth/*.csv (the
probabilities, dates and price response that really held; import never reads them). Beyond 20,000 deals rows are
written as they come about, memory stays bounded, and the truth is that of a seeded sample of deals, leads and contracts.`,
    )
    .action((options: Options) => generate(options));
}

function generate(options: Options): void {
  const { out, seed, scenario } = options;
  const deals = options.deals ?? (scenario === 'tiny' ? 30 : 1200);
  const progress = progressOf(options);
  const counted = scenario === 'retail' ? 'customers' : 'deals';
  progress.line(`simulating ${deals} ${counted}, scenario ${scenario}, seed ${seed}`);
  const ask = { deals, seed, scenario, ...(options.end === undefined ? {} : { end: options.end }) };
  const { sim, files } = writeBundle(out, ask, {
    truth: options.truth ? TRUTH_PATHS : 0,
    onDeals: (done) => {
      if (done % 1000 === 0) progress.step(`  ${done} of ${deals} deals`);
    },
    onFile: (file) => progress.line(`  ${file.name}  ${file.rows} rows`),
    onWeek: (week) => progress.step(`  truth, week ${week}`),
  });
  const closed = sim.paths.filter((deal) => deal.outcome !== null);
  const won = closed.filter((deal) => deal.outcome === 'won').length;
  const summary = {
    out,
    deals,
    seed,
    scenario,
    from: sim.clock.calendar.date(sim.clock.start),
    to: sim.clock.calendar.date(sim.clock.end),
    won,
    lost: closed.length - won,
    open: sim.paths.length - closed.length,
    leads: sim.leads.length,
    customers: sim.customers.length,
    files,
  };
  if (options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
  else {
    const ended =
      scenario === 'retail' ? `${deals} customers` : `${won} won, ${summary.lost} lost, ${summary.open} open`;
    process.stdout.write(`${ended}. Next: foresell import ${out}\n`);
  }
}

function day(text: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || parseInstant(text, 'UTC') === undefined)
    throw new InvalidArgumentError('expected a date, as 2026-11-16.');
  return text;
}

function atLeastOne(text: string): number {
  const value = wholeNumber(text);
  if (value < 1) throw new InvalidArgumentError('expected at least 1.');
  return value;
}
