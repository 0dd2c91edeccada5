// The hot loops of scoring for WebAssembly SIMD (AssemblyScript; `npm run kernel` compiles it into fusedWasm.ts).
// Every sum runs in one order whatever the tile, multiply then add, so a row's bits never depend on its neighbours.

@inline const LANES: usize = 16; // bytes of a vector

/**
 * First layer on knots: out[row] = floor(base + sum of share * table row over the row's entries), 32 columns at a time, one entry
 * after the other, two a turn of the loop (a twentieth less time).
 * table: [columns / 32][knots][32] · start: rows + 1 · entries: knot number and share
 */
export function firstLayer(rows: i32, start: usize, knot: usize, share: usize, table: usize, knots: i32, base: usize, columns: i32, out: usize, floor: f32): void {
  const least = f32x4.splat(floor);
  for (let c = 0; c < columns; c += 32) {
    const panel = table + ((<usize>c * <usize>knots) << 2);
    const from = base + (<usize>c << 2);
    for (let r = 0; r < rows; r++) {
      let a0 = v128.load(from, 0), a1 = v128.load(from, 16), a2 = v128.load(from, 32), a3 = v128.load(from, 48);
      let a4 = v128.load(from, 64), a5 = v128.load(from, 80), a6 = v128.load(from, 96), a7 = v128.load(from, 112);
      const end = load<i32>(start + (<usize>r << 2), 4);
      let e = load<i32>(start + (<usize>r << 2));
      let own = knot + (<usize>e << 2), part = share + (<usize>e << 2);
      for (; e + 1 < end; e += 2, own += 8, part += 8) {
        const at = panel + (<usize>load<i32>(own) << 7);
        const s = v128.load_splat<f32>(part);
        a0 = f32x4.add(a0, f32x4.mul(s, v128.load(at, 0)));
        a1 = f32x4.add(a1, f32x4.mul(s, v128.load(at, 16)));
        a2 = f32x4.add(a2, f32x4.mul(s, v128.load(at, 32)));
        a3 = f32x4.add(a3, f32x4.mul(s, v128.load(at, 48)));
        a4 = f32x4.add(a4, f32x4.mul(s, v128.load(at, 64)));
        a5 = f32x4.add(a5, f32x4.mul(s, v128.load(at, 80)));
        a6 = f32x4.add(a6, f32x4.mul(s, v128.load(at, 96)));
        a7 = f32x4.add(a7, f32x4.mul(s, v128.load(at, 112)));
        const next = panel + (<usize>load<i32>(own, 4) << 7);
        const t = v128.load_splat<f32>(part, 4);
        a0 = f32x4.add(a0, f32x4.mul(t, v128.load(next, 0)));
        a1 = f32x4.add(a1, f32x4.mul(t, v128.load(next, 16)));
        a2 = f32x4.add(a2, f32x4.mul(t, v128.load(next, 32)));
        a3 = f32x4.add(a3, f32x4.mul(t, v128.load(next, 48)));
        a4 = f32x4.add(a4, f32x4.mul(t, v128.load(next, 64)));
        a5 = f32x4.add(a5, f32x4.mul(t, v128.load(next, 80)));
        a6 = f32x4.add(a6, f32x4.mul(t, v128.load(next, 96)));
        a7 = f32x4.add(a7, f32x4.mul(t, v128.load(next, 112)));
      }
      if (e < end) {
        const at = panel + (<usize>load<i32>(own) << 7);
        const s = v128.load_splat<f32>(part);
        a0 = f32x4.add(a0, f32x4.mul(s, v128.load(at, 0)));
        a1 = f32x4.add(a1, f32x4.mul(s, v128.load(at, 16)));
        a2 = f32x4.add(a2, f32x4.mul(s, v128.load(at, 32)));
        a3 = f32x4.add(a3, f32x4.mul(s, v128.load(at, 48)));
        a4 = f32x4.add(a4, f32x4.mul(s, v128.load(at, 64)));
        a5 = f32x4.add(a5, f32x4.mul(s, v128.load(at, 80)));
        a6 = f32x4.add(a6, f32x4.mul(s, v128.load(at, 96)));
        a7 = f32x4.add(a7, f32x4.mul(s, v128.load(at, 112)));
      }
      const to = out + ((<usize>r * <usize>columns + <usize>c) << 2);
      v128.store(to, f32x4.max(a0, least), 0);
      v128.store(to, f32x4.max(a1, least), 16);
      v128.store(to, f32x4.max(a2, least), 32);
      v128.store(to, f32x4.max(a3, least), 48);
      v128.store(to, f32x4.max(a4, least), 64);
      v128.store(to, f32x4.max(a5, least), 80);
      v128.store(to, f32x4.max(a6, least), 96);
      v128.store(to, f32x4.max(a7, least), 112);
    }
  }
}

