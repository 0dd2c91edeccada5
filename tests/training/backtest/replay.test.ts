import { beforeAll, describe, expect, test } from 'vitest';
import { ledgerOf } from '../../../api/forecastLedger.ts';
import { levelAt } from '../../../api/level.ts';
import type { People } from '../../../api/pipeline.ts';
import { documentOf, printedOf, rowsOf } from '../../../bin/backtest/document.ts';
import { forecastDocument } from '../../../bin/backtest/forecast/document.ts';
import { simulate, simulatedSource } from '../../../datasets/synthetic.ts';
import { featuresOf } from '../../../features/hash.ts';
import { snapshot } from '../../../features/snapshot.ts';
import { hash32 } from '../../../src/random.ts';
import type { EntityKind, Fact } from '../../../src/records.ts';
import type { Adjustment } from '../../../src/store/adjustments.ts';
import { subjects } from '../../../src/subjects/index.ts';
import { DAY, type Instant, type Period } from '../../../src/time.ts';
import { type FactSource, type History, world } from '../../../src/world.ts';
import { type BacktestResult, backtest } from '../../../training/backtest/backtest.ts';
import { columnReader, rivalsOf } from '../../../training/backtest/columns.ts';
import { backtestForecast, type ForecastBacktest } from '../../../training/backtest/forecast.ts';
import { planBacktest } from '../../../training/backtest/plan.ts';
import { learnRival, type PastLooks, pastLooks, type Rival } from '../../../training/backtest/rivals.ts';
import { saidAt, type Then } from '../../../training/backtest/said.ts';
import type { Profile } from '../../../training/profiles.ts';

/** Small enough for a test. */
const profile: Profile = {
  name: 'fast',
  network: { members: 2, width: 8, dropout: 0.1, learningRate: 3e-3, decay: 3e-4, batch: 256, epochs: 2, patience: 2 },
  maxBins: 3,
  seeds: 1,
  ridgeFolds: 1,
  ridgeRows: 300,
  ridgeFitRows: 15_000,
};
const sim = simulate({ deals: 120, seed: 12 });
const source = simulatedSource(sim);
const known = sim.clock.end;
const worth = (past: Parameters<NonNullable<Parameters<typeof saidAt>[8]['worth']>>[0]) => Number(past.value('amount') ?? Number.NaN); // biome-ignore format: one line

/** The same company as if nothing learned at or after `until` had been recorded, in another order. */
function knownBefore(from: FactSource, until: Instant): FactSource {
  const cut = (history: History | undefined): History | undefined => {
    const kept = Object.entries(history ?? {}).flatMap(([kind, facts]) => {
      const before = (facts as readonly Fact[]).filter((fact) => fact.knownAt < until);
      return before.length ? [[kind, before] as const] : [];
    });
    return kept.length ? (Object.fromEntries(kept) as History) : undefined;
  };
  const histories = new Map<string, History | undefined>();
  const history = (of: EntityKind, id: string) => {
    const key = `${of} ${id}`;
    if (!histories.has(key)) histories.set(key, cut(from.history(of, id)));
    return histories.get(key);
  };
  const ids = (of: EntityKind) => from.ids(of).filter((id) => history(of, id));
  return { company: from.company, rates: from.rates, ids, history };
}

/** Moved by every feature of a row: what any of them sees shows in what is said. */
const touchy: Then = {
  version: 'touchy',
  snapshot: (from, looks) => snapshot(from, featuresOf('deal', from.company), looks, 'deal'),
  predict: (frame) => {
    const shares = Float64Array.from(frame.ids, (_, row) => {
      let mixed = 0;
      for (const column of frame.columns.values()) {
        const cell =
          column.type === 'number' ? column.values[row]! : hash32(column.levels[column.codes[row]!] ?? '') / 2 ** 32;
        mixed = (mixed * 31 + (Number.isNaN(cell) ? 0.5 : Math.abs(cell))) % 1009;
      }
      return mixed / 1009;
    });
    const endBy = (row: number, days: number) => Float64Array.of(shares[row]!, 1 - shares[row]!).map((p) => p * Math.min(1, days / 540)); // biome-ignore format: one law
    return {
      ...{ probability: shares, byPeriodEnd: shares, p10Days: shares, p50Days: shares, p90Days: shares },
      ...{ timesDays: Float64Array.of(540), incidence: shares, causes: subjects.deal.causes },
      ...{ positiveBy: (row, days) => endBy(row, days)[0]!, endBy },
    };
  },
};

