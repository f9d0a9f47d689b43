package faiss_test

import (
	"fmt"
	"log"

	"paperlab/lib/vector/faiss"
)

func Example() {
	index, err := faiss.NewFlatL2(2)
	if err != nil {
		log.Fatal(err)
	}
	defer index.Close()

	if err := index.Add([]float32{0, 0, 1, 0, 3, 4}); err != nil {
		log.Fatal(err)
	}
	distances, ids, err := index.Search([]float32{0.9, 0}, 2)
	if err != nil {
		log.Fatal(err)
	}
	for i, id := range ids {
		fmt.Printf("vector %d at squared distance %.2f\n", id, distances[i])
	}
	// Output:
	// vector 1 at squared distance 0.01
	// vector 0 at squared distance 0.81
}
