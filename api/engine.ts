import { ForesellError } from '../src/errors.ts';
import type { Store } from '../src/store/store.ts';
import { type SubjectKind, subjectOf, subjectsOf } from '../src/subjects/index.ts';
import { formatInstant, type Instant, type Period } from '../src/time.ts';
import type { FactSource } from '../src/world.ts';
import { type Adjustment, type AdjustmentGiven, adjusted, inForce } from './adjustments.ts';
import { adjustmentJson } from './adjustmentsAnswer.ts';
import { type Around, aroundOf } from './around.ts';
import { type BlendSaid, blendSaid } from './blend.ts';
import { comparisonOf, type Comparison as PeriodComparison } from './comparison.ts';
import { type ChurnSaid, converterOf, type Forecast, type ForecastAsk, forecastOf, type Ingredients, ingredientsOf, usuallyCounted } from './forecast.ts'; // biome-ignore format: one import
import { type Accuracy, type AccuracyAsk, accuracyBook } from './forecastAccuracy.ts';
import { type ChangesAsk, type ForecastChanges, forecastChanges } from './forecastChanges.ts';
import { keptPeriods, saidOf } from './forecastHistory.ts';
import type { InspectionAsk } from './inspection/inspect.ts';
import { inspectorOf, type StoriedInspection } from './inspection/inspector.ts';
import { type AppendAsk, type Appended, intakeOf, type Once } from './intake.ts';
import { keeping } from './keeping.ts';
import { type ListAsk, type Listed, listsOf, type Page } from './lists.ts';
import { livenessOf } from './liveness.ts';
import { type Moment, momentsOf } from './moments.ts';
import { type Comparison, type DriftReport, monitorOf, type RetrainRule, type Watched } from './monitor.ts';
import { type Pinned, pinned, type Scorers } from './pinned.ts';
import { type PipelineEdits, type PipelineWhatIf, pipelineWhatIf } from './pipelineWhatIf.ts';
import type { FeatureWords, OpenModel, Parts } from './ports.ts';
import type { Score } from './scoring.ts';
import { attempt, type ModelInfo, type Refusal, versionsOf } from './versions.ts';
import { knownId } from './whom.ts';

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
  /** Works out, once, how it stands with everything open. */
  scoreOpen(model: string): void;
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