/**
 * Where numbers stand on the knots of their piecewise-linear codes: writes the entries of each row from end[row] on and moves it.
 * plan: codes x 8 of four bytes: first knot, the usual one, bins, log1p or not, edges (a pointer to f64), not used · cells: [codes][stride] f64
 * low, high: how far the open ends reach · huge: a cell beyond it is as far as it
 */
export function readNumbers(rows: i32, codes: i32, plan: usize, cells: usize, stride: i32, end: usize, knot: usize, share: usize, low: f64, high: f64, huge: f64): void {
  for (let i = 0; i < codes; i++, plan += 32, cells += <usize>stride << 3) {
    const first = load<i32>(plan), usual = load<i32>(plan, 4), bins = load<i32>(plan, 8), log = load<i32>(plan, 12);
    const edges = <usize>load<i32>(plan, 16);
    const last = edges + (<usize>(bins - 1) << 3);
    const absent = first + bins + 1;
    for (let r = 0; r < rows; r++) {
      const to = end + (<usize>r << 2);
      let at = <usize>load<i32>(to);
      let x = load<f64>(cells + (<usize>r << 3));
      // Not a number, or infinite.
      if (!(x - x == 0)) {
        if (absent != usual) {
          store<i32>(knot + (at << 2), absent);
          store<f32>(share + (at << 2), 1);
          store<i32>(to, <i32>at + 1);
        }
        continue;
      }
      x = min(max(x, -huge), huge);
      if (log) x = x > 0 ? Math.log1p(x) : 0;
      let edge = edges;
      while (edge < last && x >= load<f64>(edge, 8)) edge += 8;
      const from = load<f64>(edge);
      const f = min(max((x - from) / (load<f64>(edge, 8) - from), low), high);
      const here = first + <i32>((edge - edges) >> 3);
      if (f != 1 && here != usual) {
        store<i32>(knot + (at << 2), here);
        store<f32>(share + (at << 2), <f32>(1 - f));
        at++;
      }
      if (f != 0 && here + 1 != usual) {
        store<i32>(knot + (at << 2), here + 1);
        store<f32>(share + (at << 2), <f32>f);
        at++;
      }
      store<i32>(to, <i32>at);
    }
  }
}

/**
 * Moves the entries of rows together: those of row r lie from base + r * most to end[r], and are to begin where those of the row before end.
 * start[0] is where the first row's begin, and stays; start[r + 1] is where those of row r end.
 */
export function closeRanks(rows: i32, base: i32, most: i32, start: usize, end: usize, knot: usize, share: usize): void {
  let to = base;
  for (let r = 0; r < rows; r++) {
    const from = base + r * most;
    const count = load<i32>(end + (<usize>r << 2)) - from;
    if (to != from) {
      memory.copy(knot + (<usize>to << 2), knot + (<usize>from << 2), <usize>count << 2);
      memory.copy(share + (<usize>to << 2), share + (<usize>from << 2), <usize>count << 2);
    }
    to += count;
    store<i32>(start + (<usize>r << 2), to, 4);
  }
}

/**
 * What two covariates of each bin add to the logits: shared[row][cause][bin] = q[row][bin][0] gamma[0][cause] + q[row][bin][1] gamma[1][cause].
 * bins is a multiple of 4, q has room for that many after its last row; qBins: those of a row of q
 */
export function addCovariates(rows: i32, causes: i32, bins: i32, qBins: i32, q: usize, gamma: usize, shared: usize): void {
  for (let r = 0; r < rows; r++, q += <usize>qBins << 3)
    for (let c = 0; c < causes; c++, shared += <usize>bins << 2) {
      const first = v128.load_splat<f32>(gamma + (<usize>c << 2));
      const second = v128.load_splat<f32>(gamma + (<usize>(causes + c) << 2));
      for (let b: usize = 0; b < <usize>bins << 2; b += LANES) {
        const low = v128.load(q + (b << 1)), high = v128.load(q + (b << 1), 16);
        const one = v128.shuffle<f32>(low, high, 0, 2, 4, 6), two = v128.shuffle<f32>(low, high, 1, 3, 5, 7);
        v128.store(shared + b, f32x4.add(f32x4.mul(one, first), f32x4.mul(two, second)));
      }
    }
}

