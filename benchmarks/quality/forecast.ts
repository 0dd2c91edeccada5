import { peopleIn } from '../../api/pipeline.ts';
import { type Whole, wholesOf } from '../../api/wholes.ts';
import { openAt, type Scenario, type Simulation, simulate, simulatedSource, trueSnapshot } from '../../datasets/synthetic.ts'; // biome-ignore format: one import
import { featuresOf } from '../../features/hash.ts';
import { snapshot } from '../../features/snapshot.ts';
import { loadArtifact } from '../../models/artifact.ts';
import { atLeast, type Distribution, quantileOf } from '../../models/forecast/distribution.ts';
import { type ClosedDeal, type ForecastNode, rollUp } from '../../models/forecast/rollup.ts';
import { scorerOf } from '../../models/scorer.ts';
import { type Random, random } from '../../src/random.ts';
import { clusteredUniform } from '../../src/stats/clusteredUniform.ts';
import { crpsEnsemble } from '../../src/stats/crps.ts';
import { pairedDifference } from '../../src/stats/pairedDifference.ts';
import { subjects } from '../../src/subjects/index.ts';
import { DAY, type Instant, type Period, WEEK } from '../../src/time.ts';
import type { FactSource } from '../../src/world.ts';
import { profiles } from '../../training/profiles.ts';
import { trainModel } from '../../training/train.ts';
import { etsOnBookings, wonBy } from './etsOnBookings.ts';
import type { QualityCase } from './quality.ts';
import { type SaidTotal, spreadEarned } from './spreadEarned.ts';

/** Far from the worlds on which anything else is judged. */
const FIRST_SEED = 4000;
const DEALS = 600;
/** So many companies judge a coverage: each is a case of its own. */
const COMPANIES = 80;
/** Quarters of each world that are forecast; what was known before the first trains. */
const QUARTERS = 5;
const WEEKS = [1, 5, 9];
const LEVELS = [50, 80, 95] as const;
/** Ends of the 80 % band are of level alpha = .2. */
const ALPHA = 0.2;
/** Points of a law that stand for it in its CRPS. */
const POINTS = 99;

/** Ways that say a number only. */
const pointWays = ['stageRate', 'usual', 'categories', 'ets'] as const;
type PointWay = (typeof pointWays)[number];
const rivals = ['independent', ...pointWays] as const;
type Rival = (typeof rivals)[number];
/** Of the true hazards' look ahead. */
const PATHS = 48;

interface Look {
  readonly world: string;
  readonly week: number;
  readonly actual: number;
  readonly mean: number;
  readonly inside: readonly boolean[];
  readonly said: SaidTotal;
  readonly crps: Readonly<Record<'ours' | Rival, number>>;
  /** Interval score of the 80 % band; a point has no width. */
  readonly score: Readonly<Record<'ours' | Rival, number>>;
  readonly error: Readonly<Record<'ours' | Rival, number>>;
  /** Error with the true hazards of the open deals; what is booked and what deals to come bring is ours. */
  readonly truth: number;
  readonly pit: number;
  readonly teams: readonly { readonly inside: readonly boolean[]; readonly pit: number }[];
}

/**
 * The whole of a quarter on many small simulated companies, half calm and half drifting, at the ends of weeks 1, 5 and 9: how often what came lay in the
 * bands, and how far off the number was, beside the same deals taken as independent (without the spread of new business), stage percentage x expected
 * date, booked + open x rate of the same stage and week + usual new business, commit + half of best case, ETS on weekly bookings, and the true hazards. Of
 * the teams: how often their bands held, and whether their PIT is uniform, worlds as clusters.
 */
