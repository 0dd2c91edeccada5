import { Command, InvalidArgumentError, Option } from 'commander';
import type { ClvAsk, ClvEstimate, ClvModel, LawKind } from '../../models/clv/index.ts';
import { readTransactions } from '../../src/connectors/transactions.ts';
import { ForesellError } from '../../src/errors.ts';
import { decimals } from '../../src/money.ts';
import { calendar, DAY, formatInstant, type Instant, parseInstant } from '../../src/time.ts';
import { readBy } from '../checkOutputs.ts';
import { type Common, instantIn, progressOf, table, time, withCommon } from '../common.ts';
import { type OutItem, writerFor } from '../out.ts';
import { notAhead, standAt, withStore } from '../store.ts';

interface Options extends Common, Omit<ClvAsk, 'horizonDays'> {
  /** Days. */
  readonly horizon: number;
  readonly transactions?: string;
  readonly until?: string;
  readonly law: LawKind | 'auto';
  readonly zone: string;
  readonly out?: string;
}

/** A customer's answer with what to do about it. Money in major units. */
interface Said extends ClvEstimate {
  readonly segment: string;
  readonly rfm: { readonly recency: number; readonly frequency: number; readonly monetary: number };
}

const SHOWN = 20;

/** `foresell clv`: which customers are still there, how often they will buy, and what that is worth. */
export function clvCommand(): Command {
  const command = new Command('clv')
    .summary('what customers without contract will bring')
    .description(
      'Who is still a customer, how often they will buy within the horizon, what that is worth, and the central 80 %\n' +
        'of what each will bring. Learned from purchases: a file of customer_id,date,amount, or the database’s accounts\n' +
        'and their orders (base currency). Purchases of one day count as one. Customers who have left are not told: the\n' +
        'chance follows from how often they bought and how long they have been silent.',
    )
    .option('--transactions <file>', 'CSV of customer_id,date,amount (.csv or .csv.gz)')
    .option(
      '--until <time>',
      'last day that counts (default: the newest purchase; of a database: where it stands)',
      time,
    )
    .requiredOption('--horizon <days>', 'how many days ahead', days)
    .option('--margin <share>', 'share of an amount that is profit', share, 1)
    .option('--discount <rate>', 'yearly rate at which later money counts less, as .1', share, 0)
    .addOption(
      new Option('--law <name>', 'law of purchases; auto takes the one that says the newest quarter of the time better')
        .choices(['auto', 'bg-nbd', 'pareto-nbd'])
        .default('auto'),
    )
    .option('--zone <name>', 'time zone in which a time of the file is a day', 'UTC')
    .option('--out <file>', 'where to: .csv, .xlsx, .ndjson or .parquet')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  $ foresell clv --transactions purchases.csv --horizon 365 --out value.csv\n' +
        '  $ foresell clv --transactions purchases.csv --until 2026-06-30 --horizon 180 --margin .3 --discount .1\n' +
        '  $ foresell clv --horizon 365 --out accounts.parquet\n' +
        '  $ foresell clv --db company.db --horizon 90 --json > accounts.ndjson\n',
    )
    .action(async (_options: unknown, self: Command) => run(self.optsWithGlobals<Options>()));
  return withCommon(command);
}

async function run(options: Options): Promise<void> {
  const write =
    options.out === undefined
      ? undefined
      : writerFor(
          options.out,
          options.transactions === undefined ? readBy(options) : { '--transactions': options.transactions },
          { asOf: false },
        );
  const progress = progressOf(options);
  const { said, model, asOf } = options.transactions === undefined ? await ofAccounts(options) : await ofFile(options);
  const { noteText } = await import('../../api/clvAnswer.ts');
  progress.line(
    `${said.length} customers as of ${formatInstant(asOf).slice(0, 10)}, ${model.repeaters} of them bought again; ${model.law.kind} ${parameters(model.law.parameters)}`,
  );
  for (const warning of model.warnings) progress.line(`note: ${noteText(warning, 'en')}`);
  const items = said.map((one) => outItem(one, asOf));
  if (write) {
    await write(items);
    progress.line(`wrote ${options.out}`);
  }
  if (options.json) for (const { json } of items) process.stdout.write(`${JSON.stringify(json)}\n`);
  else if (!write) process.stdout.write(`${printed(said)}\n`);
}

const askOf = ({ horizon, margin, discount }: Options): ClvAsk => ({ horizonDays: horizon, margin, discount });

