import { userInfo } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { adjustmentJson as Writer } from '../../api/adjustmentsAnswer.ts';
import type { By } from '../../api/forecast.ts';
import { groupings } from '../../models/forecast/rollup.ts';
import { ForesellError } from '../../src/errors.ts';
import { formatMinor, parseMinor } from '../../src/money.ts';
import { type Common, progressOf, table, wholeNumber, withCommon } from '../common.ts';
import { withStore } from '../store.ts';

interface ListOptions extends Common {
  readonly period?: string;
}
interface WriteOptions extends Common {
  readonly reason: string;
  readonly author?: string;
  readonly once?: string;
}
interface AddOptions extends WriteOptions {
  readonly kind: 'adjustment' | 'commit';
  readonly by: By;
  readonly id?: string;
  readonly period?: string;
  readonly amount: string;
  readonly currency?: string;
}
type Item = ReturnType<typeof Writer>;

/** `foresell forecast adjustments`: what people put beside the forecast. */
export function adjustmentsCommand(): Command {
  const list = new Command('list')
    .description('Every adjustment, commit and undoing there was, oldest first; * marks those that count.')
    .option('--period <label>', 'of one period (default: all)')
    .action(async (_options: unknown, self: Command) => listed(self.opts<ListOptions>()));
  const add = new Command('add')
    .description(
      'Puts a number beside the forecast of a group; a newer one of the same kind, group and period takes its place.',
    )
    .addOption(
      new Option('--kind <kind>', 'a manager’s adjustment, or a rep’s commit')
        .choices(['adjustment', 'commit'])
        .makeOptionMandatory(),
    )
    .addOption(new Option('--by <group>', 'of which group').choices([...groupings]).default('all'))
    .option('--id <id>', 'of the group; none for the whole')
    .option('--period <label>', '2026, 2026-Q4, 2026-11 or 2026-W47 (default: the current fiscal quarter)')
    .requiredOption('--amount <amount>', 'what it will bring, as 1800000.00')
    .option('--currency <code>', 'of the amount (default: the base currency)')
    .requiredOption('--reason <text>', 'why', said)
    .action(async (_options: unknown, self: Command) => added(self.opts<AddOptions>()));
  const undo = new Command('undo')
    .description('Undoes one by a row of its own; what it had taken the place of counts again.')
    .argument('<number>', 'the number that "list" shows', wholeNumber)
    .requiredOption('--reason <text>', 'why', said)
    .action(async (undoes: number, _options: unknown, self: Command) => undone(undoes, self.opts<WriteOptions>()));
  for (const command of [add, undo])
    command
      .option('--author <name>', 'who says it (default: the name of the account that runs this)', said)
      .option('--once <key>', 'the same command with the same key has one effect, for a week', said);
  return new Command('adjustments')
    .summary('what managers and reps put beside the forecast')
    .description(
      'Managers’ adjustments and reps’ commits, with author, time and reason. They stand beside the model’s number, which they\n' +
        'never change; nothing is overwritten or taken away.',
    )
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  $ foresell forecast adjustments list --period 2026-Q4\n' +
        '  $ foresell forecast adjustments add --kind commit --by owner --id U05 --amount 1800000.00 --reason "two sign this month"\n' +
        '  $ foresell forecast adjustments undo 12 --reason superseded --author anong\n',
    )
    .addCommand(withCommon(list))
    .addCommand(withCommon(add))
    .addCommand(withCommon(undo));
}

function said(text: string): string {
  const words = text.trim();
  if (words === '' || words.length > 500) throw new InvalidArgumentError('expected 1 to 500 characters.');
  return words;
}

async function listed(options: ListOptions): Promise<void> {
  const { openEngine } = await import('../../api/open.ts');
  const { listedAdjustments } = await import('../../api/adjustmentsAnswer.ts');
  await withStore(options, async (store) => {
    const engine = openEngine({ db: store, now: Date.now });
    const items = listedAdjustments(engine, options.period);
    if (options.json) process.stdout.write(`${JSON.stringify({ items })}\n`);
    else if (items.length === 0) progressOf(options).line('none yet');
    else process.stdout.write(`${printed(items)}\n`);
  });
}

async function added({ kind, by, id, period, amount, currency, ...options }: AddOptions): Promise<void> {
  await told(options, (base) => {
    const code = currency ?? base;
    const minor = parseMinor(amount, code);
    if (minor === undefined)
      throw new ForesellError('field-invalid', `--amount ${amount}: expected an amount in ${code}, as 1800000.00`, { path: '--amount' }); // biome-ignore format: one sentence
    return { kind, by, id, period, amount: { minor, currency: code }, reason: options.reason };
  });
}

const undone = (undoes: number, options: WriteOptions): Promise<void> =>
  told(options, () => ({ kind: 'undo', undoes, reason: options.reason }));

/** Tells one as a request of the API would, held to the same rules. */
async function told(options: WriteOptions, made: (base: string) => object): Promise<void> {
  const { openEngine } = await import('../../api/open.ts');
  const { adjustmentsRequest, givenAdjustments } = await import('../../api/adjustmentsAnswer.ts');
  await withStore(options, async (store) => {
    const engine = openEngine({ db: store, now: Date.now });
    const request = { adjustments: [made(engine.company.currency)] };
    const given = givenAdjustments(adjustmentsRequest.parse(request), engine);
    const author = options.author ?? userInfo().username;
    const once = options.once === undefined ? undefined : { scope: 'adjustments cli', key: options.once, body: JSON.stringify({ ...request, author }) }; // biome-ignore format: one choice
    const { body } = await engine.adjust({ given, author, once });
    const [item] = (JSON.parse(body) as { items: Item[] }).items;
    if (options.json) process.stdout.write(`${JSON.stringify(item)}\n`);
    else process.stdout.write(`${item!.id}\n`);
    progressOf(options).line(`number ${item!.id} is kept: ${item!.kind} of ${item!.group ?? 'the whole'}, ${item!.period}, by ${item!.author?.name}`); // biome-ignore format: one line
  });
}

function printed(items: readonly (Item & { readonly inForce: boolean })[]): string {
  return table([
    ['', 'number', 'at', 'kind', 'group', 'period', 'amount', 'author', 'reason'],
    ...items.map((item) => [
      item.inForce ? '*' : '',
      item.id,
      item.at,
      item.undoes === null ? item.kind : `undo ${item.undoes}`,
      item.group === null ? 'all' : `${item.by} ${item.group}`,
      item.period,
      `${formatMinor(item.amount.minor, item.amount.currency)} ${item.amount.currency}`,
      item.author?.name ?? '-',
      item.reason,
    ]),
  ]);
}
