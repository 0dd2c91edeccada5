import { z } from '@hono/zod-openapi';
import { type BlendHorizon, voices } from '../models/forecast/blend.ts';
import { periodKinds } from '../src/periods.ts';
import { formatInstant } from '../src/time.ts';
import type { BlendSaid } from './blend.ts';
import { instant, money } from './schemas/common.ts';

const byVoice = z.object({ foresell: z.number().optional(), reps: z.number().optional(), manager: z.number().optional() }); // biome-ignore format: a row

export const blendHorizon = z.object({
  fromWeeks: z.int(),
  toWeeks: z.int(),
  of: z.array(z.enum(voices)).openapi({
    description:
      'reps: commits, or commit + half of best case where nobody committed; manager: adjustments. A voice that spoke at too few periods is left out.',
  }),
  weights: byVoice.openapi({ description: 'Learned from all periods; they add up to 1.' }),
  periods: z.int(),
  judged: z.int().openapi({ description: 'Periods that judged it, each by weights learned from those before.' }),
  looks: z.int(),
  wape: z.number().nullable(),
  voiceWape: byVoice.openapi({ description: 'Of each voice at the same looks.' }),
  p: byVoice.openapi({
    description: 'Chance that it beats a voice by as much without being better; at most .05 of each is asked.',
  }),
  verdict: z.enum(['used', 'nobody', 'tooFew', 'notBetter']),
  over: z.enum(voices).nullable(),
  needed: z.int(),
  says: z.string(),
});

export const blendAnswer = z
  .object({
    used: z.boolean(),
    expected: money.nullable().openapi({ description: 'Null where it is not used.' }),
    learnedAt: instant,
    of: z.enum(periodKinds),
    horizon: blendHorizon.nullable(),
    says: z.string(),
  })
  .nullable()
  .openapi({
    description:
      'A learned blend of the model, reps and managers, beside the model’s number, which it never changes. Null until `foresell backtest --model forecast` has learned one of such periods. Of the whole, in the base currency, with the usual parts.',
  });

const name = { foresell: 'the model', reps: 'the reps', manager: 'the managers' } as const;
const percent = (share: number) => `${Math.round(100 * share)} %`;

/** Whether a blend is used, and why not, in words. @param many what periods are called, of a number of them */
export function saysBlend(one: BlendHorizon, many: (n: number) => string = (n) => `${n} periods`): string {
  const { verdict, weights, of, wape, voiceWape, over, judged, periods, needed } = one;
  if (verdict === 'nobody') return 'not used: nobody put a number beside the forecast, or recorded categories';
  if (verdict === 'tooFew') return `not used: people and model spoke at ${many(periods)}, it takes ${needed}`;
  const off = `off by ${percent(wape ?? 0)} at ${many(judged)} (${of.map((voice) => `${name[voice]} ${percent(voiceWape[voice] ?? 0)}`).join(', ')})`;
  if (verdict === 'notBetter') return `not used: ${off}, not better than ${name[over!]} beyond chance`;
  return `${of.map((voice) => `${percent(weights[voice]!)} ${name[voice]}`).join(', ')}: ${off}`;
}

export const blendHorizonJson = (one: BlendHorizon): z.infer<typeof blendHorizon> => ({ ...one, of: [...one.of], says: saysBlend(one) }); // biome-ignore format: a row

/** The line beside a forecast. */
export function blendJson(said: BlendSaid | undefined, currency: string): z.infer<typeof blendAnswer> {
  if (!said) return null;
  const { horizon, expectedMinor, silent, learnedAt, of } = said;
  const says =
    horizon === null
      ? 'not used: nothing was learned of looks so long before the end'
      : silent !== null
        ? `not used now: ${name[silent]} ${silent === 'foresell' ? 'says' : 'say'} nothing of this period`
        : saysBlend(horizon);
  return {
    used: expectedMinor !== null,
    expected: expectedMinor === null ? null : { minor: expectedMinor, currency },
    learnedAt: formatInstant(learnedAt),
    of,
    horizon: horizon && blendHorizonJson(horizon),
    says,
  };
}

export const blendHorizonExample: z.infer<typeof blendHorizon> = {
  ...{ fromWeeks: 5, toWeeks: 8, of: ['foresell', 'reps'], weights: { foresell: 0.42, reps: 0.58 } },
  ...{ periods: 24, judged: 20, looks: 20, wape: 0.11, voiceWape: { foresell: 0.15, reps: 0.14 } },
  ...{ p: { foresell: 0.003, reps: 0.012 }, verdict: 'used', over: null, needed: 10 },
  says: '42 % the model, 58 % the reps: off by 11 % at 20 periods (the model 15 %, the reps 14 %)',
};
