import { describe, expect, it } from 'vitest';
import { present, type Removed, summary, withoutColumns } from '../../benchmarks/quality/families.ts';
import type { Frame, FrameColumn } from '../../src/frame.ts';

const column = (...values: number[]): FrameColumn => ({ type: 'number', values: Float64Array.from(values) });
const frame: Frame = {
  ids: ['a', 'b'],
  asOf: new Float64Array(2),
  columns: new Map([
    ['deal_age_days', column(1, 2)],
    ['owner_win_ratio', column(0.2, 0.3)],
    ['ours_alone', column(1, 1)],
  ]),
};

describe('families of a frame', () => {
  it('names those with a column, and only the columns that are there', () => {
    expect([...present(frame)].map(([name, columns]) => [name, [...columns]])).toEqual([
      ['history', ['deal_age_days']],
      ['owner', ['owner_win_ratio']],
    ]);
  });

  it('takes columns out and leaves the rest as it was', () => {
    const left = withoutColumns(frame, new Set(['deal_age_days']));
    expect([...left.columns.keys()]).toEqual(['owner_win_ratio', 'ours_alone']);
    expect(frame.columns.size).toBe(3);
  });
});

it('pools worlds by family and asks only that removing everything is worse', () => {
  const of = (without: string, added: number): Removed => ({
    without,
    with: Float64Array.of(0.5, 0.7),
    loss: Float64Array.of(0.5 + added, 0.7 + added),
    groups: ['x', 'y'],
  });
  const { figures, accept, lines } = summary(new Map([['deal', [of('history', 0.1), of('everything', 0.3), of('history', 0.3)]]]), []); // biome-ignore format: one call
  expect(figures['deal without history']).toBeCloseTo(0.2, 12);
  expect(accept).toHaveLength(1);
  expect(accept[0]!.value).toBeCloseTo(0.3, 12);
  expect(lines[1]).toContain('everything');
});
