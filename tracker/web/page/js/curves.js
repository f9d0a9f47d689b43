// From the points that the server sends to the curve that is drawn.

import { ema, timeWeighted } from "./smooth.js";

// What may stand on the horizontal axis, and how its numbers are written.
export const AXES = {
  step: { title: "Step", kind: "step" },
  epoch: { title: "Epoch", kind: "number" },
  relative: { title: "Relative time", kind: "duration" },
  wall: { title: "Wall time", kind: "time" },
};

// FEW values, such as the losses of a validation after each epoch, are never smoothed.
const FEW = 20;

// curve turns one series into {run, xs, ys, raw, low, high, odd, steps}, ordered by x: ys is the line, smoothed where the
// options say so; raw the one before that (null if it is the same); low and high the envelope (null where each point stands
// for itself); odd are the places of NaN and infinities. It is null where the series has nothing on that axis.
export function curve(series, options) {
  let xs = positions(series, options);
  if (!xs || xs.length === 0) return null;
  let { mean, min, max, counts } = series;
  let steps = series.steps;
  if (!ascending(xs)) {
    const order = [...xs.keys()].sort((a, b) => xs[a] - xs[b]);
    const sorted = (list) => list && order.map((i) => list[i]);
    [xs, mean, min, max, counts, steps] = [xs, mean, min, max, counts, steps].map(sorted);
  }
  const { kind } = options.smoothing;
  const weight = xs.length > FEW ? options.smoothing.weight : 0;
  const range = xs[xs.length - 1] - xs[0];
  const ys = weight > 0 ? (kind === "time" ? timeWeighted(xs, mean, counts, weight, range) : ema(mean, counts, weight)) : mean;
  return {
    run: series.run,
    context: series.context,
    xs,
    ys,
    steps,
    raw: weight > 0 ? mean : null,
    low: min ?? null,
    high: max ?? null,
    odd: series.odd.map(([i, what]) => ({ x: positionOf(series, options, i), what })),
  };
}

function ascending(xs) {
  for (let i = 1; i < xs.length; i++) if (xs[i] < xs[i - 1]) return false;
  return true;
}

function positions(series, options) {
  if (options.axis === "step") return series.steps;
  if (options.axis === "epoch" && !options.epochs.get(series.run)) return null;
  return series.steps.map((_, i) => positionOf(series, options, i));
}

function positionOf(series, { axis, epochs, started }, i) {
  switch (axis) {
    case "epoch":
      return between(epochs.get(series.run), series.steps[i]);
    case "relative":
      return (series.times[i] - started.get(series.run)) / 1000;
    case "wall":
      return series.times[i];
    default:
      return series.steps[i];
  }
}

// between reads a value off a curve that is given at some steps, on a straight line between them and beyond its ends.
function between({ steps, values }, step) {
  if (steps.length === 1) return steps[0] === 0 ? values[0] : (values[0] * step) / steps[0];
  let i = Math.min(Math.max(lowerBound(steps, step), 1), steps.length - 1);
  const share = (step - steps[i - 1]) / (steps[i] - steps[i - 1]);
  return values[i - 1] + share * (values[i] - values[i - 1]);
}

// lowerBound returns the first place whose value is at least v.
function lowerBound(sorted, v) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < v) low = middle + 1;
    else high = middle;
  }
  return low;
}

// nearest returns the place whose value is nearest to v.
export function nearest(sorted, v) {
  const i = lowerBound(sorted, v);
  if (i === 0) return 0;
  return i === sorted.length || v - sorted[i - 1] <= sorted[i] - v ? i - 1 : i;
}

// WIDE is at how many places a group's curve is drawn at most: more than a chart has pixels are of no use.
const WIDE = 1000;

// grouped puts the curves of each group together: their mean as the line and their smallest and largest value as the
// envelope, at every x that one of them has. A curve counts between its own ends, on a straight line between its points.
export function grouped(curves, groupOf) {
  const groups = new Map();
  for (const c of curves) {
    const name = groupOf(c.run);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(c);
  }
  return [...groups].map(([name, members]) => {
    const all = [...new Set(members.flatMap((c) => c.xs))].sort((a, b) => a - b);
    const every = Math.ceil(all.length / WIDE);
    const xs = all.filter((_, i) => i % every === 0 || i === all.length - 1);
    const ys = [],
      low = [],
      high = [];
    for (const x of xs) {
      const values = members.map((c) => at(c, x)).filter((v) => v !== null);
      ys.push(values.length ? values.reduce((a, b) => a + b, 0) / values.length : null);
      low.push(values.length ? Math.min(...values) : null);
      high.push(values.length ? Math.max(...values) : null);
    }
    return {
      run: members[0].run,
      group: name,
      members: members.length,
      xs,
      ys,
      raw: null,
      low,
      high,
      steps: null,
      odd: members.flatMap((c) => c.odd),
    };
  });
}

function at(c, x) {
  const i = lowerBound(c.xs, x);
  if (i === c.xs.length) return null;
  if (c.xs[i] === x) return c.ys[i];
  if (i === 0 || c.ys[i] === null || c.ys[i - 1] === null) return null;
  return c.ys[i - 1] + ((x - c.xs[i - 1]) / (c.xs[i] - c.xs[i - 1])) * (c.ys[i] - c.ys[i - 1]);
}
