package tokenize_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"

	"paperlab/lib/tokenize"
)

func Example() {
	t, err := tokenize.LoadFile("testdata/small/vocab.txt")
	if err != nil {
		log.Fatal(err)
	}
	ids := t.Encode("Training loss of a small model", 0)
	fmt.Println(ids)
	fmt.Println(t.Tokens(ids))
	fmt.Println(t.Decode(ids, true))
	fmt.Println(t.Decode(t.Encode("Training loss of a small model", 5), true))
	// Output:
	// [2 140 138 132 47 141 136 3]
	// [[CLS] training loss of a small model [SEP]]
	// training loss of a small model
	// training loss of
}

func ExampleTrainT5() {
	sentences, err := os.ReadFile("testdata/small/sentences.txt")
	if err != nil {
		log.Fatal(err)
	}
	t, err := tokenize.TrainT5(context.Background(), strings.Lines(string(sentences)), 200)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(t.Tokens(t.Encode("The paper: a summary", 0)))
	fmt.Println(t.Tokens([]int{t.PadID(), t.UnknownID(), t.VocabSize() - 1}))
	// Output:
	// [▁The ▁paper <unk> ▁a ▁summary </s>]
	// [<pad> <unk> <extra_id_0>]
}
