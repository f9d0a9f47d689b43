package pairs_test

import (
	"fmt"

	"paperlab/lib/corpus"
	"paperlab/lib/corpus/pairs"
)

func Example() {
	papers := pairs.CleanAll([]corpus.Paper{
		{Title: "Sparse\n  graphs", Abstract: "A $(k,l)$ game.", Categories: "math.CO"},
		{Title: "Diphotons", Abstract: "We calculate.", Categories: "hep-ph"},
		{Title: "Trees", Abstract: "We count them.", Categories: "math.CO"},
	})
	for _, pair := range pairs.FromCategories(papers, pairs.Options{PerGroup: 200, Seed: 42}) {
		fmt.Printf("%q\n%q\n", pair.Text1, pair.Text2)
	}
	// Unordered output:
	// "Sparse graphs A  (k,l)  game."
	// "Trees We count them."
}