/** The customers of a file. */
async function ofFile(options: Options) {
  if (options.asOf !== undefined && options.until !== undefined) {
    throw new ForesellError('clv-when', 'give either --until or --as-of', { path: '--until' });
  }
  const { estimateClv, fitClv, rfmCuts, rfmOf, segmentOf } = await import('../../models/clv/index.ts');
  const progress = progressOf(options);
  const histories = await readTransactions(options.transactions!, options.zone, (rows) =>
    progress.step(`read ${rows.toLocaleString('en')} rows`),
  );
  const newest = histories.reduce((day, { purchases }) => purchases.reduce((max, p) => Math.max(max, p.day), day), 0);
  const until = dayOf(options.until ?? options.asOf, options.zone) ?? newest;
  progress.step('fitting');
  const model = fitClv(histories, { until, law: options.law });
  const rfmValues = model.of.map(({ x, tx, T, spent }) => ({ sinceDays: T - tx, purchases: x + 1, spent }));
  const cuts = rfmCuts(rfmValues);
  const estimates = model.of.map((customer, i) => {
    if (i % 1_000 === 0) progress.step(`${i} of ${model.of.length} customers`);
    return estimateClv(model, customer, askOf(options));
  });
  const mean = estimates.reduce((sum, { expectedValue }) => sum + expectedValue, 0) / estimates.length;
  const said = estimates.map(
    (one, i): Said => ({ ...one, segment: segmentOf(one.expectedValue, mean), rfm: rfmOf(cuts, rfmValues[i]!) }),
  );
  return { said, model: model as ClvModel, asOf: until * DAY };
}

/** The accounts of a database, as known where it stands. */
async function ofAccounts(options: Options) {
  const { accountValues } = await import('../../api/clv.ts');
  return withStore(options, (store) => {
    const zone = store.company().settings.time_zone;
    const until = instantIn(options.until, zone);
    if (until !== undefined && options.asOf !== undefined) {
      throw new ForesellError('clv-when', 'give either --until or --as-of', { path: '--until' });
    }
    const asOf: Instant = until === undefined ? standAt(options, store) : notAhead(until, '--until', store);
    progressOf(options).step('reading orders and fitting');
    const values = accountValues(store).all(asOf, askOf(options), options.law);
    const [first] = values;
    if (!first) {
      throw new ForesellError(
        'clv-no-orders',
        `no account has an order known by ${formatInstant(asOf)}; import orders.csv and order_lines.csv, or give --transactions`,
        { path: '--db' },
      );
    }
    const major = 10 ** decimals(first.currency);
    const said = values.map(
      (value): Said => ({
        ...value,
        expectedValue: value.expectedValue / major,
        low: value.low / major,
        high: value.high / major,
      }),
    );
    return { said, model: first.model, asOf };
  });
}

function outItem({ id, pAlive, expectedPurchases, expectedValue, low, high, ...more }: Said, asOf: Instant): OutItem {
  const cells = {
    p_alive: pAlive,
    expected_purchases: expectedPurchases,
    expected_value: cents(expectedValue),
    lo: cents(low),
    hi: cents(high),
  };
  const json = { id, ...cells, p_no_purchase: more.pSilent, segment: more.segment, rfm: more.rfm };
  return { id, asOf, cells, json };
}

/** To a hundredth of a cent: more digits would be noise. */
const cents = (value: number): number => Math.round(value * 1e4) / 1e4;

function printed(said: readonly Said[]): string {
  const best = [...said].sort((a, b) => b.expectedValue - a.expectedValue || (a.id < b.id ? -1 : 1)).slice(0, SHOWN);
  const whole = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 0 });
  const rows = best.map((one) => [
    one.id,
    `${Math.round(100 * one.pAlive)} %`,
    one.expectedPurchases.toFixed(2),
    whole(one.expectedValue),
    `${whole(one.low)} to ${whole(one.high)}`,
    `${one.rfm.recency}${one.rfm.frequency}${one.rfm.monetary}`,
    one.segment,
  ]);
  const total = said.reduce((sum, one) => sum + one.expectedValue, 0);
  const purchases = said.reduce((sum, one) => sum + one.expectedPurchases, 0);
  const more = said.length > SHOWN ? `… and ${said.length - SHOWN} more (--json or --out FILE has all)\n` : '';
  const head = ['customer', 'alive', 'purchases', 'value', '80 % of what it brings', 'rfm', 'segment'];
  return `${table([head, ...rows])}\n${more}all: ${purchases.toFixed(1)} purchases, value ${whole(total)}`;
}

const parameters = (of: Readonly<Record<string, number>>): string =>
  Object.entries(of)
    .map(([name, value]) => `${name} ${value.toPrecision(4)}`)
    .join(', ');

/** The local day of a time option as a number; undefined where it was not given. */
function dayOf(text: string | undefined, zone: string): number | undefined {
  const at = text === undefined ? undefined : parseInstant(text, zone);
  return at === undefined ? undefined : Date.parse(calendar(zone).date(at)) / DAY;
}

function days(text: string): number {
  const value = Number(text.replace(/d$/, ''));
  if (!(value > 0 && value <= 36_525)) throw new InvalidArgumentError('expected a number of days, as 365.');
  return value;
}

function share(text: string): number {
  const value = Number(text);
  if (!/^(\d+\.?\d*|\.\d+)$/.test(text) || !(value <= 1))
    throw new InvalidArgumentError('expected a number from 0 to 1.');
  return value;
}
