import type { Artifact } from '../../models/artifact.ts';
import { company, companySettings } from '../../src/company.ts';
import { type Frame, takeRows } from '../../src/frame.ts';
import type { Drifted } from '../driftScreen.ts';
import { type Evidence, effectsOf, type JudgedRows, MOST_JUDGED, rounded, segmentsOf } from '../evidence.ts';
import type { LearningCurve } from '../runRecord.ts';
import type { FittedTable } from './fit.ts';
import type { ReadTarget } from './targets.ts';

/** Features by whose values the judged rows are divided. */
const DIVIDED_BY = 4;

/**
 * What a report of a flat table's model is drawn from: of a yes or no its unseen rows as the mixture told them (before any
 * calibration, which was fitted on them), and what moves the score. Of other targets nothing is judged in this form.
 * Cost: some 10 ms for each of a few hundred rows.
 */
export function tableEvidence(
  X: Frame,
  target: ReadTarget,
  fitted: Pick<FittedTable, 'unseen'>,
  artifact: Artifact,
  drifted: readonly Drifted[],
  curves: readonly LearningCurve[] = [],
): Evidence {
  if (target.task !== 'binary') return { format: 1, judged: null, effects: [], drifted, curves };
  const effects = effectsOf(artifact, company(companySettings.parse({})), X);
  const { rows, p } = fitted.unseen;
  const step = Math.max(1, rows.length / MOST_JUDGED);
  const kept = Array.from({ length: Math.min(rows.length, MOST_JUDGED) }, (_, i) => Math.floor(i * step));
  const at = kept.map((i) => rows[i]!);
  const cells = p.length / Math.max(rows.length, 1);
  const rate = target.event.reduce((sum, e) => sum + e, 0) / target.event.length;
  const judged: JudgedRows | null =
    rows.length === 0
      ? null
      : {
          withinDays: null,
          of: rows.length,
          p: kept.map((i) => rounded(p[i * cells + 1]!)),
          event: at.map((row) => target.event[row]!),
          group: at.map((_, i) => i),
          rivals: { baseRate: at.map(() => rounded(rate)) },
          segments: segmentsOf(
            effects.slice(0, DIVIDED_BY).map(({ feature }) => feature),
            takeRows(X, at),
          ),
        };
  return { format: 1, judged, effects, drifted, curves };
}
