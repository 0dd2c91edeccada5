import { describe, expect, it } from 'vitest';
import { random } from '../../../src/random.ts';
import { ece } from '../../../src/stats/ece.ts';
import { eceDebiased, ecePerfect } from '../../../src/stats/eceDebiased.ts';
import { normalQuantile } from '../../../src/stats/normal.ts';

const mean = (values: readonly number[]) => values.reduce((s, v) => s + v, 0) / values.length;

/** Rows with probabilities spread over (0, 1) whose events happen `shift` more often than said. */
function drawn(rows: number, shift: number, seed: number): { p: Float64Array; event: Uint8Array } {
  const stream = random(seed);
  const p = Float64Array.from({ length: rows }, () => 0.1 + 0.7 * stream.uniform());
  return { p, event: Uint8Array.from(p, (v) => (stream.uniform() < v + shift ? 1 : 0)) };
}

describe('calibration error without what chance adds', () => {
  it('says of perfect probabilities what the plain figure shows of them, on average', () => {
    const worlds = Array.from({ length: 200 }, (_, seed) => drawn(500, 0, seed + 1));
    const plain = mean(worlds.map(({ p, event }) => ece(event, p, 'width')));
    const told = mean(worlds.map(({ p }) => ecePerfect(p, 'width')));
    expect(plain).toBeGreaterThan(0.03);
    expect(Math.abs(told / plain - 1)).toBeLessThan(0.05);
  });

  it('takes a good third of that off, and leaves a true gap as it is', () => {
    const perfect = Array.from({ length: 100 }, (_, seed) => drawn(500, 0, seed + 1));
    const plain = mean(perfect.map(({ p, event }) => ece(event, p, 'width')));
    expect(mean(perfect.map(({ p, event }) => eceDebiased(event, p, 'width')))).toBeLessThan(0.67 * plain);
    const off = Array.from({ length: 50 }, (_, seed) => drawn(4000, 0.1, seed + 1));
    const left = mean(off.map(({ p, event }) => eceDebiased(event, p, 'width')));
    expect(left).toBeGreaterThan(0.095);
    expect(left).toBeLessThan(0.105);
  });

  it('is by hand what its formula says', () => {
    // One bin, four rows, said .15, one of four happened: gap .1.
    const p = [0.15, 0.15, 0.15, 0.15];
    const event = [1, 0, 0, 0];
    const sd = Math.sqrt((0.25 * 0.75) / 4);
    const points = Array.from({ length: 100_000 }, (_, i) => normalQuantile((i + 0.5) / 100_000));
    const redrawn = mean(points.map((z) => Math.abs(0.1 + sd * z)));
    expect(eceDebiased(event, p, 'width')).toBeCloseTo(Math.max(0, 2 * 0.1 - redrawn), 3);
    expect(ecePerfect(p, 'width')).toBeCloseTo(Math.sqrt((0.15 * 0.85) / 4) * Math.sqrt(2 / Math.PI), 12);
  });

  it('is nothing without rows, and where certainties came true', () => {
    expect(ecePerfect([], 'width')).toBe(0);
    expect(eceDebiased([0, 1], [0, 1], 'width')).toBe(0);
    expect(ecePerfect([0, 1], 'mass')).toBe(0);
  });
});
