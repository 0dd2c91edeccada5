import { describe, expect, test } from 'vitest';
import { company, companySettings } from '../../../src/company.ts';
import { memorySource, type Told } from '../../../src/facts.ts';
import type { Fact } from '../../../src/records.ts';
import { defineLabel, type Label, subjectOfLabel } from '../../../src/subjects/index.ts';
import { landmarks } from '../../../src/subjects/landmarks.ts';
import { outcomesOf } from '../../../src/subjects/outcomes.ts';
import { DAY } from '../../../src/time.ts';
import { world } from '../../../src/world.ts';

const T0 = Date.UTC(2026, 0, 5);
const day = (days: number) => T0 + days * DAY;
let serial = 0;
const told = (kind: Fact['kind'], about: Told['about'], at: number, known = at, fields: object = {}): Told => ({
  fact: { kind, id: `${kind}:${serial++}`, at: day(at), knownAt: day(known), ...fields } as unknown as Fact,
  about,
});
const account = (at: number) => told('account', { account: 'a' }, at);
const order = (at: number, known = at) => told('order', { account: 'a' }, at, known, { status: null });
const deal = (at: number) => told('deal', { deal: 'd' }, at, at, { accountId: null, pipeline: null });
const lost = (at: number) => told('closed', { deal: 'd' }, at, at, { outcome: 'lost', cause: null });
const activity = (at: number, known = at) => told('activity', { deal: 'd' }, at, known, { channel: 'meeting' });
const source = (facts: readonly Told[]) => memorySource(company(companySettings.parse({})), facts);

/** What becomes of whom it is about, looked at on a day, by what is known on another: days, cause, day known. */
const outcome = (label: Label, id: string, facts: readonly Told[], asOf: number, until: number) => {
  const [one] = outcomesOf(source(facts), subjectOfLabel(label), [{ id, asOf: day(asOf) }], day(until));
  return [one!.timeDays, one!.cause?.name, (one!.knownAt - T0) / DAY];
};
const state = (label: Label, id: string, facts: readonly Told[], at: number) =>
  subjectOfLabel(label).state(world(source(facts), day(at)).past(label.of, id));
const looks = (label: Label, id: string, facts: readonly Told[], until: number) =>
  landmarks(source(facts), subjectOfLabel(label), id, day(until)).map(({ asOf }) => (asOf - T0) / DAY);

describe('a label of customers: another order within 60 days', () => {
  const reorder = defineLabel({
    name: 'reorder',
    of: 'account',
    withinDays: 60,
    sides: { positive: 'ordered', negative: 'silent' },
    ending: (_past, future) => future.all('order')[0],
  });
  test('the first order after the look, or silence at the horizon; not known before then', () => {
    const facts = [account(0), order(10), order(40), order(200)];
    expect(outcome(reorder, 'a', facts, 0, 365)).toEqual([10, 'ordered', 10]);
    expect(outcome(reorder, 'a', facts, 10, 365)).toEqual([30, 'ordered', 40]);
    expect(outcome(reorder, 'a', facts, 50, 365)).toEqual([60, 'silent', 110]);
    expect(outcome(reorder, 'a', facts, 50, 100)).toEqual([50, undefined, Number.POSITIVE_INFINITY]);
    expect(outcome(reorder, 'a', facts, 140, 200)).toEqual([60, 'ordered', 200]); // on the last day it counts
  });
  test('an order that had happened, and was only learned later, belongs to the look before', () => {
    const facts = [account(0), order(10, 20)];
    expect(outcome(reorder, 'a', facts, 15, 365)).toEqual([60, 'silent', 75]);
    expect(outcome(reorder, 'a', facts, 5, 365)).toEqual([5, 'ordered', 20]);
  });
  test('is asked of every known customer, every 30 days', () => {
    const facts = [account(5), order(10)];
    expect([0, 5, 400].map((at) => state(reorder, 'a', facts, at).is)).toEqual(['absent', 'open', 'open']);
    expect(looks(reorder, 'a', facts, 100)).toEqual([5, 35, 65, 95]);
    expect(looks({ ...reorder, everyDays: 50 }, 'a', facts, 100)).toEqual([5, 55]);
  });
});

describe('a label of deals: a meeting within 14 days, while they are open and have had none', () => {
  const met = defineLabel({
    name: 'met',
    of: 'deal',
    withinDays: 14,
    state: (past) => {
      const first = past.all('activity')[0];
      return first ? { is: 'ended', as: 'met', at: first.at } : { is: 'open' };
    },
    ending(_past, future) {
      const ends = [future.all('activity')[0], future.all('closed')[0]].filter((fact) => fact !== undefined);
      const first = ends.sort((a, b) => a.at - b.at)[0];
      if (!first) return undefined;
      const { at, knownAt } = first;
      return first.kind === 'closed' ? { at, knownAt, cause: { name: 'closed', positive: false } } : { at, knownAt };
    },
  });
  test('its own states count where the deal is open', () => {
    const facts = [deal(0), activity(20), lost(40)];
    expect(state(met, 'd', facts, 10)).toEqual({ is: 'open' });
    expect(state(met, 'd', facts, 30)).toEqual({ is: 'ended', as: 'met', at: day(20) });
    expect(state(met, 'd', facts, 50)).toMatchObject({ is: 'ended', as: 'lost' });
    expect(looks(met, 'd', facts, 100)).toEqual([0, 14]);
  });
  test('a side has the name, its other "not", and causes of its own', () => {
    expect(outcome(met, 'd', [deal(0), activity(8, 9)], 0, 50)).toEqual([8, 'met', 9]);
    expect(outcome(met, 'd', [deal(0)], 0, 50)).toEqual([14, 'not met', 14]);
    expect(outcome(met, 'd', [deal(0), lost(6)], 0, 50)).toEqual([6, 'closed', 6]);
    // It does not come again: what had happened by the look, and was not known, has happened.
    expect(outcome(met, 'd', [deal(0), activity(4, 9)], 6, 50)).toEqual([0, 'met', 9]);
  });
  test('the horizon is an edge of its bins', () => {
    expect(subjectOfLabel(met).bins(source([]).company)).toEqual([0, 3, 7, 14]);
    expect(
      subjectOfLabel({ ...met, withinDays: 100 })
        .bins(source([]).company)
        .at(-1),
    ).toBe(100);
  });
  test('what fails names the label', () => {
    const odd: Label = { ...met, state: () => { throw new Error('odd'); } }; // biome-ignore format: one label
    expect(() => state(odd, 'd', [deal(0)], 10)).toThrow(
      /label "met" failed on deal "d" as of 2026-01-15.*: odd; mend/,
    );
  });
});
