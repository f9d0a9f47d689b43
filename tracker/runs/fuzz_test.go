package runs_test

import (
	"os"
	"path/filepath"
	"testing"

	"paperlab/tracker"
	"paperlab/tracker/runs"
	"paperlab/tracker/storetest"
)

// FuzzSpoolFile reads what may lie in a spool file after a crash. Whatever is taken of it is taken once, also if the file comes again.
func FuzzSpoolFile(f *testing.F) {
	f.Add([]byte(spooledLine + spooledLine + `{"samples":[{"key":"x","con`))
	f.Add([]byte(`{"samples":[{"key":"a b","context":"rank=0","step":-1,"time":-5,"session":2,"value":"+Inf"},{"key":"x","step":1,"session":1,"value":0.5}]}` + "\n"))
	f.Add([]byte(`{"text":{"Key":"t","Step":1,"Session":1,"Body":"\u0000é"}}` + "\n" + `{"table":{"Key":"t","Columns":["a","b"]},"rows":"[[1,{\"float\":\"NaN\"}]]"}` + "\n"))
	f.Add([]byte(`{"histogram":{"Key":"h","Counts":[1,2]},"edges":["-Inf",0,1]}` + "\n" + `{"image":{"Key":"i","MIME":"image/png","Content":"aGk="}}` + "\n"))
	f.Add([]byte(`{"console":[{"Stream":"stdout","Text":"a\rb"}]}` + "\n" + `{"tag":{"Session":1,"Key":"k","Value":"v"}}` + "\n" + `{"end":{"Session":1,"Status":"failed"}}` + "\n{}\n"))
	folder := f.TempDir()
	f.Setenv("XDG_STATE_HOME", folder)
	f.Setenv("TMPDIR", f.TempDir())
	spool := filepath.Join(folder, "paperlab", "spool")
	if err := os.MkdirAll(spool, 0o700); err != nil {
		f.Fatal(err)
	}
	store := open(f)
	f.Fuzz(func(t *testing.T, content []byte) {
		run := storetest.Create(t, store, "fuzzed")
		path := filepath.Join(spool, run.ID+"-x.jsonl")
		var before map[string]int
		for range 2 {
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := runs.Drain(t.Context(), store); err != nil {
				os.Remove(path)
				return // refused, and told so
			}
			if _, err := os.Stat(path); err == nil {
				t.Fatal("the file was taken, and is still there")
			}
			after := contents(t, store, run.ID)
			for kind, n := range before {
				if after[kind] != n {
					t.Errorf("%d %s became %d when the file came again", n, kind, after[kind])
				}
			}
			before = after
		}
	})
}

// contents counts what a run has.
func contents(t *testing.T, store tracker.Store, id string) map[string]int {
	t.Helper()
	series, err1 := store.Series(t.Context(), id)
	texts, err2 := store.Texts(t.Context(), id, "")
	tables, err3 := store.Tables(t.Context(), id, "")
	images, err4 := store.Images(t.Context(), id, "")
	histograms, err5 := store.Histograms(t.Context(), id, "")
	console, _, err6 := store.Console(t.Context(), id, 0)
	for _, err := range []error{err1, err2, err3, err4, err5, err6} {
		if err != nil {
			t.Fatal(err)
		}
	}
	found := map[string]int{"texts": len(texts), "tables": len(tables), "images": len(images), "histograms": len(histograms), "console": len(console)}
	for _, s := range series {
		points, err := store.Points(t.Context(), id, s.Key, s.Context)
		if err != nil {
			t.Fatal(err)
		}
		found["points"] += len(points)
	}
	return found
}
