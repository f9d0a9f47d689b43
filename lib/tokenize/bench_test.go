package tokenize_test

import (
	"context"
	"slices"
	"strings"
	"testing"
)

// BenchmarkAbstracts encodes whole abstracts on one core; compare sentencepiece (spiece.model) and tokenizers (.json).
func BenchmarkAbstracts(b *testing.B) {
	data := data(b)
	texts := readAbstracts(b, data)
	for name, files := range realTokenizers(data) {
		b.Run(name, func(b *testing.B) {
			tk := load(b, files)
			size := 0
			for _, text := range texts {
				size += len(text)
			}
			b.SetBytes(int64(size))
			for b.Loop() {
				for _, text := range texts {
					tk.Encode(text, 0)
				}
			}
		})
	}
}

// BenchmarkPrepareArticles is the work of that name in `make bench`: 2,000 articles of 27,000 characters to 256 tokens.
// The rate is that of the whole texts, most of which is not read.
func BenchmarkPrepareArticles(b *testing.B) {
	data := data(b)
	all := []rune(strings.Join(readArticles(b, data), " "))
	const length = 27000
	var articles []string
	size := 0
	for len(articles) < 2000 {
		for part := range slices.Chunk(all, length) {
			articles = append(articles, string(part))
		}
	}
	articles = articles[:2000]
	for _, text := range articles {
		size += len(text)
	}
	for _, name := range []string{"t5 spiece.model", "t5 tokenizer.json", "bert tokenizer.json"} {
		b.Run(name, func(b *testing.B) {
			tk := load(b, realTokenizers(data)[name])
			b.SetBytes(int64(size))
			for b.Loop() {
				if _, err := tk.EncodeBatch(context.Background(), articles, 256); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	data := data(b)
	texts := readAbstracts(b, data)[:100]
	for name, files := range realTokenizers(data) {
		b.Run(name, func(b *testing.B) {
			tk := load(b, files)
			var ids [][]int
			for _, text := range texts {
				ids = append(ids, tk.Encode(text, 0))
			}
			for b.Loop() {
				for _, i := range ids {
					tk.Decode(i, true)
				}
			}
		})
	}
}

func BenchmarkLoad(b *testing.B) {
	for name, files := range realTokenizers(data(b)) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				load(b, files)
			}
		})
	}
}

func BenchmarkTrainT5(b *testing.B) {
	for b.Loop() {
		trainSmall(b)
	}
}
