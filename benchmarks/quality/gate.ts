import { simulate, simulatedSource } from '../../datasets/synthetic.ts';
import { featuresOf } from '../../features/hash.ts';
import { logit } from '../../models/calibrate/logit.ts';
import { reliability } from '../../models/calibrate/reliability.ts';
import { liftOdds, shareOfSuccess } from '../../models/coldStart.ts';
import { type HazardState, hazardModel } from '../../models/hazardModel.ts';
import { hazards, nllOfProbabilities } from '../../models/hazards.ts';
import type { Frame, FrameColumn } from '../../src/frame.ts';
import { type Random, random } from '../../src/random.ts';
import { pairedDifference } from '../../src/stats/pairedDifference.ts';
import { subjects } from '../../src/subjects/index.ts';
import { fitCandidates } from '../../training/fitCandidates.ts';
import { foldOf } from '../../training/folds.ts';
import { type Contender, contest, evidenceOf } from '../../training/gate.ts';
import { censorAt, type LandmarkRows, takeLandmarkRows, trainingRows } from '../../training/landmarkRows.ts';
import { profiles } from '../../training/profiles.ts';
import { segmentsOf } from '../../training/segments.ts';
import { placedOn, taskOf } from '../../training/task.ts';
import type { QualityCase } from './quality.ts';

/** A development seed; `--seed N` shifts it. */
const SEED = 20;
const DEALS = 2400;
/** The columns that say most: with a quarter of all, a fit takes a quarter of the time, and the gate does not mind. */
const READ =
  /^(deal_age_days|stage_(current|rank|age_days|win_ratio|change_count)|expected_close_|amount_(current|won_ratio)|account_(industry|region|won_count_365d|age_days)|meeting_count|reply_age|activity_count)/;
/** Of each kind. */
const TRIES = 50;
/** Accounts that one try sees. */
const SHARE = 0.85;
const badKinds = ['worse', 'constant', 'leaking', 'off in a segment'] as const;

/**
 * What the gate lets through. One simulated company is learned from once; its newest fifth judges. Bad challengers are
 * made of the real one: blurred, constant, told the outcome by a column that is filled once it is known, or pushed off in
 * one segment while better than the champion on the whole. Real improvements meet champions that learned from less.
 * Each try sees the accounts that its seed draws.
 */
export const gate: QualityCase = {
  name: 'gate',
  says: '200 bad challengers (worse, constant, leaking, off in a segment) and real improvements before the gate',
  run: async ({ small, seed, say }) => {
    const tries = small ? 10 : TRIES;
    const setting = await settingOf(SEED + seed, say);
    say('bad challengers');
    const figures: Record<string, number | string> = {
      'judged deals': new Set(setting.rows.X.ids).size,
      'judged rows': setting.rows.X.ids.length,
    };
    const lines: string[] = [];
    let passedBad = 0;
    for (const kind of badKinds) {
      let passed = 0;
      const caught = new Map<string, number>();
      for (let k = 0; k < tries; k++) {
        const verdict = tryBad(kind, setting, random(1000 * badKinds.indexOf(kind) + k));
        if (verdict.promote) passed++;
        for (const check of verdict.checks ?? [])
          if (!check.passed) caught.set(check.name, (caught.get(check.name) ?? 0) + 1);
      }
      passedBad += passed;
      say(`${kind}: ${passed} of ${tries} let through`);
      figures[`${kind}: let through of ${tries}`] = passed;
      lines.push(`${kind}: refused by ${[...caught].map(([name, n]) => `${name} ${n}`).join(', ')}`);
    }
    const plain = meet(setting, setting.rows, setting.lesser[0]!.p, setting.raw, setting.rows.X.ids.length);
    lines.push(`the ridge as it is, calibration slope ${setting.slope}: ${plain.promote ? 'let through' : 'refused'}`);
    const real = tryReal(setting, tries);
    const clearOnes = real.filter(({ size }) => size >= 3);
    for (const [from, to] of [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
      [4, Number.POSITIVE_INFINITY],
    ] as const) {
      // biome-ignore format: one table
      const of = real.filter(({ size }) => size >= from && size < to);
      if (of.length)
        lines.push(
          `real improvement of ${from} to ${to} standard errors: ${of.filter(({ passed }) => passed).length} of ${of.length} pass`,
        );
    }
    const why = new Map<string, number>();
    for (const { passed, size, failed } of real)
      if (!passed && size >= 3) for (const name of failed) why.set(name, (why.get(name) ?? 0) + 1);
    if (why.size) lines.push(`clear improvements refused by ${[...why].map(([name, n]) => `${name} ${n}`).join(', ')}`);
    return {
      figures,
      accept: [
        { name: `bad challengers let through of ${badKinds.length * tries}`, value: passedBad, most: 0 },
        {
          name: 'share of real improvements of 3 standard errors and more let through',
          value: clearOnes.filter(({ passed }) => passed).length / Math.max(clearOnes.length, 1),
          least: 0.8,
        },
      ],
      lines,
    };
  },
};

