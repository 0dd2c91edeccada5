import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { CDNOW_UNTIL, readCdnow } from '../../datasets/cdnow.ts';
import { simulateCustomers } from '../../datasets/customers.ts';
import { bgNbdAlive, bgNbdExpected, fitBgNbd } from '../../models/clv/bgNbd.ts';
import { estimateClv, fitClv } from '../../models/clv/clv.ts';
import { fitGammaGamma, populationMean } from '../../models/clv/gammaGamma.ts';
import { fitParetoNbd, paretoNbdExpected } from '../../models/clv/paretoNbd.ts';
import { type Customer, customerOf, type Purchase, purchaseTable } from '../../models/clv/purchases.ts';
import { segmentOf, segments } from '../../models/clv/segments.ts';
import { pearson } from '../../src/stats/correlation.ts';
import type { Bar, QualityCase } from './quality.ts';

/** The published anchors: Fader, Hardie and Lee (2005), re-fitted with SciPy; times in weeks. */
const published = {
  'BG/NBD': { r: 0.2425929, alpha: 4.4135316, a: 0.7928862, b: 2.4257537, logLikelihood: -9582.4255606 },
  'Pareto/NBD': { r: 0.5532756, alpha: 10.5776138, s: 0.6062135, beta: 11.6679103, logLikelihood: -9594.9739298 },
  'Gamma-Gamma': { p: 6.2488034, q: 3.7445885, v: 15.4477458, logLikelihood: -4055.9232435 },
} as const;
const WEEKS = 39;
const HORIZON = WEEKS * 7;

/**
 * The CDNOW cohort: the three fits against published parameters, the 39 weeks held out, the time of all fits on 23,570
 * customers; and intervals on simulated customers, where the truth is known.
 */
