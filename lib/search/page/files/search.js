// The search page. The address holds what is asked: whatever changes it, the page shows its answer. Data only ever becomes
// text or the value of an attribute.

const byId = (id) => document.getElementById(id);
const form = byId("form");
const NAMES = ["q", "like", "by", "category", "from", "to", "k"];
const DEFAULTS = { by: "meaning", k: "10" };

// el makes an element.
function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter(Boolean)); // texts become text nodes
  return element;
}

// addressOf returns the address of a search, without what goes without saying.
function addressOf(parameters) {
  const kept = new URLSearchParams();
  for (const name of NAMES) {
    const value = (parameters[name] ?? "").trim();
    if (value && value !== DEFAULTS[name]) kept.set(name, value);
  }
  const text = kept.toString();
  return "/" + (text && "?" + text);
}

const asked = () => Object.fromEntries(new URLSearchParams(location.search));
const filled = () => Object.fromEntries(new FormData(form));

// go shows another search, from which the reader can go back.
function go(address) {
  if (address !== location.pathname + location.search) history.pushState(null, "", address);
  show();
}

// fill makes the form say what the address does.
function fill() {
  const parameters = { ...DEFAULTS, ...asked() };
  for (const field of form.elements) {
    if (!field.name) continue;
    field.removeAttribute("aria-invalid");
    if (field.type === "radio") field.checked = field.value === parameters.by;
    else field.value = parameters[field.name] ?? "";
  }
  if (form.elements.k.selectedIndex < 0) form.elements.k.value = DEFAULTS.k;
}

function say(text, failed = false) {
  byId("status").textContent = text;
  byId("status").classList.toggle("failed", failed);
}

let last = new AbortController();

// show asks what the address says, and shows the answer. Only the last question's counts.
async function show() {
  last.abort();
  last = new AbortController();
  const { signal } = last;
  fill();
  const { q, like } = asked();
  if (!q && !like) {
    clear("", "");
    return;
  }
  byId("hits").classList.add("old");
  try {
    const answer = await fetch("/api/search" + location.search, { signal });
    const body = await answer.json().catch(() => ({}));
    if (signal.aborted) return;
    if (answer.ok) present(body);
    else refuse(body.error ?? "The server answered " + answer.status + ".", body.field);
  } catch (error) {
    if (!signal.aborted) refuse("The server does not answer: is paperlab index serve still running?");
  }
}

function clear(heading, title) {
  byId("hits").replaceChildren();
  byId("hits").classList.remove("old");
  byId("heading").textContent = heading;
  byId("help").hidden = heading !== "";
  document.title = (title && title + " · ") + "Search papers";
  say("");
}

function refuse(why, field) {
  clear("The search failed", "");
  say(why, true);
  const input = field && form.elements[field];
  if (input instanceof HTMLElement) input.setAttribute("aria-invalid", "true");
}

function present({ query, like, hits, milliseconds }) {
  const subject = like ? "Papers like " + line(like.title || like.id) : "Papers for " + query;
  clear(subject, subject);
  byId("hits").append(...hits.map(hitItem));
  say(hits.length ? hits.length + (hits.length === 1 ? " paper in " : " papers in ") + milliseconds.toFixed(1) + " ms" : "No paper matches: try other words, or fewer filters.");
  if (like) byId("heading").focus({ preventScroll: true });
  scrollTo(0, 0);
}

const line = (text) => text.split(/\s+/).join(" ").trim();

// ARXIV is what identifiers of arXiv look like, of which the address of the paper is known.
const ARXIV = /^(\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?\/\d{7})$/;

function hitItem(hit) {
  const title = line(hit.title) || hit.id;
  const name = ARXIV.test(hit.id) ? el("a", { href: "https://arxiv.org/abs/" + hit.id, rel: "noreferrer" }, title) : title;
  const near = typeof hit.similarity === "number" ? "similarity " + hit.similarity.toFixed(3) : "found by its words";
  const about = [hit.authors && line(hit.authors), hit.categories, hit.year && String(hit.year), hit.id, near].filter(Boolean);
  const text = hit.abstract && el("p", { class: "abstract" }, line(hit.abstract));
  return el(
    "li",
    {},
    el("h3", {}, name),
    el("p", { class: "about" }, about.join(" · ")),
    text,
    el(
      "div",
      { class: "tools" },
      hit.id && el("a", { class: "like", href: addressOf({ ...asked(), q: "", like: hit.id }), "aria-label": "More like " + title }, "More like this"),
      text && unfold(text),
    ),
  );
}

// unfold makes the button that shows an abstract as a whole, or its beginning. It is there where the window cuts the abstract off.
function unfold(text) {
  const button = el("button", { type: "button", "aria-expanded": "false" }, "Whole abstract");
  button.addEventListener("click", () => button.setAttribute("aria-expanded", String(text.classList.toggle("whole"))));
  const fits = () => !text.classList.contains("whole") && text.scrollHeight <= text.clientHeight;
  new ResizeObserver(() => (button.hidden = fits())).observe(text);
  return button;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  go(addressOf(filled()));
});

// A changed filter is a new question where one was asked; what is being written waits for Enter.
form.addEventListener("change", (event) => {
  if (event.target.name === "q") return;
  const { like } = asked();
  const { q, ...filters } = filled();
  if (q.trim()) go(addressOf({ q, ...filters }));
  else if (like) go(addressOf({ like, ...filters }));
});

// Links within the page need no new one. Whoever wants a tab of its own gets it.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a.like, h1 a");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go(link.getAttribute("href"));
});

addEventListener("popstate", show);
show();

fetch("/api/info")
  .then((answer) => answer.json())
  .then(({ papers, file, model }) => {
    byId("about").textContent = papers.toLocaleString("en") + " papers in " + file + ", by " + model.split("/").pop();
    byId("about").title = model;
  })
  .catch(() => {}); // the search itself says what is wrong
