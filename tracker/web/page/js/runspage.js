// The first page: the table of runs, and the charts of those chosen in it.

import { api, Refusal } from "./api.js";
import { Board } from "./board.js";
import { columnsButton } from "./columns.js";
import { announce, el } from "./dom.js";
import { expressionField } from "./filter.js";
import { count } from "./format.js";
import { paced } from "./live.js";
import { look, onSchemeChange } from "./palette.js";
import { settingsBar } from "./settings.js";
import * as state from "./state.js";
import { runsTable } from "./table.js";

const TABLE = ["filter", "sort", "columns", "group"]; // what the table depends on
const NONE = "none"; // in the address, where no run is to be drawn
const SLOW = 30000; // ms between looks at runs that go on: whose program has died changes nothing itself

export async function runsPage(main, { bin }) {
  const page = new RunsPage(main, bin);
  await page.load();
  const refresh = paced((changed) => page.load({ changed }));
  setInterval(() => {
    if (page.answer?.alive && !document.hidden) refresh([]);
  }, SLOW);
  return refresh;
}

class RunsPage {
  constructor(main, bin) {
    this.bin = bin;
    this.limit = 100;
    this.folded = new Set();
    this.board = new Board({ only: (key) => !key.startsWith("system/") });
    this.table = el("table", { class: "runs" });
    this.total = el("span", { class: "total", role: "status" });
    this.more = el("button", {
      type: "button",
      class: "quiet",
      hidden: true,
      onclick: () => {
        this.limit += 400;
        this.load();
      },
    });
    this.compare = el("a", { class: "button", href: "/compare" }, "Compare");
    this.fields = {
      filter: expressionField({
        name: "filter",
        label: "Filter",
        placeholder: 'status == "finished" && params.lr <= 5e-5 && min("eval/loss") < 2.5',
        suggestions: true,
      }),
      group: expressionField({ name: "group", label: "Group by", placeholder: "params.lr", suggestions: true, size: 14 }),
    };
    const button = (label, title, act) => el("button", { type: "button", class: "quiet", title, onclick: act }, label);
    document.title = (bin ? "Bin" : "Runs") + " · Paperlab";
    main.replaceChildren(
      el("h1", { class: "hidden" }, bin ? "Runs in the bin" : "Runs"),
      el(
        "form",
        { class: "bar", role: "search", onsubmit: (event) => event.preventDefault() },
        this.fields.filter.element,
        this.fields.group.element,
        el(
          "div",
          { class: "buttons" },
          columnsButton(() => this.answer),
        ),
      ),
      el(
        "div",
        { class: "bar under" },
        this.total,
        el("span", { class: "grow" }),
        el("span", { class: "label" }, "Draw:"),
        button("newest 10", "Draw the ten newest runs of the table", () => state.set({ runs: null }, { push: true })),
        button("all listed", "Draw all runs that are listed", () => this.#choose(this.answer.runs.map((run) => run.id))),
        button("none", "Draw no run", () => this.#choose([])),
        this.compare,
      ),
      el("div", { class: "tableholder", tabIndex: 0, role: "region", "aria-label": "Table of runs" }, this.table, this.more),
      settingsBar(),
      this.board.element,
    );
    onSchemeChange(() => this.#show(true));
    state.onChange((names) => {
      if (!names || names.some((name) => TABLE.includes(name) || name === "runs")) this.load();
    });
  }

  // load asks for the table and draws what is chosen. Answers that a later question overtook are dropped. changed are the
  // runs because of which it is asked again, if it is no one who asks.
  async load({ changed = null, without = null } = {}) {
    this.asked?.abort();
    const { signal } = (this.asked = new AbortController());
    const chosen = this.#explicit();
    try {
      const answer = await api.runs(
        {
          ...Object.fromEntries(TABLE.map((name) => [name, name === without ? "" : state.get(name)])),
          limit: this.limit,
          run: chosen ?? [],
          bin: this.bin,
        },
        signal,
      );
      if (signal.aborted) return;
      this.answer = answer;
    } catch (error) {
      if (error.name === "AbortError") return;
      if (!(error instanceof Refusal) || !error.field || without) throw error;
      this.fields[error.field]?.refuse(error);
      announce(error.message);
      // A table that is there stays as it was; a page that opens shows one without what is wrong.
      return this.answer && error.field in this.fields ? undefined : this.load({ without: error.field });
    }
    for (const [name, field] of Object.entries(this.fields)) if (name !== without) field.accept();
    if (this.answer.unknown?.length) this.fields.filter.warn(this.answer.unknown);
    this.fields.filter.suggest(this.answer.known);
    this.fields.group.suggest(this.answer.known.filter((k) => !k.includes("(")));
    this.#show(changed !== null);
    const drawn = this.#drawn();
    if (changed && drawn.every((run) => this.board.runs.has(run.id) && !changed.has(run.id))) return;
    await this.#draw(drawn);
  }

  // #explicit returns the runs that the reader chose, or null.
  #explicit() {
    return state.get("runs") === NONE ? [] : state.getList("runs");
  }

  #choose(ids) {
    state.set({ runs: ids.length ? ids : NONE }, { push: true });
  }

  #drawn() {
    return this.#explicit() ? this.answer.chosen : this.answer.newest;
  }

