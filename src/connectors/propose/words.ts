import type { RecordKind } from '../../records.ts';

/** How people and systems call a kind of record and its columns, as `plainName` writes them. */
export interface Words {
  /** Of the file. */
  readonly file: RegExp;
  /** What column names of it may begin with, as in `deal_stage`. */
  readonly prefixes: readonly string[];
  readonly columns: Readonly<Record<string, readonly string[]>>;
}

/**
 * A header as it is compared: small letters, words parted by `_`, without what vendors put around their names
 * (`property_`, `hs_`, `__c`). Thai is kept, without blanks.
 */
export function plainName(header: string): string {
  return header
    .normalize('NFKC')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '')
    .replace(/^(?:properties|property)_/, '')
    .replace(/^(?:hs|hubspot)_(?=.)/, '')
    .replace(/_+c$/, '')
    .replace(/(?<=[\u0E00-\u0E7F])_(?=[\u0E00-\u0E7F])/g, '');
}

const list = (text: string): readonly string[] => text.trim().split(/\s+/);
const OWNER = list('owner_id owner owner_name sales_owner sales_rep rep salesperson sales_person salesman assigned_to assigned_user assignee agent sales_agent account_manager user_id ผู้รับผิดชอบ พนักงานขาย ผู้ขาย เซลส์ เจ้าของ'); // biome-ignore format: a list
const ACCOUNT = list('account_id account account_name customer_id customer customer_name client client_id client_name company company_id company_name organization organisation organization_id org_id partner partner_id ลูกค้า รหัสลูกค้า ชื่อลูกค้า บริษัท ชื่อบริษัท'); // biome-ignore format: a list
const CONTACT = list('contact_id contact contact_person who_id person_id ผู้ติดต่อ รหัสผู้ติดต่อ');
const DEAL = list(
  'deal_id deal opportunity_id opportunity opportunity_name opp_id what_id รหัสดีล ดีล โอกาสขาย โอกาสการขาย',
);
const PRODUCT = list('product_id product product_name product_2_id item item_id item_name sku stock_code product_code material รหัสสินค้า สินค้า ชื่อสินค้า'); // biome-ignore format: a list
const CREATED = list('created_at created created_date created_on create_date createdate date_created creation_date created_time opened opened_at open_date opened_date engage_date date_entered add_time start_date วันที่สร้าง วันที่เปิด วันที่เริ่ม'); // biome-ignore format: a list
const CURRENCY = list('currency currency_code currency_iso_code iso_currency deal_currency_code สกุลเงิน');
const NAME = list('name title label subject ชื่อ');
const EMAIL = list('email email_address e_mail mail อีเมล อีเมล์');
const PHONE = list('phone phone_number telephone tel mobile mobile_phone โทรศัพท์ เบอร์โทร เบอร์โทรศัพท์ มือถือ');
const COUNTRY = list('country billing_country country_code office_location ประเทศ');
const QUANTITY = list('quantity qty units count จำนวน');
const PRICE = list('unit_price price sales_price selling_price net_price ราคาต่อหน่วย ราคาขาย ราคา');
const WHEN = list('at date time datetime timestamp when occurred_at activity_date activity_date_time start_time started_at start_date_time due_date วันที่ เวลา'); // biome-ignore format: a list

