import type { BlendHorizon, Voice } from '../../../models/forecast/blend.ts';
import type { CallVerdict, LedgerFigures, Way } from '../../../models/forecast/ledger.ts';
import type { PeriodKind } from '../../../src/periods.ts';
import type { ForecastBacktest } from '../../../training/backtest/forecast.ts';
import type { Language } from '../words.ts';

/** Weeks to the period's end. */
interface Weeks {
  readonly fromWeeks: number;
  readonly toWeeks: number;
}

/** What the report of forecasts says, in one language. */
export interface Words {
  readonly title: string;
  readonly headline: (result: ForecastBacktest) => string;
  readonly subline: (result: ForecastBacktest, from: string, to: string, known: string) => string;
  readonly sample: string;
  readonly chartTitle: string;
  readonly chartHint: string;
  readonly band: string;
  readonly brought: string;
  readonly way: Readonly<Record<Way, string>>;
  readonly figuresTitle: string;
  readonly figuresHint: string;
  readonly figure: Readonly<Record<'wape' | 'bias' | 'pinball10' | 'pinball50' | 'pinball90' | 'coverage80', string>>;
  readonly weeks: (weeks: Weeks) => string;
  readonly all: string;
  readonly of: (looks: number, quarters: number) => string;
  readonly method: string;
  readonly looksTable: string;
  readonly look: string;
  readonly period: string;
  readonly weeksLeft: string;
  readonly booked: string;
  readonly expected: string;
  readonly model: string;
  readonly peopleTitle: string;
  readonly peopleHint: string;
  readonly person: string;
  readonly nobody: string;
  readonly deals: string;
  readonly called: string;
  readonly came: string;
  readonly gap: string;
  readonly to: string;
  readonly callOff: string;
  readonly modelOff: string;
  readonly says: string;
  readonly verdict: Readonly<Record<CallVerdict, string>>;
  readonly groupsTitle: string;
  readonly groupsHint: string;
  readonly groupKind: Readonly<Record<'adjustment' | 'commit', string>>;
  readonly whole: string;
  readonly group: string;
  readonly kind: string;
  readonly looks: string;
  readonly off: string;
  readonly blendTitle: string;
  readonly blendHint: string;
  readonly blend: string;
  readonly voice: Readonly<Record<Voice, string>>;
  readonly weights: string;
  readonly blendSays: (one: BlendHorizon) => string;
  readonly limitsTitle: string;
  readonly limits: (result: ForecastBacktest) => readonly string[];
  readonly howTitle: string;
  readonly how: readonly string[];
  readonly modelsTitle: string;
  readonly trained: string;
  readonly learned: string;
}

const percent = (share: number | null): string => (share === null ? '–' : `${Math.round(100 * share)} %`);
const many = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
const figuresOf = ({ judgement }: ForecastBacktest, way: Way): LedgerFigures | undefined =>
  judgement.figures.find((figures) => figures.way === way);
/** Of the other ways, those that could be asked. */
const others = (result: ForecastBacktest) => result.judgement.figures.filter(({ way }) => way !== 'foresell');

