import type { Instant, Period } from '../src/time.ts';
import { formatInstant } from '../src/time.ts';
import type { Engine, Score } from './engine.ts';
import { type Explanation, type Language, reasonText } from './reasons.ts';
import type { ScoreJson } from './schemas/scores.ts';

const MOST_WRITTEN = 64;
const written = new Map<Instant, string>();

/** ISO times, of which scores have the same few: those of the look and of its quarter. */
export function iso(at: Instant): string {
  let text = written.get(at);
  if (text === undefined) {
    if (written.size >= MOST_WRITTEN) written.clear();
    written.set(at, (text = formatInstant(at)));
  }
  return text;
}

/** A period with ISO times. */
export const periodJson = (period: Period) => ({
  label: period.label,
  from: iso(period.from),
  to: iso(period.to),
});

/** A score as it leaves: ISO times, reasons in the reader's words, the sample marked. */
export function scoreJson(score: Score, engine: Engine, language: Language, stale = false): ScoreJson {
  const explained = (explanation: Explanation) => ({
    baseValue: explanation.baseValue,
    reasons: explanation.reasons.map((reason) => ({
      code: reason.code,
      params: { feature: reason.feature, unit: reason.unit, value: reason.value, usual: reason.usual, ...(reason.range ? { range: [...reason.range] as [number | string, number | string] } : {}) }, // biome-ignore format: a row
      contribution: reason.contribution,
      text: reasonText(reason, language, engine.words(reason.feature), engine.company.currency),
    })),
    otherContribution: explanation.otherContribution,
  });
  return {
    id: score.id,
    asOf: iso(score.asOf),
    model: score.model,
    version: score.version,
    featuresHash: score.featuresHash,
    sample: engine.sample,
    stale,
    lowSkill: score.lowSkill,
    confidence: score.confidence,
    insufficientData: score.insufficientData === true, // absent in scores kept before there was the word
    outcome: score.outcome,
    withinDays: score.withinDays,
    probability: score.probability,
    interval: score.interval,
    byPeriodEnd: score.byPeriodEnd,
    period: periodJson(score.period),
    grade: score.insufficientData ? null : score.grade,
    trend: score.trend && { ...score.trend, since: formatInstant(score.trend.since) },
    closeDate: score.closeDate,
    amount: score.amount,
    amountEstimated: score.amountEstimated,
    ownerId: score.ownerId,
    ...explained(score),
    byPeriodEndReasons: score.byPeriodEndReasons && explained(score.byPeriodEndReasons),
    ...(score.curve ? { curve: [...score.curve] } : {}),
  };
}
