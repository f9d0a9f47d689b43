package runs_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"paperlab/tracker/runs"
)

// The best runs, and how they scatter by learning rate.
func ExampleQuery_Table() {
	folder, err := os.MkdirTemp("", "query-example-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	if err := compareRates(context.Background(), filepath.Join(folder, runs.FileName)); err != nil {
		log.Fatal(err)
	}
	// Output:
	// ┌──────┬────────┬──────┐
	// │ name │ lr     │ best │
	// ├──────┼────────┼──────┤
	// │ fast │ 0.0003 │ 1.5  │
	// │ slow │ 5e-05  │ 2    │
	// └──────┴────────┴──────┘
	// ┌────────┬──────┬───────────────────┐
	// │ lr     │ runs │ last("eval/loss") │
	// ├────────┼──────┼───────────────────┤
	// │ 0.0003 │ 1    │ 1.5               │
	// │ 5e-05  │ 2    │ 2.5 ± 0.71        │
	// └────────┴──────┴───────────────────┘
}

func compareRates(ctx context.Context, path string) error {
	store, err := runs.Open(ctx, path)
	if err != nil {
		return err
	}
	defer store.Close()
	for _, r := range []struct {
		name     string
		lr, loss float64
	}{{"slow", 5e-5, 2}, {"slower", 5e-5, 3}, {"fast", 3e-4, 1.5}} {
		run, err := runs.Create(ctx, store, runs.Options{Name: r.name, Params: map[string]any{"lr": r.lr}})
		if err != nil {
			return err
		}
		if err := run.Log(ctx, 1, map[string]float64{"eval/loss": r.loss}); err != nil {
			return err
		}
	}
	for _, q := range []runs.Query{
		{Filter: `min("eval/loss") < 2.5`, Sort: `min("eval/loss")`, Columns: `name, params.lr as lr, min("eval/loss") as best`},
		{Group: "params.lr as lr", Sort: `last("eval/loss")`, Columns: `last("eval/loss")`},
	} {
		table, err := q.Table(ctx, store)
		if err != nil {
			return err
		}
		fmt.Println(table)
	}
	return nil
}
