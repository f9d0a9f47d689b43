// What changes in the store, as it happens. The stream is open only while the page is seen: browsers allow few
// connections to a server, and pages left in the background would use them up.

// paced returns a function that does f soon, never twice at the same time, and less often the longer it takes: a busy store
// must not keep a browser busy. What came in the meantime is handed over together.
export function paced(f) {
  let waiting = null; // what the next call is for
  let busy = false;
  const go = async () => {
    busy = true;
    while (waiting) {
      const now = waiting;
      waiting = null;
      const began = performance.now();
      await f(now);
      await new Promise((done) => setTimeout(done, Math.max(400, 4 * (performance.now() - began))));
    }
    busy = false;
  };
  return (ids) => {
    waiting = new Set([...(waiting ?? []), ...ids]);
    if (!busy) go();
  };
}

// follow calls changed(ids) with the runs that changed since the last call, and status(live) as the connection comes and
// goes.
export function follow(changed, status) {
  let source;
  let revision = "";
  const open = () => {
    source = new EventSource("/api/events" + (revision ? "?since=" + revision : ""));
    source.addEventListener("open", () => status(true));
    source.addEventListener("error", () => status(false));
    source.addEventListener("changes", (event) => {
      const body = JSON.parse(event.data);
      revision = body.revision;
      if (body.runs.length) changed(new Set(body.runs));
    });
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) source.close();
    else open();
  });
  open();
}
