import { columnReference, countedRows, type Reference } from '../models/drift/reference.ts';
import { type HazardState, hazardModel } from '../models/hazardModel.ts';
import { incidenceAt } from '../models/hazards.ts';
import { takeRows } from '../src/frame.ts';
import { DAY } from '../src/time.ts';
import type { LandmarkRows } from './landmarkRows.ts';
import type { HazardTask } from './task.ts';

/** Stretches of time that are held against each other, as long as what monitoring looks at; the newest ones tell most. */
const STRETCH_DAYS = 91;
const STRETCHES = 6;
const FEWEST_ROWS = 50;
/** Rows whose scores are taken: enough for deciles. */
const MOST_SCORED = 20_000;

/**
 * What the rows, the scores and the endings of training looked like, and how far each had moved from itself between
 * quarters of it: drift is told by more than that. Cost: a pass over each column a stretch, and one prediction of up to
 * 20,000 rows.
 */
export function referenceOf(data: LandmarkRows, task: HazardTask, state: HazardState): Reference {
  const { X, account, outcomes } = data;
  const all = countedRows(account, Array.from(account.keys()));
  const stretches = stretchesOf(X.asOf, X.asOf).map((rows) => countedRows(account, rows));
  const used = new Set(state.encoder.sources);
  const columns = Object.fromEntries(
    [...X.columns]
      .filter(([name]) => used.has(name))
      .map(([name, column]) => [name, columnReference(column, all, stretches)]),
  );
  const step = Math.ceil(X.ids.length / MOST_SCORED);
  const some = X.ids.flatMap((_, row) => (row % step === 0 ? [row] : []));
  const part = takeRows(X, some);
  const accountOf = some.map((row) => account[row]!);
  const scores = columnReference(
    { type: 'number', values: probabilities(state, task, part) },
    countedRows(accountOf, Array.from(some.keys())),
    stretchesOf(part.asOf, X.asOf).map((rows) => countedRows(accountOf, rows)),
  );
  const endings = new Map<string, { positive: boolean; at: number }>();
  for (const [row, { cause, timeDays, knownAt }] of outcomes.entries())
    if (cause) endings.set(`${X.ids[row]!} ${Math.round(X.asOf[row]! + timeDays * DAY)}`, { positive: cause.positive, at: knownAt }); // biome-ignore format: one loop
  const ended = [...endings.values()];
  const rateOf = (of: readonly { readonly positive: boolean }[]) =>
    of.filter(({ positive }) => positive).length / Math.max(of.length, 1);
  const rate = rateOf(ended);
  const moved = stretchesOf(Float64Array.from(ended, ({ at }) => at), X.asOf) // biome-ignore format: one call
    .map((rows) => rateOf(rows.map((i) => ended[i]!)))
    .reduce((most, of) => Math.max(most, Math.abs(of - rate)), 0);
  return { columns, scores, outcomes: { rate, ended: ended.length, moved } };
}

/** Rows of the newest whole stretches before the last look, those with enough of them. */
function stretchesOf(at: Float64Array, looks: Float64Array): number[][] {
  const end = looks.reduce((last, time) => Math.max(last, time), Number.NEGATIVE_INFINITY);
  const parts = Array.from({ length: STRETCHES }, (): number[] => []);
  for (const [row, time] of at.entries()) {
    const k = Math.floor((end - time) / (STRETCH_DAYS * DAY));
    if (k >= 0) parts[k]?.push(row);
  }
  return parts.filter((rows) => rows.length >= FEWEST_ROWS && rows.length <= at.length / 2);
}

/** What is called the probability: of a positive ending within the horizon, or ever, given that it ends. */
export function probabilities(
  state: HazardState,
  { causes, calendar, withinDays, edges }: HazardTask,
  X: LandmarkRows['X'],
) {
  const model = hazardModel(state, calendar);
  const p = model.predict(X);
  const F = new Float64Array(causes.length);
  return Float64Array.from(X.ids, (_, row) => {
    incidenceAt(model.grid, p, row, withinDays ?? edges.at(-1)!, F);
    const positive = causes.reduce((sum, { positive }, c) => sum + (positive ? F[c]! : 0), 0);
    const ended = withinDays === null ? F.reduce((sum, f) => sum + f, 0) : 1;
    return ended > 0 ? positive / ended : 0;
  });
}
