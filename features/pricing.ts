import type { FactOf } from '../src/records.ts';
import type { Past } from '../src/world.ts';
import { defineFeature } from './feature.ts';
import { changesOf, daysSince, ratio, shared } from './shared.ts';

/** What is asked for and at what price: amounts, quotes, discounts, list prices of the ERP. */

const currency = (past: Past) => past.last('deal')?.currency ?? null;
const amounts = shared((past) =>
  changesOf(past, 'amount')
    .map((change) => change.value)
    .filter((value) => typeof value === 'number'),
);

/** The lines of the newest quote. */
const quote = shared((past): readonly FactOf<'quoteLine'>[] => {
  const lines = past.all('quoteLine');
  const last = lines.at(-1);
  return last ? lines.filter((line) => line.quoteId === last.quoteId) : [];
});

/** 1 - asked / list over a quote's lines, weighted by quantity; NaN without list prices. */
function discount(lines: readonly FactOf<'quoteLine'>[]): number {
  let list = 0;
  let asked = 0;
  for (const line of lines) {
    if (!line.listPriceMinor || line.unitPriceMinor === null) continue;
    list += line.listPriceMinor * (line.quantity ?? 1);
    asked += line.unitPriceMinor * (line.quantity ?? 1);
  }
  return 1 - ratio(asked, list);
}

/** The quoted line that weighs most: by list value, else the first. */
const mainLine = shared((past) => {
  const value = (line: FactOf<'quoteLine'>) => (line.listPriceMinor ?? line.unitPriceMinor ?? 0) * (line.quantity ?? 1);
  let main: FactOf<'quoteLine'> | undefined;
  for (const line of quote(past)) if (!main || value(line) > value(main)) main = line;
  return main;
});

const family = shared((past) => {
  const product = mainLine(past)?.productId;
  return (product ? past.product(product)?.last('product')?.family : undefined) ?? undefined;
});

/** List prices of a product over time: of its first price list in that currency, else its own list price. */
function listPrices(product: Past, currency: string): readonly { readonly at: number; readonly minor: number }[] {
  const priced = product.all('price').filter((price) => price.currency === currency);
  const list = priced[0]?.priceList;
  if (priced.length) return priced.filter((p) => p.priceList === list).map((p) => ({ at: p.at, minor: p.priceMinor }));
  return changesOf(product, 'list_price').map((change) => ({
    at: change.at,
    minor: Number(change.value ?? Number.NaN),
  }));
}
const priceAt = (prices: ReturnType<typeof listPrices>, at: number): number =>
  prices.findLast((price) => price.at <= at)?.minor ?? Number.NaN;

export const amountCurrent = defineFeature({
  name: 'amount_current',
  type: 'number',
  unit: 'money',
  says: 'The amount of the deal in minor units of the base currency, at the newest exchange rate known at the look.',
  label: { en: 'deal amount', th: 'มูลค่าดีล' },
  idea: 'amount',
  compute: (past) => {
    const amount = past.value('amount');
    return typeof amount === 'number' ? past.baseMinor(amount, currency(past)) : Number.NaN;
  },
});

export const amountChangeRatio = defineFeature({
  name: 'amount_change_ratio',
  type: 'number',
  unit: 'ratio',
  says: 'The amount of the deal over its first amount.',
  label: { en: 'amount compared with the first one', th: 'มูลค่าเทียบกับครั้งแรก' },
  idea: 'amount change',
  compute: (past) => ratio(amounts(past).at(-1) ?? Number.NaN, amounts(past)[0] ?? Number.NaN),
});

export const amountWonRatio = defineFeature({
  name: 'amount_won_ratio',
  type: 'number',
  unit: 'ratio',
  says: 'The amount of the deal over the median amount of won deals.',
  label: { en: 'amount compared with won deals', th: 'มูลค่าเทียบกับดีลที่ปิดได้' },
  idea: 'amount',
  compute: (past) => ratio(amountCurrent.compute(past), past.norms.wonAmountMinor),
});

export const quoteCount = defineFeature({
  name: 'quote_count',
  type: 'number',
  unit: 'count',
  says: 'How many quotes were made, revisions counted.',
  label: { en: 'number of quotes', th: 'จำนวนใบเสนอราคา' },
  idea: 'quotes',
  compute: (past) => new Set(past.all('quoteLine').map((line) => line.quoteId)).size,
});

