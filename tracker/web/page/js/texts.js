// What a run wrote step by step: the summaries that it generated each epoch, with the ROUGE of that epoch above them.

import { api } from "./api.js";
import { el, plainTable } from "./dom.js";
import { exactTime, number } from "./format.js";
import { isTexts, table } from "./media.js";
import { box } from "./overview.js";

export async function textsTab(panel, run) {
  let step = null; // null: the last
  const show = async () => {
    const [texts, tables] = await Promise.all([api.texts(run().id), api.tables(run().id)]);
    const items = [...tables.items.filter(isTexts), ...texts.items.filter((t) => !t.key.startsWith("source/"))];
    const rouge = await rougeTable(run());
    const steps = [...new Set(items.map((t) => t.step))].sort((a, b) => a - b);
    const at = steps.includes(step) ? step : steps[steps.length - 1];
    panel.replaceChildren(
      rouge ?? "",
      items.length
        ? box(
            "Texts",
            picker(steps, at, (chosen) => {
              step = chosen;
              return show();
            }),
            ...items.filter((t) => t.step === at).map(article),
          )
        : el("p", { class: "empty" }, "The run has written no texts."),
    );
  };
  await show();
  return show;
}

function picker(steps, at, choose) {
  const i = steps.indexOf(at);
  const go = async (to) => {
    await choose(steps[to]);
    document.querySelector(".picker select")?.focus();
  };
  return el(
    "div",
    { class: "row picker" },
    el("button", { type: "button", class: "quiet", disabled: i === 0, onclick: () => go(i - 1) }, "← earlier"),
    el(
      "label",
      {},
      "Step ",
      el(
        "select",
        { onchange: (event) => go(Number(event.target.value)) },
        steps.map((s, n) => el("option", { value: n, selected: s === at }, String(s))),
      ),
    ),
    el("button", { type: "button", class: "quiet", disabled: i === steps.length - 1, onclick: () => go(i + 1) }, "later →"),
  );
}

function article(item) {
  return el(
    "article",
    { class: "text" },
    el("h3", {}, item.key, el("small", {}, exactTime(item.time))),
    item.rows ? table(item) : el("p", {}, item.body),
  );
}

// rougeTable shows ROUGE by step, the best of each kind marked.
async function rougeTable(run) {
  const keys = run.series.filter((s) => /rouge/i.test(s.key) && !s.context).map((s) => s.key);
  if (!keys.length) return null;
  const found = await Promise.all(keys.map((key) => api.points({ key, run: run.id, buckets: 500 })));
  const columns = found.map(({ series: [s] }, i) => ({ key: keys[i], at: new Map(s.steps.map((step, j) => [step, s.mean[j]])) }));
  for (const c of columns) c.best = Math.max(...[...c.at.values()].filter((v) => v !== null));
  const steps = [...new Set(columns.flatMap((c) => [...c.at.keys()]))].sort((a, b) => a - b);
  const rows = steps.map((step) =>
    el(
      "tr",
      {},
      el("th", { scope: "row", class: "number" }, String(step)),
      columns.map((c) => {
        const v = c.at.get(step);
        const best = v === c.best;
        return el("td", { class: "number" + (best ? " best" : ""), title: best ? "the best" : null }, number(v));
      }),
    ),
  );
  const titles = ["Step", ...columns.map((c) => c.key.replace(/^.*\//, ""))];
  return box("ROUGE", el("div", { class: "scroll" }, plainTable(titles, () => "number", rows)));
}
