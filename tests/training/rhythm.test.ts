import { beforeAll, describe, expect, test } from 'vitest';
import { simulate, simulatedSource } from '../../datasets/synthetic.ts';
import { featuresOf } from '../../features/hash.ts';
import { loadArtifact } from '../../models/artifact.ts';
import { bgNbdSilence } from '../../models/clv/bgNbd.ts';
import { scorerOf } from '../../models/scorer.ts';
import type { EntityKind, Fact } from '../../src/records.ts';
import { subjects } from '../../src/subjects/index.ts';
import { DAY, type Instant } from '../../src/time.ts';
import type { FactSource, History } from '../../src/world.ts';
import { fitCandidates } from '../../training/fitCandidates.ts';
import { trainingRows } from '../../training/landmarkRows.ts';
import type { Profile } from '../../training/profiles.ts';
import { byContract, chooseRhythm, fitRhythm, silenceLosses } from '../../training/rhythm.ts';
import { taskOf } from '../../training/task.ts';
import { trainModel } from '../../training/train.ts';

const profile: Profile = {
  name: 'fast',
  network: { members: 2, width: 8, dropout: 0.1, learningRate: 3e-3, decay: 3e-4, batch: 256, epochs: 2, patience: 2 },
  maxBins: 3,
  seeds: 1,
  ridgeFolds: 1,
  ridgeRows: 300,
  ridgeFitRows: 2000,
};

/** The company as if nothing learned at or after `until` had been recorded. */
function knownBefore(source: FactSource, until: Instant): FactSource {
  const cut = (history: History | undefined): History | undefined => {
    const kept = Object.entries(history ?? {}).flatMap(([kind, facts]) => {
      const known = (facts as readonly Fact[]).filter((fact) => fact.knownAt < until);
      return known.length ? [[kind, known] as const] : [];
    });
    return kept.length ? (Object.fromEntries(kept) as History) : undefined;
  };
  const history = (of: EntityKind, id: string) => cut(source.history(of, id));
  const ids = (of: EntityKind) => [...source.ids(of)].filter((id) => history(of, id)).reverse();
  return { company: source.company, rates: source.rates, ids, history };
}

const subject = subjects.churn;
const sim = simulate({ deals: 200, seed: 11, scenario: 'retail' });
const source = simulatedSource(sim);
const { company } = source;
const until = sim.clock.end - 190 * DAY + 12_345_678;
const rows = trainingRows(source, subject, featuresOf('churn', company), until);
const task = taskOf(subject, company, rows.causes);

describe('the law of customers without contract', () => {
  const rhythm = fitRhythm(source, subject, task, until)!;

  test('is the same whether or not anything was recorded later, in any order', () => {
    expect(fitRhythm(knownBefore(source, until), subject, task, until)).toEqual(rhythm);
  });
  test('is fitted only of those that have such customers, and enough of them', () => {
    expect(fitRhythm(source, subjects.deal, task, until)).toBeUndefined();
    expect(fitRhythm(source, subject, task, sim.clock.start)).toBeUndefined();
  });
  test('stands where the hazards do not beat it by an error, and gives way where they do', async () => {
    expect(byContract(rows).bound.X.ids).toEqual([]);
    const { states } = await fitCandidates(rows, task, profile, 1, ['baseRate'], undefined);
    const base = states.get('baseRate')!;
    const against = chooseRhythm(rhythm, base, base, task, rows)!;
    expect(against.chosen).toBe(true);
    expect(against.losses.law).toBeLessThan(against.losses.baseRate);
    // One that knows nothing: a slow company of which nobody returns, said of a lively one.
    const poor = { ...rhythm, law: { r: 0.01, alpha: 1e6, a: 5, b: 1 } };
    expect(chooseRhythm(poor, base, base, task, rows)).toMatchObject({ chosen: false });
  });
  test('losses are of silence up to the horizon, and nothing else', async () => {
    const { states } = await fitCandidates(rows, task, profile, 1, ['baseRate'], undefined);
    const losses = silenceLosses(states.get('baseRate')!, task, rhythm, rows);
    expect(new Set(losses).size).toBeLessThanOrEqual(2);
  });
});

describe('churn of a company without contracts', () => {
  let trained: Awaited<ReturnType<typeof trainModel>>;
  beforeAll(async () => {
    trained = await trainModel(source, subject, { until, profile, seed: 5 });
  }, 120_000);

  test('says which of the two serves, and why; both losses are reported', () => {
    const { header } = trained;
    const { noContract } = header.candidates;
    expect(Object.keys(noContract!).sort()).toEqual(['baseRate', 'hazards', 'law']);
    expect(header.notes.filter((note) => note.includes('BG/NBD'))).toHaveLength(2);
    expect(header.lowSkill).toBe(false);
  });
  test('the same bytes whether or not anything was recorded later', async () => {
    const then = await trainModel(knownBefore(source, until), subject, { until, profile, seed: 5 });
    expect(then.header).toEqual(trained.header);
    expect(Buffer.from(then.bytes).equals(Buffer.from(trained.bytes))).toBe(true);
  }, 120_000);
  test('serves the law as fitted on all that was known', () => {
    const artifact = loadArtifact(trained.bytes);
    if (!artifact.header.chosen.includes('BG/NBD')) return expect(artifact.state.rhythm).toBeUndefined();
    expect(artifact.state.rhythm).toEqual(fitRhythm(source, subject, task, until));
    const { probability } = scorerOf(artifact, company).predict(rows.X);
    const value = (name: string, row: number) => {
      const column = rows.X.columns.get(name);
      return column?.type === 'number' ? column.values[row]! : Number.NaN;
    };
    for (let row = 0; row < rows.X.ids.length; row += 97) {
      const T = value('order_first_age_days', row);
      const customer = { x: value('order_day_count', row) - 1, tx: T - value('order_age_days', row), T };
      if (customer.x === 0) continue;
      expect(probability[row]).toBeCloseTo(bgNbdSilence(artifact.state.rhythm!.law, customer, 180), 3);
    }
  });
});