const en: Words = {
  title: 'How right the forecast was',
  headline(result) {
    const ours = figuresOf(result, 'foresell');
    const { looks, periods } = result.judgement;
    if (!ours || ours.wape === null)
      return 'Nothing was won in any quarter that was looked at, so nothing can be judged.';
    const rest = others(result).map(({ way, wape }) => `${en.way[way]} ${percent(wape)}`);
    return `Over ${many(looks, 'look')} at ${many(periods, 'quarter')}, Foresell's forecast was off by ${percent(ours.wape)} of what came; ${rest.join(', ')}. Its 80 % band held what came at ${percent(ours.coverage80)} of the looks.`;
  },
  subline: ({ judgement, everyDays }, from, to, known) =>
    `${many(judgement.looks, 'look')} from ${from} to ${to}, every ${everyDays} days: at each, what the quarter would bring by the model as it would have been on that day, from what was known that day, beside what the quarter brought, by what is known up to ${known}.`,
  sample: 'A made-up sample company: these figures show what the report looks like, not what you will get.',
  chartTitle: 'Said and brought, look by look',
  chartHint:
    'Each column is a look: the bar is the 80 % band, the dot what Foresell expected, the line across what the quarter brought. Looks at one quarter stand together, the nearest to its end last.',
  band: '80 % band (p10 to p90)',
  brought: 'what the quarter brought',
  way: {
    foresell: 'Foresell',
    usual: 'booked + open × rate of the same stage and week + usual new business',
    stageRate: 'stage percentage × expected date',
    categories: 'commit + half of best case',
  },
  figuresTitle: 'By how far ahead',
  figuresHint:
    'All as shares of what came; lower is better but for the band, which should hold 80 %. Error: sum of what the forecasts were off by. Bias above 0: too much was said. Pinball: loss of the quantiles p10, p50 and p90; of a way that says one number, half its error.',
  figure: { wape: 'error (WAPE)', bias: 'bias', pinball10: 'pinball p10', pinball50: 'pinball p50', pinball90: 'pinball p90', coverage80: '80 % band held' }, // biome-ignore format: a list
  weeks: ({ fromWeeks, toWeeks }) => `${fromWeeks} to ${toWeeks} weeks before the end`,
  all: 'all looks',
  of: (looks, quarters) => `${many(looks, 'look')} at ${many(quarters, 'quarter')}`,
  method: 'Method',
  looksTable: 'All looks as a table',
  look: 'Look',
  period: 'Quarter',
  weeksLeft: 'weeks left',
  booked: 'booked by then',
  expected: 'expected',
  model: 'model',
  peopleTitle: 'People’s own calls',
  peopleHint:
    'What each person had called of their own open deals by what they had recorded (commit whole, best case half, within their expected date; without a category the win rate of the stage), and what these deals brought within the quarter. Means a look. Sandbagging: more came than was called; happy ears: less; both beyond chance only, at 99 %, since many people are judged at once.',
  person: 'Person',
  nobody: 'Nobody',
  deals: 'deals',
  called: 'called',
  came: 'came',
  gap: 'came less called',
  to: 'to',
  callOff: 'calls off by',
  modelOff: 'Foresell off by',
  says: 'says',
  verdict: { sandbagging: 'sandbagging', happyEars: 'happy ears', even: 'no difference beyond chance', tooFew: 'too few deals' }, // biome-ignore format: a list
  groupsTitle: 'Numbers that people put beside the forecast',
  groupsHint:
    'Managers’ adjustments and reps’ commits of a group, where one counted at the look, beside what Foresell expected of the same group at the same looks. Shares of what came.',
  groupKind: { adjustment: 'adjustment', commit: 'commit' },
  whole: 'the whole',
  group: 'Group',
  kind: 'kind',
  looks: 'looks',
  off: 'off by',
  blendTitle: 'People and model together',
  blendHint:
    'Weights of the model, the reps (commits; where nobody committed, commit + half of best case) and the managers (adjustments), learned a horizon at a time. Each quarter is judged by weights learned from quarters that were over before. Used beside the forecast, whose number it never changes, only where it beats every one of them beyond chance (one-sided, .05, quarters as what is independent).',
  blend: 'blend',
  voice: { foresell: 'Foresell', reps: 'reps', manager: 'managers' },
  weights: 'weights',
  blendSays: ({ verdict, over, periods, judged, needed }) =>
    ({
      used: `used: beats each at ${many(judged, 'quarter')}`,
      nobody: 'not used: nobody put a number beside the forecast, or recorded categories',
      tooFew: `not used: people spoke at ${many(periods, 'quarter')}, it takes ${needed}`,
      notBetter: `not used: not better than ${over === null ? '' : en.voice[over]} beyond chance, at ${many(judged, 'quarter')}`,
    })[verdict],
  limitsTitle: 'What this does not say',
  limits: ({ judgement, notes, sample, trainings }) => [
    ...(sample ? ['This is a made-up sample company. Figures on your own records are the ones that count.'] : []),
    `${many(judgement.looks, 'look')} at ${many(judgement.periods, 'quarter')}: looks at one quarter share what it brought, so they say as much as ${many(judgement.periods, 'independent case')} and little more.`,
    ...(trainings.some(({ lowSkill }) => lowSkill)
      ? [`${trainings.filter(({ lowSkill }) => lowSkill).length} of ${trainings.length} models knew no more than the base rate when they were trained.`] // biome-ignore format: one sentence
      : []),
    'People are judged on deals that were open at the look alone: nobody calls a deal that does not exist yet. It says how calls and outcomes lay, not why.',
    'The history is as good as its record: what was written down later than it happened, without saying so, every method here seems to have known sooner.',
    ...notes,
  ],
  howTitle: 'How the others were asked',
  how: [
    'Booked + open × rate: amounts of open deals at the share of past open deals of the same stage and week of the last four quarters that were won by that quarter’s end, plus what deals created later used to bring.',
    'Stage percentage: amounts of deals whose expected date lies in the rest of the quarter, at the past win rate of their stage.',
    'Commit + half of best case: by the category recorded then, else that of the stage, of deals whose expected date lies in the rest of the quarter.',
  ],
  modelsTitle: 'The models of then',
  trained: 'knew what was known before',
  learned: 'learned from',
};