const nobody: People = { teams: [], circular: [], teamOf: () => null, name: (_kind, id) => id };

describe('nothing leaks', () => {
  const at = known - 150 * DAY + 3_600_000;

  test('what was learned after a look changes nothing of what is said at it', () => {
    const saidFrom = (from: FactSource) => {
      const plain = featuresOf('deal', from.company).find(({ name }) => name === 'stage_current')!;
      const rivals = rivalsOf(from, subjects.deal, [at], plain, { incumbent: 'deal.amount' });
      expect(rivals.map(({ name }) => name)).toEqual(['plainPercentage', 'rep', 'incumbent', 'baseRate']);
      const serving = { levelAt, worth };
      const segment = (past: Parameters<typeof worth>[0]) => String(past.value('stage') ?? '');
      return saidAt(from, subjects.deal, at, touchy, rivals, 91, 0, segment, serving);
    };
    const said = saidFrom(source);
    expect(said.length).toBeGreaterThan(5);
    expect(new Set(said.map(({ ours }) => ours.within)).size).toBe(said.length);
    const cut = knownBefore(source, at + 1);
    expect(saidFrom(cut)).toEqual(said);
    // Nor of what is expected of the quarter, by whichever way.
    const forecastFrom = (from: FactSource) => {
      const { actualMinor: _, calls, ...look } = ledgerOf(from, nobody, known)(at, { ...touchy, rho: 0.03, trainedTo: at }); // biome-ignore format: one call
      return { ...look, calls: calls.map(({ cameMinor: _came, ...call }) => call) };
    };
    const forecast = forecastFrom(source);
    expect(forecast.calls.length).toBe(said.length);
    expect(forecastFrom(cut)).toEqual(forecast);
    // The test can fail: what was known a month earlier is not what was known then.
    expect(saidFrom(knownBefore(source, at - 30 * DAY))).not.toEqual(said);
  });
});

/** What the run trains. */
const trained = new Map<Instant, Uint8Array>();

