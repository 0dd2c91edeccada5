import { cellOf, type Frame } from '../src/frame.ts';
import { decimals } from '../src/money.ts';
import type { Contributions, FeatureWords } from './ports.ts';

export type Language = 'en' | 'th';

/** Why a score is what it is, in no language: `code` and the rest stay the same, the words follow. */
export interface Reason {
  /** The business idea; contributions of its features are added up. */
  readonly code: string;
  /** The feature of the idea that speaks loudest, with its value and what is usual. */
  readonly feature: string;
  readonly unit: FeatureWords['unit'];
  readonly value: number | string | null;
  readonly usual: number | string | null;
  /** What half of all lie between, where it is known. */
  readonly range?: readonly [number | string, number | string] | null;
  readonly contribution: number;
}

export interface Explanation {
  /** Logit of the usual record. */
  readonly baseValue: number;
  readonly reasons: readonly Reason[];
  /** What is not shown: base + reasons + other = the logit of the score. */
  readonly otherContribution: number;
}

const SHOWN_FROM = 0.05;

/** Contributions of one business idea added up, and the feature of it that speaks loudest. */
export interface Idea {
  readonly code: string;
  readonly sum: number;
  readonly feature: string;
}

/** Merges contributions by business idea; the largest first, whichever way. */
export function ideasOf(
  contributions: ReadonlyMap<string, number>,
  words: (feature: string) => FeatureWords | undefined,
): Idea[] {
  const ideas = new Map<string, { sum: number; features: [name: string, contribution: number][] }>();
  for (const [name, contribution] of contributions) {
    if (contribution === 0) continue; // an edit leaves most features as they were
    const idea = words(name)?.idea ?? name;
    let entry = ideas.get(idea);
    if (!entry) ideas.set(idea, (entry = { sum: 0, features: [] }));
    entry.sum += contribution;
    entry.features.push([name, contribution]);
  }
  return [...ideas]
    .map(([code, { sum, features }]) => {
      const [feature] = features.reduce((best, next) => (next[1] * sum > best[1] * sum ? next : best));
      return { code, sum, feature };
    })
    .sort((a, b) => Math.abs(b.sum) - Math.abs(a.sum) || (a.code < b.code ? -1 : 1));
}

/** Keeps, of what is sorted by size, the `limit` largest each way. */
export function eachWay<T>(sorted: readonly T[], sumOf: (item: T) => number, limit: number): T[] {
  const large = sorted.filter((item) => Math.abs(sumOf(item)) >= SHOWN_FROM);
  return [
    ...large.filter((item) => sumOf(item) > 0).slice(0, limit),
    ...large.filter((item) => sumOf(item) < 0).slice(0, limit),
  ];
}

/** Merges contributions by business idea and keeps, each way, the `limit` largest of at least .05 logit. */
export function explain(
  given: Contributions,
  frame: Frame,
  row: number,
  limit: number,
  words: (feature: string) => FeatureWords | undefined,
): Explanation {
  const shown = eachWay(ideasOf(given.contributions, words), ({ sum }) => sum, limit);
  const reasons = shown.map(({ code, sum, feature }): Reason => {
    const usual = given.usual.get(feature);
    const range = given.range?.[feature];
    return {
      code,
      feature,
      unit: words(feature)?.unit ?? 'none',
      value: cellIn(frame, feature, row),
      usual: usual === undefined || Number.isNaN(usual) ? null : usual,
      ...(range ? { range } : {}),
      contribution: sum,
    };
  });
  const other = given.total - given.base - reasons.reduce((sum, reason) => sum + reason.contribution, 0);
  return { baseValue: given.base, reasons, otherContribution: other };
}

/** A cell by the name of its feature; null = missing, or no feature of the frame. */
export function cellIn(frame: Frame, name: string, row: number): number | string | null {
  const column = frame.columns.get(name);
  return column ? cellOf(column, row) : null;
}

const phrases = {
  en: {
    usual: 'usual',
    mostly: (low: string, high: string) => `, mostly ${low} to ${high}`,
    unknown: 'not known',
    days: (n: string) => (n === '1' ? '1 day' : `${n} days`),
  },
  th: {
    usual: 'ปกติ',
    mostly: (low: string, high: string) => ` ส่วนใหญ่ ${low} ถึง ${high}`,
    unknown: 'ไม่ทราบ',
    days: (n: string) => `${n} วัน`,
  },
} as const;

/** A reason in words: what it is, the value here, and what is usual. */
export function reasonText(
  reason: Reason,
  language: Language,
  words: FeatureWords | undefined,
  currency: string,
): string {
  const phrase = phrases[language];
  const label = words?.label[language] ?? reason.feature;
  const say = (value: number | string | null) => valueText(value, reason.unit, language, currency);
  const [low, high] = reason.range ?? [null, null];
  const mostly = say(low) === say(high) ? '' : phrase.mostly(say(low), say(high));
  const usual = reason.usual === null || reason.usual === reason.value ? '' : ` (${phrase.usual} ${say(reason.usual)}${mostly})`; // biome-ignore format: one choice
  return `${capital(label)}: ${say(reason.value)}${usual}`;
}

/** A value in its unit, as people write it. */
export function valueText(
  value: number | string | null,
  unit: FeatureWords['unit'],
  language: Language,
  currency: string,
): string {
  const phrase = phrases[language];
  if (value === null || value === '') return phrase.unknown;
  if (typeof value === 'string') return value;
  const locale = localeOf(language);
  const round = (digits: number) => numbers(locale, { maximumFractionDigits: digits }).format(value);
  switch (unit) {
    case 'days':
      return phrase.days(round(Math.abs(value) < 2 ? 1 : 0));
    case 'ratio':
      return numbers(locale, { style: 'percent', maximumFractionDigits: 1 }).format(value);
    case 'money':
      return moneyText(value, currency, language);
    default:
      return round(Math.abs(value) < 10 ? 1 : 0);
  }
}

const formats = new Map<string, Intl.NumberFormat>();

/** A number format, made once: making one costs a hundred times its use. */
export function numbers(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale}${JSON.stringify(options)}`;
  let format = formats.get(key);
  if (!format) formats.set(key, (format = new Intl.NumberFormat(locale, options)));
  return format;
}

/** Words for people: Latin digits in both languages; dates in Thai count their years from the Buddha, as people there write them. */
export const localeOf = (language: Language): string => (language === 'th' ? 'th-TH-u-ca-buddhist-nu-latn' : 'en-GB');

/** Money for people, without minor units from a thousand on. */
export function moneyText(minor: number, currency: string, language: Language, compact = false): string {
  const major = minor / 10 ** decimals(currency);
  return numbers(localeOf(language), {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    ...(compact ? { notation: 'compact', minimumFractionDigits: 0, maximumFractionDigits: 2 } : {}),
    ...(!compact && (major === 0 || Math.abs(major) >= 1_000) ? { maximumFractionDigits: 0 } : {}),
  }).format(major);
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The first of Thai and English that an Accept-Language header asks for; English where it asks for neither. */
export function languageOf(header: string | undefined): Language {
  const asked = (header ?? '')
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const q = Number(parameters.find((p) => p.trim().startsWith('q='))?.split('=')[1] ?? 1);
      return { language: tag.split('-')[0], q: Number.isFinite(q) ? q : 0 };
    })
    .filter((entry) => entry.q > 0 && (entry.language === 'th' || entry.language === 'en'))
    .sort((a, b) => b.q - a.q);
  return asked[0]?.language === 'th' ? 'th' : 'en';
}
