package sentence

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"math"
	"slices"

	"paperlab/lib/nn"
	"paperlab/lib/tensor"
)

// Options says how [Model.Encode] works; the zero value is Sentence-Transformers' own.
type Options struct {
	BatchSize int                   // texts computed at once; 0: 32
	Precision tensor.DType          // BFloat16 for matrix products in it; 0: Float32
	Progress  func(done, total int) // called after each batch, on Encode's goroutine
}

// Encode embeds texts and returns their vectors one after the other, [len(texts)][Dim] in one slice, in the order of texts. A text
// longer than MaxLength tokens loses its end. Texts of like length are computed together, the longest first, so that
// memory is refused at once or not at all. It stops between batches when ctx ends, with ctx's error.
func (m *Model) Encode(ctx context.Context, texts []string, o Options) ([]float32, error) {
	size := cmp.Or(o.BatchSize, 32)
	if size < 0 {
		return nil, fmt.Errorf("sentence: encode: a batch of %d texts", size)
	}
	device, precision := m.Parameters().Device(), o.Precision
	if precision == 0 {
		precision = tensor.Float32
	}
	tokens, err := m.tokenizer.EncodeBatch(ctx, m.prepare(texts), m.maxLength)
	if err != nil {
		return nil, fmt.Errorf("sentence: encode: %w", err)
	}
	b := batching{texts: size, tokens: fewEnough}
	if tensor.Kernels(device, precision) {
		b.tokens, b.mixed = enough, true
	} else if device != tensor.CPU {
		b.tokens = math.MaxInt
	}
	vectors := make([]float32, len(texts)*m.Dim())
	done := 0
	err = tensor.NoGrad(func() error {
		return tensor.Autocast(device, precision, func() error {
			for batch := range b.batches(tokens) {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := m.encodeBatch(vectors, tokens, batch); err != nil {
					return err
				}
				if done += len(batch); o.Progress != nil {
					o.Progress(done, len(texts))
				}
			}
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("sentence: encode: %d of %d texts done: %w", done, len(texts), err)
	}
	return vectors, nil
}

// Embed returns the vector of one text, [Dim].
func (m *Model) Embed(ctx context.Context, text string) ([]float32, error) {
	return m.Encode(ctx, []string{text}, Options{})
}

// encodeBatch computes the vectors of the texts whose numbers are in batch.
func (m *Model) encodeBatch(vectors []float32, tokens [][]int, batch []int) error {
	s := tensor.NewScope(m.Parameters().Device())
	defer s.Close()
	embeddings := m.embed(s, tokens, batch)
	if s.Err() != nil {
		return s.Err()
	}
	values, err := embeddings.Float32s()
	if err != nil {
		return err
	}
	dim := m.Dim()
	for row, text := range batch {
		copy(vectors[text*dim:(text+1)*dim], values[row*dim:])
	}
	return nil
}

// embed returns the embeddings of the texts whose numbers are in batch, [batch, Dim].
func (m *Model) embed(s *tensor.Scope, tokens [][]int, batch []int) *tensor.Tensor {
	if !tensor.Kernels(s.Device(), tensor.Precision(s.Device())) {
		return m.Forward(s, m.pad(s, tokens, batch))
	}
	rows, lengths := make([][]int, len(batch)), make([]int64, len(batch))
	for i, text := range batch {
		rows[i], lengths[i] = tokens[text], int64(len(tokens[text]))
	}
	pooled := m.layout.pooling.poolEach(s, m.bert.Encode(s, rows), lengths)
	if !m.layout.normalize {
		return pooled
	}
	return nn.Normalize(s, pooled)
}

// Tokens are tokenised texts side by side: int64 ids [batch, length], padded to the longest, and their mask, 1 for a token and 0
// for padding.
type Tokens struct{ IDs, Mask *tensor.Tensor }

// pad lays out the texts whose numbers are in batch.
func (m *Model) pad(s *tensor.Scope, tokens [][]int, batch []int) Tokens {
	rows := make([][]int, len(batch))
	for i, text := range batch {
		rows[i] = tokens[text]
	}
	ids, mask := nn.Pad(s, rows, m.tokenizer.PadID())
	return Tokens{IDs: ids, Mask: mask}
}

// How many tokens a processor computes at once. For libtorch's operations, padding included: enough for matrix products at full speed,
// few enough that what lies between them stays in its caches, and below the size from which on the allocator gives memory back
// each time. Our own kernel wants enough for all threads.
const fewEnough, enough = 1024, 4096

// batching says what is computed at once.
type batching struct {
	texts, tokens int  // at most; padding counts as tokens
	mixed         bool // lengths may differ at will: nothing is padded
}

// batches yields the numbers of the texts, those with most tokens first. Where they are not mixed, none is less than half as long as the
// longest beside it, as padding costs as much as text.
func (b batching) batches(tokens [][]int) iter.Seq[[]int] {
	order := make([]int, len(tokens))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return len(tokens[b]) - len(tokens[a]) })
	return func(yield func([]int) bool) {
		for rest := order; len(rest) > 0; {
			longest := len(tokens[rest[0]])
			most, n := min(b.texts, len(rest), b.tokens/max(longest, 1)), 1
			for n < most && (b.mixed || 2*len(tokens[rest[n]]) >= longest) {
				n++
			}
			if !yield(rest[:n]) {
				return
			}
			rest = rest[n:]
		}
	}
}