describe('a whole run', () => {
  let result: BacktestResult;
  const kept = trained;
  const store = { get: (until: Instant) => kept.get(until), put: (until: Instant, made: Uint8Array) => void kept.set(until, made) }; // biome-ignore format: one object
  const options = { known, profile, seed: 5, draws: 100, everyDays: 56, retrainDays: 3000, kept: store, worth };
  const from = known - 300 * DAY;
  beforeAll(async () => {
    result = await backtest(source, subjects.deal, { ...options, from });
  }, 120_000);

  test('everything that was open is scored at each look, and judged by what is known at the end', () => {
    expect(result.origins.length).toBe(4);
    expect(result.trainings.map(({ until }) => until)).toEqual([from]);
    for (const { at, open } of result.origins) {
      const then = world(source, at);
      expect(then.ids('deal').filter((id) => subjects.deal.state(then.past('deal', id)).is === 'open').length).toBe(open); // biome-ignore format: one check
    }
    for (const row of result.rows) {
      const ended = source.history('deal', row.id)?.closed?.find(({ knownAt }) => knownAt > row.at);
      const won = ended?.outcome === 'won';
      expect(row.within).toBe(Number(won && ended.at <= row.at + 91 * DAY));
      expect(row.ever).toBe(ended ? Number(won) : Number.NaN);
      expect(row.broughtMinor > 0).toBe(row.within === 1);
      for (const pair of [row.ours, ...Object.values(row.rivals)]) {
        for (const p of [pair.ever, pair.within]) expect(p >= 0 && p <= 1).toBe(true);
      }
    }
  });

  test('says what it found in one sentence, a verdict a rival, and its limits', () => {
    expect(result.headline).toMatch(/^On your last \d+ months, Foresell ranked \d+ % of the money you won/);
    expect(result.verdicts.map(({ rival }) => rival)).toEqual(['plainPercentage', 'rep', 'baseRate']);
    expect(result.limits.map(({ code }) => code)).toEqual(expect.arrayContaining(['size', 'undecided', 'noTrial']));
  });

  test.each(['en', 'th'] as const)(
    'the report in %s is whole, stands alone, and holds every figure that could be told',
    (language) => {
      const page = documentOf(result).html(language);
      expect(page).toContain('</html>');
      expect(page).not.toMatch(/NaN|undefined|Infinity|\[object|<script|src=|url\(|https?:\/\//);
      expect(page).toContain(language === 'en' ? result.headline.split(';')[0]! : 'เดือนล่าสุด Foresell จัดอันดับ');
      for (const { version } of result.trainings) expect(page).toContain(version.slice(0, 12));
    },
  );

  test('names from outside are words in the report, not markup', () => {
    const page = documentOf({ ...result, company: '<img onerror=x>' }).html('en');
    expect(page).not.toContain('<img');
    expect(page).toContain('&lt;img onerror=x&gt;');
  });

  test('a row a look, in major units, and a printed page', () => {
    const rows = rowsOf(result);
    expect(rows.length).toBe(result.rows.length);
    expect(Object.keys(rows[0]!.cells)).toEqual(expect.arrayContaining(['within_foresell', 'ever_base_rate', 'within_happened', 'brought'])); // biome-ignore format: one check
    expect(printedOf(result)).toContain(result.headline);
    expect(JSON.stringify(documentOf(result).json)).not.toContain('"rows":[');
  });

  test('a stopped run goes on with the trainings it had finished, to the same result', async () => {
    expect([...kept.keys()]).toEqual([from]);
    const lines: string[] = [];
    const again = await backtest(source, subjects.deal, { ...options, from, onProgress: (text, _share, line) => line && lines.push(text) }); // biome-ignore format: one call
    expect(lines.join()).toContain('kept from before');
    expect(again).toEqual(result);
  });
});

describe('the forecast of the quarter', () => {
  // By the model that the run above has trained.
  const from = known - 300 * DAY;
  let result: ForecastBacktest;
  let lines = '';
  beforeAll(async () => {
    const store = { get: (until: Instant) => trained.get(until), put: () => expect.fail('trained again') };
    const options = { known, profile, seed: 5, draws: 100, everyDays: 42, retrainDays: 3000, kept: store, from };
    const called = ({ label, from: start, to }: Period): Adjustment[] => [{ id: 1, at: start, kind: 'adjustment', by: 'all', node: null, period: label, from: start, to, amountMinor: 900_000_00, currency: 'THB', reason: '', author: null, undoes: null }]; // biome-ignore format: a row
    const lookAt = ledgerOf(source, nobody, known, called);
    result = await backtestForecast(source, { ...options, lookAt, onProgress: (text, _share, line) => line && (lines += text) }); // biome-ignore format: one call
  }, 120_000);

  test('each look is of a quarter that is over, by a model that knew nothing after it, and judged by what was booked', () => {
    expect(result.looks.length).toBe(7);
    expect(lines).toContain('kept from before');
    const { calendar } = source.company;
    for (const { at, period, weeksLeft, hindsight, actualMinor, bookedMinor, calls } of result.looks) {
      expect(period).toEqual(calendar.quarter(at));
      expect(period.to <= known && hindsight === false).toBe(true);
      expect(weeksLeft).toBe(Math.ceil((period.to - at) / (7 * DAY)));
      const closes = source.ids('deal').flatMap((id) => source.history('deal', id)?.closed?.[0] ?? []);
      const within = closes.filter((close) => close.outcome === 'won' && close.at >= period.from && close.at < period.to); // biome-ignore format: one call
      const rates = world(source, known);
      expect(
        Math.abs(
          actualMinor - within.reduce((sum, close) => sum + rates.baseMinor(close.amountMinor ?? 0, close.currency), 0),
        ) / actualMinor,
      ).toBeLessThan(0.1); // rates of the day
      const cameLater = calls.reduce((sum, { cameMinor }) => sum + cameMinor, 0);
      expect(bookedMinor + cameLater).toBeLessThanOrEqual(actualMinor);
    }
    expect(result.judgement.figures.map(({ way }) => way)).toEqual(['foresell', 'usual', 'stageRate', 'categories']);
  });

  test.each(['en', 'th'] as const)('the report in %s is whole and stands alone, with names as words', (language) => {
    const page = forecastDocument(result, (_kind, id) => `<b>${id}`).html(language);
    expect(page).toContain('</html>');
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object|<script|src=|url\(|https?:\/\/|<b>/);
    expect(page).toContain('class="f-band"');
    expect(page).toContain(language === 'en' ? 'the whole' : 'ทั้งหมด');
    expect(page).toContain(result.looks[0]!.period.label);
  });

  test('the figures, the looks as rows, and a printed page', () => {
    const { json, rows, printed } = forecastDocument(result, (_kind, id) => id);
    expect(json).toMatchObject({ model: 'forecast', judgement: { looks: 7 } });
    expect(JSON.stringify(json)).not.toMatch(/"(calls|groupCalls)"/);
    expect(json).toMatchObject({ judgement: { groups: [{ kind: 'adjustment', by: 'all', looks: 7 }] } });
    expect(rows().map(({ id }) => id)).toEqual(result.looks.map(({ period }) => period.label));
    expect(printed()).toContain('commit + half of best case');
  });

  test('months likewise: each look is of its month, by the same model, and the report speaks of months', async () => {
    const store = { get: (until: Instant) => trained.get(until), put: () => expect.fail('trained again') };
    const options = { known, profile, seed: 5, draws: 100, everyDays: 42, retrainDays: 3000, kept: store, from, of: 'month' as const }; // biome-ignore format: a row
    const months = await backtestForecast(source, { ...options, lookAt: ledgerOf(source, nobody, known, undefined, 'month') }); // biome-ignore format: one call
    const { calendar } = source.company;
    expect(months.looks.length).toBeGreaterThanOrEqual(7);
    for (const [i, look] of months.looks.entries()) {
      expect(look.period).toEqual(calendar.period(calendar.date(look.at).slice(0, 7)));
      expect(look.weeksLeft).toBeLessThanOrEqual(5);
      const quarter = result.looks[i];
      if (!quarter) continue;
      // A month lies in its quarter: less was and will be booked in it.
      expect(look.bookedMinor).toBeLessThanOrEqual(quarter.bookedMinor);
      expect(look.actualMinor).toBeLessThanOrEqual(quarter.actualMinor);
      expect(look.said.foresell!).toBeLessThan(quarter.said.foresell!);
    }
    const document = forecastDocument(months, (_kind, id) => id);
    expect(document.printed()).not.toMatch(/quarter/i);
    expect(document.html('th')).not.toContain('ไตรมาส');
    expect(document.html('th')).toContain('เดือน');
  }, 60_000);

  test('people and model together: said in both languages, and why it is not used', () => {
    const { printed, html } = forecastDocument(result, (_kind, id) => id);
    expect(printed()).toContain('not used: people spoke at');
    expect(html('th')).toContain('ไม่ใช้');
  });

  test('a quarter that is not over cannot be judged', async () => {
    const ask = (range: object) => backtestForecast(source, { known, profile, seed: 1, everyDays: 28, retrainDays: 84, lookAt: () => expect.fail(), ...range }); // biome-ignore format: one call
    await expect(ask({ from: known - DAY })).rejects.toMatchObject({ code: 'backtest-too-late', message: expect.stringContaining('its quarter to be over') }); // biome-ignore format: one check
  });
});

describe('the plan', () => {
  const ask = { everyDays: 28, retrainDays: 84 };
  test('by default the last 52 weeks less the horizon; retrained where a model would be older than that', () => {
    const plan = planBacktest(source, subjects.deal, known, ask);
    expect(known - plan.origins[0]!.at).toBeGreaterThanOrEqual(364 * DAY);
    expect(known - plan.origins[0]!.at).toBeLessThan(366 * DAY);
    expect(plan.origins.at(-1)!.at).toBeLessThanOrEqual(known - 91 * DAY);
    for (const { at, trainedUntil } of plan.origins) {
      expect(at - trainedUntil).toBeGreaterThanOrEqual(0);
      expect(at - trainedUntil).toBeLessThan(84 * DAY);
    }
  });
  test('looks that nothing can judge yet are left out, and said so', () => {
    const plan = planBacktest(source, subjects.deal, known, { ...ask, from: known - 120 * DAY, to: known });
    expect(plan.origins.length).toBe(2);
    expect(plan.notes.join()).toContain('91 days have not passed');
  });
  test('leaves a grace after the horizon of customers', () => {
    const { settleDays, horizonDays } = planBacktest(source, subjects.churn, known, ask);
    expect({ settleDays, horizonDays }).toEqual({ settleDays: 30, horizonDays: 180 });
  });
  test.each([
    ['before the first data', { from: sim.clock.start - 400 * DAY }, 'backtest-too-early'],
    ['too late to judge', { from: known - 10 * DAY }, 'backtest-too-late'],
    ['the wrong way round', { from: known - 200 * DAY, to: known - 250 * DAY }, 'backtest-range'],
  ])('%s: refused with the range that is possible', (_what, range, code) => {
    expect(() => planBacktest(source, subjects.deal, known, { ...ask, ...range })).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(/possible: --from \d{4}-\d\d-\d\d --to \d{4}-/) }),
    );
  });
  test('nothing ended yet: refused, with what is needed', () => {
    expect(() => planBacktest(source, subjects.deal, sim.clock.start, ask)).toThrow(
      expect.objectContaining({ code: 'backtest-no-outcomes', message: expect.stringContaining(subjects.deal.needs) }),
    );
  });
});

