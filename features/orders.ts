import type { Past } from '../src/world.ts';
import { defineFeature } from './feature.ts';
import { daysSince, mean, median, ratio, shared } from './shared.ts';

/** What the account ordered, and how it was delivered and paid. Missing where no account is known. */

export const orderCount365d = defineFeature({
  name: 'order_count_365d',
  type: 'number',
  unit: 'count',
  says: 'Orders of the account in the last 365 days.',
  label: { en: 'orders in the last year', th: 'คำสั่งซื้อใน 1 ปีที่ผ่านมา' },
  idea: 'orders',
  compute: (past) => past.account?.within('order', 365).length ?? Number.NaN,
});

export const orderAgeDays = defineFeature({
  name: 'order_age_days',
  type: 'number',
  unit: 'days',
  says: "Days since the account's newest order.",
  label: { en: 'days since the last order', th: 'จำนวนวันนับจากคำสั่งซื้อล่าสุด' },
  idea: 'orders',
  compute: (past) => daysSince(past, past.account?.last('order')?.at),
});

export const orderCancelledRatio365d = defineFeature({
  name: 'order_cancelled_ratio_365d',
  type: 'number',
  unit: 'ratio',
  says: 'Orders cancelled in the last 365 days over those and the orders of these days that stand, as known at the look.',
  label: { en: 'orders that were cancelled in the last year', th: 'สัดส่วนคำสั่งซื้อที่ถูกยกเลิกใน 1 ปีที่ผ่านมา' },
  idea: 'cancelled orders',
  compute: (past) => {
    const account = past.account;
    if (!account) return Number.NaN;
    const cancelled = new Set(account.within('orderCancelled', 365).map(({ orderId }) => orderId));
    const standing = new Set(account.within('order', 365).map(({ orderId }) => orderId));
    for (const id of standing) cancelled.delete(id); // cancelled and placed again
    return ratio(cancelled.size, cancelled.size + standing.size);
  },
});

export const deliveryLateRatio = defineFeature({
  name: 'delivery_late_ratio',
  type: 'number',
  unit: 'ratio',
  says: "Share of the account's promised orders that came late, or are late now.",
  label: { en: 'late deliveries to this customer', th: 'สัดส่วนการส่งของล่าช้า' },
  idea: 'deliveries',
  compute: (past) => {
    const account = past.account;
    if (!account) return Number.NaN;
    const arrived = new Map(account.all('delivered').map((delivery) => [delivery.orderId, delivery.at]));
    let due = 0;
    let late = 0;
    for (const order of account.all('order')) {
      const at = arrived.get(order.orderId);
      if (order.promisedAt === null || (at === undefined && order.promisedAt > past.asOf)) continue;
      due++;
      if ((at ?? past.asOf) > order.promisedAt) late++;
    }
    return ratio(late, due);
  },
});

export const orderValue365d = defineFeature({
  name: 'order_value_365d',
  type: 'number',
  unit: 'money',
  says: 'Value of the orders of the last 365 days in minor units of the base currency, at the newest rates known.',
  label: { en: 'order value in the last year', th: 'มูลค่าสั่งซื้อใน 1 ปีที่ผ่านมา' },
  idea: 'order value',
  compute: (past) => orderValue(past, 0, 365),
});

export const orderValueTrend = defineFeature({
  name: 'order_value_trend_90d',
  type: 'number',
  unit: 'ratio',
  says: 'Order value of the last 90 days less that of the 90 before, over both together; -1 to 1.',
  label: { en: 'trend of order value', th: 'แนวโน้มมูลค่าสั่งซื้อ' },
  idea: 'order value',
  compute: (past) => {
    const late = orderValue(past, 0, 90);
    const early = orderValue(past, 90, 180);
    return ratio(late - early, late + early);
  },
});

/** Value of order lines between so many days ago. */
function orderValue(past: Past, from: number, to: number): number {
  const account = past.account;
  if (!account) return Number.NaN;
  let sum = 0;
  for (const line of account.within('orderLine', to)) {
    if (daysSince(past, line.at) < from || line.unitPriceMinor === null) continue;
    sum += past.baseMinor(line.unitPriceMinor * (line.quantity ?? 1), line.currency);
  }
  return sum;
}