/** Kinds that are proposed; the others are rare in exports, and are written by hand. */
export const vocabulary: Readonly<Partial<Record<RecordKind, Words>>> = {
  deal: {
    file: /deal|opportunit|pipeline|^opp|ดีล|โอกาส/,
    prefixes: ['deal', 'opportunity', 'opp'],
    columns: {
      id: list('id deal_id opportunity_id opp_id ref reference record_id no number deal_number รหัส รหัสดีล เลขที่ เลขที่ดีล'),
      account_id: ACCOUNT,
      owner_id: OWNER,
      lead_id: list('lead_id lead converted_lead_id รหัสลีด'),
      name: list('name deal_name dealname opportunity_name title topic ชื่อ ชื่อดีล ชื่อโอกาส'),
      pipeline: list('pipeline pipeline_id pipeline_name sales_process ไปป์ไลน์'),
      stage: list(
        'stage deal_stage dealstage stage_name sales_stage step phase status pipeline_stage pipeline_stage_id ขั้นตอน ขั้น สถานะ สเตจ',
      ),
      amount: list(
        'amount value deal_value deal_amount expected_revenue revenue close_value total price worth มูลค่า ยอดเงิน ราคา จำนวนเงิน',
      ),
      currency: CURRENCY,
      created_at: CREATED,
      expected_close_date: list(
        'expected_close_date expected_close close_date closedate closing_date expected_closing estimated_close_date forecast_close_date target_date วันที่คาดว่าจะปิด คาดว่าปิด วันที่คาดปิด กำหนดปิด',
      ),
      forecast_category: list('forecast_category forecast_category_name forecast หมวดพยากรณ์'),
      closed_at: list(
        'closed_at closed closed_date closed_on actual_close_date close_time won_time lost_time date_closed วันที่ปิด ปิดเมื่อ วันที่ปิดการขาย',
      ),
      outcome: list('outcome result won_lost win_loss is_won closed_status status ผล ผลลัพธ์ ผลการขาย'),
      lost_reason: list('lost_reason loss_reason closed_lost_reason reason_lost เหตุผลที่แพ้ เหตุผล สาเหตุ'),
    },
  },
  lead: {
    file: /lead|prospect|ลีด|ผู้สนใจ/,
    prefixes: ['lead', 'prospect'],
    columns: {
      id: list('id lead_id prospect_id prospect_number lead_number ref no รหัส รหัสลีด เลขที่'),
      name: list('name full_name lead_name first_name ชื่อ'),
      company: list('company company_name organization organisation บริษัท'),
      title: list('title job_title jobtitle position ตำแหน่ง'),
      email: EMAIL,
      phone: PHONE,
      source: list('source lead_source leadsource origin lead_origin channel แหล่งที่มา ที่มา ช่องทาง'),
      campaign: list('campaign campaign_name utm_campaign แคมเปญ'),
      country: COUNTRY,
      owner_id: OWNER,
      created_at: CREATED,
      status: list('status lead_status leadstatus lead_stage สถานะ'),
      converted_at: list('converted_at converted_date convert_date conversion_date date_converted วันที่แปลง'),
      converted_deal_id: list('converted_deal_id converted_opportunity_id'),
      closed_at: list('closed_at closed_date disqualified_at วันที่ปิด'),
      outcome: list('outcome result converted is_converted ผล ผลลัพธ์'),
    },
  },
  account: {
    file: /account|customer|compan|client|organi[sz]ation|partner|ลูกค้า|บริษัท/,
    prefixes: ['account', 'customer', 'company', 'client'],
    columns: {
      id: list(
        'id account_id customer_id company_id client_id account_number customer_number customer_no code account customer company รหัส รหัสลูกค้า',
      ),
      name: list('name account_name customer_name company_name account customer company ชื่อ ชื่อลูกค้า ชื่อบริษัท'),
      industry: list('industry sector segment business_type อุตสาหกรรม ประเภทธุรกิจ ธุรกิจ'),
      region: list('region state province billing_state territory ภาค จังหวัด เขต'),
      country: COUNTRY,
      employees: list('employees number_of_employees employee_count numberofemployees headcount จำนวนพนักงาน พนักงาน'),
      annual_revenue: list('annual_revenue annualrevenue revenue turnover รายได้ รายได้ต่อปี'),
      currency: CURRENCY,
      parent_id: list('parent_id parent_account parent_company subsidiary_of parent บริษัทแม่'),
      owner_id: OWNER,
      created_at: list(
        'created_at created created_date createdate create_date customer_since since date_created วันที่สร้าง ลูกค้าตั้งแต่',
      ),
    },
  },
  contact: {
    file: /contact|people|person|ผู้ติดต่อ/,
    prefixes: ['contact', 'person'],
    columns: {
      id: list('id contact_id person_id ref รหัส รหัสผู้ติดต่อ'),
      account_id: ACCOUNT,
      name: list('name full_name contact_name first_name ชื่อ'),
      title: list('title job_title jobtitle position ตำแหน่ง'),
      department: list('department แผนก ฝ่าย'),
      email: EMAIL,
      phone: PHONE,
      created_at: CREATED,
      consent: list('consent opt_in has_opted_out_of_email marketing_consent ความยินยอม'),
    },
  },
  user: {
    file: /user|owner|sales_?(?:rep|person|people|team|agent)|staff|employee|พนักงาน|ทีมขาย/,
    prefixes: ['user', 'owner', 'sales', 'employee'],
    columns: {
      id: list('id user_id owner_id employee_id sales_agent rep salesperson agent รหัส รหัสพนักงาน'),
      name: list('name full_name user_name sales_agent first_name ชื่อ'),
      email: EMAIL,
      team_id: list('team_id team team_name user_role_id primary_team_id regional_office ทีม'),
      manager_id: list('manager_id manager reports_to หัวหน้า ผู้จัดการ'),
      role: list('role title position ตำแหน่ง'),
      active_from: list('active_from start_date hire_date created_at created_date joined วันที่เริ่มงาน'),
    },
  },
  product: {
    file: /product|item|sku|สินค้า/,
    prefixes: ['product', 'item'],
    columns: {
      id: list('id product_id product_code item_id sku code product item รหัส รหัสสินค้า'),
      name: list('name product_name item_name description product item ชื่อ ชื่อสินค้า'),
      family: list('family series category product_family group หมวด หมวดหมู่ กลุ่ม'),
      currency: CURRENCY,
      list_price: list('list_price price sales_price unit_price ราคา ราคาตั้ง ราคาขาย'),
      floor_price: list('floor_price minimum_price ราคาต่ำสุด'),
      cost: list('cost unit_cost standard_cost ต้นทุน'),
      in_stock: list('in_stock stock stock_quantity on_hand คงเหลือ สต็อก'),
      active_from: list('active_from created_at created_date launch_date วันที่เริ่มขาย'),
    },
  },
  activity: {
    file: /activit|email|mail|call|meeting|task|event|note|chat|engagement|communication|กิจกรรม|การโทร|ประชุม|อีเมล|นัด/,
    prefixes: ['activity', 'engagement', 'call', 'email', 'meeting', 'task', 'event'],
    columns: {
      id: list('id activity_id engagement_id email_id call_id message_id task_id event_id ref รหัส เลขที่'),
      kind: list('kind type activity_type engagement_type task_subtype channel ประเภท ชนิด'),
      direction: list('direction call_type in_out ทิศทาง'),
      at: [...WHEN, ...list('sent_at created_at created_date createdate created')],
      ended_at: list('ended_at end_time end_date end_date_time completed_at completed_date completed_date_time สิ้นสุด'),
      deal_id: DEAL,
      lead_id: list('lead_id lead'),
      account_id: ACCOUNT,
      contact_id: CONTACT,
      user_id: OWNER,
      subject: list('subject title topic หัวข้อ เรื่อง'),
      body: list('body text description content message email_text note comments รายละเอียด ข้อความ เนื้อหา'),
      outcome: list('outcome result disposition call_disposition meeting_outcome status ผล สถานะ'),
      participants: list('participants attendees number_of_attendees จำนวนผู้เข้าร่วม'),
    },
  },
  quoteLine: {
    file: /quote|quotation|line_?item|ใบเสนอราคา/,
    prefixes: ['quote', 'line'],
    columns: {
      id: list('id line_id quote_line_id line_item_id รหัส'),
      quote_id: list('quote_id quote quote_number quotation quotation_no เลขที่ใบเสนอราคา ใบเสนอราคา'),
      deal_id: DEAL,
      at: [...WHEN, ...list('created_at created_date quote_date')],
      product_id: PRODUCT,
      quantity: QUANTITY,
      list_price: list('list_price catalogue_price ราคาตั้ง'),
      unit_price: PRICE,
      currency: CURRENCY,
    },
  },
  order: {
    file: /order|sales(?!_?(?:team|rep|person|people|agent))|transaction|retail|purchase|คำสั่งซื้อ|ออเดอร์|ใบสั่ง/,
    prefixes: ['order', 'sales'],
    columns: {
      id: list(
        'id order_id order_number order_no sales_order transaction_id basket_id invoice_no invoiceno เลขที่ เลขที่ใบสั่งซื้อ รหัสคำสั่งซื้อ',
      ),
      account_id: [...ACCOUNT, 'household_id'],
      deal_id: DEAL,
      at: [
        ...WHEN,
        ...list(
          'order_date ordered_at effective_date created_at created_date transaction_timestamp invoice_date invoicedate purchase_date วันที่สั่งซื้อ',
        ),
      ],
      promised_at: list('promised_at promised_date requested_date due_date วันที่นัดส่ง'),
      delivered_at: list('delivered_at delivery_date shipped_date วันที่ส่ง วันที่ส่งของ'),
      status: list('status order_status state สถานะ'),
    },
  },
  orderLine: {
    file: /order_?(?:line|item|detail)|invoice_?line|transaction|retail|รายการ/,
    prefixes: ['order', 'line'],
    columns: {
      id: list('id line_id order_line_id order_item_id รหัส'),
      order_id: list(
        'order_id order order_number order_no sales_order transaction_id basket_id invoice invoice_no invoiceno เลขที่ใบสั่งซื้อ',
      ),
      product_id: PRODUCT,
      quantity: QUANTITY,
      unit_price: PRICE,
      discount: list('discount discount_percent discount_rate ส่วนลด'),
      cost: list('cost unit_cost ต้นทุน'),
      currency: CURRENCY,
    },
  },
  invoice: {
    file: /invoice(?!_?line)|billing|ใบแจ้งหนี้|ใบกำกับ/,
    prefixes: ['invoice', 'bill'],
    columns: {
      id: list('id invoice_id invoice_number invoice_no เลขที่ เลขที่ใบแจ้งหนี้'),
      account_id: ACCOUNT,
      order_id: list('order_id order order_number sales_order'),
      issued_at: list('issued_at issue_date invoice_date date created_at วันที่ วันที่ออก'),
      due_at: list('due_at due_date payment_due วันครบกำหนด ครบกำหนด'),
      paid_at: list('paid_at paid_date payment_date วันที่ชำระ'),
      amount: list('amount total invoice_amount grand_total ยอดเงิน จำนวนเงิน ยอดรวม'),
      currency: CURRENCY,
    },
  },
  subscription: {
    file: /subscription|contract|สัญญา|สมาชิก/,
    prefixes: ['subscription', 'contract'],
    columns: {
      id: list('id subscription_id contract_id contract_number รหัส เลขที่สัญญา'),
      account_id: ACCOUNT,
      product_id: [...PRODUCT, 'plan'],
      started_at: list('started_at start_date start begin_date วันที่เริ่ม เริ่มสัญญา'),
      ends_at: list('ends_at end_date end renewal_date expires_at expiry_date วันที่สิ้นสุด หมดอายุ สิ้นสุดสัญญา'),
      cancelled_at: list('cancelled_at canceled_at cancel_date churn_date วันที่ยกเลิก'),
      amount: list('amount mrr arr price value monthly_charges มูลค่า ค่าบริการ'),
      currency: CURRENCY,
      interval: list('interval billing_period period term รอบบิล'),
    },
  },
  ticket: {
    file: /ticket|case|complaint|support|เคส|ร้องเรียน/,
    prefixes: ['ticket', 'case'],
    columns: {
      id: list('id ticket_id case_id case_number รหัส เลขที่'),
      account_id: ACCOUNT,
      contact_id: CONTACT,
      product_id: PRODUCT,
      opened_at: list('opened_at opened created_at created_date createdate date วันที่เปิด วันที่สร้าง วันที่'),
      first_reply_at: list('first_reply_at first_agent_reply_date first_response_at'),
      closed_at: list('closed_at closed_date resolved_at วันที่ปิด'),
      priority: list('priority ticket_priority severity ความสำคัญ'),
      csat: list('csat satisfaction rating คะแนน'),
      subject: NAME,
      body: list('body content description รายละเอียด'),
    },
  },
  change: {
    file: /history|change|audit|ประวัติ/,
    prefixes: ['change', 'history'],
    columns: {
      kind: list('kind object object_type entity ประเภท'),
      id: list('id record_id parent_id opportunity_id deal_id object_id รหัส'),
      at: [...WHEN, ...list('created_at created_date changed_at modified_at')],
      field: list('field field_name property property_name ฟิลด์'),
      old_value: list('old_value old from previous_value before ค่าเดิม'),
      new_value: list('new_value new to value after ค่าใหม่'),
      by: list('by changed_by modified_by created_by user user_id ผู้แก้ไข'),
    },
  },
};

