// The table of runs: sorted by a click on a column's title, grouped, with boxes that choose what is drawn.

import { addressOf } from "./api.js";
import { el } from "./dom.js";
import { duration, exactTime, number, time, value } from "./format.js";
import { look } from "./palette.js";

// runsTable fills a table element with what /api/runs answered. view has: sort (as in the address), drawn(id), place(id),
// onSort(expression), onChoose(id, whether), onPoint(id or null), and open (the set of groups that are folded).
export function runsTable(table, answer, view) {
  const kept = focused(table);
  const head = el(
    "thead",
    {},
    el(
      "tr",
      {},
      el("th", { scope: "col", class: "choose" }, el("span", { class: "hidden" }, "Draw")),
      FIXED.map(({ title, by, align }) => heading(title, by, view, align)),
      answer.columns.map((column) => heading(short(column), column.expression, view, column.number ? "number" : "")),
    ),
  );
  const bodies = answer.groups
    ? answer.groups.map((group, i) =>
        groupBody(
          group,
          answer.runs.filter((run) => run.group === i),
          answer,
          view,
        ),
      )
    : [
        el(
          "tbody",
          {},
          answer.runs.map((run) => row(run, answer, view)),
        ),
      ];
  table.replaceChildren(el("caption", { class: "hidden" }, "Runs"), head, ...bodies);
  if (kept) table.querySelector(kept)?.focus({ preventScroll: true });
}

// The columns that are always there.
const FIXED = [
  { title: "Name", by: "name" },
  { title: "Status", by: "status" },
  { title: "Started", by: "started" },
  { title: "Duration", by: "duration", align: "number" },
];

function heading(title, by, view, align) {
  const falling = view.sort === "-" + by;
  const sorted = falling || view.sort === by;
  return el(
    "th",
    { scope: "col", class: align, "aria-sort": sorted ? (falling ? "descending" : "ascending") : null },
    el(
      "button",
      { type: "button", title: "Sort by " + by, dataset: { sort: by }, onclick: () => view.onSort(next(view.sort, by)) },
      title,
      el("span", { class: "arrow", "aria-hidden": "true" }, sorted ? (falling ? "↓" : "↑") : ""),
    ),
  );
}

// short writes the usual expressions as people say them: params.lr is lr, last("train/loss") train/loss, last.
function short({ title, expression }) {
  if (title !== expression) return title;
  const call = /^(\w+)\("((?:[^"\\]|\\.)*)"\)$/.exec(title);
  if (call) return [JSON.parse(`"${call[2]}"`), el("small", {}, call[1])];
  return title.replace(/^(params|tags)\./, "");
}

// next goes from falling to rising to no order.
function next(sort, by) {
  return sort === "-" + by ? by : sort === by ? "" : "-" + by;
}

function row(run, answer, view) {
  const drawn = view.drawn(run.id);
  const box = el("input", {
    type: "checkbox",
    checked: drawn,
    dataset: { choose: run.id },
    "aria-label": "Draw " + (run.name || run.id),
    onchange: (event) => view.onChoose(run.id, event.target.checked),
  });
  return el(
    "tr",
    {
      dataset: { run: run.id },
      class: drawn ? "drawn" : "",
      onpointerenter: () => view.onPoint(drawn ? run.id : null),
      onpointerleave: () => view.onPoint(null),
    },
    el("td", { class: "choose" }, box),
    el(
      "th",
      { scope: "row" },
      swatch(drawn && look(view.place(run.id))),
      el("a", { href: addressOf.run(run.id), dataset: { open: run.id }, title: run.id }, run.name || run.id),
    ),
    el("td", {}, statusBadge(run.status)),
    el("td", { title: exactTime(run.started) }, time(run.started)),
    el("td", { class: "number" }, duration(run.seconds)),
    run.values.map((v, i) => cell(v, answer.columns[i])),
  );
}

function cell(v, column) {
  return el(
    "td",
    { class: column.number ? "number" : "", title: typeof v === "number" ? String(v) : column.number ? null : value(v) },
    shown(v, column),
  );
}

function shown(v, { kind }) {
  if (v === null) return "";
  return kind === "time" ? time(v) : kind === "duration" ? duration(v) : value(v);
}

// swatch is the colour of a run, or a place where none is.
export function swatch(shape) {
  return el("span", {
    class: "swatch" + (shape ? "" : " none"),
    style: shape ? { background: shape.dash ? stripes(shape.color) : shape.color } : {},
  });
}

const stripes = (color) => `repeating-linear-gradient(90deg, ${color} 0 4px, transparent 4px 6px)`;

export function statusBadge(status) {
  return el("span", { class: "status " + status }, status);
}

function groupBody(group, runs, answer, view) {
  const folded = view.folded.has(group.label);
  const toggle = el(
    "button",
    {
      type: "button",
      class: "fold",
      "aria-expanded": String(!folded),
      dataset: { group: group.label },
      onclick: () => {
        view.folded[folded ? "delete" : "add"](group.label);
        runsTable(document.querySelector("table.runs"), answer, view);
      },
    },
    (folded ? "▸ " : "▾ ") + (group.label || "(none)"),
  );
  return el(
    "tbody",
    {},
    el(
      "tr",
      { class: "group" },
      el("td", { class: "choose" }),
      el("th", { scope: "rowgroup" }, swatch(view.groupLook?.(group.label)), toggle),
      el("td", {}, group.count + (group.count === 1 ? " run" : " runs")),
      el("td"),
      el("td", { class: "number" }, "mean"),
      group.means.map((m) =>
        el(
          "td",
          {
            class: "number",
            title:
              m && m.count > 1
                ? `${number(m.min)} to ${number(m.max)}, standard deviation ${number(m.std)}, of ${m.count}`
                : null,
          },
          m ? number(m.mean) : "",
        ),
      ),
    ),
    folded ? [] : runs.map((run) => row(run, answer, view)),
  );
}

// focused returns a selector of the control that has the focus, to find its successor by.
function focused(table) {
  const active = document.activeElement;
  if (!table.contains(active)) return null;
  const [name] = Object.keys(active.dataset);
  return name ? `[data-${name}="${CSS.escape(active.dataset[name])}"]` : null;
}
