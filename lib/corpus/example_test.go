package corpus_test

import (
	"context"
	"fmt"
	"strings"

	"paperlab/lib/corpus"
)

func Example() {
	snapshot := strings.NewReader(`{"id":"0704.0001","title":"Diphoton production","abstract":"A calculation.","categories":"hep-ph"}
{"id":"0704.0002","title":
{"id":"0704.0003","title":"The Earth and the Moon","abstract":"A model.","categories":"physics.gen-ph"}
`)
	papers := corpus.Read(context.Background(), snapshot, "arxiv.json")
	papers = corpus.Skip(papers, func(e *corpus.LineError) { fmt.Println("skipped", e) })
	for paper, err := range corpus.Limit(papers, 2) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(paper.ID, paper.Title)
	}
	// Output:
	// 0704.0001 Diphoton production
	// skipped arxiv.json:2: malformed record: byte 26: unexpected end of JSON input
	// 0704.0003 The Earth and the Moon
}

func ExampleDivide() {
	papers := make([]corpus.Paper, 432)
	split, err := corpus.Divide(papers, corpus.Sizes{Train: 2000, Validation: 500, Test: 500}, 42)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(split.Train), len(split.Validation), len(split.Test))
	// Output: 288 72 72
}
