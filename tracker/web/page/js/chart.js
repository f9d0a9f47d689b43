// Drawing curves: from a description to an SVG element. What a person does with it is in interact.js.

import { svg } from "./dom.js";
import { Scale, ticks, widen } from "./scale.js";

const FONT = "system-ui, sans-serif";

// draw makes the chart of {width, height, curves, axis, logX, logY, zoom, theme, title}. Each curve has, beside what
// curves.js gives it, a name, a color and a dash; zoom is [from, to] on the horizontal axis or null; the theme has the
// colours text, grid and ground. It returns {element, x, y, plot} with the scales and the rectangle of the plot.
export function draw(chart) {
  const { width, height, theme } = chart;
  const shown = domainOf(chart);
  const yTicks = ticks(shown.y[0], shown.y[1], Math.max(3, Math.round((height - 30) / 34)), { log: chart.logY });
  const left = Math.min(90, 14 + 6.4 * Math.max(2, ...yTicks.map((t) => t.label.length)));
  const words = chart.legend; // a chart that stands alone says what it shows
  const plot = { left, top: words ? 30 : 8, right: width - 12, bottom: height - (words ? words.length * 16 + 46 : 22) };
  const x = new Scale(shown.x[0], shown.x[1], plot.left, plot.right, chart.logX);
  const y = new Scale(shown.y[0], shown.y[1], plot.bottom, plot.top, chart.logY);
  const element = svg("svg", {
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    "font-family": FONT,
    "font-size": 11,
    role: "img",
    "aria-label": chart.title,
  });
  if (theme.ground) element.append(svg("rect", { width, height, fill: theme.ground }));
  element.append(axes(chart, plot, x, y, yTicks));
  const inside = svg("svg", {
    x: plot.left,
    y: plot.top - 1,
    width: Math.max(1, plot.right - plot.left),
    height: plot.bottom - plot.top + 2,
    viewBox: `${plot.left} ${plot.top - 1} ${Math.max(1, plot.right - plot.left)} ${plot.bottom - plot.top + 2}`,
  });
  for (const c of chart.curves) inside.append(curve(c, chart, x, y));
  element.append(
    inside,
    svg(
      "g",
      {},
      chart.curves.flatMap((c) => marks(c, plot, x)),
    ),
  );
  if (words) element.append(legend(chart, plot));
  if (!chart.curves.some((c) => c.ys.some((v) => v !== null))) element.append(notice(plot, theme));
  return { element, x, y, plot };
}

// domainOf returns what the axes show: on the vertical one what is seen of the curves at this zoom.
function domainOf({ curves, logX, logY, zoom, calm }) {
  const fits = (v, log) => v !== null && Number.isFinite(v) && (!log || v > 0);
  let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
  const seen = [];
  for (const c of curves) {
    for (let i = 0; i < c.xs.length; i++) {
      const at = c.xs[i];
      if (!fits(at, logX)) continue;
      x0 = Math.min(x0, at);
      x1 = Math.max(x1, at);
      if (zoom && (at < zoom[0] || at > zoom[1])) continue;
      const values = calm ? [c.ys[i]] : [c.ys[i], c.raw?.[i], c.low?.[i], c.high?.[i]];
      for (const v of values) {
        if (v === undefined || !fits(v, logY)) continue;
        if (calm) seen.push(v);
        y0 = Math.min(y0, v);
        y1 = Math.max(y1, v);
      }
    }
  }
  if (calm && seen.length > 20) {
    // Without outliers: what lies between the 2nd and the 98th hundredth.
    seen.sort((a, b) => a - b);
    [y0, y1] = [seen[Math.floor(seen.length * 0.02)], seen[Math.ceil(seen.length * 0.98) - 1]];
  }
  return { x: zoom ?? (x0 < x1 ? [x0, x1] : widen(x0, x1, logX)), y: widen(y0, y1, logY) };
}

function axes({ axis, logX, theme, width }, plot, x, y, yTicks) {
  const g = svg("g", { fill: theme.text });
  for (const { value, label } of yTicks) {
    const at = y.at(value);
    g.append(
      svg("line", { x1: plot.left, x2: plot.right, y1: at, y2: at, stroke: theme.grid, "shape-rendering": "crispEdges" }),
      svg("text", { x: plot.left - 6, y: at + 4, "text-anchor": "end" }, label),
    );
  }
  const wanted = Math.max(2, Math.floor((plot.right - plot.left) / (axis.kind === "number" || axis.kind === "step" ? 50 : 76)));
  for (const { value, label } of ticks(x.low, x.high, wanted, { log: logX, kind: axis.kind })) {
    const at = x.at(value);
    const anchor = at > width - 24 ? "end" : "middle";
    g.append(
      svg("line", { x1: at, x2: at, y1: plot.bottom, y2: plot.bottom + 4, stroke: theme.text, "shape-rendering": "crispEdges" }),
      svg("text", { x: anchor === "end" ? width - 2 : at, y: plot.bottom + 16, "text-anchor": anchor }, label),
    );
  }
  g.append(
    svg("line", {
      x1: plot.left,
      x2: plot.right,
      y1: plot.bottom,
      y2: plot.bottom,
      stroke: theme.text,
      "shape-rendering": "crispEdges",
    }),
  );
  return g;
}

