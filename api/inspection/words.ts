import { type Language, numbers } from '../reasons.ts';
import type { Check, Finding } from './checks.ts';
import type { Concentration } from './concentration.ts';
import type { MoveKind } from './moves.ts';

type Evidence = Finding['evidence'];

const whole = (value: Evidence[string]): string => numbers('en-GB', { maximumFractionDigits: 0 }).format(Number(value));
const percent = (value: Evidence[string]): string => `${Math.round(100 * Number(value))} %`;
const days = (value: Evidence[string]): string => `${whole(value)} ${whole(value) === '1' ? 'day' : 'days'}`;

/** Each check in a sentence that holds its evidence. */
const texts: Readonly<Record<Check, Readonly<Record<Language, (of: Evidence, act: boolean) => string>>>> = {
  stalled: {
    en: (of, act) => `In ${of['stage']} for ${days(of['days'])}; ${won(act)} won deals had left it within ${whole(of[act ? 'usual90' : 'usual80'])} (${stays(of)}).`, // biome-ignore format: one sentence
    th: (of, act) => `อยู่ในขั้น ${of['stage']} มา ${whole(of['days'])} วัน ดีลที่ชนะ ${wonTh(act)} ออกจากขั้นนี้ภายใน ${whole(of[act ? 'usual90' : 'usual80'])} วัน (${staysTh(of)})`, // biome-ignore format: one sentence
  },
  slipping: {
    en: (of, act) => `Its date was pushed out ${times(of['pushes'])}, by ${days(of['days'])} together; ${won(act)} won deals had slipped by ${whole(of[act ? 'usual90' : 'usual80'])} at most at this stage (${stays(of)}).`, // biome-ignore format: one sentence
    th: (of, act) => `เลื่อนวันที่คาดว่าจะปิดออกไป ${of['pushes']} ครั้ง รวม ${whole(of['days'])} วัน ดีลที่ชนะ ${wonTh(act)} เลื่อนไม่เกิน ${whole(of[act ? 'usual90' : 'usual80'])} วันในขั้นนี้ (${staysTh(of)})`, // biome-ignore format: one sentence
  },
  overdue: {
    en: (of) => `Expected on ${of['date']}, ${days(of['days'])} ago, and still open.`,
    th: (of) => `คาดว่าจะปิดวันที่ ${of['date']} เลยมา ${whole(of['days'])} วันแล้ว แต่ยังเปิดอยู่`,
  },
  monthEnd: {
    en: (of) => `Expected on ${of['date']}, the last day of a month, as ${percent(of['share'])} of all dates here are (3 % by chance): a default tells the month at best.`, // biome-ignore format: one sentence
    th: (of) => `คาดว่าจะปิดวันที่ ${of['date']} ซึ่งเป็นวันสิ้นเดือน เหมือน ${percent(of['share'])} ของวันที่ทั้งหมดที่นี่ (โดยบังเอิญ 3 %) วันที่ตั้งไว้เช่นนี้บอกได้อย่างมากเพียงเดือน`, // biome-ignore format: one sentence
  },
  noNextStep: {
    en: (of, act) => `Nothing is planned, and nothing happened for ${days(of['days'])}${of['lastAt'] === null ? '' : ` (last on ${of['lastAt']})`}; ${won(act)} won deals were never silent for more than ${whole(of[act ? 'usual90' : 'usual80'])} by this stage (${stays(of)}).`, // biome-ignore format: one sentence
    th: (of, act) => `ไม่มีนัดหมายถัดไป และไม่มีความเคลื่อนไหวมา ${whole(of['days'])} วัน${of['lastAt'] === null ? '' : ` (ล่าสุด ${of['lastAt']})`} ดีลที่ชนะ ${wonTh(act)} ไม่เคยเงียบเกิน ${whole(of[act ? 'usual90' : 'usual80'])} วันจนถึงขั้นนี้ (${staysTh(of)})`, // biome-ignore format: one sentence
  },
  singleThreaded: {
    en: (of) => `${of['contacts'] === 0 ? 'No person' : 'One person'} of the customer is involved; ${percent(of['wonWithTwo'])} of won deals had two or more by this stage (${stays(of)}).`, // biome-ignore format: one sentence
    th: (of) => `${of['contacts'] === 0 ? 'ไม่มีผู้ติดต่อฝั่งลูกค้า' : 'มีผู้ติดต่อฝั่งลูกค้าคนเดียว'} ขณะที่ ${percent(of['wonWithTwo'])} ของดีลที่ชนะมีสองคนขึ้นไปในขั้นนี้ (${staysTh(of)})`, // biome-ignore format: one sentence
  },
  disagrees: {
    en: (of) => `From ${of['stage']} ${percent(of['stageRate'])} are won (of ${whole(of['closed'])}); its record says ${percent(of['probability'])}.`, // biome-ignore format: one sentence
    th: (of) => `จากขั้น ${of['stage']} ปกติชนะ ${percent(of['stageRate'])} (จาก ${whole(of['closed'])} ดีล) แต่เรื่องราวของดีลนี้บอก ${percent(of['probability'])}`, // biome-ignore format: one sentence
  },
};

