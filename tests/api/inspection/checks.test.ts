import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Finding, findingsOf } from '../../../api/inspection/checks.ts';
import { concentrationOf } from '../../../api/inspection/concentration.ts';
import { measuresOf, type StageUsual, type Usual, usualOf } from '../../../api/inspection/usual.ts';
import { findingText } from '../../../api/inspection/words.ts';
import { simulate, simulatedSource } from '../../../datasets/synthetic.ts';
import { memorySource, type Told } from '../../../src/facts.ts';
import { noRates } from '../../../src/money-rates.ts';
import type { Fact } from '../../../src/records.ts';
import { quantile } from '../../../src/stats/quantile.ts';
import { dealState } from '../../../src/subjects/deal.ts';
import { DAY, type Instant } from '../../../src/time.ts';
import { world } from '../../../src/world.ts';
import { START, testCompany, testSeed } from '../../arbitraries.ts';
import { knownBefore } from '../../training/knownBefore.ts';

const sim = simulate({ deals: 120, seed: 12 });
const source = simulatedSource(sim);
const at = sim.clock.end - 60 * DAY + 3_600_000;

describe('what is usual of won deals', () => {
  const usual = usualOf(world(source, at));

  it('is learned from what was known then alone', () => {
    expect(usualOf(world(knownBefore(source, at + 1), at))).toEqual({ ...usual, at: expect.any(Function) });
    expect(usualOf(world(knownBefore(source, at - 90 * DAY), at))).not.toEqual({ ...usual, at: expect.any(Function) });
  });

  it('is what a walk day by day through each won deal finds', () => {
    const then = world(source, at);
    const won = then.ids('deal').filter((id) => dealState(then.past('deal', id)) === 'won');
    const stays: { stage: string; days: number; slipped: number }[] = [];
    for (const id of won) {
      const { change, closed } = source.history('deal', id)!;
      const end = closed![0]!.at;
      const stages = change!.filter((one) => one.field === 'stage' && one.at < end);
      stages.forEach((one, i) => {
        const to = stages[i + 1]?.at ?? end;
        const dates = change!.filter((other) => other.field === 'expected_close_date' && other.at <= to).map((other) => Number(other.value)); // biome-ignore format: one chain
        const slipped = dates.reduce((sum, date, k) => sum + (k > 0 ? Math.max(0, date - dates[k - 1]!) : 0), 0) / DAY;
        stays.push({ stage: String(one.value), days: (to - one.at) / DAY, slipped });
      });
    }
    expect(usual.stages[0]!.n).toBe(stays.length);
    for (const { stage, n, days, slippedDays } of usual.stages) {
      const own = stays.filter((stay) => stage === null || stay.stage === stage);
      expect(n).toBe(own.length);
      expect(days.look).toBeCloseTo(quantile(own.map((stay) => stay.days), 0.8), 9); // biome-ignore format: one check
      expect(slippedDays.act).toBeCloseTo(quantile(own.map((stay) => stay.slipped), 0.9), 9); // biome-ignore format: one check
    }
  });
});

