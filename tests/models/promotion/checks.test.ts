import { describe, expect, it } from 'vitest';
import { checks, type Evidence } from '../../../models/promotion/checks.ts';
import { random } from '../../../src/random.ts';
import { logLossOf } from '../../../src/stats/logLoss.ts';

const ROWS = 3000;
const TRUE_SHARE = 0.4;

/** Two halves of rows of 300 accounts, won with one chance; what both say of them. */
function evidence(champion: (row: number) => number, challenger: (row: number) => number): Evidence {
  const draw = random(7);
  const index = Array.from({ length: ROWS }, (_, row) => row);
  const event = index.map(() => (draw.uniform() < TRUE_SHARE ? 1 : 0));
  const said = { champion: Float64Array.from(index, champion), challenger: Float64Array.from(index, challenger) };
  const loss = (p: Float64Array) => p.map((v, row) => logLossOf(event[row]!, v));
  return {
    groups: index.map((row) => `account ${row % 300}`),
    losses: { champion: loss(said.champion), challenger: loss(said.challenger) },
    asked: { rows: index, event, ...said },
    segments: [
      { name: 'half = a', rows: index.filter((row) => row < ROWS / 2) },
      { name: 'half = b', rows: index.filter((row) => row >= ROWS / 2) },
    ],
    championLowSkill: false,
    readsMore: false,
    leaks: () => [],
  };
}
const blurred = (around: number) => (row: number) => around + (row % 2 ? 0.3 : -0.3);
const segments = (of: Evidence) => checks(of).find(({ name }) => name === 'segments')!;

describe('the check of segments', () => {
  it('passes what is on level, however the champion was', () => {
    expect(segments(evidence(blurred(TRUE_SHARE), () => TRUE_SHARE)).passed).toBe(true);
  });

  it('refuses what is off in a segment beside the rest', () => {
    const { passed, says } = segments(evidence(blurred(TRUE_SHARE), (row) => (row < ROWS / 2 ? TRUE_SHARE - 0.12 : TRUE_SHARE))); // biome-ignore format: one call
    expect(passed).toBe(false);
    expect(says).toMatch(/in half = [ab] it says \d+ points too (little|much), beside the rest/);
  });

  it('refuses what the challenger itself pushed off, in whatever many segments', () => {
    const { passed, says } = segments(evidence(blurred(TRUE_SHARE), () => TRUE_SHARE + 0.12));
    expect(passed).toBe(false);
    expect(says).toMatch(/in half = a it says \d+ points too much; in half = b/);
  });

  it('does not hold against the challenger what both are off by, everywhere: the level of late', () => {
    expect(segments(evidence(blurred(TRUE_SHARE + 0.12), () => TRUE_SHARE + 0.12)).passed).toBe(true);
    expect(segments(evidence(blurred(TRUE_SHARE + 0.12), () => TRUE_SHARE + 0.1)).passed).toBe(true);
  });
});
