import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { simulate, simulatedSource } from '../../datasets/synthetic.ts';
import type { Feature } from '../../features/feature.ts';
import { featuresOf } from '../../features/hash.ts';
import { type FamilyName, families as featureFamilies } from '../../features/index.ts';
import { expectedEndIn } from '../../models/binCovariates.ts';
import { type Frame, rowsOf } from '../../src/frame.ts';
import { logLossOf } from '../../src/stats/logLoss.ts';
import { pairedDifference } from '../../src/stats/pairedDifference.ts';
import { type ModelName, modelNames, subjects } from '../../src/subjects/index.ts';
import { formatInstant, type Instant } from '../../src/time.ts';
import type { FactSource } from '../../src/world.ts';
import { answersOf } from '../../training/evaluate.ts';
import { type CandidateName, fitCandidates, type Plan } from '../../training/fitCandidates.ts';
import { causesOf } from '../../training/labels.ts';
import { censorAt, type LandmarkRows, takeLandmarkRows, trainingRows } from '../../training/landmarkRows.ts';
import { profiles } from '../../training/profiles.ts';
import { screened } from '../../training/screens.ts';
import { judgedDays, taskOf } from '../../training/task.ts';
import { eventOf, forwardWorld } from './forwardWorld.ts';
import { imported } from './imported.ts';
import type { Bar, QualityCase } from './quality.ts';

/** Development seeds: worth is shown, not accepted. */
const FIRST = 31;
const FULL = { worlds: 3, deals: 1_200 };
const SMALL = { worlds: 1, deals: 500 };
const REAL = 'bpic2012_loan_pipeline';
const REAL_DAYS = 7;
/** Of what is left when every family is taken out. */
const EVERYTHING = 'everything';

/** Loss of each judged row without a family, and with all of them. */
export interface Removed {
  readonly without: string;
  readonly with: Float64Array;
  readonly loss: Float64Array;
  /** Rows of one group move together. */
  readonly groups: readonly string[];
}

/**
 * What each family of features is worth: the additive ridge of the fast profile is fitted again without it, on the same
 * rows with the same penalty, and what that costs in log loss of the question (won within 13 weeks, and the like) is
 * printed. Families overlap, so that the worths do not add up: what one knows another may know too.
 */
export const families: QualityCase = {
  name: 'families',
  says: 'the loss when a family of features is removed, on simulated companies and a real loan pipeline',
  run: async ({ small, seed, say }) => {
    const size = small ? SMALL : FULL;
    const first = seed === 1 ? FIRST : seed;
    const removed = new Map<string, Removed[]>();
    for (let i = 0; i < size.worlds; i++) {
      const sim = simulate({ deals: size.deals, seed: first + i, scenario: 'calm' });
      const source = simulatedSource(sim);
      for (const model of modelNames) {
        const { train, test, days, cut } = forwardWorld(sim, source, model, 1);
        const found = await removals(source, model, train, test, days, cut, `${first + i}`);
        removed.set(model, [...(removed.get(model) ?? []), ...found]);
        say(`world ${first + i}, ${model}: ${rowsOf(train.X)} rows, ${rowsOf(test.X)} judged`);
      }
    }
    const lines: string[] = [];
    const folder = join(process.env['FORESELL_DATA'] ?? '', REAL);
    if (small) lines.push(`${REAL}: not in small`);
    else if (!process.env['FORESELL_DATA'] || !existsSync(folder))
      lines.push(`${REAL}: skipped, FORESELL_DATA names no folder with it`);
    else removed.set(REAL, await onLoans(folder, say));
    const { figures, accept, lines: worths } = summary(removed, lines);
    // Some 160 customers teach no additive ridge, and training would serve them the base rate: shown, not judged.
    const judged = accept.filter(({ name }) => !small || !name.startsWith('churn'));
    return { figures, accept: judged, lines: worths };
  },
};

