// The state of a view lives in the query of its address, so that a copied address shows the same view.

const listeners = new Set();

// get returns a value of the address as text, or the empty string.
export const get = (name) => new URLSearchParams(location.search).get(name) || "";

// getList returns a value that holds several, separated by commas; null if the address has none.
export function getList(name) {
  const q = new URLSearchParams(location.search);
  return q.has(name) ? q.get(name).split(",").filter(Boolean) : null;
}

// set changes values; null and "" take one out (an empty list stays, as "nothing is chosen"). A step that a person may
// want to go back from is pushed onto the history; typing only replaces.
export function set(changes, { push = false } = {}) {
  const q = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === undefined || value === "" || value === false) q.delete(name);
    else q.set(name, Array.isArray(value) ? value.join(",") : value === true ? "1" : value);
  }
  // Commas and quotes may stand in a query; addresses are easier to read with them.
  const text = q.toString().replaceAll("%2C", ",");
  const address = location.pathname + (text ? "?" + text : "");
  if (address === location.pathname + location.search) return;
  history[push ? "pushState" : "replaceState"](null, "", address);
  tell(Object.keys(changes));
}

// onChange calls f(names) when values changed: by set, or as the reader goes back and forth (then names is null).
export const onChange = (f) => listeners.add(f);

function tell(names) {
  for (const f of listeners) f(names);
}

addEventListener("popstate", () => tell(null));
