import { type Artifact, type ArtifactHeader, loadArtifact, writeArtifact } from '../../models/artifact.ts';
import { encode } from '../../models/encode.ts';
import { type HazardState, hazardModel } from '../../models/hazardModel.ts';
import { initialWeights } from '../../models/network.ts';
import { type Part, partsOf } from '../../models/parts.ts';
import { type Company, company, companySettings } from '../../src/company.ts';
import type { Frame, FrameColumn } from '../../src/frame.ts';
import { random } from '../../src/random.ts';
import type { Cause } from '../../src/subjects/index.ts';
import { subjects } from '../../src/subjects/index.ts';
import { DAY } from '../../src/time.ts';
import { averageState, type CandidateName, fitCandidates } from '../../training/fitCandidates.ts';
import type { LandmarkRows } from '../../training/landmarkRows.ts';
import type { Profile } from '../../training/profiles.ts';
import { binned } from '../../training/tables/binned.ts';
import { boosted } from '../../training/tables/boosted.ts';
import { type HazardTask, placedOn, taskOf } from '../../training/task.ts';

/** Every kind of state that can be served, fitted on a small made-up table with all kinds of columns. */

export const toyCompany: Company = company(companySettings.parse({ bins: [0, 7, 30, 90, 180, 365] }));
export const toyCauses: readonly Cause[] = [
  { name: 'won', positive: true },
  { name: 'lost', positive: false },
];
export const toyTask: HazardTask = taskOf(subjects.deal, toyCompany, toyCauses);
/** Small enough for a test: a few epochs of a narrow network. */
export const toyProfile: Profile = {
  name: 'fast',
  network: {
    members: 3,
    width: 12,
    dropout: 0.1,
    learningRate: 3e-3,
    decay: 3e-4,
    batch: 128,
    epochs: 4,
    patience: 4,
  },
  maxBins: 5,
  seeds: 1,
  ridgeFolds: 1,
  ridgeRows: 2000,
  ridgeFitRows: 15_000,
};

export type Fate = 'mixed' | 'won' | 'lost' | 'open';

/**
 * Rows with a heavy-tailed amount, a zero-inflated count, a half-missing number, a constant, a few-valued and a
 * many-valued word. Stage and activity drive the outcome.
 */
export function toyRows(n: number, seed: number, fate: Fate = 'mixed'): LandmarkRows {
  const draw = random(seed);
  const start = Date.UTC(2025, 0, 1);
  const numbers = {
    deal_age_days: () => draw.below(120),
    amount_current: () => Math.exp(8 + 2 * draw.normal()),
    activity_count: () => (draw.uniform() < 0.6 ? 0 : 1 + draw.below(9)),
    reply_days: () => (draw.uniform() < 0.5 ? Number.NaN : draw.uniform() * 20),
    expected_close_in_days: () => (draw.uniform() < 0.2 ? Number.NaN : -20 + draw.below(150)),
    always_three: () => 3,
  };
  const columns = new Map<string, FrameColumn>();
  for (const [name, value] of Object.entries(numbers)) {
    columns.set(name, { type: 'number', values: Float64Array.from({ length: n }, value) });
  }
  const word = (levels: readonly string[], missing: number): FrameColumn => ({
    type: 'category',
    levels,
    codes: Int32Array.from({ length: n }, () => (draw.uniform() < missing ? -1 : draw.below(levels.length))),
  });
  columns.set('stage_current', word(['a', 'b', 'c'], 0.05));
  columns.set('owner', word(
    Array.from({ length: 34 }, (_, i) => `owner${i}`),
    0.02,
  )); // biome-ignore format: one column
  const stage = columns.get('stage_current') as FrameColumn & { type: 'category' };
  const activity = columns.get('activity_count') as FrameColumn & { type: 'number' };
  const ids = Array.from({ length: n }, (_, i) => `d${i >> 1}`);
  const asOf = Float64Array.from({ length: n }, (_, i) => start + Math.floor(i / 2) * 0.4 * DAY + (i % 2) * 9 * DAY);
  const outcomes = ids.map((_, i) => {
    const strength = 0.9 * (stage.codes[i]! - 1) + 0.25 * (activity.values[i]! - 2);
    const won = 0.006 * Math.exp(strength);
    const lost = 0.01 * Math.exp(-strength / 2);
    const timeDays = -Math.log(1 - draw.uniform()) / (won + lost);
    const side = draw.uniform() < won / (won + lost) ? 'won' : 'lost';
    const until = 20 + draw.uniform() * 500;
    if (fate === 'open' || timeDays > until) {
      return { timeDays: until, cause: undefined, knownAt: Number.POSITIVE_INFINITY, followedDays: until };
    }
    const outcome = fate === 'mixed' ? side : fate;
    const cause = { name: outcome, positive: outcome === 'won' };
    return { timeDays, cause, knownAt: asOf[i]! + timeDays * DAY, followedDays: until };
  });
  return {
    X: { ids, asOf, columns },
    outcomes,
    account: ids.map((id) => `a${Number(id.slice(1)) % 90}`),
    bornAt: Float64Array.from(ids, (_, i) => asOf[i - (i % 2)]!),
  };
}

