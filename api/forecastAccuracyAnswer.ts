import { z } from '@hono/zod-openapi';
import { type LedgerJudgement, type LedgerLook, ways } from '../models/forecast/ledger.ts';
import { groupings } from '../models/forecast/rollup.ts';
import { periodKinds } from '../src/periods.ts';
import { formatInstant } from '../src/time.ts';
import { blendHorizon, blendHorizonExample, blendHorizonJson } from './blendAnswer.ts';
import type { Engine } from './engine.ts';
import type { Accuracy } from './forecastAccuracy.ts';
import { instant, money } from './schemas/common.ts';

const share = z.number().nullable();
const figures = z.object({
  way: z.enum(ways).openapi({
    description:
      'foresell; usual: booked + open x rate of the same stage and week + usual new business; stageRate: stage percentage x expected date; categories: commit + half of best case.',
  }),
  looks: z.int(),
  bias: share.openapi({ description: 'Sum (said - came) / sum came; above 0: too much was said.' }),
  wape: share.openapi({ description: 'Sum |said - came| / sum came.' }),
  pinball10: share.openapi({ description: 'Pinball loss of p10 / mean that came; likewise 50 and 90.' }),
  pinball50: share,
  pinball90: share,
  coverage80: share.openapi({ description: 'Share of looks whose p10 to p90 held what came.' }),
});
const owner = z.object({
  id: z.string().nullable(),
  name: z.string(),
  looks: z.int(),
  deals: z.int(),
  called: money.openapi({ description: 'Of their own open deals, by what they had recorded; a mean a look.' }),
  expected: money.openapi({ description: 'What the model expected of the same deals.' }),
  came: money,
  gap: z
    .object({ mean: money, low: money.nullable(), high: money.nullable() })
    .openapi({ description: 'Came less called, with a 99 % interval by drawing whole accounts.' }),
  callWape: share,
  modelWape: share,
  verdict: z.enum(['sandbagging', 'happyEars', 'even', 'tooFew']).openapi({
    description: 'sandbagging: more came than was called; happyEars: less; both only beyond chance.',
  }),
});
const judgement = z.object({
  looks: z.int(),
  periods: z.int().openapi({ description: 'Quarters (or what was asked for): looks at one share what it brought.' }),
  figures: z.array(figures),
  horizons: z.array(
    z.object({ fromWeeks: z.int(), toWeeks: z.int(), looks: z.int(), periods: z.int(), figures: z.array(figures) }),
  ),
  owners: z.array(owner),
  groups: z
    .array(
      z.object({
        kind: z.enum(['adjustment', 'commit']),
        by: z.enum(groupings),
        id: z.string().nullable(),
        name: z.string(),
        looks: z.int(),
        periods: z.int(),
        bias: share,
        wape: share,
        modelBias: share,
        modelWape: share,
      }),
    )
    .openapi({
      description:
        'Numbers that people put beside the forecast, where they counted at a look, and the model at the same looks.',
    }),
  blend: z.array(blendHorizon).openapi({
    description:
      'The model, reps and managers together by weights learned a horizon at a time; used only where it beats each of them beyond chance on periods after those it learned from.',
  }),
});
const look = z.object({
  at: instant,
  period: z.string(),
  weeksLeft: z.int(),
  version: z.string(),
  hindsight: z.boolean().openapi({ description: 'The version learned from what happened after the look.' }),
  booked: money,
  expected: money,
  p10: money,
  p50: money,
  p90: money,
  usual: money.nullable(),
  stageRate: money.nullable(),
  categories: money.nullable(),
  came: money,
});

export const accuracyAnswer = z
  .object({
    asOf: instant.openapi({ description: 'What came is as known then.' }),
    from: instant,
    to: instant,
    everyDays: z.number(),
    of: z.enum(periodKinds),
    possible: z.object({ from: instant, to: instant }),
    currency: z.string(),
    sample: z.boolean(),
    model: z.literal('deal'),
    all: judgement,
    unseen: judgement.nullable().openapi({
      description: 'Of looks whose version had learned nothing of what came after; null where there is none.',
    }),
    looks: z.array(look),
    notes: z.array(z.string()),
  })
  .openapi('ForecastAccuracy');
type Answer = z.infer<typeof accuracyAnswer>;

