// The table of the compare page: a run a column, what differs a row.

import { addressOf } from "./api.js";
import { el } from "./dom.js";
import { duration, number, time, value } from "./format.js";
import { look } from "./palette.js";
import { statusBadge, swatch } from "./table.js";

// sideBySide is a table with a run a column.
export function sideBySide(runs, board, onlyDifferent) {
  const differs = (values) => values.some((v) => JSON.stringify(v ?? null) !== JSON.stringify(values[0] ?? null));
  const row = (name, values, show = value, always = false) =>
    always || !onlyDifferent || differs(values)
      ? el(
          "tr",
          { class: differs(values) ? "differs" : "" },
          el("th", { scope: "row" }, name),
          values.map((v) => el("td", { class: typeof v === "number" ? "number" : "" }, show(v))),
        )
      : null;
  const part = (title, rows) => {
    const shown = rows.filter(Boolean);
    return shown.length
      ? el("tbody", {}, el("tr", { class: "part" }, el("th", { scope: "rowgroup", colSpan: runs.length + 1 }, title)), shown)
      : null;
  };
  const keysOf = (field) => [...new Set(runs.flatMap((run) => Object.keys(run[field])))].sort();
  const series = runs.map((run) => new Map(run.series.filter((s) => !s.context).map((s) => [s.key, s])));
  const metrics = [...new Set(series.flatMap((m) => [...m.keys()]))].sort();
  const environment = [...new Set(runs.flatMap((run) => Object.keys(run.machine.env)))].sort();
  return el(
    "table",
    { class: "plain compare" },
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        el("td"),
        runs.map((run) =>
          el(
            "th",
            { scope: "col" },
            swatch(look(board.places.of(run.id))),
            el("a", { href: addressOf.run(run.id) }, run.name || run.id),
          ),
        ),
      ),
    ),
    part("Run", [
      row(
        "status",
        runs.map((r) => r.status),
        statusBadge,
        true,
      ),
      row(
        "started",
        runs.map((r) => r.started),
        time,
        true,
      ),
      row(
        "duration",
        runs.map((r) => r.seconds),
        duration,
        true,
      ),
      row(
        "group",
        runs.map((r) => r.group),
      ),
      row(
        "host",
        runs.map((r) => r.machine.host),
      ),
      row(
        "commit",
        runs.map((r) => r.source.commit),
        (v) => (v ?? "").slice(0, 10),
      ),
      row(
        "command",
        runs.map((r) => r.source.command),
      ),
    ]),
    part(
      "Parameters",
      keysOf("params").map((key) =>
        row(
          key,
          runs.map((r) => r.params[key]),
        ),
      ),
    ),
    part(
      "Tags",
      keysOf("tags").map((key) =>
        row(
          key,
          runs.map((r) => r.tags[key]),
        ),
      ),
    ),
    part(
      "Metrics: last (smallest to largest)",
      metrics.map((key) =>
        metric(
          key,
          series.map((m) => m.get(key)),
          runs.length > 1,
        ),
      ),
    ),
    part(
      "Environment",
      environment.map((key) =>
        row(
          key,
          runs.map((r) => r.machine.env[key]),
        ),
      ),
    ),
  );
}

// metric is the row of a series; the best last value is marked where a name tells which way is better.
function metric(key, series, several) {
  const lasts = series.map((s) => s?.last).filter((v) => typeof v === "number");
  const best = !several
    ? undefined
    : /loss|error|perplexity/i.test(key)
      ? Math.min(...lasts)
      : /rouge|accuracy|ndcg|mrr|map@|precision|recall|f1/i.test(key)
        ? Math.max(...lasts)
        : undefined;
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, key),
    series.map((s) =>
      el(
        "td",
        { class: "number" + (s && s.last === best ? " best" : "") },
        s ? [number(s.last), el("small", {}, s.min === s.max ? "" : ` (${number(s.min)} to ${number(s.max)})`)] : "",
      ),
    ),
  );
}
