import type { LeakFinding } from '../../training/leakScreen.ts';
import type { Language } from '../backtest/words.ts';

/** The words of a version's report in one language. */
export interface Words {
  readonly title: string;
  readonly question: (side: string, within: number | null) => string;
  readonly lead: (auc: string, rows: string, noun: string, side: string) => string;
  readonly noLead: string;
  readonly lowSkill: string;
  readonly insufficient: string;
  readonly sample: string;
  readonly card: string;
  readonly what: string;
  readonly forWhat: string;
  readonly forWhatText: (noun: string) => string;
  readonly data: string;
  readonly dataText: (from: string, to: string, rows: string, entities: string, noun: string) => string;
  readonly outcomes: string;
  readonly open: string;
  readonly reads: string;
  readonly readsText: (features: number) => string;
  readonly chosen: string;
  readonly judgedOn: string;
  readonly judgedText: (rows: string, noun: string, sampled: string | undefined) => string;
  readonly gate: string;
  readonly serves: string;
  readonly servesNot: string;
  readonly version: string;
  readonly leftOut: string;
  readonly nothing: string;
  readonly limits: string;
  readonly limitList: (noun: string, withinDays: number | null) => readonly string[];
  readonly tableQuestion: (target: string, positive: string) => string;
  readonly tableLead: (auc: string, rows: string, target: string, positive: string) => string;
  readonly tableForWhat: string;
  readonly tableData: (rows: string) => string;
  readonly tableReads: (features: number) => string;
  readonly tableJudged: (rows: string, sampled: string | undefined) => string;
  readonly tableLimits: readonly string[];
  readonly ranking: string;
  readonly rankingHint: string;
  readonly roc: string;
  readonly falsePositive: string;
  readonly truePositive: string;
  readonly precisionRecall: string;
  readonly recall: string;
  readonly precision: string;
  readonly calibration: string;
  readonly calibrationHint: string;
  readonly said: string;
  readonly happened: string;
  readonly gain: string;
  readonly gainHint: string;
  readonly gainX: string;
  readonly gainY: string;
  readonly lift: string;
  readonly liftHint: string;
  readonly tenth: string;
  readonly distribution: string;
  readonly distributionHint: string;
  readonly notSo: string;
  readonly probability: string;
  readonly model: string;
  readonly method: Readonly<Record<string, string>>;
  readonly figures: string;
  readonly figuresHint: string;
  readonly figure: Readonly<Record<string, string>>;
  readonly effects: string;
  readonly effectsHint: string;
  readonly noEffects: string;
  readonly missing: string;
  readonly mean: string;
  readonly segments: string;
  readonly segmentsHint: string;
  readonly team: string;
  readonly rows: string;
  readonly accounts: string;
  readonly rateLogLoss: string;
  readonly upTo: (to: string) => string;
  readonly range: (from: string, to: string) => string;
  readonly from: (from: string) => string;
  readonly findings: string;
  readonly leak: (finding: LeakFinding) => string;
  readonly drift: (distance: string) => string;
  readonly hard: string;
  readonly suspect: string;
  readonly moved: string;
  readonly column: string;
  readonly finding: string;
  readonly learning: string;
  readonly learningHint: string;
  readonly epoch: string;
  readonly loss: string;
  readonly heldOut: string;
  readonly candidates: string;
  readonly candidatesHint: string;
  readonly run: string;
  readonly noRun: string;
  readonly noJudged: string;
  readonly asked: Readonly<Record<'model' | 'until' | 'profile' | 'seed' | 'changes' | 'code' | 'machine' | 'backend' | 'dataHash' | 'weights' | 'seconds' | 'memory' | 'champion', string>>; // biome-ignore format: one map
  readonly step: string;
  readonly seconds: string;
  readonly notes: string;
  readonly settings: string;
}

const percent = (share = 0): string => `${Math.round(share * 100)} %`;

