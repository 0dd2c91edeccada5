import { ForesellError } from '../src/errors.ts';
import type { Money } from '../src/money.ts';
import { dealState } from '../src/norms.ts';
import type { KeptScore, Store, Version } from '../src/store/store.ts';
import { DAY, formatInstant, type Instant, type Period } from '../src/time.ts';
import { type FactSource, world } from '../src/world.ts';
import { type Forecast, type ForecastAsk, forecastOf } from './forecast.ts';
import { amountOf, ENOUGH_OUTCOMES, type Grade, gradeOf, intervalOf } from './grade.ts';
import { overlay, type Resolve } from './overlay.ts';
import type { DealPrediction, FeatureWords, OpenModel, Parts } from './ports.ts';
import { type Explanation, explain, type Reason } from './reasons.ts';
import type { DealRecord } from './schemas.ts';

/** A score as the engine gives and keeps it; reasons are in no language (`present.ts` adds the words). */
export interface Score extends Explanation {
  readonly id: string;
  readonly asOf: Instant;
  readonly model: string;
  readonly version: string;
  readonly featuresHash: string;
  readonly lowSkill: boolean;
  /** Too few outcomes, or a model that knows no better than the base rate: read the interval, not the number. */
  readonly confidence: 'calibrated' | 'insufficient data';
  readonly probability: number;
  readonly interval: { readonly low: number; readonly high: number };
  readonly byPeriodEnd: number;
  readonly period: Period;
  readonly grade: Grade;
  readonly trend: {
    readonly direction: 'up' | 'down' | 'flat';
    readonly change: number;
    readonly since: Instant;
  } | null;
  /** ISO dates between which it closes if it is won. */
  readonly closeDate: { readonly p10: string; readonly p50: string; readonly p90: string } | null;
  readonly amount: Money | null;
  readonly amountEstimated: boolean;
  readonly ownerId: string | null;
  readonly byPeriodEndReasons: Explanation | null;
  readonly curve?: readonly CurvePoint[];
}
export interface CurvePoint {
  readonly date: string;
  readonly won: number;
  readonly lost: number;
  readonly open: number;
}
/** Why one item of a batch got no score. */
export interface Refusal {
  readonly id: string | null;
  readonly error: ForesellError;
}
export const isRefusal = (item: Score | Refusal): item is Refusal => 'error' in item;

export interface ScoreOptions {
  /** Reasons at most so many each way; 0 = none, and the explanation is not computed. */
  readonly reasons: number;
  readonly curve: boolean;
}

/** A model's version and an instant held fast, so that everything said through it is of one kind. */
export interface Pinned {
  readonly model: string;
  readonly version: string;
  readonly asOf: Instant;
  scoreIds(ids: readonly string[], options: ScoreOptions): (Score | Refusal)[];
  /** @param path of each record in the request, for messages */
  scoreRecord(record: DealRecord, options: ScoreOptions, path: string): Score | Refusal;
}

export interface ListAsk {
  readonly sort: 'probability' | 'byPeriodEnd' | 'amount' | 'id';
  readonly descending: boolean;
  readonly ownerId: string | undefined;
  readonly grade: string | undefined;
  readonly limit: number;
  /** Where the page before ended; its version and instant hold for all pages. */
  readonly after: ListPosition | undefined;
}
export interface ListPosition {
  readonly version: string;
  readonly asOf: Instant;
  readonly value: number | string | null;
  readonly id: string;
}
export interface Listed extends Score {
  readonly stale: boolean;
}
export interface Page {
  readonly version: string;
  readonly asOf: Instant;
  readonly items: readonly Listed[];
  readonly next: ListPosition | undefined;
}

export interface ModelInfo {
  readonly model: string;
  readonly served: string | undefined;
  readonly open: OpenModel | undefined;
  readonly versions: readonly Version[];
  readonly promotions: ReturnType<Store['promotions']>;
}

export interface Readiness {
  readonly ready: boolean;
  readonly deals: number;
  readonly served: string | undefined;
  /** What stands in the way, for people. */
  readonly missing: string | undefined;
}

