import type { Language } from './hashing.ts';

/** What a message is about, each a bit of a small set: price 1, competitor 2, contract 4, delay 8, legal 16, technical 32. */
export const INTENTS = ['price', 'competitor', 'contract', 'delay', 'legal', 'technical'] as const;
export type Intent = (typeof INTENTS)[number];

/** Whether a set of bits holds an intent. */
export const hasIntent = (bits: number, intent: Intent): boolean => ((bits >>> INTENTS.indexOf(intent)) & 1) === 1;

/**
 * Words that name each intent, written by us; in lower case and one spelling (`normalise.ts`). English ones are whole
 * words, Thai ones parts of the text, since Thai is written without blanks, and so long enough to be nothing else.
 */
const WORDS: Readonly<Record<Language, Readonly<Record<Intent, string>>>> = {
  en: {
    price:
      'pric(?:e|es|ed|ey|ing|ings)|cost(?:s|ly)?|discount(?:s|ed)?|expensive|cheap(?:er|est)?|budgets?|quot(?:e|es|ation|ations)|rebates?|afford(?:able)?|overpriced|(?:special|better|best|final|lower) offer|per (?:unit|seat|licen[cs]e)|volume deal|payment terms',
    competitor:
      'competit(?:or|ors|ion|ive|ive offer)|rivals?|(?:another|other|different|second|alternative) (?:vendor|supplier|provider|company|quote|offer|bid|bidder|option)s?|alternatives|compar(?:e|ed|ing|ison)|(?:switch|switching|moving|going) (?:to|with) (?:another|a different)|shortlist(?:ed)?|tender|incumbent|benchmark(?:ing)?',
    contract:
      'contracts?|agreements?|purchase orders?|po number|sign(?:ed|ing|ature|atures)?|countersign(?:ed)?|sow|statement of work|msa|renewals?|terms and conditions|letter of intent|draft order|order form',
    delay:
      'delay(?:s|ed|ing)?|postpon(?:e|ed|ing|ement)|(?:put|putting|puts|is|are|on) (?:\\w+ )?(?:on )?hold|later this year|next (?:quarter|year|fiscal|budget)|push(?:ed|ing)? (?:it |this |the \\w+ )?(?:back|out)|slip(?:s|ped|ping)|reschedul(?:e|ed|ing)|defer(?:red|ring)?|not (?:yet )?ready|need more time|not (?:a )?priority|behind schedule|leave it for now|not at the moment|no plans?|freez(?:e|ing)|frozen',
    legal:
      'legal|lawyers?|attorneys?|counsel|liabilit(?:y|ies)|indemni(?:ty|ties|fication|fy)|clauses?|complian(?:ce|t)|gdpr|pdpa|data protection|privacy|nda|non-disclosure|confidentiality|warrant(?:y|ies)|jurisdiction|intellectual property|dpa|litigation|regulat(?:or|ors|ory|ion|ions)',
    technical:
      'technical|integrat(?:e|es|ed|ing|ion|ions)|apis?|install(?:s|ed|ing|ation)?|engineers?|specifications?|specs?|compatib(?:le|ility)|bugs?|errors?|crash(?:es|ed)?|server|software|hardware|firmware|database|migration|security review|sso|uptime|latency|configur(?:e|ed|ation)|troubleshoot(?:ing)?|architecture|downtime',
  },
  th: {
    price:
      'ราคา|ส่วนลด|ลดราคา|ลดได้|แพง|ถูกกว่า|งบประมาณ|งบไม่|เกินงบ|ค่าใช้จ่าย|ค่าบริการ|ต้นทุน|โปรโมชั่น|โปรโมชัน|เครดิตเทอม|เงื่อนไขการชำระ',
    competitor:
      'คู่แข่ง|เจ้าอื่น|เจ้าหนึ่ง|อีกเจ้า|อีกบริษัท|บริษัทอื่น|ยี่ห้ออื่น|แบรนด์อื่น|ที่อื่น|รายอื่น|อีกราย|ผู้ขายอื่น|เปรียบเทียบ|เทียบกับ|ประกวดราคา|เปลี่ยนเจ้า|ย้ายค่าย',
    contract: 'สัญญา(?!ณ)|ใบสั่งซื้อ|ลงนาม|เซ็น(?!เตอร์|เซอร์|ต์|ทรัล)|บันทึกข้อตกลง|หนังสือแสดงเจตจำนง|ต่ออายุ|ข้อตกลงการให้บริการ',
    delay:
      'เลื่อน(?:การ|นัด|กำหนด|ออก|ไป|โครงการ|วัน|ส่ง|ประชุม)|ขอเลื่อน|ล่าช้า|ชะลอ|พัก(?:เรื่อง|โครงการ|ไว้)|ไว้ก่อน|ยังไม่พร้อม|ไตรมาสหน้า|ปีหน้า|ปีงบประมาณหน้า|ขอเวลา|ระงับ(?:โครงการ|ไว้|การ)|ยังไม่มีแผน|ยังไม่ตัดสินใจ|ช้ากว่ากำหนด',
    legal:
      'กฎหมาย|ฝ่ายนิติ|นิติกร|ทนาย|ความรับผิด|คุ้มครองข้อมูล|ข้อมูลส่วนบุคคล|รักษาความลับ|ไม่เปิดเผยข้อมูล|ลิขสิทธิ์|ทรัพย์สินทางปัญญา|ค่าปรับ|ฟ้องร้อง|พ\\.ร\\.บ|พรบ|ระเบียบข้อบังคับ',
    technical:
      'เทคนิค|วิศวกร|ติดตั้ง|เชื่อมต่อ|ระบบ(?:ล่ม|ขัดข้อง|หลังบ้าน|เดิม|บัญชี)|ซอฟต์แวร์|ซอฟท์แวร์|ฮาร์ดแวร์|เซิร์ฟเวอร์|ฐานข้อมูล|สเปค|สเปก|คุณสมบัติเฉพาะ|รองรับ(?:ระบบ|การ)|ใช้งานไม่ได้|ขัดข้อง|ย้ายข้อมูล|ตั้งค่า|อินทิเกรต',
  },
};

