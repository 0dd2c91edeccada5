const ROOT_TWO_PI = Math.sqrt(2 * Math.PI);

/** Density of the standard normal law. */
export const normalPdf = (x: number): number => Math.exp(-0.5 * x * x) / ROOT_TWO_PI;

/**
 * Distribution function of the standard normal law, to about 1e-12 relative in the lower tail too.
 * Source: Hart (1968), algorithm 5666, as given by West, Better approximations to cumulative normal functions (2005);
 * beyond 3.5, where that is only exact in absolute terms, Laplace's continued fraction.
 */
export function normalCdf(x: number): number {
  const z = Math.abs(x);
  let upper: number;
  if (z > 38) upper = 0;
  else if (z < 3.5) {
    const above = polynomial(z, NUMERATOR);
    const below = polynomial(z, DENOMINATOR);
    upper = (Math.exp(-0.5 * z * z) * above) / below;
  } else {
    let fraction = z; // 40 terms are exact to rounding out here; 20 leave 2e-11 at 3.5
    for (let k = 40; k >= 1; k--) fraction = z + k / fraction;
    upper = normalPdf(z) / fraction;
  }
  return x > 0 ? 1 - upper : upper;
}

/**
 * Quantile of the standard normal law, to about 1e-15 relative. 0 and 1 give -Infinity and Infinity, outside NaN.
 * Source: Wichura (1988), algorithm AS 241, PPND16.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0 || p === 1) return p === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(r, MIDDLE_ABOVE)) / polynomial(r, MIDDLE_BELOW);
  }
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const value =
    r <= 5
      ? polynomial(r - 1.6, TAIL_ABOVE) / polynomial(r - 1.6, TAIL_BELOW)
      : polynomial(r - 5, FAR_ABOVE) / polynomial(r - 5, FAR_BELOW);
  return q < 0 ? -value : value;
}

/** Horner, highest power first. */
function polynomial(x: number, coefficients: readonly number[]): number {
  let value = 0;
  for (let i = 0; i < coefficients.length; i++) value = value * x + coefficients[i];
  return value;
}

// Constants of the two sources, highest power first.
const NUMERATOR = [
  0.0352624965998911, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871, 221.213596169931,
  220.206867912376,
];
const DENOMINATOR = [
  0.0883883476483184, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674, 637.333633378831,
  793.826512519948, 440.413735824752,
];
const MIDDLE_ABOVE = [
  2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513,
  133.14166789178438, 3.3871328727963665,
];
const MIDDLE_BELOW = [
  5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579,
  42.31333070160091, 1,
];
const TAIL_ABOVE = [
  0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
  5.769497221460691, 4.630337846156546, 1.4234371107496835,
];
const TAIL_BELOW = [
  1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
  1.6763848301838038, 2.053191626637759, 1,
];
const FAR_ABOVE = [
  2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487,
  1.7848265399172913, 5.463784911164114, 6.657904643501103,
];
const FAR_BELOW = [
  2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133, 0.014875361290850615,
  0.1369298809227358, 0.599832206555888, 1,
];
