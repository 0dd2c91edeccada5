import { beforeAll, describe, expect, test } from 'vitest';
import { liftOdds, shareOfSuccess } from '../../models/coldStart.ts';
import { type HazardState, hazardModel } from '../../models/hazardModel.ts';
import { hazards } from '../../models/hazards.ts';
import type { Frame, FrameColumn } from '../../src/frame.ts';
import { random } from '../../src/random.ts';
import { type Contender, challenge, contest, firstVersion } from '../../training/gate.ts';
import type { LandmarkRows } from '../../training/landmarkRows.ts';
import {
  type StateName,
  toyArtifact,
  toyCauses,
  toyRows,
  toyStates,
  toyTask,
  withFrameColumns,
} from '../contract/states.ts';

const rows = toyRows(800, 51);
/** Deals that came later than everything in `rows`. */
const newest = (n: number): LandmarkRows => {
  const later = toyRows(n, 52);
  const shift = rows.X.asOf.at(-1)! - later.X.asOf[0]! + 9e8;
  return {
    ...later,
    X: { ...later.X, asOf: later.X.asOf.map((at) => at + shift) },
    bornAt: later.bornAt.map((at) => at + shift),
  };
};
let states: Map<StateName, HazardState>;
beforeAll(async () => {
  states = await toyStates(rows);
});
/** A third of the accounts has judged nothing yet, as in training. */
const judges = (account: string) => Number(account.slice(1)) % 3 === 0;
const challengeOf = (champion: StateName, challenger: StateName, block = newest(600)) =>
  challenge(toyArtifact(rows, states.get(champion)!), states.get(challenger)!, toyTask, { rows: block, judges });

