package sentence

import (
	"fmt"
	"path/filepath"
	"strings"

	"paperlab/lib/bert"
	"paperlab/lib/nn"
	"paperlab/lib/tensor"
	"paperlab/lib/tokenize"
)

// Model turns texts into vectors. Several goroutines may encode with it at once, as long as none trains it or closes it.
type Model struct {
	bert      *bert.Model
	tokenizer *tokenize.Tokenizer
	layout    layout
	maxLength int // in tokens, special ones included
}

// Load reads a model from a folder in Sentence-Transformers' layout onto device d: a BERT, a pooling and maybe a normalisation. A
// folder with a bare BERT gets the average as its pooling, as there. Modules that are not known are an error. Close
// frees it.
func Load(dir string, d tensor.Device) (*Model, error) {
	m, err := load(dir, d)
	if err != nil {
		return nil, fmt.Errorf("sentence: %s: %w", dir, err)
	}
	return m, nil
}

func load(dir string, d tensor.Device) (*Model, error) {
	l, err := readLayout(dir)
	if err != nil {
		return nil, err
	}
	dir = filepath.Join(dir, l.transformer)
	tokenizer, err := tokenize.Load(dir)
	if err != nil {
		return nil, err
	}
	if tokenizer.Kind() != tokenize.BERT {
		return nil, fmt.Errorf("the tokenizer is %v's, not BERT's", tokenizer.Kind())
	}
	b, err := bert.Load(dir, d)
	if err != nil {
		return nil, err
	}
	c := b.Config()
	if n := int64(tokenizer.VocabSize()); n > c.VocabSize {
		b.Close()
		return nil, fmt.Errorf("the tokenizer has %d tokens, the model %d (files of two models?)", n, c.VocabSize)
	}
	maxLength := int(c.MaxPositionEmbeddings)
	if n := tokenizer.MaxLength(); n > 0 {
		maxLength = min(maxLength, n)
	}
	return &Model{bert: b, tokenizer: tokenizer, layout: l, maxLength: maxLength}, nil
}

// Save writes the model into dir, which is made where it is missing, in Sentence-Transformers' layout: the transformer with its
// tokenizer, the pooling, the normalisation, and last modules.json, without which a new folder is an unfinished one. Each
// file is replaced whole or not at all.
func (m *Model) Save(dir string) error {
	if err := m.bert.Save(dir); err != nil {
		return fmt.Errorf("sentence: %w", err)
	}
	if err := m.tokenizer.Save(dir); err != nil {
		return fmt.Errorf("sentence: save: %w", err)
	}
	if err := m.layout.write(dir, int(m.bert.Config().HiddenSize), m.maxLength); err != nil {
		return fmt.Errorf("sentence: save: %w", err)
	}
	return nil
}

// Forward returns the embeddings of tokenised texts, [batch, Dim], on the model's device. The result is s's, and so is its
// error; dropout takes place where s is Training.
func (m *Model) Forward(s *tensor.Scope, t Tokens) *tensor.Tensor {
	pooled := m.layout.pooling.pool(s, m.bert.Forward(s, t.IDs, t.Mask, nil), t.Mask)
	if !m.layout.normalize {
		return pooled
	}
	return nn.Normalize(s, pooled)
}

// Dim is the number of components of an embedding: 384 for MiniLM.
func (m *Model) Dim() int { return m.layout.pooling.modes() * int(m.bert.Config().HiddenSize) }

// MaxLength is the number of tokens, special ones included, from which on a text's end is cut off.
func (m *Model) MaxLength() int { return m.maxLength }

// Parameters returns the trainable parameters with their gradients.
func (m *Model) Parameters() *nn.Parameters { return m.bert.Parameters() }

// Close frees the model, which must not be used after it; closing twice is harmless.
func (m *Model) Close() { m.bert.Close() }

// prepare is what is done to a text before it is tokenised.
func (m *Model) prepare(texts []string) []string {
	if !m.layout.lowerCase {
		return texts
	}
	lower := make([]string, len(texts))
	for i, text := range texts {
		lower[i] = strings.ToLower(text)
	}
	return lower
}
