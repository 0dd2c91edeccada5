import { describe, expect, it } from 'vitest';
import { type BlendHorizon, type BlendLook, blendOf, learnBlend, type Said, type VoicedCall, voicesOf } from '../../../models/forecast/blend.ts'; // biome-ignore format: one import
import { random } from '../../../src/random.ts';
import { DAY, WEEK } from '../../../src/time.ts';

/** How far off each voice is, as a share of what comes; null: it says nothing. `shared`: luck that nobody knows of. */
interface Truth {
  readonly model: number;
  readonly reps: number | null;
  readonly manager?: number | null;
  readonly periods: number;
  readonly shared?: number;
}

/** A ledger of known truth: quarters of three looks, errors independent between quarters and voices and alike within a quarter. */
function ledger({ model, reps, manager = null, periods, shared = 0.03 }: Truth, seed: number): BlendLook[] {
  const stream = random(seed);
  return Array.from({ length: periods }, (_, k) => {
    const [from, to] = [k * 91 * DAY, (k + 1) * 91 * DAY];
    const actualMinor = Math.round(1e8 * Math.exp(0.2 * stream.normal()));
    const luck = shared * stream.normal();
    const own = { foresell: stream.normal(), reps: stream.normal(), manager: stream.normal() };
    return [1, 5, 9].map((week): BlendLook => {
      const at = from + week * WEEK;
      const said = (voice: keyof Said, off: number | null) =>
        off === null ? null : actualMinor * (1 + luck + off * (own[voice] + 0.3 * stream.normal()));
      return {
        ...{ at, period: `q${k}`, periodTo: to, weeksLeft: Math.ceil((to - at) / WEEK), actualMinor },
        voices: { foresell: said('foresell', model), reps: said('reps', reps), manager: said('manager', manager) },
      };
    });
  }).flat();
}
const over = (seeds: number, truth: Truth) =>
  Array.from({ length: seeds }, (_, seed) => learnBlend(ledger(truth, seed + 1))).flat();
const share = (of: readonly BlendHorizon[], what: (one: BlendHorizon) => boolean) => of.filter(what).length / of.length;

