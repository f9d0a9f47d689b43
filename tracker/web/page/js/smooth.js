// Smoothing. A curve comes in buckets: the mean of count points each (one, where a series is short). Points that are no
// numbers come as null; they stay gaps and leave the average of the others untouched.

// ema is TensorBoard's exponential moving average: each value weighs `weight` times as much as the one after it, and the
// sum is divided by the sum of the weights, so that the first values are not drawn towards zero. A bucket of n points is
// smoothed as n points of its mean. With one point a bucket it is what resmooth does in TensorBoard's
// webapp/widgets/line_chart_v2/data_transformer.ts, and what plots.Smooth does.
export function ema(values, counts, weight) {
  const w = Math.min(Math.max(weight, 0), 0.999);
  if (w === 0 || isConstant(values)) return values.slice();
  let sum = 0;
  let rest = 1; // the weight that the zero before the first value still has
  return values.map((v, i) => {
    if (v === null) return null;
    const keep = w ** (counts ? counts[i] : 1);
    sum = keep * sum + (1 - keep) * v;
    rest *= keep;
    return sum / (1 - rest);
  });
}

// VIEWPORT is how many parts of the visible width time-weighted smoothing counts in.
const VIEWPORT = 1000;

// timeWeighted is an exponential moving average in which a value counts the less the farther its x lies back, so that curves
// logged at different densities are smoothed alike: the weight min(sqrt(s), 0.999) is applied once for each thousandth of
// the range of x that lies between two values. It follows W&B's time-weighted EMA.
export function timeWeighted(xs, values, counts, weight, range) {
  const w = Math.min(Math.sqrt(Math.max(weight, 0)), 0.999);
  if (weight <= 0 || isConstant(values)) return values.slice();
  let sum = 0;
  let norm = 0;
  let before = null;
  return values.map((v, i) => {
    if (v === null) return null;
    const steps = before === null || !(range > 0) ? 1 : ((xs[i] - before) / range) * VIEWPORT;
    const keep = w ** Math.max(steps, 0);
    before = xs[i];
    const n = counts ? counts[i] : 1;
    sum = sum * keep + n * v;
    norm = norm * keep + n;
    return sum / norm;
  });
}

function isConstant(values) {
  const first = values.find((v) => v !== null);
  return values.every((v) => v === null || v === first);
}
