/** Numbers in a block; what asks for more than an eighth of it gets memory of its own. */
const BLOCK = 4096;

let block = new Float64Array(0);
let taken = 0;

/**
 * So many numbers, all 0. Few of them come from a block that those before and after share: V8 keeps arrays of more than 64 bytes outside its heap, where
 * they cost more to get and to collect than to fill. A block goes when all that was taken from it has gone.
 */
export function float64(length: number): Float64Array {
  if (length > BLOCK / 8) return new Float64Array(length);
  if (taken + length > block.length) {
    block = new Float64Array(BLOCK);
    taken = 0;
  }
  const at = taken;
  taken += length;
  return new Float64Array(block.buffer, at * 8, length);
}