/** out = relu((1 - a) from + a to): the first layer at share a of the straight path between two rows, its ends exactly. */
export function blend(from: usize, to: usize, a: f32, columns: i32, out: usize): void {
  const share = f32x4.splat(a), rest = f32x4.splat(<f32>1 - a);
  const zero = f32x4.splat(0);
  for (let c: usize = 0; c < <usize>columns << 2; c += LANES) {
    const sum = f32x4.add(f32x4.mul(rest, v128.load(from + c)), f32x4.mul(share, v128.load(to + c)));
    v128.store(out + c, f32x4.max(sum, zero));
  }
}

/**
 * out[row] = floor(bias + x[row] w). w is packed: [columns / 8][inner][8]; strides in numbers.
 * Four rows by eight columns at a time; what is left of the rows, one by thirty-two.
 */
export function dense(x: usize, xStride: i32, rows: i32, inner: i32, w: usize, bias: usize, columns: i32, out: usize, outStride: i32, floor: f32): void {
  const least = f32x4.splat(floor);
  const step = <usize>xStride << 2;
  const outStep = <usize>outStride << 2;
  const tiled = rows & ~3;
  const size = <usize>inner << 5; // bytes of a panel
  for (let c = 0; c < columns; c += 8) {
    const panel = w + (<usize>c >> 3) * size;
    const b0 = v128.load(bias + (<usize>c << 2)), b1 = v128.load(bias + (<usize>c << 2), 16);
    for (let r = 0; r < tiled; r += 4) {
      let x0 = x + <usize>r * step;
      let x1 = x0 + step, x2 = x1 + step, x3 = x2 + step;
      let p = b0, q = b1, s = b0, t = b1, u = b0, v = b1, y = b0, z = b1;
      for (let at = panel, end = panel + size; at < end; at += 32) {
        const w0 = v128.load(at), w1 = v128.load(at, 16);
        const h0 = v128.load_splat<f32>(x0), h1 = v128.load_splat<f32>(x1), h2 = v128.load_splat<f32>(x2), h3 = v128.load_splat<f32>(x3);
        p = f32x4.add(p, f32x4.mul(h0, w0));
        q = f32x4.add(q, f32x4.mul(h0, w1));
        s = f32x4.add(s, f32x4.mul(h1, w0));
        t = f32x4.add(t, f32x4.mul(h1, w1));
        u = f32x4.add(u, f32x4.mul(h2, w0));
        v = f32x4.add(v, f32x4.mul(h2, w1));
        y = f32x4.add(y, f32x4.mul(h3, w0));
        z = f32x4.add(z, f32x4.mul(h3, w1));
        x0 += 4; x1 += 4; x2 += 4; x3 += 4;
      }
      let to = out + <usize>r * outStep + (<usize>c << 2);
      v128.store(to, f32x4.max(p, least)); v128.store(to, f32x4.max(q, least), 16);
      to += outStep;
      v128.store(to, f32x4.max(s, least)); v128.store(to, f32x4.max(t, least), 16);
      to += outStep;
      v128.store(to, f32x4.max(u, least)); v128.store(to, f32x4.max(v, least), 16);
      to += outStep;
      v128.store(to, f32x4.max(y, least)); v128.store(to, f32x4.max(z, least), 16);
    }
  }
  for (let r = tiled; r < rows; r++) {
    const row = x + <usize>r * step;
    const to = out + <usize>r * outStep;
    let c = 0;
    for (; c + 32 <= columns; c += 32) {
      const w0 = w + (<usize>c >> 3) * size;
      const w1 = w0 + size, w2 = w1 + size, w3 = w2 + size;
      const b = bias + (<usize>c << 2);
      let p = v128.load(b), q = v128.load(b, 16), s = v128.load(b, 32), t = v128.load(b, 48);
      let u = v128.load(b, 64), v = v128.load(b, 80), y = v128.load(b, 96), z = v128.load(b, 112);
      for (let i: usize = 0, at = row; i < size; i += 32, at += 4) {
        const h = v128.load_splat<f32>(at);
        p = f32x4.add(p, f32x4.mul(h, v128.load(w0 + i)));
        q = f32x4.add(q, f32x4.mul(h, v128.load(w0 + i, 16)));
        s = f32x4.add(s, f32x4.mul(h, v128.load(w1 + i)));
        t = f32x4.add(t, f32x4.mul(h, v128.load(w1 + i, 16)));
        u = f32x4.add(u, f32x4.mul(h, v128.load(w2 + i)));
        v = f32x4.add(v, f32x4.mul(h, v128.load(w2 + i, 16)));
        y = f32x4.add(y, f32x4.mul(h, v128.load(w3 + i)));
        z = f32x4.add(z, f32x4.mul(h, v128.load(w3 + i, 16)));
      }
      const o = to + (<usize>c << 2);
      v128.store(o, f32x4.max(p, least)); v128.store(o, f32x4.max(q, least), 16);
      v128.store(o, f32x4.max(s, least), 32); v128.store(o, f32x4.max(t, least), 48);
      v128.store(o, f32x4.max(u, least), 64); v128.store(o, f32x4.max(v, least), 80);
      v128.store(o, f32x4.max(y, least), 96); v128.store(o, f32x4.max(z, least), 112);
    }
    for (; c < columns; c += 8) {
      const panel = w + (<usize>c >> 3) * size;
      let p = v128.load(bias + (<usize>c << 2)), q = v128.load(bias + (<usize>c << 2), 16);
      for (let i: usize = 0, at = row; i < size; i += 32, at += 4) {
        const h = v128.load_splat<f32>(at);
        p = f32x4.add(p, f32x4.mul(h, v128.load(panel + i)));
        q = f32x4.add(q, f32x4.mul(h, v128.load(panel + i, 16)));
      }
      v128.store(to + (<usize>c << 2), f32x4.max(p, least));
      v128.store(to + (<usize>c << 2), f32x4.max(q, least), 16);
    }
  }
}