/** The engine over a store. `now` is the only clock it has. */
export function createEngine(store: Store, parts: Parts, now: () => Instant, rowsKept?: number): Engine {
  const settings = () => store.company().settings;
  const versions = versionsOf(store, parts, now);
  const moments = momentsOf(store, rowsKept);
  const live = livenessOf(store, moments, now);
  const liveAsOf = live.everybody;
  const scorers: Scorers = {
    words: parts.words,
    resolve: (kind, id) => store.resolveId(kind, id),
    book: keeping(store),
    live,
    liveAsOf,
  };

  function asOf(asked: Instant | undefined): Instant {
    const live = liveAsOf();
    if (asked === undefined) return live;
    if (asked <= Math.max(now(), live)) return asked;
    throw new ForesellError(
      'as-of-future',
      `asOf ${formatInstant(asked)} is in the future; give an instant up to now, or leave it out`,
      { path: 'asOf' },
    );
  }

  const told: (() => void)[] = [];
  // In a sample the clock stands still: what comes in arrives when the newest thing in it was known.
  const arrival = () => (settings().sample ? liveAsOf() : now());
  const intake = intakeOf(store, arrival, () => told.forEach((tell) => void tell()));
  function news(after: number, upTo = Number.POSITIVE_INFINITY): News {
    const all = store.newestAppend() > after ? store.appends({ after }) : [];
    const appends = all.filter(({ seq }) => seq <= upTo);
    const arrived = { deal: new Map<string, Instant>(), lead: new Map<string, Instant>(), account: new Map<string, Instant>() }; // biome-ignore format: one row
    for (const { touched, at } of appends)
      for (const [of, ids] of Object.entries(live.affected(touched)) as [SubjectKind, ReadonlySet<string>][])
        for (const id of ids) arrived[of].set(id, at);
    const models = subjectsOf(store.company()).flatMap((subject) => {
      if (arrived[subject.of].size === 0 || store.served(subject.model) === undefined) return [];
      const open = attempt(null, () => versions.served(subject.model));
      return 'error' in open ? [] : [{ model: subject.model, open, arrived: arrived[subject.of] }];
    });
    return { seq: appends.at(-1)?.seq ?? after, models };
  }

  const lists = listsOf(store, versions, moments, scorers, asOf);
  const { compare, drift, keepShadow, watch, due } = monitorOf(store, versions, moments, scorers, now);
  const pin = (model: string, at?: Instant): Pinned => pinned(scorers, versions.served(model), moments.at(at ?? liveAsOf()), at === undefined ? undefined : moments.at(at)); // biome-ignore format: one call
  /** The model of customers speaks where it serves. */
  const churnAt =
    (moment: Moment): ChurnSaid =>
    () => {
      const model = attempt(null, () => versions.served('churn'));
      return 'error' in model ? undefined : { model, prediction: moment.said(model).prediction };
    };
  const versionAt = (at: Instant) => {
    const version = store.promotions('deal').findLast((promotion) => promotion.at <= at)?.version;
    // A version that can be opened no longer cannot speak for its time: the one that serves now does.
    const then = version === undefined ? undefined : attempt(null, () => versions.open('deal', version));
    return then && !('error' in then) ? then : versions.served('deal');
  };
  const lookAt = (at: Instant) => {
    const moment = moments.at(at);
    return { moment, model: versionAt(at), churn: churnAt(moment) };
  };
  const adjustmentsAt = (period: Period, at: Instant) => inForce(store.adjustments(period), at >= liveAsOf() ? Number.POSITIVE_INFINITY : at); // biome-ignore format: one call
  function forecast(ask: ForecastAsk): Forecast {
    const open = versions.served('deal');
    const moment = moments.at(ask.asOf);
    const { forecasts, prediction } = moment.said(open);
    const key = JSON.stringify([ask.period, ask.by, ask.currency, ask.parts]);
    let forecast = forecasts.get(key);
    if (!forecast) {
      forecast = forecastOf(store, moment, open, prediction(), churnAt(moment), ask);
      if (forecasts.size >= 16) forecasts.clear();
      forecasts.set(key, forecast);
    }
    return forecast;
  }
  const mixtures = new WeakMap<Moment, Map<string, Ingredients>>();
  let names: { token: FactSource; of: Map<string, string | null> } | undefined;

  return {
    store,
    get sample() {
      return settings().sample;
    },
    get company() {
      const { name, base_currency, languages } = settings();
      return { name, currency: base_currency, languages };
    },
    liveAsOf,
    asOf,
    pin,
    refresh: lists.refresh,
    async warm(model, pause) {
      await store.readAhead(pause);
      pin(model).scoreIds(moments.at(liveAsOf()).open(subjectOf(model, store.company())).slice(0, 1), {
        reasons: 0,
        curve: false,
      });
    },
    scoreOpen: (model) => void moments.at(liveAsOf()).said(versions.served(model)).prediction(),
    words: parts.words,
    score: (ask) => pin(ask.model, ask.asOf).scoreIds(ask.ids, { reasons: ask.reasons, curve: false }),
    latest(model, id) {
      const [item] = pin(model).scoreIds([id], { reasons: 5, curve: true });
      if (isRefusal(item!)) throw item.error;
      return item!;
    },
    history(model, id) {
      const canonical = knownId(subjectOf(model, store.company()), scorers.resolve, id);
      return { id: canonical, items: lists.history(model, canonical) };
    },
    list: lists.list,
    append: intake.append,
    adjust({ given, author, once }) {
      return intake.take(once, (appending, at) => {
        const items = adjusted(store, appending, given, author, at);
        return { arrivedAt: formatInstant(at), items: items.map((row) => adjustmentJson(row, store)) };
      });
    },
    adjustments: adjustmentsAt,
    onAppend: (tell) => void told.push(tell),
    news,
    usualAt: (at) => store.company().calendar.startOfWeek(at),
    served: () => subjectsOf(store.company()).map(({ model }) => ({ model, served: store.served(model) })),
    keep: scorers.book.keep,
    ...aroundOf(store, versions, moments, scorers),
    forecast,
    keepForecasts(most = Number.POSITIVE_INFINITY) {
      if (store.served('deal') === undefined) return 0;
      const { calendar } = store.company();
      const asOf = liveAsOf();
      const open = keptPeriods(calendar, asOf).filter((period) => !store.isForecastSaid(period, calendar.date(asOf)));
      if (open.length === 0) return 0;
      return store.keepForecasts(
        open.slice(0, most).map((period) => saidOf(forecast({ period, by: 'all', asOf }), calendar)),
      );
    },
    blend(ask) {
      const parts = ask.parts ?? usuallyCounted;
      const base = settings().base_currency;
      const isUsual = parts.length === usuallyCounted.length && usuallyCounted.every((part) => parts.includes(part));
      if (!isUsual || (ask.currency ?? base) !== base) return undefined;
      const moment = moments.at(ask.asOf);
      const model = versions.served('deal');
      const convert = converterOf(moment, base, base);
      return blendSaid(
        store,
        forecast(ask),
        moment.then,
        () => ingredientsOf(store, moment, model, moment.said(model).prediction(), churnAt(moment), ask),
        adjustmentsAt(ask.period, ask.asOf),
        (minor, currency) => convert(minor, currency, ask.asOf),
        (by, id) => {
          const { total, groups } = forecast({ ...ask, by });
          return by === 'all' ? total.expectedMinor : (groups.find((group) => group.id === id)?.expectedMinor ?? 0);
        },
      );
    },
    forecastChanges: (ask) => forecastChanges(store, lookAt(ask.from), lookAt(ask.to), ask),
    comparison(ask) {
      const model = versions.served('deal');
      const moment = moments.at(ask.asOf);
      const made = ingredientsOf(store, moment, model, moment.said(model).prediction(), churnAt(moment), ask);
      return comparisonOf(store, moment, made, ask);
    },
    forecastAccuracy: accuracyBook(store, moments.token, liveAsOf, versionAt),
    inspect: inspectorOf(store, scorers, lookAt),
    pipelineWhatIf(ask, edits) {
      const model = versions.served('deal');
      const moment = moments.at(ask.asOf);
      const prediction = moment.said(model).prediction();
      const key = JSON.stringify([model.version, ask.period, ask.currency]);
      const known = mixtures.get(moment) ?? new Map<string, Ingredients>();
      mixtures.set(moment, known);
      let made = known.get(key);
      if (!made) {
        made = ingredientsOf(store, moment, model, prediction, churnAt(moment), { ...ask, by: 'all' });
        if (known.size >= 4) known.clear();
        known.set(key, made);
      }
      return pipelineWhatIf(made, prediction, ask.period, ask.parts ?? usuallyCounted, edits);
    },
    openIds: (model, at) => moments.at(at).open(subjectOf(model, store.company())),
    dealNames(ids) {
      const token = store.source();
      if (names?.token !== token) {
        names = { token, of: new Map([...store.rows('deal')].map((deal) => [deal.id, deal.name])) };
      }
      return new Map(ids.map((id) => [id, names!.of.get(id) ?? id]));
    },
    period(asked, at) {
      const { calendar } = store.company();
      if (asked.label !== undefined) return calendar.period(asked.label);
      if (asked.from === undefined && asked.to === undefined) return calendar.quarter(at);
      const { from, to } = asked;
      if (from === undefined || to === undefined || from >= to) {
        throw new ForesellError('period-invalid', 'a period needs both from and to, from before to', { path: 'from' });
      }
      return { from, to, label: `${calendar.date(from)}/${calendar.date(to)}` };
    },
    ...{ compare, drift, keepShadow, watch, due },
    models: versions.all,
    model: versions.info,
    promote: versions.promote,
    readiness() {
      const deals = store.count('deal');
      const version = store.served('deal');
      const missing = !deals
        ? 'no deals: run foresell import'
        : !version
          ? 'no model of deals: run foresell train'
          : refusal(() => versions.open('deal', version));
      return { ready: missing === undefined, deals, served: version, missing };
    },
    close: () => store.close(),
  };
}

/** What was said on purpose against doing something; undefined where it was done. */
function refusal(work: () => void): string | undefined {
  const done = attempt(null, () => {
    work();
  });
  return done?.error.message;
}
