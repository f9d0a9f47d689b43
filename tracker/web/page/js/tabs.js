// Tabs as the ARIA practices have them: one is in the tab order, arrows move between them. Which is open is in the address.

import { el } from "./dom.js";
import * as state from "./state.js";

// tabs makes them of [{id, title, fill}]: fill(panel) fills a panel when it is opened first; it may return what refreshes it.
export function tabs(all, label) {
  const panel = el("div", { role: "tabpanel", id: "tabpanel", tabIndex: 0 });
  const filled = new Map();
  const buttons = all.map(({ id, title }) =>
    el(
      "button",
      {
        type: "button",
        role: "tab",
        id: "tab-" + id,
        "aria-controls": "tabpanel",
        onclick: () => state.set({ tab: id === all[0].id ? null : id, zoom: null }, { push: true }),
      },
      title,
    ),
  );
  const list = el("div", { role: "tablist", "aria-label": label, class: "tabs" }, buttons);
  list.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + buttons.length, Home: 0, End: buttons.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    buttons[to % buttons.length].focus();
    buttons[to % buttons.length].click();
    event.preventDefault();
  });
  // A narrow window shows some of the tabs: the open one should be among them. The page itself does not move.
  const reveal = () => {
    const [row, place] = [list, buttons.find((b) => b.ariaSelected === "true")].map((e) => e.getBoundingClientRect());
    if (place.right > row.right || place.left < row.left) list.scrollLeft += place.left - row.left - (row.width - place.width) / 2;
  };
  const open = async () => {
    const at = Math.max(
      0,
      all.findIndex(({ id }) => id === state.get("tab")),
    );
    buttons.forEach((button, i) => {
      button.setAttribute("aria-selected", String(i === at));
      button.tabIndex = i === at ? 0 : -1;
    });
    reveal();
    panel.setAttribute("aria-labelledby", buttons[at].id);
    const { id, fill } = all[at];
    if (!filled.has(id)) {
      const inside = el("div", {}, el("p", { class: "waiting" }, "Loading"));
      filled.set(id, { inside });
      panel.replaceChildren(inside);
      try {
        filled.get(id).refresh = await fill(inside);
      } catch (error) {
        inside.replaceChildren(el("p", { class: "failed", role: "alert" }, error.message));
      }
    } else panel.replaceChildren(filled.get(id).inside);
    return filled.get(id).refresh;
  };
  let opened = open();
  new ResizeObserver(reveal).observe(list);
  state.onChange((names) => {
    if (!names || names.includes("tab")) opened = open();
  });
  // refresh brings the open tab up to date; the others are filled anew when they are opened again.
  const refresh = async () => {
    const now = await opened;
    for (const [id, { inside }] of filled) if (!panel.contains(inside)) filled.delete(id);
    await now?.();
  };
  return { element: el("div", {}, list, panel), refresh };
}
