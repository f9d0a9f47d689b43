// What changes in the store, as it happens. The stream is open only while the page is seen: browsers allow few
// connections to a server, and pages left in the background would use them up.

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
