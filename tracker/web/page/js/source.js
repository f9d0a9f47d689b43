// Where a run came from: its command, the cells of its notebook, the git commit and what differed from it.

import { api } from "./api.js";
import { el } from "./dom.js";
import { box, pairs } from "./overview.js";

export async function sourceTab(panel, run) {
  const show = async () => {
    const { source, id, tags } = run();
    const cells = (await api.texts(id, "source/cell")).items;
    panel.replaceChildren(
      box(
        "Command",
        source.command
          ? el("pre", { tabIndex: 0, "aria-label": "Command" }, source.command)
          : el("p", { class: "empty" }, "The command is not known."),
        pairs(
          [
            ["folder", source.dir],
            ["git commit", source.commit],
          ].filter(([, v]) => v),
          "",
        ),
      ),
      ...(cells.length
        ? [
            box(
              "Cells" + (tags.notebook ? " of " + tags.notebook : ""),
              ...cells.map(({ step, body }) =>
                el(
                  "div",
                  { class: "cell" },
                  el("span", {}, `[${step}]`),
                  el("pre", { class: "code", tabIndex: 0, "aria-label": "Cell " + step }, body),
                ),
              ),
            ),
          ]
        : []),
      ...(source.commit || source.diff ? [box("Changes since the commit", diff(source.diff))] : []),
    );
  };
  await show();
  return show;
}

// diff shows a diff, its lines coloured by their first character.
function diff(text) {
  if (!text) return el("p", { class: "empty" }, "Nothing differed from the commit.");
  const kind = (line) =>
    line.startsWith("diff ") || line.startsWith("index ") || line.startsWith("+++") || line.startsWith("---")
      ? "file"
      : line.startsWith("@@")
        ? "place"
        : line.startsWith("+")
          ? "added"
          : line.startsWith("-")
            ? "removed"
            : "";
  return el(
    "pre",
    { class: "code diff", tabIndex: 0, "aria-label": "Diff" },
    text.split("\n").map((line) => el("span", { class: kind(line) }, line + "\n")),
  );
}
