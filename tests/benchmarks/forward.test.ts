import { describe, expect, it } from 'vitest';
import { forwardParts } from '../../benchmarks/peers/forwardXgboost.ts';
import { eventOf, forwardWorld, judgedWeeks, settledRows } from '../../benchmarks/quality/forwardWorld.ts';
import { entitiesBySide } from '../../benchmarks/quality/nullWorld.ts';
import { simulate, simulatedSource } from '../../datasets/synthetic.ts';
import { modelNames } from '../../src/subjects/index.ts';
import { DAY } from '../../src/time.ts';

const sim = simulate({ deals: 60, seed: 31, scenario: 'calm' });
const source = simulatedSource(sim);

describe('a company cut in time', () => {
  it('judges only weeks whose outcomes the records still hold, all after the cut', () => {
    for (const model of modelNames) {
      const { weeks, cut } = judgedWeeks(sim, model, 91);
      expect(weeks.length).toBeGreaterThan(2);
      expect(sim.clock.at(weeks[0]!)).toBeGreaterThanOrEqual(cut);
      expect(sim.clock.at(weeks.at(-1)!) + 91 * DAY).toBeLessThanOrEqual(sim.clock.end);
    }
  });

  it('trains on what was known at the cut and judges whoever came after it', () => {
    const { train, test, cut, truth, event, days } = forwardWorld(sim, source, 'deal', 4);
    expect(Math.max(...train.X.asOf)).toBeLessThan(cut);
    for (const { knownAt, cause } of train.outcomes) if (cause) expect(knownAt).toBeLessThanOrEqual(cut);
    expect(Math.min(...test.X.asOf)).toBeGreaterThanOrEqual(cut);
    expect(Math.min(...test.bornAt)).toBeGreaterThanOrEqual(cut);
    expect(truth).toHaveLength(test.X.ids.length);
    expect(event).toEqual(eventOf(test, days));
    for (const p of truth) expect(p).toBeGreaterThanOrEqual(0);
    // Nothing is left undecided: each ended, or its days have passed.
    for (const { cause, timeDays } of test.outcomes) expect(cause !== undefined || timeDays >= days).toBe(true);
  });
});

describe('what a peer may train on', () => {
  it('takes a row once its days have passed at the cut, however it ended', () => {
    const rows = { X: { ids: ['a', 'b'], asOf: Float64Array.of(0, 50 * DAY), columns: new Map() } };
    expect(settledRows({ ...rows, outcomes: [], account: [], bornAt: new Float64Array(2) }, 100 * DAY, 91)).toEqual([
      0,
    ]);
  });

  it('judges a setting on the newest fifth and fits it on what was known before', () => {
    const asOf = Array.from({ length: 100 }, (_, i) => i * DAY);
    const { fit, held } = forwardParts(asOf, asOf.map(String), 10);
    expect(held).toEqual(Array.from({ length: 20 }, (_, i) => 80 + i));
    expect(fit).toEqual(Array.from({ length: 71 }, (_, i) => i));
  });
});

it('counts each deal once, whatever the number of its looks', () => {
  expect(entitiesBySide(['a', 'a', 'b', 'c', 'c'], [0, 1, 0, 0, 0])).toEqual({ positive: 1, negative: 2 });
});
