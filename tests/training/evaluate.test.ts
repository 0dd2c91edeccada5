import { beforeAll, describe, expect, test } from 'vitest';
import type { HazardState } from '../../models/hazardModel.ts';
import { scorerOf } from '../../models/scorer.ts';
import { answersOf, judge, measure, percentageBy } from '../../training/evaluate.ts';
import { averageState, type CandidateName } from '../../training/fitCandidates.ts';
import { takeLandmarkRows } from '../../training/landmarkRows.ts';
import { judgesOf } from '../../training/question.ts';
import { chosenState, partsOf, select } from '../../training/select.ts';
import { type StateName, toyArtifact, toyCompany, toyRows, toyStates, toyTask } from '../contract/states.ts';

const rows = toyRows(800, 71);
const test600 = toyRows(600, 72);
let states: Map<StateName, HazardState>;
beforeAll(async () => {
  states = await toyStates(rows);
});

describe('judging', () => {
  const lost = { name: 'lost', positive: false };
  const won = { name: 'won', positive: true };
  const five = {
    ...takeLandmarkRows(rows, [0, 1, 2, 3, 4]),
    outcomes: [
      { timeDays: 10, cause: won, knownAt: 1, followedDays: 200 },
      { timeDays: 120, cause: won, knownAt: 1, followedDays: 200 },
      { timeDays: 50, cause: lost, knownAt: 1, followedDays: 91 },
      { timeDays: 95, cause: undefined, knownAt: Number.POSITIVE_INFINITY, followedDays: 95 },
      { timeDays: 10, cause: won, knownAt: 1, followedDays: 30 },
    ],
  };
  test('"ever" on what is resolved, "within" on rows followed for so many days, however they ended', () => {
    const { ever, within } = judge(five, 91);
    expect([ever.rows, ever.event, ever.undecidedShare]).toEqual([[0, 1, 2, 4], [1, 1, 0, 1], 1 - 4 / 5]); // biome-ignore format: one check
    expect([within.rows, within.event]).toEqual([[0, 1, 2, 3], [1, 0, 0, 0]]); // biome-ignore format: one check
  });
  test('one class only: no AUC, the rest all the same; nothing to judge: nothing said', () => {
    const answers = { ever: new Float64Array(5).fill(0.7), within: new Float64Array(5).fill(0.2) };
    const one = { ...five, outcomes: five.outcomes.map((o) => ({ ...o, cause: won })) };
    const said = measure(answers, judge(one, 200));
    expect([said['everAuc'], said['within200dAuc']]).toEqual([null, null]);
    expect(said['everLogLoss']).toBeCloseTo(-Math.log(0.7), 9);
    const soon = { timeDays: 30, cause: undefined, knownAt: Number.POSITIVE_INFINITY, followedDays: 30 };
    const open = { ...five, outcomes: five.outcomes.map(() => soon) };
    expect(measure(answers, judge(open, 91))).toMatchObject({ everRows: 0, everLogLoss: null, within91dBrier: null });
  });
  test('answers are those the scorer gives', () => {
    const state = toyArtifact(rows, states.get('average')!).state;
    const { ever, within } = answersOf(state, toyTask, test600, 91);
    const scored = scorerOf(toyArtifact(rows, state), toyCompany).predict(test600.X);
    for (const row of [0, 100, 599]) {
      expect(ever[row]).toBeCloseTo(scored.probability[row]!, 12);
      expect(within[row]).toBeCloseTo(scored.positiveBy(row, 91), 12);
    }
  });
  test('the stage percentage is the share won of the stage, with 20 rows of the whole; a new stage gets the whole', () => {
    const { ever } = percentageBy('stage_current', rows, test600, 91);
    const column = rows.X.columns.get('stage_current');
    const codes = column?.type === 'category' ? column.codes : [];
    const resolved = rows.outcomes.flatMap(({ cause }, row) => (cause ? [{ row, won: cause.positive }] : []));
    const all = resolved.filter(({ won }) => won).length / resolved.length;
    const there = test600.X.columns.get('stage_current');
    for (let row = 0; row < 20; row++) {
      const code = there?.type === 'category' ? there.codes[row]! : -1;
      const same = resolved.filter((r) => codes[r.row] === code);
      const expected = (same.filter(({ won }) => won).length + 20 * all) / (same.length + 20);
      expect(ever[row]).toBeCloseTo(expected, 9);
    }
    const none = percentageBy('stage_current', rows, { ...test600, X: { ...test600.X, columns: new Map() } }, 91);
    const missing = resolved.filter((r) => codes[r.row] === -1);
    expect(none.ever[0]).toBeCloseTo((missing.filter(({ won }) => won).length + 20 * all) / (missing.length + 20), 9);
  });
});

describe('selection', () => {
  const of = (names: readonly CandidateName[]) => {
    const some = new Map(names.map((name) => [name, states.get(name)!]));
    return { some, selection: select(some, toyTask, test600.X, judgesOf(toyTask, test600)) };
  };

  test('where there is signal something beats the base rate, and says by how much', () => {
    const { some, selection } = of(['baseRate', 'ridge', 'ridgePle']);
    expect(['ridge', 'ridgePle']).toContain(selection.chosen);
    expect(selection.lowSkill).toBe(false);
    expect(selection.reasons.length).toBeGreaterThan(0);
    expect(chosenState(selection, some)).toBe(some.get(selection.chosen as CandidateName));
    expect(partsOf(selection)).toEqual([selection.chosen]);
  });
  test('the base rate alone is low skill', () => {
    const { selection } = of(['baseRate']);
    expect([selection.chosen, selection.lowSkill, partsOf(selection)]).toEqual(['baseRate', true, ['baseRate']]);
  });
  test('an average is of the two it names, and of one where the weight is all there', () => {
    const { some, selection } = of(['baseRate', 'ridgePle', 'network']);
    const mixed = { ...selection, chosen: 'average' as const, w: 0.3 };
    expect(partsOf(mixed)).toEqual(['network', 'ridgePle']);
    const state = chosenState(mixed, some);
    expect([state.network?.weight, state.linear?.weight]).toEqual([0.3, 0.7]);
    expect(partsOf({ ...mixed, w: 1 })).toEqual(['network']);
    expect(averageState(some.get('network')!, some.get('ridgePle')!, 1).linear).toBeUndefined();
  });
});
