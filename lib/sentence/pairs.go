package sentence

import (
	"context"
	"fmt"

	"paperlab/lib/tensor"
)

// Pairs is a data set of texts that belong together, tokenised: what package train calls a Dataset. It is safe for
// concurrent reading, as long as its model is open.
type Pairs struct {
	model   *Model
	columns [][][]int // anchors, positives, then hard negatives
}

// Batch is what one step of training on [Pairs] takes.
type Batch struct {
	Anchors, Positives Tokens   // one row a pair
	Negatives          []Tokens // hard negatives, one row a pair in each; nil for none
}

// Pairs tokenises anchors and the text that belongs to each, over all cores, and maybe hard negatives: texts that look as if
// they belonged to it and do not. It fails where there are not as many of each, or none.
func (m *Model) Pairs(ctx context.Context, anchors, positives []string, negatives ...[]string) (*Pairs, error) {
	p := &Pairs{model: m}
	for i, texts := range append([][]string{anchors, positives}, negatives...) {
		if len(texts) != len(anchors) || len(texts) == 0 {
			return nil, fmt.Errorf("sentence: pairs: %d anchors, %d texts in column %d: as many of each, and at least one, are needed", len(anchors), len(texts), i)
		}
		tokens, err := m.tokenizer.EncodeBatch(ctx, m.prepare(texts), m.maxLength)
		if err != nil {
			return nil, fmt.Errorf("sentence: pairs: %w", err)
		}
		p.columns = append(p.columns, tokens)
	}
	return p, nil
}

// Len is the number of pairs.
func (p *Pairs) Len() int { return len(p.columns[0]) }

// Batch lays out the pairs whose numbers are in indices, each column padded to its longest text; its tensors are s's.
func (p *Pairs) Batch(s *tensor.Scope, indices []int) Batch {
	tokens := make([]Tokens, len(p.columns))
	for i, column := range p.columns {
		tokens[i] = p.model.pad(s, column, indices)
	}
	return Batch{Anchors: tokens[0], Positives: tokens[1], Negatives: tokens[2:]}
}
