// How values are written for people.

const MINUS = "−";

// number writes a number with up to six digits; NaN and infinities come as strings and stay as they are.
export function number(value) {
  if (value === null || value === undefined) return "";
  if (typeof value !== "number")
    return String(value) === "-Infinity" ? MINUS + "∞" : String(value) === "Infinity" ? "∞" : String(value);
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : MINUS + "∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  let text;
  if (Number.isInteger(value) && size < 1e9) text = value.toLocaleString("en-US").replaceAll(",", size < 1e4 ? "" : " ");
  else if (size < 1e-4 || size >= 1e6) text = shortExponent(value.toExponential(4));
  else text = String(Number(value.toPrecision(5)));
  return text.replace(/^-/, MINUS).replace(/e-/, "e" + MINUS);
}

// shortExponent drops what a mantissa does not need: 5.0000e-5 is 5e-5.
function shortExponent(text) {
  const [mantissa, exponent] = text.split("e");
  return Number(mantissa) + "e" + Number(exponent);
}

// value writes what a parameter or a cell holds.
export function value(v) {
  if (v === null || v === undefined) return "";
  if (typeof v === "number") return number(v);
  if (typeof v === "object") return JSON.stringify(v);
  return String(v);
}

// duration writes seconds as people say them, in two units at most.
export function duration(seconds) {
  if (!Number.isFinite(seconds)) return "";
  const sign = seconds < 0 ? MINUS : "";
  let s = Math.abs(seconds);
  if (s < 1) return s === 0 ? "0 s" : sign + Math.round(s * 1000) + " ms";
  if (s < 60) return sign + (s < 10 ? Number(s.toFixed(1)) : Math.round(s)) + " s";
  s = Math.round(s);
  const units = [
    [86400, "d"],
    [3600, "h"],
    [60, "min"],
    [1, "s"],
  ];
  const first = units.findIndex(([size]) => s >= size);
  const [size, name] = units[first];
  const whole = Math.floor(s / size);
  const next = units[first + 1];
  const rest = next ? Math.floor((s - whole * size) / next[0]) : 0;
  return sign + whole + " " + name + (rest ? " " + rest + " " + next[1] : "");
}

// bytes writes a size.
export function bytes(n) {
  if (n < 1000) return n + " B";
  const units = ["kB", "MB", "GB", "TB"];
  let i = -1;
  do {
    n /= 1000;
    i++;
  } while (n >= 999.5 && i < units.length - 1);
  return (n < 10 ? n.toFixed(1) : Math.round(n)) + " " + units[i];
}

// time writes a moment, in the reader's zone: the day only where it is not today.
export function time(text) {
  if (!text) return "";
  const at = new Date(text);
  const clock = at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  return at.toDateString() === new Date().toDateString() ? clock : day(at) + " " + clock;
}

// exactTime writes a moment to the second.
export function exactTime(text) {
  if (!text) return "";
  const at = new Date(text);
  return day(at) + " " + at.toLocaleTimeString("en-GB");
}

function day(at) {
  const two = (n) => String(n).padStart(2, "0");
  return at.getFullYear() + "-" + two(at.getMonth() + 1) + "-" + two(at.getDate());
}

// count writes a number of things.
export function count(n, thing) {
  return n.toLocaleString("en-US") + " " + thing + (n === 1 ? "" : "s");
}
