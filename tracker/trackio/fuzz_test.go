package trackio

import (
	"errors"
	"path/filepath"
	"testing"

	"paperlab/tracker"
	"paperlab/tracker/ingest"
	"paperlab/tracker/sqlite"
	"paperlab/tracker/storetest"
)

// FuzzEntry takes any text as a row of metrics: it is kept, or refused as damaged, and never as anything worse.
func FuzzEntry(f *testing.F) {
	store, err := sqlite.Open(f.Context(), filepath.Join(f.TempDir(), "paperlab.db"))
	if err != nil {
		f.Fatal(err)
	}
	defer store.Close()
	run, err := ingest.Begin(f.Context(), store, storetest.NewRun(f, "fuzz"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(`{"loss":2.5,"nan":"NaN","deep":{"a":1e999,"b":[1]},"note":"x","ok":true,"none":null}`)
	f.Add(`{"h":{"_type":"trackio.histogram","bins":[0,1,"x"],"values":[3,-1]},"t":{"_type":"trackio.table","_value":[{"a":1,"b":{}},{"c":[]}]}}`)
	f.Add(`{"i":{"_type":"trackio.image","file_path":"../../x"},"":1,"a\u0000":2}`)
	f.Fuzz(func(t *testing.T, text string) {
		e := entries{run: run, media: t.TempDir()}
		err := errors.Join(e.add(t.Context(), 1, "2026-03-04T05:06:07", "", text), run.Flush(t.Context()))
		if err != nil && !errors.Is(err, tracker.ErrCorrupt) {
			t.Errorf("%q: %v", text, err)
		}
	})
}