  #show(quietly) {
    const { total, matched, runs } = this.answer;
    const drawn = this.#drawn();
    this.board.places.keep(drawn.map((run) => run.id));
    const ids = new Set(drawn.map((run) => run.id));
    const said =
      (matched === total ? count(total, "run") : `${matched.toLocaleString("en-US")} of ${count(total, "run")}`) +
      (this.bin ? " in the bin" : "");
    if (!quietly) announce(said);
    this.total.textContent = said + `, ${ids.size} drawn`;
    this.more.hidden = runs.length >= matched;
    this.more.textContent = `Show more: ${runs.length} of ${matched.toLocaleString("en-US")} are listed`;
    this.compare.href = "/compare?runs=" + [...ids].join(",");
    runsTable(this.table, this.answer, {
      sort: state.get("sort"),
      folded: this.folded,
      drawn: (id) => ids.has(id),
      place: (id) => this.#placeOf(id),
      groupLook: (label) =>
        this.answer.groups && drawn.some((run) => this.answer.groups[run.group].label === label)
          ? look(this.board.groupPlace(label))
          : null,
      onSort: (sort) => state.set({ sort }, { push: true }),
      onChoose: (id, on) => this.#choose(on ? [...ids, id] : [...ids].filter((one) => one !== id)),
      onPoint: (id) => this.board.highlight(id),
    });
    if (total === 0) this.table.replaceChildren(el("caption", { class: "empty" }, this.bin ? "The bin is empty." : beginning()));
  }

  #placeOf(id) {
    if (!this.answer.groups) return this.board.places.of(id);
    const run = this.#drawn().find((one) => one.id === id);
    return this.board.groupPlace(this.answer.groups[run.group].label);
  }

  async #draw(drawn) {
    const groups = this.answer.groups;
    const labels = groups && new Map(drawn.map((run) => [run.id, groups[run.group].label]));
    await this.board.show(drawn, labels && ((id) => labels.get(id)));
  }
}

// beginning tells whoever has no runs yet how to log one.
function beginning() {
  const way = (name, ...lines) => [el("dt", {}, name), el("dd", {}, el("pre", {}, lines.join("\n")))];
  const ways = el(
    "dl",
    {},
    way(
      "From a shell",
      "id=$(paperlab runs new --name first)",
      "paperlab log --run $id --step 1 loss=0.5",
      "paperlab runs finish $id",
    ),
    way(
      "From Go",
      'store, err := runs.Open(ctx, "")',
      'run, err := runs.Start(ctx, store, runs.Options{Name: "first"})',
      'err = run.Log(ctx, 1, map[string]float64{"loss": 0.5})',
    ),
  );
  api.info().then(({ mlflow }) => {
    if (mlflow) ways.append(...way("From Python, through MLflow", `export MLFLOW_TRACKING_URI=${location.origin}`));
  });
  return el("div", { class: "beginning" }, el("p", {}, "No runs yet. This page shows them as soon as they log something."), ways);
}