const won = (act: boolean): string => `${act ? 'nine' : 'eight'} of ten`;
const wonTh = (act: boolean): string => `${act ? 'เก้า' : 'แปด'}ในสิบ`;
const times = (n: Evidence[string]): string => (n === 1 ? 'once' : `${n} times`);
const stays = (of: Evidence): string =>
  `of ${whole(of['wonStays'])} stays${of['usualOf'] === null ? ', at all stages' : ''}`;
const staysTh = (of: Evidence): string => `จาก ${whole(of['wonStays'])} ครั้ง${of['usualOf'] === null ? ' ทุกขั้น' : ''}`;

export const findingText = ({ check, evidence, level }: Finding, language: Language): string =>
  texts[check][language](evidence, level === 'act');

/** How much lies in how few. */
export function concentrationText({ half, effectiveDeals }: Concentration, open: number, language: Language): string {
  const spread = effectiveDeals.toFixed(1);
  return language === 'th'
    ? `ครึ่งหนึ่งของยอดที่คาดจากดีลเปิดอยู่ใน ${half.length} จาก ${open} ดีล กระจายเท่ากับ ${spread} ดีลขนาดเท่ากัน`
    : `Half of what open deals are expected to bring lies in ${half.length} of ${open}; it is spread as over ${spread} deals of one size.`;
}

const names: Readonly<Record<Check, Readonly<Record<Language, string>>>> = {
  stalled: { en: 'stalled', th: 'หยุดนิ่ง' },
  slipping: { en: 'slipping', th: 'เลื่อนบ่อย' },
  overdue: { en: 'overdue', th: 'เลยกำหนด' },
  monthEnd: { en: 'month-end date', th: 'วันสิ้นเดือน' },
  noNextStep: { en: 'no next step', th: 'ไม่มีก้าวถัดไป' },
  singleThreaded: { en: 'single-threaded', th: 'ผู้ติดต่อคนเดียว' },
  disagrees: { en: 'story and stage disagree', th: 'เรื่องราวไม่ตรงกับขั้น' },
};
export const checkName = (check: Check, language: Language): string => names[check][language];

const kinds: Readonly<Record<MoveKind, Readonly<Record<Language, string>>>> = {
  created: { en: 'created', th: 'สร้างใหม่' },
  won: { en: 'won', th: 'ชนะ' },
  lost: { en: 'lost', th: 'แพ้' },
  reopened: { en: 'reopened', th: 'เปิดใหม่' },
  gone: { en: 'gone from the records', th: 'หายไปจากข้อมูล' },
  stageForward: { en: 'on to a later stage', th: 'เลื่อนขั้นขึ้น' },
  stageBack: { en: 'back to an earlier stage', th: 'ถอยขั้น' },
  pushedOut: { en: 'pushed out', th: 'เลื่อนออก' },
  pulledIn: { en: 'pulled in', th: 'เลื่อนเข้า' },
  amountUp: { en: 'amount up', th: 'ยอดเพิ่ม' },
  amountDown: { en: 'amount down', th: 'ยอดลด' },
  owner: { en: 'another owner', th: 'เปลี่ยนเจ้าของ' },
  category: { en: 'another category', th: 'เปลี่ยนหมวด' },
  filledIn: { en: 'known for the first time', th: 'ทราบเป็นครั้งแรก' },
  chance: { en: 'chance alone', th: 'โอกาสเปลี่ยนอย่างเดียว' },
};
export const moveName = (kind: MoveKind, language: Language): string => kinds[kind][language];