describe('the gate between a version and serving', () => {
  test('the first version serves', () => {
    expect(challenge(undefined, states.get('baseRate')!, toyTask, { rows: newest(10), judges })).toEqual({
      promote: true,
      reason: 'the first version',
    });
    expect(firstVersion(undefined).promote).toBe(true);
  });
  test('too few outcomes to learn from never replaces what serves', () => {
    expect(firstVersion(toyArtifact(rows, states.get('ridge')!)).promote).toBe(false);
  });
  test('a better one serves, a worse one does not, and each says by how much', () => {
    const better = challengeOf('baseRate', 'ridge');
    expect(better.reason).toMatch(/log loss lower by 0\.\d+ \+- .* rows neither has seen/);
    expect(better.promote).toBe(true);
    expect(better.checks!.every(({ passed }) => passed)).toBe(true);
    const worse = challengeOf('ridge', 'baseRate');
    expect(worse.reason).toMatch(/log loss higher by .* stays/);
    expect(worse.promote).toBe(false);
  });
  test('the rows that chose the challenger have no say where the others are enough, else it is said', () => {
    expect(challengeOf('baseRate', 'ridge', newest(400)).reason).toContain('had a say');
    const many = newest(5000);
    const block = { ...many, account: many.X.ids.map((id) => `a${Number(id.slice(1)) % 400}`) };
    const alone = challengeOf('baseRate', 'ridge', block);
    expect(alone.reason).not.toContain('had a say');
    // Whatever became of the rows that chose it changes nothing.
    const outcomes = block.outcomes.map((outcome, row) =>
      judges(block.account[row]!) ? outcome : { ...outcome, cause: undefined },
    );
    expect(challengeOf('baseRate', 'ridge', { ...block, outcomes })).toEqual(alone);
  });
  test('the same again is no better', () => {
    const champion = toyArtifact(rows, states.get('ridge')!);
    const same = challenge(champion, champion.state, toyTask, { rows: newest(600), judges });
    expect(same.promote).toBe(false);
    expect(same.reason).toContain('50 % sure');
  });
  test('too few outcomes since, or only deals that the champion was trained on', () => {
    expect(challengeOf('baseRate', 'ridge', newest(20)).reason).toMatch(/only \d+ rows of \d+ accounts .* since/);
    expect(challengeOf('baseRate', 'ridge', toyRows(600, 53))).toMatchObject({ promote: false });
  });
  test('other bins or other causes cannot be compared', () => {
    const champion = toyArtifact(rows, states.get('baseRate')!);
    const ridge = states.get('ridge')!;
    const block = { rows: newest(100), judges };
    const bins = challenge(champion, { ...ridge, edges: [0, 30, 90] }, toyTask, block);
    expect(bins).toMatchObject({
      promote: false,
      reason: expect.stringContaining('bins, causes or horizon have changed'),
    });
    const causes = [...toyCauses, { name: 'cancelled', positive: false }];
    expect(challenge(champion, ridge, { ...toyTask, causes }, block).promote).toBe(false);
  });

  /** The ridge, said otherwise of some rows. */
  const altered = (change: (p: Float64Array, row: number, X: Frame) => void, further: readonly string[] = []) => {
    const model = hazardModel(states.get('ridge')!, toyTask.calendar);
    const cells = (toyTask.edges.length - 1) * 3;
    return {
      predict: (X: Frame) => {
        const p = model.predict(X);
        for (let row = 0; row < X.ids.length; row++) change(p.subarray(row * cells, (row + 1) * cells), row, X);
        return p;
      },
      sources: [...model.state.encoder.sources, ...further],
      lowSkill: false,
    };
  };
  const grid = hazards(toyTask.edges, 2);
  const lift = (p: Float64Array, by: number) => p.set(liftOdds(grid, p, [true, false], by));
  const asIs = () => altered(() => {});
  const meets = (champion: Contender, challenger: Contender, block: LandmarkRows, pinned: readonly string[] = []) =>
    contest(champion, challenger, toyTask, { rows: block, judges }, 0, pinned);

  test('one that is off in a segment does not serve, though better on the whole', () => {
    const block = newest(4000);
    const stage = block.X.columns.get('stage_current') as FrameColumn & { type: 'category' };
    const worseWhole = altered((p, row) => lift(p, row % 2 ? 1.5 : -1.5));
    const offInOne = altered((p, row, X) => {
      const { codes } = X.columns.get('stage_current') as typeof stage;
      if (codes[row] === 0) lift(p, 1.5);
    });
    const verdict = meets(worseWhole, offInOne, block);
    expect(verdict.checks!.find(({ name }) => name === 'better')!.passed).toBe(true);
    expect(verdict.promote).toBe(false);
    expect(verdict.reason).toMatch(/stage_current = a (is worse|, )|in stage_current = a it says \d+ points too much/);
    expect(meets(worseWhole, asIs(), block).promote).toBe(true);
  });
  test('one that is far too sure of itself does not serve', () => {
    const p0 = states.get('baseRate')!.constant!.p;
    const bold = altered((p) => lift(p, 2.5 * Math.log(shareOfSuccess(grid, p, [true, false]) / shareOfSuccess(grid, p0, [true, false])))); // biome-ignore format: one change
    const lost = altered((p) => lift(p, 3));
    const verdict = meets(lost, bold, newest(4000));
    expect(verdict.checks!.find(({ name }) => name === 'calibration')).toMatchObject({ passed: false });
    expect(verdict.promote).toBe(false);
  });
  test('one that reads a leak does not serve, unless the company vouches for the column', () => {
    const block = newest(3000);
    const draw = random(5);
    const told = Float64Array.from(block.outcomes, ({ cause }) =>
      cause ? (cause.positive ? 1 : -1) + 1.7 * draw.normal() : Number.NaN,
    );
    const X = withFrameColumns(block.X, [...block.X.columns, ['told', { type: 'number', values: told }]]);
    const leaking = altered(
      (p, row, frame) => {
        const { values } = frame.columns.get('told') as { values: Float64Array };
        if (!Number.isNaN(values[row]!)) lift(p, 0.7 * values[row]!);
      },
      ['told'],
    );
    const verdict = meets(asIs(), leaking, { ...block, X });
    expect(verdict.checks!.find(({ name }) => name === 'leak')).toMatchObject({ passed: false });
    expect(verdict.reason).toContain('told');
    const vouched = meets(asIs(), leaking, { ...block, X }, ['told']);
    expect(vouched.checks!.find(({ name }) => name === 'leak')).toMatchObject({ passed: true });
    // As good as an oracle is no knowledge, whoever vouches.
    const oracle = altered((p, row, frame) => lift(p, 4 * (frame.columns.get('told') as { values: Float64Array }).values[row]! || 0), ['told']); // biome-ignore format: one change
    const sure = Float64Array.from(block.outcomes, ({ cause }) => (cause ? (cause.positive ? 1 : -1) : 0));
    const X2 = withFrameColumns(block.X, [...block.X.columns, ['told', { type: 'number', values: sure }]]);
    expect(meets(asIs(), oracle, { ...block, X: X2 }, ['told']).reason).toContain('too good to be knowledge');
  });
  test('numbers that are no probabilities do not serve', () => {
    const broken = altered((p, row) => {
      if (row === 7) p.fill(Number.NaN);
    });
    expect(meets(asIs(), broken, newest(600))).toMatchObject({ promote: false, reason: expect.stringContaining('no probabilities') }); // biome-ignore format: one check
  });
});
