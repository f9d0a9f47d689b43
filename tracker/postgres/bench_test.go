package postgres_test

import (
	"fmt"
	"testing"

	"paperlab/tracker/storetest"
)

// BenchmarkLog logs to four series, one point each or many. The server of the tests does not wait for its disk.
func BenchmarkLog(b *testing.B) {
	for _, size := range []int{1, 25, 250, 25_000} {
		b.Run(fmt.Sprint(4*size), func(b *testing.B) {
			store := open(b, newSchema(b))
			run := createRun(b, store)
			step, points := 0, 0
			for b.Loop() {
				samples := storetest.Samples("a", make([]float64, size)...)
				for _, key := range []string{"b", "c", "d"} {
					samples = append(samples, storetest.Samples(key, make([]float64, size)...)...)
				}
				for i := range samples {
					samples[i].Step += int64(step)
				}
				if err := store.Log(b.Context(), run, samples); err != nil {
					b.Fatal(err)
				}
				step += size
				points += len(samples)
			}
			b.ReportMetric(float64(points)/b.Elapsed().Seconds(), "points/s")
		})
	}
}

// BenchmarkReadSeries reads a series of 100,000 points.
func BenchmarkReadSeries(b *testing.B) {
	const size = 100_000
	store := open(b, newSchema(b))
	run := createRun(b, store)
	if err := store.Log(b.Context(), run, storetest.Samples("x", make([]float64, size)...)); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if points, err := store.Points(b.Context(), run, "x", ""); err != nil || len(points) != size {
			b.Fatal(len(points), err)
		}
	}
}
