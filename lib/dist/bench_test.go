package dist_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"paperlab/lib/dist"
	"paperlab/lib/nn"
	"paperlab/lib/tensor"
)

func init() { roles["77 million"] = reduceMillions }

// reduceMillions prints the seconds that the gradients of flan-t5-small take.
func reduceMillions(ctx context.Context, g *dist.Group) error {
	p, err := nn.NewParameters(tensor.CPU, []nn.Spec{{Name: "all", Shape: []int64{76_961_152}, Decay: true}})
	if err != nil {
		return err
	}
	defer p.Close()
	r, err := g.NewReducer(p)
	if err != nil {
		return err
	}
	defer r.Close()
	for range 8 {
		if err := g.Barrier(ctx); err != nil {
			return err
		}
		start := time.Now()
		if err := r.Finish(ctx); err != nil {
			return err
		}
		fmt.Println(time.Since(start).Seconds())
	}
	return nil
}

// The gradients of flan-t5-small, 77 million float32, summed over two ranks on this machine; the best of eight.
func BenchmarkGradientsOfTwoRanks(b *testing.B) {
	for b.Loop() {
		ranks := launch(b, "77 million", 2)
		said, err := ranks[0].end(b)
		if err != nil {
			b.Fatal(err, said)
		}
		if said, err := ranks[1].end(b); err != nil {
			b.Fatal(err, said)
		}
		best := 0.0
		for _, text := range strings.Fields(said) {
			seconds, err := strconv.ParseFloat(text, 64)
			if err != nil {
				b.Fatal(err)
			}
			if best == 0 || seconds < best {
				best = seconds
			}
		}
		b.ReportMetric(best, "s/reduction")
	}
}
