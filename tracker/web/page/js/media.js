// Tables, images and histograms that a run logged.

import { addressOf, api } from "./api.js";
import { el, plainTable, svg } from "./dom.js";
import { number, value } from "./format.js";
import { box } from "./overview.js";
import { Scale, ticks } from "./scale.js";

export async function mediaTab(panel, run) {
  const show = async () => {
    const id = run().id;
    const [tables, images, histograms] = await Promise.all([api.tables(id), api.images(id), api.histograms(id)]);
    const parts = [
      ...byKey(tables.items.filter((t) => !isTexts(t))).map(([key, all]) => steps(key, all, table)),
      ...byKey(images.items).map(([key, all]) =>
        box(
          key,
          el(
            "div",
            { class: "images" },
            all.map((image) => picture(id, image)),
          ),
        ),
      ),
      ...byKey(histograms.items).map(([key, all]) => steps(key, all, histogram)),
    ];
    panel.replaceChildren(
      ...(parts.length
        ? parts
        : [
            el(
              "p",
              { class: "empty" },
              tables.items.length
                ? "The tables of the run are among its summaries. It has logged no images or histograms."
                : "The run has logged no tables, images or histograms.",
            ),
          ]),
    );
  };
  await show();
  return show;
}

// isTexts tells whether a table is one of texts that the run generated, which stand with its other texts.
export const isTexts = ({ key }) => /summar|generat|predict|example|sample|text/i.test(key);

function byKey(items) {
  const keys = new Map();
  for (const item of items) {
    if (!keys.has(item.key)) keys.set(item.key, []);
    keys.get(item.key).push(item);
  }
  return [...keys].sort(([a], [b]) => (a < b ? -1 : 1));
}

// steps shows one of several, the last at first, with a slider between them.
function steps(key, all, draw) {
  const holder = el("div", {}, draw(all[all.length - 1]));
  const said = el("output", {}, "step " + all[all.length - 1].step);
  const slider = el("input", {
    type: "range",
    min: 0,
    max: all.length - 1,
    value: all.length - 1,
    "aria-label": "Which step of " + key,
    oninput: () => {
      const one = all[Number(slider.value)];
      holder.replaceChildren(draw(one));
      said.textContent = "step " + one.step;
    },
  });
  return box(key, el("div", { class: "row" }, all.length > 1 ? slider : null, said), holder);
}

// table shows a table that a run logged.
export function table({ columns, rows }) {
  const numeric = columns.map((_, i) => rows.every((row) => row[i] === null || typeof row[i] === "number"));
  const kind = (i) => (numeric[i] ? "number" : "");
  const cells = (row) => row.map((v, i) => el("td", { class: kind(i) }, value(v)));
  const body = rows.map((row) => el("tr", {}, cells(row)));
  return el("div", { class: "scroll" }, plainTable(columns, kind, body));
}

function picture(id, image) {
  const address = addressOf.file(id, image.hash);
  return el(
    "figure",
    {},
    el(
      "a",
      { href: address, title: "Download" },
      el("img", { src: address, alt: image.caption || image.key, loading: "lazy", width: image.width || null }),
    ),
    el("figcaption", {}, `step ${image.step}`, image.caption ? ": " + image.caption : ""),
  );
}

const [WIDTH, HEIGHT] = [560, 200];

// histogram draws bars whose area is what lies between their edges, for edges may lie unevenly.
function histogram({ edges, counts }) {
  const finite = edges.filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const span = high - low || 1;
  const clamp = (v) => (Number.isFinite(v) ? v : v === "Infinity" ? high + span * 0.05 : low - span * 0.05);
  const bars = counts.map((n, i) => {
    const [a, b] = [clamp(edges[i]), clamp(edges[i + 1])];
    return { a, b, n, tall: b > a ? n / (b - a) : 0 };
  });
  const top = Math.max(...bars.map((bar) => bar.tall)) || 1;
  const x = new Scale(Math.min(low, bars[0].a), Math.max(high, bars[bars.length - 1].b), 24, WIDTH - 24);
  const y = new Scale(0, top, HEIGHT - 22, 6);
  return svg(
    "svg",
    {
      class: "histogram",
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      role: "img",
      "aria-label": `Histogram of ${counts.length} bars from ${number(low)} to ${number(high)}`,
    },
    bars.map(({ a, b, n, tall }) =>
      svg(
        "rect",
        { x: x.at(a), width: Math.max(0.5, x.at(b) - x.at(a) - 0.5), y: y.at(tall), height: Math.max(0, y.at(0) - y.at(tall)) },
        svg("title", {}, `${number(a)} to ${number(b)}: ${number(n)}`),
      ),
    ),
    svg("line", { x1: 24, x2: WIDTH - 24, y1: HEIGHT - 22, y2: HEIGHT - 22 }),
    ticks(x.low, x.high, 7).map(({ value: v, label }) =>
      svg("text", { x: x.at(v), y: HEIGHT - 6, "text-anchor": "middle" }, label),
    ),
  );
}
