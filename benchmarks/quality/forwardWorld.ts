import {
  contractsAt,
  type Simulation,
  trueChurnSnapshot,
  trueLeadSnapshot,
  trueSnapshot,
} from '../../datasets/synthetic.ts';
import { featuresOf } from '../../features/hash.ts';
import type { Frame } from '../../src/frame.ts';
import { type ModelName, type Subject, subjects } from '../../src/subjects/index.ts';
import { type Landmark, landmarks } from '../../src/subjects/landmarks.ts';
import { DAY, type Instant } from '../../src/time.ts';
import { type FactSource, world } from '../../src/world.ts';
import { censorAt, type LandmarkRows, rowsAt, takeLandmarkRows } from '../../training/landmarkRows.ts';
import { judgedDays } from '../../training/task.ts';

/** Days between looks that are judged. */
const EVERY_WEEKS: Readonly<Record<ModelName, number>> = { deal: 2, lead: 2, churn: 4 };
/** The newest share of deals, leads or looks at customers is judged. */
const NEWEST = 0.2;

/** A simulated company cut in two in time: what was known trains, what came judges, and the truth is known beside it. */
export interface ForwardWorld {
  readonly subject: Subject;
  /** The question: a positive ending within so many days of the look. */
  readonly days: number;
  /** Days until a look's outcome is known for sure. */
  readonly embargoDays: number;
  /** What is known before it trains. */
  readonly cut: Instant;
  /** Training rows, then judged rows, in one frame. */
  readonly X: Frame;
  /** As known at the cut. */
  readonly train: LandmarkRows;
  readonly test: LandmarkRows;
  /** Of the judged rows: whether it happened, and how likely it truly was. */
  readonly event: Uint8Array;
  readonly truth: Float64Array;
}

/**
 * Looks at the start of every second week (customers: fourth), from the cut on, at the newest fifth of the deals or leads
 * (created after the cut), or at every customer. Only weeks whose outcomes the records still hold are asked, so that
 * nothing is left undecided. Cost: the features of all rows.
 */
export function forwardWorld(sim: Simulation, source: FactSource, model: ModelName, paths: number): ForwardWorld {
  const subject = subjects[model];
  const days = judgedDays(subject.withinDays(source.company));
  const embargoDays = days + (subject.recurs ? source.company.settings.churn.grace_days : 0);
  const { weeks, cut } = judgedWeeks(sim, model, embargoDays);
  const judged = weeks.flatMap((week) => {
    const asOf = sim.clock.at(week);
    const then = world(source, asOf);
    return truthAt(sim, model, week, asOf + days * DAY, cut, paths).flatMap(({ id, p }) =>
      subject.undecided(then.past(subject.of, id)) ? [{ id, asOf, p }] : [],
    );
  });
  const known = [...source.ids(subject.of)].sort().flatMap((id): Landmark[] => landmarks(source, subject, id, cut));
  const all = rowsAt(source, subject, featuresOf(model, source.company), [...known, ...judged], sim.clock.end);
  const span = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
  const test = takeLandmarkRows(all, span(known.length, all.X.ids.length));
  return {
    subject,
    days,
    embargoDays,
    cut,
    X: all.X,
    train: censorAt(source, subject, takeLandmarkRows(all, span(0, known.length)), cut),
    test,
    event: eventOf(test, days),
    truth: Float64Array.from(judged, ({ p }) => p),
  };
}

/** 1 where a positive ending came within so many days. */
export const eventOf = (rows: Pick<LandmarkRows, 'outcomes'>, days: number): Uint8Array =>
  Uint8Array.from(rows.outcomes, ({ cause, timeDays }) => (cause?.positive && timeDays <= days ? 1 : 0));

/** Training rows whose outcome within the embargo was known at the cut, whatever it was: no one is chosen by how it ended. */
export const settledRows = (rows: LandmarkRows, cut: Instant, embargoDays: number): number[] =>
  rows.X.ids.flatMap((_, row) => (rows.X.asOf[row]! + embargoDays * DAY <= cut ? [row] : []));

/** The cut, at the start of a week, and the weeks that are judged after it, ascending. */
export function judgedWeeks(
  sim: Pick<Simulation, 'clock' | 'paths' | 'leads' | 'contracts'>,
  model: ModelName,
  embargoDays: number,
): { readonly weeks: readonly number[]; readonly cut: Instant } {
  const { clock } = sim;
  const last = Math.floor(clock.weeks - embargoDays / 7);
  const every = EVERY_WEEKS[model];
  const times =
    model === 'churn'
      ? Array.from({ length: last + 1 }, (_, week) => week)
          .filter((week) => (last - week) % every === 0)
          .flatMap((week) => contractsAt(sim as Simulation, week).map(() => clock.at(week)))
      : (model === 'deal' ? sim.paths : sim.leads).map((path) => path.createdAt).filter((at) => at < clock.at(last));
  const sorted = times.sort((a, b) => a - b);
  const first = Math.ceil(clock.week(sorted[Math.floor(sorted.length * (1 - NEWEST))] ?? clock.at(last)));
  const weeks = [];
  for (let week = last; week >= first; week -= every) weeks.unshift(week);
  return { weeks, cut: clock.at(first) };
}

function truthAt(
  sim: Simulation,
  model: ModelName,
  week: number,
  by: Instant,
  cut: Instant,
  paths: number,
): { readonly id: string; readonly p: number }[] {
  if (model === 'deal') {
    const { deals, won, paths: drawn } = trueSnapshot(sim, week, by, paths);
    const mean = (d: number) => won.subarray(d * drawn, (d + 1) * drawn).reduce((s, v) => s + v, 0) / drawn;
    return deals.flatMap(({ id, createdAt }, d) => (createdAt >= cut ? [{ id, p: mean(d) }] : []));
  }
  if (model === 'lead') {
    const { leads, converted } = trueLeadSnapshot(sim, week, by, paths);
    return leads.flatMap(({ id, createdAt }, i) => (createdAt >= cut ? [{ id, p: converted[i]! }] : []));
  }
  // Who is reduced first counts as reduced, whatever follows: as the records are read (`subjects/churn.ts`).
  const { contracts, left } = trueChurnSnapshot(sim, week, by, paths);
  return contracts.map(({ account }, i) => ({ id: account.id, p: left[i]! }));
}
