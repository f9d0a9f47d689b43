//go:build native

package bindings_test

import (
	"bytes"
	"testing"

	"paperlab/kernel/interp"
)

// training fits a line by a model and data that a cell declares.
const training = `
import ("context"; "fmt"; "paperlab/lib/nn"; "paperlab/lib/tensor"; "paperlab/lib/train")

type line struct{ parameters *nn.Parameters }

type xy struct{ x, y *tensor.Tensor }

func (l line) Parameters() *nn.Parameters { return l.parameters }

func (l line) Loss(s *tensor.Scope, b xy) *tensor.Tensor {
	y := s.Linear(b.x, l.parameters.Get("weight"), l.parameters.Get("bias"))
	return s.Mean(s.Pow(s.Sub(y, b.y), 2))
}

type doubled int

func (d doubled) Len() int { return int(d) }

func (d doubled) Batch(s *tensor.Scope, indices []int) xy {
	x, y := make([]float32, len(indices)), make([]float32, len(indices))
	for i, index := range indices {
		x[i], y[i] = float32(index), float32(2*index+1)
	}
	n := int64(len(indices))
	return xy{s.FromFloat32s(x, n, 1), s.FromFloat32s(y, n, 1)}
}

parameters, err := nn.NewParameters(tensor.CPU, []nn.Spec{{Name: "weight", Shape: []int64{1, 1}, Decay: true}, {Name: "bias", Shape: []int64{1}}})
if err != nil {
	panic(err)
}
watch := func(_ context.Context, event train.Event) error {
	if e, ok := event.(train.Evaluated); ok && int(e.Epoch)%100 == 0 {
		fmt.Printf("epoch %v: validation loss %.4f\n", e.Epoch, e.Loss)
	}
	return nil
}
task := train.Task[xy]{Model: line{parameters}, Training: doubled(8), Validation: doubled(6)}
result, err := train.Fit(ctx, task, train.Config{Epochs: 200, BatchSize: 4, LearningRate: 0.1}, watch)
weight, _ := parameters.Get("weight").Item()
fmt.Printf("%d steps: weight %.2f %v\n", result.Steps, weight, err)
parameters.Close()
`

func TestACellTrainsAModelOfItsOwn(t *testing.T) {
	cell, err := interp.New()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := cell.Run(t.Context(), interp.Cell{Number: 1, Source: training}, interp.IO{Stdout: &out, Stderr: &out}); err != nil {
		t.Fatal(err)
	}
	want := "epoch 100: validation loss 0.0098\nepoch 200: validation loss 0.0012\n400 steps: weight 1.99 <nil>\n"
	if out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}