export function accuracyJson(accuracy: Accuracy, engine: Engine): Answer {
  const { currency, looks, all, unseen, known, possible } = accuracy;
  const money = (minor: number) => ({ minor, currency });
  const orNull = (minor: number | null) => (minor === null ? null : money(minor));
  const judged = (of: LedgerJudgement): Answer['all'] => ({
    looks: of.looks,
    periods: of.periods,
    figures: of.figures.map((row) => ({ ...row })),
    horizons: of.horizons.map((horizon) => ({ ...horizon, figures: horizon.figures.map((row) => ({ ...row })) })),
    owners: of.owners.map(({ owner, calledMinor, expectedMinor, cameMinor, gap, ...rest }) => ({
      id: owner,
      name: owner === null ? 'Nobody' : accuracy.name('owner', owner),
      ...rest,
      called: money(calledMinor),
      expected: money(expectedMinor),
      came: money(cameMinor),
      gap: { mean: money(gap.minor), low: orNull(gap.lowMinor), high: orNull(gap.highMinor) },
    })),
    groups: of.groups.map(({ group, ...rest }) => ({
      ...rest,
      id: group,
      name: group === null ? 'All' : accuracy.name(rest.by, group),
    })),
    blend: of.blend.map(blendHorizonJson),
  });
  const seen = looks.filter(({ hindsight }) => hindsight).length;
  return {
    asOf: formatInstant(known),
    from: formatInstant(looks[0]!.at),
    to: formatInstant(looks.at(-1)!.at),
    everyDays: accuracy.everyDays,
    of: accuracy.of,
    possible: { from: formatInstant(possible.from), to: formatInstant(possible.to) },
    currency,
    sample: engine.sample,
    model: 'deal',
    all: judged(all),
    unseen: unseen && judged(unseen),
    looks: looks.map((one: LedgerLook) => ({
      at: formatInstant(one.at),
      period: one.period.label,
      weeksLeft: one.weeksLeft,
      version: one.version,
      hindsight: one.hindsight,
      booked: money(one.bookedMinor),
      expected: money(one.said.foresell ?? 0),
      p10: money(one.p10Minor),
      p50: money(one.p50Minor),
      p90: money(one.p90Minor),
      usual: orNull(one.said.usual),
      stageRate: orNull(one.said.stageRate),
      categories: orNull(one.said.categories),
      came: money(one.actualMinor),
    })),
    notes: [
      'Forecasts are made anew from what was known at each look, by the version that served then.',
      ...(seen > 0
        ? [`At ${seen} of ${looks.length} looks the version had learned from what happened after: there its figures are no test. foresell backtest --model forecast trains a model of each time.`] // biome-ignore format: one sentence
        : []),
      `Looks at one ${accuracy.of} share what it brought: there are ${all.periods} ${accuracy.of}s.`,
      'People are judged on the deals that were open at the look: commit counts whole, best case half, within the expected date; without a category the win rate of the stage.',
      ...accuracy.notes,
    ],
  };
}

const thb = (minor: number) => ({ minor, currency: 'THB' });
const exampleFigures = [
  { way: 'foresell' as const, looks: 12, bias: 0.03, wape: 0.14, pinball10: 0.03, pinball50: 0.07, pinball90: 0.04, coverage80: 0.83 }, // biome-ignore format: a row
  { way: 'usual' as const, looks: 12, bias: 0.09, wape: 0.19, pinball10: null, pinball50: 0.095, pinball90: null, coverage80: null }, // biome-ignore format: a row
];
export const accuracyExample: Answer = {
  asOf: '2026-11-21T09:00:00.000Z',
  from: '2025-11-21T17:00:00.000Z',
  to: '2026-09-25T17:00:00.000Z',
  everyDays: 28,
  of: 'quarter',
  possible: { from: '2024-02-01T00:00:00.000Z', to: '2026-09-30T16:59:59.999Z' },
  currency: 'THB',
  sample: false,
  model: 'deal',
  all: {
    looks: 12,
    periods: 4,
    figures: exampleFigures,
    horizons: [{ fromWeeks: 1, toWeeks: 4, looks: 12, periods: 4, figures: exampleFigures }],
    owners: [
      {
        id: 'csv:U-7',
        name: 'Anong Suksawat',
        looks: 12,
        deals: 31,
        called: thb(210000000),
        expected: thb(172000000),
        came: thb(160000000),
        gap: { mean: thb(-50000000), low: thb(-88000000), high: thb(-11000000) },
        callWape: 0.41,
        modelWape: 0.24,
        verdict: 'happyEars',
      },
    ],
    groups: [
      { kind: 'adjustment', by: 'all', id: null, name: 'All', looks: 8, periods: 3, bias: 0.11, wape: 0.13, modelBias: 0.02, modelWape: 0.1 }, // biome-ignore format: a row
    ],
    blend: [blendHorizonExample],
  },
  unseen: null,
  looks: [
    {
      at: '2026-09-25T17:00:00.000Z',
      period: '2026-Q3',
      weeksLeft: 1,
      version: '9f2c51d0a8e1',
      hindsight: true,
      booked: thb(640000000),
      expected: thb(702000000),
      p10: thb(668000000),
      p50: thb(699000000),
      p90: thb(741000000),
      usual: thb(731000000),
      stageRate: thb(760000000),
      categories: thb(688000000),
      came: thb(712000000),
    },
  ],
  notes: ['Forecasts are made anew from what was known at each look, by the version that served then.'],
};
