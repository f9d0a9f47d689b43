package sentence

import (
	"fmt"
	"path/filepath"

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
	head      head
	maxLength int // in tokens, special ones included
}

// Load reads a model from a folder in Sentence-Transformers' layout onto device d: a BERT, a pooling, dense layers and
// normalisations. A folder with a bare BERT gets the average as its pooling, as there. Modules that are not known are
// an error. Close frees it.
func Load(dir string, d tensor.Device) (*Model, error) {
	m, err := load(dir, d)
	if err != nil {
		return nil, fmt.Errorf("sentence: %s: %w", dir, err)
	}
	return m, nil
}

func load(root string, d tensor.Device) (*Model, error) {
	l, err := readLayout(root)
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(root, l.transformer)
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
	h, err := loadHead(root, l.head, int64(l.pooling.modes())*c.HiddenSize, d)
	if err != nil {
		b.Close()
		return nil, err
	}
	return &Model{bert: b, tokenizer: tokenizer, layout: l, head: h, maxLength: maxLength}, nil
}

// Save writes the model into dir, which is made where it is missing, in Sentence-Transformers' layout: the transformer with its
// tokenizer, the pooling, what comes after it, and last modules.json, without which a new folder is an unfinished one. Each
// file is replaced whole or not at all.
func (m *Model) Save(dir string) error {
	if err := m.bert.Save(dir); err != nil {
		return fmt.Errorf("sentence: %w", err)
	}
	if err := m.tokenizer.Save(dir); err != nil {
		return fmt.Errorf("sentence: save: %w", err)
	}
	modules := m.head.modules(2)
	if err := m.head.save(dir, modules); err != nil {
		return fmt.Errorf("sentence: save: %w", err)
	}
	if err := m.layout.write(dir, modules, int(m.bert.Config().HiddenSize), m.maxLength); err != nil {
		return fmt.Errorf("sentence: save: %w", err)
	}
	return nil
}

// Forward returns the embeddings of tokenised texts, [batch, Dim], on the model's device. The result is s's, and so is its
// error; dropout takes place where s is Training.
func (m *Model) Forward(s *tensor.Scope, t Tokens) *tensor.Tensor { return m.forward(s, t, 0) }

// forward is Forward with a pooling that passes over the first tokens of each text.
func (m *Model) forward(s *tensor.Scope, t Tokens, passed int64) *tensor.Tensor {
	return m.head.apply(s, m.layout.pooling.pool(s, m.bert.Forward(s, t.IDs, t.Mask, nil), passing(s, t.Mask, passed)))
}

// Dim is the number of components of an embedding: 384 for MiniLM.
func (m *Model) Dim() int {
	return m.head.width(m.layout.pooling.modes() * int(m.bert.Config().HiddenSize))
}

// MaxLength is the number of tokens, special ones included, from which on a text's end is cut off.
func (m *Model) MaxLength() int { return m.maxLength }

// Parameters returns the trainable parameters with their gradients: the BERT's. A model with a dense layer is not trained.
func (m *Model) Parameters() *nn.Parameters { return m.bert.Parameters() }

// Close frees the model, which must not be used after it; closing twice is harmless.
func (m *Model) Close() {
	m.bert.Close()
	m.head.close()
}
