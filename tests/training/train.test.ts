import { beforeAll, describe, expect, test } from 'vitest';
import { simulate, simulatedSource } from '../../datasets/synthetic.ts';
import { featuresOf } from '../../features/hash.ts';
import { loadArtifact } from '../../models/artifact.ts';
import { scorerOf } from '../../models/scorer.ts';
import { ForesellError } from '../../src/errors.ts';
import { random } from '../../src/random.ts';
import { subjects } from '../../src/subjects/index.ts';
import { DAY } from '../../src/time.ts';
import type { FactSource } from '../../src/world.ts';
import { answersOf, judge, measure } from '../../training/evaluate.ts';
import { fitCandidates } from '../../training/fitCandidates.ts';
import { foldOf } from '../../training/folds.ts';
import { type LandmarkRows, takeLandmarkRows, trainingRows } from '../../training/landmarkRows.ts';
import type { Profile } from '../../training/profiles.ts';
import { taskOf } from '../../training/task.ts';
import { type Trained, trainModel } from '../../training/train.ts';
import { testSeed } from '../arbitraries.ts';
import { knownBefore } from './knownBefore.ts';

const profile: Profile = {
  name: 'fast',
  network: {
    members: 2,
    width: 8,
    dropout: 0.1,
    learningRate: 3e-3,
    decay: 3e-4,
    batch: 256,
    epochs: 3,
    patience: 3,
  },
  maxBins: 3,
  seeds: 1,
  ridgeFolds: 1,
  ridgeRows: 400,
  ridgeFitRows: 15_000,
};

