import { Command, InvalidArgumentError } from 'commander';
import { ForesellError } from '../../src/errors.ts';
import { formatMinor, parseMinor } from '../../src/money.ts';
import { formatInstant } from '../../src/time.ts';
import { type Common, progressOf, table, withCommon } from '../common.ts';
import { withStore } from '../store.ts';

interface Options extends Common {
  readonly drop?: readonly string[];
  readonly win?: readonly string[];
  readonly push?: readonly { readonly id: string; readonly value: string }[];
  readonly reprice?: readonly { readonly id: string; readonly value: string }[];
  readonly winRate?: number;
  readonly newBusiness?: number;
  readonly headcount?: number;
  readonly period?: string;
  readonly currency?: string;
}

/** `foresell forecast whatif`: what a period would bring, were the pipeline another. */
export function whatIfCommand(): Command {
  const command = new Command('whatif')
    .summary('what a period would bring, were the pipeline another')
    .description(
      'Deals dropped, won, pushed or re-priced, another win rate, headcount or new business, all in one. It is arithmetic on what\n' +
        'the model says, not what an action brings about, and nothing is stored. Of one deal, lead or customer: POST /v1/whatif.',
    )
    .option('--drop <a,b>', 'these deals taken out', listed)
    .option('--win <a,b>', 'these won at once', listed)
    .option('--push <a=days,…>', 'these won so many days later (-7: sooner)', paired)
    .option('--reprice <a=amount,…>', 'these of another amount, as D-7=1800000.00', paired)
    .option('--win-rate <times>', 'chances of all deals, times this, as 1.1', times)
    .option('--new-business <times>', 'deals yet to be created, times this', times)
    .option('--headcount <n>', 'sellers more (or fewer: -2): deals yet to be created in proportion', whole)
    .option('--period <label>', '2026, 2026-Q4, 2026-11 or 2026-W47 (default: the current fiscal quarter)')
    .option('--currency <code>', 'of the amounts, at dated rates (default: the base currency)')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  $ foresell forecast whatif --win D-1042 --drop D-1043,D-1044\n' +
        '  $ foresell forecast whatif --push D-1042=30 --reprice D-1043=1800000.00\n' +
        '  $ foresell forecast whatif --headcount -2 --win-rate .9 --period 2027-Q1 --json\n',
    )
    .action(async (_options: unknown, self: Command) => run(self.opts<Options>()));
  return withCommon(command);
}

export function listed(text: string): string[] {
  const ids = text.split(',').map((id) => id.trim());
  if (ids.includes('')) throw new InvalidArgumentError('expected ids separated by commas.');
  return ids;
}

export function paired(text: string): { id: string; value: string }[] {
  return listed(text).map((pair) => {
    const [, id, value] = /^(.+)=([^=]+)$/.exec(pair) ?? [];
    if (id === undefined || value === undefined)
      throw new InvalidArgumentError('expected ID=VALUE, separated by commas.');
    return { id: id.trim(), value: value.trim() };
  });
}

function times(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 10))
    throw new InvalidArgumentError('expected a number from 0 to 10.');
  return value;
}

function whole(text: string): number {
  if (!/^[+-]?\d{1,5}$/.test(text)) throw new InvalidArgumentError('expected a whole number, as 2 or -1.');
  return Number(text);
}

/** The edits as a request of the API has them. */
export function editsOf(options: Options, currency: string): Readonly<Record<string, unknown>> {
  const { drop, win, push, reprice, winRate, newBusiness, headcount } = options;
  const wrong = (option: string, what: string) =>
    new ForesellError('field-invalid', `${option} ${what}`, { path: option });
  const edits = {
    drop,
    win,
    push: push?.map(({ id, value }) => {
      const days = Number(value);
      if (!(Math.abs(days) <= 366)) throw wrong('--push', `${id}=${value}: expected days from -366 to 366`);
      return { id, days };
    }),
    reprice: reprice?.map(({ id, value }) => {
      const minor = parseMinor(value, currency);
      if (minor === undefined)
        throw wrong('--reprice', `${id}=${value}: expected an amount in ${currency}, as ${id}=1800000.00`);
      return { id, amount: { minor, currency } };
    }),
    winRate,
    newBusiness,
    headcount,
  };
  const given = Object.fromEntries(Object.entries(edits).filter(([, value]) => value !== undefined));
  if (Object.keys(given).length > 0) return given;
  throw new ForesellError('field-missing', 'nothing is changed; give --drop, --win, --push, --reprice, --win-rate, --new-business or --headcount'); // biome-ignore format: one sentence
}

async function run(options: Options): Promise<void> {
  const progress = progressOf(options);
  const { openEngine } = await import('../../api/open.ts');
  const { fieldError, instantOf } = await import('../../api/route.ts');
  const { ofPipeline } = await import('../../api/routes/whatif.ts');
  const { pipelineEdits } = await import('../../api/whatifAnswer.ts');
  await withStore(options, async (store) => {
    const engine = openEngine({ db: store, now: Date.now });
    const asOf = engine.asOf(instantOf(engine, options.asOf, '--as-of'));
    const edits = pipelineEdits.safeParse(editsOf(options, options.currency ?? engine.company.currency));
    if (!edits.success) throw fieldError(edits.error, ['pipeline']);
    const answer = ofPipeline(engine, edits.data, options, asOf);
    const { before, after, currency } = answer;
    progress.line(`${answer.period} as of ${formatInstant(asOf)} by version ${answer.version.slice(0, 12)}${answer.sample ? ' (sample company)' : ''}`); // biome-ignore format: one line
    progress.line(answer.note);
    if (options.json) {
      process.stdout.write(`${JSON.stringify(answer)}\n`);
      return;
    }
    const money = (of: { readonly minor: number } | null) => (of === null ? '-' : Number(formatMinor(of.minor, currency)).toLocaleString('en', { maximumFractionDigits: 0 })); // biome-ignore format: a choice
    const row = (name: string, of: typeof before) => [
      name,
      ...[of.closed, of.open, of.newBusiness, of.expected, of.p10, of.p50, of.p90, of.quota].map(money),
      of.probabilityOfQuota === null ? '-' : `${Math.round(of.probabilityOfQuota * 100)} %`,
    ];
    const head = [currency, 'closed', 'open', 'new', 'expected', 'p10', 'p50', 'p90', 'quota', 'reached'];
    process.stdout.write(
      `${table([head, row('now', before), row('then', after)])}\nexpected changes by ${money(answer.change)}\n`,
    );
  });
}
