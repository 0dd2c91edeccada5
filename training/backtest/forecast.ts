import { judgeLedger, type LedgerJudgement, type LedgerLook } from '../../models/forecast/ledger.ts';
import { forecastLooks } from '../../src/forecastLooks.ts';
import type { PeriodKind } from '../../src/periods.ts';
import { subjects } from '../../src/subjects/index.ts';
import type { Instant } from '../../src/time.ts';
import type { FactSource } from '../../src/world.ts';
import type { Profile } from '../profiles.ts';
import { type PlanAsk, scheduled } from './plan.ts';
import type { Then } from './said.ts';
import { type Kept, type Progress, TRAINING_WORK, type TrainingThen, thenModels, type Work } from './thenModels.ts'; // biome-ignore format: one import

export interface ForecastBacktestOptions extends PlanAsk {
  /** Kind of the periods; absent = fiscal quarters. */
  readonly of?: PeriodKind | undefined;
  /** End of what is known. */
  readonly known: Instant;
  readonly profile: Profile;
  readonly seed: number;
  /** Draws of the bootstrap of people's calls. */
  readonly draws?: number | undefined;
  readonly kept?: Kept;
  readonly onProgress?: Progress;
  /** Makes the forecast at an instant as serving would, and judges it: belongs to serving, handed in by whoever puts the program together. */
  readonly lookAt: (at: Instant, model: ThenForecasts) => LedgerLook;
}

/** A version of then as it forecasts. */
export type ThenForecasts = Then & { readonly rho: number; readonly trainedTo: Instant };

export interface ForecastBacktest {
  readonly of: PeriodKind;
  readonly company: string;
  readonly sample: boolean;
  readonly currency: string;
  readonly zone: string;
  readonly known: Instant;
  readonly possible: { readonly from: Instant; readonly to: Instant };
  readonly everyDays: number;
  readonly retrainDays: number;
  readonly profile: string;
  readonly seed: number;
  readonly draws: number;
  readonly trainings: readonly TrainingThen[];
  readonly looks: readonly LedgerLook[];
  readonly judgement: LedgerJudgement;
  readonly notes: readonly string[];
}

const DRAWS = 2000;

/**
 * Replays the forecast of the fiscal quarter, or of the week, month or year: at each look by the model as it would have been then, from what was known then, beside the usual rules and
 * people's own calls; and all are judged by what the period brought. The same facts, options and backend give the same result.
 * @throws ForesellError of `forecastLooks`
 */
export async function backtestForecast(
  source: FactSource,
  options: ForecastBacktestOptions,
): Promise<ForecastBacktest> {
  const { known, profile, seed, retrainDays, everyDays, draws = DRAWS, of = 'quarter' } = options;
  const { calendar, settings } = source.company;
  const progress = options.onProgress ?? (() => {});
  progress('planning', 0);
  const { looks: at, possible, notes } = forecastLooks(source, known, options, undefined, of);
  const { origins, retrainings } = scheduled(at, retrainDays);
  const all = retrainings.length * TRAINING_WORK + origins.length;
  const work: Work = { all, done: 0, progress };
  const models = thenModels(source, subjects.deal, options, retrainings.length, work);
  const looks: LedgerLook[] = [];
  for (const [k, origin] of origins.entries()) {
    const { model, header } = await models.at(origin.trainedUntil);
    const look = options.lookAt(origin.at, { ...model, rho: header.rho, trainedTo: header.trained.to });
    looks.push(look);
    work.done++;
    progress(
      `look ${k + 1} of ${origins.length}: ${look.period.label} on ${calendar.date(origin.at)}`,
      work.done / all,
    );
  }
  return {
    company: settings.name,
    sample: settings.sample,
    currency: settings.base_currency,
    zone: settings.time_zone,
    profile: profile.name,
    ...{ of, known, possible, everyDays, retrainDays, seed, draws, looks, notes },
    trainings: models.trainings,
    judgement: judgeLedger(looks, { draws, seed }),
  };
}
