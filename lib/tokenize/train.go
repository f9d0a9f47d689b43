package tokenize

import (
	"context"
	"fmt"
	"iter"

	"paperlab/lib/tokenize/sentencepiece"
	"paperlab/lib/tokenize/unigram"
)

// t5Specials are the first ids of a T5 vocabulary.
var t5Specials = []sentencepiece.Piece{
	{Text: "<pad>", Type: sentencepiece.Control},
	{Text: "</s>", Type: sentencepiece.Control},
	{Text: "<unk>", Type: sentencepiece.Unknown},
}

// t5Config is the tokenizer_config.json of a vocabulary trained here.
const t5Config = `{
  "tokenizer_class": "T5Tokenizer",
  "legacy": true,
  "eos_token": "</s>",
  "pad_token": "<pad>",
  "unk_token": "<unk>",
  "extra_ids": 100
}
`

// whiteSpace is what a vocabulary trained here takes for a space. sentencepiece's own nmt_nfkc does more, from tables of
// a quarter of a megabyte.
const whiteSpace = "\t\n\v\f\r\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"

// TrainT5 learns a T5 vocabulary of vocabSize pieces, <pad>, </s> and <unk> included, from texts (see unigram.Train),
// and adds the hundred sentinels <extra_id_0> ... behind it. Save writes a folder that sentencepiece and transformers'
// T5Tokenizer load, with the same ids.
func TrainT5(ctx context.Context, texts iter.Seq[string], vocabSize int) (*Tokenizer, error) {
	rules := map[string]string{}
	for _, r := range whiteSpace {
		rules[string(r)] = " "
	}
	charsmap, err := sentencepiece.CompileCharsmap(rules)
	if err != nil {
		return nil, fmt.Errorf("tokenizer: %w", err)
	}
	m := &sentencepiece.Model{
		NormalizerName: "white_space", Charsmap: charsmap,
		AddDummyPrefix: true, RemoveExtraWhitespaces: true, EscapeWhitespaces: true,
	}
	normalizer, err := m.NewNormalizer()
	if err != nil {
		return nil, fmt.Errorf("tokenizer: %w", err)
	}
	normalized := func(yield func(string) bool) {
		for text := range texts {
			if !yield(normalizer.Normalize(text)) {
				return
			}
		}
	}
	pieces, err := unigram.Train(ctx, normalized, unigram.Options{VocabSize: vocabSize - len(t5Specials)})
	if err != nil {
		return nil, fmt.Errorf("tokenizer: %w", err)
	}
	m.Pieces = append(m.Pieces, t5Specials...)
	for _, p := range pieces {
		m.Pieces = append(m.Pieces, sentencepiece.Piece{Text: p.Text, Score: float32(p.Score), Type: sentencepiece.Normal})
	}
	t, err := parse(fileSentencePiece, map[string][]byte{fileSentencePiece: m.Marshal(), fileConfig: []byte(t5Config)})
	if err != nil {
		return nil, fmt.Errorf("tokenizer: trained vocabulary: %w", err)
	}
	return t, nil
}
