import { beforeAll, describe, expect, test } from 'vitest';
import type { HazardState } from '../../models/hazardModel.ts';
import { challenge, firstVersion } from '../../training/gate.ts';
import type { LandmarkRows } from '../../training/landmarkRows.ts';
import { type StateName, toyArtifact, toyCauses, toyRows, toyStates, toyTask } from '../contract/states.ts';

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
const challengeOf = (champion: StateName, challenger: StateName, blocks = [newest(600)]) =>
  challenge(toyArtifact(rows, states.get(champion)!), states.get(challenger)!, toyTask, blocks);

describe('the gate between a version and serving', () => {
  test('the first version serves', () => {
    expect(challenge(undefined, states.get('baseRate')!, toyTask, [])).toEqual({
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
    expect(better).toEqual({ promote: true, reason: expect.stringMatching(/log loss lower by 0\.\d+ \+- .* rows neither has seen/) }); // biome-ignore format: one check
    const worse = challengeOf('ridge', 'baseRate');
    expect(worse).toEqual({ promote: false, reason: expect.stringMatching(/log loss higher by .* stays/) });
  });
  test('two blocks judge as one', () => {
    const whole = newest(600);
    expect(challengeOf('baseRate', 'ridge', [whole, newest(0)])).toEqual(challengeOf('baseRate', 'ridge', [whole]));
  });
  test('the same again is no better', () => {
    const champion = toyArtifact(rows, states.get('ridge')!);
    const same = challenge(champion, champion.state, toyTask, [newest(600)]);
    expect(same).toEqual({ promote: false, reason: expect.stringContaining('50 % sure') });
  });
  test('too few outcomes since, or only deals that the champion was trained on', () => {
    expect(challengeOf('baseRate', 'ridge', [newest(20)]).reason).toMatch(/only \d+ rows since/);
    expect(challengeOf('baseRate', 'ridge', [toyRows(600, 53)])).toMatchObject({ promote: false });
  });
  test('other bins or other causes cannot be compared', () => {
    const champion = toyArtifact(rows, states.get('baseRate')!);
    const ridge = states.get('ridge')!;
    const bins = challenge(champion, { ...ridge, edges: [0, 30, 90] }, toyTask, [newest(100)]);
    expect(bins).toMatchObject({
      promote: false,
      reason: expect.stringContaining('bins, causes or horizon have changed'),
    });
    const causes = [...toyCauses, { name: 'cancelled', positive: false }];
    expect(challenge(champion, ridge, { ...toyTask, causes }, [newest(100)]).promote).toBe(false);
  });
});
