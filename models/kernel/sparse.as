// Sparse rows times effects, and back, for WebAssembly SIMD (AssemblyScript; `npm run kernel` compiles it into sparseWasm.ts).
// Two terms of an effect to a vector. Every sum runs in the order of the plain loops (`effects.ts`), multiply then add: the bits are theirs.
//
// start: i32, rows + 1 · column: u16 and value: f32 by entry · w, gradient: f64, `stride` bytes an input · score: f64, `stride` bytes a row

/** score[row] = offset + sum of value * w[column] over the row's entries; four terms. */
export function scores4(rows: i32, start: usize, column: usize, value: usize, w: usize, offset: usize, score: usize, stride: usize): void {
  const o0 = v128.load(offset), o1 = v128.load(offset, 16);
  let e = <usize>load<i32>(start);
  for (let r = 0; r < rows; r++) {
    let a0 = o0, a1 = o1;
    const end = <usize>load<i32>(start + (<usize>r << 2), 4);
    for (; e < end; e++) {
      const at = w + <usize>load<u16>(column + (e << 1)) * stride;
      const v = f64x2.splat(<f64>load<f32>(value + (e << 2)));
      a0 = f64x2.add(a0, f64x2.mul(v, v128.load(at)));
      a1 = f64x2.add(a1, f64x2.mul(v, v128.load(at, 16)));
    }
    const to = score + <usize>r * stride;
    v128.store(to, a0);
    v128.store(to, a1, 16);
  }
}

/** The same of two terms. */
export function scores2(rows: i32, start: usize, column: usize, value: usize, w: usize, offset: usize, score: usize, stride: usize): void {
  const o0 = v128.load(offset);
  let e = <usize>load<i32>(start);
  for (let r = 0; r < rows; r++) {
    let a0 = o0;
    const end = <usize>load<i32>(start + (<usize>r << 2), 4);
    for (; e < end; e++) {
      const v = f64x2.splat(<f64>load<f32>(value + (e << 2)));
      a0 = f64x2.add(a0, f64x2.mul(v, v128.load(w + <usize>load<u16>(column + (e << 1)) * stride)));
    }
    v128.store(score + <usize>r * stride, a0);
  }
}

/** gradient[column] += value * score[row] over all entries, row by row; four terms. */
export function scatter4(rows: i32, start: usize, column: usize, value: usize, score: usize, gradient: usize, stride: usize): void {
  let e = <usize>load<i32>(start);
  for (let r = 0; r < rows; r++) {
    const from = score + <usize>r * stride;
    const s0 = v128.load(from), s1 = v128.load(from, 16);
    const end = <usize>load<i32>(start + (<usize>r << 2), 4);
    for (; e < end; e++) {
      const at = gradient + <usize>load<u16>(column + (e << 1)) * stride;
      const v = f64x2.splat(<f64>load<f32>(value + (e << 2)));
      v128.store(at, f64x2.add(v128.load(at), f64x2.mul(v, s0)));
      v128.store(at, f64x2.add(v128.load(at, 16), f64x2.mul(v, s1)), 16);
    }
  }
}

/** The same of two terms. */
export function scatter2(rows: i32, start: usize, column: usize, value: usize, score: usize, gradient: usize, stride: usize): void {
  let e = <usize>load<i32>(start);
  for (let r = 0; r < rows; r++) {
    const s0 = v128.load(score + <usize>r * stride);
    const end = <usize>load<i32>(start + (<usize>r << 2), 4);
    for (; e < end; e++) {
      const at = gradient + <usize>load<u16>(column + (e << 1)) * stride;
      const v = f64x2.splat(<f64>load<f32>(value + (e << 2)));
      v128.store(at, f64x2.add(v128.load(at), f64x2.mul(v, s0)));
    }
  }
}
