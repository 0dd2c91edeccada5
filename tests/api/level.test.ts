import { expect, test } from 'vitest';
import { levelAt } from '../../api/level.ts';
import { simulate, simulatedSource } from '../../datasets/synthetic.ts';
import { featureSets } from '../../features/index.ts';
import { snapshot } from '../../features/snapshot.ts';
import { levelOf } from '../../models/level.ts';
import { dealState } from '../../src/subjects/deal.ts';
import { DAY, type Instant, WEEK } from '../../src/time.ts';
import { type FactSource, world } from '../../src/world.ts';
import { before } from './before.ts';

type Said = ReturnType<Parameters<typeof levelAt>[1]['predict']>;

const sim = simulate({ deals: 150, seed: 23 });
const source = simulatedSource(sim);
const asOf = sim.clock.end - 200 * DAY;
const age = featureSets.deal.filter(({ name }) => name === 'deal_age_days');

/** Says the same of every deal: a share `won` of a stretch's deals is won, a share `lost` lost. */
const saying = (version: string, won: number, lost: number) => ({
  version,
  snapshot: (from: FactSource, rows: readonly { id: string; asOf: Instant }[]) => snapshot(from, age, rows, 'deal'),
  predict: () =>
    ({ causes: [{ name: 'won' }, { name: 'lost' }], endBy: () => Float64Array.of(won, lost) }) as unknown as Said,
});

test('what is learned later does not change the level of a moment', () => {
  const model = saying('v1', 0.05, 0.1);
  expect([...(levelAt(before(source, asOf), model, asOf) as Float64Array)]).toEqual([
    ...(levelAt(source, model, asOf) as Float64Array),
  ]);
});

test('it is what nine stretches of four weeks brought beside what was said, counted the plain way', () => {
  const { calendar } = source.company;
  const cut = calendar.startOfWeek(asOf);
  const weeks = Math.round((cut - calendar.startOfWeek(0)) / WEEK);
  const begun = weeks % 4 === 0 ? 4 : weeks % 4;
  const history = Array.from({ length: 9 }, (_, k) => {
    const from = cut - (begun + (8 - k) * 4) * WEEK;
    const end = k === 8 ? cut : from + 4 * WEEK;
    const observed = [0, 0];
    let looked = 0;
    for (const id of source.ids('deal')) {
      const { deal, closed } = source.history('deal', id)!;
      const born = deal![0]!.knownAt;
      const open = dealState(world(source, from).past('deal', id)) === 'open';
      if (!open && !(born > from && born < end)) continue;
      looked++;
      const close = closed?.[0];
      if (close && close.knownAt <= end) observed[close.outcome === 'won' ? 0 : 1]!++;
    }
    expect(looked).toBeGreaterThan(10);
    return { weeks: (end - from) / WEEK, observed, expected: [0.05 * looked, 0.1 * looked] };
  });
  const got = levelAt(source, saying('v2', 0.05, 0.1), asOf) as Float64Array;
  expect([...got]).toEqual([...levelOf(history)].map((level) => expect.closeTo(level, 12)));
  expect(got[0]).not.toBe(1);
});

test('a week later only the newest stretch is looked at again, and the same week not at all', () => {
  let looks = 0;
  const model = saying('v3', 0.1, 0.1);
  const counting = {
    ...model,
    predict: () => {
      looks++;
      return model.predict();
    },
  };
  const counted = (at: Instant) => {
    looks = 0;
    levelAt(source, counting, at);
    return looks;
  };
  const monday = source.company.calendar.startOfWeek(asOf);
  expect(counted(monday)).toBe(9);
  expect(counted(monday + 3 * DAY)).toBe(0);
  expect(counted(monday + WEEK)).toBe(1);
});
