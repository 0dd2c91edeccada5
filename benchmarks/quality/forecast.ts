import { comingDeals } from '../../api/comingDeals.ts';
import { levelAt } from '../../api/level.ts';
import type { Moment } from '../../api/moments.ts';
import { converter, type People, pipelineOf } from '../../api/pipeline.ts';
import { type Scenario, simulate, simulatedSource } from '../../datasets/synthetic.ts';
import { featuresOf } from '../../features/hash.ts';
import { snapshot } from '../../features/snapshot.ts';
import { loadArtifact } from '../../models/artifact.ts';
import { type Distribution, quantileOf } from '../../models/forecast/distribution.ts';
import { type RollUpAsk, rollUp } from '../../models/forecast/rollup.ts';
import { scorerOf } from '../../models/scorer.ts';
import { naiveForecasts } from '../../src/naiveForecasts.ts';
import { crpsEnsemble } from '../../src/stats/crps.ts';
import { pairedDifference } from '../../src/stats/pairedDifference.ts';
import { dealState } from '../../src/subjects/deal.ts';
import { subjects } from '../../src/subjects/index.ts';
import { DAY, type Instant, type Period, WEEK } from '../../src/time.ts';
import { type FactSource, world } from '../../src/world.ts';
import { profiles } from '../../training/profiles.ts';
import { trainModel } from '../../training/train.ts';
import type { QualityCase } from './quality.ts';

/** Far from the worlds on which anything else is judged. */
const FIRST_SEED = 4000;
const DEALS = 600;
/** Quarters of each world that are forecast; what was known before the first trains. */
const QUARTERS = 5;
const WEEKS = [1, 5, 9];
const LEVELS = [50, 80, 95] as const;
/** Ends of the 80 % band are of level alpha = .2. */
const ALPHA = 0.2;
/** Points of a law that stand for it in its CRPS. */
const POINTS = 99;

const rivals = ['independent', 'stageRate', 'usual', 'categories'] as const;
type Rival = (typeof rivals)[number];

interface Look {
  readonly world: string;
  readonly week: number;
  readonly actual: number;
  readonly mean: number;
  readonly inside: readonly boolean[];
  readonly crps: Readonly<Record<'ours' | Rival, number>>;
  /** Interval score of the 80 % band; a point has no width. */
  readonly score: Readonly<Record<'ours' | Rival, number>>;
  readonly error: Readonly<Record<'ours' | Rival, number>>;
  readonly pit: number;
}

/**
 * The whole of a quarter on many small simulated companies, half calm and half drifting, at the ends of weeks 1, 5 and 9: how often what came lay in the
 * bands, and how far off the number was, beside the same deals taken as independent (without the spread of new business), stage percentage x expected
 * date, booked + open x rate of the same stage and week + usual new business, and commit + half of best case.
 */
export const forecast: QualityCase = {
  name: 'forecast',
  says: 'the whole of a quarter on many small simulated companies: bands, CRPS, errors at weeks 1, 5 and 9',
  run: async ({ small, seed, say }) => {
    const count = small ? 2 : 80;
    const looks: Look[] = [];
    for (let i = 0; i < count; i++) {
      const scenario: Scenario = i % 2 === 0 ? 'calm' : 'drift';
      looks.push(...(await oneWorld(FIRST_SEED + (seed - 1) * count + i, scenario, say)));
    }
    return summary(looks, small);
  },
};

/** Groups are of no interest here. */
const nobody: People = { teams: [], circular: [], teamOf: () => null, name: (_kind, id) => id };

async function oneWorld(seed: number, scenario: Scenario, say: (line: string) => void): Promise<Look[]> {
  const name = `${scenario} ${seed}`;
  const sim = simulate({ deals: DEALS, seed, scenario });
  const source = simulatedSource(sim);
  const { calendar } = source.company;
  const quarters: Period[] = [calendar.quarter(calendar.quarter(sim.clock.end).from - DAY)];
  while (quarters.length < QUARTERS) quarters.unshift(calendar.quarter(quarters[0]!.from - DAY));
  const until = quarters[0]!.from;
  const trained = await trainModel(source, subjects.deal, { until, profile: profiles.fast, seed: 1 });
  say(`${name}: trained (${trained.header.chosen}, rho ${trained.header.rho.toFixed(3)})`);
  const scorer = scorerOf(loadArtifact(trained.bytes), source.company);
  const features = featuresOf('deal', source.company);
  const model = {
    version: trained.version,
    snapshot: (from: FactSource, rows: readonly { id: string; asOf: Instant }[]) =>
      snapshot(from, features, rows, 'deal'),
    predict: scorer.predict,
  };
  return quarters.flatMap((period) =>
    WEEKS.map((week): Look => {
      const asOf = period.from + week * WEEK;
      const then = world(source, asOf);
      const open = then.ids('deal').filter((id) => dealState(then.past('deal', id)) === 'open');
      const frame = model.snapshot(source, open.map((id) => ({ id, asOf }))); // biome-ignore format: one call
      const prediction = scorer.predict(frame, levelAt(source, model, asOf));
      const moment: Moment = { source, then, open: () => open, said: () => { throw new Error('nobody asks'); } }; // biome-ignore format: a row
      const base = source.company.settings.base_currency;
      const convert = converter(source.rates, base, base);
      const { closed, open: deals } = pipelineOf(moment, nobody, prediction, period, convert);
      const coming = comingDeals(then, nobody, 'all', period, convert);
      const ask: RollUpAsk = { by: 'all', closed, open: deals, teams: [], quotas: [], rho: trained.header.rho, ...(coming ? { coming } : {}) }; // biome-ignore format: a row
      const actual = bookedBy(source, period.to, period);
      const whole = rollUp(ask);
      const { law } = rollUp({ ...ask, rho: 0, ...(coming ? { coming: { ...coming, arrivals: { ...coming.arrivals, size: Number.POSITIVE_INFINITY } } } : {}) }); // biome-ignore format: one call
      const booked = closed.reduce((sum, deal) => sum + deal.amountMinor, 0);
      const { stageRate, usual, categories } = naiveForecasts(source, then, deals, booked, period);
      const points = { stageRate, usual, categories: categories ?? booked };
      const pointed = (of: (point: number) => number) => ({
        stageRate: of(points.stageRate),
        usual: of(points.usual),
        categories: of(points.categories),
      });
      const off = (point: number) => Math.abs(point - actual);
      return {
        world: name,
        week,
        actual,
        mean: whole.nodes[0].mean,
        inside: LEVELS.map((level) => {
          const { lowMinor, highMinor } = whole.nodes[0].bands.find((band) => band.level === level)!;
          return actual >= lowMinor && actual <= highMinor;
        }),
        crps: { ours: crpsOf(whole.law, actual), independent: crpsOf(law, actual), ...pointed(off) },
        score: {
          ours: scoreOf(whole.law, actual),
          independent: scoreOf(law, actual),
          ...pointed((point) => (2 / ALPHA) * off(point)),
        },
        error: { ours: off(whole.nodes[0].mean), independent: off(whole.nodes[0].mean), ...pointed(off) },
        pit: pitOf(whole.law, actual),
      };
    }),
  );
}