interface Setting {
  readonly task: ReturnType<typeof taskOf>;
  readonly rows: LandmarkRows;
  /** What the ridge says of each row, its odds of success put right on these rows. */
  readonly good: Float64Array;
  /** As the ridge says it, and the slope of its calibration. */
  readonly raw: Float64Array;
  readonly slope: string;
  readonly sources: readonly string[];
  readonly constant: Float64Array;
  /** Champions that learned from less: what they say, and by how many standard errors of all rows the good one is better. */
  readonly lesser: readonly { readonly p: Float64Array; readonly size: number }[];
}

async function settingOf(seed: number, say: (line: string) => void): Promise<Setting> {
  const sim = simulate({ deals: DEALS, seed });
  const source = simulatedSource(sim);
  const subject = subjects.deal;
  const features = featuresOf('deal', source.company).filter(({ name }) => READ.test(name));
  const data = trainingRows(source, subject, features, sim.clock.end);
  const task = taskOf(subject, source.company, data.causes);
  const born = [...data.bornAt].sort((a, b) => a - b);
  const cut = born[Math.floor(born.length * 0.8)]!;
  const index = (keep: (row: number) => boolean) => data.X.ids.flatMap((_, row) => (keep(row) ? [row] : []));
  const rows = takeLandmarkRows(data, index((row) => data.bornAt[row]! >= cut)); // biome-ignore format: one call
  const early = censorAt(source, subject, takeLandmarkRows(data, index((row) => data.X.asOf[row]! < cut)), cut); // biome-ignore format: one call
  const whole = await fitCandidates(early, task, profiles.fast, 1, ['baseRate', 'ridge'], undefined);
  /** The same penalty for all, so that only what was learned from differs. */
  const learned = async (part: LandmarkRows): Promise<HazardState> =>
    (await fitCandidates(part, task, profiles.fast, 1, ['ridge'], whole.plan)).states.get('ridge')!;
  const predict = (state: HazardState) => hazardModel(state, task.calendar).predict(rows.X);
  const some = (share: number, salt: string) =>
    takeLandmarkRows(
      early,
      early.account.flatMap((account, row) => (foldOf(account, 1000, salt) < 1000 * share ? [row] : [])),
    );
  say(`${early.X.ids.length} rows to learn from, ${rows.X.ids.length} to judge by`);
  const state = whole.states.get('ridge')!;
  const raw = predict(state);
  const constant = predict(whole.states.get('baseRate')!);
  const placed = placedOn(task, rows.outcomes);
  const grid = hazards(task.edges, task.causes.length);
  const judging = numbered(rows);
  const { good, slope } = calibrated({ task, rows: judging, sources: state.encoder.sources }, raw);
  const loss = nllOfProbabilities(grid, good, placed);
  const lesser: { p: Float64Array; size: number }[] = [];
  for (const share of [0.03, 0.06, 0.12]) {
    for (const salt of ['a', 'b']) {
      const p = predict(await learned(some(share, salt)));
      const { mean, standardError } = pairedDifference(nllOfProbabilities(grid, p, placed), loss, rows.account);
      lesser.push({ p, size: mean / standardError });
    }
  }
  say(`champions that learned from less: worse by ${lesser.map(({ size }) => size.toFixed(1)).join(', ')} standard errors`); // biome-ignore format: one line
  return { task, rows: judging, good, raw, slope, sources: state.encoder.sources, constant, lesser };
}

/** With each row's number as a column, so that what was said of all rows is found again for some. */
function numbered(rows: LandmarkRows): LandmarkRows {
  const values = Float64Array.from(rows.X.ids, (_, row) => row);
  return { ...rows, X: withColumn(rows.X, 'row_number', { type: 'number', values }) };
}
const withColumn = (frame: Frame, name: string, column: FrameColumn): Frame => ({
  ...frame,
  columns: new Map([...frame.columns, [name, column]]),
});

function says(p: Float64Array, rows: number, sources: readonly string[]): Contender {
  const cells = p.length / rows;
  return {
    predict: (X) => {
      const number = (X.columns.get('row_number') as FrameColumn & { readonly type: 'number' }).values;
      const out = new Float64Array(number.length * cells);
      for (const [i, row] of number.entries()) out.set(p.subarray(row * cells, (row + 1) * cells), i * cells);
      return out;
    },
    sources,
    lowSkill: false,
  };
}

/** What is said of each row, its odds of success multiplied by exp(lift). */
function lifted(
  { task, rows }: Pick<Setting, 'task' | 'rows'>,
  p: Float64Array,
  lift: (row: number) => number,
): Float64Array {
  const grid = hazards(task.edges, task.causes.length);
  const positive = task.causes.map((cause) => cause.positive);
  const cells = p.length / rows.X.ids.length;
  const out = new Float64Array(p.length);
  for (let row = 0; row < rows.X.ids.length; row++)
    out.set(liftOdds(grid, p.slice(row * cells, (row + 1) * cells), positive, lift(row)), row * cells);
  return out;
}

/**
 * The ridge with the odds of success put right on the rows that judge, in the question that the gate asks of them: how what
 * has ended by now ended. (By the odds of ever succeeding it would look far too timid: what ends soon in an early stage is mostly
 * lost, and in a late one mostly won.) The size of its gain stays what the data show.
 */
