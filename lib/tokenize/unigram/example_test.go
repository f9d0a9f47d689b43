package unigram_test

import (
	"context"
	"fmt"
	"log"
	"slices"

	"paperlab/lib/tokenize/unigram"
)

func Example() {
	m, err := unigram.New([]unigram.Piece{
		{Text: "<unk>", Reserved: true}, {Text: "▁a", Score: -1}, {Text: "▁", Score: -2}, {Text: "a", Score: -2}, {Text: "b", Score: -2}, {Text: "ab", Score: -3},
	}, 0, unigram.Single)
	if err != nil {
		log.Fatal(err)
	}
	s := m.NewSegmenter()
	s.Write([]byte("▁ab▁ab"))
	s.Write([]byte("ab▁???"))
	s.Flush()
	fmt.Println(s.IDs())
	// Output: [1 4 1 4 5 2 0]
}

func ExampleTrain() {
	texts := slices.Values([]string{"▁paper▁papers▁paper▁reader▁reads", "▁read▁paper▁reader"})
	pieces, err := unigram.Train(context.Background(), texts, unigram.Options{VocabSize: 9})
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range pieces[:4] {
		fmt.Printf("%s %.1f\n", p.Text, p.Score)
	}
	// Output:
	// ▁paper -1.0
	// ▁read -1.8
	// s -1.8
	// e -1.8
}
