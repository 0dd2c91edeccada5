import type { Company } from '../src/company.ts';
import { ForesellError } from '../src/errors.ts';
import { dealState } from '../src/subjects/deal.ts';
import { liveAsOf as liveOf } from '../src/store/live.ts';
import type { Store, Version } from '../src/store/store.ts';
import { formatInstant, type Instant, type Period } from '../src/time.ts';
import { type FactSource, type World, world } from '../src/world.ts';
import { type Forecast, type ForecastAsk, forecastOf } from './forecast.ts';
import { keeping } from './keeping.ts';
import { type Moment, momentsOf } from './moments.ts';
import { overlay, type Resolve } from './overlay.ts';
import type { FeatureWords, OpenModel, Parts } from './ports.ts';
import type { DealRecord } from './schemas.ts';
import { type Score, type ScoreOptions, scoreRows } from './scoring.ts';

export type { CurvePoint, Score, ScoreOptions } from './scoring.ts';

/** Why one item of a batch got no score. */
export interface Refusal {
  readonly id: string | null;
  readonly error: ForesellError;
}
export const isRefusal = (item: Score | Refusal): item is Refusal => 'error' in item;

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

/** Scores held in memory for a version and an instant. */
const MOST_SCORES = 20_000;
/** Scores explained in one go while a caller waits for a list. */
const MOST_EXPLAINED = 100;
const MODELS = ['deal'];

