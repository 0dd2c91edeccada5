import { beforeAll, describe, expect, test } from 'vitest';
import { type HazardState, hazardModel } from '../../models/hazardModel.ts';
import { binsOf, hazards } from '../../models/hazards.ts';
import { shareOfEffects } from '../../models/linearHazards.ts';
import { crossFit, type Unseen } from '../../training/crossFit.ts';
import { type CandidateName, type FittedCandidates, fitCandidates, SIMPLE } from '../../training/fitCandidates.ts';
import { type LandmarkRows, takeLandmarkRows } from '../../training/landmarkRows.ts';
import { judgesOf } from '../../training/question.ts';
import { chosenState, select } from '../../training/select.ts';
import { toyProfile, toyRows, toyTask } from '../contract/states.ts';

const wanted = ['baseRate', 'byAge', 'ridge', 'ridgePle'] as const;
/** Too few to tell a skill from chance by themselves. */
const newestFew = takeLandmarkRows(
  toyRows(400, 77),
  Array.from({ length: 12 }, (_, i) => i),
);

async function judgedOn(older: LandmarkRows): Promise<{ fitted: FittedCandidates; unseen: Unseen }> {
  const fitted = await fitCandidates(older, toyTask, toyProfile, 1, wanted, undefined);
  return { fitted, unseen: await crossFit(older, toyTask, toyProfile, 1, wanted, fitted.plan) };
}

const chosenOn = (newest: LandmarkRows, fitted: FittedCandidates, unseen?: Unseen) =>
  select(fitted.states, toyTask, newest.X, judgesOf(toyTask, newest), unseen);

describe('older rows, judged by candidates that had not seen them', () => {
  const older = toyRows(600, 5);
  let fitted: FittedCandidates;
  let unseen: Unseen;
  beforeAll(async () => {
    ({ fitted, unseen } = await judgedOn(older));
  }, 60_000);

  test('every row is spoken of by every candidate, in probabilities', () => {
    const bins = binsOf(hazards(toyTask.edges, 2));
    expect([...unseen.said.keys()].sort()).toEqual([...wanted].sort());
    for (const p of unseen.said.values()) {
      expect(p.length).toBe(older.X.ids.length * bins * 3);
      for (let cell = 0; cell < p.length; cell += 3) expect(p[cell]! + p[cell + 1]! + p[cell + 2]!).toBeCloseTo(1, 9);
    }
  });

  test('twice, the same', async () => {
    const again = await crossFit(older, toyTask, toyProfile, 1, wanted, fitted.plan);
    expect(again).toEqual(unseen);
  }, 60_000);

  test('a real skill that a few newest rows cannot show is found with them', () => {
    expect(chosenOn(newestFew, fitted).lowSkill).toBe(true);
    const both = chosenOn(newestFew, fitted, unseen);
    expect(['ridge', 'ridgePle']).toContain(both.chosen);
    expect(both.reasons.join()).toMatch(/on the newest/);
  });

  test('not where the newest rows say the opposite', () => {
    const { outcomes } = newestFew;
    const other = (i: number) => {
      const { cause } = outcomes[i]!;
      return cause ? toyTask.causes.find((c) => c.name !== cause.name) : undefined;
    };
    const turned = { ...newestFew, outcomes: outcomes.map((o, i) => ({ ...o, cause: other(i) })) };
    expect(['baseRate', 'byAge']).toContain(chosenOn(turned, fitted, unseen).chosen);
  });
});

test('outcomes dealt out anew to older and newest rows: no skill is claimed', async () => {
  const honest = toyRows(600, 6);
  const dealt = (rows: LandmarkRows, by: number): LandmarkRows => {
    const n = rows.outcomes.length;
    // Two rows a deal: what became of a deal goes to another one whole.
    return { ...rows, outcomes: rows.outcomes.map((_, i) => rows.outcomes[(i + 2 * by) % n]!) };
  };
  const { fitted, unseen } = await judgedOn(dealt(honest, 131));
  expect(['baseRate', 'byAge']).toContain(chosenOn(dealt(newestFew, 5), fitted, unseen).chosen);
}, 60_000);

test('what tells better when it ends, and worse which way, is not preferred', async () => {
  const honest = toyRows(600, 9);
  const n = honest.outcomes.length;
  // Learned from times that are five times as long, the sides right; and from the right times, the sides dealt out anew.
  const late = { ...honest, outcomes: honest.outcomes.map((o) => ({ ...o, timeDays: 5 * o.timeDays })) };
  const dealt = honest.outcomes.map((o, i) => {
    const { cause } = honest.outcomes[(i + 262) % n]!;
    return o.cause && cause ? { ...o, cause } : o;
  });
  const knowsWhich = await fitCandidates(late, toyTask, toyProfile, 1, wanted, undefined);
  const knowsWhen = await fitCandidates({ ...honest, outcomes: dealt }, toyTask, toyProfile, 1, ['network'], undefined);
  const states = new Map([...knowsWhich.states, ...knowsWhen.states]);
  const newest = toyRows(600, 10);
  const { chosen, candidates } = select(states, toyTask, newest.X, judgesOf(toyTask, newest));
  expect(candidates['network']!['logLoss']).toBeLessThan(candidates['ridgePle']!['logLoss']!);
  expect(['ridge', 'ridgePle']).toContain(chosen);
}, 60_000);

test('half of the effects is served, and averaged with the network, where the whole of them says too much of those who came later', async () => {
  const { states } = await fitCandidates(toyRows(1500, 12), toyTask, toyProfile, 1, [...SIMPLE, 'network'], undefined);
  const network = states.get('network')!;
  (states as Map<CandidateName, HazardState>).delete('network');
  const newest = toyRows(1500, 13);
  const judges = judgesOf(toyTask, newest);
  expect(select(states, toyTask, newest.X, judges).chosen).not.toMatch(/Halved$/);
  const { linear, encoder, meanX, ...rest } = states.get('ridgePle')!;
  const times = (share: number) => ({ ...rest, encoder, meanX, linear: { weight: 1, model: shareOfEffects(linear!.model, share, meanX, rest.edges, new Uint8Array(encoder.width)) } }); // biome-ignore format: one state
  const tooSure = new Map([...states, ['ridgePle', times(3)], ['ridgePleHalved', times(1.5)]] as const);
  tooSure.delete('ridge');
  const { chosen, reasons } = select(tooSure, toyTask, newest.X, judges);
  expect(chosen).toBe('ridgePleHalved');
  expect(reasons.join()).toMatch(/ridgePleHalved beats ridgePle on which way it ended/);
  const both = select(new Map([...tooSure, ['network', network]]), toyTask, newest.X, judges);
  expect(both.chosen).toBe('average');
  expect(both.partner).toBe('ridgePleHalved');
  const served = hazardModel(chosenState(both, new Map([...tooSure, ['network', network]])), toyTask.calendar).predict(
    newest.X,
  );
  const [ofNetwork, ofHalf] = [network, tooSure.get('ridgePleHalved')!].map((state) => hazardModel(state, toyTask.calendar).predict(newest.X)); // biome-ignore format: one call
  served.forEach((p, i) => void expect(p).toBeCloseTo(both.w * ofNetwork![i]! + (1 - both.w) * ofHalf![i]!, 6));
}, 60_000);
