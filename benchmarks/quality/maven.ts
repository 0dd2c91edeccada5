import { amountOf } from '../../api/grade.ts';
import { featuresOf } from '../../features/hash.ts';
import { snapshot } from '../../features/snapshot.ts';
import { loadArtifact } from '../../models/artifact.ts';
import { commonFactorSum } from '../../models/forecast/commonFactor.ts';
import { quantileOf } from '../../models/forecast/distribution.ts';
import { scorerOf } from '../../models/scorer.ts';
import { dealState } from '../../src/subjects/deal.ts';
import { subjects } from '../../src/subjects/index.ts';
import { DAY, formatInstant, type Instant } from '../../src/time.ts';
import { type FactSource, world } from '../../src/world.ts';
import { judge, measure } from '../../training/evaluate.ts';
import { type LandmarkRows, takeLandmarkRows, trainingRows } from '../../training/landmarkRows.ts';
import { profiles } from '../../training/profiles.ts';
import { trainModel } from '../../training/train.ts';
import { imported } from './imported.ts';
import type { QualityCase } from './quality.ts';

const FORECAST_AT = '2017-09-30';
const WITHIN = 91;

/**
 * An invented company whose outcomes nothing predicts: the model must not pretend. At each deal's first look the chance
 * of winning is the base rate; later ones may move by the deal's age alone. Then a forecast as of a past day, of what the
 * deals open that day would bring in the next quarter, beside what they brought.
 */
export const maven: QualityCase = {
  name: 'maven',
  says: 'a CRM without any signal: no skill pretended; a forecast as of a past day beside what came',
  needs: 'maven_crm_opportunities',
  run: async ({ folder, small, seed, say }) => {
    const { source, newest, close } = await imported(folder!, 'maven_crm_opportunities', say);
    try {
      const profile = small ? profiles.fast : profiles.default;
      const all = trainingRows(source, subjects.deal, featuresOf('deal', source.company), newest + 1);
      const split = splitByClosed(source);
      say(`training on what was known by ${formatInstant(split)}`);
      const trained = await trainModel(source, subjects.deal, { until: split, profile, seed });
      const scorer = scorerOf(loadArtifact(trained.bytes), source.company);
      const first = firstLooks(all, split);
      const said = scorer.predict(first.X);
      const within = Float64Array.from(first.X.ids, (_, row) => said.positiveBy(row, WITHIN));
      const figures = measure({ ever: said.probability, within }, judge(first, WITHIN));
      const { won, lost } = trained.header.trained.outcomes as { won: number; lost: number };
      const base = won / (won + lost);
      const away = Math.max(...said.probability.map((p) => Math.abs(p - base)));
      const reasons = reasonsGiven(all, split, scorer);
      const forecast = await asOfForecast(
        source,
        source.company.calendar.nextDay(dayOf(source, FORECAST_AT)),
        profile,
        seed,
      );
      return {
        figures: {
          chosen: trained.header.chosen,
          trainingBaseRate: base,
          firstLooks: first.X.ids.length,
          ...figures,
          farthestFromBaseRate: away,
          reasonsGiven: reasons.join(', ') || 'none',
          ...forecast,
        },
        accept: [
          { name: 'AUC at the first look', value: figures['everAuc'] ?? 0.5, most: 0.55 },
          { name: 'farthest probability from the base rate', value: away, most: 0.05 },
          { name: 'reasons other than age', value: reasons.filter((name) => name !== 'deal_age_days').length, most: 0 },
        ],
        lines: trained.selection.reasons,
      };
    } finally {
      close();
    }
  },
};

/** Engagement time of the deal at 80 % of the closed ones. */
function splitByClosed(source: FactSource): Instant {
  const born = source
    .ids('deal')
    .filter((id) => source.history('deal', id)?.closed?.length)
    .map((id) => source.history('deal', id)!.deal![0]!.knownAt)
    .sort((a, b) => a - b);
  return born[Math.floor(born.length * 0.8)]!;
}

/** Each deal's first look, of deals engaged after the split. */
function firstLooks(all: LandmarkRows, split: Instant): LandmarkRows {
  const seen = new Set<string>();
  return takeLandmarkRows(
    all,
    all.X.ids.flatMap((id, row) => (all.bornAt[row]! >= split && !seen.has(id) && seen.add(id) ? [row] : [])),
  );
}

/** Features that any of a thousand later looks names as a reason worth showing. */
function reasonsGiven(all: LandmarkRows, split: Instant, scorer: ReturnType<typeof scorerOf>): string[] {
  const named = new Set<string>();
  const rows = all.X.ids.flatMap((_, row) => (all.bornAt[row]! >= split ? [row] : []));
  for (let i = 0; i < rows.length; i += Math.max(1, Math.floor(rows.length / 1000))) {
    const explanation = scorer.explain(all.X, rows[i]!, 'probability');
    if (!explanation) return [];
    for (const [name, value] of explanation.contributions) if (Math.abs(value) >= 0.05) named.add(name);
  }
  return [...named].sort();
}

const dayOf = (source: FactSource, date: string): Instant =>
  source.company.calendar.startOfDay(Date.parse(`${date}T12:00:00Z`));

/** What the deals open at `asOf` would bring in the quarter that begins then, and what they brought. */
async function asOfForecast(
  source: FactSource,
  asOf: Instant,
  profile: (typeof profiles)['fast' | 'default'],
  seed: number,
) {
  const trained = await trainModel(source, subjects.deal, { until: asOf, profile, seed });
  const scorer = scorerOf(loadArtifact(trained.bytes), source.company);
  const period = source.company.calendar.quarter(asOf);
  const then = world(source, asOf);
  const open = then.ids('deal').filter((id) => dealState(then.past('deal', id)) === 'open');
  const frame = snapshot(source, featuresOf('deal', source.company), open.map((id) => ({ id, asOf })), 'deal'); // biome-ignore format: one call
  const said = scorer.predict(frame);
  const p = open.map((_, row) => said.positiveBy(row, (period.to - asOf) / DAY));
  const amounts = open.map((id) => amountOf(then.past('deal', id))?.minor ?? 0);
  const law = commonFactorSum(amounts, p, trained.header.rho);
  let brought = 0;
  let wins = 0;
  for (const id of open) {
    const close = source.history('deal', id)?.closed?.[0];
    if (close?.outcome !== 'won' || close.at >= period.to) continue;
    brought += close.amountMinor ?? 0;
    wins++;
  }
  return {
    forecastAsOf: FORECAST_AT,
    forecastPeriod: period.label,
    openDeals: open.length,
    expectedWins: p.reduce((s, v) => s + v, 0),
    actualWins: wins,
    expectedUsd: p.reduce((s, v, i) => s + v * amounts[i]!, 0) / 100,
    p10Usd: quantileOf(law, 0.1) / 100,
    p90Usd: quantileOf(law, 0.9) / 100,
    broughtUsd: brought / 100,
  };
}
