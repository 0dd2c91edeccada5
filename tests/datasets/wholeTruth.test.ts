import { describe, expect, it } from 'vitest';
import { CONTRACT, LEAD } from '../../datasets/synthetic/constants.ts';
import {
  contractsAt,
  leadsOpenAt,
  simulate,
  trueChurnSnapshot,
  trueContractLaw,
  trueLeadLaw,
  trueLeadSnapshot,
  trueRetailSnapshot,
} from '../../datasets/synthetic.ts';
import { auc } from '../../src/stats/auc.ts';

const WEEKS = 13;
/** Weeks of looks so far apart that their windows do not overlap. */
const LOOKS = [30, 44, 58, 72, 86, 100, 114, 128, 142];

interface Row {
  readonly p: number;
  readonly came: boolean;
}
/** Whether what was said came to pass: in all, and within the lower and the upper half of what was said. */
function expectCalibrated(rows: readonly Row[]): void {
  const sorted = [...rows].sort((a, b) => a.p - b.p);
  const half = Math.floor(sorted.length / 2);
  for (const part of [sorted, sorted.slice(0, half), sorted.slice(half)]) {
    const said = part.reduce((sum, { p }) => sum + p, 0);
    const variance = part.reduce((sum, { p }) => sum + p * (1 - p), 0);
    const came = part.filter((row) => row.came).length;
    // Four standard deviations, widened for the economy that rows of one week share.
    expect(Math.abs(said - came)).toBeLessThan(5 * Math.sqrt(variance));
  }
}
const aucOf = (rows: readonly Row[]) =>
  auc(
    rows.map(({ came }) => Number(came)),
    rows.map(({ p }) => p),
  );

const calm = simulate({ deals: 1500, seed: 41 });

describe('the truth of leads', () => {
  const rows = LOOKS.flatMap((week) => {
    const { leads, converted } = trueLeadSnapshot(calm, week, calm.clock.at(week + WEEKS), 12);
    return leads.map((lead, i): Row => ({ p: converted[i]!, came: lead.outcome === 'converted' && lead.week + lead.states.length < week + WEEKS })); // biome-ignore format: a row
  });

  it('is what came to pass, and tells leads apart as intended', () => {
    expect(rows.length).toBeGreaterThan(600);
    expectCalibrated(rows);
    expect(aucOf(rows)).toBeGreaterThan(0.72);
    expect(aucOf(rows)).toBeLessThan(0.86);
  });

  it('adds up and is monotone', () => {
    for (const lead of leadsOpenAt(calm, 80)) {
      const law = trueLeadLaw(calm, lead, 80, 4)!;
      for (let h = 1; h < law.converted.length; h++) {
        expect(law.converted[h]).toBeGreaterThanOrEqual(law.converted[h - 1]!);
        expect(law.converted[h]! + law.disqualified[h]!).toBeLessThanOrEqual(1 + 1e-9);
      }
      expect(law.convertedEver).toBeGreaterThanOrEqual(law.converted.at(-1)! - 1e-9);
    }
  });

  it('is the closed form where the hazards are constant', () => {
    const sim = simulate({ deals: 60, seed: 42, scenario: 'null' });
    const { converted, disqualified } = LEAD.null;
    const lead = leadsOpenAt(sim, 90)[0]!;
    const law = trueLeadLaw(sim, lead, 90, 2)!;
    const all = converted + disqualified;
    expect(law.converted[13]).toBeCloseTo((converted / all) * (1 - (1 - all) ** 13), 12);
    expect(law.convertedEver).toBeCloseTo(converted / all, 2);
  });
});

describe('the truth of contracts', () => {
  const rows = LOOKS.flatMap((week) => {
    const { contracts, gone } = trueChurnSnapshot(calm, week, calm.clock.at(week + WEEKS), 12);
    return contracts.map((path, i): Row => ({ p: gone[i]!, came: path.leftWeek !== null && path.leftWeek < week + WEEKS })); // biome-ignore format: a row
  });

  it('is what came to pass, and tells customers apart as intended', () => {
    expect(rows.length).toBeGreaterThan(900);
    expectCalibrated(rows);
    expect(aucOf(rows)).toBeGreaterThan(0.68);
    expect(aucOf(rows)).toBeLessThan(0.86);
  });

  it('of what is first, left or reduced, is what came to pass too', () => {
    const first: Row[] = [];
    for (const week of LOOKS) {
      const { contracts, left, reduced } = trueChurnSnapshot(calm, week, calm.clock.at(week + WEEKS), 12);
      contracts.forEach((path, i) => {
        const cut = path.terms.find((term) => term.kept < 1 && term.start > week && term.start <= week + WEEKS);
        first.push({ p: reduced[i]!, came: cut !== undefined });
        expect(left[i]! + reduced[i]!).toBeLessThanOrEqual(1 + 1e-9);
      });
    }
    expectCalibrated(first);
  });

  it('is the closed form where the hazards are constant', () => {
    const sim = simulate({ deals: 60, seed: 42, scenario: 'null' });
    const law = trueContractLaw(sim, contractsAt(sim, 90)[0]!, 90, 2)!;
    expect(law.gone[26]).toBeCloseTo(1 - (1 - CONTRACT.null.leave) ** 26, 12);
  });
});

describe('the truth of customers without contract', () => {
  it('is what came to pass, and sums to the orders that came', () => {
    const sim = simulate({ deals: 1500, seed: 43, scenario: 'retail' });
    const byId = new Map(sim.customers.map((path) => [path.account.id, path]));
    const rows: Row[] = [];
    let said = 0;
    let came = 0;
    for (const week of [45, 75, 105, 130]) {
      for (const truth of trueRetailSnapshot(sim, week)) {
        const ahead = byId.get(truth.account)!.orders.filter((t) => t >= week && t < week + 180 / 7).length;
        rows.push({ p: truth.noOrder, came: ahead === 0 });
        said += truth.expectedOrders;
        came += ahead;
      }
    }
    expectCalibrated(rows);
    expect(Math.abs(came / said - 1)).toBeLessThan(0.05);
  });
});
