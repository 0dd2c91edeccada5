import { beforeAll, describe, expect, test } from 'vitest';
import { loadArtifact, writeArtifact } from '../../models/artifact.ts';
import { type CalendarEffects, evenDays } from '../../models/forecast/calendarEffects.ts';
import { MOST_KEPT } from '../../models/prediction.ts';
import { type Scorer, scorerOf } from '../../models/scorer.ts';
import { takeRows } from '../../src/frame.ts';
import { DAY } from '../../src/time.ts';
import {
  type StateName,
  stateNames,
  toyAbout,
  toyArtifact,
  toyCompany,
  toyRows,
  toyStates,
} from '../contract/states.ts';

const rows = toyRows(300, 31);
const n = rows.X.ids.length;
const scorers = new Map<StateName, Scorer>();
beforeAll(async () => {
  for (const [name, state] of await toyStates(rows)) scorers.set(name, scorerOf(toyArtifact(rows, state), toyCompany));
});

describe.each(stateNames)('deal scorer on %s', (name) => {
  test('curves rise, add up to at most 1 and agree with the probabilities', () => {
    const said = scorers.get(name)!.predict(rows.X);
    const { probability, byPeriodEnd, timesDays, incidence } = said;
    const times = timesDays.length;
    for (let row = 0; row < n; row++) {
      let before = [0, 0];
      for (let t = 0; t < times; t++) {
        const F = [0, 1].map((c) => incidence[(row * times + t) * 2 + c]!);
        for (const c of [0, 1]) expect(F[c]).toBeGreaterThanOrEqual(before[c]! - 1e-12);
        expect(F[0]! + F[1]!).toBeLessThanOrEqual(1 + 1e-9);
        expect(said.positiveBy(row, timesDays[t]!)).toBeCloseTo(F[0]!, 9);
        before = F;
      }
      expect(probability[row]).toBeCloseTo(before[0]! / (before[0]! + before[1]!), 9);
      expect(byPeriodEnd[row]).toBeLessThanOrEqual(probability[row]! + 1e-9);
      const { to } = toyCompany.calendar.quarter(rows.X.asOf[row]!);
      expect(byPeriodEnd[row]).toBeCloseTo(said.positiveBy(row, (to - rows.X.asOf[row]!) / DAY), 9);
    }
  });
  test('a calendar moves wins between days, and leaves what is won within the horizon; an even one leaves all', () => {
    const { calendar } = toyCompany;
    const working: CalendarEffects = { of: {}, weight: (day) => (calendar.weekday(day) > 5 ? 0.02 : 1.392) };
    const [paced, even] = [() => working, () => evenDays];
    const said = scorers.get(name)!.predict(rows.X);
    const { timesDays } = said;
    const horizon = timesDays.at(-1)!;
    for (let row = 0; row < n; row += 7) {
      let before = 0;
      for (const days of [0, 0.5, 2, 5, 11.3, 47, 200, horizon, 1.3 * horizon, 4 * horizon]) {
        expect(said.positiveBy(row, days, even)).toBeCloseTo(said.positiveBy(row, days), 9);
        const now = said.positiveBy(row, days, paced);
        expect(now).toBeGreaterThanOrEqual(before - 1e-12);
        expect(now).toBeLessThanOrEqual(1);
        // Beyond the horizon nobody foretells a calendar.
        if (days >= horizon) expect(now).toBeCloseTo(said.positiveBy(row, days), 12);
        before = now;
      }
    }
  });
  test('dates of a win rise with their level', () => {
    const { p10Days, p50Days, p90Days } = scorers.get(name)!.predict(rows.X);
    for (let row = 0; row < n; row++) {
      expect(p10Days[row]).toBeGreaterThanOrEqual(0);
      expect(p50Days[row]).toBeGreaterThanOrEqual(p10Days[row]!);
      expect(p90Days[row]).toBeGreaterThanOrEqual(p50Days[row]!);
    }
  });
  test('order and number of rows do not move a bit; one row; no rows', () => {
    const scorer = scorers.get(name)!;
    const all = scorer.predict(rows.X);
    const order = Array.from({ length: n }, (_, i) => (i * 71 + 5) % n);
    const turned = scorer.predict(takeRows(rows.X, order));
    for (const column of ['probability', 'byPeriodEnd', 'p10Days', 'p50Days', 'p90Days'] as const) {
      expect(turned[column]).toEqual(Float64Array.from(order, (i) => all[column][i]!));
      for (const i of [0, 57, n - 1]) expect(scorer.predict(takeRows(rows.X, [i]))[column]).toEqual(Float64Array.of(all[column][i]!)); // biome-ignore format: one check
      expect(scorer.predict(takeRows(rows.X, []))[column].length).toBe(0);
    }
    expect(scorer.predict(takeRows(rows.X, [])).incidence.length).toBe(0);
  });
});

test('of more rows than hazards are kept of, the same is told of each', () => {
  const scorer = scorers.get('average')!;
  const few = scorer.predict(rows.X);
  const many = scorer.predict(
    takeRows(
      rows.X,
      Array.from({ length: MOST_KEPT + 1 }, (_, i) => i % n),
    ),
  );
  for (const column of ['probability', 'byPeriodEnd', 'p50Days'] as const)
    expect(many[column]).toEqual(Float64Array.from({ length: MOST_KEPT + 1 }, (_, i) => few[column][i % n]!));
  const last = MOST_KEPT % n;
  expect(many.positiveBy(MOST_KEPT, 30)).toBe(few.positiveBy(last, 30));
  expect(many.endBy(MOST_KEPT, 30)).toEqual(few.endBy(last, 30));
});

describe('reasons', () => {
  test('are by feature of the frame and sum to the difference in log odds', () => {
    for (const name of ['ridge', 'network', 'average'] as const) {
      const scorer = scorers.get(name)!;
      const { probability, byPeriodEnd } = scorer.predict(rows.X);
      for (const of of ['probability', 'byPeriodEnd'] as const) {
        const { base, total, contributions } = scorer.explain(rows.X, 12, of)!;
        const p = (of === 'probability' ? probability : byPeriodEnd)[12]!;
        expect(total).toBeCloseTo(Math.log(p / (1 - p)), 5);
        let sum = 0;
        for (const value of contributions.values()) sum += value;
        expect(Math.abs(sum - (total - base))).toBeLessThanOrEqual(1e-3);
        for (const feature of contributions.keys()) expect(rows.X.columns.has(feature) || feature === 'quarter_end').toBe(true); // biome-ignore format: one check
      }
    }
  });
  test('name what is usual, without what is not known', () => {
    const { usual } = scorers.get('ridge')!.explain(rows.X, 0, 'probability')!;
    expect([...usual]).toEqual([['amount_current', 3000], ['stage_current', 'b']]); // biome-ignore format: one row
  });
  test('a model without skill gives none', () => {
    expect(scorers.get('baseRate')!.explain(rows.X, 0, 'probability')).toBeUndefined();
  });
});

test('several causes a side count together, and the dates merge them', async () => {
  const state = (await toyStates(rows)).get('ridge')!;
  const about = { ...toyAbout(rows, state), causes: [{ name: 'upsold', positive: true }, { name: 'won', positive: true }] }; // biome-ignore format: one object
  const { probability, p50Days } = scorerOf(loadArtifact(writeArtifact(about, state)), toyCompany).predict(rows.X);
  expect(probability.every((p) => p > 1 - 1e-9)).toBe(true);
  expect(p50Days.every(Number.isFinite)).toBe(true);
});
