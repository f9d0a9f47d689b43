package web

import (
	"net/http"
	"strings"

	"paperlab/tracker"
)

// texts answers with what a run wrote, such as the summaries that it generated each epoch.
func (d *dashboard) texts(w http.ResponseWriter, r *http.Request) error {
	found, err := d.store.Texts(r.Context(), r.PathValue("id"), r.URL.Query().Get("key"))
	return media(w, found, err, func(t tracker.Text) map[string]any {
		return map[string]any{"key": t.Key, "step": t.Step, "time": moment(t.Time), "body": t.Body}
	})
}

// tables answers with a run's tables.
func (d *dashboard) tables(w http.ResponseWriter, r *http.Request) error {
	found, err := d.store.Tables(r.Context(), r.PathValue("id"), r.URL.Query().Get("key"))
	return media(w, found, err, func(t tracker.Table) map[string]any {
		rows := make([][]any, len(t.Rows))
		for i, row := range t.Rows {
			rows[i] = values(row)
		}
		return map[string]any{"key": t.Key, "step": t.Step, "time": moment(t.Time), "columns": t.Columns, "rows": rows}
	})
}

// images answers with what is known of a run's images; their contents are files.
func (d *dashboard) images(w http.ResponseWriter, r *http.Request) error {
	found, err := d.store.Images(r.Context(), r.PathValue("id"), r.URL.Query().Get("key"))
	return media(w, found, err, func(i tracker.Image) map[string]any {
		return map[string]any{"key": i.Key, "step": i.Step, "time": moment(i.Time), "width": i.Width, "height": i.Height, "caption": i.Caption, "hash": i.Hash, "size": i.Size}
	})
}

// histograms answers with a run's histograms.
func (d *dashboard) histograms(w http.ResponseWriter, r *http.Request) error {
	found, err := d.store.Histograms(r.Context(), r.PathValue("id"), r.URL.Query().Get("key"))
	return media(w, found, err, func(h tracker.Histogram) map[string]any {
		return map[string]any{"key": h.Key, "step": h.Step, "time": moment(h.Time), "edges": values(h.Edges), "counts": values(h.Counts)}
	})
}

func media[T any](w http.ResponseWriter, found []T, err error, object func(T) map[string]any) error {
	if err != nil {
		return err
	}
	objects := make([]map[string]any, len(found))
	for i, one := range found {
		objects[i] = object(one)
	}
	return write(w, map[string]any{"items": objects})
}

// linesShown is how many lines of a run's console the page shows, the last ones.
const linesShown = 5000

// console answers with what a terminal would show of what a run wrote.
func (d *dashboard) console(w http.ResponseWriter, r *http.Request) error {
	chunks, _, err := d.store.Console(r.Context(), r.PathValue("id"), 0)
	if err != nil {
		return err
	}
	lines := tracker.Screen(chunks)
	skipped := max(0, len(lines)-linesShown)
	return write(w, map[string]any{"lines": values(lines[skipped:]), "skipped": skipped})
}

// consoleText answers with all of it, as a file of text.
func (d *dashboard) consoleText(w http.ResponseWriter, r *http.Request) error {
	chunks, _, err := d.store.Console(r.Context(), r.PathValue("id"), 0)
	if err != nil {
		return err
	}
	attach(w, "console-"+r.PathValue("id")+".txt", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte(strings.Join(tracker.Screen(chunks), "\n") + "\n"))
	return nil
}
