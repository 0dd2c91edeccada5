import { join } from 'node:path';
import { readTable, type Table } from '../../src/connectors/table.ts';
import { bootstrapMean } from '../../src/stats/bootstrap.ts';
import { coverage } from '../../src/stats/interval.ts';
import { pinball } from '../../src/stats/pinball.ts';
import { quantileSorted } from '../../src/stats/quantile.ts';
import type { Bar, QualityCase, QualityResult } from './quality.ts';
import { type Method, type Told, tableRunner } from './tableRun.ts';
import { fifthRow, takeTable } from './tableSets.ts';

const FULL = { profile: 'default', tries: 25, searchRows: 10_000 } as const;
const SMALL = { profile: 'fast', tries: 4, searchRows: 2000 } as const;

/** Loss by test row of each method, and how much more or less of it ours has. */
function compared(
  losses: Readonly<Record<string, ArrayLike<number>>>,
  what: string,
): Pick<QualityResult, 'figures' | 'accept'> {
  const figures: Record<string, number | string> = {};
  const accept: Bar[] = [];
  const ours = losses['ours'];
  for (const [name, each] of Object.entries(losses)) {
    figures[`${name} ${what}`] = Array.from(each).reduce((s, v) => s + v, 0) / each.length;
    if (!ours || name === 'ours') continue;
    const difference = Float64Array.from(each, (v, row) => ours[row]! - v);
    const { value, low, high } = bootstrapMean(Array.from(difference.keys()), difference, { level: 0.95 });
    figures[`${what}, ours - ${name}`] = `${value.toPrecision(4)} [${low.toPrecision(4)}, ${high.toPrecision(4)}]`;
    accept.push({ name: `${what}: lower end of ours - ${name}`, value: low, most: 0 });
  }
  return { figures, accept };
}

/** What a method took, for people. */
const took = (name: string, { fitSeconds, searchSeconds, cpuSeconds, peakMb }: Told): string =>
  `${name}: fit ${fitSeconds.toFixed(0)} s${searchSeconds === undefined ? '' : `, search ${searchSeconds.toFixed(0)} s`}, CPU ${cpuSeconds.toFixed(0)} s, ${peakMb} MB`;

/** Rows without the column that holds what is asked in another form. */
const without = (table: Table, names: readonly string[]): Table => ({
  ...table,
  header: table.header.filter((name) => !names.includes(name)),
  cells: new Map([...table.cells].filter(([name]) => !names.includes(name))),
});

/** Asks methods of the fifth-row split of a table. */
async function asked(
  table: Table,
  part: {
    readonly task: 'class' | 'amount';
    readonly target: string;
    readonly id: string;
    readonly levels?: readonly string[];
    of(cell: string): number;
  },
  ask: {
    readonly small: boolean;
    readonly seed: number;
    readonly methods: readonly Method[];
    readonly keep: string | undefined;
    say(line: string): void;
  },
): Promise<{ readonly said: ReadonlyMap<Method, Told>; readonly trained: Float64Array; readonly came: Float64Array }> {
  const runner = tableRunner(ask.keep, ask.say);
  for (const what of runner.skipped) ask.say(`skipped: ${what}`);
  const { train, test } = fifthRow(table.rows);
  const cells = table.cells.get(part.target)!;
  const of = (rows: readonly number[]) => Float64Array.from(rows, (row) => part.of(cells[row]!));
  const trained = of(train);
  const said = new Map<Method, Told>();
  for (const method of ask.methods) {
    const told = await runner.run(method, {
      task: part.task,
      train: takeTable(table, train),
      test: takeTable(table, test),
      schema: { target: part.target, id: part.id },
      target: trained,
      ...(part.levels ? { levels: part.levels } : {}),
      inTime: false,
      seed: ask.seed,
      ...(ask.small ? SMALL : FULL),
    });
    if (told) said.set(method, told);
  }
  return { said, trained, came: of(test) };
}

/** Column `k` of `width` of an answer. */
const column = ({ p }: Told, width: number, k: number): Float64Array =>
  Float64Array.from({ length: p.length / width }, (_, row) => p[row * width + k]!);

