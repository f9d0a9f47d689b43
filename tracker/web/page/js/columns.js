// The dialog in which the columns of the table are chosen.

import { el } from "./dom.js";
import * as state from "./state.js";

// columnsButton makes the button and its dialog. answer() is what /api/runs last said: its columns, and what else is known.
export function columnsButton(answer) {
  const dialog = el("dialog", { class: "columns", "aria-label": "Columns" });
  const open = () => {
    fill(dialog, answer());
    dialog.showModal();
  };
  return [el("button", { type: "button", onclick: open }, "Columns"), dialog];
}

function fill(dialog, { columns, known }) {
  const chosen = columns.map(({ title, expression }) =>
    title === expression ? title : `${expression} as ${JSON.stringify(title)}`,
  );
  const expressions = el("textarea", {
    rows: 3,
    spellcheck: false,
    "aria-label": "Columns as expressions",
    value: chosen.join(", "),
  });
  const has = () =>
    new Set(
      expressions.value
        .split(/,(?![^(]*\))/)
        .map((s) => s.trim())
        .filter(Boolean),
    );
  const boxes = known.map((expression) =>
    el(
      "label",
      { class: "tick" },
      el("input", {
        type: "checkbox",
        checked: chosen.includes(expression),
        onchange: (event) => {
          const set = has();
          set[event.target.checked ? "add" : "delete"](expression);
          expressions.value = [...set].join(", ");
        },
      }),
      expression,
    ),
  );
  const find = el("input", {
    type: "search",
    placeholder: "find",
    "aria-label": "Find a column",
    oninput: () =>
      boxes.forEach((box) => {
        box.hidden = !box.textContent.toLowerCase().includes(find.value.toLowerCase());
      }),
  });
  const close = (columns) => {
    state.set({ columns }, { push: true });
    dialog.close();
  };
  dialog.replaceChildren(
    el(
      "form",
      {
        method: "dialog",
        onsubmit: (event) => {
          event.preventDefault();
          close(expressions.value.trim() || null);
        },
      },
      el("h2", {}, "Columns"),
      find,
      el("div", { class: "known" }, boxes),
      el("label", {}, "As expressions, in their order", expressions),
      el("p", { class: "hint" }, 'Such as params.lr, min("eval/loss") as best, at("train/loss", 100).'),
      el(
        "menu",
        {},
        el("button", { type: "button", class: "quiet", onclick: () => close(null) }, "As at first"),
        el("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, "Cancel"),
        el("button", {}, "Show"),
      ),
    ),
  );
}
