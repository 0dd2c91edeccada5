import { z } from '@hono/zod-openapi';
import { changeCauses } from '../models/forecast/bridge.ts';
import { formatInstant } from '../src/time.ts';
import type { Engine } from './engine.ts';
import { listed } from './forecastChangesAnswer.ts';
import { checks } from './inspection/checks.ts';
import type { StakedFinding } from './inspection/inspect.ts';
import type { StoriedInspection } from './inspection/inspector.ts';
import { moveKinds } from './inspection/moves.ts';
import type { Threshold } from './inspection/usual.ts';
import { concentrationText, findingText, moveName } from './inspection/words.ts';
import { type Language, reasonText } from './reasons.ts';
import { instant, money } from './schemas/common.ts';

const finding = z.object({
  check: z.enum(checks),
  level: z.enum(['look', 'act']).openapi({
    description: 'act: beyond nine of ten won deals, or past its date; look: beyond eight of ten, or a thing to ask.',
  }),
  text: z.string(),
  evidence: z
    .record(z.string(), z.union([z.number(), z.string(), z.null()]))
    .openapi({ description: 'Facts, numbers and dates; usual80 and usual90 are of won deals at that stage.' }),
  edit: z.enum(['drop', 'push', 'stageRate']).openapi({
    description:
      'What the forecast was asked: the deal dropped, won by the usual push later, or as often as others from its stage.',
  }),
  change: money.openapi({ description: 'Of what is expected of the period by that edit.' }),
  story: z
    .array(z.object({ code: z.string(), contribution: z.number(), text: z.string() }))
    .optional()
    .openapi({ description: 'disagrees: what of the record speaks for it most.' }),
});
const deal = z.object({
  id: z.string(),
  name: z.string(),
  ownerId: z.string().nullable(),
  stage: z.string().nullable(),
  amount: money,
  chance: z.number().min(0).max(1).openapi({ description: 'Of being won in the period.' }),
  expected: money.openapi({ description: 'What it adds to the forecast.' }),
  atStake: money.openapi({ description: 'The largest change of its findings, either way.' }),
  findings: z.array(finding),
});
const move = z.object({
  id: z.string(),
  name: z.string(),
  kinds: z.array(z.enum(moveKinds)),
  text: z.string(),
  fields: z.array(z.object({ field: z.string(), from: z.string().nullable(), to: z.string().nullable() })),
  before: money,
  after: money,
  change: money,
  causes: z.array(z.object({ cause: z.enum(changeCauses), change: money })),
});
const threshold = z.object({ usual80: z.number(), usual90: z.number() });

export const inspectionAnswer = z
  .object({
    asOf: instant,
    since: instant,
    period: z.string(),
    currency: z.string(),
    sample: z.boolean(),
    model: z.literal('deal'),
    version: z.string(),
    lowSkill: z.boolean(),
    expected: money.openapi({ description: 'Of the period, as /v1/forecast says.' }),
    openDeals: z.int(),
    openAmount: money,
    deals: z.array(deal).openapi({ description: 'Those that show something, most money at stake first.' }),
    concentration: z
      .object({
        risky: z.boolean().openapi({ description: 'Half of it lies in five deals or fewer.' }),
        text: z.string(),
        expected: money,
        effectiveDeals: z.number(),
        half: z.array(z.object({ id: z.string(), name: z.string(), expected: money, share: z.number() })),
      })
      .nullable(),
    moves: z.array(move).openapi({ description: 'Every deal that moved since, the largest change first.' }),
    moved: z.object({
      before: money,
      after: money,
      change: money,
      causes: z.array(z.object({ cause: z.enum(changeCauses), change: money })),
    }),
    usual: z
      .array(
        z.object({
          stage: z.string().nullable(),
          wonStays: z.int(),
          days: threshold,
          slippedDays: threshold,
          silentDays: threshold,
          twoContacts: z.number(),
        }),
      )
      .openapi({
        description: 'Learned of won deals by stage; null: all stages, for those with fewer than ten stays.',
      }),
    apart: z.array(z.object({ id: z.string(), why: z.string(), currency: z.string().nullable() })),
    notes: z.array(z.string()),
  })
  .openapi('PipelineInspection');
