import { type Level, levelOf, type ObservedExpected } from '../models/level.ts';
import { dealState } from '../src/subjects/deal.ts';
import { DAY, type Instant, WEEK } from '../src/time.ts';
import { type FactSource, world } from '../src/world.ts';
import { atOnce } from './inTurns.ts';
import type { OpenModel } from './ports.ts';

type Levelled = Pick<OpenModel, 'version' | 'snapshot' | 'predict'>;

/** Stretches of four weeks, as far back as tells something of the level now. */
const STRETCH_WEEKS = 4;
const STRETCHES = 9;
/** So many deals of a stretch say what the level is; of more, every second or third is looked at. */
const ENOUGH_LOOKS = 1000;

/** So many deals are looked at together when it is asked who was open: what was cut for them need not stay. */
const TOGETHER = 2000;
/** Raise it when a level is worked out otherwise: those that are kept with the records are then of no use. */
const REVISION = 1;

/** Finished stretches do not change, and one look a week and version keeps scores still between. */
const kept = new WeakMap<FactSource, Map<string, unknown>>();

/**
 * What has happened in the last 33 to 36 weeks beside what the model had said, four weeks at a time (`levelOf`). Cut at
 * the newest week start; each stretch knows what was known by its end, and the newest is not yet whole. Stretches begin
 * at fixed weeks, so that all but the newest are computed once.
 * Cost: one prediction a deal open in the newest stretch, once a week and version; nine times that on the first call
 * of any process, where the source keeps what is worked out of it.
 */
export function levelAt(source: FactSource, model: Levelled, asOf: Instant): Level {
  return atOnce(levelInSteps(source, model, asOf));
}

/** The same in steps, two thousand deals of a stretch at a time: some tenths of a second of a large company. */
export function* levelInSteps(source: FactSource, model: Levelled, asOf: Instant): Generator<void, Level> {
  const { calendar } = source.company;
  const origin = calendar.startOfWeek(0);
  // Half a day on: no change of the clocks carries a Monday into another week.
  const week = (index: number) => calendar.startOfWeek(origin + index * WEEK + DAY / 2);
  const now = Math.round((calendar.startOfWeek(asOf) - origin) / WEEK);
  const population = source.population ?? source;
  const key = `level ${REVISION} ${model.version} ${now}`;
  const worked = kept.get(population)?.get(key);
  if (worked) return worked as Level;
  const known = population.workedOut?.get(key);
  if (known) return once(population, key, () => Float64Array.from(known));
  const newest = Math.floor((now - 1) / STRETCH_WEEKS) * STRETCH_WEEKS;
  const history: ObservedExpected[] = [];
  for (let k = 0; k < STRETCHES; k++) {
    const first = newest - (STRETCHES - 1 - k) * STRETCH_WEEKS;
    const end = Math.min(first + STRETCH_WEEKS, now);
    const stretch = `stretch ${model.version} ${first} ${end}`;
    let told = kept.get(population)?.get(stretch) as ObservedExpected | undefined;
    if (!told) {
      const observed = yield* observedExpected(population, model, week(first), week(end));
      told = once(population, stretch, () => ({ weeks: end - first, ...observed }));
    }
    history.push(told);
    yield;
  }
  const level = once(population, key, () => levelOf(history));
  population.workedOut?.set(key, [...level]);
  return level;
}

function once<T>(source: FactSource, key: string, compute: () => T): T {
  let of = kept.get(source);
  if (!of) kept.set(source, (of = new Map()));
  if (!of.has(key)) of.set(key, compute());
  return of.get(key) as T;
}

/** Deals open when a stretch began, and those created since, each from its first look: how many ended, how many were to. */
function* observedExpected(source: FactSource, model: Levelled, from: Instant, cut: Instant) {
  const now = world(source, cut);
  const all: { id: string; asOf: Instant }[] = [];
  const ids = now.ids('deal');
  for (let first = 0; first < ids.length; first += TOGETHER) {
    const [then, later] = [world(source, from), world(source, cut)];
    for (const id of ids.slice(first, first + TOGETHER)) {
      if (dealState(then.past('deal', id)) === 'open') all.push({ id, asOf: from });
      else {
        const born = later.past('deal', id).last('deal')?.knownAt;
        if (born !== undefined && born > from && born < cut) all.push({ id, asOf: born });
      }
    }
    yield;
  }
  const step = Math.ceil(all.length / ENOUGH_LOOKS);
  // Sorted: which are looked at must not depend on the order of import.
  const looks = step <= 1 ? all : all.sort((a, b) => (a.id < b.id ? -1 : 1)).filter((_, i) => i % step === 0);
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