const th: Words = {
  ...en,
  title: 'พยากรณ์แม่นเพียงใด',
  headline(result) {
    const ours = figuresOf(result, 'foresell');
    const { looks, periods } = result.judgement;
    if (!ours || ours.wape === null) return 'ไม่มียอดที่ชนะในไตรมาสที่ย้อนดู จึงตัดสินไม่ได้';
    const rest = others(result).map(({ way, wape }) => `${th.way[way]} ${percent(wape)}`);
    return `ย้อนดู ${looks} ครั้งใน ${periods} ไตรมาส พยากรณ์ของ Foresell คลาดไป ${percent(ours.wape)} ของยอดจริง ส่วน${rest.join(' ')} ช่วง 80 % ครอบยอดจริงใน ${percent(ours.coverage80)} ของครั้งที่ดู`;
  },
  subline: ({ judgement, everyDays }, from, to, known) =>
    `ย้อนดู ${judgement.looks} ครั้ง ตั้งแต่ ${from} ถึง ${to} ทุก ${everyDays} วัน แต่ละครั้งพยากรณ์ไตรมาสด้วยโมเดลของวันนั้น จากสิ่งที่รู้ในวันนั้น เทียบกับยอดจริงของไตรมาส ตามสิ่งที่รู้ถึง ${known}`,
  sample: 'บริษัทตัวอย่างที่สร้างขึ้น: ตัวเลขนี้แสดงหน้าตาของรายงาน ไม่ใช่ผลที่คุณจะได้',
  chartTitle: 'ที่บอกไว้กับยอดจริง ทีละครั้ง',
  chartHint:
    'แต่ละแท่งคือการดูหนึ่งครั้ง: แท่งคือช่วง 80 % จุดคือที่ Foresell คาด เส้นขวางคือยอดจริงของไตรมาส ครั้งที่ดูไตรมาสเดียวกันอยู่ติดกัน ครั้งที่ใกล้สิ้นไตรมาสอยู่ท้ายสุด',
  band: 'ช่วง 80 % (p10 ถึง p90)',
  brought: 'ยอดจริงของไตรมาส',
  way: {
    foresell: 'Foresell',
    usual: 'ยอดที่ปิดแล้ว + ดีลเปิด × อัตราของขั้นและสัปดาห์เดียวกัน + ธุรกิจใหม่ตามปกติ',
    stageRate: 'เปอร์เซ็นต์ตามขั้นตอน × วันที่คาด',
    categories: 'commit + ครึ่งหนึ่งของ best case',
  },
  figuresTitle: 'ตามระยะเวลาล่วงหน้า',
  figuresHint:
    'ทุกค่าเป็นสัดส่วนของยอดจริง ยิ่งต่ำยิ่งดี ยกเว้นช่วง ซึ่งควรครอบ 80 % ความเอนเอียงมากกว่า 0 คือบอกไว้มากเกินไป pinball คือความเสียหายของ p10, p50 และ p90 ส่วนวิธีที่บอกเพียงตัวเลขเดียวคือครึ่งหนึ่งของความคลาดเคลื่อน',
  figure: { wape: 'คลาดเคลื่อน (WAPE)', bias: 'เอนเอียง', pinball10: 'pinball p10', pinball50: 'pinball p50', pinball90: 'pinball p90', coverage80: 'ช่วง 80 % ครอบ' }, // biome-ignore format: a list
  weeks: ({ fromWeeks, toWeeks }) => `${fromWeeks} ถึง ${toWeeks} สัปดาห์ก่อนสิ้นไตรมาส`,
  all: 'ทุกครั้ง',
  of: (looks, quarters) => `${looks} ครั้ง ใน ${quarters} ไตรมาส`,
  method: 'วิธี',
  looksTable: 'ทุกครั้งเป็นตาราง',
  look: 'วันที่ดู',
  period: 'ไตรมาส',
  weeksLeft: 'เหลือ (สัปดาห์)',
  booked: 'ปิดแล้วในตอนนั้น',
  expected: 'คาด',
  model: 'โมเดล',
  peopleTitle: 'ที่แต่ละคนบอกเอง',
  peopleHint:
    'ที่แต่ละคนบอกไว้เรื่องดีลที่เปิดอยู่ของตน ตามที่บันทึกในตอนนั้น (commit นับเต็ม best case นับครึ่ง ภายในวันที่คาด ถ้าไม่มีหมวด ใช้อัตราชนะของขั้นตอน) เทียบกับที่ดีลเหล่านั้นได้จริงในไตรมาส เป็นค่าเฉลี่ยต่อครั้ง บอกน้อยกว่าจริง (sandbagging) หรือบอกมากกว่าจริง (happy ears) กล่าวเฉพาะที่เกินความบังเอิญที่ 99 % เพราะตัดสินหลายคนพร้อมกัน',
  person: 'ชื่อ',
  nobody: 'ไม่มีเจ้าของ',
  deals: 'ดีล',
  called: 'บอกไว้',
  came: 'ได้จริง',
  gap: 'จริงลบที่บอก',
  to: 'ถึง',
  callOff: 'ที่บอกคลาด',
  modelOff: 'Foresell คลาด',
  says: 'สรุป',
  verdict: { sandbagging: 'บอกน้อยกว่าจริง', happyEars: 'บอกมากกว่าจริง', even: 'ไม่ต่างเกินความบังเอิญ', tooFew: 'ดีลน้อยเกินไป' }, // biome-ignore format: a list
  groupsTitle: 'ตัวเลขที่คนวางไว้ข้างพยากรณ์',
  groupsHint:
    'ตัวเลขที่ผู้จัดการปรับ (adjustment) และที่พนักงานขายรับปาก (commit) ซึ่งมีผลในวันที่ดู เทียบกับที่ Foresell คาดสำหรับกลุ่มเดียวกันในวันเดียวกัน เป็นสัดส่วนของยอดจริง',
  groupKind: { adjustment: 'ผู้จัดการปรับ', commit: 'รับปาก' },
  whole: 'ทั้งหมด',
  group: 'กลุ่ม',
  kind: 'ชนิด',
  looks: 'ครั้ง',
  off: 'คลาด',
  blendTitle: 'คนกับโมเดลรวมกัน',
  blendHint:
    'น้ำหนักของโมเดล พนักงานขาย (ที่รับปาก ถ้าไม่มี ใช้ commit + ครึ่งหนึ่งของ best case) และผู้จัดการ (ที่ปรับ) เรียนแยกตามระยะเวลาล่วงหน้า แต่ละไตรมาสถูกตัดสินด้วยน้ำหนักที่เรียนจากไตรมาสที่จบไปก่อน ใช้วางข้างพยากรณ์โดยไม่เปลี่ยนตัวเลขของโมเดล เฉพาะเมื่อดีกว่าทุกเสียงเกินความบังเอิญ (ทางเดียว .05 นับไตรมาสเป็นสิ่งที่เป็นอิสระ)',
  blend: 'รวม',
  voice: { foresell: 'Foresell', reps: 'พนักงานขาย', manager: 'ผู้จัดการ' },
  weights: 'น้ำหนัก',
  blendSays: ({ verdict, over, periods, judged, needed }) =>
    ({
      used: `ใช้: ดีกว่าทุกเสียงใน ${judged} ไตรมาส`,
      nobody: 'ไม่ใช้: ไม่มีใครวางตัวเลขไว้ข้างพยากรณ์ หรือบันทึกหมวด',
      tooFew: `ไม่ใช้: คนบอกไว้เพียง ${periods} ไตรมาส ต้องมี ${needed}`,
      notBetter: `ไม่ใช้: ไม่ดีกว่า${over === null ? '' : th.voice[over]}เกินความบังเอิญ ใน ${judged} ไตรมาส`,
    })[verdict],
  limitsTitle: 'สิ่งที่รายงานนี้ไม่ได้บอก',
  limits: ({ judgement, notes, sample, trainings }) => [
    ...(sample ? ['นี่คือบริษัทตัวอย่างที่สร้างขึ้น ตัวเลขที่สำคัญคือตัวเลขจากข้อมูลของคุณเอง'] : []),
    `ย้อนดู ${judgement.looks} ครั้งใน ${judgement.periods} ไตรมาส ครั้งที่ดูไตรมาสเดียวกันใช้ยอดจริงร่วมกัน จึงบอกได้เท่ากับ ${judgement.periods} กรณีที่เป็นอิสระ หรือมากกว่านั้นเพียงเล็กน้อย`,
    ...(trainings.some(({ lowSkill }) => lowSkill)
      ? [`${trainings.filter(({ lowSkill }) => lowSkill).length} จาก ${trainings.length} โมเดล ไม่รู้มากไปกว่าอัตราเฉลี่ยเมื่อตอนเรียน`] // biome-ignore format: one sentence
      : []),
    'แต่ละคนถูกตัดสินจากดีลที่เปิดอยู่ในวันที่ดูเท่านั้น เพราะไม่มีใครบอกดีลที่ยังไม่มีได้ รายงานนี้บอกว่าต่างกันเพียงใด ไม่ได้บอกว่าเพราะอะไร',
    'ประวัติดีเท่าที่บันทึกไว้: สิ่งที่บันทึกช้ากว่าที่เกิดโดยไม่ได้บอก ทุกวิธีจะดูเหมือนรู้เร็วกว่าจริง',
    ...notes,
  ],
  howTitle: 'วิธีอื่นถูกถามอย่างไร',
  how: [
    'ยอดที่ปิดแล้ว + ดีลเปิด × อัตรา: ยอดของดีลเปิดคูณสัดส่วนของดีลในอดีตที่ขั้นและสัปดาห์เดียวกันของสี่ไตรมาสก่อนที่ชนะภายในไตรมาส บวกกับที่ดีลที่สร้างทีหลังเคยได้',
    'เปอร์เซ็นต์ตามขั้นตอน: ยอดของดีลที่วันที่คาดอยู่ในไตรมาสที่เหลือ คูณอัตราชนะในอดีตของขั้นนั้น',
    'commit + ครึ่งหนึ่งของ best case: ตามหมวดที่บันทึกในตอนนั้น หรือของขั้นตอน เฉพาะดีลที่วันที่คาดอยู่ในไตรมาสที่เหลือ',
  ],
  modelsTitle: 'โมเดลในตอนนั้น',
  trained: 'รู้ถึงก่อน',
  learned: 'เรียนจาก',
};

