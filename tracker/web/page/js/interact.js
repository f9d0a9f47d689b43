// What a person does with a chart: point at it to read all curves at that x, drag to zoom, click twice to see all again;
// the same by keys: left and right move, plus and minus zoom, 0 or Escape shows all.

import { el, svg } from "./dom.js";
import { nearest } from "./curves.js";
import { duration, exactTime, number } from "./format.js";

const MOST = 14; // lines that the box beside the pointer shows

// interact makes a drawn chart answer. The holder is the element around it; zoom(range) is called with the chosen part of the
// horizontal axis, or null for all of it. pointed is the x that is read at first, or null; what it returns tells which one
// is read: a chart that is drawn anew goes on where its predecessor was.
export function interact(holder, chart, { element, x, y, plot }, zoom, pointed) {
  const rule = svg("line", { y1: plot.top, y2: plot.bottom, class: "rule", visibility: "hidden" });
  const choice = svg("rect", { y: plot.top, height: Math.max(0, plot.bottom - plot.top), class: "choice", visibility: "hidden" });
  const dots = svg("g", { "pointer-events": "none" });
  element.append(choice, rule, dots);
  const box = el("div", { class: "reading", role: "status", hidden: true });
  holder.append(box);
  const stops = [...new Set(chart.curves.flatMap((c) => c.xs))].filter((v) => v >= x.low && v <= x.high).sort((a, b) => a - b);
  let at = -1; // of the stops
  let from = null; // where a drag began, in pixels

  const hide = () => {
    at = -1;
    rule.setAttribute("visibility", "hidden");
    dots.replaceChildren();
    box.hidden = true;
  };
  const show = (i) => {
    at = Math.min(Math.max(i, 0), stops.length - 1);
    if (at < 0) return;
    const px = x.at(stops[at]);
    rule.setAttribute("x1", px);
    rule.setAttribute("x2", px);
    rule.setAttribute("visibility", "visible");
    const readings = read(chart, stops[at], Math.abs(x.value(px + 12) - x.value(px)));
    dots.replaceChildren(
      ...readings
        .filter((r) => y.at(r.value) >= plot.top)
        .map((r) => svg("circle", { cx: x.at(r.at), cy: y.at(r.value), r: 3, fill: r.c.color })),
    );
    box.replaceChildren(...lines(chart, stops[at], readings));
    box.hidden = false;
    const room = holder.clientWidth;
    if (px < room / 2) Object.assign(box.style, { left: px + 14 + "px", right: "auto" });
    else Object.assign(box.style, { left: "auto", right: room - px + 14 + "px" });
  };
  const pixel = (event) => event.clientX - element.getBoundingClientRect().left;
  const inside = (px) => Math.min(Math.max(px, plot.left), plot.right);

  element.addEventListener("pointermove", (event) => {
    const px = inside(pixel(event));
    if (from === null) return show(nearest(stops, x.value(px)));
    choice.setAttribute("x", Math.min(from, px));
    choice.setAttribute("width", Math.abs(px - from));
    choice.setAttribute("visibility", "visible");
  });
  element.addEventListener("pointerleave", () => {
    if (from === null) hide();
  });
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.pointerType === "touch") return;
    from = inside(pixel(event));
    element.setPointerCapture(event.pointerId);
    box.hidden = true;
    event.preventDefault(); // no text is selected
    holder.focus({ preventScroll: true });
  });
  element.addEventListener("pointerup", (event) => {
    if (from === null) return;
    const to = inside(pixel(event));
    const [a, b] = [Math.min(from, to), Math.max(from, to)];
    from = null;
    choice.setAttribute("visibility", "hidden");
    if (b - a > 4) zoom([x.value(a), x.value(b)]);
  });
  element.addEventListener("pointercancel", () => {
    from = null;
    choice.setAttribute("visibility", "hidden");
  });
  element.addEventListener("dblclick", () => zoom(null));
  holder.onkeydown = (event) => {
    if (event.target !== holder || event.ctrlKey || event.metaKey || event.altKey) return;
    const jump = event.shiftKey ? 10 : 1;
    const act = {
      ArrowRight: () => show(at + jump),
      ArrowLeft: () => show(at < 0 ? stops.length - 1 : at - jump),
      Home: () => show(0),
      End: () => show(stops.length - 1),
      "+": () => zoom(around(x, stops[at] ?? x.value((plot.left + plot.right) / 2), 0.5)),
      "-": () => zoom(around(x, stops[at] ?? x.value((plot.left + plot.right) / 2), 2)),
      0: () => zoom(null),
      Escape: () => (at >= 0 ? hide() : zoom(null)),
    }[event.key];
    if (!act) return;
    act();
    event.preventDefault();
  };
  holder.onblur = hide;
  if (pointed !== null && pointed >= x.low && pointed <= x.high) show(nearest(stops, pointed));
  return () => stops[at] ?? null;
}

// around returns the part of the axis around v that is so many times as wide as what is seen.
function around(x, v, times) {
  const middle = x.at(v);
  const half = ((x.to - x.from) / 2) * times;
  return [x.value(middle - half), x.value(middle + half)];
}

// read returns what each curve says at x, the largest first. A curve without a point nearer than the tolerance, or than
// its own spacing, says nothing.
function read(chart, at, tolerance) {
  return chart.curves
    .map((c) => {
      const i = nearest(c.xs, at);
      const gap = Math.max(Math.abs((c.xs[i + 1] ?? c.xs[i]) - c.xs[i]), Math.abs(c.xs[i] - (c.xs[i - 1] ?? c.xs[i])));
      if (i >= c.xs.length || Math.abs(c.xs[i] - at) > Math.max(tolerance, gap)) return null;
      const odd = c.odd.find((o) => o.x === c.xs[i])?.what;
      return { c, at: c.xs[i], value: c.ys[i] ?? odd, low: c.low?.[i], high: c.high?.[i], raw: c.raw?.[i] };
    })
    .filter((r) => r && r.value !== undefined && r.value !== null)
    .sort((a, b) => (b.value > a.value ? 1 : b.value < a.value ? -1 : 0));
}

function lines(chart, at, readings) {
  const { kind, title } = chart.axis;
  const where = kind === "time" ? exactTime(at) : title + " " + (kind === "duration" ? duration(at) : number(at));
  const rows = readings.slice(0, MOST).map(({ c, value, low, high, raw }) => {
    const range =
      low !== undefined && low !== null && low !== high
        ? ` (${number(low)} to ${number(high)})`
        : raw !== undefined && raw !== null && raw !== value
          ? ` (${number(raw)})`
          : "";
    return el(
      "div",
      {},
      el("span", { class: "swatch", style: { background: c.color } }),
      el("span", { class: "name" }, c.name),
      el("b", {}, number(value)),
      el("small", {}, range),
    );
  });
  if (readings.length > MOST) rows.push(el("div", { class: "more" }, `and ${readings.length - MOST} more`));
  return [el("div", { class: "where" }, where), ...rows];
}
