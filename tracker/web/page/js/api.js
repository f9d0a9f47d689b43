// The API of this server. Every call returns what the JSON holds, or throws a Refusal that says what is wrong.

// Refusal is an answer that is no success. field and column tell which input is wrong, and where, if one is.
export class Refusal extends Error {
  constructor(status, body) {
    super(body.error || "the server answered " + status);
    this.status = status;
    this.field = body.field;
    this.column = body.column;
    this.hint = body.hint;
  }
}

async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refusal(0, { error: "the server does not answer", hint: "is paperlab serve still running?" });
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refusal(answer.status, body);
  return body;
}

// query writes parameters, lists as repeated ones; absent and empty ones are left out.
export function query(parameters) {
  const q = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== "" && one !== false) q.append(name, one === true ? "1" : one);
    }
  }
  const text = q.toString();
  return text ? "?" + text : "";
}

const of = (id) => "/api/runs/" + encodeURIComponent(id);

let info;

export const api = {
  info: () => (info ??= ask("/api/info")), // asked once
  runs: (parameters, signal) => ask("/api/runs" + query(parameters), { signal }),
  run: (id) => ask(of(id)),
  compare: (ids) => ask("/api/compare" + query({ run: ids })),
  series: (ids) => ask("/api/series" + query({ run: ids })),
  points: (parameters, signal) => ask("/api/points" + query(parameters), { signal }),
  texts: (id, key) => ask(of(id) + "/texts" + query({ key })),
  tables: (id) => ask(of(id) + "/tables"),
  images: (id) => ask(of(id) + "/images"),
  histograms: (id) => ask(of(id) + "/histograms"),
  console: (id, after) => ask(of(id) + "/console" + query({ after })),
  edit: (id, change) =>
    ask(of(id), { method: "PATCH", headers: { "Content-Type": "application/json" }, body: JSON.stringify(change) }),
};

// Addresses of what is downloaded or shown as it is.
export const addressOf = {
  run: (id) => "/runs/" + encodeURIComponent(id),
  file: (id, hash, name) => of(id) + "/files/" + encodeURIComponent(hash) + query({ name }),
  csv: (parameters) => "/api/points.csv" + query(parameters),
  figure: (format, parameters) => "/api/figure." + format + query(parameters),
};
