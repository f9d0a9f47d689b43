package export_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"paperlab/tracker"
	"paperlab/tracker/export"
	"paperlab/tracker/storetest"
)

// long is a store with one run of one long series, which it makes up. It notes how much memory is in use meanwhile.
type long struct {
	tracker.Reader
	run    *tracker.Run
	points int
	most   uint64 // bytes of live heap
}

func (l *long) Run(context.Context, string) (*tracker.Run, error) { return l.run, nil }

func (l *long) Series(context.Context, ...string) ([]tracker.Series, error) {
	return []tracker.Series{{Run: l.run.ID, Key: "train/loss"}}, nil
}

func (l *long) EachPoints(_ context.Context, _, _ string, _ tracker.Context, yield func([]tracker.Point) error) error {
	const size = 10_000
	piece := make([]tracker.Point, size)
	for n := 0; n < l.points; n += size {
		for i := range piece {
			piece[i] = tracker.Point{Step: int64(n + i), Time: at, Session: 1, Value: 1 / float64(n+i+1)}
		}
		if err := yield(piece); err != nil {
			return err
		}
		if n%(50*size) == 0 {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			l.most = max(l.most, m.HeapAlloc)
		}
	}
	return nil
}

func (l *long) Texts(context.Context, string, string) ([]tracker.Text, error)   { return nil, nil }
func (l *long) Tables(context.Context, string, string) ([]tracker.Table, error) { return nil, nil }
func (l *long) Images(context.Context, string, string) ([]tracker.Image, error) { return nil, nil }
func (l *long) Histograms(context.Context, string, string) ([]tracker.Histogram, error) {
	return nil, nil
}
func (l *long) Console(context.Context, string, int64) ([]tracker.Console, int64, error) {
	return nil, 0, nil
}
func (l *long) Artifacts(context.Context, string) ([]tracker.Artifact, error) { return nil, nil }

// Whole, the points would take 48 bytes each: 96 million.
func TestLongSeriesGoThroughInPieces(t *testing.T) {
	points := 2_000_000
	if os.Getenv("PAPERLAB_SOAK") != "" {
		points = 10_000_000
	}
	for format, write := range map[string]func(context.Context, tracker.Reader, string, ...string) (int64, error){
		"csv": export.CSV, "parquet": export.Parquet, "jsonl": export.JSONLines, "tfevents": export.Events,
	} {
		t.Run(format, func(t *testing.T) {
			store := &long{run: storetest.NewRun(t, "long"), points: points}
			n, err := write(t.Context(), store, filepath.Join(t.TempDir(), "out"), store.run.ID)
			if err != nil || n != int64(points) {
				t.Fatalf("%d points, %v", n, err)
			}
			t.Logf("%d MiB of live heap at most", store.most>>20)
			if limit := uint64(64 << 20); store.most > limit {
				t.Errorf("%d bytes of live heap, more than %d", store.most, limit)
			}
		})
	}
}
