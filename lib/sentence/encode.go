package sentence

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"strings"

	"paperlab/lib/nn"
	"paperlab/lib/tensor"
)

// Options says how [Model.Encode] works; the zero value is Sentence-Transformers' own.
type Options struct {
	BatchSize int                   // texts computed at once; 0: 32
	Precision tensor.DType          // BFloat16 for matrix products in it; 0: Float32
	Prompt    string                // what stands before each text, see [Model.Prompt]; empty: the model's default prompt, where it has one
	MaxLength int                   // tokens from which on a text's end is cut off; 0: the model's MaxLength, and never more
	Normalize bool                  // scale vectors to length 1 where the model itself does not
	Progress  func(done, total int) // called after each batch, on Encode's goroutine
}

// encoding is how one call embeds.
type encoding struct {
	*Model
	batching
	precision tensor.DType
	prompt    string
	passed    int64 // tokens of each text that the pooling passes over: the prompt's
	maxLength int
	normalize bool
}

// encoding fills in what the options leave open.
func (m *Model) encoding(ctx context.Context, o Options) (encoding, error) {
	e := encoding{
		Model: m, precision: o.precision(), prompt: cmp.Or(o.Prompt, m.layout.prompts.standard()),
		maxLength: m.maxLength, normalize: o.Normalize,
	}
	if o.BatchSize < 0 || o.MaxLength < 0 {
		return e, fmt.Errorf("sentence: encode: a batch of %d texts of %d tokens at most", o.BatchSize, o.MaxLength)
	}
	if o.MaxLength > 0 {
		e.maxLength = min(e.maxLength, o.MaxLength)
	}
	e.batching = batching{texts: cmp.Or(o.BatchSize, 32), tokens: fewEnough}
	device := m.Parameters().Device()
	if tensor.Kernels(device, e.precision) {
		e.tokens, e.mixed = enough, true
	} else if device != tensor.CPU {
		e.tokens = math.MaxInt
	}
	if e.prompt != "" && m.layout.pooling.withoutPrompt {
		tokens, err := m.tokenizer.EncodeBatch(ctx, m.prepare([]string{e.prompt}), e.maxLength)
		if err != nil {
			return e, fmt.Errorf("sentence: encode: %w", err)
		}
		e.passed = int64(len(tokens[0]) - 1) // but for the token at its end
	}
	return e, nil
}

func (o Options) precision() tensor.DType { return cmp.Or(o.Precision, tensor.Float32) }

// Encode embeds texts and returns their vectors one after the other, [len(texts)][Dim] in one slice, in the order of texts. A text
// longer than MaxLength tokens loses its end. Texts of like length are computed together, the longest first, so that
// memory is refused at once or not at all. It stops between batches when ctx ends, with ctx's error.
func (m *Model) Encode(ctx context.Context, texts []string, o Options) ([]float32, error) {
	e, err := m.encoding(ctx, o)
	if err != nil {
		return nil, err
	}
	tokens, err := m.tokenizer.EncodeBatch(ctx, m.prepare(after(e.prompt, texts)), e.maxLength)
	if err != nil {
		return nil, fmt.Errorf("sentence: encode: %w", err)
	}
	vectors := make([]float32, len(texts)*m.Dim())
	done := 0
	err = tensor.NoGrad(func() error {
		return tensor.Autocast(m.Parameters().Device(), e.precision, func() error {
			for batch := range e.batches(tokens) {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := e.encodeBatch(vectors, tokens, batch); err != nil {
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
func (e encoding) encodeBatch(vectors []float32, tokens [][]int, batch []int) error {
	s := tensor.NewScope(e.Parameters().Device())
	defer s.Close()
	embeddings := e.embed(s, tokens, batch)
	if e.normalize {
		embeddings = nn.Normalize(s, embeddings)
	}
	if s.Err() != nil {
		return s.Err()
	}
	values, err := embeddings.Float32s()
	if err != nil {
		return err
	}
	dim := e.Dim()
	for row, text := range batch {
		copy(vectors[text*dim:(text+1)*dim], values[row*dim:])
	}
	return nil
}

// embed returns the embeddings of the texts whose numbers are in batch, [batch, Dim].
func (e encoding) embed(s *tensor.Scope, tokens [][]int, batch []int) *tensor.Tensor {
	if !tensor.Kernels(s.Device(), tensor.Precision(s.Device())) {
		return e.forward(s, e.pad(s, tokens, batch), e.passed)
	}
	rows, lengths := make([][]int, len(batch)), make([]int64, len(batch))
	for i, text := range batch {
		rows[i], lengths[i] = tokens[text], int64(len(tokens[text]))
	}
	return e.head.apply(s, e.layout.pooling.poolEach(s, e.bert.Encode(s, rows), lengths, e.passed))
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

// after returns the texts with a prompt before each.
func after(prompt string, texts []string) []string {
	if prompt == "" {
		return texts
	}
	prompted := make([]string, len(texts))
	for i, text := range texts {
		prompted[i] = prompt + text
	}
	return prompted
}

// prepare is what is done to texts before they are tokenised.
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
