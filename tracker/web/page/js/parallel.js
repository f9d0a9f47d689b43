// Parallel coordinates: an axis for each number in which runs differ, a line for each run.

import { el, later, svg } from "./dom.js";
import { number } from "./format.js";
import { Scale, ticks, widen } from "./scale.js";

const HEIGHT = 240;
const MOST = 9; // axes at first; more can be ticked

// parallel draws runs as /api/compare gives them. lookOf tells their colours, point(id or null) is called as one is
// pointed at.
export function parallel(runs, lookOf, point) {
  const all = axesOf(runs);
  if (all.length < 2 || runs.length < 2)
    return el(
      "p",
      { class: "empty" },
      "There is nothing to set against each other: choose runs that differ in two numbers or more.",
    );
  const chosen = new Set(all.slice(0, MOST).map((a) => a.name));
  const holder = el("div", { class: "parallel" });
  const show = () =>
    holder.replaceChildren(
      draw(
        all.filter((a) => chosen.has(a.name)),
        runs,
        lookOf,
        point,
        holder.clientWidth - 18,
      ),
    );
  const boxes = all.map(({ name }) =>
    el(
      "label",
      { class: "tick" },
      el("input", {
        type: "checkbox",
        checked: chosen.has(name),
        onchange: (event) => {
          chosen[event.target.checked ? "add" : "delete"](name);
          show();
        },
      }),
      name,
    ),
  );
  new ResizeObserver(later(show, 50)).observe(holder); // which draws it at first, too
  return el("div", {}, holder, el("details", { class: "axes" }, el("summary", {}, "Axes"), el("div", { class: "known" }, boxes)));
}

// axesOf finds the parameters that are numbers and differ, then the best values of series.
function axesOf(runs) {
  const axes = [];
  const add = (name, of) => {
    const values = runs.map((run) => of(run));
    const numbers = values.filter((v) => typeof v === "number" && Number.isFinite(v));
    if (new Set(numbers).size > 1) axes.push({ name, values, low: Math.min(...numbers), high: Math.max(...numbers) });
  };
  const params = [...new Set(runs.flatMap((run) => Object.keys(run.params)))].sort();
  for (const key of params) add(key, (run) => run.params[key]);
  const keys = [...new Set(runs.flatMap((run) => run.series.filter((s) => !s.context).map((s) => s.key)))].sort();
  const rank = (key) =>
    /eval.*loss|rouge|ndcg/i.test(key) ? 0 : /loss/.test(key) ? 1 : /^(system|gpu|process)\//.test(key) ? 3 : 2;
  for (const key of keys.sort((a, b) => rank(a) - rank(b))) {
    const of = /loss/.test(key) ? "min" : /rouge|ndcg|mrr|accuracy/.test(key) ? "max" : "last";
    add(of + " " + key, (run) => run.series.find((s) => s.key === key && !s.context)?.[of]);
  }
  return axes;
}

function draw(axes, runs, lookOf, point, room) {
  const width = Math.max(room, axes.length * 110);
  const gap = axes.length > 1 ? (width - 150) / (axes.length - 1) : 0;
  const x = (i) => 60 + i * gap;
  const scales = axes.map(({ low, high }) => {
    const log = low > 0 && high / low >= 50; // learning rates are spread over powers of ten
    const [a, b] = low === high ? widen(low, high, log) : [low, high];
    return new Scale(a, b, HEIGHT - 20, 40, log);
  });
  const chart = svg("svg", {
    viewBox: `0 0 ${width} ${HEIGHT}`,
    width,
    height: HEIGHT,
    role: "img",
    "aria-label": "Parallel coordinates of " + axes.map((a) => a.name).join(", "),
  });
  axes.forEach(({ name }, i) => {
    chart.append(
      svg("line", { x1: x(i), x2: x(i), y1: 40, y2: HEIGHT - 20, class: "axis" }),
      svg(
        "text",
        { x: x(i), y: i % 2 ? 28 : 12, "text-anchor": "middle", class: "name" },
        name.length > 28 ? name.slice(0, 27) + "…" : name,
        svg("title", {}, name),
      ),
    );
  });
  runs.forEach((run, r) => {
    const { color, dash } = lookOf(run.id);
    let d = "";
    let pen = false;
    axes.forEach(({ values }, i) => {
      const known = typeof values[r] === "number" && Number.isFinite(values[r]);
      if (known) d += (pen ? "L" : "M") + x(i) + " " + scales[i].at(values[r]);
      pen = known;
    });
    const path = svg(
      "path",
      { d, stroke: color, "stroke-dasharray": dash, class: "run" },
      svg("title", {}, (run.name || run.id) + "\n" + axes.map((a) => a.name + ": " + number(a.values[r])).join("\n")),
    );
    path.addEventListener("pointerenter", () => point(run.id));
    path.addEventListener("pointerleave", () => point(null));
    chart.append(path);
  });
  // Over the lines, so that they can be read.
  axes.forEach((_, i) =>
    ticks(scales[i].low, scales[i].high, 4, { log: scales[i].log }).forEach(({ value, label }) => {
      chart.append(svg("text", { x: x(i) + 5, y: scales[i].at(value) + 4, "pointer-events": "none" }, label));
    }),
  );
  return chart;
}
