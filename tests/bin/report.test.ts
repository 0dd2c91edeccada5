import { describe, expect, test } from 'vitest';
import { figuresOf, gainPoints, liftByTenth, precisionRecallPoints, reliability, rocPoints, segmentRows } from '../../bin/report/figures.ts'; // biome-ignore format: one import
import { type ReportContent, reportHtml } from '../../bin/report/report.ts';
import { random } from '../../src/random.ts';
import { auc } from '../../src/stats/auc.ts';
import type { Evidence, JudgedRows } from '../../training/evidence.ts';
import { toyAbout, toyRows, toyStates } from '../contract/states.ts';

/** Rows of which what is said is right on average; two levels of which one is small. */
function judgedRows(n: number, seed: number): JudgedRows {
  const draw = random(seed);
  const p = Array.from({ length: n }, () => draw.uniform());
  const event = p.map((value) => (draw.uniform() < value ? 1 : 0));
  return {
    withinDays: null,
    of: 2 * n,
    p,
    event,
    group: p.map((_, row) => row % 60),
    rivals: { ridge: p.map((value) => 0.5 + (value - 0.5) / 2), baseRate: p.map(() => 0.5) },
    segments: [
      {
        by: 'stage_current',
        levels: ['Offer', '<b>Rare</b>', 'Talk'],
        codes: p.map((_, row) => (row < 5 ? 1 : row % 2 ? 0 : 2)),
      },
      { by: 'amount_current', levels: [0, 100, 1000], codes: p.map((_, row) => row % 3) },
    ],
  };
}

describe('figures of a report', () => {
  const judged = judgedRows(900, 21);
  const { event, p } = judged;

  test('the ROC curve runs from (0, 0) to (1, 1) and has the area that AUC says', () => {
    const points = rocPoints(event, p);
    expect(points[0]).toEqual([0, 0]);
    expect(points.at(-1)).toEqual([1, 1]);
    let area = 0;
    for (let i = 1; i < points.length; i++) area += ((points[i]![0] - points[i - 1]![0]) * (points[i]![1] + points[i - 1]![1])) / 2; // biome-ignore format: one sum
    expect(area).toBeCloseTo(auc(event, p), 1); // thinned to what is seen
  });

  test('by hand: four rows, two of them positive', () => {
    const [e, s] = [[1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1]]; // biome-ignore format: a pair
    expect(rocPoints(e, s)).toEqual([[0, 0], [0, 0.5], [0.5, 0.5], [0.5, 1], [1, 1]]); // biome-ignore format: points
    expect(gainPoints(e, s)).toEqual([[0, 0], [0.25, 0.5], [0.5, 0.5], [0.75, 1], [1, 1]]); // biome-ignore format: points
    expect(precisionRecallPoints(e, s)).toEqual([[0, 1], [0.5, 1], [0.5, 0.5], [1, 2 / 3], [1, 0.5]]); // biome-ignore format: points
    expect(liftByTenth(e, s)).toEqual([2, 0, 2, 0]);
    expect(figuresOf([1, 1], [0.5, 0.6])).toMatchObject({ auc: null, averagePrecision: null });
  });

  test('reliability: shares of equal size, said within the interval where what is said is right', () => {
    const bins = reliability(judged);
    expect(bins).toHaveLength(10);
    expect(bins.reduce((sum, { rows }) => sum + rows, 0)).toBe(900);
    for (const { low, said, high, accounts } of bins) {
      expect(accounts).toBeLessThanOrEqual(60);
      expect(low).toBeLessThan(said);
      expect(high).toBeGreaterThan(said);
    }
  });

  test('parts with few rows are not shown; ranges keep their order', () => {
    expect(
      segmentRows(judged, judged.segments[0]!)
        .map(({ level }) => level)
        .sort(),
    ).toEqual([0, 2]);
    expect(segmentRows(judged, judged.segments[1]!).map(({ level }) => level)).toEqual([0, 1, 2]);
  });
});

test('the page: every part drawn, words escaped, nothing fetched, both languages', async () => {
  const rows = toyRows(200, 5);
  const state = (await toyStates(rows)).get('baseRate')!;
  const about = toyAbout(rows, state);
  const header = { ...about, lowSkill: false, leaks: [{ feature: 'owner', severity: 'suspect', why: 'alone', auc: 0.92 }] } as unknown as ReportContent['header']; // biome-ignore format: one header
  const evidence: Evidence = {
    format: 1,
    judged: judgedRows(400, 22),
    effects: [
      {
        feature: 'amount_current',
        importance: 0.3,
        bins: [
          { at: [0, 10], rows: 30, mean: -0.2, low: -0.4, high: 0.1 },
          { at: null, rows: 3, mean: 0.1, low: 0, high: 0.2 },
        ],
      },
      { feature: 'owner', importance: 0.1, bins: [{ at: '<i>Nok</i>', rows: 9, mean: 0.1, low: 0.1, high: 0.1 }] },
    ],
    drifted: [{ feature: 'season', distance: 0.55 }],
    curves: [{ step: 'training network', epochs: [{ epoch: 1, loss: 0.7, stopLoss: 0.72 }, { epoch: 2, loss: 0.6, stopLoss: null }] }], // biome-ignore format: one curve
  };
  const content: ReportContent = {
    company: 'Acme & Sons',
    sample: true,
    zone: 'Asia/Bangkok',
    currency: 'THB',
    header,
    version: 'a'.repeat(64),
    serves: true,
    noun: 'deals',
    sides: { positive: 'won', negative: 'lost' },
    side: (name) => name,
    evidence,
    record: undefined,
    featureWords: () => undefined,
  };
  for (const language of ['en', 'th'] as const) {
    const page = reportHtml(content, language);
    expect(page).toContain('Acme &amp; Sons');
    expect(page).toContain('&lt;i&gt;Nok&lt;/i&gt;');
    expect(page.match(/<svg[^>]*role="img"/g)).toHaveLength(7);
    expect(page).not.toMatch(/<script|src="|href="(?!data:)|url\(|https?:\/\//);
    expect(page).not.toMatch(/NaN|undefined|\[object/);
  }
});
