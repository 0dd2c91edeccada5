import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadArtifact, writeArtifact } from '../../models/artifact.ts';
import { bgNbdSilence } from '../../models/clv/bgNbd.ts';
import { exportLayersModel } from '../../models/exportTfjs.ts';
import { type HazardState, hazardModel } from '../../models/hazardModel.ts';
import { incidenceAt } from '../../models/hazards.ts';
import { type Rhythm, rhythmFeatures } from '../../models/rhythm.ts';
import { scorerOf } from '../../models/scorer.ts';
import { splitByContract, withRhythm } from '../../models/withRhythm.ts';
import { type FrameColumn, takeRows } from '../../src/frame.ts';
import { random } from '../../src/random.ts';
import { testSeed } from '../arbitraries.ts';
import { type StateName, stateNames, toyAbout, toyCauses, toyCompany, toyRows, toyStates, withFrameColumns } from '../contract/states.ts'; // biome-ignore format: one import

const HORIZON = 180;
const rhythm: Rhythm = { law: { r: 0.6, alpha: 50, a: 0.7, b: 2.5 }, silent: 0, ordered: 1, withinDays: HORIZON };

/** The toy rows, every second one of a customer without contract. */
function customers() {
  const rows = toyRows(400, 31);
  const draw = random(77);
  const n = rows.X.ids.length;
  const T = Float64Array.from({ length: n }, () => 20 + draw.below(900));
  const column = (values: Float64Array): FrameColumn => ({ type: 'number', values });
  const columns: readonly FrameColumn[] = [
    column(Float64Array.from({ length: n }, (_, i) => i % 2)),
    column(Float64Array.from({ length: n }, () => 1 + draw.below(15))),
    column(T.map((t) => Math.min(draw.uniform() * t, 179))),
    column(T),
  ];
  const X = withFrameColumns(rows.X, [...rows.X.columns, ...rhythmFeatures.map((name, i) => [name, columns[i]!] as const)]); // biome-ignore format: one frame
  return { ...rows, X };
}
const rows = customers();
const numbers = (name: string) => (rows.X.columns.get(name) as FrameColumn & { type: 'number' }).values;
const { rhythmic, bound } = splitByContract(rows.X);
/** Only models of flat tables have trees, and those know no customers. */
const readers = stateNames.filter((name) => name !== 'trees');
let before: Map<StateName, HazardState>;
const after = new Map<StateName, HazardState>();
beforeAll(async () => {
  before = await toyStates(rows);
  for (const name of readers) after.set(name, withRhythm(before.get(name)!, rhythm, takeRows(rows.X, rhythmic)));
});

const about = (state: HazardState) => ({ ...toyAbout(rows, state), withinDays: HORIZON, lowSkill: false });
const bytesOf = (state: HazardState) => writeArtifact(about(state), state);