/**
 * exp of x <= 0, relative error below 2e-7; 0 below -87. x = n ln 2 + r with |r| <= ln 2 / 2, and e^r by its series to
 * r^7, whose remainder is below 6e-9.
 */
@inline function exp(x: v128): v128 {
  const held = f32x4.max(x, f32x4.splat(-87.5));
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
  const scale = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return v128.and(f32x4.mul(y, scale), f32x4.gt(x, f32x4.splat(-87)));
}

/**
 * Logits to probabilities by bin, in place, and their mean over members.
 * z: [rows][members] x stride, of which [causes][bins] · shared: [rows][causes][bins], the same for all members
 * mean: [rows][causes + 1][bins], first still open. bins is a multiple of 4.
 */
export function softmaxBins(rows: i32, members: i32, causes: i32, bins: i32, z: usize, stride: i32, shared: usize, mean: usize): void {
  const line = <usize>bins << 2;
  const share = f32x4.splat(<f32>1 / <f32>members);
  const zero = f32x4.splat(0);
  for (let r = 0; r < rows; r++) {
    for (let b: usize = 0; b < line; b += LANES) {
      let open = zero;
      const own = shared + b, to = mean + b;
      for (let c = 1; c <= causes; c++) v128.store(to + <usize>c * line, zero);
      for (let m = 0; m < members; m++) {
        const cell = z + (<usize>(m * stride) << 2) + b;
        let most = zero;
        for (let c = 0; c < causes; c++) {
          const at = cell + <usize>c * line;
          const logit = f32x4.add(v128.load(at), v128.load(own + <usize>c * line));
          v128.store(at, logit);
          most = f32x4.max(most, logit);
        }
        const stays = exp(f32x4.sub(zero, most));
        let sum = stays;
        for (let c = 0; c < causes; c++) {
          const at = cell + <usize>c * line;
          const e = exp(f32x4.sub(v128.load(at), most));
          v128.store(at, e);
          sum = f32x4.add(sum, e);
        }
        open = f32x4.add(open, f32x4.div(stays, sum));
        for (let c = 0; c < causes; c++) {
          const at = cell + <usize>c * line;
          const p = f32x4.div(v128.load(at), sum);
          v128.store(at, p);
          const total = to + <usize>(c + 1) * line;
          v128.store(total, f32x4.add(v128.load(total), p));
        }
      }
      v128.store(to, f32x4.mul(open, share));
      for (let c = 1; c <= causes; c++) {
        const total = to + <usize>c * line;
        v128.store(total, f32x4.mul(v128.load(total), share));
      }
    }
    z += <usize>(members * stride) << 2;
    shared += <usize>causes * line;
    mean += <usize>(causes + 1) * line;
  }
}

