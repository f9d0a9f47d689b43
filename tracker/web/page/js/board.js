// The charts of some runs: a panel a key, in sections by what stands before the slash. Panels load when they come into
// sight.

import { api } from "./api.js";
import { el, later } from "./dom.js";
import { onSchemeChange, Places } from "./palette.js";
import { Panel } from "./panel.js";
import { NAMES, settings } from "./settings.js";
import * as state from "./state.js";

const EPOCH = "train/epoch"; // the series that says which epoch a step belongs to

export class Board {
  constructor({ only = () => true, axis = "step" } = {}) {
    this.only = only; // which keys are shown
    this.axis = axis; // unless another is chosen
    this.places = new Places();
    this.runs = new Map();
    this.epochs = new Map();
    this.groupOf = null;
    this.groups = new Map();
    this.panels = new Map();
    this.keys = [];
    this.settings = settings(this.axis);
    this.element = el("div", { class: "board" });
    this.seen = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          const panel = this.panels.get(target.dataset.key);
          if (!panel) continue;
          panel.visible = isIntersecting;
          if (isIntersecting && panel.stale) this.#refresh(panel);
        }
      },
      { rootMargin: "200px" },
    );
    this.sized = new ResizeObserver(later(() => this.#redraw(), 100));
    this.sized.observe(this.element);
    onSchemeChange(() => this.#redraw());
    state.onChange((names) => this.#changed(names));
  }

  // show draws these runs: [{id, name, started}].
  async show(runs, groupOf = null) {
    if (
      !same(
        runs.map((run) => run.id),
        [...this.runs.keys()],
      )
    )
      for (const panel of this.panels.values()) panel.whole = null;
    this.runs = new Map(runs.map((run) => [run.id, run]));
    this.places.keep(this.runs.keys());
    this.groupOf = groupOf;
    await this.reload();
  }

  // reload brings all panels up to date, new keys too.
  async reload() {
    const ids = [...this.runs.keys()];
    const turn = (this.turn = {});
    const { series } = ids.length ? await api.series(ids) : { series: [] };
    if (turn !== this.turn) return; // a later call took over
    this.keys = [...new Set(series.map((s) => s.key))].filter(this.only).sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
    await this.#readEpochs(series);
    this.#arrange();
    for (const panel of this.panels.values()) this.#stale(panel);
  }

  groupPlace(name) {
    if (!this.groups.has(name)) this.groups.set(name, this.groups.size);
    return this.groups.get(name);
  }

  // highlight makes one run stand out in all charts; null ends it.
  highlight(id) {
    this.element.classList.toggle("dimmed", id !== null);
    for (const curve of this.element.querySelectorAll(".curve")) curve.classList.toggle("bright", curve.dataset.run === id);
  }

  async #readEpochs(series) {
    this.epochs.clear();
    if (this.settings.axis !== "epoch" || !series.some((s) => s.key === EPOCH)) return;
    const found = await api.points({ key: EPOCH, run: [...this.runs.keys()], buckets: 1000 });
    for (const s of found.series) {
      const known = s.mean.map((v, i) => [s.steps[i], v]).filter(([, v]) => v !== null);
      if (known.length) this.epochs.set(s.run, { steps: known.map(([step]) => step), values: known.map(([, v]) => v) });
    }
  }

  #arrange() {
    const wanted = this.settings.find.toLowerCase();
    const shown = this.keys.filter((key) => key.toLowerCase().includes(wanted));
    for (const [key, panel] of this.panels) {
      if (shown.includes(key)) continue;
      this.seen.unobserve(panel.element);
      this.panels.delete(key);
    }
    const sections = new Map();
    for (const key of shown) {
      const prefix = key.includes("/") ? key.slice(0, key.indexOf("/")) : "";
      if (!sections.has(prefix)) sections.set(prefix, []);
      sections.get(prefix).push(key);
    }
    const ordered = [...sections].sort(([a], [b]) => rank(a) - rank(b));
    const known = new Map([...this.element.querySelectorAll("details.section")].map((d) => [d.dataset.prefix, d]));
    const all = ordered.map(([prefix, keys]) => this.#section(known.get(prefix), prefix, keys));
    if (!all.length)
      all.push(
        el(
          "p",
          { class: "empty" },
          this.runs.size === 0
            ? "Choose runs in the table to draw them."
            : wanted
              ? "No series has such a name."
              : "These runs have logged no numbers yet.",
        ),
      );
    if (!same([...this.element.children], all)) this.element.replaceChildren(...all);
  }

  #section(known, prefix, keys) {
    const section =
      known ??
      el("details", { class: "section", open: true, dataset: { prefix } }, el("summary", {}), el("div", { class: "panels" }));
    // Small sections stand beside each other.
    Object.assign(
      section.style,
      keys.length < 4 ? { flexBasis: keys.length * 298 - 12 + "px", flexGrow: keys.length } : { flexBasis: "", flexGrow: "" },
    );
    section.firstChild.replaceChildren(el("h2", {}, prefix || "other"), el("small", {}, String(keys.length)));
    const elements = keys.map((key) => {
      if (!this.panels.has(key)) {
        const panel = new Panel(key, this);
        panel.stale = true;
        this.panels.set(key, panel);
        this.seen.observe(panel.element);
      }
      return this.panels.get(key).element;
    });
    if (!same([...section.lastChild.children], elements)) section.lastChild.replaceChildren(...elements);
    return section;
  }

  #stale(panel) {
    panel.stale = true;
    if (panel.visible) this.#refresh(panel);
  }

  #refresh(panel) {
    panel.stale = false;
    panel.load();
  }

  #redraw() {
    for (const panel of this.panels.values()) panel.redraw();
  }

  async #changed(names) {
    if (names && !names.some((name) => NAMES.includes(name))) return;
    const before = this.settings;
    this.settings = settings(this.axis);
    if (before.axis !== this.settings.axis) return this.reload();
    if (before.find !== this.settings.find) this.#arrange();
    this.#redraw(); // at once with what is there
    if (before.logX !== this.settings.logX || String(before.zoom) !== String(this.settings.zoom))
      for (const panel of this.panels.values()) this.#stale(panel);
  }
}

// place puts losses before the rest, and epochs, which only tell where the others are, after it.
function place(key) {
  return key === EPOCH ? 2 : key.endsWith("loss") ? 0 : 1;
}

// rank puts what is looked at most first.
function rank(prefix) {
  const at = ["train", "eval", "rouge"].indexOf(prefix);
  return at < 0 ? 9 : at;
}

function same(a, b) {
  return a.length === b.length && a.every((v, i) => v === b[i]);
}
