import { expect, it } from 'vitest';
import { movesBetween } from '../../../api/inspection/moves.ts';
import { memorySource, type Told } from '../../../src/facts.ts';
import { noRates } from '../../../src/money-rates.ts';
import type { Fact } from '../../../src/records.ts';
import { DAY } from '../../../src/time.ts';
import { world } from '../../../src/world.ts';
import { START, testCompany } from '../../arbitraries.ts';

const told = (deal: string, facts: readonly Partial<Fact>[]) =>
  facts.map((fact, i): Told => ({ fact: { id: `${deal}${i}`, knownAt: fact.at, ...fact } as Fact, about: { deal } }));
const born = (dealId: string) => ({ kind: 'deal', at: START, dealId, accountId: null, leadId: null, pipeline: null, currency: 'THB' }) as Partial<Fact>; // biome-ignore format: a row
const change = (day: number, field: string, old: string | number | null, value: string | number) => ({ kind: 'change', at: START + day * DAY, field, old, value, by: null }) as Partial<Fact>; // biome-ignore format: a row

it('a value known for the first time is no move away from another', () => {
  // As the first import of an export without history tells it: today's values, and nothing of what was before.
  const first = [born('d'), change(20, 'owner_id', null, 'u'), change(20, 'stage', null, 'Proposal'), change(20, 'amount', null, 100), change(20, 'forecast_category', null, 'commit')]; // biome-ignore format: a row
  const then = [born('e'), change(1, 'owner_id', null, 'u'), change(20, 'owner_id', 'u', 'v')];
  const source = memorySource(testCompany, [...told('d', first), ...told('e', then)], noRates);
  const moves = movesBetween(world(source, START + 10 * DAY), world(source, START + 30 * DAY));
  expect(moves.get('d')!.kinds).toEqual(['filledIn']);
  expect(moves.get('d')!.fields.map(({ field, from }) => [field, from])).toEqual([
    ['stage', null],
    ['amount', null],
    ['owner_id', null],
    ['forecast_category', null],
  ]);
  expect(moves.get('e')!.kinds).toEqual(['owner']);
});
