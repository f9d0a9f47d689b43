package sqlite_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"paperlab/tracker"
	"paperlab/tracker/sqlite"
	"paperlab/tracker/storetest"
)

var keys = []string{"train/loss", "train/learning_rate", "train/grad_norm", "process/memory_mb"}

// stepOf gives what a training logs at one step.
func stepOf(step int) []tracker.Sample {
	var samples []tracker.Sample
	for i, key := range keys {
		samples = append(samples, tracker.Sample{Key: key, Point: tracker.Point{
			Step: int64(step), Time: clock, Session: 1, Value: 1 / float64(step+i+1),
		}})
	}
	return samples
}

// BenchmarkLogDurable logs four points a call.
func BenchmarkLogDurable(b *testing.B) {
	store := open(b, filepath.Join(b.TempDir(), "paperlab.db"))
	run := storetest.Create(b, store, "bench")
	step := 0
	for b.Loop() {
		if err := store.Log(b.Context(), run.ID, stepOf(step)); err != nil {
			b.Fatal(err)
		}
		step++
	}
}

// BenchmarkLogBatch logs 1,000 points a call, of four series, and 100,000.
func BenchmarkLogBatch(b *testing.B) {
	for _, size := range []int{1_000, 100_000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			store := open(b, filepath.Join(b.TempDir(), "paperlab.db"))
			run := storetest.Create(b, store, "bench")
			step, points := 0, 0
			for b.Loop() {
				var samples []tracker.Sample
				for len(samples) < size {
					samples = append(samples, stepOf(step)...)
					step++
				}
				if err := store.Log(b.Context(), run.ID, samples); err != nil {
					b.Fatal(err)
				}
				points += size
			}
			b.ReportMetric(float64(points)/b.Elapsed().Seconds(), "points/s")
		})
	}
}

// BenchmarkReadSeries reads a series of 100,000 points and says how much room a point takes.
func BenchmarkReadSeries(b *testing.B) {
	const size = 100_000
	path := filepath.Join(b.TempDir(), "paperlab.db")
	run := fill(b, path, size)
	store := open(b, path)
	for b.Loop() {
		if points, err := store.Points(b.Context(), run, "x", ""); err != nil || len(points) != size {
			b.Fatal(len(points), err)
		}
	}
	file, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(file.Size())/size, "B/point")
}

func fill(b *testing.B, path string, size int) (run string) {
	b.Helper()
	store, err := sqlite.Open(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	created := storetest.Create(b, store, "bench")
	if err := store.Log(b.Context(), created.ID, storetest.Samples("x", make([]float64, size)...)); err != nil {
		b.Fatal(err)
	}
	if err := store.Close(); err != nil {
		b.Fatal(err)
	}
	return created.ID
}

// BenchmarkOpen opens a file that is there, as every command of a shell loop does.
func BenchmarkOpen(b *testing.B) {
	path := filepath.Join(b.TempDir(), "paperlab.db")
	run := fill(b, path, 1)
	for b.Loop() {
		store, err := sqlite.Open(b.Context(), path)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := store.Run(b.Context(), run); err != nil {
			b.Fatal(err)
		}
		if err := store.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