function calibrated({ task, rows, sources }: Pick<Setting, 'task' | 'rows' | 'sources'>, p: Float64Array) {
  const one = says(p, rows.X.ids.length, sources);
  const { asked } = evidenceOf(one, one, task, rows, []);
  const { slope, slopeError, intercept } = reliability(asked.event, asked.challenger);
  const grid = hazards(task.edges, task.causes.length);
  const positive = task.causes.map((cause) => cause.positive);
  const cells = p.length / rows.X.ids.length;
  const odds = (row: number) => logit(shareOfSuccess(grid, p.slice(row * cells, (row + 1) * cells), positive));
  return {
    good: lifted({ task, rows }, p, (row) => intercept + (slope - 1) * odds(row)),
    slope: `${slope.toFixed(2)} +- ${slopeError.toFixed(2)}`,
  };
}

const meet = (
  { task, sources }: Setting,
  rows: LandmarkRows,
  champion: Float64Array,
  challenger: Float64Array,
  all: number,
  further: readonly string[] = [],
) =>
  contest(
    says(champion, all, sources),
    says(challenger, all, [...sources, ...further]),
    task,
    { rows, judges: (account) => foldOf(account, 3, 'newest') === 0 },
    Number.NEGATIVE_INFINITY,
  );

/** The rows of the accounts that a try draws. */
function drawnRows(rows: LandmarkRows, draw: Random): LandmarkRows {
  const kept = new Map<string, boolean>();
  for (const account of rows.account) if (!kept.has(account)) kept.set(account, draw.uniform() < SHARE);
  return takeLandmarkRows(
    rows,
    rows.account.flatMap((account, row) => (kept.get(account) ? [row] : [])),
  );
}

function tryBad(kind: (typeof badKinds)[number], setting: Setting, draw: Random) {
  const { rows, good, constant, lesser } = setting;
  const all = rows.X.ids.length;
  if (kind === 'worse') {
    const blur = 0.4 + 0.6 * draw.uniform();
    const worse = lifted(setting, good, () => blur * draw.normal());
    return meet(setting, drawnRows(rows, draw), good, worse, all);
  }
  if (kind === 'constant') {
    const rate = 1.5 * draw.normal();
    const same = lifted(setting, constant, () => rate);
    return meet(setting, drawnRows(rows, draw), good, same, all);
  }
  if (kind === 'leaking') {
    const strength = 1 + 1.5 * draw.uniform();
    const values = Float64Array.from(rows.outcomes, ({ cause }) =>
      cause ? strength * (cause.positive ? 0.5 : -0.5) + draw.normal() : Number.NaN,
    );
    const leaky: LandmarkRows = { ...rows, X: withColumn(rows.X, 'told_afterwards', { type: 'number', values }) };
    // The best use of such a column: its log likelihood ratio.
    const leaking = lifted(setting, good, (row) => (Number.isNaN(values[row]!) ? 0 : strength * values[row]!));
    return meet(setting, drawnRows(leaky, draw), good, leaking, all, ['told_afterwards']);
  }
  // At least a fifth of the rows: a push in fewer is beyond what so many outcomes can show.
  const parts = segmentsOf(rows.X, setting.task.age).filter((segment) => segment.rows.length >= all / 5);
  for (;;) {
    const part = parts[draw.below(parts.length)]!;
    const inside = new Set(part.rows);
    const push = (1.25 + 0.75 * draw.uniform()) * (draw.uniform() < 0.5 ? -1 : 1);
    const off = lifted(setting, good, (row) => (inside.has(row) ? push : 0));
    if (gain(setting, good, off, part.rows) > -0.02) continue; // the company had moved that way: no push off
    const weak = lesser.filter(({ size }) => size > 2);
    return meet(setting, drawnRows(rows, draw), weak[draw.below(weak.length)]!.p, off, all);
  }
}

/** Mean log loss that `to` saves beside `from` in some rows. */
function gain({ task, rows }: Setting, from: Float64Array, to: Float64Array, of: readonly number[]): number {
  const grid = hazards(task.edges, task.causes.length);
  const placed = placedOn(task, rows.outcomes);
  const [a, b] = [nllOfProbabilities(grid, from, placed), nllOfProbabilities(grid, to, placed)];
  return of.reduce((sum, row) => sum + a[row]! - b[row]!, 0) / of.length;
}

function tryReal(setting: Setting, tries: number) {
  const { rows, good, lesser } = setting;
  return lesser.flatMap(({ p, size }, i) =>
    Array.from({ length: Math.ceil((2 * tries) / lesser.length) }, (_, k) => {
      const draw = random(77_000 + 100 * i + k);
      const verdict = meet(setting, drawnRows(rows, draw), p, good, rows.X.ids.length);
      const failed = (verdict.checks ?? []).filter((check) => !check.passed).map(({ name }) => name);
      // A third of the accounts judge, where they are enough.
      const seen = verdict.reason.includes('had a say') ? SHARE : SHARE / 3;
      return { size: size * Math.sqrt(seen), passed: verdict.promote, failed };
    }),
  );
}
