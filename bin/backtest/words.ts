import type { BacktestResult, Limit } from '../../training/backtest/backtest.ts';
import type { Estimate } from '../../training/backtest/judge.ts';
import type { Verdict } from '../../training/backtest/verdict.ts';

export type Language = 'en' | 'th';

/** The words of the report in one language; sentences with figures are functions of the result. */
export interface Words {
  readonly title: string;
  readonly headline: (result: BacktestResult) => string;
  readonly subline: (result: BacktestResult, from: string, to: string, known: string) => string;
  readonly verdictsTitle: string;
  readonly says: Readonly<Record<Verdict['says'], string>>;
  readonly verdict: (verdict: Verdict, label: string) => string;
  readonly gainTitle: (money: boolean, noun: string) => string;
  readonly gainHint: (money: boolean, days: number) => string;
  readonly gainX: (money: boolean) => string;
  readonly gainY: (money: boolean) => string;
  readonly calibrationTitle: string;
  readonly calibrationHint: string;
  readonly said: string;
  readonly happened: string;
  readonly figuresTitle: string;
  readonly figuresHint: (draws: number, accounts: number) => string;
  readonly method: string;
  readonly ranking: string;
  readonly probabilities: string;
  readonly within: (days: number, side: string, rows: string) => string;
  readonly ever: (side: string, rows: string, undecided: string) => string;
  readonly figure: Readonly<Record<string, string>>;
  readonly calibrationTable: string;
  readonly rows: string;
  readonly looksTitle: string;
  readonly looksHint: (days: number, side: string) => string;
  readonly look: string;
  readonly open: string;
  readonly expected: string;
  readonly baseExpected: string;
  readonly model: string;
  readonly slicesTitle: string;
  readonly slicesHint: (label: string) => string;
  readonly age: string;
  readonly segment: (name: string) => string;
  readonly bands: Readonly<Record<string, string>>;
  readonly difference: string;
  /** Between the ends of an interval. */
  readonly to: string;
  readonly modelsTitle: string;
  readonly trained: string;
  readonly learned: string;
  readonly howTitle: string;
  readonly how: (result: BacktestResult) => readonly string[];
  readonly limitsTitle: string;
  readonly limit: (limit: Limit) => string;
  readonly sample: string;
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;

const en: Words = {
  title: 'What Foresell would have told you',
  headline: ({ headline }) => headline,
  subline: ({ plan, judgement, subject }, from, to, known) =>
    `${plan.origins.length} looks back from ${from} to ${to}, every ${plan.everyDays} days, at everything that was open then: ${judgement.rows.within.toLocaleString('en')} times one of ${judgement.entities.toLocaleString('en')} ${subject.noun.many}. Each was scored by the model as it would have been on that day, from what was known that day, and judged ${plan.horizonDays} days on, by what is known up to ${known}.`,
  verdictsTitle: 'Verdict',
  says: { better: 'better', 'no difference': 'no difference', worse: 'worse' },
  verdict: ({ text }) => text,
  gainTitle: (money, noun) => (money ? 'Where the money was' : `Where the ${noun} were`),
  gainHint: (money, days) =>
    money
      ? `Take the open amount of each day from the best-ranked deal down. How much of the money won within ${days} days was in it? Higher is better; the dashed line is chance.`
      : `Take the list of each day from the best-ranked down. How many of those that ended so within ${days} days were in it? Higher is better; the dashed line is chance.`,
  gainX: (money) =>
    money ? 'share of the open amount, best-ranked first (%)' : 'share of the list, best-ranked first (%)',
  gainY: (money) => (money ? 'share of the money won (%)' : 'share found (%)'),
  calibrationTitle: 'Does what is said happen?',
  calibrationHint:
    'Each dot is a tenth of the looks: what was said on average, and how often it happened. On the dashed line, what was said is what happened.',
  said: 'said',
  happened: 'happened',
  figuresTitle: 'All figures',
  figuresHint: (draws, accounts) =>
    `Below each figure its 95 % interval, from ${draws.toLocaleString('en')} draws of the ${accounts.toLocaleString('en')} accounts. Lower log loss and Brier score are better, higher AUC, lift and money. Brier = reliability (0 best) − resolution (more is better) + uncertainty. Slope 1 and intercept 0: neither too sure nor too timid. “–”: cannot be told.`,
  method: 'Method',
  ranking: 'Ranking',
  probabilities: 'Probabilities',
  within: (days, side, rows) => `${side} within ${days} days (${rows} looks)`,
  ever: (side, rows, undecided) => `${side} at all, of those that ended (${rows} looks; ${undecided} are undecided)`,
  figure: {
    logLoss: 'log loss',
    brier: 'Brier',
    reliability: 'reliability',
    resolution: 'resolution',
    uncertainty: 'uncertainty',
    auc: 'AUC',
    topDecileLift: 'lift of top tenth',
    money10: 'money won in top 10 %',
    money20: 'in top 20 %',
    money30: 'in top 30 % of the open amount',
    moneyOfList20: 'money won in top 20 % of the list',
    found10: 'found in top 10 %',
    found20: 'in top 20 %',
    found30: 'in top 30 % of the list',
    slope: 'slope',
    intercept: 'intercept',
    ece: 'calibration error',
  },
  calibrationTable: 'Said against happened, in tenths of the looks',
  rows: 'looks',
  looksTitle: 'Look by look',
  looksHint: (days, side) =>
    `How many of the open ones were to end “${side}” within ${days} days by the sum of the probabilities, and how many did.`,
  look: 'Look',
  open: 'open',
  expected: 'Foresell said',
  baseExpected: 'base rate said',
  model: 'model',
  slicesTitle: 'Where it is better, and where it is not',
  slicesHint: (label) =>
    `Log loss by how long it had been open and by where it stood, beside ${label}. Below zero, Foresell is better; an interval that holds zero is not beyond chance.`,
  age: 'open for',
  segment: (name) => name,
  bands: {},
  difference: 'difference',
  to: 'to',
  modelsTitle: 'The models of then',
  trained: 'knew what was known before',
  learned: 'learned from',
  howTitle: 'How the others were asked',
  how: ({ rivals }) => [
    'Foresell: the model of then, with the level of the moment, as it serves.',
    ...rivals.map(({ label, says }) => `${label}: ${says}.`),
  ],
  limitsTitle: 'What this does not say',
  limit: ({ text }) => text,
  sample: 'A made-up sample company: these figures show what the report looks like, not what you will get.',
};

const signed = (value: number, digits = 3) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;
const span = ({ low, high }: Estimate, digits = 3) => (low === null || high === null ? '' : ` (ช่วง 95 %: ${signed(low, digits)} ถึง ${signed(high, digits)})`); // biome-ignore format: one choice

const thSide: Readonly<Record<string, string>> = {
  won: 'ชนะ',
  lost: 'แพ้',
  converted: 'เปลี่ยนเป็นดีล',
  disqualified: 'ถูกตัดออก',
  left: 'เลิกเป็นลูกค้า',
  stayed: 'อยู่ต่อ',
};
const thNoun: Readonly<Record<string, string>> = { deals: 'ดีล', leads: 'ลีด', customers: 'ลูกค้า', rows: 'แถว' };
const thSegment: Readonly<Record<string, string>> = {
  stage: 'ขั้นตอน',
  source: 'แหล่งที่มา',
  'lead source': 'แหล่งที่มา',
  industry: 'อุตสาหกรรม',
};
export const sideOf = (side: string, language: Language): string => (language === 'th' ? (thSide[side] ?? side) : side);
export const nounOf = (noun: string, language: Language): string => (language === 'th' ? (thNoun[noun] ?? noun) : noun);

/** What a method is called in a table or a legend. */
export function nameOf(method: string, result: BacktestResult, language: Language): string {
  if (method === 'foresell') return 'Foresell';
  const label = result.rivals.find(({ name }) => name === method)!.label;
  if (language === 'en') return label;
  if (method === 'plainPercentage') return `เปอร์เซ็นต์ตาม${thSegment[result.segment] ?? result.segment}`;
  if (method === 'baseRate') return 'อัตราเฉลี่ย';
  if (method === 'rep') return `ที่พนักงานขายบอก (${label.replace(/^your reps' /, '')})`;
  return `คะแนนเดิม (${label.replace(/^the score in /, '')})`;
}

const th: Words = {
  ...en,
  title: 'Foresell จะบอกอะไรคุณไว้บ้าง',
  headline: (result) => {
    const { judgement, months, verdicts, subject } = result;
    const lead = verdicts[0]!.leading;
    const of = (m: string) => judgement.figures.within[m]![lead]!.value;
    const ours = of('foresell');
    if (ours === null) return result.headline;
    const what =
      lead === 'money20' ? 'เงินที่คุณชนะ' : `${nounOf(subject.noun.many, 'th')}ที่${sideOf(subject.sides.positive, 'th')}`;
    const others = judgement.methods.flatMap((m) => {
      const value = of(m);
      return m === 'foresell' || m === 'baseRate' || value === null
        ? []
        : [`${nameOf(m, result, 'th')} ${percent(value)}`];
    });
    return `ใน ${months} เดือนล่าสุด Foresell จัดอันดับ ${percent(ours)} ของ${what}ไว้ในหนึ่งในห้าบนสุด ส่วน${[...others, `การสุ่ม ${percent(of('baseRate') ?? 0.2)}`].join(' ')}`;
  },
  subline: ({ plan, judgement, subject }, from, to, known) =>
    `ย้อนดู ${plan.origins.length} ครั้ง ตั้งแต่ ${from} ถึง ${to} ทุก ${plan.everyDays} วัน ดูทุกรายการที่เปิดอยู่ในวันนั้น: ${judgement.rows.within.toLocaleString('en')} ครั้ง จาก${nounOf(subject.noun.many, 'th')} ${judgement.entities.toLocaleString('en')} ราย แต่ละรายการให้คะแนนด้วยโมเดลของวันนั้น จากสิ่งที่รู้ในวันนั้น และตัดสินเมื่อผ่านไป ${plan.horizonDays} วัน ตามสิ่งที่รู้ถึง ${known}`,
  verdictsTitle: 'ข้อสรุป',
  says: { better: 'ดีกว่า', 'no difference': 'ไม่ต่าง', worse: 'แย่กว่า' },
  verdict: ({ says, logLoss, ours, theirs, leading, gain }, label) => {
    const head = says === 'better' ? `ความน่าจะเป็นของ Foresell ดีกว่า${label} เกินความบังเอิญ` : says === 'worse' ? `ความน่าจะเป็นของ Foresell แย่กว่า${label} เกินความบังเอิญ` : `ความน่าจะเป็นของ Foresell กับ${label} ไม่ต่างกันเกินความบังเอิญ`; // biome-ignore format: one choice
    const loss = logLoss.value === null ? '' : `: log loss ${signed(logLoss.value)}${span(logLoss)}`;
    if (ours === null || theirs === null || gain.value === null) return head + loss;
    const what = leading === 'money20' ? 'เงินที่ชนะ' : 'รายการที่เกิดขึ้นจริง';
    return `${head}${loss} หนึ่งในห้าบนสุดมี ${percent(ours)} ของ${what} เทียบกับ ${percent(theirs)}`;
  },
  gainTitle: (money) => (money ? 'เงินอยู่ที่ไหน' : 'รายการที่ใช่อยู่ที่ไหน'),
  gainHint: (money, days) =>
    `ไล่${money ? 'ยอดเงินที่เปิดอยู่' : 'รายการ'}ของแต่ละวันจากอันดับดีที่สุดลงมา แล้วดูว่ามี${money ? 'เงินที่ชนะ' : 'รายการที่เกิดขึ้นจริง'}ภายใน ${days} วันอยู่เท่าใด ยิ่งสูงยิ่งดี เส้นประคือการสุ่ม`,
  gainX: (money) => (money ? 'สัดส่วนยอดเงินที่เปิดอยู่ (%)' : 'สัดส่วนของรายการ (%)'),
  gainY: (money) => (money ? 'สัดส่วนเงินที่ชนะ (%)' : 'สัดส่วนที่พบ (%)'),
  calibrationTitle: 'ที่บอกไว้เกิดขึ้นจริงหรือไม่',
  calibrationHint: 'แต่ละจุดคือหนึ่งในสิบของการดู: บอกไว้เฉลี่ยเท่าใด และเกิดขึ้นจริงบ่อยเพียงใด บนเส้นประคือตรงกัน',
  said: 'บอกไว้',
  happened: 'เกิดขึ้นจริง',
  figuresTitle: 'ตัวเลขทั้งหมด',
  figuresHint: (draws, accounts) =>
    `ใต้ตัวเลขคือช่วง 95 % จากการสุ่มลูกค้า ${accounts.toLocaleString('en')} ราย ${draws.toLocaleString('en')} ครั้ง log loss และ Brier ยิ่งต่ำยิ่งดี AUC, lift และเงินยิ่งสูงยิ่งดี ความชัน 1 และจุดตัด 0 คือไม่มั่นใจเกินหรือน้อยไป “–” คือบอกไม่ได้`,
  method: 'วิธี',
  ranking: 'อันดับ',
  probabilities: 'ความน่าจะเป็น',
  within: (days, side, rows) => `${side}ภายใน ${days} วัน (${rows} ครั้ง)`,
  ever: (side, rows, undecided) => `${side}ในที่สุด เฉพาะที่จบแล้ว (${rows} ครั้ง ยังไม่จบ ${undecided})`,
  figure: { ...en.figure, money10: 'เงินใน 10 % บนสุด', money20: 'ใน 20 % บนสุด', money30: 'ใน 30 % บนสุดของยอดที่เปิดอยู่', found10: 'พบใน 10 % บนสุด', found20: 'ใน 20 % บนสุด', found30: 'ใน 30 % บนสุดของรายการ', moneyOfList20: 'เงินใน 20 % บนสุดของรายการ', topDecileLift: 'lift ของ 10 % บนสุด', slope: 'ความชัน', intercept: 'จุดตัด', ece: 'ความคลาดเคลื่อน' }, // biome-ignore format: a list
  calibrationTable: 'ที่บอกไว้กับที่เกิดขึ้นจริง ทีละหนึ่งในสิบ',
  rows: 'ครั้ง',
  looksTitle: 'ทีละครั้งที่ย้อนดู',
  looksHint: (days, side) => `จำนวนที่จะ${side}ภายใน ${days} วันตามผลรวมของความน่าจะเป็น และจำนวนที่เกิดขึ้นจริง`,
  look: 'วันที่',
  open: 'เปิดอยู่',
  expected: 'Foresell บอก',
  baseExpected: 'อัตราเฉลี่ยบอก',
  model: 'โมเดล',
  slicesTitle: 'ดีกว่าตรงไหน และตรงไหนไม่',
  slicesHint: (label) => `log loss ตามอายุและตามกลุ่ม เทียบกับ${label} ต่ำกว่าศูนย์คือ Foresell ดีกว่า ช่วงที่คร่อมศูนย์คือไม่เกินความบังเอิญ`,
  age: 'เปิดมาแล้ว',
  segment: (name) => thSegment[name] ?? name,
  bands: { 'up to 30 days': 'ไม่เกิน 30 วัน', '30 to 90 days': '30 ถึง 90 วัน', '90 to 180 days': '90 ถึง 180 วัน', '180 to 365 days': '180 ถึง 365 วัน', 'over a year': 'เกินหนึ่งปี', '(none)': '(ไม่มี)', '(others)': '(อื่น ๆ)' }, // biome-ignore format: a list
  difference: 'ส่วนต่าง',
  to: 'ถึง',
  modelsTitle: 'โมเดลในตอนนั้น',
  trained: 'รู้ถึงก่อน',
  learned: 'เรียนจาก',
  howTitle: 'วิธีอื่นถูกถามอย่างไร',
  how: (result) => [
    'Foresell: โมเดลในตอนนั้น ปรับด้วยระดับของช่วงนั้น เหมือนตอนให้บริการจริง',
    ...result.rivals.map((rival) => {
      const name = nameOf(rival.name, result, 'th');
      if (rival.name === 'plainPercentage')
        return `${name}: สัดส่วนของครั้งที่ผ่านมาในกลุ่มเดียวกันที่เกิดขึ้นจริง เฉพาะที่ตัดสินแล้วในตอนนั้น ดึงเข้าหาสัดส่วนรวมด้วยน้ำหนัก 20 ครั้ง`;
      if (rival.name === 'baseRate') return `${name}: สัดส่วนของทุกครั้งที่ผ่านมาที่เกิดขึ้นจริง เฉพาะที่ตัดสินแล้วในตอนนั้น`;
      if (rival.name === 'incumbent')
        return `${name}: ค่าที่บันทึกไว้ในตอนนั้น แปลงเป็นความน่าจะเป็นจากผลในอดีตของค่าเช่นนั้น จึงเทียบเฉพาะความรู้ ไม่ใช่มาตราส่วน`;
      return `${name}: สิ่งที่พนักงานขายบันทึกไว้ในตอนนั้น ตามที่ค่าเช่นนั้นเคยเกิดขึ้นจริง`;
    }),
  ],
  limitsTitle: 'สิ่งที่รายงานนี้ไม่ได้บอก',
  limit: ({ code, params: p, text }) => {
    switch (code) {
      case 'sample':
        return 'นี่คือบริษัทตัวอย่างที่สร้างขึ้น ตัวเลขที่สำคัญคือตัวเลขจากข้อมูลของคุณเอง';
      case 'size':
        return `ดู ${p['looks']} ครั้ง จาก ${p['entities']} รายการ ของลูกค้า ${p['accounts']} ราย มี ${p['good']} ครั้งที่เกิดขึ้นจริงภายใน ${p['days']} วัน รายการที่เปิดอยู่หลายครั้งนับทุกครั้ง แต่ช่วงคำนวณจากการสุ่มลูกค้าทั้งราย จึงไม่ทำให้ดูแน่นอนเกินจริง`;
      case 'undecided':
        return `${percent(Number(p['undecided']))} ยังไม่จบ คำถามว่าเกิดขึ้นในที่สุดหรือไม่ตัดสินจากที่เหลือ ซึ่งจบเร็วกว่าปกติ`;
      case 'lowSkill':
        return `${p['low']} จาก ${p['models']} โมเดล ไม่รู้มากไปกว่าอัตราเฉลี่ยเมื่อตอนเรียน`;
      case 'noWorth':
        return `${p['unpriced']} ครั้งไม่มียอดเงินที่รู้ในตอนนั้น จึงไม่นับในเรื่องเงิน`;
      case 'record':
        return 'ประวัติดีเท่าที่บันทึกไว้: ถ้าการเปลี่ยนแปลงถูกบันทึกช้ากว่าที่เกิดโดยไม่ได้บอก ทุกวิธีรวมทั้งของเราจะดูเหมือนรู้เร็วกว่าจริง';
      case 'noTrial':
        return 'รายงานนี้บอกว่าอันดับและความน่าจะเป็นแม่นเพียงใด ไม่ได้บอกว่าจะเกิดอะไรขึ้นถ้าทีมของคุณทำงานตามนั้น';
      default:
        return text;
    }
  },
  sample: 'บริษัทตัวอย่างที่สร้างขึ้น: ตัวเลขนี้แสดงหน้าตาของรายงาน ไม่ใช่ผลที่คุณจะได้',
};

export const words = (language: Language): Words => (language === 'th' ? th : en);
