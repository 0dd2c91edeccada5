// What training the network does beside its products, for WebAssembly SIMD (AssemblyScript; `npm run kernel` compiles it into
// trunkWasm.ts). Widths are multiples of 8; every sum runs in one order, multiply then add.

/**
 * scale_m * W1 summed along each feature, for some units of one member: out[j] = (goes on from j - 1 ? out[j - 1] : 0) + scale[j] w1[j].
 * w1: [inputs] x stride bytes · out: one panel of the first layer's table, [inputs][32], from the lane on · units: multiple of 4
 */
export function stack(inputs: i32, scale: usize, w1: usize, stride: i32, goesOn: usize, units: i32, out: usize): void {
  const bytes = <usize>units << 2;
  for (let j = 0; j < inputs; j++) {
    const r = v128.load_splat<f32>(scale + (<usize>j << 2));
    const from = w1 + <usize>j * <usize>stride;
    const to = out + (<usize>j << 7);
    if (j > 0 && load<u8>(goesOn + j - 1)) {
      for (let l: usize = 0; l < bytes; l += 16) v128.store(to + l, f32x4.add(v128.load(to - 128 + l), f32x4.mul(r, v128.load(from + l))));
    } else {
      for (let l: usize = 0; l < bytes; l += 16) v128.store(to + l, f32x4.mul(r, v128.load(from + l)));
    }
  }
}

/**
 * From the slopes in those sums back to both factors: what an input adds to all sums from it on (in place), then
 * dW1[j] = sum_m scale_mj g_mj, dScale_mj = g_mj . w1[j].
 * g: [inputs][hidden] · w1, dW1: [inputs][width] · scale, dScale: [members][inputs]
 */
export function unstack(inputs: i32, members: i32, width: i32, hidden: i32, g: usize, w1: usize, scale: usize, goesOn: usize, dW1: usize, dScale: usize): void {
  const bytes = <usize>width << 2;
  const line = <usize>hidden << 2;
  for (let j = inputs - 1; j >= 0; j--) {
    const w = w1 + <usize>j * bytes, dw = dW1 + <usize>j * bytes;
    const on = load<u8>(goesOn + j);
    for (let l: usize = 0; l < bytes; l += 16) v128.store(dw + l, f32x4.splat(0));
    for (let m = 0; m < members; m++) {
      const from = g + <usize>j * line + <usize>m * bytes;
      const place = (<usize>m * <usize>inputs + <usize>j) << 2;
      const r = v128.load_splat<f32>(scale + place);
      let a = f32x4.splat(0), b = f32x4.splat(0);
      for (let l: usize = 0; l < bytes; l += 32) {
        let p = v128.load(from + l), q = v128.load(from + l, 16);
        if (on) {
          p = f32x4.add(p, v128.load(from + line + l));
          q = f32x4.add(q, v128.load(from + line + l, 16));
          v128.store(from + l, p);
          v128.store(from + l, q, 16);
        }
        a = f32x4.add(a, f32x4.mul(p, v128.load(w + l)));
        b = f32x4.add(b, f32x4.mul(q, v128.load(w + l, 16)));
        v128.store(dw + l, f32x4.add(v128.load(dw + l), f32x4.mul(r, p)));
        v128.store(dw + l, f32x4.add(v128.load(dw + l, 16), f32x4.mul(r, q)), 16);
      }
      a = f32x4.add(a, b);
      store<f32>(dScale + place, f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 1) + f32x4.extract_lane(a, 2) + f32x4.extract_lane(a, 3));
    }
  }
}

/** h *= mask where `above` is above 0, else 0; n a multiple of 4. */
export function times(h: usize, mask: usize, above: usize, n: i32): void {
  const zero = f32x4.splat(0);
  for (let i: usize = 0; i < <usize>n << 2; i += 16) v128.store(h + i, v128.and(f32x4.mul(v128.load(h + i), v128.load(mask + i)), f32x4.gt(v128.load(above + i), zero)));
}

/**
 * exp of |x| <= 87 (beyond: of 87), relative error below 3e-7: x = n ln 2 + r with |r| <= ln 2 / 2, e^r by its series to r^7.
 */