export const forecast: QualityCase = {
  name: 'forecast',
  says: 'the whole of a quarter on many small simulated companies: bands, CRPS, errors at weeks 1, 5 and 9 (--companies N: the first N of them)',
  run: async ({ small, seed, given, say }) => {
    const all = small ? 2 : COMPANIES;
    const count = Math.min(all, Number(given.companies ?? all));
    if (!(Number.isInteger(count) && count > 0))
      throw new Error(`--companies ${given.companies}: expected a whole number from 1 to ${all}`);
    const looks: Look[] = [];
    for (let i = 0; i < count; i++) {
      const scenario: Scenario = i % 2 === 0 ? 'calm' : 'drift';
      looks.push(...(await oneWorld(FIRST_SEED + (seed - 1) * all + i, scenario, say)));
    }
    return summary(looks, count < COMPANIES);
  },
};

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
    rho: trained.header.rho,
  };
  const people = peopleIn(sim.tables.team, sim.tables.user);
  // A team with teams below it is their sum, and the top one is the whole: those below are judged.
  const above = new Set(people.teams.map(({ parentId }) => parentId));
  const leaves = people.teams.filter(({ id }) => !above.has(id)).map(({ id }) => ({ id, parentId: null }));
  const wholes = wholesOf(source, people, sim.clock.end);
  const draw = random(seed).fork('pit');
  return quarters.flatMap((period) =>
    WEEKS.map((week): Look => {
      // The true hazards are told by whole weeks: the Monday nearest to the end of the week of the quarter.
      const simWeek = Math.round(sim.clock.week(period.from + week * WEEK));
      const asOf = sim.clock.at(simWeek);
      const look = wholes.at(asOf, model, period);
      const happened = wholes.brought(period);
      const sumOf = (deals: readonly ClosedDeal[]) => deals.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
      const actual = sumOf(happened);
      const ask = look.ask('all');
      const { coming } = ask;
      const whole = rollUp(ask);
      const { law } = rollUp({ ...ask, rho: 0, ...(coming ? { coming: { ...coming, arrivals: { ...coming.arrivals, size: Number.POSITIVE_INFINITY } } } : {}) }); // biome-ignore format: one call
      const { stageRate, usual, categories } = look.naive();
      const points = {
        ...{ stageRate, usual, categories: categories ?? look.bookedMinor },
        ets: etsOnBookings(wonBy(look.then), asOf, look.bookedMinor, period),
      };
      const off = (point: number) => Math.abs(point - actual);
      const pointed = (of: (point: number) => number) =>
        Object.fromEntries(pointWays.map((way) => [way, of(points[way])])) as Record<PointWay, number>;
      const { nodes, laws } = rollUp({ ...look.ask('team'), teams: leaves, laws: true });
      const came = rollUp({ by: 'team', closed: happened, open: [], teams: leaves, quotas: [] }).nodes;
      return {
        world: name,
        week,
        actual,
        mean: whole.nodes[0].mean,
        inside: insideOf(whole.nodes[0], actual),
        said: { ...whole.nodes[0], at: asOf, period, actualMinor: actual },
        crps: { ours: crpsOf(whole.law, actual), independent: crpsOf(law, actual), ...pointed(off) },
        score: {
          ours: scoreOf(whole.law, actual),
          independent: scoreOf(law, actual),
          ...pointed((point) => (2 / ALPHA) * off(point)),
        },
        error: { ours: off(whole.nodes[0].mean), independent: off(whole.nodes[0].mean), ...pointed(off) },
        truth: off(look.bookedMinor + trueOpen(sim, simWeek, look) + whole.nodes[0].newMinor),
        pit: pitOf(whole.law, actual, draw),
        teams: nodes.slice(1).flatMap((node, i) => {
          if (node.id === null) return [];
          const brought = came.find(({ id }) => id === node.id)?.closedMinor ?? 0;
          return [{ inside: insideOf(node, brought), pit: pitOf(laws[i]!, brought, draw) }];
        }),
      };
    }),
  );
}

/** What the open deals bring by the true hazards, given the true state at the look and not what came after. */
function trueOpen(sim: Simulation, week: number, { open, period }: Whole): number {
  const law = trueSnapshot(sim, week, period.to, PATHS);
  const amounts = new Map(open.map(({ id, amountMinor }) => [id, amountMinor]));
  let sum = 0;
  for (const [d, { id }] of openAt(sim, week).entries()) {
    let mean = 0;
    for (let p = 0; p < law.paths; p++) mean += law.won[d * law.paths + p]! / law.paths;
    sum += mean * (amounts.get(id) ?? 0);
  }
  return sum;
}

const insideOf = ({ bands }: Pick<ForecastNode, 'bands'>, actual: number) =>
  LEVELS.map((level) => {
    const { lowMinor, highMinor } = bands.find((band) => band.level === level)!;
    return actual >= lowMinor && actual <= highMinor;
  });

const crpsOf = (law: Distribution, actual: number): number =>
  crpsEnsemble(Float64Array.from({ length: POINTS }, (_, k) => quantileOf(law, (k + 0.5) / POINTS)), actual); // biome-ignore format: one call

