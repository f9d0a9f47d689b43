// One chart of one key with its title, its menu and its states: waiting, empty, failed, drawn.

import { addressOf, api } from "./api.js";
import { draw } from "./chart.js";
import { AXES, curve, grouped } from "./curves.js";
import { el, menu } from "./dom.js";
import { savePNG, saveSVG } from "./download.js";
import { interact } from "./interact.js";
import { COLORS, look } from "./palette.js";
import * as state from "./state.js";

const BUCKETS = 300; // points a curve has at most, of one width; a zoom brings finer ones

// Panel draws a key of the runs that its board shows. The board has runs (a map from ID to {name, started}), places,
// settings, epochs (a map from ID to {steps, values}) and groupOf (a function, or null).
export class Panel {
  constructor(key, board) {
    this.key = key;
    this.board = board;
    this.holder = el("div", {
      class: "chart",
      tabIndex: 0,
      role: "group",
      "aria-label": `Chart of ${key}. Left and right read values, plus and minus zoom, 0 shows all.`,
    });
    this.enlarge = el(
      "button",
      {
        type: "button",
        class: "icon",
        title: "Enlarge",
        "aria-label": "Enlarge " + key,
        "aria-pressed": "false",
        onclick: () => this.#toggle(),
      },
      "⤢",
    );
    this.element = el(
      "section",
      { class: "panel", dataset: { key }, "aria-label": key },
      el("header", {}, el("h3", { title: key }, key), this.enlarge, menu("⋯", "Save " + key, this.#items())),
      this.holder,
    );
  }

  #items() {
    const parameters = () => {
      const s = this.board.settings;
      return {
        key: this.key,
        run: [...this.board.runs.keys()],
        smoothing: s.smoothing.weight || null,
        distance: s.smoothing.kind === "time",
        epochs: s.axis === "epoch",
        logx: s.logX,
        logy: s.logY,
        group: this.board.groupOf ? state.get("group") : null,
      };
    };
    const button = (label, act) => el("button", { type: "button", onclick: act }, label);
    const link = (label, address) =>
      button(label, () => {
        location.href = address();
      });
    const figures = ["svg", "png", "pdf"].map((f) =>
      link(`gonum figure, ${f.toUpperCase()}`, () => addressOf.figure(f, parameters())),
    );
    api.info().then((info) => {
      if (!info.figures) for (const figure of figures) figure.remove();
    });
    return [
      button("SVG, as seen", () => this.chart && saveSVG(this.chart)),
      button("PNG, as seen", () => this.chart && savePNG(this.chart)),
      link("CSV, all points", () => addressOf.csv({ key: this.key, run: [...this.board.runs.keys()] })),
      ...figures,
    ];
  }

  #toggle() {
    const large = this.element.classList.toggle("large");
    this.enlarge.setAttribute("aria-pressed", String(large));
    this.redraw();
    this.load(); // finer
  }

  // load asks for the points anew and draws them. An older call still under way is given up.
  async load() {
    this.asked?.abort();
    const { signal } = (this.asked = new AbortController());
    const { runs, settings } = this.board;
    const fine = this.element.classList.contains("large") ? 3 : 1;
    const [from, to] = this.#steps(settings);
    try {
      const { series } = await api.points(
        { key: this.key, run: [...runs.keys()], buckets: BUCKETS * fine, log: settings.logX, from, to },
        signal,
      );
      if (signal.aborted) return;
      if (from === undefined) {
        const zoomed = settings.zoom && !this.whole;
        this.whole = series;
        if (zoomed) return this.load(); // an address with a zoom: now it is known which steps are seen
      }
      this.series = series;
      this.redraw();
    } catch (error) {
      if (error.name !== "AbortError") this.holder.replaceChildren(el("p", { class: "failed", role: "alert" }, error.message));
    }
  }

  // #steps returns between which steps the points are needed: those that are seen, found in the whole curves, and one
  // bucket more at either end.
  #steps(settings) {
    if (!settings.zoom || !this.whole) return [];
    let [from, to] = [Infinity, -Infinity];
    for (const series of this.whole) {
      const c = curve(series, { ...settings, smoothing: { weight: 0 }, ...this.#known() });
      if (!c) continue;
      const inside = c.xs.map((x, i) => i).filter((i) => c.xs[i] >= settings.zoom[0] && c.xs[i] <= settings.zoom[1]);
      const [first, last] = inside.length
        ? [inside[0], inside[inside.length - 1]]
        : [c.xs.findIndex((x) => x > settings.zoom[1]), c.xs.findIndex((x) => x > settings.zoom[1])];
      if (first < 0) continue;
      from = Math.min(from, c.steps[Math.max(first - 2, 0)]);
      to = Math.max(to, c.steps[Math.min(last + 2, c.steps.length - 1)]);
    }
    return from <= to ? [from, to] : [];
  }

  #known() {
    const started = new Map([...this.board.runs].map(([id, run]) => [id, Date.parse(run.started)]));
    return { epochs: this.board.epochs, started };
  }

  // #place tells apart the contexts of a key, such as several GPUs: by colours where one run is drawn, else by dashes.
  #place(c) {
    const contexts = [...new Set(this.series.map((s) => s.context))];
    const nth = contexts.indexOf(c.context);
    return this.board.runs.size === 1 ? nth : this.board.places.of(c.run) + COLORS * nth;
  }

  // redraw draws what was loaded as the settings want it.
  redraw() {
    if (!this.series) return;
    const { settings, runs, groupOf } = this.board;
    let curves = this.series
      .filter((s) => runs.has(s.run))
      .map((s) => curve(s, { ...settings, ...this.#known() }))
      .filter(Boolean);
    if (groupOf) curves = grouped(curves, groupOf);
    const thin = curves.length > 7;
    curves = curves.map((c) => {
      const place = groupOf ? this.board.groupPlace(c.group) : this.#place(c);
      const name =
        c.group !== undefined ? `${c.group} (${c.members})` : runs.get(c.run).name + (c.context ? " " + c.context : "");
      return { ...c, thin, place, name, ...look(place) };
    });
    const style = getComputedStyle(this.element);
    const theme = { text: style.getPropertyValue("--muted").trim(), grid: style.getPropertyValue("--grid").trim() };
    const width = this.holder.clientWidth || 400;
    this.chart = {
      title: this.key,
      width,
      height: this.holder.clientHeight || 200,
      curves,
      axis: AXES[settings.axis],
      logX: settings.logX && settings.axis !== "wall",
      logY: settings.logY,
      calm: settings.calm,
      zoom: settings.zoom,
      theme,
    };
    const drawn = draw(this.chart);
    this.holder.replaceChildren(drawn.element);
    this.pointed = interact(
      this.holder,
      this.chart,
      drawn,
      (range) => state.set({ zoom: range }, { push: true }),
      this.pointed?.() ?? null,
    );
    this.element.classList.add("drawn");
  }
}
