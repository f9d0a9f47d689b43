package tfevents_test

import (
	"io"
	"testing"

	"paperlab/tracker/tfevents"
)

func BenchmarkWriteScalar(b *testing.B) {
	w, err := tfevents.NewWriter(io.Discard, goldenTime)
	if err != nil {
		b.Fatal(err)
	}
	for step := int64(0); b.Loop(); step++ {
		if err := w.Scalar("train/loss", step, goldenTime, 0.1); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReadScalar gives the time of one of 100,000 scalars.
func BenchmarkReadScalar(b *testing.B) {
	const points = 100_000
	file := write(b, func(w *tfevents.Writer) error {
		for step := range int64(points) {
			if err := w.Scalar("train/loss", step, goldenTime, 1/float64(step+1)); err != nil {
				return err
			}
		}
		return nil
	})
	for b.Loop() {
		if n := len(values(b, file)); n != points {
			b.Fatalf("%d values", n)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/points, "ns/point")
}
