// How charts are drawn: kept in the address, chosen in one bar above the charts.

import { el, later } from "./dom.js";
import { AXES } from "./curves.js";
import * as state from "./state.js";

// settings reads the address: {axis, logX, logY, calm, smoothing: {kind, weight}, zoom, find}. Where it names no axis, usual
// is the one.
export function settings(usual = "step") {
  const [kind, weight] = [state.get("smoother") === "time" ? "time" : "ema", Number(state.get("smooth")) || 0];
  const zoom = (state.getList("zoom") || []).map(Number);
  return {
    axis: state.get("x") in AXES ? state.get("x") : usual,
    logX: state.get("logx") === "1",
    logY: state.get("logy") === "1",
    calm: state.get("calm") === "1",
    smoothing: { kind, weight: Math.min(Math.max(weight, 0), 0.999) },
    zoom: zoom.length === 2 && zoom[0] < zoom[1] ? zoom : null,
    find: state.get("find"),
  };
}

// NAMES are the values of the address that the charts depend on.
export const NAMES = ["x", "logx", "logy", "calm", "smooth", "smoother", "zoom", "find"];

// settingsBar makes the bar. It writes to the address; whoever draws listens there.
export function settingsBar(usual = "step") {
  const now = settings(usual);
  const choose = (name, label, options, value, first) =>
    el(
      "label",
      {},
      label,
      el(
        "select",
        {
          name,
          onchange: (event) =>
            state.set(
              { [name]: event.target.value === first ? null : event.target.value, ...(name === "x" ? { zoom: null } : {}) },
              { push: true },
            ),
        },
        options.map(([v, text]) => el("option", { value: v, selected: v === value }, text)),
      ),
    );
  const tick = (name, label, checked, title) =>
    el(
      "label",
      { class: "tick", title },
      el("input", {
        type: "checkbox",
        name,
        checked,
        onchange: (event) =>
          state.set({ [name]: event.target.checked, ...(name === "logx" ? { zoom: null } : {}) }, { push: true }),
      }),
      label,
    );
  const weight = el("output", {}, now.smoothing.weight.toFixed(2));
  const write = later((v) => state.set({ smooth: v > 0 ? String(v) : null }), 60);
  const slider = el("input", {
    type: "range",
    name: "smooth",
    min: 0,
    max: 0.99,
    step: 0.01,
    value: now.smoothing.weight,
    oninput: (event) => {
      weight.textContent = Number(event.target.value).toFixed(2);
      write(Number(event.target.value));
    },
  });
  const reset = el(
    "button",
    { type: "button", class: "quiet", hidden: !now.zoom, onclick: () => state.set({ zoom: null }, { push: true }) },
    "Show all",
  );
  state.onChange(() => {
    reset.hidden = !settings().zoom;
  });
  return el(
    "form",
    { class: "settings", "aria-label": "How charts are drawn", onsubmit: (event) => event.preventDefault() },
    choose(
      "x",
      "X axis",
      Object.entries(AXES).map(([v, { title }]) => [v, title]),
      now.axis,
      usual,
    ),
    el("label", {}, "Smoothing", slider, weight),
    choose(
      "smoother",
      "by",
      [
        ["ema", "points"],
        ["time", "distance"],
      ],
      now.smoothing.kind,
      "ema",
    ),
    tick("logx", "Log x", now.logX),
    tick("logy", "Log y", now.logY),
    tick("calm", "Ignore outliers", now.calm, "Scale to what lies between the 2nd and the 98th hundredth of the values"),
    el(
      "label",
      {},
      "Find",
      el("input", {
        type: "search",
        name: "find",
        size: 12,
        placeholder: "loss",
        value: now.find,
        oninput: later((event) => state.set({ find: event.target.value }), 150),
      }),
    ),
    reset,
  );
}
