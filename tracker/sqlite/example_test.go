package sqlite_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/sqlite"
)

// Programs log through package runs; this is what happens below it.
func Example() {
	ctx := context.Background()
	folder, err := os.MkdirTemp("", "sqlite-example-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	store, err := sqlite.Open(ctx, filepath.Join(folder, "paperlab.db"))
	if err != nil {
		log.Fatal(err)
	}
	defer store.Close()

	run := &tracker.Run{
		ID: "01k0z6v8mhk2t6gq6v0wz3n5tb", Project: "search", Name: "baseline",
		Status: tracker.Running, Started: time.Now(), Session: 1,
	}
	if err := store.CreateRun(ctx, run); err != nil {
		log.Fatal(err)
	}
	point := tracker.Point{Step: 1, Time: time.Now(), Session: 1, Value: 0.5}
	if err := store.Log(ctx, run.ID, []tracker.Sample{{Key: "train/loss", Point: point}}); err != nil {
		log.Fatal(err)
	}
	series, err := store.Series(ctx, run.ID)
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range series {
		fmt.Printf("%s: %d point, last %v at step %d\n", s.Key, s.Count, s.Last.Value, s.Last.Step)
	}
	// Output:
	// train/loss: 1 point, last 0.5 at step 1
}