/**
 * What takes a mention back, right before it. A thing that happens or not (a delay, a competitor) is denied by any
 * negation up to three words before; a subject is still the subject when it is denied ("we cannot accept the price"),
 * unless it is said to be none ("no problem with the price").
 */
const DENIED: Readonly<Record<Language, { readonly event: RegExp; readonly subject: RegExp }>> = {
  en: {
    event: /(?:\b(?:no|not|never|without|nor|neither)|n['’]t|\bcannot)(?:[ ,]+(?!but\b|only\b)[\w'’-]+){0,3}[ ]$/,
    subject:
      /\b(?:no|not an?|without|never an?) (?:\w+ )?(?:problems?|issues?|questions?|concerns?|objections?|worries)(?: (?:\w+ ){0,2}| with | about | on | of )?(?:the |our |your )?$|\bnot (?:about|because of|due to) (?:the |our |your )?$/,
  },
  th: {
    event: /(?:ไม่(?!ใช่แค่|เพียง)|ไม่ได้|ไม่ต้อง|ไม่มี|ไม่ใช่|มิได้)[^\s]{0,10}$/,
    subject: /(?:ไม่มี(?:ปัญหา|ข้อสงสัย|ข้อกังวล)|ไม่ติด(?:ปัญหา)?|ไม่ใช่|ไม่เกี่ยวกับ)(?:เรื่อง|ด้าน|กับ|ใน|ของ){0,2}$/,
  },
};
const EVENTS: ReadonlySet<Intent> = new Set(['delay', 'competitor']);
/** How far before a mention its denial is looked for, and how many mentions are tried. */
const BEFORE = 48;
const TRIES = 8;

const patterns = (language: Language) =>
  INTENTS.map((intent) => {
    const words = WORDS[language][intent];
    return {
      named: new RegExp(language === 'en' ? `(?<![\\w-])(?:${words})(?!\\w)` : words, 'g'),
      denied: EVENTS.has(intent) ? DENIED[language].event : DENIED[language].subject,
    };
  });
const PATTERNS = { en: patterns('en'), th: patterns('th') };

const LATIN = /[a-z]{2}/;

/**
 * The intents that a normalised text names, as bits. Saying a word often is saying it once. Thai people write English
 * words too, so both lists are read in Thai text. An English denial counts within its sentence, a Thai one up to a blank.
 */
export function intentsOf(text: string, language: Language): number {
  if (language === 'en') return bitsOf(text, 'en');
  return bitsOf(text, 'th') | (LATIN.test(text) ? bitsOf(text, 'en') : 0);
}

function bitsOf(text: string, language: Language): number {
  let bits = 0;
  for (let i = 0; i < INTENTS.length; i++) {
    const { named, denied } = PATTERNS[language][i]!;
    named.lastIndex = 0;
    for (let tries = 0; tries < TRIES; tries++) {
      const found = named.exec(text);
      if (!found) break;
      if (isDenied(text, found.index, denied)) continue;
      bits |= 1 << i;
      break;
    }
  }
  return bits;
}

function isDenied(text: string, at: number, denied: RegExp): boolean {
  const before = text.slice(Math.max(0, at - BEFORE), at);
  const sentence = before.slice(Math.max(before.lastIndexOf('.'), before.lastIndexOf('\n'), before.lastIndexOf('?'), before.lastIndexOf('!'), before.lastIndexOf(';')) + 1); // biome-ignore format: one cut
  return denied.test(sentence);
}
