package plots_test

import (
	"io"
	"testing"

	"paperlab/plots"
)

func BenchmarkLoss(b *testing.B) {
	for _, format := range []string{"png", "svg", "pdf"} {
		b.Run(format, func(b *testing.B) {
			for b.Loop() {
				if err := plots.Write(io.Discard, mustDraw(b, scenes[0]), format); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkTwoDozenRuns(b *testing.B) {
	for b.Loop() {
		if err := plots.Write(io.Discard, mustDraw(b, scenes[5]), "png"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMillionPoints(b *testing.B) {
	series := one(noisy("", 1_000_000, 1, 0))
	for b.Loop() {
		p, err := plots.Curves("loss", series, plots.Options{})
		if err != nil {
			b.Fatal(err)
		}
		if err := plots.Write(io.Discard, p, "png"); err != nil {
			b.Fatal(err)
		}
	}
}
