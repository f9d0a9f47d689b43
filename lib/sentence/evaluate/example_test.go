package evaluate_test

import (
	"context"
	"fmt"

	"paperlab/lib/sentence/evaluate"
)

func Example() {
	test, err := evaluate.KnownItems([]string{"north", "east"}, []string{"up the map", "to the right"})
	if err != nil {
		fmt.Println(err)
		return
	}
	measures, err := test.MeasureVectors(context.Background(), []float32{0, 1, 1, 0}, []float32{0.1, 1, 1, 0.2})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(measures.Accuracy.At(1), measures.MRR10)
	// Output: 1 1
}
