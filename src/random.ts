import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A seeded stream of random numbers; the only source of randomness in the project. */
export interface Random {
  /** Uniform on [0, 1) with 32 bits. */
  uniform(): number;
  /** Standard normal (Box-Muller, both values used). */
  normal(): number;
  /** Uniform integer on [0, n). */
  below(n: number): number;
  /** A new, independent stream; `name` keeps streams apart whatever the order they are made in. */
  fork(name: string): Random;
}

/** FNV-1a, 32 bits: turns a name into a number. Not for security. */
export function hash32(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** The 32-bit finalizer of MurmurHash3: spreads near seeds (1, 2, 3) far apart. */
export function mix32(seed: number): number {
  let h = seed ^ 0x9e3779b9;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** A seeded stream: xoroshiro128+ (Blackman and Vigna 2018, by pure-rand). Same seed, same numbers on every machine. */
export function random(seed: number): Random {
  const generator = xoroshiro128plus(mix32(seed | 0));
  for (let i = 0; i < 4; i++) generator.next(); // its first values still resemble the seed
  let spare: number | undefined;
  const uniform = () => (generator.next() >>> 0) / 4294967296;
  const normal = () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  return {
    uniform,
    normal,
    below: (n) => Math.floor(uniform() * n),
    fork: (name) => random(mix32(seed | 0) ^ hash32(name)),
  };
}
