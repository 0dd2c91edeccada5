import { customFeatures } from '../features/custom.ts';
import type { Company } from '../src/company.ts';
import { type Frame, takeRows } from '../src/frame.ts';
import type { Subject } from '../src/subjects/index.ts';
import { type Drifted, driftScreen } from './driftScreen.ts';
import { type LandmarkRows, type TrainingRows, takeLandmarkRows } from './landmarkRows.ts';
import { type LeakFinding, leakScreen, leakWords } from './leakScreen.ts';

export interface Screened {
  /** The rows without the columns that were left out. */
  readonly data: TrainingRows;
  readonly leaks: readonly LeakFinding[];
  /** Columns that were left out since they moved. */
  readonly drifted: readonly Drifted[];
  /** What was left out or is to be doubted, and why, for people. */
  readonly notes: readonly string[];
}

/**
 * Leaves out what must not be learned from, before anything is fitted: columns that moved too far (`driftScreen`), hard
 * leaks (`leakScreen`), and those that the settings name under `left_out`. `pinned` keeps a column whatever a screen says;
 * `clocks` are never asked of.
 */
export function screened(
  company: Company,
  subject: Subject,
  everything: TrainingRows,
  clocks: ReadonlySet<string | undefined>,
): Screened {
  const { left_out, pinned } = company.settings;
  const kept = (feature: string) => clocks.has(feature) || pinned.includes(feature);
  const without = left_out.filter((feature) => everything.X.columns.has(feature) && !clocks.has(feature));
  const drifted = driftScreen(everything.X).filter(({ feature }) => !kept(feature) && !without.includes(feature));
  const left = new Set([...without, ...drifted.map(({ feature }) => feature)]);

  // Drifted columns are looked at too: that one leaks is worth knowing, whatever else is wrong with it.
  const leaks = leaksOf(company, subject, withoutColumns(everything, new Set([...without, ...clocks])));
  for (const { feature, severity } of leaks) if (severity === 'hard' && !kept(feature)) left.add(feature);
  return {
    data: withoutColumns(everything, left),
    leaks,
    drifted,
    notes: [
      ...without.map((feature) => `${feature} left out: the settings say so`),
      ...drifted.map(
        ({ feature, distance }) =>
          `${feature} left out: it moved by ${distance.toFixed(2)} within the training window (more than .4)`,
      ),
      ...leaks.map(
        (found) =>
        kept(found.feature) ? `${found.feature} is pinned, though it looks like a leak (AUC ${found.auc.toFixed(3)})` : leakWords(found), // biome-ignore format: one choice
      ),
    ],
  };
}

function leaksOf(company: Company, subject: Subject, rows: LandmarkRows): LeakFinding[] {
  const index = (ended: boolean) =>
    rows.outcomes.flatMap(({ cause }, row) => ((cause !== undefined) === ended ? [row] : []));
  const ended = takeLandmarkRows(rows, index(true));
  // Of the open rows only what the company itself added is asked of: the rest is not copied.
  const own = new Set(customFeatures(company, subject.of).map(({ name }) => name));
  const added = new Map([...rows.X.columns].filter(([name]) => own.has(name)));
  return leakScreen({
    X: ended.X,
    event: Uint8Array.from(ended.outcomes, ({ cause }) => (cause!.positive ? 1 : 0)),
    account: ended.account,
    open: { X: takeRows({ ...rows.X, columns: added }, index(false)), columns: own },
  });
}

function withoutColumns<R extends { readonly X: Frame }>(rows: R, left: ReadonlySet<string | undefined>): R {
  return { ...rows, X: { ...rows.X, columns: new Map([...rows.X.columns].filter(([name]) => !left.has(name))) } };
}
