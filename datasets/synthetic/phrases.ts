/** Sentences of which messages are made, by language. Thai is written as it is: no spaces between words. */
export type Tone = 'warm' | 'plain' | 'cold';
export const INTENTS = ['price', 'competitor', 'contract', 'delay', 'legal', 'technical'] as const;
export type Intent = (typeof INTENTS)[number];

export interface Phrases {
  readonly hello: readonly string[];
  readonly bye: readonly string[];
  /** What a customer says. */
  readonly in: Readonly<Record<Tone, readonly string[]>>;
  /** What a seller says, which tells less. */
  readonly out: Readonly<Record<Tone, readonly string[]>>;
  readonly intent: Readonly<Record<Intent, readonly string[]>>;
  readonly subject: Readonly<Record<Intent | 'none', readonly string[]>>;
  readonly meeting: readonly string[];
  readonly note: readonly string[];
  readonly task: readonly string[];
}

export const PHRASES: Readonly<Record<'th' | 'en', Phrases>> = {
  th: {
    hello: ['สวัสดีครับ', 'สวัสดีค่ะ', 'เรียนคุณ', 'สวัสดีครับคุณ'],
    bye: ['ขอบคุณครับ', 'ขอบคุณค่ะ', 'ขอบคุณมากครับ', 'ด้วยความนับถือ'],
    in: {
      warm: [
        'ทีมงานของเราชอบข้อเสนอนี้มากและอยากเริ่มโครงการเร็วๆนี้',
        'ผู้บริหารเห็นด้วยแล้วรบกวนส่งรายละเอียดขั้นตอนต่อไป',
        'ตัวอย่างที่ส่งมาใช้งานได้ดีมากประทับใจมากครับ',
        'ยินดีมากค่ะนัดคุยรายละเอียดเพิ่มเติมได้เลย',
      ],
      plain: [
        'ได้รับเอกสารแล้วจะแจ้งให้ทราบอีกครั้ง',
        'ขอข้อมูลเพิ่มเติมเกี่ยวกับสินค้ารุ่นนี้',
        'กำลังรวบรวมความเห็นจากฝ่ายที่เกี่ยวข้อง',
        'รบกวนส่งใบเสนอราคาฉบับล่าสุดอีกครั้ง',
      ],
      cold: [
        'ตอนนี้ยังไม่มีแผนจะซื้อขอไว้ก่อนนะคะ',
        'ไม่ค่อยพอใจกับบริการที่ผ่านมาตอบช้ามาก',
        'งบประมาณถูกตัดคงต้องพักเรื่องนี้ไว้ก่อน',
        'ข้อเสนอนี้ยังไม่ตรงกับความต้องการของเรา',
      ],
    },
    out: {
      warm: ['ยินดีที่ได้ร่วมงานกันทีมของเราพร้อมเริ่มทันที', 'ขอบคุณสำหรับการประชุมที่ดีมากวันนี้'],
      plain: [
        'แนบใบเสนอราคามาพร้อมอีเมลนี้',
        'ขอสอบถามความคืบหน้าของโครงการ',
        'ส่งข้อมูลสินค้าเพิ่มเติมตามที่ขอไว้',
        'สะดวกนัดคุยสัปดาห์หน้าไหมครับ',
      ],
      cold: ['ยังไม่ได้รับคำตอบจากทางคุณจึงขอสอบถามอีกครั้ง', 'หากยังไม่พร้อมตอนนี้ขอติดตามอีกครั้งเดือนหน้า'],
    },
    intent: {
      price: ['ราคานี้ยังสูงไปขอส่วนลดเพิ่มได้ไหม', 'ขอทราบราคาพิเศษถ้าสั่งจำนวนมาก'],
      competitor: ['อีกเจ้าหนึ่งเสนอราคาถูกกว่านี้', 'เรากำลังเปรียบเทียบกับคู่แข่งอยู่'],
      contract: ['ช่วยส่งร่างสัญญาให้ด้วยครับ', 'เตรียมออกใบสั่งซื้อและลงนามสัญญา'],
      delay: ['ขอเลื่อนการตัดสินใจไปก่อน', 'โครงการล่าช้าคงต้องรอไตรมาสหน้า'],
      legal: ['ฝ่ายกฎหมายขอแก้เงื่อนไขความรับผิด', 'ต้องให้ฝ่ายกฎหมายตรวจข้อตกลงคุ้มครองข้อมูล'],
      technical: ['ระบบเชื่อมต่อกับโปรแกรมบัญชีได้ไหม', 'ขอคุยกับวิศวกรเรื่องการติดตั้ง'],
    },
    subject: {
      none: ['ติดตามโครงการ', 'ข้อมูลสินค้า', 'นัดหมาย'],
      price: ['เรื่องราคา', 'ขอใบเสนอราคา'],
      competitor: ['เปรียบเทียบข้อเสนอ'],
      contract: ['ร่างสัญญา', 'ใบสั่งซื้อ'],
      delay: ['ขอเลื่อนกำหนด'],
      legal: ['เงื่อนไขทางกฎหมาย'],
      technical: ['คำถามทางเทคนิค'],
    },
    meeting: ['ประชุมนำเสนอสินค้า', 'ประชุมติดตามโครงการ', 'สาธิตการใช้งาน'],
    note: ['โทรคุยแล้วรอคำตอบ', 'ลูกค้าขอเวลาคิด', 'สรุปความต้องการของลูกค้า'],
    task: ['ส่งใบเสนอราคา', 'โทรติดตาม', 'เตรียมสาธิต'],
  },
  en: {
    hello: ['Hello', 'Hi', 'Dear', 'Good morning'],
    bye: ['Thank you', 'Best regards', 'Kind regards', 'Thanks'],
    in: {
      warm: [
        'Our team really likes the proposal and would like to start soon.',
        'Management agrees, please send us the next steps.',
        'The samples work very well, we are impressed.',
        'Great, let us set a date to go through the details.',
      ],
      plain: [
        'We have received the documents and will come back to you.',
        'Could you send more information on this model?',
        'We are collecting the views of the departments concerned.',
        'Please send the latest quotation again.',
      ],
      cold: [
        'We have no plan to buy at the moment, please leave it for now.',
        'We are not happy with the service so far, replies are very slow.',
        'Our budget was cut and we have to put this on hold.',
        'The offer does not meet our needs yet.',
      ],
    },
    out: {
      warm: ['We are glad to work with you and ready to start at once.', 'Thank you for the very good meeting today.'],
      plain: [
        'Please find the quotation attached.',
        'May I ask how the project is going?',
        'Here is the further information that you asked for.',
        'Would a meeting next week suit you?',
      ],
      cold: [
        'I have not heard from you and would like to ask again.',
        'If now is not the time, may I call next month?',
      ],
    },
    intent: {
      price: [
        'The price is still too high, is a further discount possible?',
        'What is the price for a larger quantity?',
      ],
      competitor: ['Another vendor offers a lower price.', 'We are comparing with a competitor.'],
      contract: ['Please send the draft contract.', 'We are preparing the purchase order for signature.'],
      delay: ['We need to postpone the decision.', 'The project is delayed, perhaps next quarter.'],
      legal: [
        'Our legal department wants to change the liability clause.',
        'Legal has to review the data protection terms.',
      ],
      technical: [
        'Does the system integrate with our accounting software?',
        'Can we talk to an engineer about the installation?',
      ],
    },
    subject: {
      none: ['Follow-up', 'Product information', 'Appointment'],
      price: ['Pricing', 'Quotation'],
      competitor: ['Comparison of offers'],
      contract: ['Draft contract', 'Purchase order'],
      delay: ['New schedule'],
      legal: ['Legal terms'],
      technical: ['Technical question'],
    },
    meeting: ['Product presentation', 'Project review', 'Demonstration'],
    note: ['Called, waiting for an answer', 'Customer wants time to think', 'Summary of what the customer needs'],
    task: ['Send the quotation', 'Call again', 'Prepare the demonstration'],
  },
};