/** What CRM components call, in process or through routes. Typed; knows nothing of HTTP. */
export interface Engine {
  readonly sample: boolean;
  readonly company: { readonly name: string; readonly currency: string; readonly languages: readonly string[] };
  readonly store: Store;
  /** The instant that answers are as of unless asked otherwise. */
  liveAsOf(): Instant;
  /** An instant asked for, checked; undefined = the live one. */
  asOf(asked: Instant | undefined): Instant;
  pin(model: string, asOf: Instant): Pinned;
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
  /** Scores every open deal as of now and keeps what changed; does nothing where that was done. */
  refresh(model: string): void;
  forecast(ask: ForecastAsk): Forecast;
  /** The deals open at an instant, by id. */
  openIds(asOf: Instant): readonly string[];
  /** What deals are called, to show people; the id where they have no name. */
  dealNames(ids: readonly string[]): ReadonlyMap<string, string>;
  period(asked: { readonly label?: string; readonly from?: Instant; readonly to?: Instant }, asOf: Instant): Period;
  models(): readonly ModelInfo[];
  /** Makes a version the served one by hand; it is opened and checked first. */
  promote(model: string, version: string, reason: string): ModelInfo;
  model(name: string): ModelInfo;
  words(feature: string): FeatureWords | undefined;
  readiness(): Readiness;
  close(): void;
}

const HOUR = 3_600_000;
const MODELS = ['deal'];

