// Axes: where a value stands, and which round numbers are written beside it.

import { number, duration } from "./format.js";

// Scale maps a domain of values onto pixels, linearly or by logarithm.
export class Scale {
  constructor(low, high, from, to, log = false) {
    Object.assign(this, { low, high, from, to, log });
    this.a = this.#in(low);
    this.span = this.#in(high) - this.a || 1;
  }

  #in(v) {
    return this.log ? Math.log10(v) : v;
  }

  // at returns the pixel of a value. Values that have no place give NaN.
  at(v) {
    return this.from + ((this.#in(v) - this.a) / this.span) * (this.to - this.from);
  }

  // value returns what stands at a pixel.
  value(pixel) {
    const v = this.a + ((pixel - this.from) / (this.to - this.from)) * this.span;
    return this.log ? 10 ** v : v;
  }
}

// widen returns a domain with room around it, and one that is not empty.
export function widen(low, high, log, share = 0.05) {
  if (!(low <= high)) return log ? [1, 10] : [0, 1];
  if (log) {
    const room = low === high ? 2 : (high / low) ** share;
    return [low / room, high * room];
  }
  const room = low === high ? Math.abs(low) * 0.1 || 1 : (high - low) * share;
  return [low - room, high + room];
}

// ticks returns the round numbers of a domain, about so many, each with its label.
export function ticks(low, high, wanted, { log = false, kind = "number" } = {}) {
  if (kind === "time") return timeTicks(low, high, wanted);
  if (log) return logTicks(low, high, wanted);
  const step = kind === "duration" ? nice(high - low, wanted, DURATIONS) : niceDecimal((high - low) / wanted);
  const whole = kind === "step";
  return multiples(low, high, whole ? Math.max(1, step) : step).map((v) => ({
    value: v,
    label: kind === "duration" ? duration(v) : label(v, step),
  }));
}

// niceDecimal rounds a distance up to 1, 2 or 5 times a power of ten.
function niceDecimal(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  for (const m of [1, 2, 5]) if (m * power >= rough * 0.999) return m * power;
  return 10 * power;
}

function multiples(low, high, step) {
  const all = [];
  const first = Math.ceil(low / step - 1e-9);
  for (let i = first; i * step <= high + step * 1e-9 && all.length < 50; i++) all.push(i === 0 ? 0 : i * step);
  return all;
}

// label writes a tick with the digits that its distance to the next needs.
function label(v, step) {
  const size = Math.max(Math.abs(v), step);
  if (v !== 0 && (size >= 1e5 || size < 1e-3)) {
    if (size >= 1e5 && size < 1e12) {
      for (const [unit, name] of [
        [1e9, "G"],
        [1e6, "M"],
        [1e3, "k"],
      ]) {
        if (size >= unit) return number(Number((v / unit).toPrecision(6))) + name;
      }
    }
    return number(Number(v.toPrecision(10)));
  }
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return v.toFixed(Math.min(digits, 12)).replace("-", "−");
}

// logTicks are powers of ten; with 2 and 5 times them where these are few, and round numbers where not even two fit.
function logTicks(low, high, wanted) {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const every = Math.ceil((last - first) / wanted);
  for (const factors of [[1], [1, 2, 5]]) {
    const all = [];
    for (let e = first; e <= last; e += every) {
      for (const f of factors) {
        const v = f * 10 ** e;
        if (v >= low * 0.9999 && v <= high * 1.0001) all.push({ value: v, label: number(Number(v.toPrecision(6))) });
      }
    }
    if (all.length >= 3) return all;
  }
  const step = niceDecimal((high - low) / wanted);
  return multiples(low, high, step)
    .filter((v) => v > 0)
    .map((v) => ({ value: v, label: label(v, step) }));
}

const DURATIONS = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800,
  21600, 43200, 86400, 172800, 604800, 1209600, 2592000, 7776000, 31536000,
];

function nice(span, wanted, steps) {
  return steps.find((s) => s >= (span / wanted) * 0.999) ?? niceDecimal(span / wanted);
}

// timeTicks stand at round moments of the reader's zone; values are milliseconds.
function timeTicks(low, high, wanted) {
  const step = nice((high - low) / 1000, wanted, DURATIONS) * 1000;
  const zone = new Date(low).getTimezoneOffset() * 60000;
  return multiples(low - zone, high - zone, step).map((v) => {
    const at = new Date(v + zone);
    const midnight = at.getHours() + at.getMinutes() + at.getSeconds() === 0;
    const text =
      step >= 86400000 || midnight
        ? at.toLocaleDateString("en-GB", { day: "numeric", month: "short" })
        : at.toLocaleTimeString("en-GB", step < 60000 ? {} : { hour: "2-digit", minute: "2-digit" });
    return { value: v + zone, label: text };
  });
}
