package wordpiece_test

import (
	"fmt"
	"log"

	"paperlab/lib/tokenize/wordpiece"
)

func Example() {
	m, err := wordpiece.New([]string{"[UNK]", "model", "##ling", "!", "naive"}, "##", 0, 100)
	if err != nil {
		log.Fatal(err)
	}
	s := wordpiece.Splitter{CleanText: true, StripAccents: true, Lowercase: true}
	var ids []int
	for word := range s.Words("Naïve Modelling!") {
		fmt.Printf("%s ", word)
		ids = m.Append(ids, word)
	}
	fmt.Println(ids)
	// Output: naive modelling ! [4 1 2 3]
}