type Answer = z.infer<typeof inspectionAnswer>;

/** @param most deals with findings, and moves, at most so many each; undefined = all */
export function inspectionJson(
  { inspection, story: storyOf }: StoriedInspection,
  engine: Engine,
  language: Language,
  most?: number,
): Answer {
  const { currency, total, usual, concentration, openDeals } = inspection;
  const money = (minor: number) => ({ minor, currency });
  const deals = inspection.deals.slice(0, most);
  const story = storyOf(deals);
  const moves = inspection.moves.slice(0, most);
  const half = concentration?.half ?? [];
  const names = engine.dealNames([...deals, ...moves, ...half].map(({ id }) => id));
  const causes = (split: (typeof total)['causes']) => listed(split).map(([cause, minor]) => ({ cause, change: money(minor) })); // biome-ignore format: one call
  const two = ({ look, act }: Threshold) => ({ usual80: look, usual90: act });
  const found = (id: string, one: StakedFinding) => ({
    check: one.check,
    level: one.level,
    text: findingText(one, language),
    evidence: { ...one.evidence },
    edit: one.edit,
    change: money(one.changeMinor),
    ...(one.check === 'disagrees'
      ? {
          story: (story.get(id) ?? []).map((reason) => ({
            code: reason.code,
            contribution: reason.contribution,
            text: reasonText(reason, language, engine.words(reason.feature), engine.company.currency),
          })),
        }
      : {}),
  });
  return {
    asOf: formatInstant(inspection.asOf),
    since: formatInstant(inspection.since),
    period: inspection.period.label,
    currency,
    sample: engine.sample,
    model: 'deal',
    version: inspection.version,
    lowSkill: inspection.lowSkill,
    expected: money(inspection.expectedMinor),
    openDeals,
    openAmount: money(inspection.openMinor),
    deals: deals.map((one) => ({
      id: one.id,
      name: names.get(one.id)!,
      ownerId: one.ownerId,
      stage: one.stage,
      amount: money(one.amountMinor),
      chance: one.chance,
      expected: money(one.expectedMinor),
      atStake: money(one.atStakeMinor),
      findings: one.findings.map((finding) => found(one.id, finding)),
    })),
    concentration: concentration
      ? {
          risky: concentration.risky,
          text: concentrationText(concentration, openDeals, language),
          expected: money(concentration.expectedMinor),
          effectiveDeals: concentration.effectiveDeals,
          half: half.map(({ id, expectedMinor, share }) => ({ id, name: names.get(id)!, expected: money(expectedMinor), share })), // biome-ignore format: a row
        }
      : null,
    moves: moves.map((one) => ({
      id: one.id,
      name: names.get(one.id)!,
      kinds: [...one.kinds],
      text: one.kinds.map((kind) => moveName(kind, language)).join(', '),
      fields: one.fields.map((field) => ({ ...field })),
      before: money(one.beforeMinor),
      after: money(one.afterMinor),
      change: money(one.afterMinor - one.beforeMinor),
      causes: causes(one.causes),
    })),
    moved: {
      before: money(total.beforeMinor),
      after: money(total.afterMinor),
      change: money(total.afterMinor - total.beforeMinor),
      causes: causes(total.causes),
    },
    usual: usual.stages.map(({ stage, n, twoContacts, ...of }) => ({
      ...{ stage, wonStays: n, twoContacts },
      days: two(of.days),
      slippedDays: two(of.slippedDays),
      silentDays: two(of.silentDays),
    })),
    apart: inspection.apart.map((one) => ({ ...one })),
    notes: notesOf(inspection, language),
  };
}

