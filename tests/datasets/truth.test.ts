import { describe, expect, it } from 'vitest';
import { HAZARD } from '../../datasets/synthetic/constants.ts';
import { openAt, simulate, trueLaw, trueSnapshot, truthFiles, winDays, wonBy } from '../../datasets/synthetic.ts';

const calm = simulate({ deals: 300, seed: 21 });

describe('the true law', () => {
  it('adds up and is monotone', () => {
    for (const deal of openAt(calm, 100)) {
      const law = trueLaw(calm, deal.index, 100, 8)!;
      for (let h = 0; h < law.won.length; h++) {
        expect(law.won[h]! + law.lost[h]! + law.open[h]!).toBeCloseTo(1, 9);
        if (h === 0) continue;
        expect(law.won[h]).toBeGreaterThanOrEqual(law.won[h - 1]!);
        expect(law.lost[h]).toBeGreaterThanOrEqual(law.lost[h - 1]!);
      }
      expect(law.wonEver).toBeGreaterThanOrEqual(law.won.at(-1)! - 1e-12);
      expect(law.wonEver).toBeLessThanOrEqual(1);
      expect(winDays(law, 0.1)).toBeLessThanOrEqual(winDays(law, 0.5));
      expect(winDays(law, 0.5)).toBeLessThanOrEqual(winDays(law, 0.9));
    }
  });

  it('is the closed form where the hazards are constant, for every deal alike', () => {
    const sim = simulate({ deals: 200, seed: 22, scenario: 'null' });
    const { won, lost } = HAZARD.null;
    for (const deal of sim.paths) {
      expect(new Set(deal.won).size).toBeLessThanOrEqual(1);
      expect(new Set(deal.lost).size).toBeLessThanOrEqual(1);
    }
    const deal = openAt(sim, 120)[0]!;
    const law = trueLaw(sim, deal.index, 120, 2)!;
    for (const h of [1, 13, 52]) {
      expect(law.won[h]).toBeCloseTo((won / (won + lost)) * (1 - (1 - won - lost) ** h), 12);
    }
    expect(law.wonEver).toBeCloseTo(won / (won + lost), 9);
    expect(law.se13).toBeCloseTo(0, 9);
  });

  it('is what came to pass, on average over companies', () => {
    let expected = 0;
    let variance = 0;
    let came = 0;
    let deals = 0;
    for (let seed = 31; seed <= 36; seed++) {
      const sim = simulate({ deals: 400, seed });
      for (const week of [40, 75, 110]) {
        for (const deal of openAt(sim, week)) {
          const p = trueLaw(sim, deal.index, week, 12)!.won[13]!;
          expected += p;
          variance += p * (1 - p);
          deals++;
          if (deal.outcome === 'won' && deal.states.length - (week - deal.week - 1) <= 13) came++;
        }
      }
    }
    expect(deals).toBeGreaterThan(500);
    // Four standard deviations, widened by half for what deals of one week share.
    expect(Math.abs(came - expected)).toBeLessThan(6 * Math.sqrt(variance));
  });

  it('of a snapshot along shared economies averages to that of each deal', () => {
    const by = calm.clock.calendar.quarter(calm.clock.at(120)).to;
    const snapshot = trueSnapshot(calm, 120, by, 200);
    snapshot.deals.slice(0, 10).forEach((deal, d) => {
      let mean = 0;
      for (let p = 0; p < 200; p++) mean += snapshot.won[d * 200 + p]! / 200;
      const law = trueLaw(calm, deal.index, 120, 200)!;
      expect(Math.abs(mean - wonBy(calm, law, 120, by))).toBeLessThan(0.05);
    });
  });

  it('knows no law of a deal that is not open', () => {
    const closed = calm.paths.find((deal) => deal.outcome !== null)!;
    expect(trueLaw(calm, closed.index, closed.week + closed.states.length + 1, 2)).toBeUndefined();
    expect(trueLaw(calm, closed.index, closed.week, 2)).toBeUndefined();
  });

  it('is written for every deal and week, with the price response of those open', () => {
    const files = new Map([...truthFiles(calm, 2)].map((file) => [file.name, file]));
    expect([...files.keys()].sort()).toEqual([
      'truth/churn.csv',
      'truth/contracts.csv',
      'truth/deals.csv',
      'truth/economy.csv',
      'truth/hazards.csv',
      'truth/lead_hazards.csv',
      'truth/leads.csv',
      'truth/price.csv',
    ]);
    expect(files.get('truth/hazards.csv')!.rows).toBe(calm.paths.reduce((sum, deal) => sum + deal.states.length, 0));
    expect(files.get('truth/price.csv')!.rows).toBe(5 * openAt(calm, calm.clock.weeks).length);
  });
});
