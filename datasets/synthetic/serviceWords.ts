/** What customers write in tickets and surveys, by language; Thai without spaces, as it is written. */
export interface ServiceWords {
  readonly tickets: readonly (readonly [subject: string, body: string])[];
  readonly surveys: Readonly<Record<'good' | 'fair' | 'bad', readonly string[]>>;
}

export const SERVICE_WORDS: Readonly<Record<'th' | 'en', ServiceWords>> = {
  th: {
    tickets: [
      ['เข้าระบบไม่ได้', 'พนักงานเข้าระบบไม่ได้ตั้งแต่เช้าช่วยตรวจสอบด้วยครับ'],
      ['เซ็นเซอร์อ่านค่าผิด', 'เซ็นเซอร์ที่ไลน์สองอ่านค่าผิดปกติรบกวนส่งช่างมาดู'],
      ['ใบแจ้งหนี้ไม่ถูกต้อง', 'ยอดในใบแจ้งหนี้ไม่ตรงกับใบเสนอราคาขอแก้ไขด้วยค่ะ'],
      ['ขอคู่มือการใช้งาน', 'ขอคู่มือภาษาไทยสำหรับพนักงานใหม่'],
      ['ระบบทำงานช้า', 'หน้ารายงานช้ามากใช้งานแทบไม่ได้'],
      ['ยังไม่ได้รับสินค้า', 'เลยกำหนดส่งแล้วยังไม่ได้รับสินค้าขอทราบสถานะ'],
    ],
    surveys: {
      good: ['ใช้งานดีมากประทับใจบริการ', 'ทีมงานตอบเร็วและช่วยเหลือดี', 'คุ้มค่าแนะนำให้เพื่อนร่วมงานแล้ว'],
      fair: ['ใช้ได้แต่ควรปรับปรุงเรื่องความเร็ว', 'โดยรวมพอใช้', 'ราคาค่อนข้างสูง'],
      bad: ['ผิดหวังกับบริการมากตอบช้า', 'ระบบล่มบ่อยกำลังมองหาเจ้าอื่น', 'ส่งของช้าหลายครั้งไม่พอใจ'],
    },
  },
  en: {
    tickets: [
      ['Cannot sign in', 'Nobody here can sign in since this morning, please check.'],
      ['Sensor reads wrong values', 'The sensor on line two reads strange values, please send somebody.'],
      ['Invoice is not correct', 'The invoice does not match the quotation, please correct it.'],
      ['Manual wanted', 'Please send the manual for our new staff.'],
      ['System is slow', 'The report page is so slow that we can hardly use it.'],
      ['Delivery has not arrived', 'The promised date has passed, where is our delivery?'],
    ],
    surveys: {
      good: [
        'Works very well, great service.',
        'Quick answers and real help.',
        'Worth it, I recommend it to colleagues.',
      ],
      fair: ['Good enough, but it could be faster.', 'It is all right.', 'Rather expensive.'],
      bad: ['Very disappointed, answers take forever.', 'It breaks often, we are looking elsewhere.', 'Late deliveries again, we are not happy.'], // biome-ignore format: one list
    },
  },
};
