// Several runs side by side: what differs, their metrics, their curves, and parallel coordinates.

import { api } from "./api.js";
import { Board } from "./board.js";
import { el } from "./dom.js";
import { paced } from "./live.js";
import { look, onSchemeChange } from "./palette.js";
import { parallel } from "./parallel.js";
import { settingsBar } from "./settings.js";
import { sideBySide } from "./sidebyside.js";
import * as state from "./state.js";
import { swatch } from "./table.js";

export async function comparePage(main) {
  document.title = "Compare · Paperlab";
  const ids = state.getList("runs")?.filter((id) => id !== "none") ?? (await api.runs({ limit: 1 })).newest.map((run) => run.id);
  if (!ids.length) {
    main.replaceChildren(
      el("h1", {}, "Compare"),
      el("p", { class: "empty" }, "Choose runs in the ", el("a", { href: "/" }, "table of runs"), " and press Compare."),
    );
    return () => {};
  }
  const board = new Board({ only: (key) => !key.startsWith("system/") });
  const table = el("div", { class: "scroll" });
  const coordinates = el("div", {});
  const legend = el("ul", { class: "legend", "aria-label": "Colours of the runs" });
  let runs = [];
  const only = el("input", {
    type: "checkbox",
    checked: state.get("all") !== "1",
    onchange: () => {
      state.set({ all: !only.checked });
      fill();
    },
  });
  const fill = () => table.replaceChildren(sideBySide(runs, board, only.checked));
  main.replaceChildren(
    el(
      "div",
      { class: "title" },
      el("h1", {}, `Compare ${ids.length} runs`),
      el("span", { class: "grow" }),
      el("label", { class: "tick" }, only, "Only what differs"),
    ),
    table,
    el("details", { class: "section", open: true }, el("summary", {}, el("h2", {}, "Parallel coordinates")), coordinates),
    settingsBar(),
    legend,
    board.element,
  );
  const load = async () => {
    ({ runs } = await api.compare(ids));
    board.places.keep(ids);
    fill();
    legend.replaceChildren(...runs.map((run) => el("li", {}, swatch(look(board.places.of(run.id))), run.name || run.id)));
    coordinates.replaceChildren(
      parallel(
        runs,
        (id) => look(board.places.of(id)),
        (id) => board.highlight(id),
      ),
    );
    await board.show(runs);
  };
  await load();
  onSchemeChange(() => load());
  const refresh = paced(load);
  return (changed) => {
    if (ids.some((id) => changed.has(id))) refresh(changed);
  };
}
