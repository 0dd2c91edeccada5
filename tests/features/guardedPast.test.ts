import { expect, test } from 'vitest';
import { simulatedSource } from '../../datasets/synthetic/source.ts';
import { simulate } from '../../datasets/synthetic.ts';
import { guardedPast } from '../../features/guardedPast.ts';
import { ownOf } from '../../features/own.ts';
import type { Past } from '../../src/world.ts';
import { world } from '../../src/world.ts';

const sim = simulate({ deals: 12, seed: 4, scenario: 'calm' });
const then = world(simulatedSource(sim), sim.clock.end);
const past = then.past('deal', then.ids('deal')[3]!);

const own = (compute: (past: Past) => number) =>
  ownOf({
    features: [
      { of: 'deal', name: 'own', type: 'number', unit: 'none', says: 'x', label: { en: 'x', th: 'x' }, idea: 'x', compute },
    ],
    labels: [],
  }).features[0]!; // biome-ignore format: one row

test('a feature of the company that sorts a list in place is told so, and no other look sees it', () => {
  const before = [...past.all('change')];
  const sorts = own((of) => (of.all('change') as unknown[]).reverse().length);
  expect(() => sorts.compute(past)).toThrow(/feature "own" failed \(Cannot assign to read only/);
  expect(past.all('change')).toEqual(before);
});

test('what it is handed says all that the past says', () => {
  const guarded = guardedPast(past);
  expect(guardedPast(past)).toBe(guarded);
  for (const kind of ['deal', 'change', 'activity', 'quoteLine'] as const) {
    expect(guarded.all(kind)).toEqual(past.all(kind));
    expect(guarded.within(kind, 30)).toEqual(past.within(kind, 30));
    expect(guarded.planned(kind)).toEqual(past.planned(kind));
    expect(guarded.viaContact(kind)).toEqual(past.viaContact(kind));
    expect(guarded.last(kind)).toEqual(past.last(kind));
  }
  expect(guarded.changes('stage')).toEqual(past.changes('stage'));
  expect([guarded.value('stage'), guarded.id, guarded.of, guarded.asOf]).toEqual([past.value('stage'), past.id, past.of, past.asOf]); // biome-ignore format: one look
  expect(guarded.account?.id).toBe(past.account?.id);
  expect(guarded.owner?.value('team_id')).toBe(past.owner?.value('team_id'));
  expect(guarded.norms).toBe(past.norms);
  expect(guarded.lead?.id).toBe(past.lead?.id);
  expect(guarded.product('none')).toBeUndefined();
  expect(guarded.baseMinor(5, null)).toBe(past.baseMinor(5, null));
});
