import { describe, expect, it } from 'vitest';
import { random } from '../../../src/random.ts';
import { signFlip } from '../../../src/stats/signFlip.ts';

const each = (n: number) => Array.from({ length: n }, (_, i) => `g${i}`);

describe('differences whose sign might be the other', () => {
  it('is the share of ways that reach the sum, gone through by hand', () => {
    // 3 + 2 - 1 = 4; ways: 6, 4, 2, 0, 0, -2, -4, -6.
    expect(signFlip([3, 2, -1], each(3))).toBe(2 / 8);
    expect(signFlip([1, 1, 1, 1, 1, 1], each(6))).toBe(1 / 64);
    expect(signFlip([0, 0], each(2))).toBe(1);
    expect(signFlip([], [])).toBe(1);
  });

  it('takes rows of one group as one', () => {
    expect(signFlip([3, 2, -1], ['a', 'a', 'a'])).toBe(1 / 2);
    expect(signFlip(new Array(30).fill(1), new Array(30).fill('a'))).toBe(1 / 2);
  });

  it('of many groups draws ways, and comes to the same', () => {
    const differences = Array.from({ length: 12 }, (_, i) => Math.sin(i * i) + 0.4);
    const exact = signFlip(differences, each(12));
    // A thirteenth of no weight makes it draw.
    expect(Math.abs(signFlip([...differences, 0], each(13)) - exact)).toBeLessThan(0.01);
  });

  it('names nothing more often than it says', () => {
    const stream = random(5);
    let named = 0;
    for (let k = 0; k < 500; k++) {
      const differences = Array.from({ length: 10 }, () => stream.normal());
      if (signFlip(differences, each(10)) <= 0.05) named++;
    }
    expect(named / 500).toBeLessThan(0.08);
  });
});
