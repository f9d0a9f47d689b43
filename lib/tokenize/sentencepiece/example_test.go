package sentencepiece_test

import (
	"fmt"
	"log"

	"paperlab/lib/tokenize/sentencepiece"
)

func Example() {
	charsmap, err := sentencepiece.CompileCharsmap(map[string]string{"\n": " ", "ﬁ": "fi"})
	if err != nil {
		log.Fatal(err)
	}
	m := &sentencepiece.Model{
		Pieces: []sentencepiece.Piece{
			{Text: "<unk>", Type: sentencepiece.Unknown}, {Text: "</s>", Type: sentencepiece.Control},
			{Text: "▁fine", Score: -1.5, Type: sentencepiece.Normal},
		},
		Charsmap: charsmap, AddDummyPrefix: true, RemoveExtraWhitespaces: true, EscapeWhitespaces: true,
	}
	read, err := sentencepiece.Parse(m.Marshal())
	if err != nil {
		log.Fatal(err)
	}
	n, err := read.NewNormalizer()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(n.Normalize(" a \n ﬁne  day "))
	// Output: ▁a▁fine▁day
}
