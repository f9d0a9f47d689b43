// Building elements. Data only ever becomes text or the value of an attribute: nothing is parsed as HTML.

const SVG = "http://www.w3.org/2000/svg";

// el makes an element. Properties: onNAME listens, class, style (an object), dataset (an object); what the element knows
// as a property is set as one, everything else as an attribute. Absent (null, undefined, false) ones are left out.
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "style") for (const [k, v] of Object.entries(value)) element.style.setProperty(k, v);
    else if (name === "dataset") Object.assign(element.dataset, value);
    else if (name in element && !READ_ONLY.has(name)) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const READ_ONLY = new Set(["list", "form", "role"]);

// svg makes an SVG element with attributes.
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter(Boolean));
  return element;
}

// announce says something to those who hear the page instead of seeing it.
export function announce(text) {
  document.getElementById("announcer").textContent = text;
}

// later returns a function that calls f once, some milliseconds after its last call.
export function later(f, milliseconds) {
  let timer;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => f(...args), milliseconds);
  };
}

// menu makes a button that opens a list of links or buttons. It closes on Escape, on a choice, and when it loses the focus.
export function menu(label, title, items) {
  const details = el(
    "details",
    { class: "menu" },
    el("summary", { title, "aria-label": title }, label),
    el("div", { class: "items" }, items),
  );
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    details.open = false;
    details.firstChild.focus();
    event.stopPropagation();
  });
  details.addEventListener("click", (event) => {
    if (event.target.closest(".items a, .items button")) details.open = false;
  });
  details.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !details.contains(event.relatedTarget)) details.open = false;
  });
  document.addEventListener("pointerdown", (event) => {
    if (!details.contains(event.target)) details.open = false;
  });
  return details;
}

// plainTable is a table under a row of titles, whose classes kind gives by their places. The rows are made by the caller.
export function plainTable(titles, kind, rows) {
  const head = titles.map((title, i) => el("th", { scope: "col", class: kind(i) }, title));
  return el("table", { class: "plain" }, el("thead", {}, el("tr", {}, head)), el("tbody", {}, rows));
}
