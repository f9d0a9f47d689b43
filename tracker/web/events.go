package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// How often the store is asked what changed, and how long a stream may be silent before it says that it is alive.
const (
	look    = 500 * time.Millisecond
	silence = 15 * time.Second
)

// events streams what changes: an event "changes" with the runs and the revision up to which they are told. A browser that
// lost the connection goes on from there.
func (d *dashboard) events(w http.ResponseWriter, r *http.Request) error {
	since, err := strconv.ParseInt(r.Header.Get("Last-Event-ID"), 10, 64)
	if err != nil {
		since, err = strconv.ParseInt(r.URL.Query().Get("since"), 10, 64)
	}
	if err != nil {
		// What a page that opens just now reads is up to date.
		if _, since, err = d.store.Changes(r.Context(), 0); err != nil {
			return err
		}
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no") // proxies pass it on at once
	if err := send(w, []string{}, since); err != nil {
		return nil // whoever went away misses nothing
	}
	ticker := time.NewTicker(look)
	defer ticker.Stop()
	for quiet := time.Duration(0); ; quiet += look {
		select {
		case <-r.Context().Done():
			return nil
		case <-d.options.Done:
			return nil
		case <-ticker.C:
		}
		changed, now, err := d.store.Changes(r.Context(), since)
		if err != nil {
			return nil // the browser comes again, and is told why if it lasts
		}
		switch {
		case now > since:
			since, quiet = now, 0
			err = send(w, changed, now)
		case quiet >= silence:
			quiet = 0
			_, err = fmt.Fprint(w, ": alive\n\n")
			_ = http.NewResponseController(w).Flush()
		}
		if err != nil {
			return nil
		}
	}
}

func send(w http.ResponseWriter, runs []string, revision int64) error {
	if runs == nil {
		runs = []string{}
	}
	body, err := json.Marshal(map[string]any{"runs": runs, "revision": revision})
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, "event: changes\nid: %d\ndata: %s\n\n", revision, body); err != nil {
		return err
	}
	return http.NewResponseController(w).Flush()
}
