// Which view an address shows, and what all of them share.

import { api } from "./api.js";
import { el } from "./dom.js";
import { follow } from "./live.js";
import { comparePage } from "./comparepage.js";
import { runPage } from "./runpage.js";
import { runsPage } from "./runspage.js";

const main = document.getElementById("main");

// start shows the view of the address. A view is a function that fills the main element and returns what is to be done when
// runs change: a function of their IDs.
async function start() {
  // MLflow's clients print addresses as their own page has them.
  const run = /^#\/experiments\/\d+\/runs\/(\w+)/.exec(location.hash);
  if (run) return location.replace("/runs/" + run[1]);
  const [, first, id] = location.pathname.split("/");
  for (const link of document.querySelectorAll("nav a"))
    if (link.pathname === "/" + (first === "runs" ? "" : first)) link.setAttribute("aria-current", "page");
  api.info().then(
    ({ name }) => {
      document.getElementById("store").textContent = name.split("/").pop();
      document.getElementById("store").title = name;
    },
    () => {},
  );
  try {
    const changed = await (first === "runs"
      ? runPage(main, decodeURIComponent(id))
      : first === "compare"
        ? comparePage(main)
        : runsPage(main, { bin: first === "bin" }));
    follow(changed, showLive);
  } catch (error) {
    document.getElementById("live").hidden = true; // a page that failed follows nothing
    main.replaceChildren(
      el(
        "div",
        { class: "failed page", role: "alert" },
        el("h1", {}, "That did not work"),
        el("p", {}, error.message),
        error.hint ? el("p", { class: "hint" }, error.hint) : null,
        el("p", {}, el("a", { href: "/" }, "All runs")),
      ),
    );
    console.error(error);
  }
}

function showLive(is) {
  const live = document.getElementById("live");
  live.textContent = is ? "live" : "connection lost, trying again";
  live.className = is ? "live on" : "live off";
}

start();
