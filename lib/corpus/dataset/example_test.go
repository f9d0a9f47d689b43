package dataset_test

import (
	"context"
	"fmt"

	"paperlab/lib/corpus"
	"paperlab/lib/corpus/dataset"
)

func ExampleSplit() {
	split, err := dataset.Split(context.Background(), "godoc", corpus.Sizes{Train: 80, Validation: 10, Test: 10}, 42, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(split.Train), len(split.Validation), len(split.Test))
	// Output: 80 10 10
}
