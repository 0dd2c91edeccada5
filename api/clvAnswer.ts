import { z } from '@hono/zod-openapi';
import { CLV_LEVEL, type ClvAsk, type ClvWarning, type Segment } from '../models/clv/index.ts';
import { formatInstant } from '../src/time.ts';
import { type AccountValue, CLV_FEATURES } from './clv.ts';
import type { Language } from './reasons.ts';
import { instant, money } from './schemas/common.ts';

const probability = z.number().min(0).max(1);
const fifth = z.int().min(1).max(5);

/** The value of one account. */
export const clvAnswer = z
  .object({
    id: z.string(),
    asOf: instant,
    model: z.literal('clv'),
    version: z.string().openapi({ description: 'Hash of the fitted parameters.' }),
    featuresHash: z.string(),
    sample: z.boolean(),
    stale: z.boolean(),
    lowSkill: z.boolean().openapi({ description: 'The fit did not settle; the notes say why.' }),
    law: z
      .enum(['bg-nbd', 'pareto-nbd'])
      .openapi({ description: 'Whichever said the newest quarter of the time better.' }),
    learnedAt: instant.openapi({ description: 'The parameters are of all accounts as known then.' }),
    horizonDays: z.number(),
    pAlive: probability.openapi({
      description: 'P(has not left for good). In BG/NBD nobody leaves before a second order: 1 after one order.',
    }),
    pNoOrder: probability.openapi({ description: 'P(no order within the horizon).' }),
    expectedPurchases: z.number().min(0),
    expectedValue: money.openapi({ description: 'Margin times what is expected to be ordered, discounted by month.' }),
    interval: z
      .object({ low: money, high: money, level: z.number() })
      .openapi({ description: 'Central 80 % of what this one account will bring.' }),
    orders: z.int(),
    firstOrderAt: instant,
    lastOrderAt: instant,
    rfm: z
      .object({ recency: fifth, frequency: fifth, monetary: fifth })
      .openapi({ description: 'Fifths of all accounts; 5 ordered most recently, most often, for most.' }),
    segment: z.object({
      code: z.enum(['keep', 'grow', 'let-go']).openapi({
        description:
          'By expected profit beside the mean account: keep from the mean on, let-go under a third of it, grow between.',
      }),
      text: z.string(),
    }),
    notes: z.array(z.object({ code: z.string(), number: z.number(), text: z.string() })),
  })
  .openapi('AccountValue');
export type ClvJson = z.infer<typeof clvAnswer>;

const segmentWords: Readonly<Record<Segment, { readonly en: string; readonly th: string }>> = {
  keep: { en: 'Keep: brings at least as much as the mean account', th: 'รักษาไว้: คาดว่าจะสร้างกำไรไม่น้อยกว่าค่าเฉลี่ยของลูกค้า' },
  grow: { en: 'Grow: brings something, less than the mean account', th: 'พัฒนาต่อ: คาดว่าจะสร้างกำไรได้บ้างแต่ต่ำกว่าค่าเฉลี่ย' },
  'let go': {
    en: 'Let go: brings under a third of the mean account',
    th: 'ไม่ต้องทุ่มเท: คาดว่าจะสร้างกำไรไม่ถึงหนึ่งในสามของค่าเฉลี่ย',
  },
};

const noteWords: Readonly<
  Record<ClvWarning['code'], { readonly en: (n: string) => string; readonly th: (n: string) => string }>
> = {
  'value-depends-on-frequency': {
    en: (n) =>
      `The value of an order depends on how often one orders (correlation ${n}): expected values lean to the mean.`,
    th: (n) => `มูลค่าต่อคำสั่งซื้อสัมพันธ์กับความถี่ในการสั่งซื้อ (สหสัมพันธ์ ${n}) มูลค่าที่คาดไว้อาจเอนเข้าหาค่าเฉลี่ย`,
  },
  'values-heavy-tailed': {
    en: () => 'A few orders are so large that the mean is unsure; the tail was held.',
    th: () => 'มีคำสั่งซื้อขนาดใหญ่มากบางรายการ ค่าเฉลี่ยจึงไม่แน่นอน และได้จำกัดส่วนปลายไว้',
  },
  'values-unknown': {
    en: () => 'No repeat order has a value: only the number of orders is expected.',
    th: () => 'คำสั่งซื้อซ้ำไม่มีมูลค่า จึงคาดการณ์ได้เฉพาะจำนวนคำสั่งซื้อ',
  },
  'fit-at-edge': {
    en: () => 'The parameters did not settle inside their range: accounts differ too little or there are too few.',
    th: () => 'พารามิเตอร์ไม่ลู่เข้าในช่วงที่กำหนด ลูกค้าแตกต่างกันน้อยเกินไปหรือมีจำนวนน้อยเกินไป',
  },
};

/** A note in words. */
export const noteText = ({ code, number }: ClvWarning, language: Language): string =>
  noteWords[code][language](number.toFixed(2));

/** An account's value as it leaves. */
export function clvJson(value: AccountValue, ask: ClvAsk, sample: boolean, language: Language): ClvJson {
  const money = (minor: number) => ({ minor: Math.round(minor), currency: value.currency });
  return {
    id: value.id,
    asOf: formatInstant(value.asOf),
    model: 'clv',
    version: value.version,
    featuresHash: CLV_FEATURES,
    sample,
    stale: false, // computed as asked, from all that is known
    lowSkill: !value.model.law.converged,
    law: value.model.law.kind,
    learnedAt: formatInstant(value.learnedAt),
    horizonDays: ask.horizonDays,
    pAlive: value.pAlive,
    pNoOrder: value.pSilent,
    expectedPurchases: value.expectedPurchases,
    expectedValue: money(value.expectedValue),
    interval: { low: money(value.low), high: money(value.high), level: CLV_LEVEL },
    orders: value.orders,
    firstOrderAt: formatInstant(value.firstOrderAt),
    lastOrderAt: formatInstant(value.lastOrderAt),
    rfm: { ...value.rfm },
    segment: {
      code: value.segment === 'let go' ? 'let-go' : value.segment,
      text: segmentWords[value.segment][language],
    },
    notes: value.model.warnings.map((warning) => ({ ...warning, text: noteText(warning, language) })),
  };
}

/** For the reference; a test holds it to the schema. */
export const clvExample: ClvJson = {
  id: 'csv:A-77',
  asOf: '2026-11-21T09:00:00.000Z',
  model: 'clv',
  version: '5d0c9b1e7a42',
  featuresHash: CLV_FEATURES,
  sample: false,
  stale: false,
  lowSkill: false,
  law: 'bg-nbd',
  learnedAt: '2026-11-15T17:00:00.000Z',
  horizonDays: 365,
  pAlive: 0.91,
  pNoOrder: 0.17,
  expectedPurchases: 3.4,
  expectedValue: { minor: 48200000, currency: 'THB' },
  interval: { low: { minor: 0, currency: 'THB' }, high: { minor: 109500000, currency: 'THB' }, level: CLV_LEVEL },
  orders: 9,
  firstOrderAt: '2024-02-11T03:00:00.000Z',
  lastOrderAt: '2026-09-30T04:15:00.000Z',
  rfm: { recency: 4, frequency: 5, monetary: 5 },
  segment: { code: 'keep', text: segmentWords.keep.en },
  notes: [],
};