export const quoteAgeDays = defineFeature({
  name: 'quote_age_days',
  type: 'number',
  unit: 'days',
  says: 'Days since the newest quote.',
  label: { en: 'days since the last quote', th: 'จำนวนวันนับจากใบเสนอราคาล่าสุด' },
  idea: 'quotes',
  compute: (past) => daysSince(past, past.last('quoteLine')?.at),
});

export const quoteLineCount = defineFeature({
  name: 'quote_line_count_last',
  type: 'number',
  unit: 'count',
  says: 'Lines of the newest quote.',
  label: { en: 'lines on the last quote', th: 'จำนวนรายการในใบเสนอราคาล่าสุด' },
  idea: 'quote size',
  compute: (past) => (quote(past).length ? quote(past).length : Number.NaN),
});

export const quoteQuantity = defineFeature({
  name: 'quote_quantity_last',
  type: 'number',
  unit: 'count',
  says: 'Pieces on the newest quote.',
  label: { en: 'quantity on the last quote', th: 'จำนวนชิ้นในใบเสนอราคาล่าสุด' },
  idea: 'quote size',
  compute: (past) =>
    quote(past).length ? quote(past).reduce((sum, line) => sum + (line.quantity ?? 1), 0) : Number.NaN,
});

export const quoteFamily = defineFeature({
  name: 'quote_family_last',
  type: 'category',
  unit: 'none',
  says: 'Product family of the line that weighs most on the newest quote.',
  label: { en: 'product family', th: 'กลุ่มสินค้า' },
  idea: 'product',
  compute: family,
});

export const discountRatioLast = defineFeature({
  name: 'discount_ratio_last',
  type: 'number',
  unit: 'ratio',
  says: 'Discount of the newest quote: 1 - asked / list, by value.',
  label: { en: 'discount on the last quote', th: 'ส่วนลดในใบเสนอราคาล่าสุด' },
  idea: 'discount',
  compute: (past) => discount(quote(past)),
});

export const discountPeerDistance = defineFeature({
  name: 'discount_peer_distance_last',
  type: 'number',
  unit: 'ratio',
  says: 'Discount of the newest quote less the median of won quotes of the same product family, in widths of their middle half.',
  label: { en: 'discount compared with won deals', th: 'ส่วนลดเทียบกับดีลที่ปิดได้' },
  idea: 'discount',
  compute: (past) => {
    const given = discountRatioLast.compute(past);
    if (Number.isNaN(given)) return Number.NaN;
    const bands = past.norms.discount;
    const band = bands.get(family(past) ?? '') ?? bands.get('');
    return band ? (given - band.p50) / Math.max(band.p75 - band.p25, 0.01) : Number.NaN;
  },
});

export const discountChange = defineFeature({
  name: 'discount_change_ratio',
  type: 'number',
  unit: 'ratio',
  says: 'Discount of the newest quote less that of the first.',
  label: { en: 'discount added since the first quote', th: 'ส่วนลดที่เพิ่มจากใบเสนอราคาแรก' },
  idea: 'discount',
  compute: (past) => {
    const lines = past.all('quoteLine');
    const first = lines[0];
    if (!first) return Number.NaN;
    return discountRatioLast.compute(past) - discount(lines.filter((line) => line.quoteId === first.quoteId));
  },
});

export const listPriceChangeRatio = defineFeature({
  name: 'list_price_change_ratio',
  type: 'number',
  unit: 'ratio',
  says: "The main product's list price now over its list price when first quoted, less 1.",
  label: { en: 'list price change since the first quote', th: 'ราคาตั้งที่เปลี่ยนจากใบเสนอราคาแรก' },
  idea: 'list price',
  compute: (past) => {
    const id = mainLine(past)?.productId;
    const product = id ? past.product(id) : undefined;
    const first = past.all('quoteLine').find((line) => line.productId === id);
    if (!product || !first) return Number.NaN;
    const prices = listPrices(product, first.currency);
    return ratio(priceAt(prices, past.asOf), priceAt(prices, first.at)) - 1;
  },
});