/**
 * Slopes in the probabilities to slopes in the logits: dz_c = p_c (dU_c - sum_j p_j dU_j), in place of p, and their sum
 * over members in place of dU. Layouts as above; dU: [rows][causes][bins], weight and 1 / members multiplied in.
 */
export function softmaxBack(rows: i32, members: i32, causes: i32, bins: i32, z: usize, stride: i32, dU: usize): void {
  const line = <usize>bins << 2;
  const zero = f32x4.splat(0);
  for (let r = 0; r < rows; r++) {
    for (let b: usize = 0; b < line; b += LANES) {
      for (let m = 0; m < members; m++) {
        const cell = z + (<usize>(m * stride) << 2) + b;
        let mean = zero;
        for (let c = 0; c < causes; c++) mean = f32x4.add(mean, f32x4.mul(v128.load(cell + <usize>c * line), v128.load(dU + b + <usize>c * line)));
        for (let c = 0; c < causes; c++) {
          const at = cell + <usize>c * line;
          v128.store(at, f32x4.mul(v128.load(at), f32x4.sub(v128.load(dU + b + <usize>c * line), mean)));
        }
      }
      for (let c = 0; c < causes; c++) {
        let sum = zero;
        for (let m = 0; m < members; m++) sum = f32x4.add(sum, v128.load(z + (<usize>(m * stride) << 2) + b + <usize>c * line));
        v128.store(dU + b + <usize>c * line, sum);
      }
    }
    z += <usize>(members * stride) << 2;
    dU += <usize>causes * line;
  }
}

/** x = 0 where h <= 0: the slope of relu. */
export function mask(x: usize, h: usize, n: i32): void {
  const zero = f32x4.splat(0);
  for (let i: usize = 0; i < <usize>n << 2; i += LANES) v128.store(x + i, v128.and(v128.load(x + i), f32x4.gt(v128.load(h + i), zero)));
}

/** total += sum over rows of x. */
export function addRows(x: usize, rows: i32, columns: i32, total: usize): void {
  for (let c: usize = 0; c < <usize>columns << 2; c += LANES) {
    let sum = v128.load(total + c);
    for (let r = 0; r < rows; r++) sum = f32x4.add(sum, v128.load(x + ((<usize>r * <usize>columns) << 2) + c));
    v128.store(total + c, sum);
  }
}

/** out[e] = slope . table row of entry e (its share not yet multiplied in); table laid out as for the first layer. */
export function project(entries: i32, knot: usize, table: usize, knots: i32, slope: usize, columns: i32, out: usize): void {
  for (let e = 0; e < entries; e++) {
    const row = <usize>load<i32>(knot + (<usize>e << 2)) << 7;
    let s = f32x4.splat(0), t = s, u = s, v = s;
    for (let c = 0; c < columns; c += 32) {
      const at = table + ((<usize>c * <usize>knots) << 2) + row;
      const d = slope + (<usize>c << 2);
      s = f32x4.add(s, f32x4.mul(v128.load(d), v128.load(at)));
      t = f32x4.add(t, f32x4.mul(v128.load(d, 16), v128.load(at, 16)));
      u = f32x4.add(u, f32x4.mul(v128.load(d, 32), v128.load(at, 32)));
      v = f32x4.add(v, f32x4.mul(v128.load(d, 48), v128.load(at, 48)));
      s = f32x4.add(s, f32x4.mul(v128.load(d, 64), v128.load(at, 64)));
      t = f32x4.add(t, f32x4.mul(v128.load(d, 80), v128.load(at, 80)));
      u = f32x4.add(u, f32x4.mul(v128.load(d, 96), v128.load(at, 96)));
      v = f32x4.add(v, f32x4.mul(v128.load(d, 112), v128.load(at, 112)));
    }
    s = f32x4.add(f32x4.add(s, t), f32x4.add(u, v));
    store<f32>(out + (<usize>e << 2), f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1) + f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3));
  }
}