const en: Words = {
  title: 'Model report',
  question: (side, within) =>
    within === null ? `The probability of ending as ${side}, given that it ends.` : `The probability of ending as ${side} within ${within} days.`, // biome-ignore format: one choice
  lead: (auc, rows, noun, side) => `Of two ${noun} it had never seen, one ${side} and one not, it ranks the one ${side} higher ${auc} of the time (${rows} looks).`, // biome-ignore format: one sentence
  noLead: 'There were too few outcomes to judge this version on rows that it had not seen.',
  lowSkill: 'Low skill: it knows no more than the base rate, so it gives no reasons.',
  insufficient: 'Too few outcomes to learn from: answers are bands, without grades.',
  sample: 'Sample company: generated data.',
  card: 'Model card',
  what: 'What it says',
  forWhat: 'What it is for',
  forWhatText: (noun) =>
    `To rank and weigh ${noun} and to add them up to a forecast. Not to judge people, and not to decide alone.`,
  data: 'Learned from',
  dataText: (from, to, rows, entities, noun) => `${rows} looks at ${entities} ${noun}, known from ${from} to ${to}`,
  outcomes: 'Outcomes',
  open: 'open',
  reads: 'Reads',
  readsText: (features) => `${features} features, each from what was known at the time of the look`,
  chosen: 'Kind',
  judgedOn: 'Judged on',
  judgedText: (rows, noun, sampled) =>
    `${rows} looks at the newest ${noun}, by the model as it was before it saw them${sampled ? `; drawn here: ${sampled} of them, whole accounts` : ''}`,
  gate: 'Gate',
  serves: 'serves now',
  servesNot: 'does not serve',
  version: 'Version',
  leftOut: 'Left out',
  nothing: 'nothing',
  limits: 'Limits',
  limitList: (noun, withinDays) => [
    `A probability is right on average over ${noun} like this one, not for one alone.`,
    'What moves a score is what the model looked at: association, not cause.',
    ...(withinDays === null ? ['It is judged on those that have ended; those still open are not in these figures.'] : ['Rows whose days have not passed yet are not in these figures.']), // biome-ignore format: one choice
    'The newest fifth of the past judged it; a market that turns afterwards is not in these figures.',
    'Parts of fewer than 30 looks or 10 accounts are not shown; no figure is of a single person.',
  ],
  tableQuestion: (target, positive) => `The probability that ${target} is ${positive}.`,
  tableLead: (auc, rows, target, positive) => `Of two rows it had not seen, one where ${target} is ${positive} and one where it is not, it ranks the first higher ${auc} of the time (${rows} rows).`, // biome-ignore format: one sentence
  tableForWhat: 'To rank rows like those it learned from. Not to judge people, and not to decide alone.',
  tableData: (rows) => `${rows} rows`,
  tableReads: (features) => `${features} columns`,
  tableJudged: (rows, sampled) =>
    `${rows} rows, each told by what had not seen it, before any calibration${sampled ? `; drawn here: ${sampled} of them` : ''}`,
  tableLimits: [
    'A probability is right on average over rows like this one, not for one alone.',
    'What moves a score is what the model looked at: association, not cause.',
    'A column that was written with the outcome in view would make all of this too good; see leaks and drift.',
    'Rows of another time or place than those of the table are not in these figures.',
  ],
  ranking: 'Does it rank?',
  rankingHint: 'Higher and further to the left (right: higher) is better; the thin dashed line is chance.',
  roc: 'ROC curve',
  falsePositive: 'false positive rate (%)',
  truePositive: 'true positive rate (%)',
  precisionRecall: 'Precision and recall',
  recall: 'recall (%)',
  precision: 'precision (%)',
  calibration: 'Does what is said happen?',
  calibrationHint:
    'Each dot is an equal share of the looks; its line is the 95 % interval, counting accounts. On the dashed line, what was said is what happened.',
  said: 'said',
  happened: 'happened',
  gain: 'Gain: how much is found how early',
  gainHint: 'Going down the list from the best-ranked. The dashed line is chance.',
  gainX: 'share of the list, best-ranked first (%)',
  gainY: 'share found (%)',
  lift: 'Lift by tenth of the list',
  liftHint: 'How many times the usual rate each tenth holds; 1 (dashed) is chance.',
  tenth: 'tenth of the list, best-ranked first',
  distribution: 'What was said, by what happened',
  distributionHint: 'Looks by the probability that they were given.',
  notSo: 'not within the days',
  probability: 'probability (%)',
  model: 'this version',
  method: { model: 'this version', ridge: 'ridge regression', baseRate: 'base rate', stagePercentage: 'percentage of the stage', sourcePercentage: 'percentage of the source', industryPercentage: 'percentage of the industry' }, // biome-ignore format: names
  figures: 'Figures on the unseen looks',
  figuresHint: 'Lower log loss, Brier score and calibration error are better; higher AUC and average precision.',
  figure: { auc: 'AUC', averagePrecision: 'average precision', logLoss: 'log loss', brier: 'Brier', ece: 'calibration error' }, // biome-ignore format: names
  effects: 'What moves the score',
  effectsHint:
    'The features that move scores most. Mean contribution to the log odds by value (bar), and where the middle 80 % of looks lie (line): right raises, left lowers.',
  noEffects: 'None: the model has no skill, or the effects were not recorded.',
  missing: 'not known',
  mean: 'contribution',
  segments: 'Does it hold in every part?',
  segmentsHint:
    'What was said and what happened, with its 95 % interval by accounts. The last column is the log loss of a rule that already knows the rate of that part.',
  team: "the owner's team",
  rows: 'looks',
  accounts: 'accounts',
  rateLogLoss: 'log loss of its rate',
  upTo: (to) => `below ${to}`,
  range: (from, to) => `${from} to ${to}`,
  from: (from) => `${from} and more`,
  findings: 'Leaks and drift',
  leak: ({ why, auc, aucWith, aucWithout, missingEnded, missingOpen }) =>
    ({
      alone: `alone it tells the outcomes apart (AUC ${auc.toFixed(3)})`,
      filledAfter: `written in ${percent(1 - (missingEnded ?? 0))} of ended records and in no open one`,
      carries: `AUC is ${aucWith?.toFixed(3)} with it and ${aucWithout?.toFixed(3)} without`,
      filledLater: `empty in ${percent(missingOpen)} of open records and ${percent(missingEnded)} of ended ones`,
    })[why],
  drift: (distance) => `it moved by ${distance} within the training window (more than .4)`,
  hard: 'leak, left out',
  suspect: 'suspect, kept',
  moved: 'drift, left out',
  column: 'Column',
  finding: 'Finding',
  learning: 'Learning curves',
  learningHint: 'Loss by epoch: on the batches learned from (dashed), and on rows held out to stop it (solid).',
  epoch: 'epoch',
  loss: 'learned from',
  heldOut: 'held out',
  candidates: 'Candidates',
  candidatesHint: 'Log loss on the rows that selected. The simplest that is not beaten beyond chance is chosen.',
  run: 'Run record',
  noRun: 'This version was made before trainings were recorded.',
  noJudged: 'No judged rows are kept of this version.',
  asked: { model: 'model', until: 'nothing known from', profile: 'profile', seed: 'seed', changes: 'changes of the profile', code: 'code', machine: 'machine', backend: 'network trained by', dataHash: 'hash of the rows', weights: 'hash of the weights', seconds: 'seconds', memory: 'peak memory', champion: 'had to beat' }, // biome-ignore format: names
  step: 'Step',
  seconds: 'seconds',
  notes: 'Notes of the training',
  settings: 'Settings in force',
};

