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
    const scores = await rouge(run());
    const steps = [...new Set(items.map((t) => t.step))].sort((a, b) => a - b);
    const at = steps.includes(step) ? step : steps[steps.length - 1];
    panel.replaceChildren(
      scores ?? "",
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

// rouge shows ROUGE by step: that of the model (rouge/rouge1), and those of writers without one (rouge_lead1/rouge1). Of several steps
// the best of each kind is marked.
async function rouge(run) {
  const keys = run.series.filter((s) => /rouge/i.test(s.key) && !s.context).map((s) => s.key);
  if (!keys.length) return null;
  const found = await Promise.all(keys.map((key) => api.points({ key, run: run.id, buckets: 500 })));
  const writers = new Map(); // each with its kinds, each of those with values by step
  found.forEach(({ series: [s] }, i) => {
    const [, writer, kind] = /^(?:(.*)\/)?(.*)$/.exec(keys[i]);
    if (!writers.has(writer)) writers.set(writer, new Map());
    writers.get(writer).set(kind, new Map(s.steps.map((step, j) => [step, s.mean[j]])));
  });
  const kinds = [...new Set([...writers.values()].flatMap((of) => [...of.keys()]))];
  const rows = [...writers].flatMap(([writer, of]) => rougeRows(of, kinds, writers.size > 1 ? [el("td", {}, writer)] : []));
  const titles = [...(writers.size > 1 ? ["Writer"] : []), "Step", ...kinds];
  return box("ROUGE", el("div", { class: "scroll" }, plainTable(titles, (i) => (titles[i] === "Writer" ? "" : "number"), rows)));
}

// rougeRows are the rows of a writer, a step each.
function rougeRows(of, kinds, name) {
  const steps = [...new Set([...of.values()].flatMap((values) => [...values.keys()]))].sort((a, b) => a - b);
  const bestOf = (kind) => Math.max(...[...(of.get(kind)?.values() ?? [])].filter((v) => v !== null));
  const best = new Map(steps.length > 1 ? kinds.map((kind) => [kind, bestOf(kind)]) : []);
  return steps.map((step) =>
    el(
      "tr",
      {},
      name.map((cell) => cell.cloneNode(true)),
      el("th", { scope: "row", class: "number" }, String(step)),
      kinds.map((kind) => {
        const v = of.get(kind)?.get(step);
        const marked = v !== undefined && v === best.get(kind);
        return el("td", { class: "number" + (marked ? " best" : ""), title: marked ? "the best" : null }, number(v));
      }),
    ),
  );
}
