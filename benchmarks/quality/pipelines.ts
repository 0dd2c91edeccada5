import { ledgerOf } from '../../api/forecastLedger.ts';
import { peopleIn } from '../../api/pipeline.ts';
import { holds, judgeLedger, type LedgerLook } from '../../models/forecast/ledger.ts';
import { formatMinor } from '../../src/money.ts';
import type { PeriodKind } from '../../src/periods.ts';
import { backtestForecast } from '../../training/backtest/forecast.ts';
import { profiles } from '../../training/profiles.ts';
import { imported } from './imported.ts';
import type { QualityCase, QualityResult } from './quality.ts';
import { spreadEarned } from './spreadEarned.ts';

/** An export as `foresell backtest --model forecast` goes through it. Maven's is of an invented company, BPIC's of a real bank. */
interface Pipeline {
  readonly name: string;
  readonly folder: string;
  /** Kinds of period, and days between the looks at each. */
  readonly of: readonly (readonly [PeriodKind, number])[];
  /** The share of all days at which the first look stands: what came before trains. */
  readonly firstAt: number;
  readonly retrainDays: number;
}

const pipelines: readonly Pipeline[] = [
  { name: 'maven', folder: 'maven_crm_opportunities', of: [['month', 10], ['quarter', 14]], firstAt: 0.25, retrainDays: 91 }, // biome-ignore format: a row
  { name: 'bpic2012', folder: 'bpic2012_loan_pipeline', of: [['week', 3.5]], firstAt: 0.3, retrainDays: 365 },
];

/**
 * Forecasts of pipelines that nobody simulated, rolled through their past: at each look by a model of that time, from what was known then, beside what the
 * period brought. The whole of it: booked, open deals, and those not yet created. Looks at one period share what it brought, so that coverage counts periods.
 */
export const pipelinesCase: QualityCase = {
  name: 'pipelines',
  says: 'Maven and BPIC as pipelines: rolling forecasts as of past days beside what came, with coverage (--set NAME)',
  needs: 'maven_crm_opportunities',
  run: async ({ folder, small, seed, given, say }) => {
    const named = pipelines.filter(({ name }) => given.set === undefined || given.set === name);
    const results: QualityResult[] = [];
    for (const pipeline of small ? named.slice(0, 1) : named)
      results.push(...(await rolled(pipeline, folder!, small, seed, say)));
    return {
      figures: Object.assign({}, ...results.map(({ figures }) => figures)),
      accept: results.flatMap(({ accept }) => accept),
      lines: results.flatMap(({ lines }) => lines),
      rows: results.flatMap(({ rows = [] }) => rows),
    };
  },
};

async function rolled(
  { name, folder, of: kinds, firstAt, retrainDays }: Pipeline,
  near: string,
  small: boolean,
  seed: number,
  say: (line: string) => void,
): Promise<QualityResult[]> {
  const { source, close } = await imported(near.replace(/[^/]+$/, folder), folder, say);
  try {
    const { calendar } = source.company;
    const closes = source.ids('deal').flatMap((id) => source.history('deal', id)?.closed?.map(({ at }) => at) ?? []);
    const [first, last] = [Math.min, Math.max].map((of) => closes.reduce((a, b) => of(a, b))) as [number, number];
    const known = calendar.nextDay(last);
    const from = calendar.startOfDay(first + firstAt * (known - first));
    // Kinds of period look from the same day on, so that a model serves all of them.
    const trained = new Map<number, Uint8Array>();
    const kept = { get: (until: number) => trained.get(until), put: (until: number, bytes: Uint8Array) => void trained.set(until, bytes) }; // biome-ignore format: a row
    const results: QualityResult[] = [];
    for (const [of, everyDays] of small ? kinds.slice(0, 1) : kinds) {
      const title = `${name} by ${of}`;
      const { looks, currency } = await backtestForecast(source, {
        ...{ known, from, of, seed, kept, profile: profiles.fast, draws: 100 },
        // One training is enough to see that all of it runs.
        ...(small ? { everyDays: 28, retrainDays: 3660 } : { everyDays, retrainDays }),
        lookAt: ledgerOf(source, peopleIn([], []), known, undefined, of),
        onProgress: (text, _share, line) => line && say(`${title}: ${text}`),
      });
      results.push(told(title, looks, currency));
    }
    return results;
  } finally {
    close();
  }
}

/** Figures, and the table: a row a look. */
export function told(title: string, looks: readonly LedgerLook[], currency: string): QualityResult {
  const { figures, periods } = judgeLedger(looks, { draws: 100, seed: 1 });
  const million = (minor: number | null) => (minor === null ? '-' : (Number(formatMinor(Math.round(minor), currency)) / 1e6).toFixed(3)); // biome-ignore format: one choice
  const all: Record<string, number> = { [`${title}: looks`]: looks.length, [`${title}: periods`]: periods }; // biome-ignore format: a row
  for (const { way, wape, bias, coverage80 } of figures) {
    if (wape !== null) all[`${title}: error ${way}`] = wape;
    if (bias !== null) all[`${title}: bias ${way}`] = bias;
    if (coverage80 !== null) all[`${title}: coverage 80`] = coverage80;
  }
  const { spread, judged, gain } = spreadEarned(looks);
  all[`${title}: spread by its past`] = spread;
  if (judged > 0) all[`${title}: gain of that, ${judged} periods`] = gain;
  const lines = looks.map((look) => {
    const said = `${million(look.said.foresell)} (${million(look.p10Minor)} to ${million(look.p90Minor)})`;
    return `${title} ${new Date(look.at).toISOString().slice(0, 10)} ${look.period.label}: booked ${million(look.bookedMinor)}, said ${said}, same stage and week ${million(look.said.usual)}, came ${million(look.actualMinor)} M ${currency}${holds(look) ? '' : ' (outside)'}`;
  });
  const rows = looks.map(({ at, period, bookedMinor, said, p10Minor, p50Minor, p90Minor, actualMinor, version }) => ({ title, at, period: period.label, version, bookedMinor, said, p10Minor, p50Minor, p90Minor, actualMinor })); // biome-ignore format: a row
  // Shown, not held to: so few periods, of which each is one case, judge no band.
  return { figures: all, accept: [], lines, rows };
}