/** Fits with all families, without each, and without any; the question's loss of every judged row. */
async function removals(
  source: FactSource,
  model: ModelName,
  known: LandmarkRows,
  test: LandmarkRows,
  days: number,
  until: Instant,
  world: string,
): Promise<Removed[]> {
  const subject = subjects[model];
  const causes = causesOf(subject, known.outcomes);
  const task = taskOf(subject, source.company, causes);
  // As in training: what drifted or leaks is in no family.
  const clocks = new Set([task.age, expectedEndIn(known.X.columns.keys())]);
  const train = screened(source.company, subject, { ...known, causes, until }, clocks).data;
  const screenedOut = new Set([...known.X.columns.keys()].filter((name) => !train.X.columns.has(name)));
  const event = eventOf(test, days);
  const groups = test.account.map((name) => `${world} ${name}`);
  const lossOf = async (without: ReadonlySet<string>, wanted: CandidateName, plan: Plan | undefined) => {
    const seen = { ...train, X: withoutColumns(train.X, without) };
    const fitted = await fitCandidates(seen, task, profiles.fast, 1, [wanted], plan);
    const judged = { ...test, X: withoutColumns(test.X, new Set([...without, ...screenedOut])) };
    const { within } = answersOf(fitted.states.get(wanted)!, task, judged, days);
    return { loss: within.map((p, row) => logLossOf(event[row]!, p)), plan: fitted.plan };
  };
  const all = await lossOf(new Set(), 'ridgePle', undefined);
  const found: Removed[] = [];
  for (const [name, columns] of present(train.X)) {
    const { loss } = await lossOf(columns, 'ridgePle', all.plan);
    found.push({ without: name, with: all.loss, loss, groups });
  }
  const { loss } = await lossOf(new Set(), 'baseRate', undefined);
  return [...found, { without: EVERYTHING, with: all.loss, loss, groups }];
}

/** Families with a column in the frame, and those columns. */
export function present(frame: Frame): Map<FamilyName, ReadonlySet<string>> {
  const met = new Map<FamilyName, ReadonlySet<string>>();
  for (const [name, features] of Object.entries<readonly Feature[]>(featureFamilies)) {
    const columns = features.map((feature) => feature.name).filter((column) => frame.columns.has(column));
    if (columns.length) met.set(name as FamilyName, new Set(columns));
  }
  return met;
}

/** The frame without some columns; the rows stay. */
export const withoutColumns = (frame: Frame, without: ReadonlySet<string>): Frame => ({
  ...frame,
  columns: new Map([...frame.columns].filter(([name]) => !without.has(name))),
});

/** Real loan applications: trained on what was known when the newest fifth began, judged on those. */
async function onLoans(folder: string, say: (line: string) => void): Promise<Removed[]> {
  const { source, newest, close } = await imported(folder, REAL, say);
  try {
    const all = trainingRows(source, subjects.deal, featuresOf('deal', source.company), newest + 1);
    const cut = newestFifth(all);
    say(`loans: judged from ${formatInstant(cut)}`);
    const index = (of: (row: number) => boolean) => all.X.ids.flatMap((_, row) => (of(row) ? [row] : []));
    const before = takeLandmarkRows(all, index((row) => all.X.asOf[row]! < cut)); // biome-ignore format: one call
    const days = judgedDays(REAL_DAYS);
    // Judged where the days have passed: nobody is chosen by how it ended.
    const after = index((row) => all.bornAt[row]! >= cut && (newest - all.X.asOf[row]!) / 86_400_000 >= days);
    return await removals(source, 'deal', censorAt(source, subjects.deal, before, cut), takeLandmarkRows(all, after), days, cut, 'loans'); // biome-ignore format: one call
  } finally {
    close();
  }
}

function newestFifth({ X, bornAt }: LandmarkRows): Instant {
  const born = new Map(X.ids.map((id, row) => [id, bornAt[row]!]));
  const times = [...born.values()].sort((a, b) => a - b);
  return times[Math.floor(times.length * 0.8)]!;
}

/** Mean loss that each removal adds, pooled over worlds, the largest first, and the bars. */
export function summary(removed: ReadonlyMap<string, readonly Removed[]>, lines: readonly string[]) {
  const figures: Record<string, number> = {};
  const accept: Bar[] = [];
  const text: string[] = [];
  for (const [where, found] of removed) {
    const names = [...new Set(found.map(({ without }) => without))];
    const worths = names.map((name) => {
      const parts = found.filter(({ without }) => without === name);
      const joined = (of: (part: Removed) => Float64Array) => parts.flatMap((part) => [...of(part)]);
      const groups = parts.flatMap((part) => part.groups);
      return { name, rows: groups.length, ...pairedDifference(joined((p) => p.loss), joined((p) => p.with), groups) }; // biome-ignore format: one row
    });
    worths.sort((a, b) => b.mean - a.mean);
    text.push(`${where}: log loss added when a family is removed (${worths[0]?.rows ?? 0} rows, accounts as clusters)`);
    for (const { name, mean, standardError } of worths) {
      figures[`${where} without ${name}`] = mean;
      text.push(`  ${name.padEnd(12)} ${mean >= 0 ? '+' : ''}${mean.toFixed(4)} +- ${standardError.toFixed(4)}`);
      if (name === EVERYTHING)
        accept.push({ name: `${where}: loss added without ${EVERYTHING}`, value: mean, least: 0 });
    }
  }
  return { figures, accept, lines: [...text, ...lines] };
}