/** Words for how a deal or lead ended, and how open stages usually follow each other. */
export const WON = /^(?:closed?[\s_-]*)?won$|^win$|^ชนะ|ปิดได้|ปิดการขายได้|สำเร็จ$|^true$|^yes$/i;
export const LOST = /^(?:closed?[\s_-]*)?lost$|^loss$|^แพ้|ปิดไม่ได้|ไม่สำเร็จ|เสียงาน|^abandoned$|^cancell?ed$|^dead$|ยกเลิก/i;
export const OPEN_STAGES: readonly RegExp[] = [
  /prospect|^new$|lead|first|ใหม่|ติดต่อ/i,
  /qualif|engag|contact|discover|คัดกรอง/i,
  /need|analysis|assess|วิเคราะห์/i,
  /demo|present|meeting|visit|trial|สาธิต|นำเสนอ|ประชุม/i,
  /propos|offer|quot|เสนอ/i,
  /negotiat|review|ต่อรอง/i,
  /contract|verbal|commit|sign|สัญญา/i,
];

/** Words that mean a level of a closed list. */
const KINDS: readonly (readonly [string, RegExp])[] = [
  ['email', /e?.?mail|อีเมล/i],
  ['call', /call|phone|โทร/i],
  ['meeting', /meet|visit|event|demo|ประชุม|นัด|เยี่ยม/i],
  ['chat', /chat|line|whatsapp|sms|message|แชท|ไลน์/i],
  ['note', /note|comment|บันทึก/i],
  ['task', /task|to.?do|งาน/i],
  ['in', /^in|inbound|incoming|received|ขาเข้า|รับ/i],
  ['out', /^out|outbound|outgoing|sent|ขาออก|ส่ง/i],
  ['converted', /convert|^won$|^true$|^yes$|^1$|แปลง|สำเร็จ$/i],
  ['disqualified', /disqual|lost|junk|unqual|dead|ไม่/i],
  ['won', WON],
  ['lost', LOST],
];

/** The level that a source's word means; undefined where it means none. */
export const levelOf = (word: string, levels: readonly string[]): string | undefined =>
  levels.find((level) => level === word.toLowerCase()) ??
  KINDS.find(([level, form]) => levels.includes(level) && form.test(word))?.[0];