/**
 * What customers are worth (ibm_marketing_clv, fifth-row split), beside scikit-learn's trees after a random search: mean
 * absolute error, pinball loss of the ends of the band, and how much of what came lay within it. Both tell medians: ours
 * that of the law from which it reads its band, the trees one fitted for the absolute error.
 */
export const tableAmount: QualityCase = {
  name: 'tableAmount',
  says: 'customer value from a flat table: error and 80 % band, beside searched trees',
  needs: 'ibm_marketing_clv',
  run: async ({ folder, small, seed, say, given }) => {
    const table = await readTable(join(folder!, 'marketing_customer_value.csv.gz'));
    const target = 'Customer_Lifetime_Value';
    const methods: readonly Method[] = ['ours', 'histGradientBoosting'];
    const { said, trained, came } = await asked(table, { task: 'amount', target, id: 'Customer', of: Number }, { small, seed, methods, keep: given.keep, say }); // biome-ignore format: one call
    const sorted = trained.slice().sort();
    const absolute: Record<string, Float64Array> = {};
    const figures: Record<string, number | string> = {};
    const accept: Bar[] = [];
    for (const [name, told] of said) {
      const [middle, low, high] = [0, 1, 2].map((k) => column(told, 3, k));
      absolute[name] = came.map((v, row) => Math.abs(v - middle![row]!));
      figures[`${name} RMSE`] = Math.sqrt(came.reduce((s, v, row) => s + (v - middle![row]!) ** 2, 0) / came.length);
      figures[`${name} pinball p10, p90`] =
        `${pinball(came, low!, 0.1).toFixed(1)}, ${pinball(came, high!, 0.9).toFixed(1)}`;
      figures[`${name} within p10 to p90`] = coverage(came, low!, high!);
      if (name === 'ours') {
        const inside = coverage(came, low!, high!);
        accept.push({ name: 'within p10 to p90', value: inside, least: 0.7, most: 0.92 });
      }
    }
    absolute['median'] = came.map((v) => Math.abs(v - quantileSorted(sorted, 0.5)));
    const result = compared(absolute, 'absolute error');
    return {
      figures: { ...result.figures, ...figures },
      accept: [...result.accept, ...accept],
      lines: [...said].map(([name, told]) => took(name, told)),
    };
  },
};

/**
 * Which of three contracts a customer has (ibm_telco_churn, fifth-row split), beside trees after a random search: log loss
 * and the share of rows whose likeliest class was right.
 */
export const tableClass: QualityCase = {
  name: 'tableClass',
  says: 'one of three contracts from a flat table: log loss beside searched trees',
  needs: 'ibm_telco_churn',
  run: async ({ folder, small, seed, say, given }) => {
    const table = without(await readTable(join(folder!, 'telco_churn.csv.gz')), ['Churn']);
    const target = 'Contract';
    const levels = [...new Set(table.cells.get(target)!)].sort();
    const methods: readonly Method[] = small ? ['ours', 'xgboost'] : ['ours', 'histGradientBoosting', 'xgboost'];
    const part = {
      task: 'class',
      target,
      id: 'customerID',
      levels,
      of: (cell: string) => levels.indexOf(cell),
    } as const;
    const { said, trained, came } = await asked(table, part, { small, seed, methods, keep: given.keep, say });
    const losses: Record<string, Float64Array> = {};
    const figures: Record<string, number | string> = {};
    for (const [name, told] of said) {
      const width = levels.length - 1;
      const p = (row: number, k: number): number => {
        const rest = told.p.slice(row * width, (row + 1) * width);
        return k > 0 ? rest[k - 1]! : 1 - rest.reduce((s, v) => s + v, 0);
      };
      losses[name] = came.map((k, row) => -Math.log(Math.max(1e-15, p(row, k))));
      const right = came.filter((k, row) => levels.every((_, other) => p(row, other) <= p(row, k)));
      figures[`${name} accuracy`] = right.length / came.length;
    }
    const share = (k: number) => trained.reduce((s, v) => s + (v === k ? 1 : 0), 0) / trained.length;
    losses['baseRate'] = came.map((k) => -Math.log(share(k)));
    const result = compared(losses, 'log loss');
    return {
      figures: { ...result.figures, ...figures },
      accept: result.accept,
      lines: [...said].map(([name, told]) => took(name, told)),
    };
  },
};
