package summarize

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"paperlab/lib/corpus"
	"paperlab/lib/t5"
	"paperlab/lib/tensor"
	"paperlab/lib/tokenize"
)

// Model is a T5 with its tokenizer. Several goroutines may write with it at once, as long as none trains or closes it.
type Model struct {
	*t5.Model
	Tokenizer *tokenize.Tokenizer
	Precision tensor.DType // of matrix products: tensor.BFloat16 for mixed precision; 0: tensor.Float32
	Smoothing float64      // of the labels that it learns from, see [t5.Smoothed]; 0: none
}

// Load reads model and tokenizer from a folder onto device d. Close frees the model.
func Load(dir string, d tensor.Device) (*Model, error) {
	tok, err := LoadTokenizer(dir)
	if err != nil {
		return nil, err
	}
	m, err := t5.Load(dir, d)
	if err != nil {
		return nil, err
	}
	if rows := m.Config().VocabSize; int64(tok.VocabSize()) > rows {
		m.Close()
		return nil, fmt.Errorf("model %s: its tokenizer has %d tokens, its embedding only %d: they are not of one model", dir, tok.VocabSize(), rows)
	}
	return &Model{Model: m, Tokenizer: tok}, nil
}

// New returns a model with random weights for a tokenizer's vocabulary, whatever size c names: see [t5.New].
func New(c t5.Config, tok *tokenize.Tokenizer, d tensor.Device, seed int64) (*Model, error) {
	// Rows past the tokenizer's own ids are never used, but a multiple of 128 is what the published T5 has.
	c.VocabSize = int64(tok.VocabSize()+127) / 128 * 128
	m, err := t5.New(c, d, seed)
	if err != nil {
		return nil, err
	}
	return &Model{Model: m, Tokenizer: tok}, nil
}

// Save writes model and tokenizer into a folder, which is made where it is missing.
func (m *Model) Save(dir string) error {
	if err := m.Tokenizer.Save(dir); err != nil {
		return err
	}
	return m.Model.Save(dir)
}

// LoadTokenizer reads the tokenizer in a folder, which must be T5's.
func LoadTokenizer(dir string) (*tokenize.Tokenizer, error) {
	tok, err := tokenize.Load(dir)
	if err != nil {
		return nil, err
	}
	if tok.Kind() != tokenize.T5 {
		return nil, fmt.Errorf("model %s: its tokenizer is %s's, a summarising model has T5's", dir, tok.Kind())
	}
	return tok, nil
}

// TrainTokenizer learns a vocabulary of so many pieces from the abstracts and articles of papers: see [tokenize.TrainT5].
func TrainTokenizer(ctx context.Context, papers []corpus.Paper, pieces int) (*tokenize.Tokenizer, error) {
	if len(papers) == 0 {
		return nil, errors.New("summarize: a vocabulary of no papers")
	}
	texts := make([]string, 0, 2*len(papers))
	for _, p := range papers {
		texts = append(texts, p.Abstract, p.Article)
	}
	return tokenize.TrainT5(ctx, slices.Values(texts), pieces)
}