const nouns: Readonly<Record<Language, Readonly<Record<PeriodKind, string>>>> = {
  en: { week: 'week', month: 'month', quarter: 'quarter', year: 'year' },
  th: { week: 'สัปดาห์', month: 'เดือน', quarter: 'ไตรมาส', year: 'ปี' },
};

/** Everything is written of quarters; of other periods their name takes its place, in whatever a word or a function says. */
function spokenOf<T>(of: T, from: string, to: string): T {
  if (typeof of === 'string') {
    const great = (word: string) => word[0]!.toUpperCase() + word.slice(1);
    return of.replaceAll(from, to).replaceAll(great(from), great(to)) as T;
  }
  if (typeof of === 'function')
    return ((...asked: unknown[]) => spokenOf((of as (...given: unknown[]) => unknown)(...asked), from, to)) as T;
  if (Array.isArray(of)) return of.map((one) => spokenOf(one, from, to)) as T;
  if (typeof of !== 'object' || of === null) return of;
  return Object.fromEntries(Object.entries(of).map(([key, one]) => [key, spokenOf(one, from, to)])) as T;
}

export function words(language: Language, kind: PeriodKind = 'quarter'): Words {
  const of = language === 'th' ? th : en;
  return kind === 'quarter' ? of : spokenOf(of, nouns[language].quarter, nouns[language][kind]);
}