describe('an open deal', () => {
  const NOW = START + 100 * DAY;
  const facts = (told: readonly Partial<Fact>[]) => told.map((fact, i): Told => ({ fact: { id: `f${i}`, knownAt: fact.at, ...fact } as Fact, about: { deal: 'd' } })); // biome-ignore format: a row
  const change = (day: number, field: string, value: string | number) => ({ kind: 'change', at: START + day * DAY, field, old: null, value, by: null }) as Partial<Fact>; // biome-ignore format: a row
  const act = (day: number, contactId: string | null, knownAt = START + day * DAY) => ({ kind: 'activity', at: START + day * DAY, knownAt, channel: 'call', direction: 'out', contactId, userId: null, participants: null }) as Partial<Fact>; // biome-ignore format: a row
  const born: Partial<Fact> = { kind: 'deal', at: START, dealId: 'd', accountId: null, leadId: null, pipeline: null, currency: 'THB' } as Partial<Fact>; // biome-ignore format: a row
  const threshold = (look: number, act: number) => ({ look, act, n: 40 });
  const stage: StageUsual = { stage: 'quoted', days: threshold(20, 30), slippedDays: threshold(10, 40), silentDays: threshold(14, 21), twoContacts: 0.85, n: 40 }; // biome-ignore format: a row
  const usual: Usual = { at: () => stage, stages: [stage], pushDays: 30, pushes: 9, monthEnds: { share: 0.3, beyondChance: true }, recordsActivities: true, recordsContacts: true }; // biome-ignore format: a row
  const day = (date: string): Instant => Date.parse(`${date}T00:00:00+07:00`);
  const found = (told: readonly Partial<Fact>[], of: Partial<Usual> = {}, chance?: number) => {
    const past = world(memorySource(testCompany, facts([born, ...told]), noRates), NOW).past('deal', 'd');
    return findingsOf(past, measuresOf(past), { ...usual, ...of }, chance);
  };
  const kinds = (findings: readonly Finding[]) => findings.map(({ check, level }) => `${check} ${level}`);
  const well = [
    change(95, 'stage', 'quoted'),
    change(0, 'expected_close_date', day('2025-05-14')),
    act(97, 'c1'),
    act(98, 'c2'),
  ];

  it('that is as won ones were shows nothing', () => {
    expect(found(well)).toEqual([]);
  });

  it.each<[string, Partial<Fact>[], string[]]>([
    [
      'longer in its stage than eight of ten',
      [change(75, 'stage', 'quoted'), act(97, 'c1'), act(98, 'c2')],
      ['stalled look'],
    ],
    ['than nine of ten', [change(60, 'stage', 'quoted'), act(97, 'c1'), act(98, 'c2')], ['stalled act']],
    [
      'pushed out by more than nine of ten',
      [...well, change(20, 'expected_close_date', day('2025-07-01'))],
      ['slipping act'],
    ],
    [
      'pulled in and pushed out again',
      [
        ...well,
        change(20, 'expected_close_date', day('2025-05-01')),
        change(30, 'expected_close_date', day('2025-05-14')),
      ],
      ['slipping look'],
    ],
    ['past its date', [...well, change(96, 'expected_close_date', day('2025-04-01'))], ['overdue act']],
    [
      'on the last day of a month',
      [
        ...well.filter(({ kind }) => kind === 'activity'),
        change(95, 'stage', 'quoted'),
        change(0, 'expected_close_date', day('2025-05-31')),
      ],
      ['monthEnd look'],
    ],
    [
      'silent, with nothing planned',
      [change(95, 'stage', 'quoted'), act(70, 'c1'), act(80, 'c2')],
      ['noNextStep look'],
    ],
    [
      'silent, with a meeting planned',
      [change(95, 'stage', 'quoted'), act(70, 'c1'), act(80, 'c2'), act(110, 'c2', START + 90 * DAY)],
      [],
    ],
    [
      'silent, with a meeting that is learned of later',
      [change(95, 'stage', 'quoted'), act(70, 'c1'), act(80, 'c2'), act(110, 'c2', START + 105 * DAY)],
      ['noNextStep look'],
    ],
    ['of one contact', [change(95, 'stage', 'quoted'), act(97, 'c1'), act(98, 'c1')], ['singleThreaded act']],
  ])('%s', (_what, told, expected) => {
    // biome-ignore format: a table
    const findings = found(told);
    expect(kinds(findings)).toEqual(expected);
    for (const finding of findings)
      for (const language of ['en', 'th'] as const)
        expect(findingText(finding, language)).not.toMatch(/NaN|undefined|null|\[object/);
  });

  it('is not held to what the company does not record, nor to chance', () => {
    const silent = [change(95, 'stage', 'quoted'), act(70, 'c1')];
    expect(kinds(found(silent, { recordsActivities: false, recordsContacts: false }))).toEqual([]);
    const monthEnd = [...well.slice(2), change(95, 'stage', 'quoted'), change(0, 'expected_close_date', day('2025-05-31'))]; // biome-ignore format: a list
    expect(kinds(found(monthEnd, { monthEnds: { share: 0.03, beyondChance: false } }))).toEqual([]);
    expect(kinds(found(silent, { at: () => undefined }))).toEqual([]);
  });

  it('whose record says otherwise than its stage needs a stage of which something ended', () => {
    expect(kinds(found(well, {}, 0.95))).toEqual([]);
    const then = world(source, at);
    const open = then.ids('deal').map((id) => then.past('deal', id)).find((past) => dealState(past) === 'open')!; // biome-ignore format: one chain
    const says = (chance: number | undefined) => findingsOf(open, measuresOf(open), { ...usual, at: () => undefined }, chance).filter(({ check }) => check === 'disagrees'); // biome-ignore format: one call
    expect(says(undefined)).toEqual([]);
    const [low, high] = [says(0.001)[0]!, says(0.999)[0]!];
    const rate = Number(low.evidence['stageRate']);
    expect(high.evidence['stageRate']).toBe(rate);
    expect(says(rate)).toEqual([]);
  });
});

describe('concentration', () => {
  it(`the fewest deals that hold half: no fewer do, and shares add up (seed ${testSeed})`, () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 9 }), (amounts) => {
        const expected = new Map(amounts.map((amount, i) => [`d${i}`, amount]));
        const all = amounts.reduce((sum, amount) => sum + amount, 0);
        const answer = concentrationOf(expected);
        if (all === 0) return void expect(answer).toBeUndefined();
        const { half, effectiveDeals, expectedMinor } = answer!;
        expect(expectedMinor).toBe(all);
        // Of all subsets of so few, none of one deal fewer holds half.
        let fewest = amounts.length;
        for (let set = 0; set < 2 ** amounts.length; set++) {
          const chosen = amounts.filter((_, i) => (set >> i) & 1);
          if (2 * chosen.reduce((sum, amount) => sum + amount, 0) >= all) fewest = Math.min(fewest, chosen.length);
        }
        expect(half.length).toBe(fewest);
        expect(effectiveDeals).toBeGreaterThanOrEqual(1 - 1e-9);
        expect(effectiveDeals).toBeLessThanOrEqual(amounts.length + 1e-9);
      }),
      { seed: testSeed, numRuns: 60 },
    );
  });
});
