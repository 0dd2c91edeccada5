import { mainLine, newestQuote } from '../src/norms/similar.ts';
import type { FactOf } from '../src/records.ts';
import type { Past } from '../src/world.ts';
import { defineFeature } from './feature.ts';
import { amountOf, changesOf, daysSince, ratio, shared } from './shared.ts';

/** What is asked for and at what price: amounts, quotes, discounts, list prices of the ERP. */

const currency = (past: Past) => past.last('deal')?.currency ?? null;
const amounts = shared((past) =>
  changesOf(past, 'amount')
    .map((change) => change.value)
    .filter((value) => typeof value === 'number'),
);

/** The lines of the newest quote. */
const quote = shared(newestQuote);

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

/** The quoted line that weighs most. */
const main = shared((past) => mainLine(quote(past)));

const family = shared((past) => {
  const product = main(past)?.productId;
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
    const id = main(past)?.productId;
    const product = id ? past.product(id) : undefined;
    const first = past.all('quoteLine').find((line) => line.productId === id);
    if (!product || !first) return Number.NaN;
    const prices = listPrices(product, first.currency);
    return ratio(priceAt(prices, past.asOf), priceAt(prices, first.at)) - 1;
  },
});

export const amountChangeCount = defineFeature({
  name: 'amount_change_count',
  type: 'number',
  unit: 'count',
  says: 'How often the amount took another value.',
  label: { en: 'changes of the amount', th: 'จำนวนครั้งที่เปลี่ยนมูลค่า' },
  idea: 'amount change',
  compute: (past) => Math.max(0, amounts(past).length - 1),
});

export const amountCutCount = defineFeature({
  name: 'amount_cut_count',
  type: 'number',
  unit: 'count',
  says: 'How often the amount was lowered.',
  label: { en: 'times the amount was lowered', th: 'จำนวนครั้งที่ลดมูลค่า' },
  idea: 'amount change',
  compute: (past) => amounts(past).filter((amount, i) => i > 0 && amount < amounts(past)[i - 1]!).length,
});

/** A product's field over its list price, as known; NaN where either is missing. They share the product's currency. */
const ofList = (past: Past, productId: string | null, field: 'floor_price' | 'cost'): number => {
  const product = productId ? past.product(productId) : undefined;
  return product ? ratio(amountOf(product, field), amountOf(product, 'list_price')) : Number.NaN;
};
/** Value-weighted mean over the lines of the newest quote of what a line says; NaN where none says anything. */
function overLines(past: Past, of: (line: FactOf<'quoteLine'>) => number): number {
  let sum = 0;
  let weight = 0;
  for (const line of quote(past)) {
    const value = of(line);
    const w = (line.listPriceMinor ?? 0) * (line.quantity ?? 1);
    if (Number.isNaN(value) || !(w > 0)) continue;
    sum += w * value;
    weight += w;
  }
  return ratio(sum, weight);
}
const asked = (line: FactOf<'quoteLine'>) => ratio(line.unitPriceMinor ?? Number.NaN, line.listPriceMinor ?? 0);

export const floorDistance = defineFeature({
  name: 'floor_distance_ratio_last',
  type: 'number',
  unit: 'ratio',
  says: 'How far the newest quote is above the floor price, as a share of the list price; negative below the floor.',
  label: { en: 'distance from the floor price', th: 'ระยะห่างจากราคาต่ำสุด' },
  idea: 'margin',
  compute: (past) => overLines(past, (line) => asked(line) - ofList(past, line.productId, 'floor_price')),
});

export const marginRatio = defineFeature({
  name: 'margin_ratio_last',
  type: 'number',
  unit: 'ratio',
  says: 'Margin of the newest quote as a share of the list price, by the costs known.',
  label: { en: 'margin on the last quote', th: 'กำไรขั้นต้นในใบเสนอราคาล่าสุด' },
  idea: 'margin',
  compute: (past) => overLines(past, (line) => asked(line) - ofList(past, line.productId, 'cost')),
});

export const stockCover = defineFeature({
  name: 'stock_cover_ratio_last',
  type: 'number',
  unit: 'ratio',
  says: 'Stock over pieces quoted, of the quoted product that is shortest; 10 and more count as 10.',
  label: { en: 'stock compared with the quantity quoted', th: 'สต็อกเทียบกับจำนวนที่เสนอ' },
  idea: 'stock',
  compute: (past) => {
    let least = Number.NaN;
    for (const { productId, quantity } of quote(past)) {
      const product = productId ? past.product(productId) : undefined;
      const cover = product ? ratio(amountOf(product, 'in_stock'), quantity ?? 1) : Number.NaN;
      if (!Number.isNaN(cover) && !(cover >= least)) least = cover;
    }
    return Math.min(10, least);
  },
});

