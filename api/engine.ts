import type { Store } from '../src/store/store.ts';
import type { Instant, Period } from '../src/time.ts';
import type { Adjustment, AdjustmentGiven } from './adjustments.ts';
import type { Around } from './around.ts';
import type { BlendSaid } from './blend.ts';
import type { Comparison as PeriodComparison } from './comparison.ts';
import type { Forecast, ForecastAsk } from './forecast.ts';
import type { Accuracy, AccuracyAsk } from './forecastAccuracy.ts';
import type { ChangesAsk, ForecastChanges } from './forecastChanges.ts';
import type { InspectionAsk } from './inspection/inspect.ts';
import type { StoriedInspection } from './inspection/inspector.ts';
import type { AppendAsk, Appended, Once } from './intake.ts';
import type { ListAsk, Listed, Page } from './lists.ts';
import type { Comparison, DriftReport, RetrainRule, Watched } from './monitor.ts';
import type { Pinned } from './pinned.ts';
import type { PipelineEdits, PipelineWhatIf } from './pipelineWhatIf.ts';
import type { FeatureWords, OpenModel } from './ports.ts';
import type { Score } from './scoring.ts';
import type { ModelInfo, Refusal } from './versions.ts';

export type { Listed, ListPosition } from './lists.ts';
export type { Comparison, DriftReport, RetrainRule, Watched } from './monitor.ts';
export type { Pinned } from './pinned.ts';
export type { CurvePoint, Score, ScoreOptions } from './scoring.ts';
export type { ModelInfo, Refusal } from './versions.ts';

export const isRefusal = (item: Score | Refusal): item is Refusal => 'error' in item;

export interface Readiness {
  readonly ready: boolean;
  readonly deals: number;
  readonly served: string | undefined;
  /** What stands in the way, for people. */
  readonly missing: string | undefined;
}

/** What CRM components call, in process or through routes. Typed; knows nothing of HTTP. */
export interface Engine extends Around {
  readonly sample: boolean;
  readonly company: { readonly name: string; readonly currency: string; readonly languages: readonly string[] };
  readonly store: Store;
  /** The instant that answers are as of unless asked otherwise. */
  liveAsOf(): Instant;
  /** An instant asked for, checked; undefined = the live one. */
  asOf(asked: Instant | undefined): Instant;
  /** @param asOf undefined = now: the live instant, and for whom something came in since, that instant */
  pin(model: string, asOf?: Instant): Pinned;
  score(ask: {
    readonly model: string;
    readonly ids: readonly string[];
    readonly asOf: Instant;
    readonly reasons: number;
  }): readonly (Score | Refusal)[];
  /** The score of one record now, kept by the rule. Throws where there is none to give. */
  latest(model: string, id: string): Score;
  history(model: string, id: string): { readonly id: string; readonly items: readonly Listed[] };
  list(model: string, ask: ListAsk): Page;
  /** Scores everything open as of now and keeps what changed; does nothing where that was done. */
  refresh(model: string): void;
  /** Reads what scores as of now need, with pauses, and scores one, so that nobody waits for that later. Where `pause` rejects, it ends. */
  warm(model: string, pause: () => Promise<void>): Promise<void>;
  /** Works out how it stands with everything open, with pauses. */
  scoreOpen(model: string, pause: () => Promise<void>): Promise<void>;
  /** Appends facts, all or none, on the disk before it answers; scores as of now see them from then on. */
  append(ask: AppendAsk): Promise<Appended>;
  /** Puts what people call beside the forecast, or undoes it; all or none, on the disk before it answers. */
  adjust(ask: AdjustAsk): Promise<Appended>;
  /** Adjustments and commits of a period that count at an instant, also those that came since the live one. */
  adjustments(period: Period, asOf: Instant): readonly Adjustment[];
  /** Called after each commit of `append`. */
  onAppend(told: () => void): void;
  /** Whose scores the appends after a number may have moved (also those of other processes), by model that is served. */
  news(after: number, upTo?: number): News;
  /** The cut of the records that says what is usual at an instant. */
  usualAt(asOf: Instant): Instant;
  /** Every model, and the version of it that serves. */
  served(): readonly { readonly model: string; readonly served: string | undefined }[];
  /** Keeps scores that were told, by the rule of the history. */
  keep(scores: readonly Score[]): void;
  forecast(ask: ForecastAsk): Forecast;
  /** Keeps today's forecasts as they are said now, where that is not done; how many were new. 0 where nothing can be said. @param most at a time */
  keepForecasts(most?: number): number;
  /** What the learned blend of people and model says beside a forecast; undefined where none was learned, or of other parts or another currency. */
  blend(ask: ForecastAsk): BlendSaid | undefined;
  /** Why what is expected of a period changed between two instants. */
  forecastChanges(ask: ChangesAsk): ForecastChanges;
  /** How a period stands beside its quota, the period before and the same one a year before. */
  comparison(ask: ForecastAsk): PeriodComparison;
  /** How right forecasts of periods of a kind were (default: fiscal quarters), and people's own calls; kept until the records change. */
  forecastAccuracy(ask: AccuracyAsk): Promise<Accuracy>;
  /** The pipeline looked through: what moved between two looks, and what open deals show. */
  inspect(ask: InspectionAsk): StoriedInspection;
  /** What a period would bring, were the pipeline another; nothing is stored. */
  pipelineWhatIf(ask: Omit<ForecastAsk, 'by'>, edits: PipelineEdits): PipelineWhatIf;
  /** Those of a model that were open at an instant, by id. */
  openIds(model: string, asOf: Instant): readonly string[];
  /** What deals are called, to show people; the id where they have no name. */
  dealNames(ids: readonly string[]): ReadonlyMap<string, string>;
  period(asked: { readonly label?: string; readonly from?: Instant; readonly to?: Instant }, asOf: Instant): Period;
  models(): readonly ModelInfo[];
  /** Makes a version the served one by hand; it is opened and checked first. */
  promote(model: string, version: string, reason: string): ModelInfo;
  model(name: string): ModelInfo;
  /** How far the world has moved from what the served version learned. */
  drift(model: string): DriftReport;
  /** Two versions on the outcomes that neither was trained on, each as it would have scored then. */
  compare(model: string, version: string, against: string): Comparison;
  /** Scores everything open by the version in the shadow; how many. */
  keepShadow(model: string): number;
  /** Goes back to the version before where that has proved better. */
  watch(model: string): Watched;
  /** Why a model is to be trained anew by a rule; undefined = it is not. */
  due(model: string, rule: RetrainRule): string | undefined;
  words(feature: string): FeatureWords | undefined;
  readiness(): Readiness;
  close(): void;
}

export interface AdjustAsk {
  readonly given: readonly AdjustmentGiven[];
  /** Id of the key that it was told with. */
  readonly author: string | null;
  readonly once?: Once | undefined;
}

/** What came in, and for whom. */
export interface News {
  /** Number of the newest append. */
  readonly seq: number;
  readonly models: readonly {
    readonly model: string;
    readonly open: OpenModel;
    /** When the newest fact of each arrived. */
    readonly arrived: ReadonlyMap<string, Instant>;
  }[];
}