const th: Words = {
  title: 'รายงานโมเดล',
  question: (side, within) =>
    within === null ? `ความน่าจะเป็นที่จะจบแบบ “${side}” เมื่อจบลง` : `ความน่าจะเป็นที่จะ “${side}” ภายใน ${within} วัน`, // biome-ignore format: one choice
  lead: (auc, rows, noun, side) => `เมื่อให้${noun}ที่ไม่เคยเห็นสองรายการ รายการหนึ่ง${side}และอีกรายการหนึ่งไม่ โมเดลจัดรายการที่${side}ไว้สูงกว่าถูกต้อง ${auc} (จากการดู ${rows} ครั้ง)`, // biome-ignore format: one sentence
  noLead: 'ผลลัพธ์มีน้อยเกินไปที่จะตัดสินรุ่นนี้ด้วยข้อมูลที่ไม่เคยเห็น',
  lowSkill: 'ความสามารถต่ำ: รู้ไม่มากกว่าอัตราเฉลี่ย จึงไม่บอกเหตุผล',
  insufficient: 'ผลลัพธ์น้อยเกินไปที่จะเรียนรู้: คำตอบเป็นช่วง ไม่มีเกรด',
  sample: 'บริษัทตัวอย่าง: ข้อมูลสร้างขึ้น',
  card: 'บัตรโมเดล',
  what: 'บอกอะไร',
  forWhat: 'ใช้ทำอะไร',
  forWhatText: (noun) => `ใช้จัดอันดับและให้น้ำหนัก${noun} และรวมเป็นคาดการณ์ ไม่ใช้ตัดสินคน และไม่ใช้ตัดสินใจแทนคน`,
  data: 'เรียนรู้จาก',
  dataText: (from, to, rows, entities, noun) => `การดู ${rows} ครั้ง ที่${noun} ${entities} ราย ซึ่งรู้ตั้งแต่ ${from} ถึง ${to}`,
  outcomes: 'ผลลัพธ์',
  open: 'ยังเปิดอยู่',
  reads: 'อ่าน',
  readsText: (features) => `ตัวแปร ${features} ตัว แต่ละตัวมาจากสิ่งที่รู้ ณ เวลาที่ดู`,
  chosen: 'ชนิด',
  judgedOn: 'ตัดสินด้วย',
  judgedText: (rows, noun, sampled) =>
    `การดู${noun}ใหม่สุด ${rows} ครั้ง ด้วยโมเดลก่อนที่จะได้เห็นรายการเหล่านั้น${sampled ? ` ในรายงานนี้วาดจาก ${sampled} ครั้ง โดยสุ่มทั้งบัญชีลูกค้า` : ''}`,
  gate: 'ด่านตรวจ',
  serves: 'ใช้งานอยู่',
  servesNot: 'ไม่ได้ใช้งาน',
  version: 'รุ่น',
  leftOut: 'ตัดออก',
  nothing: 'ไม่มี',
  limits: 'ข้อจำกัด',
  limitList: (noun, withinDays) => [
    `ความน่าจะเป็นถูกต้องโดยเฉลี่ยของ${noun}ที่คล้ายกัน ไม่ใช่ของรายการเดียว`,
    'สิ่งที่ขยับคะแนนคือสิ่งที่โมเดลมองเห็นว่าเกี่ยวข้อง ไม่ใช่สาเหตุ',
    withinDays === null
      ? 'ตัดสินจากรายการที่จบแล้ว รายการที่ยังเปิดอยู่ไม่อยู่ในตัวเลขเหล่านี้'
      : 'รายการที่ยังไม่ครบจำนวนวันไม่อยู่ในตัวเลขเหล่านี้',
    'ใช้อดีตหนึ่งในห้าที่ใหม่สุดเป็นตัวตัดสิน ตลาดที่เปลี่ยนหลังจากนั้นไม่อยู่ในตัวเลขเหล่านี้',
    'ส่วนที่มีการดูน้อยกว่า 30 ครั้งหรือน้อยกว่า 10 บัญชีจะไม่แสดง และไม่มีตัวเลขของคนใดคนหนึ่ง',
  ],
  tableQuestion: (target, positive) => `ความน่าจะเป็นที่ ${target} จะเป็น ${positive}`,
  tableLead: (auc, rows, target, positive) => `เมื่อให้แถวที่ไม่เคยเห็นสองแถว แถวหนึ่ง ${target} เป็น ${positive} และอีกแถวหนึ่งไม่เป็น โมเดลจัดแถวแรกไว้สูงกว่าถูกต้อง ${auc} (${rows} แถว)`, // biome-ignore format: one sentence
  tableForWhat: 'ใช้จัดอันดับแถวที่คล้ายกับที่เรียนรู้มา ไม่ใช้ตัดสินคน และไม่ใช้ตัดสินใจแทนคน',
  tableData: (rows) => `${rows} แถว`,
  tableReads: (features) => `${features} คอลัมน์`,
  tableJudged: (rows, sampled) =>
    `${rows} แถว แต่ละแถวบอกโดยสิ่งที่ไม่เคยเห็นแถวนั้น ก่อนการปรับความน่าจะเป็น${sampled ? ` ในรายงานนี้วาดจาก ${sampled} แถว` : ''}`,
  tableLimits: [
    'ความน่าจะเป็นถูกต้องโดยเฉลี่ยของแถวที่คล้ายกัน ไม่ใช่ของแถวเดียว',
    'สิ่งที่ขยับคะแนนคือสิ่งที่โมเดลมองเห็นว่าเกี่ยวข้อง ไม่ใช่สาเหตุ',
    'คอลัมน์ที่เขียนหลังรู้ผลจะทำให้ทุกตัวเลขดีเกินจริง ดูหัวข้อการรั่วไหล',
    'แถวจากเวลาหรือที่อื่นนอกตารางไม่อยู่ในตัวเลขเหล่านี้',
  ],
  ranking: 'จัดอันดับได้ดีหรือไม่',
  rankingHint: 'เส้นยิ่งสูงยิ่งดี เส้นประบางคือการสุ่ม',
  roc: 'เส้นโค้ง ROC',
  falsePositive: 'อัตราบวกลวง (%)',
  truePositive: 'อัตราบวกจริง (%)',
  precisionRecall: 'ความแม่นยำกับความครบถ้วน',
  recall: 'ความครบถ้วน (recall, %)',
  precision: 'ความแม่นยำ (precision, %)',
  calibration: 'สิ่งที่บอกเกิดขึ้นจริงหรือไม่',
  calibrationHint: 'แต่ละจุดคือส่วนแบ่งเท่ากันของการดู เส้นตั้งคือช่วงเชื่อมั่น 95 % โดยนับบัญชีลูกค้า บนเส้นประ สิ่งที่บอกคือสิ่งที่เกิดขึ้น',
  said: 'ที่บอก',
  happened: 'ที่เกิดขึ้น',
  gain: 'พบได้มากและเร็วเพียงใด',
  gainHint: 'ไล่รายการจากอันดับดีที่สุดลงมา เส้นประคือการสุ่ม',
  gainX: 'สัดส่วนของรายการ เริ่มจากอันดับดีที่สุด (%)',
  gainY: 'สัดส่วนที่พบ (%)',
  lift: 'Lift ของแต่ละหนึ่งในสิบ',
  liftHint: 'แต่ละหนึ่งในสิบมีอัตราเป็นกี่เท่าของปกติ เส้นประที่ 1 คือการสุ่ม',
  tenth: 'หนึ่งในสิบของรายการ เริ่มจากอันดับดีที่สุด',
  distribution: 'สิ่งที่บอก แยกตามสิ่งที่เกิดขึ้น',
  distributionHint: 'จำนวนครั้งที่ดู ตามความน่าจะเป็นที่ได้รับ',
  notSo: 'ไม่ใช่ภายในเวลานั้น',
  probability: 'ความน่าจะเป็น (%)',
  model: 'รุ่นนี้',
  method: { model: 'รุ่นนี้', ridge: 'ริดจ์รีเกรสชัน', baseRate: 'อัตราเฉลี่ย', stagePercentage: 'เปอร์เซ็นต์ตามขั้น', sourcePercentage: 'เปอร์เซ็นต์ตามแหล่งที่มา', industryPercentage: 'เปอร์เซ็นต์ตามอุตสาหกรรม' }, // biome-ignore format: names
  figures: 'ตัวเลขจากการดูที่ไม่เคยเห็น',
  figuresHint: 'log loss, Brier และความคลาดเคลื่อนของความน่าจะเป็นยิ่งต่ำยิ่งดี AUC และ average precision ยิ่งสูงยิ่งดี',
  figure: { auc: 'AUC', averagePrecision: 'average precision', logLoss: 'log loss', brier: 'Brier', ece: 'ความคลาดเคลื่อน' }, // biome-ignore format: names
  effects: 'อะไรขยับคะแนน',
  effectsHint: 'ตัวแปรที่ขยับคะแนนมากที่สุด แท่งคือผลเฉลี่ยต่อ log odds ตามค่า เส้นคือช่วงของการดู 80 % ตรงกลาง ขวาคือเพิ่ม ซ้ายคือลด',
  noEffects: 'ไม่มี: โมเดลไม่มีความสามารถ หรือไม่ได้บันทึกผลไว้',
  missing: 'ไม่ทราบ',
  mean: 'ผลต่อคะแนน',
  segments: 'ใช้ได้ในทุกส่วนหรือไม่',
  segmentsHint: 'สิ่งที่บอกกับสิ่งที่เกิดขึ้น พร้อมช่วงเชื่อมั่น 95 % ตามบัญชีลูกค้า คอลัมน์สุดท้ายคือ log loss ของกฎที่รู้อัตราของส่วนนั้นอยู่แล้ว',
  team: 'ทีมของผู้ดูแล',
  rows: 'ครั้งที่ดู',
  accounts: 'บัญชี',
  rateLogLoss: 'log loss ของอัตรา',
  upTo: (to) => `ต่ำกว่า ${to}`,
  range: (from, to) => `${from} ถึง ${to}`,
  from: (from) => `${from} ขึ้นไป`,
  findings: 'การรั่วไหลและการเปลี่ยนแปลงของข้อมูล',
  leak: ({ why, auc, aucWith, aucWithout, missingEnded, missingOpen }) =>
    ({
      alone: `ตัวแปรเดียวก็แยกผลลัพธ์ได้ (AUC ${auc.toFixed(3)})`,
      filledAfter: `มีค่าใน ${percent(1 - (missingEnded ?? 0))} ของรายการที่จบแล้ว แต่ไม่มีในรายการที่เปิดอยู่เลย`,
      carries: `AUC เป็น ${aucWith?.toFixed(3)} เมื่อมี และ ${aucWithout?.toFixed(3)} เมื่อไม่มี`,
      filledLater: `ว่างใน ${percent(missingOpen)} ของรายการที่เปิดอยู่ และ ${percent(missingEnded)} ของรายการที่จบแล้ว`,
    })[why],
  drift: (distance) => `ค่าเปลี่ยนไป ${distance} ในช่วงที่ใช้เรียนรู้ (เกิน .4)`,
  hard: 'รั่วไหล ตัดออก',
  suspect: 'น่าสงสัย ยังใช้อยู่',
  moved: 'เปลี่ยนแปลง ตัดออก',
  column: 'คอลัมน์',
  finding: 'สิ่งที่พบ',
  learning: 'เส้นโค้งการเรียนรู้',
  learningHint: 'ค่า loss ตามรอบ: จากข้อมูลที่เรียนรู้ (เส้นประ) และจากข้อมูลที่กันไว้เพื่อหยุด (เส้นทึบ)',
  epoch: 'รอบ',
  loss: 'ที่เรียนรู้',
  heldOut: 'ที่กันไว้',
  candidates: 'ตัวเลือก',
  candidatesHint: 'log loss จากรายการที่ใช้คัดเลือก เลือกตัวที่เรียบง่ายที่สุดซึ่งไม่แพ้เกินความบังเอิญ',
  run: 'บันทึกการฝึก',
  noRun: 'รุ่นนี้ฝึกก่อนที่จะมีการบันทึก',
  noJudged: 'ไม่ได้เก็บรายการที่ใช้ตัดสินของรุ่นนี้',
  asked: { model: 'โมเดล', until: 'ไม่ใช้สิ่งที่รู้ตั้งแต่', profile: 'โปรไฟล์', seed: 'seed', changes: 'ส่วนที่เปลี่ยนจากโปรไฟล์', code: 'โค้ด', machine: 'เครื่อง', backend: 'เครือข่ายฝึกโดย', dataHash: 'แฮชของข้อมูล', weights: 'แฮชของน้ำหนัก', seconds: 'วินาที', memory: 'หน่วยความจำสูงสุด', champion: 'ต้องชนะ' }, // biome-ignore format: names
  step: 'ขั้นตอน',
  seconds: 'วินาที',
  notes: 'หมายเหตุของการฝึก',
  settings: 'การตั้งค่าที่ใช้',
};