/** The engine over a store. `now` is the only clock it has. */
export function createEngine(store: Store, parts: Parts, now: () => Instant): Engine {
  const settings = () => store.company().settings;
  const opened = new Map<string, { readonly company: Company; readonly open: OpenModel }>();
  const moments = momentsOf(store);
  const { trendOf, worthKeeping, keep, staleness, scoreOf } = keeping(store);

  const liveAsOf = (): Instant => liveOf(store, now());

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
    const company = store.company(); // its calendar and its own columns are part of what a model says
    const known = opened.get(key);
    if (known?.company === company) return known.open;
    const bytes = openChecked(() => store.artifact(model, version));
    if (!bytes) {
      throw new ForesellError('version-unknown', `no version "${version}" of model "${model}"`, { status: 404 });
    }
    const open = openChecked(() => parts.openModel(model, bytes, company));
    if (opened.size >= 8) opened.clear(); // versions come and go; the served one is opened again in milliseconds
    opened.set(key, { company, open });
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
  function checkOpen(then: World, id: string): void {
    const past = then.past('deal', id);
    const state = dealState(past);
    if (state === 'open') return;
    if (state === 'absent') {
      throw new ForesellError('deal-unknown', `deal "${id}" was not known at ${formatInstant(then.asOf)}`, {
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

  /** Scores open deals of a moment; what was asked before is not computed again. */
  function scored(model: string, open: OpenModel, moment: Moment, ids: readonly string[], options: ScoreOptions) {
    const { scores } = moment.said(open);
    const key = (id: string) => `${options.reasons}${options.curve ? 'c' : ''}:${id}`;
    const missing = ids.filter((id) => !scores.has(key(id)));
    if (scores.size + missing.length > MOST_SCORES) scores.clear();
    const fresh = scoreRows(scoring(model, open, moment.source, moment.then), missing, options);
    for (const score of fresh) scores.set(key(score.id), score);
    const answers = new Map(fresh.map((score) => [score.id, score]));
    return ids.map((id) => answers.get(id) ?? scores.get(key(id))!);
  }

  const scoring = (model: string, open: OpenModel, source: FactSource, then: World) => ({
    model: { name: model, open },
    source,
    then,
    words: parts.words,
    trendOf: (id: string, at: Instant, probability: number) => trendOf(model, id, at, probability),
  });

  function pin(model: string, at: Instant): Pinned {
    const open = served(model);
    const moment = moments.at(at);
    return {
      model,
      version: open.version,
      asOf: at,
      scoreIds(ids, options) {
        const known = ids.map((id): string | Refusal =>
          attempt(id, () => {
            const canonical = knownId(id);
            checkOpen(moment.then, canonical);
            return canonical;
          }),
        );
        const good = [...new Set(known.filter((id) => typeof id === 'string'))];
        const scores = new Map(scored(model, open, moment, good, options).map((score) => [score.id, score]));
        // A score of the past was never given at the time, and one without its reasons is not the whole answer.
        if (at === liveAsOf() && options.reasons > 0) keep([...scores.values()]);
        return known.map((id) => (typeof id === 'string' ? scores.get(id)! : id));
      },
      scoreRecord(record, options, path) {
        return attempt(record.deal.id ?? null, () => {
          const laid = overlay(moment.source, record, at, resolve, path);
          const then = world(laid.source, at);
          checkOpen(then, laid.id);
          return scoreRows(scoring(model, open, laid.source, then), [laid.id], options)[0]!;
        });
      },
    };
  }

  let refreshed: { token: FactSource; model: string; version: string; at: Instant } | undefined;
  function refresh(model: string): void {
    const open = served(model);
    const at = liveAsOf();
    const token = moments.token();
    const { version } = open;
    const done = refreshed?.token === token && refreshed.model === model;
    if (done && refreshed!.version === version && refreshed!.at === at) return;
    const moment = moments.at(at);
    const quick = scored(model, open, moment, moment.open(), { reasons: 0, curve: false });
    const changed = quick.filter(worthKeeping);
    // Reasons cost ten times the score: where very many changed, callers wait for them only when they look at one.
    const whole = changed.length <= MOST_EXPLAINED;
    const ids = changed.map((score) => score.id);
    keep(whole ? scored(model, open, moment, ids, { reasons: 5, curve: false }) : changed);
    refreshed = { token, model, version, at };
  }
  let names: { token: FactSource; of: Map<string, string | null> } | undefined;

  const modelInfo = (model: string): ModelInfo => {
    const version = store.served(model);
    const opens = version ? attempt(null, () => openVersion(model, version)) : undefined;
    return {
      model,
      served: version,
      open: opens && 'predict' in opens ? opens : undefined,
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
      const stale = staleness(moments.at(liveAsOf()).then, moments.at(liveAsOf()).source, store.served(model) ?? '');
      const items = store.scoreHistory(model, canonical).map(scoreOf);
      return { id: canonical, items: items.map((score) => ({ ...score, stale: stale(score) })) };
    },
    list(model, ask) {
      if (!ask.after) refresh(model);
      const version = ask.after?.version ?? served(model).version;
      const at = asOf(ask.after?.asOf); // a forged cursor may name any instant
      const open = new Set(moments.at(at).open());
      const live = moments.at(liveAsOf());
      const stale = staleness(live.then, live.source, store.served(model) ?? '');
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
          items.push({ ...scoreOf(score), stale: stale(scoreOf(score)) });
        }
        if (kept.length <= ask.limit) return { version, asOf: at, items, next: undefined };
        const last = kept.at(-1)!;
        after = { value: sortValue(scoreOf(last), ask.sort), id: last.id };
      }
    },
    forecast(ask) {
      const open = served('deal');
      const moment = moments.at(ask.asOf);
      const { forecasts, prediction } = moment.said(open);
      const key = JSON.stringify([ask.period, ask.by]);
      let forecast = forecasts.get(key);
      if (!forecast) {
        forecast = forecastOf(store, moment, open, prediction(), ask);
        if (forecasts.size >= 16) forecasts.clear();
        forecasts.set(key, forecast);
      }
      return forecast;
    },
    openIds: (at) => moments.at(at).open(),
    dealNames(ids) {
      const token = moments.token();
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

function sortValue(score: Score, sort: ListAsk['sort']): number | string | null {
  if (sort === 'id') return score.id;
  return sort === 'amount' ? (score.amount?.minor ?? null) : score[sort];
}

/** A version that is damaged or of other features is refused, and the server is not ready: nobody's request is at fault. */
function openChecked<T>(open: () => T): T {
  try {
    return open();
  } catch (cause) {
    if (!(cause instanceof ForesellError)) throw cause;
    throw new ForesellError('model-refused', cause.message, { blame: 'failure', status: 503, cause });
  }
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
