package t5_test

import (
	"fmt"

	"paperlab/lib/t5"
	"paperlab/lib/tensor"
)

// One step of gradient descent, by hand.
func Example() {
	config, err := t5.Named("t5-test")
	if err != nil {
		fmt.Println(err)
		return
	}
	model, err := t5.New(config, tensor.CPU, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer model.Close()

	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	batch := t5.Batch{
		InputIDs:      s.FromInt64s([]int64{21, 8, 30, 1, 9, 1, 0, 0}, 2, 4),
		AttentionMask: s.FromInt64s([]int64{1, 1, 1, 1, 1, 1, 0, 0}, 2, 4),
		Labels:        s.FromInt64s([]int64{8, 30, 1, 9, 1, -100}, 2, 3),
	}
	before := model.Loss(s, batch)
	if s.Err() != nil {
		fmt.Println(s.Err())
		return
	}
	if err := tensor.Backward(before); err != nil {
		fmt.Println(err)
		return
	}
	values, gradients := model.Parameters().Flat()
	s.Copy(values, s.Sub(values, s.MulScalar(gradients, 0.01)))
	after := model.Loss(s, batch)

	falls := s.Sub(before, after)
	if s.Err() != nil {
		fmt.Println(s.Err())
		return
	}
	difference, err := falls.Item()
	fmt.Println("the loss falls:", difference > 0, err)
	// Output: the loss falls: true <nil>
}

func ExampleNamed() {
	config, err := t5.Named("t5-tiny")
	if err != nil {
		fmt.Println(err)
		return
	}
	config.VocabSize = 4000 // of the tokenizer at hand
	fmt.Println(config.NumLayers, "+", config.NumDecoderLayers, "blocks of width", config.DModel)

	_, err = t5.Named("t5-huge")
	fmt.Println(err)
	// Output:
	// 2 + 2 blocks of width 128
	// t5: no configuration is named "t5-huge" (there are flan-t5-base, flan-t5-small, t5-small, t5-test, t5-tiny)
}
