import { expect, test } from 'vitest';
import { levelAt } from '../../api/level.ts';
import type { DealPrediction } from '../../api/ports.ts';
import { simulate, simulatedSource } from '../../datasets/synthetic.ts';
import { featureSets } from '../../features/index.ts';
import { snapshot } from '../../features/snapshot.ts';
import { dealState } from '../../src/subjects/deal.ts';
import { DAY, type Instant } from '../../src/time.ts';
import { type FactSource, type History, world } from '../../src/world.ts';

const sim = simulate({ deals: 150, seed: 23 });
const source = simulatedSource(sim);
const asOf = sim.clock.end - 200 * DAY;
const age = featureSets.deal.filter(({ name }) => name === 'deal_age_days');

/** Says the same of every deal: a share `a` of the window's deals ends by each cause. */
const saying = (version: string, a: number) => ({
  version,
  snapshot: (from: FactSource, rows: readonly { id: string; asOf: Instant }[]) => snapshot(from, age, rows, 'deal'),
  predict: () =>
    ({ causes: [{ name: 'won' }, { name: 'lost' }], endBy: () => Float64Array.of(a, a) }) as unknown as DealPrediction,
});

/** The source as it was when nothing after `at` was known. */
function before(at: Instant): FactSource {
  const cut = (history: History | undefined) =>
    history &&
    (Object.fromEntries(
      Object.entries(history).map(([kind, facts]) => [kind, facts.filter((fact) => fact.knownAt <= at)]),
    ) as History);
  return { ...source, ids: (of) => source.ids(of), history: (of, id) => cut(source.history(of, id)) };
}

test('what is learned later does not change the level of a moment', () => {
  const model = saying('v1', 0.2);
  expect([...(levelAt(before(asOf), model, asOf) as Float64Array)]).toEqual([
    ...(levelAt(source, model, asOf) as Float64Array),
  ]);
});

test('it is what the last 13 weeks brought beside what was said, counted the plain way', () => {
  const cut = source.company.calendar.startOfWeek(asOf);
  const from = cut - 91 * DAY;
  const brought = { won: 0, lost: 0 };
  let looked = 0;
  for (const id of source.ids('deal')) {
    const { deal, closed } = source.history('deal', id)!;
    const born = deal![0]!.knownAt;
    const open = dealState(world(source, from).past('deal', id)) === 'open';
    if (!open && !(born > from && born < cut)) continue;
    looked++;
    const close = closed?.[0];
    if (close && close.knownAt <= cut) brought[close.outcome!]++;
  }
  expect(looked).toBeGreaterThan(10);
  const [won, lost] = levelAt(source, saying('v2', 0.2), asOf) as Float64Array;
  expect(won).toBeCloseTo((brought.won + 30) / (0.2 * looked + 30), 12);
  expect(lost).toBeCloseTo((brought.lost + 30) / (0.2 * looked + 30), 12);
});
