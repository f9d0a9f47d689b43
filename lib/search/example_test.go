package search_test

import (
	"fmt"

	"paperlab/lib/corpus"
	"paperlab/lib/search"
)

func ExampleIndex_Search() {
	papers := []corpus.Paper{{Title: "Dark matter halos"}, {Title: "Parsing dates"}}
	index, err := search.NewIndex("all-MiniLM-L6-v2", []float32{1, 0, 0, 1}, papers)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer index.Close()
	hits, err := index.Search([]float32{0.6, 0.8}, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s (%.2f)\n", hits[0].Title, hits[0].Similarity)
	// Output: Parsing dates (0.80)
}
