package runs_test

import (
	"fmt"
	"testing"

	"paperlab/tracker"
	"paperlab/tracker/runs"
	"paperlab/tracker/storetest"
)

func BenchmarkTableOfAThousandRuns(b *testing.B) {
	store := open(b)
	for i := range 1000 {
		run := storetest.NewRun(b, fmt.Sprint("run ", i))
		run.Status, run.Params = tracker.Finished, tracker.Params{"lr": float64(i%7) * 1e-5, "seed": int64(i), "model": "t5"}
		if err := store.CreateRun(b.Context(), run); err != nil {
			b.Fatal(err)
		}
		var samples []tracker.Sample
		for key := range 10 {
			samples = append(samples, storetest.Samples(fmt.Sprint("metric/", key), 3, 2, float64(i))...)
		}
		if err := store.Log(b.Context(), run.ID, samples); err != nil {
			b.Fatal(err)
		}
	}
	q := runs.Query{
		Filter:  `status == "finished" && params.lr < 5e-5 && min("metric/3") < 500 && !has(params.debug)`,
		Sort:    `-last("metric/1"), started`,
		Columns: `name, params.lr, min("metric/1"), last("metric/9")`,
	}
	for b.Loop() {
		if view, err := q.Table(b.Context(), store); err != nil || len(view.Rows) < 300 {
			b.Fatal(len(view.Rows), err)
		}
	}
}