export const stateNames = ['baseRate', 'byAge', 'ridge', 'ridgePle', 'ridgeHalved', 'ridgePleHalved', 'network', 'average', 'trees'] as const; // biome-ignore format: one list
export type StateName = (typeof stateNames)[number];

/**
 * All candidates, the average of the last two (.6 network), and a mixture of the ridge and two lots of trees. Penalties are
 * given, to save the search.
 */
export async function toyStates(rows: LandmarkRows, seed = 7): Promise<Map<StateName, HazardState>> {
  const wanted: CandidateName[] = [
    'baseRate',
    'byAge',
    'ridge',
    'ridgePle',
    'ridgeHalved',
    'ridgePleHalved',
    'network',
  ];
  const penalties = { byAge: 0.1, ridge: 0.1, ridgePle: 0.1 };
  const plan = { penalties, epochs: toyProfile.network.epochs, networkSeed: seed };
  const { states } = await fitCandidates(rows, toyTask, toyProfile, seed, wanted, plan);
  const all = new Map<StateName, HazardState>();
  for (const name of stateNames)
    if (states.has(name as CandidateName)) all.set(name, states.get(name as CandidateName)!);
  all.set('average', averageState(states.get('network')!, states.get('ridgePle')!, 0.6));
  all.set('trees', withTrees(states.get('ridge')!, rows, seed));
  return all;
}

/** Of the ridge .4 and of trees .3 twice, in the last bin less of the trees. */
function withTrees(ridge: HazardState, rows: LandmarkRows, seed: number): HazardState {
  const { linear, ...state } = ridge;
  const { grid } = hazardModel(ridge, toyCompany.calendar);
  const n = rows.X.ids.length;
  const placed = placedOn(toyTask, rows.outcomes);
  const cut = binned(ridge.encoder, encode(ridge.encoder, rows.X), n);
  const settings = { rounds: 12, leaves: 6, depth: 4, leastWeight: 1, lambda: 1, learningRate: 0.2, rowShare: 0.8, columnShare: 0.8, patience: 9 }; // biome-ignore format: one row
  const all = Int32Array.from({ length: n }, (_, i) => i);
  const grown = (own: number) => boosted(cut, grid, placed, all, new Int32Array(0), settings, own).trees;
  const byBin = (share: number, last: number) => Float64Array.of(share, share, share, share, last);
  const mixture: Part[] = [
    { name: 'linear', kind: 'linear', byBin: byBin(0.4, 0.6), model: linear!.model },
    { name: 'trees 1', kind: 'trees', byBin: byBin(0.3, 0.2), trees: grown(seed) },
    { name: 'trees 2', kind: 'trees', byBin: byBin(0.3, 0.2), trees: grown(seed + 1) },
  ];
  return { ...state, mixture };
}

/** Two networks of different sizes, a ridge and a base rate, whose weights differ by bin. */
export function toyMixture(states: ReadonlyMap<string, HazardState>): HazardState {
  const [average, baseRate] = [states.get('average')!, states.get('baseRate')!];
  const { constant: _, linear: __, network, ...rest } = average;
  const { source } = average.encoder;
  const shape = { ...network!.shape, members: 5, width: 20 };
  const second = { shape, weights: initialWeights(shape, source, random(5)) };
  const parts = [...partsOf({ ...rest, ...baseRate, encoder: rest.encoder }), ...partsOf(average)];
  const all = [...parts, { name: 'second', kind: 'network', byBin: new Float64Array(5), ...second } as const];
  const mixture = all.map((part, k): Part => ({ ...part, byBin: Float64Array.from({ length: 5 }, (_, b) => (1 + ((k + b) % 4)) / 10) })); // biome-ignore format: one part
  return { ...rest, mixture };
}

/** What an artifact says of itself, filled in with nothing in particular. */
export function toyAbout(rows: LandmarkRows, state: HazardState): Parameters<typeof writeArtifact>[0] {
  return {
    model: 'deal',
    task: 'duration',
    features: [...rows.X.columns].map(([name, { type }]): ArtifactHeader['features'][number] => ({ name, type })),
    featuresHash: 'toy',
    causes: toyCauses.map((cause) => ({ ...cause })),
    withinDays: null,
    chosen: 'toy',
    lowSkill: state.constant !== undefined,
    insufficientData: false,
    trained: {
      from: rows.bornAt[0]!,
      to: rows.bornAt.at(-1)! + DAY,
      rows: rows.X.ids.length,
      entities: new Set(rows.X.ids).size,
      outcomes: {},
      seed: 7,
      profile: 'fast',
      backend: 'none',
      dataHash: 'toy',
    },
    candidates: {},
    metrics: {},
    calibration: [],
    rho: 0.03,
    usual: { amount_current: 3000, stage_current: 'b', owner: null },
    leaks: [],
    notes: [],
  };
}

export const toyBytes = (rows: LandmarkRows, state: HazardState): Uint8Array =>
  writeArtifact(toyAbout(rows, state), state);
export const toyArtifact = (rows: LandmarkRows, state: HazardState): Artifact => loadArtifact(toyBytes(rows, state));

/** The frame with other columns in place of its own. */
export const withFrameColumns = (frame: Frame, columns: Iterable<readonly [string, FrameColumn]>): Frame => ({
  ...frame,
  columns: new Map(columns),
});
