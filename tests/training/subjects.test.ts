import { beforeAll, describe, expect, test } from 'vitest';
import { simulate, simulatedSource } from '../../datasets/synthetic.ts';
import { featuresOf } from '../../features/hash.ts';
import { loadArtifact } from '../../models/artifact.ts';
import { scorerOf } from '../../models/scorer.ts';
import { subjects } from '../../src/subjects/index.ts';
import { DAY } from '../../src/time.ts';
import { world } from '../../src/world.ts';
import { trainingRows } from '../../training/landmarkRows.ts';
import type { Profile } from '../../training/profiles.ts';
import { type Trained, trainModel } from '../../training/train.ts';
import { knownBefore } from './knownBefore.ts';

/** Small enough for a test. */
const profile: Profile = {
  name: 'fast',
  network: { members: 2, width: 8, dropout: 0.1, learningRate: 3e-3, decay: 3e-4, batch: 256, epochs: 3, patience: 3 },
  maxBins: 3,
  seeds: 1,
  ridgeFolds: 1,
  ridgeRows: 400,
  ridgeFitRows: 15_000,
};

const sim = simulate({ deals: 150, seed: 13 });
const source = simulatedSource(sim);
const until = sim.clock.end - 40 * DAY + 12_345_678;

describe.each(['lead', 'churn'] as const)('%s', (model) => {
  const subject = subjects[model];
  const { company } = source;
  let trained: Trained;
  beforeAll(async () => {
    trained = await trainModel(source, subject, { until, profile, seed: 5 });
  }, 120_000);

  test('the same bytes whether or not anything was recorded later, in any order', async () => {
    const known = knownBefore(source, until);
    const then = await trainModel(known, subject, { until, profile, seed: 5 });
    expect(then.header).toEqual(trained.header);
    expect(Buffer.from(then.bytes).equals(Buffer.from(trained.bytes))).toBe(true);
  }, 120_000);

  test('says what it learned from, what its number is of, and within how long', () => {
    const { header } = loadArtifact(trained.bytes);
    expect(header).toMatchObject({ model, withinDays: subject.withinDays(company), rho: 0 });
    expect(header.causes[0]).toEqual(subject.causes[0]);
    expect(header.edges).toContain(header.withinDays);
    const { positive, negative } = subject.sides;
    expect(Object.keys(header.trained.outcomes).sort()).toEqual([positive, negative, 'open'].sort());
    expect(header.trained.outcomes[positive]).toBeGreaterThan(0);
    expect(trained.verdict.promote).toBe(true);
  });

  test('its probability is the curve at the horizon; whoever is open gets one', () => {
    const scorer = scorerOf(loadArtifact(trained.bytes), company);
    const then = world(source, until);
    const open = then.ids(subject.of).filter((id) => subject.state(then.past(subject.of, id)).is === 'open');
    expect(open.length).toBeGreaterThan(5);
    const { X } = trainingRows(source, subject, featuresOf(model, company), until);
    const said = scorer.predict(X);
    for (const row of [0, 1, X.ids.length - 1]) {
      expect(said.probability[row]).toBeCloseTo(said.positiveBy(row, trained.header.withinDays!), 12);
      const why = scorer.explain(X, row, 'probability');
      if (!why) continue;
      const sum = [...why.contributions.values()].reduce((total, part) => total + part, why.base);
      expect(sum).toBeCloseTo(why.total, 2);
      expect(why.total).toBeCloseTo(Math.log(said.probability[row]! / (1 - said.probability[row]!)), 6);
    }
  });

  test('before anything ended it says what is missing', async () => {
    const early = trainModel(source, subject, { until: sim.clock.start, profile, seed: 5 });
    await expect(early).rejects.toMatchObject({ code: 'no-outcomes', message: expect.stringContaining(subject.needs) });
  });
});