describe('customers without contract, read by a law of purchases', () => {
  test.each(readers)('%s: the same law whatever reads the others; these are read as before', (name) => {
    const model = hazardModel(after.get(name)!, toyCompany.calendar);
    const p = model.predict(rows.X);
    const was = hazardModel(before.get(name)!, toyCompany.calendar).predict(rows.X);
    const cells = p.length / rows.X.ids.length;
    for (const row of bound) {
      for (let e = row * cells; e < (row + 1) * cells; e++) expect(p[e]).toBeCloseTo(was[e]!, 6);
    }
    const F = new Float64Array(2);
    for (const row of rhythmic) {
      const T = numbers('order_first_age_days')[row]!;
      const customer = { x: numbers('order_day_count')[row]! - 1, tx: T - numbers('order_age_days')[row]!, T };
      for (const edge of [7, 30, 90, HORIZON]) {
        incidenceAt(model.grid, p, row, edge, F);
        expect(1 - F[1]!).toBeCloseTo(bgNbdSilence(rhythm.law, customer, edge), 4);
        expect(F[0]).toBeCloseTo(edge === HORIZON ? 1 - F[1]! : 0, 9);
      }
    }
  });

  test('any customer: probabilities, and the longer the silence so far the likelier it stays', () => {
    const model = hazardModel(after.get('ridge')!, toyCompany.calendar);
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 300 }), fc.integer({ min: 1, max: 3000 }), fc.nat({ max: 1000 }), (orders, T, share) => {
        const values = [0, orders, (share / 1000) * T, T];
        const one = takeRows(rows.X, [0]);
        const frame = withFrameColumns(one, [...one.columns, ...rhythmFeatures.map((name, i) => [name, { type: 'number', values: Float64Array.of(values[i]!) }] as const)]); // biome-ignore format: one frame
        const p = model.predict(frame);
        expect(p.every((v) => v >= 0 && v <= 1)).toBe(true);
        for (let cell = 0; cell < p.length; cell += 3) expect(p[cell]! + p[cell + 1]! + p[cell + 2]!).toBeCloseTo(1, 9);
      }),
      { seed: testSeed, numRuns: 200 },
    ); // biome-ignore format: one property
  });

  test.each(['baseRate', 'ridgePle', 'average'] as const)(
    '%s: reasons are orders, silence and tenure, and sum',
    (name) => {
      const scorer = scorerOf(loadArtifact(bytesOf(after.get(name)!)), toyCompany);
      const { probability } = scorer.predict(rows.X);
      for (const row of rhythmic.slice(0, 20)) {
        const why = scorer.explain(rows.X, row, 'probability')!;
        const moved = [...why.contributions].filter(([, by]) => by !== 0).map(([feature]) => feature);
        expect(rhythmFeatures.slice(1)).toEqual(expect.arrayContaining(moved));
        const sum = [...why.contributions.values()].reduce((total, by) => total + by, why.base);
        expect(Math.abs(sum - why.total)).toBeLessThan(1e-3);
        expect(why.total).toBeCloseTo(Math.log(probability[row]! / (1 - probability[row]!)), 5);
        const near = scorer.comparer(takeRows(rows.X, rhythmic))!.nearest({ frame: rows.X, row }, 3);
        expect(near[0]!.distance).toBeCloseTo(0, 6);
      }
      for (const row of bound.slice(0, 5)) {
        const why = scorer.explain(rows.X, row, 'probability')!;
        const sum = [...why.contributions.values()].reduce((total, by) => total + by, why.base);
        expect(Math.abs(sum - why.total)).toBeLessThan(1e-3);
      }
    },
  );

  test('a level of late moves orders and silence, and reasons still sum', () => {
    const scorer = scorerOf(loadArtifact(bytesOf(after.get('ridge')!)), toyCompany);
    const level = [1, 1.4];
    const row = rhythmic[3]!;
    const calm = scorer.predict(rows.X).probability[row]!;
    const busy = scorer.predict(rows.X, level).probability[row]!;
    expect(busy).toBeLessThan(calm);
    const why = scorer.explain(rows.X, row, 'probability', level)!;
    const sum = [...why.contributions.values()].reduce((total, by) => total + by, why.base);
    expect(Math.abs(sum - why.total)).toBeLessThan(1e-3);
    expect(why.total).toBeCloseTo(Math.log(busy / (1 - busy)), 5);
  });
});

describe('its artifact', () => {
  test('says the same once opened, and is of a format that older readers refuse', () => {
    const state = after.get('average')!;
    const bytes = bytesOf(state);
    const format = (of: HazardState) => Buffer.from(bytesOf(of)).readUInt32LE(8);
    // Effects that do not change with time are all that formats before 5 can say.
    const steady = (of: HazardState): HazardState => ({
      ...of,
      linear: { ...of.linear!, model: { ...of.linear!.model, tilt: new Float64Array(0) } },
    });
    expect([state, steady(state), steady(before.get('average')!)].map(format)).toEqual([5, 3, 2]);
    const opened = loadArtifact(bytes);
    expect(opened.state.rhythm).toEqual(rhythm);
    const said = hazardModel(opened.state, toyCompany.calendar).predict(rows.X);
    const was = hazardModel(state, toyCompany.calendar).predict(rows.X);
    for (const [e, p] of said.entries()) expect(p).toBeCloseTo(was[e]!, 6);
    expect(Buffer.from(writeArtifact(about(state), opened.state)).equals(Buffer.from(bytes))).toBe(true);
  });

  const wrong: readonly (readonly [string, Rhythm])[] = [
    ['a parameter of 0', { ...rhythm, law: { ...rhythm.law, alpha: 0 } }],
    ['no number', { ...rhythm, law: { ...rhythm.law, r: Number.NaN } }],
    ['a cause that is not there', { ...rhythm, silent: toyCauses.length }],
    ['one cause for both', { ...rhythm, ordered: rhythm.silent }],
    ['a horizon that is no edge', { ...rhythm, withinDays: 100 }],
  ];
  test.each(wrong)('is refused with %s', (_, bad) => {
    expect(() => loadArtifact(bytesOf({ ...after.get('ridge')!, rhythm: bad }))).toThrow(/damaged/);
  });
  test("is refused where the encoder is not the law's", () => {
    expect(() => loadArtifact(bytesOf({ ...before.get('ridge')!, rhythm }))).toThrow(/law of orders/);
  });
  test('is refused with any byte changed', () => {
    const bytes = bytesOf(after.get('ridge')!);
    const draw = random(testSeed);
    for (let k = 0; k < 60; k++) {
      const damaged = Uint8Array.from(bytes);
      damaged[draw.below(damaged.length)]! ^= 1 + draw.below(255);
      expect(() => loadArtifact(damaged)).toThrow();
    }
  });
  test('does not leave as a stock model, which could not ask a law', async () => {
    await expect(exportLayersModel(loadArtifact(bytesOf(after.get('ridge')!)))).rejects.toMatchObject({
      code: 'export-rhythm',
    });
  });
});