/** The engine over a store. `now` is the only clock it has. */
export function createEngine(store: Store, parts: Parts, now: () => Instant): Engine {
  const settings = () => store.company().settings;
  const opened = new Map<string, OpenModel>();
  const refreshed = new Map<string, string>();
  let seen: { token: FactSource; loaded: FactSource; newest: Instant | undefined } | undefined;

  /** All facts in memory, until a commit by anybody is seen. */
  function facts() {
    const token = store.source();
    if (seen?.token !== token) seen = { token, loaded: store.loadedSource(), newest: store.newestKnownAt() };
    return seen!;
  }

  function liveAsOf(): Instant {
    const hour = Math.floor(now() / HOUR) * HOUR;
    return settings().sample ? (facts().newest ?? hour) : hour;
  }

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

  function checkModel(name: string): void {
    if (MODELS.includes(name) || store.versions(name).length > 0) return;
    throw new ForesellError('model-unknown', `no model "${name}"; there is ${MODELS.join(', ')}`, {
      status: 404,
      path: 'model',
    });
  }

  function openVersion(model: string, version: string): OpenModel {
    const key = `${model}:${version}`;
    let open = opened.get(key);
    if (!open) {
      const bytes = store.artifact(model, version);
      if (!bytes) {
        throw new ForesellError('version-unknown', `no version "${version}" of model "${model}"`, { status: 404 });
      }
      open = parts.openModel(model, bytes, facts().loaded);
      if (opened.size >= 8) opened.clear(); // versions come and go; the served one is opened again in milliseconds
      opened.set(key, open);
    }
    return open;
  }

  function served(model: string): OpenModel {
    checkModel(model);
    const version = store.served(model);
    if (version) return openVersion(model, version);
    throw new ForesellError(
      'model-untrained',
      `model "${model}" has not been trained; run: foresell train --model ${model}`,
      { status: 409, path: 'model' },
    );
  }

  const resolve: Resolve = (kind, id) => store.resolveId(kind, id);

  function knownId(id: string): string {
    const found = resolve('deal', id);
    if (found.length === 1) return found[0]!;
    if (found.length === 0) {
      throw new ForesellError('deal-unknown', `no deal "${id}"`, { status: 404, path: 'id' });
    }
    throw new ForesellError(
      'deal-ambiguous',
      `deal "${id}" is in several sources; ask for one of ${found.slice(0, 5).join(', ')}`,
      { status: 409, path: 'id' },
    );
  }

  /** Refuses a deal that is not open then. */
  function checkOpen(source: FactSource, id: string, at: Instant): void {
    const past = world(source, at).past('deal', id);
    const state = dealState(past);
    if (state === 'open') return;
    if (state === 'absent') {
      throw new ForesellError('deal-unknown', `deal "${id}" was not known at ${formatInstant(at)}`, {
        status: 404,
        path: 'id',
      });
    }
    const closedAt = past.last('closed')!.at;
    throw new ForesellError(
      'deal-closed',
      `deal "${id}" was ${state} at ${formatInstant(closedAt)}; scores are for open deals, ask as of an earlier time`,
      { status: 409, path: 'id' },
    );
  }

  function scoreRows(
    model: string,
    open: OpenModel,
    source: FactSource,
    ids: readonly string[],
    at: Instant,
    options: ScoreOptions,
  ): Score[] {
    if (ids.length === 0) return [];
    const frame = open.snapshot(
      source,
      ids.map((id) => ({ id, asOf: at })),
    );
    const prediction = open.predict(frame);
    const then = world(source, at);
    const { calendar } = source.company;
    const period = calendar.quarter(at);
    const outcomes = then.norms.all.won + then.norms.all.lost;
    const unsure = open.lowSkill || outcomes < ENOUGH_OUTCOMES;
    const why = (row: number, of: 'probability' | 'byPeriodEnd', p: number): Explanation => {
      const none = { baseValue: logit(p), reasons: [], otherContribution: 0 };
      if (open.lowSkill || options.reasons === 0) return none;
      const given = open.explain(frame, row, of);
      return given ? explain(given, frame, row, options.reasons, parts.words) : none;
    };
    return ids.map((id, row) => {
      const past = then.past('deal', id);
      const probability = prediction.probability[row]!;
      const byPeriodEnd = prediction.byPeriodEnd[row]!;
      const amount = amountOf(past);
      const owner = past.value('owner_id');
      const date = (days: number) => calendar.date(at + days * DAY);
      const p50 = prediction.p50Days[row]!;
      return {
        id,
        asOf: at,
        model,
        version: open.version,
        featuresHash: open.featuresHash,
        lowSkill: open.lowSkill,
        confidence: unsure ? 'insufficient data' : 'calibrated',
        probability,
        interval: intervalOf(probability, unsure ? [] : open.calibration, outcomes),
        byPeriodEnd,
        period,
        grade: gradeOf(probability),
        trend: trendOf(model, id, at, probability),
        closeDate: Number.isNaN(p50)
          ? null
          : { p10: date(prediction.p10Days[row]!), p50: date(p50), p90: date(prediction.p90Days[row]!) },
        amount: amount ? { minor: amount.minor, currency: amount.currency } : null,
        amountEstimated: amount?.estimated ?? false,
        ownerId: typeof owner === 'string' ? owner : null,
        ...why(row, 'probability', probability),
        byPeriodEndReasons: options.reasons === 0 ? null : why(row, 'byPeriodEnd', byPeriodEnd),
        ...(options.curve ? { curve: curveOf(prediction, row, date) } : {}),
      };
    });
  }

  function trendOf(model: string, id: string, at: Instant, probability: number): Score['trend'] {
    const latest = store.latestScore(model, id);
    const before =
      latest && latest.asOf < at ? latest : store.scoreHistory(model, id).findLast((score) => score.asOf < at);
    if (!before) return null;
    const change = probability - before.probability;
    return { direction: Math.abs(change) < 0.01 ? 'flat' : change > 0 ? 'up' : 'down', change, since: before.asOf };
  }

  /** A new version, a change of a point or more, or a day gone by. */
  function worthKeeping(score: Score): boolean {
    const last = store.latestScore(score.model, score.id);
    if (!last || last.version !== score.version) return true;
    if (last.asOf >= score.asOf) return false;
    const moved = Math.max(
      Math.abs(last.probability - score.probability),
      Math.abs(last.byPeriodEnd - score.byPeriodEnd),
    );
    return moved >= 0.01 || score.asOf - last.asOf >= DAY;
  }

  const keep = (scores: readonly Score[]): void => {
    const kept = scores.filter(worthKeeping).map(
      (score): KeptScore => ({
        model: score.model,
        id: score.id,
        asOf: score.asOf,
        version: score.version,
        probability: score.probability,
        byPeriodEnd: score.byPeriodEnd,
        grade: score.grade,
        amountMinor: score.amount?.minor ?? null,
        ownerId: score.ownerId,
        body: JSON.stringify(score),
      }),
    );
    if (kept.length > 0) store.keepScores(kept);
  };

  function pin(model: string, at: Instant): Pinned {
    const open = served(model);
    const source = facts().loaded;
    return {
      model,
      version: open.version,
      asOf: at,
      scoreIds(ids, options) {
        const known = ids.map((id): string | Refusal =>
          attempt(id, () => {
            const canonical = knownId(id);
            checkOpen(source, canonical, at);
            return canonical;
          }),
        );
        const open_ = [...new Set(known.filter((id) => typeof id === 'string'))];
        const scores = new Map(scoreRows(model, open, source, open_, at, options).map((score) => [score.id, score]));
        // A score of the past was never given at the time, and one without its reasons is not the whole answer.
        if (at === liveAsOf() && options.reasons > 0) keep([...scores.values()]);
        return known.map((id) => (typeof id === 'string' ? scores.get(id)! : id));
      },
      scoreRecord(record, options, path) {
        return attempt(record.deal.id ?? null, () => {
          const laid = overlay(source, record, at, resolve, path);
          checkOpen(laid.source, laid.id, at);
          return scoreRows(model, open, laid.source, [laid.id], at, options)[0]!;
        });
      },
    };
  }

  const openDeals = (source: FactSource, at: Instant): string[] => {
    const then = world(source, at);
    return then.ids('deal').filter((id) => dealState(then.past('deal', id)) === 'open');
  };

  // Every open deal as of one instant, scored once for all forecasts asked of it.
  let held:
    | {
        source: FactSource;
        version: string;
        at: Instant;
        of: { ids: string[]; prediction: DealPrediction; forecasts: Map<string, Forecast> };
      }
    | undefined;
  let names: { source: FactSource; of: Map<string, string | null> } | undefined;
  function predicted(open: OpenModel, source: FactSource, at: Instant) {
    if (held?.source !== source || held.version !== open.version || held.at !== at) {
      const ids = openDeals(source, at);
      const frame = open.snapshot(
        source,
        ids.map((id) => ({ id, asOf: at })),
      );
      held = { source, version: open.version, at, of: { ids, prediction: open.predict(frame), forecasts: new Map() } };
    }
    return held.of;
  }

  function refresh(model: string): void {
    const open = served(model);
    const { loaded, token } = facts();
    const at = liveAsOf();
    const state = `${open.version}:${at}`;
    if (refreshed.get(model) === state && refreshedFrom === token) return;
    const ids = openDeals(loaded, at);
    const quick = scoreRows(model, open, loaded, ids, at, { reasons: 0, curve: false });
    const changed = quick.filter(worthKeeping).map((score) => score.id);
    keep(scoreRows(model, open, loaded, changed, at, { reasons: 5, curve: false }));
    refreshed.set(model, state);
    refreshedFrom = token;
  }
  let refreshedFrom: FactSource | undefined;

  /** Whether anything about the deal or its account happened, or was learned, after the score. */
  function staleness(source: FactSource, at: Instant, version: string): (score: Score) => boolean {
    const then = world(source, at);
    return (score) => {
      if (score.version !== version || at - score.asOf > DAY) return true;
      if (score.asOf >= at) return false;
      const account = then.past('deal', score.id).account?.id;
      const histories = [source.history('deal', score.id), account ? source.history('account', account) : undefined];
      return histories.some((history) =>
        Object.values(history ?? {}).some((list) =>
          list.some((fact) => fact.at <= at && fact.knownAt <= at && Math.max(fact.at, fact.knownAt) > score.asOf),
        ),
      );
    };
  }

  const read = (kept: KeptScore): Score => JSON.parse(kept.body) as Score;

  const modelInfo = (model: string): ModelInfo => {
    const version = store.served(model);
    return {
      model,
      served: version,
      open: version ? openVersion(model, version) : undefined,
      versions: store.versions(model),
      promotions: store.promotions(model),
    };
  };

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
    refresh,
    words: parts.words,
    score: (ask) => pin(ask.model, ask.asOf).scoreIds(ask.ids, { reasons: ask.reasons, curve: false }),
    latest(model, id) {
      const [item] = pin(model, liveAsOf()).scoreIds([id], { reasons: 5, curve: true });
      if (isRefusal(item!)) throw item.error;
      return item!;
    },
    history(model, id) {
      checkModel(model);
      const canonical = knownId(id);
      const stale = staleness(facts().loaded, liveAsOf(), store.served(model) ?? '');
      const items = store.scoreHistory(model, canonical).map(read);
      return { id: canonical, items: items.map((score) => ({ ...score, stale: stale(score) })) };
    },
    list(model, ask) {
      if (!ask.after) refresh(model);
      const version = ask.after?.version ?? served(model).version;
      const at = ask.after?.asOf ?? liveAsOf();
      const source = facts().loaded;
      const open = new Set(openDeals(source, at));
      const stale = staleness(source, liveAsOf(), store.served(model) ?? '');
      const items: Listed[] = [];
      let after = ask.after ? { value: ask.after.value, id: ask.after.id } : undefined;
      for (;;) {
        const kept = store.listScores(model, {
          sort: ask.sort,
          descending: ask.descending,
          ...(ask.ownerId === undefined ? {} : { ownerId: ask.ownerId }),
          ...(ask.grade === undefined ? {} : { grade: ask.grade }),
          limit: ask.limit + 1,
          version,
          upTo: at,
          ...(after ? { after } : {}),
        });
        for (const score of kept) {
          if (!open.has(score.id)) continue; // closed since it was scored
          if (items.length === ask.limit) {
            const last = items.at(-1)!;
            return {
              version,
              asOf: at,
              items,
              next: { version, asOf: at, value: sortValue(last, ask.sort), id: last.id },
            };
          }
          items.push({ ...read(score), stale: stale(read(score)) });
        }
        if (kept.length <= ask.limit) return { version, asOf: at, items, next: undefined };
        const last = kept.at(-1)!;
        after = { value: sortValue(read(last), ask.sort), id: last.id };
      }
    },
    forecast(ask) {
      const open = served('deal');
      const { loaded } = facts();
      const { ids, prediction, forecasts } = predicted(open, loaded, ask.asOf);
      const key = JSON.stringify([ask.period, ask.by]);
      let forecast = forecasts.get(key);
      if (!forecast) {
        forecast = forecastOf(store, loaded, open, ids, prediction, ask);
        if (forecasts.size >= 16) forecasts.clear();
        forecasts.set(key, forecast);
      }
      return forecast;
    },
    openIds: (at) => openDeals(facts().loaded, at),
    dealNames(ids) {
      const { loaded } = facts();
      if (names?.source !== loaded) {
        names = { source: loaded, of: new Map([...store.rows('deal')].map((deal) => [deal.id, deal.name])) };
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
    models: () => [...new Set([...MODELS, ...store.versions().map((version) => version.model)])].map(modelInfo),
    model(name) {
      checkModel(name);
      return modelInfo(name);
    },
    promote(name, version, reason) {
      checkModel(name);
      openVersion(name, version);
      const previous = store.served(name) ?? null;
      if (previous !== version) store.serve({ at: now(), model: name, version, previous, action: 'promote', reason });
      return modelInfo(name);
    },
    readiness() {
      const deals = store.count('deal');
      const version = store.served('deal');
      const missing = !deals
        ? 'no deals: run foresell import'
        : !version
          ? 'no model of deals: run foresell train'
          : refusal(() => openVersion('deal', version));
      return { ready: missing === undefined, deals, served: version, missing };
    },
    close: () => store.close(),
  };
}

const logit = (p: number): number => Math.log(p / (1 - p));

function sortValue(score: Score, sort: ListAsk['sort']): number | string | null {
  if (sort === 'id') return score.id;
  return sort === 'amount' ? (score.amount?.minor ?? null) : score[sort];
}

/** What was said on purpose against doing something; undefined where it was done. */
function refusal(work: () => void): string | undefined {
  const done = attempt(null, () => {
    work();
  });
  return done?.error.message;
}

/** A defect is no refusal: only what was said on purpose becomes an item's error. */
function attempt<T>(id: string | null, work: () => T): T | Refusal {
  try {
    return work();
  } catch (error) {
    if (error instanceof ForesellError) return { id, error };
    throw error;
  }
}

function curveOf(prediction: DealPrediction, row: number, date: (days: number) => string): CurvePoint[] {
  const { timesDays, causes, incidence } = prediction;
  return Array.from(timesDays, (days, t) => {
    const of = (outcome: string) =>
      causes.reduce((sum, cause, c) => {
        const here = incidence[(row * timesDays.length + t) * causes.length + c]!;
        return cause.outcome === outcome ? sum + here : sum;
      }, 0);
    const won = of('won');
    const lost = of('lost');
    return { date: date(days), won, lost, open: Math.max(0, 1 - won - lost) };
  });
}

export type { Reason };