describe('training on a small company', () => {
  const sim = simulate({ deals: 170, seed: 12 });
  const source = simulatedSource(sim);
  const until = sim.clock.at(130) + 12_345_678;
  let trained: Trained;
  beforeAll(async () => {
    trained = await trainModel(source, subjects.deal, { until, profile, seed: 5 });
  }, 180_000);

  test('twice, the same bytes', async () => {
    const again = await trainModel(source, subjects.deal, { until, profile, seed: 5 });
    expect(Buffer.from(again.bytes).equals(Buffer.from(trained.bytes))).toBe(true);
    expect(again.selection).toEqual(trained.selection);
  }, 180_000);

  test('until an instant of the past: the same bytes whether or not anything was recorded later', async () => {
    const facts = (from: FactSource) => from.ids('deal').reduce((n, id) => n + Object.values(from.history('deal', id)!).flat().length, 0); // biome-ignore format: one sum
    const known = knownBefore(source, until);
    expect(facts(known)).toBeLessThan(0.95 * facts(source));
    const then = await trainModel(known, subjects.deal, { until, profile, seed: 5 });
    expect(then.header).toEqual(trained.header);
    expect(Buffer.from(then.bytes).equals(Buffer.from(trained.bytes))).toBe(true);
  }, 180_000);

  test('says what it learned from and how it was judged', () => {
    const { header } = loadArtifact(trained.bytes);
    expect(header).toEqual(trained.header);
    expect(header.trained.to).toBe(until);
    expect(header.insufficientData).toBe(false);
    expect(Object.keys(header.metrics)).toEqual(expect.arrayContaining(['model', 'stagePercentage', 'baseRate']));
    expect(Object.keys(header.candidates)).toEqual(expect.arrayContaining(['baseRate', 'byAge', 'ridge', 'ridgePle']));
    expect(trained.verdict).toEqual({ promote: true, reason: 'the first version' });
    expect(JSON.stringify(header)).not.toMatch(/NaN|Infinity/);
  });

  test('before anything was decided there is nothing to learn from, and it says so', async () => {
    const error = await trainModel(source, subjects.deal, { until: sim.clock.at(0) - DAY, profile, seed: 5 }).catch(
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(ForesellError);
    expect((error as ForesellError).code).toBe('no-outcomes');
  });
});

test('a handful of deals: marked, and no reasons', async () => {
  const sim = simulate({ deals: 30, seed: 3, scenario: 'tiny' });
  const source = simulatedSource(sim);
  const { bytes, header, selection } = await trainModel(source, subjects.deal, {
    until: sim.clock.end,
    profile,
    seed: 1,
  });
  expect(header.insufficientData).toBe(true);
  expect(header.lowSkill).toBe(true);
  expect(selection.chosen).toBe('baseRate');
  expect(header.notes.join()).toMatch(/only \d+ known outcomes/);
  const { X } = trainingRows(source, subjects.deal, featuresOf('deal', source.company), sim.clock.end);
  const scorer = scorerOf(loadArtifact(bytes), source.company);
  expect(scorer.explain(X, 0, 'probability')).toBeUndefined();
  const logit = (p: number) => Math.log(p / (1 - p));
  const usual = scorer.predict(X).probability;
  expect(usual.every((p) => p > 0 && p < 1)).toBe(true);

  // Few outcomes: the owner's record moves the log odds by what it says, when deals end stays as it was.
  const trust = header.record!;
  expect(trust).toBeGreaterThan(0.5);
  expect(trust).toBeLessThanOrEqual(1);
  const recorded = (own: number, company: number) => {
    const column = (value: number) => ({ type: 'number' as const, values: new Float64Array(X.ids.length).fill(value) });
    const columns = new Map([...X.columns, ['owner_record', column(own)], ['company_record', column(company)]]);
    return scorer.predict({ ...X, columns });
  };
  // Six of six won under a company at 30 %.
  const six = (6 + 20 * 0.3) / 26;
  const { probability, incidence } = recorded(six, 0.3);
  const ends = scorer.predict(X).incidence;
  for (const [row, p] of probability.entries()) {
    expect(logit(p) - logit(usual[row]!)).toBeCloseTo(trust * (logit(six) - logit(0.3)), 6);
    expect(p).toBeLessThan(0.95);
  }
  for (let i = 0; i < ends.length; i += 2) expect(incidence[i]! + incidence[i + 1]!).toBeCloseTo(ends[i]! + ends[i + 1]!, 9); // biome-ignore format: one loop
  expect(recorded(0.3, 0.3).probability).toEqual(usual);
  expect(recorded(Number.NaN, Number.NaN).probability).toEqual(usual);
}, 180_000);

describe('where there is nothing to find', () => {
  test('a company whose deals end by chance is low skill', async () => {
    const sim = simulate({ deals: 200, seed: 8, scenario: 'null' });
    const { header, selection } = await trainModel(simulatedSource(sim), subjects.deal, {
      until: sim.clock.end,
      profile: { ...profile, ridgeFitRows: 1_500 },
      seed: 1,
    });
    console.info(`null company: ${JSON.stringify(header.candidates)}`);
    expect(selection.chosen).toBe('baseRate');
    expect(header.lowSkill).toBe(true);
    expect(header.metrics['model']!['everAuc']).toBe(0.5);
  }, 180_000);

  test('outcomes dealt out at random to the deals of a company with signal: AUC within three standard errors of .5', async () => {
    const sim = simulate({ deals: 400, seed: 9 });
    const source = simulatedSource(sim);
    const data = trainingRows(source, subjects.deal, featuresOf('deal', source.company), sim.clock.end);
    const task = taskOf(subjects.deal, source.company, data.causes);
    const half = (k: number) => data.X.ids.flatMap((_, row) => (foldOf(data.account[row]!, 2, 'shuffled') === k ? [row] : [])); // biome-ignore format: one list
    const aucOf = async (rows: LandmarkRows): Promise<{ auc: number; error: number }> => {
      const [train, test] = [takeLandmarkRows(rows, half(0)), takeLandmarkRows(rows, half(1))];
      const wanted = ['ridge'] as const;
      const plan = { penalties: { ridge: 0.03 }, epochs: 0, networkSeed: 1 };
      const { states } = await fitCandidates(train, task, profile, 1, wanted, plan);
      // One row a deal, its last look: rows of one deal repeat each other.
      const last = test.X.ids.flatMap((id, row) => (test.X.ids.lastIndexOf(id) === row ? [row] : []));
      const looks = takeLandmarkRows(test, last);
      const judged = judge(looks, 91);
      const auc = measure(answersOf(states.get('ridge')!, task, looks, 91), judged)['everAuc']!;
      const n1 = judged.ever.event.filter((y) => y === 1).length;
      const n0 = judged.ever.event.length - n1;
      return { auc, error: Math.sqrt((n1 + n0 + 1) / (12 * n1 * n0)) };
    };
    const draw = random(testSeed);
    const ids = [...new Set(data.X.ids)];
    const other = [...ids];
    for (let i = other.length - 1; i > 0; i--) {
      const j = draw.below(i + 1);
      [other[i], other[j]] = [other[j]!, other[i]!];
    }
    const fate = new Map(data.X.ids.map((id, row) => [id, data.outcomes[row]!]));
    const swapped = new Map(ids.map((id, i) => [id, fate.get(other[i]!)!]));
    const shuffled = await aucOf({ ...data, outcomes: data.X.ids.map((id) => swapped.get(id)!) });
    const honest = await aucOf(data);
    console.info(`AUC ${honest.auc.toFixed(3)}, with shuffled labels ${shuffled.auc.toFixed(3)} +- ${shuffled.error.toFixed(3)}, seed ${testSeed}`); // biome-ignore format: one line
    expect(Math.abs(shuffled.auc - 0.5)).toBeLessThanOrEqual(3 * shuffled.error);
    expect(honest.auc).toBeGreaterThan(0.5 + 2 * honest.error);
  }, 180_000);
});
