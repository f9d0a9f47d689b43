package export_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/export"
	"paperlab/tracker/runs"
)

// open opens a new store.
func open(t *testing.T) tracker.Store {
	t.Helper()
	store, err := runs.Open(t.Context(), filepath.Join(t.TempDir(), runs.FileName))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

func TestEveryPointIsALine(t *testing.T) {
	store := open(t)
	at := time.Date(2026, 3, 4, 5, 6, 7, 8e6, time.UTC)
	run, err := runs.Create(t.Context(), store, runs.Options{Name: `of "two"`})
	if err != nil {
		t.Fatal(err)
	}
	samples := []tracker.Sample{
		{Key: "train/loss", Point: tracker.Point{Step: 1, Time: at, Value: 0.1}},
		{Key: "train/loss", Point: tracker.Point{Step: 2, Time: at, Value: math.NaN()}},
		{Key: "eval/loss", Context: tracker.NewContext(map[string]string{"rank": "1"}), Point: tracker.Point{Step: 2, Time: at, Value: math.Inf(1)}},
	}
	if err := run.LogBatch(t.Context(), samples); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "runs.csv")
	if n, err := export.CSV(t.Context(), store, path, run.ID()); n != 3 || err != nil {
		t.Fatalf("%d points, %v", n, err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, line := range lines[1:] {
		got = append(got, strings.Join(line[1:], "|"))
	}
	want := []string{
		`of "two"|eval/loss|rank=1|1|2|2026-03-04T05:06:07.008Z|+Inf`,
		`of "two"|train/loss||1|1|2026-03-04T05:06:07.008Z|0.1`,
		`of "two"|train/loss||1|2|2026-03-04T05:06:07.008Z|NaN`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestWhatCannotBeExportedLeavesTheFileAsItWas(t *testing.T) {
	path := filepath.Join(t.TempDir(), "runs.csv")
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := export.CSV(t.Context(), open(t), path, "01m891em0epd5sn276fdacgq8d")
	if content, _ := os.ReadFile(path); !errors.Is(err, tracker.ErrNotFound) || string(content) != "old" {
		t.Errorf("%v, and the file holds %q", err, content)
	}
	if _, err := export.CSV(t.Context(), open(t), filepath.Join(path, "below.csv")); err == nil {
		t.Error("a file was written below a file")
	}
}

func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "export-example-")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	store, err := runs.Open(ctx, filepath.Join(dir, runs.FileName))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	run, err := runs.Create(ctx, store, runs.Options{Name: "first"})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := run.Log(ctx, 1, map[string]float64{"train/loss": 2.5}); err != nil {
		fmt.Println(err)
		return
	}
	points, err := export.CSV(ctx, store, filepath.Join(dir, "runs.csv"), run.ID())
	fmt.Println(points, err)
	// Output: 1 <nil>
}