function notesOf({ usual, lowSkill, hindsight }: StoriedInspection['inspection'], language: Language): string[] {
  const th = language === 'th';
  const notes: string[] = [];
  const add = (is: boolean, en: string, thai: string) => is && notes.push(th ? thai : en);
  add(
    true,
    'At stake is what the forecast of the period would lose or gain by the edit; it does not say that the finding is its cause.',
    'ยอดที่เสี่ยงคือที่พยากรณ์ของงวดจะลดหรือเพิ่มตามสมมติฐานนั้น ไม่ได้บอกว่าสิ่งที่พบเป็นสาเหตุ',
  );
  add(usual.stages.length === 0, 'Too few deals were won to learn what is usual of a stage: only dates are checked.', 'ดีลที่ชนะน้อยเกินกว่าจะรู้ว่าอะไรเป็นปกติของแต่ละขั้น จึงตรวจเฉพาะวันที่'); // biome-ignore format: one call
  add(!usual.recordsActivities, 'No won deal has an activity: silence is not checked.', 'ไม่มีดีลที่ชนะดีลใดมีกิจกรรมบันทึกไว้ จึงไม่ตรวจความเงียบ'); // biome-ignore format: one call
  add(!usual.recordsContacts, 'No won deal has a contact: single threads are not checked.', 'ไม่มีดีลที่ชนะดีลใดมีผู้ติดต่อบันทึกไว้ จึงไม่ตรวจจำนวนผู้ติดต่อ'); // biome-ignore format: one call
  add(lowSkill, 'The model knows no better than the usual rate: it is not set against the stage.', 'โมเดลรู้ไม่ดีกว่าอัตราเฉลี่ย จึงไม่เทียบกับขั้น'); // biome-ignore format: one call
  add(hindsight, 'The version learned from what happened after asOf.', 'โมเดลรุ่นนี้เรียนจากสิ่งที่เกิดหลังเวลาที่ถาม');
  return notes;
}

const thb = (minor: number) => ({ minor, currency: 'THB' });
export const inspectionExample: Answer = {
  asOf: '2026-11-21T09:00:00.000Z',
  since: '2026-11-14T09:00:00.000Z',
  period: '2026-Q4',
  currency: 'THB',
  sample: false,
  model: 'deal',
  version: '9f2c51d0a8e1',
  lowSkill: false,
  expected: thb(742000000),
  openDeals: 129,
  openAmount: thb(2310000000),
  deals: [
    {
      id: 'csv:D-1042',
      name: 'Siam Steel rollout',
      ownerId: 'csv:U-7',
      stage: 'Proposal',
      amount: thb(125000000),
      chance: 0.41,
      expected: thb(51250000),
      atStake: thb(51250000),
      findings: [
        {
          check: 'stalled',
          level: 'act',
          text: 'In Proposal for 63 days; nine of ten won deals had left it within 41 (of 87 stays).',
          evidence: { stage: 'Proposal', days: 63, since: '2026-09-19', usual80: 29, usual90: 41, wonStays: 87, usualOf: 'Proposal' }, // biome-ignore format: a row
          edit: 'drop',
          change: thb(-51250000),
        },
      ],
    },
  ],
  concentration: {
    risky: false,
    text: 'Half of what open deals are expected to bring lies in 14 of 129; it is spread as over 31.2 deals of one size.',
    expected: thb(402000000),
    effectiveDeals: 31.2,
    half: [{ id: 'csv:D-1042', name: 'Siam Steel rollout', expected: thb(51250000), share: 0.127 }],
  },
  moves: [
    {
      id: 'csv:D-0991',
      name: 'Andaman Foods renewal',
      kinds: ['won'],
      text: 'won',
      fields: [{ field: 'stage', from: 'Negotiation', to: 'Won' }],
      before: thb(64000000),
      after: thb(125000000),
      change: thb(61000000),
      causes: [{ cause: 'won', change: thb(61000000) }],
    },
  ],
  moved: {
    before: thb(700000000),
    after: thb(742000000),
    change: thb(42000000),
    causes: [
      { cause: 'won', change: thb(61000000) },
      { cause: 'newBusiness', change: thb(-19000000) },
    ],
  },
  usual: [
    {
      stage: 'Proposal',
      wonStays: 87,
      days: { usual80: 29, usual90: 41 },
      slippedDays: { usual80: 35, usual90: 60 },
      silentDays: { usual80: 14, usual90: 21 },
      twoContacts: 0.84,
    },
  ],
  apart: [],
  notes: [],
};