function curve(c, { logX, logY }, x, y) {
  const g = svg("g", { class: "curve", "data-run": c.run, stroke: c.color, fill: "none", "stroke-linejoin": "round" });
  const place = (list) =>
    list.map((v, i) => (v === null || (logY && v <= 0) || (logX && c.xs[i] <= 0) ? null : [x.at(c.xs[i]), y.at(v)]));
  if (c.low) g.append(svg("path", { d: area(place(c.low), place(c.high)), fill: c.color, "fill-opacity": 0.16, stroke: "none" }));
  else if (c.raw) g.append(svg("path", { d: line(place(c.raw)), "stroke-opacity": 0.28, "stroke-width": 1 }));
  const points = place(c.ys);
  g.append(svg("path", { d: line(points), "stroke-width": c.thin ? 1.1 : 1.6, "stroke-dasharray": c.dash }));
  for (const [px, py] of alone(points))
    g.append(svg("circle", { cx: round(px), cy: round(py), r: 2.5, fill: c.color, stroke: "none" }));
  return g;
}

const round = (v) => Math.round(v * 10) / 10;

function line(points) {
  let d = "";
  let pen = false;
  for (const p of points) {
    if (p) d += (pen ? "L" : "M") + round(p[0]) + " " + round(p[1]);
    pen = p !== null;
  }
  return d;
}

// area goes along the upper edge and back along the lower one, for each part without a gap.
function area(low, high) {
  let d = "";
  for (let i = 0; i < low.length; i++) {
    if (!low[i] || !high[i]) continue;
    let end = i;
    while (end + 1 < low.length && low[end + 1] && high[end + 1]) end++;
    const edge = [...high.slice(i, end + 1), ...low.slice(i, end + 1).reverse()];
    d += line(edge) + "Z";
    i = end;
  }
  return d;
}

// alone are the points without a neighbour, which no line shows; all points of a short curve.
function alone(points) {
  const few = points.length <= 12;
  return points.filter((p, i) => p && (few || (!points[i - 1] && !points[i + 1])));
}

// marks show at the edge of the plot where values are no numbers: a cross at the bottom for NaN, triangles at the top
// and the bottom for infinities. Of those that would cover each other one is drawn.
function marks(c, plot, x) {
  const last = new Map();
  const apart = ({ x: at, what }) => {
    const px = x.at(at);
    if (!(at >= x.low && at <= x.high) || px - (last.get(what) ?? -Infinity) < 9) return false;
    last.set(what, px);
    return true;
  };
  return c.odd.filter(apart).map(({ x: at, what }) => {
    const px = round(x.at(at));
    const [top, bottom] = [plot.top + 1, plot.bottom - 1];
    const d =
      what === "NaN"
        ? `M${px - 3} ${bottom - 7}l6 6m0-6l-6 6`
        : what === "Infinity"
          ? `M${px - 4} ${top + 7}l4-7l4 7z`
          : `M${px - 4} ${bottom - 7}l4 7l4-7z`;
    return svg(
      "path",
      { d, class: "odd", "data-what": what, stroke: c.color, "stroke-width": 1.5, fill: what === "NaN" ? "none" : c.color },
      svg("title", {}, `${c.name}: ${what}`),
    );
  });
}

// legend writes the title, what the horizontal axis is, and whose the curves are.
function legend({ legend: names, title, axis, theme, height }, plot) {
  return svg(
    "g",
    { fill: theme.text },
    svg("text", { x: plot.left, y: 18, "font-size": 13, "font-weight": 600 }, title),
    svg("text", { x: (plot.left + plot.right) / 2, y: plot.bottom + 33, "text-anchor": "middle" }, axis.title),
    names.map(({ name, color, dash }, i) => {
      const at = height - (names.length - i) * 16 + 4;
      return [
        svg("line", {
          x1: plot.left,
          x2: plot.left + 22,
          y1: at - 4,
          y2: at - 4,
          stroke: color,
          "stroke-width": 2,
          "stroke-dasharray": dash,
        }),
        svg("text", { x: plot.left + 30, y: at }, name),
      ];
    }),
  );
}

function notice(plot, theme) {
  return svg(
    "text",
    { x: (plot.left + plot.right) / 2, y: (plot.top + plot.bottom) / 2, "text-anchor": "middle", fill: theme.text },
    "nothing to draw on these axes",
  );
}
