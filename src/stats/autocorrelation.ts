/**
 * Sample autocorrelations of lags 1 to `lags`: r_k = sum (x_t - m)(x_{t+k} - m) / sum (x_t - m)^2, the divisor n in both
 * (as R's `acf`). NaN for a constant series. Cost O(n lags).
 */
export function autocorrelation(x: ArrayLike<number>, lags: number): Float64Array {
  const n = x.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += x[i] / n;
  let whole = 0;
  for (let i = 0; i < n; i++) whole += (x[i] - mean) ** 2;
  return Float64Array.from({ length: lags }, (_, k) => {
    let sum = 0;
    for (let i = k + 1; i < n; i++) sum += (x[i] - mean) * (x[i - k - 1] - mean);
    return sum / whole;
  });
}
