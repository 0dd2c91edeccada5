import { type Scenario, simulate, simulatedSource } from '../../datasets/synthetic.ts';
import { featuresOf } from '../../features/hash.ts';
import { type Drift, type DriftLevel, driftOf } from '../../models/drift/drift.ts';
import { hazardModel } from '../../models/hazardModel.ts';
import type { Frame } from '../../src/frame.ts';
import { subjects } from '../../src/subjects/index.ts';
import { DAY, type Instant } from '../../src/time.ts';
import { fitCandidates } from '../../training/fitCandidates.ts';
import { evidenceOf } from '../../training/gate.ts';
import { censorAt, type LandmarkRows, takeLandmarkRows, trainingRows } from '../../training/landmarkRows.ts';
import { profiles } from '../../training/profiles.ts';
import { probabilities, referenceOf } from '../../training/reference.ts';
import { taskOf } from '../../training/task.ts';
import type { QualityCase } from './quality.ts';

/** Development seeds. */
const FIRST = 31;
const DEALS = 900;
const WINDOW_DAYS = 91;
const EVERY_DAYS = 28;
const READ =
  /^(deal_age_days|stage_(current|rank|age_days|change_count)|expected_close_|amount_current|account_(industry|region)|meeting_count|reply_age|activity_count)/;

/** What is done to the records from half of the watch on. */
const breaks: Readonly<Record<string, (X: Frame) => Frame>> = {
  'amounts a hundred times as large': (X) => changed(X, 'amount_current', (value) => value * 100),
  '30 % of a column missing': (X) => changed(X, 'stage_age_days', (value, row) => (row % 10 < 3 ? Number.NaN : value)),
  'mail no longer recorded': (X) => changed(X, 'activity_count_30d', () => 0),
};

/**
 * A model of the first two thirds of a simulated company's history watched for the last third, every four weeks: how
 * often a calm company is called moved, and whether records that broke are noticed at the first look.
 */
export const drift: QualityCase = {
  name: 'drift',
  says: 'alarms of drift: a calm company, one whose economy turns, and records that break',
  run: async ({ small, seed, say }) => {
    const worlds = small ? 1 : 4;
    const calm: DriftLevel[] = [];
    const by: Record<string, number> = { inputs: 0, scores: 0, outcomes: 0, calibration: 0 };
    const noticed: Record<string, number> = {};
    let tries = 0;
    const turning: DriftLevel[] = [];
    for (let k = 0; k < worlds; k++) {
      const looks = await watched('calm', FIRST + seed - 1 + k);
      for (const look of looks.map((of) => of(undefined))) {
        calm.push(look.level);
        for (const part of ['inputs', 'scores', 'outcomes', 'calibration'] as const) if (look[part].level === 'act') by[part]!++; // biome-ignore format: one loop
      }
      say(`calm ${FIRST + seed - 1 + k}: ${calm.slice(-looks.length).join(' ')}`);
      for (const look of looks.slice(-2)) {
        tries++;
        for (const [name, change] of Object.entries(breaks)) if (look(change).inputs.level === 'act') noticed[name] = (noticed[name] ?? 0) + 1; // biome-ignore format: one loop
      }
      const other = await watched('drift', FIRST + seed - 1 + k);
      turning.push(...other.map((of) => of(undefined).level));
      say(`drift ${FIRST + seed - 1 + k}: ${turning.slice(-other.length).join(' ')}`);
    }
    const share = (of: readonly DriftLevel[], level: DriftLevel) => of.filter((l) => l === level).length;
    const figures: Record<string, number | string> = {
      'looks at calm companies': calm.length,
      'of these: look': share(calm, 'look'),
      'of these: act': share(calm, 'act'),
      'looks at companies whose economy turns': turning.length,
      'of these, look or act': share(turning, 'look') + share(turning, 'act'),
    };
    for (const name of Object.keys(breaks)) figures[`${name}: noticed of ${tries}`] = noticed[name] ?? 0;
    const fewest = Math.min(...Object.keys(breaks).map((name) => (noticed[name] ?? 0) / tries));
    return {
      figures,
      accept: [
        { name: 'share of looks at calm companies that are called act', value: share(calm, 'act') / Math.max(calm.length, 1), most: 0.05 }, // biome-ignore format: one bar
        { name: 'broken records noticed at once, the least noticed kind', value: fewest, least: 1 },
      ],
      lines: [`calm looks called act, by what: ${Object.entries(by).map(([name, n]) => `${name} ${n}`).join(', ')}`], // biome-ignore format: one list
    };
  },
};

/** What is said of each look, of the records as they are or as changed. */
async function watched(
  scenario: Scenario,
  seed: number,
): Promise<((change: ((X: Frame) => Frame) | undefined) => Drift)[]> {
  const sim = simulate({ deals: DEALS, seed, scenario });
  const source = simulatedSource(sim);
  const subject = subjects.deal;
  const features = featuresOf('deal', source.company).filter(({ name }) => READ.test(name));
  const data = trainingRows(source, subject, features, sim.clock.end);
  const task = taskOf(subject, source.company, data.causes);
  const times = [...data.X.asOf].sort((a, b) => a - b);
  const trainedTo = times[0]! + (2 / 3) * (sim.clock.end - times[0]!);
  const take = (from: Instant, to: Instant): LandmarkRows =>
    censorAt(source, subject, takeLandmarkRows(data, data.X.ids.flatMap((_, row) => (data.X.asOf[row]! >= from && data.X.asOf[row]! < to ? [row] : []))), to); // biome-ignore format: one call
  const learned = take(Number.NEGATIVE_INFINITY, trainedTo);
  const { states } = await fitCandidates(learned, task, profiles.fast, 1, ['ridge'], undefined);
  const state = states.get('ridge')!;
  const reference = referenceOf(learned, task, state);
  const says = { predict: hazardModel(state, task.calendar).predict, sources: [], lowSkill: false };
  const looks: ((change: ((X: Frame) => Frame) | undefined) => Drift)[] = [];
  for (let asOf = trainedTo + WINDOW_DAYS * DAY; asOf <= sim.clock.end; asOf += EVERY_DAYS * DAY) {
    const plain = take(asOf - WINDOW_DAYS * DAY, asOf);
    looks.push((change) => {
      const rows = change ? { ...plain, X: change(plain.X) } : plain;
      const { asked } = evidenceOf(says, says, task, rows, []);
      const last = new Map(asked.rows.map((row, i) => [rows.X.ids[row]!, i]));
      const judged = [...last.values()]
        .map((i) => {
          const row = asked.rows[i]!;
          const { knownAt } = rows.outcomes[row]!;
          return { said: asked.challenger[i]!, event: asked.event[i]!, knownAt, group: rows.account[row]! };
        })
        .sort((a, b) => a.knownAt - b.knownAt);
      const scores = probabilities(state, task, rows.X);
      return driftOf(reference, { X: rows.X, groups: rows.account, scores, endings: judged.map(({ event }) => event), judged }); // biome-ignore format: one call
    });
  }
  return looks;
}

function changed(X: Frame, name: string, to: (value: number, row: number) => number): Frame {
  const column = X.columns.get(name);
  if (column?.type !== 'number') return X;
  return { ...X, columns: new Map([...X.columns, [name, { type: 'number', values: column.values.map(to) }]]) };
}
