// The page of one run.

import { addressOf, api } from "./api.js";
import { Board } from "./board.js";
import { el, plainTable } from "./dom.js";
import { bytes, duration, exactTime, time } from "./format.js";
import { paced } from "./live.js";
import { mediaTab } from "./media.js";
import { overview } from "./overview.js";
import { settingsBar } from "./settings.js";
import { sourceTab } from "./source.js";
import { statusBadge } from "./table.js";
import { tabs } from "./tabs.js";
import { textsTab } from "./texts.js";

const isSystem = (key) => key.startsWith("system/") || key.startsWith("gpu/") || key.startsWith("process/");

export async function runPage(main, id) {
  let run = await api.run(id);
  document.title = (run.name || run.id) + " · Paperlab";
  const head = el("div", { class: "runhead" });
  const showHead = () =>
    head.replaceChildren(
      ...heading(run, async (deleted) => {
        run = await api.edit(id, { deleted });
        showHead();
      }),
    );
  showHead();
  const all = tabs(
    [
      {
        id: "charts",
        title: "Charts",
        fill: (panel) =>
          charts(
            panel,
            () => run,
            (key) => !isSystem(key),
          ),
      },
      { id: "overview", title: "Overview", fill: (panel) => overview(panel, () => run) },
      { id: "system", title: "System", fill: (panel) => charts(panel, () => run, isSystem, "relative") },
      { id: "summaries", title: "Summaries", fill: (panel) => textsTab(panel, () => run) },
      { id: "media", title: "Tables and images", fill: (panel) => mediaTab(panel, () => run) },
      { id: "console", title: "Console", fill: (panel) => consoleTab(panel, id) },
      { id: "artifacts", title: "Artifacts", fill: (panel) => artifactsTab(panel, () => run) },
      { id: "source", title: "Source", fill: (panel) => sourceTab(panel, () => run) },
    ],
    "Parts of the run",
  );
  main.replaceChildren(head, all.element);
  const refresh = paced(async () => {
    run = await api.run(id);
    showHead();
    await all.refresh();
  });
  return (ids) => {
    if (ids.has(id)) refresh(ids);
  };
}

function heading(run, setDeleted) {
  const fact = (name, text, title) => (text ? el("div", { title }, el("dt", {}, name), el("dd", {}, text)) : null);
  return [
    el(
      "p",
      { class: "crumbs" },
      el("a", { href: "/" }, "Runs"),
      run.project ? [" / ", run.project] : null,
      run.parent ? [" / ", el("a", { href: addressOf.run(run.parent) }, "parent")] : null,
    ),
    el(
      "div",
      { class: "title" },
      el("h1", {}, run.name || run.id),
      statusBadge(run.deleted ? "in the bin" : run.status),
      el("span", { class: "grow" }),
      el("a", { class: "button", href: "/compare?runs=" + run.id }, "Compare"),
      el(
        "button",
        {
          type: "button",
          class: "quiet",
          onclick: (event) => {
            event.target.disabled = true;
            setDeleted(!run.deleted).catch((error) =>
              event.target.replaceWith(el("span", { class: "failed", role: "alert" }, error.message)),
            );
          },
        },
        run.deleted ? "Restore" : "Move to the bin",
      ),
    ),
    el(
      "dl",
      { class: "facts" },
      fact("Started", time(run.started), exactTime(run.started)),
      fact("Duration", duration(run.seconds)),
      fact("Group", run.group),
      fact("Host", run.machine.host),
      fact("CPU", run.machine.cpu),
      fact("GPU", run.machine.gpu),
      fact("Session", run.session > 1 ? String(run.session) : ""),
      el("div", {}, el("dt", {}, "ID"), el("dd", {}, el("code", {}, run.id))),
    ),
  ];
}

async function charts(panel, run, only, axis) {
  const board = new Board({ only, axis });
  panel.replaceChildren(settingsBar(axis), board.element);
  const show = () => board.show([run()]);
  await show();
  return show;
}

async function consoleTab(panel, id) {
  const screen = el("pre", { class: "console", tabIndex: 0, role: "log", "aria-label": "Console output", "aria-live": "off" });
  const head = el("p", { class: "hint" });
  const show = async () => {
    const { lines, skipped } = await api.console(id);
    const follows = screen.scrollTop + screen.clientHeight >= screen.scrollHeight - 20;
    screen.textContent = lines.join("\n");
    if (follows) screen.scrollTop = screen.scrollHeight;
    head.replaceChildren(
      lines.length
        ? skipped
          ? `The last ${lines.length} lines; ${skipped} before them. `
          : ""
        : "The run has written nothing to its console.",
      lines.length ? el("a", { href: "/api/runs/" + id + "/console.txt", download: "" }, "Download as text") : "",
    );
    screen.hidden = !lines.length;
  };
  panel.replaceChildren(head, screen);
  await show();
  screen.scrollTop = screen.scrollHeight;
  return show;
}

function artifactsTab(panel, run) {
  const show = () => {
    const { id, artifacts } = run();
    if (!artifacts.length) return panel.replaceChildren(el("p", { class: "empty" }, "The run has saved no files."));
    const rows = artifacts.map((a) =>
      el(
        "tr",
        {},
        el("th", { scope: "row" }, el("a", { href: addressOf.file(id, a.hash, a.name), download: "" }, a.name)),
        el("td", { class: "number" }, bytes(a.size)),
        el("td", { class: "time" }, exactTime(a.time)),
        el("td", {}, el("code", { title: a.hash }, a.hash.slice(0, 12))),
      ),
    );
    const titles = ["Name", "Size", "Saved", "SHA-256"];
    panel.replaceChildren(el("div", { class: "scroll" }, plainTable(titles, (i) => (i === 1 ? "number" : ""), rows)));
  };
  show();
  return show;
}