function bookedBy(source: FactSource, until: Instant, period: Period): number {
  let total = 0;
  for (const id of source.ids('deal')) {
    const close = source.history('deal', id)?.closed?.find((fact) => fact.outcome === 'won');
    if (!close || close.at < period.from || close.at >= period.to || close.at >= until) continue;
    total += world(source, close.knownAt).baseMinor(close.amountMinor ?? 0, close.currency);
  }
  return total;
}

const crpsOf = (law: Distribution, actual: number): number =>
  crpsEnsemble(Float64Array.from({ length: POINTS }, (_, k) => quantileOf(law, (k + 0.5) / POINTS)), actual); // biome-ignore format: one call

function scoreOf(law: Distribution, actual: number): number {
  const [low, high] = [quantileOf(law, ALPHA / 2), quantileOf(law, 1 - ALPHA / 2)];
  return high - low + (2 / ALPHA) * (Math.max(0, low - actual) + Math.max(0, actual - high));
}

function pitOf({ values, mass }: Distribution, actual: number): number {
  let below = 0;
  for (let i = 0; i < values.length && values[i] <= actual; i++) below += mass[i];
  return below;
}

function summary(looks: readonly Look[], small: boolean) {
  const groups = looks.map((look) => look.world);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const scale = mean(looks.map((look) => look.actual));
  const covered = (k: number, of = looks) => mean(of.map((look) => Number(look.inside[k])));
  const figures: Record<string, number> = { worlds: new Set(groups).size, quarters: looks.length / WEEKS.length, looks: looks.length }; // biome-ignore format: a row
  const lines: string[] = [];
  for (const [k, level] of LEVELS.entries()) figures[`coverage ${level}`] = covered(k);
  figures['bias'] = mean(looks.map((look) => (look.mean - look.actual) / scale));
  figures['mean PIT'] = mean(looks.map((look) => look.pit));
  for (const what of ['crps', 'score', 'error'] as const) {
    figures[`${what} ours`] = mean(looks.map((look) => look[what].ours)) / scale;
    for (const rival of rivals) {
      if (what === 'error' && rival === 'independent') continue;
      figures[`${what} ${rival}`] = mean(looks.map((look) => look[what][rival])) / scale;
      const { mean: gain, standardError } = pairedDifference(looks.map((look) => look[what][rival] / scale), looks.map((look) => look[what].ours / scale), groups); // biome-ignore format: one call
      lines.push(
        `${what} below ${rival} by ${gain.toFixed(4)} +- ${standardError.toFixed(4)} (paired, worlds as clusters)`,
      );
    }
  }
  for (const week of WEEKS) {
    const of = looks.filter((look) => look.week === week);
    const errors = (['ours', ...rivals] as const).filter((way) => way !== 'independent');
    lines.push(
      `week ${week}: coverage ${LEVELS.map((_, k) => covered(k, of).toFixed(2)).join(' / ')}; error ${errors.map((way) => `${way} ${((100 * mean(of.map((look) => look.error[way]))) / scale).toFixed(1)} %`).join(', ')}`,
    );
  }
  const ratio = (what: 'crps' | 'score', rival: Rival) => figures[`${what} ours`]! / figures[`${what} ${rival}`]!;
  const margins = [5, 4, 2];
  // A few quarters cannot judge a coverage.
  const accept = small
    ? []
    : [
        ...LEVELS.map((level, k) => ({ name: `coverage of ${level} %`, value: 100 * covered(k), least: level - margins[k]!, most: Math.min(97, level + margins[k]!) })), // biome-ignore format: a row
        { name: 'CRPS / independent deals', value: ratio('crps', 'independent'), most: 0.85 },
        { name: 'CRPS / stage rate x expected date', value: ratio('crps', 'stageRate'), most: 0.6 },
        { name: 'interval score / independent deals', value: ratio('score', 'independent'), most: 0.85 },
        { name: 'interval score / stage rate x expected date', value: ratio('score', 'stageRate'), most: 0.6 },
        ...(['stageRate', 'usual', 'categories'] as const).map((rival) => ({ name: `error / ${rival}`, value: figures['error ours']! / figures[`error ${rival}`]!, most: 1 })), // biome-ignore format: a row
      ];
  return { figures, accept, lines };
}
