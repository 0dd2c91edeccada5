import { type Level, levelOf } from '../models/level.ts';
import { dealState } from '../src/subjects/deal.ts';
import { DAY, type Instant } from '../src/time.ts';
import { type FactSource, world } from '../src/world.ts';
import type { OpenModel } from './ports.ts';

type Levelled = Pick<OpenModel, 'version' | 'snapshot' | 'predict'>;

const WINDOW_DAYS = 91;

/** One look a week and version is enough, and keeps scores still between. */
const kept = new WeakMap<FactSource, Map<string, Level>>();

/**
 * What has happened in the last 13 weeks beside what the model said of the same deals: those open when the weeks began,
 * and those created since, each from its first look. Cut at the newest week start, from facts known by then.
 * Cost: one prediction a deal of the window, once a week and version.
 */
export function levelAt(source: FactSource, model: Levelled, asOf: Instant): Level {
  const population = source.population ?? source;
  const cut = source.company.calendar.startOfWeek(asOf);
  const key = `${model.version} ${cut}`;
  let levels = kept.get(population);
  if (!levels) kept.set(population, (levels = new Map()));
  let level = levels.get(key);
  if (!level) levels.set(key, (level = levelOf(observedExpected(population, model, cut))));
  return level;
}

function observedExpected(source: FactSource, model: Levelled, cut: Instant) {
  const from = cut - WINDOW_DAYS * DAY;
  const then = world(source, from);
  const now = world(source, cut);
  const looks: { id: string; asOf: Instant }[] = [];
  for (const id of now.ids('deal')) {
    if (dealState(then.past('deal', id)) === 'open') looks.push({ id, asOf: from });
    else {
      const born = now.past('deal', id).last('deal')?.knownAt;
      if (born !== undefined && born > from && born < cut) looks.push({ id, asOf: born });
    }
  }
  const prediction = model.predict(model.snapshot(source, looks));
  const causes = prediction.causes.map((cause) => cause.name);
  const observed = new Float64Array(causes.length);
  const expected = new Float64Array(causes.length);
  looks.forEach(({ id, asOf }, row) => {
    prediction.endBy(row, (cut - asOf) / DAY).forEach((f, c) => {
      expected[c]! += f;
    });
    const closed = now
      .past('deal', id)
      .all('closed')
      .find((fact) => fact.knownAt > asOf);
    const cause = closed ? causes.indexOf(closed.cause ?? closed.outcome ?? '') : -1;
    if (cause >= 0) observed[cause]!++;
  });
  return { observed, expected };
}
