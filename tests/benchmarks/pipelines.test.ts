import { describe, expect, it } from 'vitest';
import { told } from '../../benchmarks/quality/pipelines.ts';
import type { LedgerLook } from '../../models/forecast/ledger.ts';
import { DAY } from '../../src/time.ts';

const look = (at: number, actualMinor: number): LedgerLook => ({
  ...{
    at: at * DAY,
    period: { from: 0, to: 30 * DAY, label: '1970-01' },
    weeksLeft: 4,
    version: 'v',
    hindsight: false,
  },
  ...{ bookedMinor: 10_000_000, said: { foresell: 100_000_000, usual: 120_000_000, stageRate: 0, categories: null } },
  ...{ p10Minor: 80_000_000, p50Minor: 99_000_000, p90Minor: 130_000_000, actualMinor },
  ...{ voices: { foresell: 100_000_000, reps: null, manager: null }, calls: [], groupCalls: [] },
});

describe('a pipeline as a table', () => {
  it('says of each look what was said and came, and how often the band held', () => {
    const { figures, lines, rows } = told('x by month', [look(1, 90_000_000), look(8, 150_000_000)], 'USD');
    expect(figures).toMatchObject({ 'x by month: looks': 2, 'x by month: periods': 1, 'x by month: coverage 80': 0.5 });
    expect(figures['x by month: error foresell']).toBeCloseTo(60 / 240, 12);
    expect(figures).not.toHaveProperty('x by month: error categories'); // nobody records any
    expect(lines[0]).toBe('x by month 1970-01-02 1970-01: booked 0.100, said 1.000 (0.800 to 1.300), same stage and week 1.200, came 0.900 M USD'); // biome-ignore format: one check
    expect(lines[1]).toContain('(outside)');
    expect(rows).toHaveLength(2);
  });
});
