package train_test

import (
	"context"
	"fmt"
	"log"

	"paperlab/lib/nn"
	"paperlab/lib/tensor"
	"paperlab/lib/train"
)

// line learns y = weight x + bias.
type line struct{ parameters *nn.Parameters }

// xy is a batch: two tensors [n, 1].
type xy struct{ x, y *tensor.Tensor }

func (l line) Parameters() *nn.Parameters { return l.parameters }

func (l line) Loss(s *tensor.Scope, b xy) *tensor.Tensor {
	y := s.Linear(b.x, l.parameters.Get("weight"), l.parameters.Get("bias"))
	return s.Mean(s.Pow(s.Sub(y, b.y), 2))
}

// doubled is a data set of the pairs (i, 2i + 1).
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

// A straight line is fitted; the hook prints the validation loss of two epochs.
func Example() {
	parameters, err := nn.NewParameters(tensor.CPU, []nn.Spec{{Name: "weight", Shape: []int64{1, 1}, Decay: true}, {Name: "bias", Shape: []int64{1}}})
	if err != nil {
		log.Fatal(err)
	}
	defer parameters.Close()
	watch := func(_ context.Context, event train.Event) error {
		if e, ok := event.(train.Evaluated); ok && int(e.Epoch)%100 == 0 {
			fmt.Printf("epoch %v: validation loss %.4f\n", e.Epoch, e.Loss)
		}
		return nil
	}
	task := train.Task[xy]{Model: line{parameters}, Training: doubled(8), Validation: doubled(6)}
	result, err := train.Fit(context.Background(), task, train.Config{Epochs: 200, BatchSize: 4, LearningRate: 0.1}, watch)
	if err != nil {
		log.Fatal(err)
	}
	weight, err := parameters.Get("weight").Item()
	fmt.Printf("%d steps: weight %.2f %v\n", result.Steps, weight, err)
	// Output:
	// epoch 100: validation loss 0.0098
	// epoch 200: validation loss 0.0012
	// 400 steps: weight 1.99 <nil>
}