@inline function exp(x: v128): v128 {
  const held = f32x4.min(f32x4.max(x, f32x4.splat(-87)), f32x4.splat(87));
  const n = f32x4.nearest(f32x4.mul(held, f32x4.splat(1.44269504)));
  // ln 2 in two parts: the product of the first with a small whole number is exact.
  const r = f32x4.sub(f32x4.sub(held, f32x4.mul(n, f32x4.splat(0.693359375))), f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  let y = f32x4.splat(1.0 / 5040.0);
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(1.0 / 720.0));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(1.0 / 120.0));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(1.0 / 24.0));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(1.0 / 6.0));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(0.5));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(1));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(1));
  return f32x4.mul(y, i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23));
}

/** Natural logarithm of x > 0, to 1e-13: x = m 2^e with m around 1, log m = 2 atanh((m - 1) / (m + 1)) by its series to the 19th power. */
@inline function log(x: f64): f64 {
  let bits = reinterpret<i64>(x);
  let e = <i32>(bits >> 52) - 1023;
  bits = (bits & 0xfffffffffffff) | 0x3ff0000000000000;
  let m = reinterpret<f64>(bits);
  if (m > 1.4142135623730951) { m *= 0.5; e++; }
  const t = (m - 1) / (m + 1), u = t * t;
  let y: f64 = 2.0 / 19.0;
  y = y * u + 2.0 / 17.0;
  y = y * u + 2.0 / 15.0;
  y = y * u + 2.0 / 13.0;
  y = y * u + 2.0 / 11.0;
  y = y * u + 2.0 / 9.0;
  y = y * u + 2.0 / 7.0;
  y = y * u + 2.0 / 5.0;
  y = y * u + 2.0 / 3.0;
  y = y * u + 2;
  return x == x && x < Infinity ? t * y + <f64>e * 0.6931471805599453 : x;
}

/**
 * Logits of one row to the slopes of its loss, in place: (exposure_b e_bc / (1 + sum_c e_bc) - event_bc) each, and the loss
 * without `each`. z: [members][outputs], of which bins x causes count · shared, event: [bins][causes] · exposure: [bins]
 * To dShared ([outputs]) and dBias ([members][outputs]) the slopes are added.
 */
export function slopes(members: i32, bins: i32, causes: i32, outputs: i32, z: usize, shared: usize, exposure: usize, event: usize, each: f32, dShared: usize, dBias: usize): f64 {
  const own = bins * causes;
  let loss: f64 = 0;
  for (let m = 0; m < members; m++) {
    const cell = z + (<usize>(m * outputs) << 2);
    const bias = dBias + (<usize>(m * outputs) << 2);
    for (let o = 0; o < own; o++) {
      const told = load<f32>(event + (<usize>o << 2));
      if (told != 0) loss -= <f64>told * <f64>(load<f32>(cell + (<usize>o << 2)) + load<f32>(shared + (<usize>o << 2)));
    }
    for (let o: usize = 0; o < <usize>outputs << 2; o += 16) v128.store(cell + o, exp(f32x4.add(v128.load(cell + o), v128.load(shared + o))));
    let through: f64 = 1;
    for (let b = 0; b < bins; b++) {
      const seen = load<f32>(exposure + (<usize>b << 2));
      let total: f32 = 1;
      const first = <usize>(b * causes) << 2;
      const end = first + (<usize>causes << 2);
      for (let o = first; o < end; o += 4) total += load<f32>(cell + o);
      // One logarithm for many bins that were lived through whole.
      if (seen == 1) {
        through *= <f64>total;
        if (!(through < 1e250)) {
          loss += log(through);
          through = 1;
        }
      } else if (seen != 0) loss += <f64>seen * log(<f64>total);
      const share = seen / total;
      for (let o = first; o < end; o += 4) {
        const slope = (load<f32>(cell + o) * share - load<f32>(event + o)) * each;
        store<f32>(cell + o, slope);
        store<f32>(dShared + o, load<f32>(dShared + o) + slope);
        store<f32>(bias + o, load<f32>(bias + o) + slope);
      }
    }
    for (let o: usize = <usize>own << 2; o < <usize>outputs << 2; o += 4) store<f32>(cell + o, 0);
    loss += log(through);
  }
  return loss;
}
