package faiss_test

import (
	"context"
	"fmt"
	"log"

	"paperlab/lib/vector"
	"paperlab/lib/vector/faiss"
)

func Example() {
	ctx := context.Background()
	index, err := faiss.New(vector.Spec{Dim: 2}, "Flat")
	if err != nil {
		log.Fatal(err)
	}
	defer index.Close()

	if err := index.Add(ctx, []int64{10, 20, 30}, []float32{0, 0, 1, 0, 3, 4}); err != nil {
		log.Fatal(err)
	}
	found, err := index.Search(ctx, []float32{0.9, 0}, 2)
	if err != nil {
		log.Fatal(err)
	}
	for _, n := range found[0] {
		fmt.Printf("vector %d at squared distance %.2f\n", n.ID, n.Distance)
	}
	// Output:
	// vector 20 at squared distance 0.01
	// vector 10 at squared distance 0.81
}