/** Rows of a flat table are no looks at something that goes on, and have no accounts. */
const ofTables: Readonly<Record<Language, Partial<Words>>> = {
  en: {
    rows: 'rows',
    figures: 'Figures on unseen rows',
    distributionHint: 'Rows by the probability that they were given.',
    calibrationHint: 'Each dot is an equal share of the rows; its line is the 95 % interval. On the dashed line, what was said is what happened.', // biome-ignore format: one sentence
    effectsHint: 'The columns that move scores most. Mean contribution to the log odds by value (bar), and where the middle 80 % of rows lie (line): right raises, left lowers.', // biome-ignore format: one sentence
    segmentsHint: 'What was said and what happened, with its 95 % interval. The last column is the log loss of a rule that already knows the rate of that part.', // biome-ignore format: one sentence
  },
  th: {
    rows: 'แถว',
    figures: 'ตัวเลขจากแถวที่ไม่เคยเห็น',
    distributionHint: 'จำนวนแถวตามความน่าจะเป็นที่ได้รับ',
    calibrationHint: 'แต่ละจุดคือส่วนแบ่งเท่ากันของแถว เส้นตั้งคือช่วงเชื่อมั่น 95 % บนเส้นประ สิ่งที่บอกคือสิ่งที่เกิดขึ้น',
    effectsHint: 'คอลัมน์ที่ขยับคะแนนมากที่สุด แท่งคือผลเฉลี่ยต่อ log odds ตามค่า เส้นคือช่วงของแถว 80 % ตรงกลาง ขวาคือเพิ่ม ซ้ายคือลด',
    segmentsHint: 'สิ่งที่บอกกับสิ่งที่เกิดขึ้น พร้อมช่วงเชื่อมั่น 95 % คอลัมน์สุดท้ายคือ log loss ของกฎที่รู้อัตราของส่วนนั้นอยู่แล้ว',
  },
};

export const words = (language: Language, table: boolean): Words => ({
  ...(language === 'th' ? th : en),
  ...(table ? ofTables[language] : {}),
});