export const cdnow: QualityCase = {
  name: 'cdnow',
  says: 'customer value: published parameters, 39 weeks held out, time of all fits, coverage of intervals',
  needs: 'cdnow',
  run: async ({ folder, small, seed, say }) => {
    const read = (file: string) => readFileSync(join(folder!, file));
    const accept: Bar[] = [];
    const figures: Record<string, number | string | null> = {};
    const lines: string[] = [];

    const summary = read('cdnow_customers_summary.csv').toString('utf8').trim().split('\n').slice(1);
    const rows = summary.map((line) => line.split(',').map(Number) as [number, number, number, number]);
    const table = purchaseTable(rows.map(([, x, tx, T]) => ({ x, tx, T })));
    const sample = readCdnow(read('CDNOW_sample.txt.gz'));
    // The published table of values has them in whole cents, half a cent up.
    const cents = known(sample).map((of) => ({ ...of, meanValue: Math.round(of.meanValue * 100 + 1e-7) / 100 }));
    const bg = fitBgNbd(table);
    const fitted = { 'BG/NBD': bg, 'Pareto/NBD': fitParetoNbd(table), 'Gamma-Gamma': fitGammaGamma(cents) };
    for (const [name, golden] of Object.entries(published)) {
      const got = fitted[name as keyof typeof fitted] as unknown as Record<string, number>;
      const { logLikelihood, ...parameters } = golden;
      const away = Math.max(...Object.entries(parameters).map(([key, value]) => Math.abs(got[key]! / value - 1)));
      accept.push({ name: `${name} parameters, relative error`, value: away, most: 1e-3 });
      accept.push({
        name: `${name} log-likelihood, error`,
        value: Math.abs(got['logLikelihood']! - logLikelihood),
        most: 1e-3,
      });
      lines.push(`${name.padEnd(12)} ${Object.keys(parameters).map((key) => `${key} ${got[key]!.toFixed(4)}`).join('  ')}  log-likelihood ${got['logLikelihood']!.toFixed(4)}`); // biome-ignore format: a line of the report
    }
    const one = { x: 2, tx: 30.43, T: 38.86 };
    figures['E[39 w | 2, 30.43, 38.86]'] = bgNbdExpected(bg, one, WEEKS);
    figures['P(alive | the same)'] = bgNbdAlive(bg, one);
    figures['mean value of a purchase'] = populationMean(fitted['Gamma-Gamma']);
    accept.push({ name: 'E[39 w] of one customer, error', value: Math.abs(bgNbdExpected(bg, one, WEEKS) - 1.2259105), most: 1e-4 }); // biome-ignore format: a bar
    accept.push({ name: 'its P(alive), error', value: Math.abs(bgNbdAlive(bg, one) - 0.7266092), most: 1e-4 });

    const heldOut = (name: string, histories: readonly History[], bar: boolean) => {
      const customers = known(histories);
      const weeks = customers.map(({ x, tx, T }) => ({ x, tx: tx / 7, T: T / 7 }));
      const from = performance.now();
      const weekly = purchaseTable(weeks);
      const law = fitBgNbd(weekly);
      const other = fitParetoNbd(weekly);
      const value = fitGammaGamma(customers);
      const seconds = (performance.now() - from) / 1000;
      const actual = histories.map(({ purchases }) => new Set(purchases.filter((p) => p.day > CDNOW_UNTIL).map((p) => p.day)).size); // biome-ignore format: one look
      const said = weeks.map((of) => bgNbdExpected(law, of, WEEKS));
      const total = sum(actual);
      figures[`${name}: customers`] = customers.length;
      figures[`${name}: came`] = total;
      figures[`${name}: BG/NBD said`] = sum(said);
      figures[`${name}: Pareto/NBD said`] = sum(weeks.map((of) => paretoNbdExpected(other, of, WEEKS)));
      figures[`${name}: correlation`] = pearson(said, actual);
      figures[`${name}: mean absolute error`] = sum(said.map((v, i) => Math.abs(v - actual[i]!))) / customers.length;
      figures[`${name}: values from`] = value.customers;
      figures[`${name}: fits, s`] = seconds;
      if (bar)
        accept.push({
          name: `${name}: held-out total, relative error`,
          value: Math.abs(sum(said) / total - 1),
          most: 0.13,
        });
      return seconds;
    };
    heldOut('sample', sample, true);
    if (!small) {
      say('all 23,570 customers');
      const master = readCdnow(read('CDNOW_master.txt.gz'));
      const seconds = heldOut('all', master, true);
      accept.push({ name: 'all three fits on 23,570 customers, s', value: seconds, most: 5 });
      const from = performance.now();
      const model = fitClv(master, { until: CDNOW_UNTIL, law: 'auto' });
      figures['all: law chosen'] = model.law.kind;
      figures['all: with the choice of law, s'] = (performance.now() - from) / 1000;
      figures['all: corr(frequency, value)'] = model.correlation;
      const then = performance.now();
      const said = model.of.map((of) => estimateClv(model, of, { horizonDays: HORIZON, margin: 1, discount: 0 }));
      figures['all: 23,570 estimates, s'] = (performance.now() - then) / 1000;
      const spent = master.map(({ purchases }) => sum(purchases.map((p) => (p.day > CDNOW_UNTIL ? p.value : 0))));
      figures['all: value said / came'] = sum(said.map((s) => s.expectedValue)) / sum(spent);
      figures['all: 80 % intervals hold'] = said.filter((s, i) => spent[i]! >= s.low - 0.005 && spent[i]! <= s.high + 0.005).length / said.length; // biome-ignore format: a share
      const mean = sum(said.map((s) => s.expectedValue)) / said.length;
      for (const segment of segments) {
        const of = said.flatMap((s, i) => (segmentOf(s.expectedValue, mean) === segment ? [i] : []));
        lines.push(`${segment.padEnd(12)} ${((100 * of.length) / said.length).toFixed(0)} % of customers brought ${((100 * sum(of.map((i) => spent[i]!))) / sum(spent)).toFixed(0)} % of the held-out money`); // biome-ignore format: a line of the report
      }
    }
    say('intervals on simulated customers');
    const { sure, all } = coverage(seed, small ? 3_000 : 12_000);
    figures['simulated: all intervals hold'] = all;
    accept.push({ name: 'simulated: 80 % intervals hold, where money is sure', value: sure, least: 0.76, most: 0.84 });
    return { figures, accept, lines };
  },
};

type History = { readonly id: string; readonly purchases: readonly Purchase[] };
const known = (histories: readonly History[]): Customer[] =>
  histories.flatMap(({ id, purchases }) => customerOf(id, purchases, CDNOW_UNTIL) ?? []);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/**
 * Customers of known laws, observed in whole days and fitted like real ones: the share of 80 % intervals that hold what
 * came, over all and over those for whom silence has a chance under 10 % (elsewhere the chance of nothing is a step, and
 * an interval that begins at 0 holds more).
 */
function coverage(seed: number, customers: number): { readonly sure: number; readonly all: number } {
  const until = 540;
  const histories = simulateCustomers({
    ...{ customers, seed, joinDays: 200, endDay: until + 181, value: { p: 5, q: 4, v: 20 } },
    law: { kind: 'bg-nbd', r: 1.2, alpha: 60, a: 0.8, b: 4 },
  }).map(({ id, purchases }) => ({
    id,
    purchases: purchases.map(({ day, value }) => ({ day: Math.floor(day), value })),
  }));
  const model = fitClv(histories, { until, law: 'bg-nbd' });
  const later = new Map(histories.map(({ id, purchases }) => [id, sum(purchases.map((p) => (p.day > until && p.day <= until + 180 ? p.value : 0)))])); // biome-ignore format: one look
  const said = model.of.map((of) => estimateClv(model, of, { horizonDays: 180, margin: 1, discount: 0 }));
  const share = (of: typeof said) => of.filter(({ id, low, high }) => later.get(id)! >= low && later.get(id)! <= high).length / of.length; // biome-ignore format: a share
  return { sure: share(said.filter(({ pSilent }) => pSilent < 0.1)), all: share(said) };
}
