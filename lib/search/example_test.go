package search_test

import (
	"context"
	"fmt"

	"paperlab/lib/corpus"
	"paperlab/lib/search"
)

func ExampleIndex_Search() {
	papers := []corpus.Paper{{Title: "Dark matter halos"}, {Title: "Parsing dates"}}
	index, err := search.NewIndex(context.Background(), search.Model{Name: "all-MiniLM-L6-v2", Hash: "0a"}, []float32{1, 0, 0, 1}, papers)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer index.Close()
	hits, err := index.Search(context.Background(), []float32{0.6, 0.8}, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s (%.2f)\n", hits[0].Title, hits[0].Similarity)
	// Output: Parsing dates (0.80)
}