function scoreOf(law: Distribution, actual: number): number {
  const [low, high] = [quantileOf(law, ALPHA / 2), quantileOf(law, 1 - ALPHA / 2)];
  return high - low + (2 / ALPHA) * (Math.max(0, low - actual) + Math.max(0, actual - high));
}

/** P(less) + a share of P(just that), drawn: uniform where the law is right, also where nothing may come at all. */
function pitOf(law: Distribution, actual: number, draw: Random): number {
  const [below, through] = [1 - atLeast(law, actual), 1 - atLeast(law, actual + 1)];
  return below + draw.uniform() * (through - below);
}

function summary(looks: readonly Look[], isPart: boolean) {
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
  figures['error true hazards'] = mean(looks.map((look) => look.truth)) / scale;
  figures['error ours / true hazards'] = figures['error ours']! / figures['error true hazards']!;
  const { mean: above, standardError } = pairedDifference(looks.map((look) => look.error.ours / scale), looks.map((look) => look.truth / scale), groups); // biome-ignore format: one call
  lines.push(`error above that of the true hazards by ${above.toFixed(4)} +- ${standardError.toFixed(4)} (paired, worlds as clusters)`); // biome-ignore format: one line
  // Would a company's own past have mended its bands?
  const own = [...new Set(groups)].map((world) => spreadEarned(looks.filter((look) => look.world === world).map(({ said }) => said))); // biome-ignore format: one call
  figures['spread by its own past'] = mean(own.map(({ spread }) => spread));
  figures['gain of that'] = mean(own.map(({ gain }) => gain));
  const teams = looks.flatMap(({ world, teams: of }) => of.map((team) => ({ world, ...team })));
  figures['looks at a team'] = teams.length;
  for (const [k, level] of LEVELS.entries()) figures[`teams coverage ${level}`] = mean(teams.map((team) => Number(team.inside[k]))); // biome-ignore format: a row
  for (const [what, of] of [
    ['whole', looks],
    ['teams', teams],
  ] as const) {
    // biome-ignore format: a row
    const { counts, f, p } = clusteredUniform(of.map(({ pit }) => pit), of.map(({ world }) => world)); // biome-ignore format: one call
    const shares = counts.map((count) => (count / of.length).toFixed(3)).join(' ');
    lines.push(
      `PIT of ${what} by fifths: ${shares}; uniform, worlds as clusters: F ${f.toFixed(2)}, p ${p.toFixed(3)}`,
    );
    if (!Number.isNaN(p)) figures[`PIT ${what} p`] = p;
  }
  for (const week of WEEKS) {
    const of = looks.filter((look) => look.week === week);
    const errors = (['ours', ...rivals] as const).filter((way) => way !== 'independent');
    lines.push(
      `week ${week}: coverage ${LEVELS.map((_, k) => covered(k, of).toFixed(2)).join(' / ')}; error ${errors.map((way) => `${way} ${((100 * mean(of.map((look) => look.error[way]))) / scale).toFixed(1)} %`).join(', ')}, true hazards ${((100 * mean(of.map((look) => look.truth))) / scale).toFixed(1)} %`,
    );
  }
  const ratio = (what: 'crps' | 'score', rival: Rival) => figures[`${what} ours`]! / figures[`${what} ${rival}`]!;
  const margins = [5, 4, 2];
  // A part of the companies cannot judge a coverage.
  const accept = isPart
    ? []
    : [
        ...LEVELS.map((level, k) => ({ name: `coverage of ${level} %`, value: 100 * covered(k), least: level - margins[k]!, most: Math.min(97, level + margins[k]!) })), // biome-ignore format: a row
        { name: 'CRPS / independent deals', value: ratio('crps', 'independent'), most: 0.85 },
        { name: 'CRPS / stage rate x expected date', value: ratio('crps', 'stageRate'), most: 0.6 },
        { name: 'interval score / independent deals', value: ratio('score', 'independent'), most: 0.85 },
        { name: 'interval score / stage rate x expected date', value: ratio('score', 'stageRate'), most: 0.6 },
        ...pointWays.map((rival) => ({ name: `error / ${rival}`, value: figures['error ours']! / figures[`error ${rival}`]!, most: 1 })), // biome-ignore format: a row
      ];
  return { figures, accept, lines };
}
