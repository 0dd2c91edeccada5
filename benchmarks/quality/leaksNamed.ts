import type { Leak } from '../../datasets/synthetic.ts';
import { simulate, simulatedSource } from '../../datasets/synthetic.ts';
import { featuresOf } from '../../features/hash.ts';
import { expectedEndIn } from '../../models/binCovariates.ts';
import { subjects } from '../../src/subjects/index.ts';
import { trainingRows } from '../../training/landmarkRows.ts';
import { leakRecords, type RecordFinding } from '../../training/leakRecords.ts';
import type { LeakFinding } from '../../training/leakScreen.ts';
import { screened } from '../../training/screens.ts';
import { taskOf } from '../../training/task.ts';

/** A planted leak and what training said of it. */
export interface Named {
  readonly leak: Leak;
  readonly named: boolean;
  readonly leftOut: boolean;
}

/** What training found in one subject, and the columns it kept. */
export interface Found {
  readonly findings: readonly LeakFinding[];
  readonly records: readonly RecordFinding[];
  readonly kept: ReadonlySet<string>;
}

/** `deals.csv` is about deals; a column of the company's own is the feature `deal_custom_<column>`. */
const kindOf = (leak: Leak): string => leak.file.replace(/s\.csv$/, '');
const featureOf = (leak: Leak): string => `${kindOf(leak)}_custom_${leak.column}`;
/** As `leakRecords` names it: `deal.owner_id`, `activity.task`. */
const recordOf = (leak: Leak): string =>
  leak.file === 'activities.csv' ? `activity.${leak.column.replace('kind=', '')}` : `${kindOf(leak)}.${leak.column}`;

/** Which of the planted were named, in a column or in the records, and which are no longer among the columns. */
export const namedOf = (planted: readonly Leak[], { findings, records, kept }: Found): Named[] =>
  planted.map((leak) => ({
    leak,
    named:
      findings.some(({ feature }) => feature === featureOf(leak)) ||
      records.some(({ what }) => what === recordOf(leak)),
    leftOut: !kept.has(featureOf(leak)),
  }));

/** Runs training's own screens on a company of the scenario `leaky`, unaided: its settings call every leak known from the start. */
export function leaksNamed(deals: number, seed: number): readonly Named[] {
  const sim = simulate({ deals, seed, scenario: 'leaky' });
  const source = simulatedSource(sim);
  const found = (['deal', 'lead'] as const).map((model): Found => {
    const subject = subjects[model];
    const rows = trainingRows(source, subject, featuresOf(model, source.company), sim.clock.end);
    const clocks = new Set([taskOf(subject, source.company, rows.causes).age, expectedEndIn(rows.X.columns.keys())]);
    const { data, leaks } = screened(source.company, subject, rows, clocks);
    return { findings: leaks, records: leakRecords(source, subject, rows), kept: new Set(data.X.columns.keys()) };
  });
  return namedOf(sim.leaks, {
    findings: found.flatMap(({ findings }) => findings),
    records: found.flatMap(({ records }) => records),
    kept: new Set(found.flatMap(({ kept }) => [...kept])),
  });
}
