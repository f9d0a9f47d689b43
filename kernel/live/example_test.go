package live_test

import (
	"context"
	"fmt"
	"log"
	"regexp"
	"strings"

	"paperlab/kernel/display"
	"paperlab/kernel/live"
	"paperlab/lib/nn"
	"paperlab/lib/tensor"
	"paperlab/lib/train"
)

// A training that shows itself where the context says: in a cell, that is under the cell.
func ExampleTraining() {
	if err := example(context.Background()); err != nil {
		log.Fatal(err)
	}
	// Output:
	// training  [####################]  4/4 (100%)
	// step  epoch  training loss
	//    2      1       3.125000
	//    4      2       1.038616
	// plot of loss (0.934 to 3.23) against step (2 to 4)
}

// rate differs from run to run.
var rate = regexp.MustCompile(`%\)  .*`)

func example(ctx context.Context) error {
	model, err := newScale()
	if err != nil {
		return err
	}
	defer model.parameters.Close()
	s := &screen{}
	ctx = display.WithPublisher(ctx, s)

	cfg := train.Config{Epochs: 2, BatchSize: 4, LearningRate: 0.5, LogEvery: 2}
	if _, err := train.Fit(ctx, train.Task[*tensor.Tensor]{Model: model, Training: numbers(8)}, cfg, live.Training()); err != nil {
		return err
	}
	for i := range s.order {
		for line := range strings.Lines(s.text(i)) {
			if !strings.HasPrefix(line, "──") {
				fmt.Println(rate.ReplaceAllString(strings.TrimRight(line, "\n"), "%)"))
			}
		}
	}
	return nil
}

// scale learns one factor, so that it times x is 2 x.
type scale struct{ parameters *nn.Parameters }

func newScale() (*scale, error) {
	p, err := nn.NewParameters(tensor.CPU, []nn.Spec{{Name: "factor", Shape: []int64{1}}})
	return &scale{p}, err
}

func (m *scale) Parameters() *nn.Parameters { return m.parameters }

func (m *scale) Loss(s *tensor.Scope, x *tensor.Tensor) *tensor.Tensor {
	return s.Mean(s.Pow(s.Mul(s.AddScalar(m.parameters.Get("factor"), -2), x), 2))
}

// numbers is a data set of so many ones.
type numbers int

func (n numbers) Len() int { return int(n) }

func (n numbers) Batch(s *tensor.Scope, indices []int) *tensor.Tensor {
	return s.Full(1, tensor.Float32, int64(len(indices)))
}
