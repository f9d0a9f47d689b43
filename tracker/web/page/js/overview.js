// What a run is: notes and tags, which can be edited, parameters, the summaries of its series, its environment.

import { api } from "./api.js";
import { announce, el, plainTable } from "./dom.js";
import { number, value } from "./format.js";

export function overview(panel, run) {
  const notes = notesBox(run);
  const tags = tagsBox(run);
  const [left, right] = [el("div"), el("div")];
  panel.replaceChildren(
    el("div", { class: "columnsof2" }, el("div", {}, notes.element, left), el("div", {}, tags.element, right)),
  );
  const show = () => {
    const { params, series, machine } = run();
    notes.refresh();
    tags.refresh();
    right.replaceChildren(box("Series", seriesTable(series)));
    left.replaceChildren(
      box(
        "Parameters",
        pairs(
          Object.entries(params)
            .sort(byName)
            .map(([key, v]) => [key, value(v)]),
          "The run has no parameters.",
        ),
      ),
      box("Environment", pairs(Object.entries(machine.env).sort(byName), "Nothing is known of the environment.")),
    );
  };
  show();
  return show;
}

const byName = ([a], [b]) => (a < b ? -1 : 1);

export function box(title, ...content) {
  return el("section", { class: "box", "aria-label": title }, el("h2", {}, title), content);
}

// pairs is a table of names and values.
export function pairs(all, none) {
  if (!all.length) return el("p", { class: "empty" }, none);
  return el(
    "table",
    { class: "plain pairs" },
    el(
      "tbody",
      {},
      all.map(([name, v]) => el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, v))),
    ),
  );
}

function seriesTable(series) {
  if (!series.length) return el("p", { class: "empty" }, "The run has logged no numbers.");
  const rows = series.map((s) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, s.key + (s.context ? " " + s.context : "")),
      [s.last, s.min, s.max, s.count].map((v) => el("td", { class: "number" }, number(v))),
    ),
  );
  const titles = ["Series", "Last", "Min", "Max", "Points"];
  return el("div", { class: "scroll" }, plainTable(titles, (i) => (i ? "number" : ""), rows));
}

// notesBox is a text that is saved by a button, or Ctrl and Enter.
function notesBox(run) {
  const text = el("textarea", { rows: 5, "aria-label": "Notes", placeholder: "What this run is for, what came of it" });
  const said = el("span", { class: "hint", role: "status" });
  const save = el("button", { type: "button", hidden: true, onclick: () => store() }, "Save notes");
  const store = async () => {
    save.disabled = true;
    try {
      const saved = await api.edit(run().id, { notes: text.value });
      run().notes = saved.notes;
      said.textContent = "Saved.";
      save.hidden = true;
    } catch (error) {
      said.textContent = "Not saved: " + error.message;
    }
    save.disabled = false;
  };
  text.addEventListener("input", () => {
    save.hidden = text.value === run().notes;
    said.textContent = "";
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) store();
  });
  // What someone is writing is not overwritten by what comes in.
  const refresh = () => {
    if (save.hidden && document.activeElement !== text) text.value = run().notes;
  };
  return { element: box("Notes", text, el("div", { class: "row" }, save, said)), refresh };
}

function tagsBox(run) {
  const list = el("ul", { class: "tags" });
  const key = el("input", { type: "text", size: 12, placeholder: "name", "aria-label": "Name of the tag", required: true });
  const text = el("input", { type: "text", size: 12, placeholder: "value", "aria-label": "Value of the tag" });
  const said = el("span", { class: "hint", role: "status" });
  const change = async (tags, done) => {
    try {
      run().tags = (await api.edit(run().id, { tags })).tags;
      said.textContent = "";
      refresh();
      announce(done);
    } catch (error) {
      said.textContent = error.message;
    }
  };
  const refresh = () => {
    const tags = Object.entries(run().tags).sort(byName);
    list.replaceChildren(
      ...tags.map(([name, v]) =>
        el(
          "li",
          {},
          el("b", {}, name),
          v ? " " + v : "",
          el(
            "button",
            {
              type: "button",
              class: "icon",
              "aria-label": "Remove tag " + name,
              title: "Remove",
              onclick: () => change({ [name]: null }, "Tag removed"),
            },
            "×",
          ),
        ),
      ),
    );
    list.hidden = !tags.length;
  };
  const form = el(
    "form",
    {
      class: "row",
      onsubmit: (event) => {
        event.preventDefault();
        change({ [key.value]: text.value }, "Tag added");
        key.value = text.value = "";
        key.focus();
      },
    },
    key,
    text,
    el("button", {}, "Add tag"),
    said,
  );
  return { element: box("Tags", list, form), refresh };
}