describe('rivals', () => {
  const rival = (percentage: boolean): Rival => ({
    name: 'rep',
    label: '',
    says: '',
    percentage,
    cell: () => undefined,
  });
  const past = (n: number, event: (i: number) => number): PastLooks => ({
    looks: Array.from({ length: n }, (_, i) => ({ id: `${i}`, asOf: 0 })),
    ever: Float64Array.from({ length: n }, (_, i) => event(i)),
    within: Float64Array.from({ length: n }, (_, i) => event(i)),
  });

  test('of a word, the share of the past drawn to all by 20 rows; unknown words are the share of all', () => {
    const say = learnRival(rival(false), past(100, (i) => Number(i < 30)), Array.from({ length: 100 }, (_, i) => (i < 40 ? 'commit' : 'pipeline'))); // biome-ignore format: one call
    const all = 31 / 104;
    expect(say('commit').ever).toBeCloseTo((30 + 20 * all) / 60, 12);
    expect(say('pipeline').within).toBeCloseTo((20 * all) / 80, 12);
    expect(say('never heard').ever).toBeCloseTo(all, 12);
  });
  test('of a score, the law of what such values had come to: rising, whatever its scale', () => {
    const score = (i: number) => i * 7 - 300;
    const say = learnRival(rival(false), past(200, (i) => Number(i % 200 > 60 + ((i * 37) % 80))), Array.from({ length: 200 }, (_, i) => score(i))); // biome-ignore format: one call
    expect(say(score(20)).ever).toBeLessThan(say(score(100)).ever);
    expect(say(score(100)).ever).toBeLessThan(say(score(180)).ever);
  });
  test('a percentage keeps its word for "ever", held within 1 and 99 %', () => {
    const say = learnRival(
      rival(true),
      past(100, (i) => Number(i % 2)),
      Array.from({ length: 100 }, () => 60),
    );
    expect(say(60).ever).toBe(0.6);
    expect(say(100).ever).toBe(0.99);
  });
  test('"within" is learned only from looks older than the horizon', () => {
    const at = known - 100 * DAY;
    const { looks, within, ever } = pastLooks(source, subjects.deal, at, 91, 0);
    for (const [i, { asOf }] of looks.entries()) expect(Number.isNaN(within[i]!)).toBe(asOf > at - 91 * DAY);
    expect(ever.some((v) => Number.isNaN(v))).toBe(true);
    expect(Math.max(...looks.map(({ asOf }) => asOf))).toBeLessThan(at);
  });
  test('a column is read as known then; text that is a number is one; of a deal also its account\u2019s', () => {
    const past = (of: string, value: unknown, account?: unknown) => ({ of, value: () => value, account: { of: 'account', value: () => account } }) as unknown as Parameters<Rival['cell']>[0]; // biome-ignore format: one object
    const score = columnReader('deal.score', subjects.deal, '--incumbent');
    expect(['72.5', 'A', 3, undefined, ' '].map((value) => score(past('deal', value)))).toEqual([72.5, 'A', 3, undefined, ' ']); // biome-ignore format: one check
    expect(columnReader('account.health', subjects.deal, '--incumbent')(past('deal', 1, '9'))).toBe(9);
    expect(() => columnReader('deal.score', subjects.churn, '--incumbent')).toThrow(/account\.COLUMN/);
  });
  test('a column that nobody knew then is refused with those that have history', () => {
    const ask = (columns: { incumbent?: string; rep?: string }) => () => rivalsOf(source, subjects.deal, [known - 100 * DAY], undefined, columns); // biome-ignore format: one call
    expect(ask({ incumbent: 'deal.einstein' })).toThrow(
      expect.objectContaining({
        code: 'backtest-no-history',
        message: expect.stringContaining('deal.forecast_category'),
      }),
    );
    expect(ask({ incumbent: 'einstein' })).toThrow(expect.objectContaining({ code: 'column-unknown' }));
    expect(ask({ incumbent: 'deal.amount', rep: 'deal.stage' })().map(({ name }) => name)).toEqual(['rep', 'incumbent', 'baseRate']); // biome-ignore format: one check
  });
});