/** Days between one order and the next, oldest first; orders of one instant count once. */
const gaps = shared((past): readonly number[] => {
  const times = [...new Set(past.account?.all('order').map((order) => order.at))];
  return times.slice(1).map((at, i) => (at - times[i]!) / 86_400_000);
});

export const orderGapDays = defineFeature({
  name: 'order_gap_days_median',
  type: 'number',
  unit: 'days',
  says: 'Median days between one order of the account and the next.',
  label: { en: 'usual days between orders', th: 'ระยะห่างปกติระหว่างคำสั่งซื้อ (วัน)' },
  idea: 'order rhythm',
  compute: (past) => median(gaps(past)),
});

export const orderGapRatio = defineFeature({
  name: 'order_gap_ratio',
  type: 'number',
  unit: 'ratio',
  says: 'Days since the newest order over the median days between orders; above 1 the next one is late.',
  label: { en: 'silence compared with the usual rhythm of orders', th: 'ระยะที่เงียบเทียบกับรอบสั่งซื้อปกติ' },
  idea: 'order rhythm',
  compute: (past) => ratio(daysSince(past, past.account?.last('order')?.at), median(gaps(past))),
});

export const orderProductCount365d = defineFeature({
  name: 'order_product_count_365d',
  type: 'number',
  unit: 'count',
  says: 'Different products ordered in the last 365 days.',
  label: { en: 'different products ordered in the last year', th: 'จำนวนสินค้าที่สั่งใน 1 ปีที่ผ่านมา' },
  idea: 'order value',
  compute: (past) =>
    past.account
      ? new Set(past.account.within('orderLine', 365).flatMap(({ productId }) => productId ?? [])).size
      : Number.NaN,
});

export const deliveryDelayDays = defineFeature({
  name: 'delivery_delay_days_365d',
  type: 'number',
  unit: 'days',
  says: 'Mean days between promise and delivery in the last 365 days; negative when early.',
  label: { en: 'days that deliveries were late', th: 'จำนวนวันที่ส่งของล่าช้า' },
  idea: 'deliveries',
  compute: (past) => {
    const delivered = past.account?.within('delivered', 365) ?? [];
    return mean(delivered.flatMap(({ at, promisedAt }) => (promisedAt === null ? [] : [(at - promisedAt) / 86_400_000]))); // biome-ignore format: one look
  },
});

/** Invoices of the last 365 days that were due by the look: days paid after the due date, or unpaid so far. */
const bills = shared((past) => {
  const account = past.account;
  const paid = new Map(account?.all('invoicePaid').map((payment) => [payment.invoiceId, payment.at]));
  const delays: number[] = [];
  let overdue = 0;
  for (const { invoiceId, dueAt } of account?.within('invoice', 365) ?? []) {
    const at = paid.get(invoiceId);
    if (dueAt === null || (at === undefined && dueAt > past.asOf)) continue;
    delays.push(((at ?? past.asOf) - dueAt) / 86_400_000);
    if (at === undefined) overdue++;
  }
  return { delays, overdue };
});

export const paymentDelayDays = defineFeature({
  name: 'payment_delay_days_365d',
  type: 'number',
  unit: 'days',
  says: 'Mean days after the due date at which the invoices of the last 365 days were paid, or are unpaid now.',
  label: { en: 'days that payments are late', th: 'จำนวนวันที่ชำระเงินล่าช้า' },
  idea: 'payments',
  compute: (past) => mean(bills(past).delays),
});

export const invoiceOverdueCount = defineFeature({
  name: 'invoice_overdue_count',
  type: 'number',
  unit: 'count',
  says: 'Invoices of the last 365 days that are past due and unpaid.',
  label: { en: 'unpaid invoices past due', th: 'ใบแจ้งหนี้ที่เลยกำหนดชำระ' },
  idea: 'payments',
  compute: (past) => (past.account ? bills(past).overdue : Number.NaN),
});
