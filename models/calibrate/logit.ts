/** ln(p / (1 - p)), with p held within [1e-12, 1 - 1e-12] so that it stays finite. */
export function logit(p: number): number {
  const held = Math.min(1 - 1e-12, Math.max(1e-12, p));
  return Math.log(held) - Math.log1p(-held);
}

/** 1 / (1 + e^-z), in (0, 1). */
export const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
