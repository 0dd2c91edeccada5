import type { Score } from '../../api/engine.ts';
import { formatMinor } from '../../src/money.ts';
import type { OutItem } from '../out.ts';

export type Json = ReturnType<typeof import('../../api/present.ts').scoreJson>;

/** A score as a row of a file. */
export function outItem(score: Score, json: Json): OutItem {
  return {
    id: score.id,
    asOf: score.asOf,
    json,
    cells: {
      model: score.model,
      version: score.version,
      outcome: score.outcome,
      within_days: score.withinDays,
      probability: score.probability,
      low: score.interval.low,
      high: score.interval.high,
      by_period_end: score.byPeriodEnd,
      period: score.period.label,
      grade: score.insufficientData ? null : score.grade,
      confidence: score.confidence,
      close_p10: score.closeDate?.p10 ?? null,
      close_p50: score.closeDate?.p50 ?? null,
      close_p90: score.closeDate?.p90 ?? null,
      amount: score.amount && formatMinor(score.amount.minor, score.amount.currency),
      currency: score.amount?.currency ?? null,
      owner_id: score.ownerId,
      // In brackets: a cell that begins with a bare sign is a formula to spreadsheets.
      reasons:
        json.reasons.map((reason) => `(${reason.contribution > 0 ? '+' : '-'}) ${reason.text}`).join('; ') || null,
    },
  };
}
