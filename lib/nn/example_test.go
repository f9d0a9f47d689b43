package nn_test

import (
	"fmt"

	"paperlab/lib/nn"
	"paperlab/lib/tensor"
)

// A linear layer: its parameters by name, its gradients in the flat buffer that an optimizer reads.
func Example() {
	p, err := nn.NewParameters(tensor.CPU, []nn.Spec{
		{Name: "out.weight", Shape: []int64{1, 2}, Decay: true},
		{Name: "out.bias", Shape: []int64{1}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer p.Close()
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	y := s.Linear(s.FromFloat32s([]float32{3, 4}, 1, 2), p.Get("out.weight"), p.Get("out.bias"))
	if err := tensor.Backward(s.Sum(y)); err != nil {
		fmt.Println(err)
		return
	}
	_, grads := p.Flat()
	values, err := grads.Float32s()
	fmt.Println(p.Len(), values, err)
	// Output: 3 [3 4 1] <nil>
}