describe('a blend of the model and people', () => {
  it('is used where people know something that the model does not: it beats both', () => {
    const found = over(10, { model: 0.25, reps: 0.25, periods: 60 });
    expect(share(found, ({ verdict }) => verdict === 'used')).toBeGreaterThan(0.6);
    for (const { verdict, wape, voiceWape, weights } of found) {
      if (verdict !== 'used') continue;
      expect(wape!).toBeLessThan(Math.min(voiceWape.foresell!, voiceWape.reps!));
      expect(weights.reps!).toBeGreaterThan(0.3);
      expect(weights.foresell! + weights.reps!).toBeCloseTo(1, 9);
    }
  });

  it('gives the most weight to people who know more', () => {
    const found = over(10, { model: 0.2, reps: 0.1, periods: 40 });
    for (const { weights } of found) expect(weights.reps!).toBeGreaterThan(weights.foresell!);
    const mean = found.reduce((sum, { weights }) => sum + weights.reps!, 0) / found.length;
    // The best shares of independent errors of .2 and .1 are 1 to 4, less what is drawn to equal ones.
    expect(mean).toBeGreaterThan(0.65);
    expect(mean).toBeLessThan(0.85);
  });

  it('is not used where they know nothing: theirs is the model’s number and noise', () => {
    const noisy = (seed: number) =>
      ledger({ model: 0.15, reps: 0.5, periods: 30 }, seed).map((look): BlendLook => {
        const { foresell, reps } = look.voices;
        return { ...look, voices: { ...look.voices, reps: foresell! + (reps! - look.actualMinor) } };
      });
    const found = Array.from({ length: 20 }, (_, seed) => learnBlend(noisy(seed + 1))).flat();
    expect(share(found, ({ verdict }) => verdict === 'used')).toBeLessThan(0.05);
    expect(found.filter(({ verdict }) => verdict === 'notBetter').every(({ over }) => over !== null)).toBe(true);
    const weight = found.reduce((sum, { weights }) => sum + weights.foresell!, 0) / found.length;
    expect(weight).toBeGreaterThan(0.8);
  });

  it('says so where there is too little history, and where nobody spoke', () => {
    for (const one of learnBlend(ledger({ model: 0.3, reps: 0.01, periods: 9 }, 1)))
      expect(one).toMatchObject({ verdict: 'tooFew', periods: 9, needed: 10, weights: {}, wape: null });
    for (const one of learnBlend(ledger({ model: 0.3, reps: null, periods: 40 }, 1)))
      expect(one).toMatchObject({ verdict: 'nobody', of: ['foresell'] });
    expect(learnBlend([])).toEqual([]);
  });

  it('leaves out whoever spoke too seldom, and takes three where three spoke', () => {
    const looks = ledger({ model: 0.2, reps: 0.2, manager: 0.2, periods: 40 }, 3);
    for (const one of learnBlend(looks)) expect(one.of).toEqual(['foresell', 'reps', 'manager']);
    const seldom = looks.map((look) => ({ ...look, voices: { ...look.voices, manager: look.periodTo > 35 * 91 * DAY ? look.voices.manager : null } })); // biome-ignore format: a row
    for (const one of learnBlend(seldom)) expect(one).toMatchObject({ of: ['foresell', 'reps'], periods: 40 });
  });

  it('learns nothing from a period that was not over at the look, and judges none that it learned from', () => {
    const looks = ledger({ model: 0.2, reps: 0.2, periods: 20 }, 8);
    const [one] = learnBlend(looks);
    expect(one).toMatchObject({ periods: 20, judged: 16 });
    // What the last period brought cannot change how those before it were judged, but by its own looks.
    const other = looks.map((look) => (look.period === 'q19' ? { ...look, actualMinor: look.actualMinor * 3 } : look));
    const without = (of: readonly BlendLook[]) => learnBlend(of.filter(({ period }) => period !== 'q19'))[0];
    expect(without(other)).toEqual(without(looks));
  });
});

describe('what people say of the whole', () => {
  const call = (of: Partial<VoicedCall>): VoicedCall => ({ kind: 'commit', by: 'owner', group: 'u', saidMinor: 0, expectedMinor: 0, nested: false, ...of }); // biome-ignore format: a row
  it('is the whole’s own call, else the model’s number with the groups that were called in their place', () => {
    const calls = [call({ saidMinor: 30, expectedMinor: 10 }), call({ group: 'v', saidMinor: 5, expectedMinor: 20 })];
    expect(voicesOf(100, 70, calls)).toEqual({ foresell: 100, reps: 105, manager: null });
    expect(voicesOf(100, 70, [...calls, call({ by: 'all', group: null, saidMinor: 90 })]).reps).toBe(90);
    expect(voicesOf(100, 70, [])).toEqual({ foresell: 100, reps: 70, manager: null });
  });

  it('counts a team below one that was called too only once', () => {
    const team = { kind: 'adjustment' as const, by: 'team' };
    const calls = [call({ ...team, group: 'asia', saidMinor: 80, expectedMinor: 60 }), call({ ...team, group: 'thai', saidMinor: 50, expectedMinor: 20, nested: true })]; // biome-ignore format: a list
    expect(voicesOf(100, null, calls)).toEqual({ foresell: 100, reps: null, manager: 120 });
  });

  it('is nothing where one of those who are blended is silent', () => {
    expect(blendOf({ foresell: 0.5, reps: 0.5 }, { foresell: 10, reps: 20, manager: null })).toBe(15);
    expect(blendOf({ foresell: 0.5, manager: 0.5 }, { foresell: 10, reps: 20, manager: null })).toBeNull();
  });
});
