import { describe, expect, it } from 'vitest';
import { keepBlend } from '../../api/blend.ts';
import { forecastAnswer } from '../../api/forecastAnswer.ts';
import type { BlendHorizon } from '../../models/forecast/blend.ts';
import { LIVE, testApp } from './company.ts';

const horizon = (of: Partial<BlendHorizon> = {}): BlendHorizon => ({
  ...{ fromWeeks: 5, toWeeks: 8, of: ['foresell', 'reps'], weights: { foresell: 0.25, reps: 0.75 } },
  ...{ periods: 20, judged: 16, looks: 16, wape: 0.1, voiceWape: { foresell: 0.2, reps: 0.15 }, p: { foresell: 0.01, reps: 0.02 } }, // biome-ignore format: a row
  ...{ verdict: 'used', over: null, needed: 10, ...of },
});

async function app() {
  const { store, ask, post } = await testApp();
  const forecast = async (query = '') => forecastAnswer.parse(await (await ask(`/v1/forecast${query}`)).json());
  const call = async (adjustment: object) => {
    const answer = await post('/v1/forecast/adjustments', { adjustments: [{ reason: 'x', ...adjustment }] });
    expect(answer.status, await answer.clone().text()).toBe(200);
  };
  return { store, forecast, call };
}
const thb = (minor: number) => ({ minor, currency: 'THB' });

describe('the blend beside a forecast', () => {
  it('is there once one was learned, weighs what is said now, and never changes the model’s number', async () => {
    const { store, forecast, call } = await app();
    const plain = await forecast();
    expect(plain.blend).toBeNull();
    keepBlend(store, LIVE, 'quarter', [horizon()]);
    expect((await forecast()).blend).toMatchObject({ used: false, expected: null, says: 'not used now: the reps say nothing of this period' }); // biome-ignore format: one check
    await call({ kind: 'commit', by: 'owner', id: 'u1', amount: thb(50_000_00) });
    const after = await forecast();
    const owner = (await forecast('?by=owner')).groups.find(({ id }) => id === 'crm:u1')!;
    const reps = plain.total.expected.minor + 50_000_00 - owner.expected.minor;
    expect(after.blend).toMatchObject({ used: true, of: 'quarter', expected: thb(Math.round(0.25 * plain.total.expected.minor + 0.75 * reps)) }); // biome-ignore format: one check
    expect(after.blend!.says).toContain('75 % the reps');
    expect(after.total).toEqual(plain.total);
    await call({ kind: 'commit', amount: thb(700_000_00) });
    expect((await forecast()).blend!.expected).toEqual(thb(Math.round(0.25 * plain.total.expected.minor + 0.75 * 700_000_00))); // biome-ignore format: one check
  });

  it('is of such periods, currency and parts as it was learned of, and says why it is not used', async () => {
    const { store, forecast, call } = await app();
    await call({ kind: 'commit', amount: thb(700_000_00) });
    keepBlend(store, LIVE, 'quarter', [horizon({ verdict: 'notBetter', over: 'reps' })]);
    expect((await forecast()).blend).toMatchObject({ used: false, says: 'not used: off by 10 % at 16 periods (the model 20 %, the reps 15 %), not better than the reps beyond chance' }); // biome-ignore format: one check
    for (const query of ['?period=2026-05', '?period=2026', '?parts=open', '?currency=USD'])
      expect((await forecast(query)).blend).toBeNull();
    keepBlend(store, LIVE + 1, 'quarter', [horizon({ fromWeeks: 9, toWeeks: 14 })]);
    expect((await forecast()).blend).toMatchObject({ used: false, horizon: null });
    keepBlend(store, LIVE + 2, 'quarter', [horizon({ verdict: 'tooFew', periods: 30, weights: {} })]);
    expect((await forecast()).blend!.says).toBe('not used: people and model spoke at 30 periods, it takes 10');
  });

  it('is not unseated by one that was learned from fewer periods', async () => {
    const { store } = await app();
    expect(keepBlend(store, LIVE, 'month', [horizon()])).toBe(true);
    expect(keepBlend(store, LIVE + 1, 'month', [horizon({ periods: 3 })])).toBe(false);
    expect(store.blendLearned('month')!.at).toBe(LIVE);
    expect(keepBlend(store, LIVE + 2, 'month', [horizon({ periods: 21 })])).toBe(true);
    expect(store.blendLearned('month')!.at).toBe(LIVE + 2);
    expect(store.blendLearned('quarter')).toBeUndefined();
  });
});
