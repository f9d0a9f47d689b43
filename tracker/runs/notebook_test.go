package runs_test

import (
	"context"
	"maps"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/runs"
)

func TestARunKeepsTheCellsOfItsNotebook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sources := map[int]string{1: "import \"paperlab/tracker/runs\"", 3: "run := runs.Start(ctx, store, runs.Options{})"}
		var mu sync.Mutex
		book := func() (string, map[int]string) {
			mu.Lock()
			defer mu.Unlock()
			return "summarize.ipynb", maps.Clone(sources)
		}
		execute := func(number int, source string) {
			mu.Lock()
			defer mu.Unlock()
			sources[number] = source
		}
		// As a kernel does it, which does not know package runs.
		ctx := context.WithValue(t.Context(), struct{ PaperlabNotebook struct{} }{}, book)
		store := open(t)
		run, err := runs.Start(ctx, store, runs.Options{})
		if err != nil {
			t.Fatal(err)
		}
		kept := func() (numbers []int64) {
			t.Helper()
			texts, err := store.Texts(t.Context(), run.ID(), "source/cell")
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range texts {
				numbers = append(numbers, text.Step)
				if text.Body != sources[int(text.Step)] {
					t.Errorf("cell %d is %q", text.Step, text.Body)
				}
			}
			return numbers
		}
		expect := func(when string, want ...int64) {
			t.Helper()
			got := kept()
			if len(got) != len(want) {
				t.Fatalf("%s: cells %v, want %v", when, got, want)
			}
			for i := range want {
				if got[i] != want[i] {
					t.Errorf("%s: cells %v, want %v", when, got, want)
				}
			}
		}
		expect("at the start", 1, 3)
		execute(4, "train()")
		time.Sleep(11 * time.Second) // of the bubble's clock
		synctest.Wait()
		expect("after a heartbeat", 1, 3, 4)
		execute(6, "run.Finish(ctx, tracker.Finished)")
		if err := run.Finish(ctx, tracker.Finished); err != nil {
			t.Fatal(err)
		}
		execute(7, "after it")
		time.Sleep(time.Minute)
		expect("in the end", 1, 3, 4, 6)
		if r := get(t, store, run.ID()).Run; r.Tags["notebook"] != "summarize.ipynb" {
			t.Errorf("tags %v", r.Tags)
		}
	})
}