export const quoteFamilyCount = defineFeature({
  name: 'quote_family_count_last',
  type: 'number',
  unit: 'count',
  says: 'Different product families on the newest quote.',
  label: { en: 'product families on the last quote', th: 'จำนวนกลุ่มสินค้าในใบเสนอราคาล่าสุด' },
  idea: 'product mix',
  compute: (past) => {
    if (quote(past).length === 0) return Number.NaN;
    const families = quote(past).map(({ productId }) => (productId ? past.product(productId)?.last('product')?.family : undefined)); // biome-ignore format: one look
    return new Set(families.filter((name) => name)).size;
  },
});

export const quoteMainRatio = defineFeature({
  name: 'quote_main_ratio_last',
  type: 'number',
  unit: 'ratio',
  says: 'Share of the heaviest line in the list value of the newest quote.',
  label: { en: 'weight of the main product', th: 'สัดส่วนของสินค้าหลัก' },
  idea: 'product mix',
  compute: (past) => {
    const value = (line: FactOf<'quoteLine'> | undefined) => (line?.listPriceMinor ?? 0) * (line?.quantity ?? 1);
    return ratio(
      value(main(past)),
      quote(past).reduce((sum, line) => sum + value(line), 0),
    );
  },
});

export const quoteAmountRatio = defineFeature({
  name: 'quote_amount_ratio_last',
  type: 'number',
  unit: 'ratio',
  says: "Total asked on the newest quote over the deal's amount, where both are in one currency.",
  label: { en: 'quoted total compared with the amount', th: 'ยอดเสนอราคาเทียบกับมูลค่าดีล' },
  idea: 'quotes',
  compute: (past) => {
    const lines = quote(past);
    const amount = past.value('amount');
    if (typeof amount !== 'number' || lines.length === 0 || lines.some((line) => line.currency !== currency(past))) return Number.NaN; // biome-ignore format: one choice
    return ratio(
      lines.reduce((sum, line) => sum + (line.unitPriceMinor ?? Number.NaN) * (line.quantity ?? 1), 0),
      amount,
    );
  },
});

export const priceCutCount = defineFeature({
  name: 'price_cut_count',
  type: 'number',
  unit: 'count',
  says: 'How often a later quote asked less for a piece of the main product than the quote before.',
  label: { en: 'price cuts for the main product', th: 'จำนวนครั้งที่ลดราคาสินค้าหลัก' },
  idea: 'price',
  compute: (past) => {
    const prices = mainPrices(past);
    return prices.filter((price, i) => i > 0 && price < prices[i - 1]!).length;
  },
});

export const priceChangeRatio = defineFeature({
  name: 'price_change_ratio',
  type: 'number',
  unit: 'ratio',
  says: 'What the newest quote asks for a piece of the main product over what the first one did, less 1.',
  label: { en: 'price change since the first quote', th: 'ราคาที่เปลี่ยนจากใบเสนอราคาแรก' },
  idea: 'price',
  compute: (past) => {
    const prices = mainPrices(past);
    return ratio(prices.at(-1) ?? Number.NaN, prices[0] ?? Number.NaN) - 1;
  },
});

/** Prices asked for the main product, oldest first, in its currency. */
const mainPrices = shared((past): readonly number[] => {
  const line = main(past);
  if (!line?.productId) return [];
  return past.all('quoteLine').flatMap((other) => {
    const same = other.productId === line.productId && other.currency === line.currency;
    return same && other.unitPriceMinor !== null ? [other.unitPriceMinor] : [];
  });
});

/** Lines that the account ordered before. */
const bought = shared((past) => past.account?.all('orderLine') ?? []);

export const boughtRatio = defineFeature({
  name: 'bought_ratio_last',
  type: 'number',
  unit: 'ratio',
  says: 'Share of the products on the newest quote that the account ordered before.',
  label: { en: 'quoted products bought before', th: 'สัดส่วนสินค้าที่ลูกค้าเคยซื้อ' },
  idea: 'orders',
  compute: (past) => {
    const products = new Set(quote(past).flatMap(({ productId }) => productId ?? []));
    const before = [...products].filter((id) => bought(past).some(({ productId }) => productId === id));
    return ratio(before.length, products.size);
  },
});

export const pricePaidRatio = defineFeature({
  name: 'price_paid_ratio_last',
  type: 'number',
  unit: 'ratio',
  says: 'Price asked for the main product over what the account last paid for a piece of it, less 1.',
  label: { en: 'price compared with the last purchase', th: 'ราคาเทียบกับที่ซื้อครั้งล่าสุด' },
  idea: 'price',
  compute: (past) => {
    const line = main(past);
    if (!line?.productId) return Number.NaN;
    const paid = bought(past).findLast((other) => other.productId === line.productId && other.currency === line.currency); // biome-ignore format: one look
    return ratio(line.unitPriceMinor ?? Number.NaN, paid?.unitPriceMinor ?? Number.NaN) - 1;
  },
});
