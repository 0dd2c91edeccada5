import type { Frame } from '../src/frame.ts';
import type { Contributions, FeatureWords, Parts } from './ports.ts';
import { capital, cellIn, eachWay, ideasOf, type Language, valueText } from './reasons.ts';

/**
 * What made a score another one. `events`: something recorded about it. `time`: nothing but time, with the calendar and
 * what is usual by now. `level`: how often such things end well lately. `model`: another version says it. `records`:
 * what was recorded of the time before, after that score was given. `edit`: a hypothetical change.
 */
export const becauses = ['events', 'time', 'level', 'model', 'records', 'edit'] as const;
export type Because = (typeof becauses)[number];

/** One reason for a difference, in no language. */
export interface Change {
  readonly because: Because;
  /** The business idea; of `level`, `model` and `records` that word. */
  readonly code: string;
  /** The feature of the idea that speaks loudest; null where no feature does. */
  readonly feature: string | null;
  readonly unit: FeatureWords['unit'];
  readonly before: number | string | null;
  readonly value: number | string | null;
  /** Logit units; above 0 raised the score. */
  readonly contribution: number;
}

/** Changes that, with what is not shown, sum to the difference of two log odds. */
export interface Difference {
  readonly change: number;
  readonly reasons: readonly Change[];
  readonly otherContribution: number;
}

/** The way from one row to another by business idea, all of them. */
export function changesOf(given: Contributions, frame: Frame, words: Parts['words'], because: Because): Change[] {
  return ideasOf(given.contributions, words).map(({ code, sum, feature }) => ({
    because,
    code,
    feature,
    unit: words(feature)?.unit ?? 'none',
    before: given.usual.get(feature) ?? null,
    value: cellIn(frame, feature, 0),
    contribution: sum,
  }));
}

/** A change that no feature tells. */
export const plainChange = (because: 'level' | 'model' | 'records', contribution: number): Change => ({
  because,
  code: because,
  feature: null,
  unit: 'none',
  before: null,
  value: null,
  contribution,
});

/** Keeps the `limit` largest each way, of at least .05 logit (or of `unit`); the rest is summed. */
export function differenceOf(change: number, changes: readonly Change[], limit: number, unit = 1): Difference {
  const sorted = [...changes].sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  const reasons = eachWay(sorted, ({ contribution }) => contribution / unit, limit);
  return {
    change,
    reasons,
    otherContribution: reasons.reduce((left, reason) => left - reason.contribution, change),
  };
}

const phrases = {
  en: {
    level: 'How such cases have ended lately across the company',
    model: 'A newer version of the model',
    records: 'Records of the time before that came later',
    time: 'With time',
    was: (value: string, before: string) => `${value} (was ${before})`,
    instead: (value: string, before: string) => `${value} instead of ${before}`,
  },
  th: {
    level: 'ผลลัพธ์ของรายการแบบนี้ทั้งบริษัทในช่วงหลัง',
    model: 'โมเดลรุ่นใหม่กว่า',
    records: 'ข้อมูลของช่วงก่อนหน้าที่บันทึกเข้ามาภายหลัง',
    time: 'ตามเวลาที่ผ่านไป',
    was: (value: string, before: string) => `${value} (เดิม ${before})`,
    instead: (value: string, before: string) => `${value} แทน ${before}`,
  },
} as const;

/** A change in words: what it is, what it is now and what it was. */
export function changeText(
  change: Change,
  language: Language,
  words: FeatureWords | undefined,
  currency: string,
): string {
  const { because, feature, unit, before, value } = change;
  const phrase = phrases[language];
  if (because === 'level' || because === 'model' || because === 'records') return phrase[because];
  const label = words?.label[language] ?? feature ?? change.code;
  const named = because === 'time' ? `${phrase.time}, ${label}` : capital(label);
  if (before === null && value === null) return named;
  const [now, then] = [value, before].map((cell) => valueText(cell, unit, language, currency)) as [string, string];
  if (now === then) return `${named}: ${now}`;
  return `${named}: ${because === 'edit' ? phrase.instead(now, then) : phrase.was(now, then)}`;
}
