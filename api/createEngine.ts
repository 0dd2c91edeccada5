import { ForesellError } from '../src/errors.ts';
import type { Store } from '../src/store/store.ts';
import { type SubjectKind, subjectOf, subjectsOf } from '../src/subjects/index.ts';
import { formatInstant, type Instant, type Period } from '../src/time.ts';
import type { FactSource } from '../src/world.ts';
import { adjusted, inForce } from './adjustments.ts';
import { adjustmentJson } from './adjustmentsAnswer.ts';
import { aroundOf } from './around.ts';
import { blendSaid } from './blend.ts';
import { comparisonOf } from './comparison.ts';
import { type Engine, isRefusal, type News } from './engine.ts';
import {
  type ChurnSaid,
  converterOf,
  type Forecast,
  type ForecastAsk,
  forecastOf,
  type Ingredients,
  ingredientsOf,
  usuallyCounted,
} from './forecast.ts';
import { accuracyBook } from './forecastAccuracy.ts';
import { forecastChanges } from './forecastChanges.ts';
import { keptPeriods, saidOf } from './forecastHistory.ts';
import { inspectorOf } from './inspection/inspector.ts';
import { withPauses } from './inTurns.ts';
import { intakeOf } from './intake.ts';
import { keeping } from './keeping.ts';
import { levelInSteps } from './level.ts';
import { listsOf } from './lists.ts';
import { livenessOf } from './liveness.ts';
import { type Moment, momentsOf } from './moments.ts';
import { monitorOf } from './monitor.ts';
import { type Pinned, pinned, type Scorers } from './pinned.ts';
import { pipelineWhatIf } from './pipelineWhatIf.ts';
import type { Parts } from './ports.ts';
import { attempt, versionsOf } from './versions.ts';
import { knownId } from './whom.ts';

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
      const { source, then } = moments.at(liveAsOf());
      const open = versions.served(model);
      if (open.subject.books) await withPauses(levelInSteps(source, open, then.asOf), pause);
      pin(model).scoreIds(moments.at(liveAsOf()).open(subjectOf(model, store.company())).slice(0, 1), {
        reasons: 0,
        curve: false,
      });
    },
    scoreOpen: (model, pause) => moments.at(liveAsOf()).said(versions.served(model)).predictAhead(pause),
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
