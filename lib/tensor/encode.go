package tensor

import (
	"fmt"

	"paperlab/lib/tensor/native"
)

// Encoder is the weights of a transformer's encoder, BERT's or T5's, for inference. It runs where [Kernels] says so. All products are of
// the packed weights' type. Reading it from several goroutines is safe.
type Encoder struct {
	Words           *Tensor // [vocabulary, width]
	Positions, Type *Tensor // of BERT: [longest, width], and what every token's type adds, [width]; nil for T5
	First           Norm    // of the embeddings
	Distances       *Tensor // of T5: float32 [heads, 2 longest - 1], what a key adds to its score, the farthest before the query first
	Heads, HeadSize int64
	Hidden          int64   // width of the feed-forward blocks' hidden layer
	Epsilon         float64 // of the norms
	Scale           float64 // of the scores
	Layers          []EncoderLayer
}

// Norm is a layer norm, after which the residual stream goes on normalised; without a Bias it is T5's RMS norm, after which it goes on as
// it was. Both tensors are [width].
type Norm struct{ Weight, Bias *Tensor }

// EncoderLayer is a layer of an [Encoder]. Biases may be nil.
type EncoderLayer struct {
	In, InBias       *Tensor // packed: queries, keys and values below one another [3 x heads x size, width]; [3 x heads x size]
	Out, OutBias     *Tensor // packed [width, heads x size]
	AfterAttention   Norm
	Gate, Up, UpBias *Tensor // packed [hidden, width]; with UpBias GELU, without GELU of Gate times Up, or ReLU where Gate is nil
	Down, DownBias   *Tensor // packed [width, hidden]
	AfterFeed        Norm    // T5's is what the next layer starts with
}

// Encode returns the hidden states after the last norm, float32 [tokens, width], of texts of these lengths, none 0, whose ids lie one
// after the other. With Distances, the longest text is as long as those say.
func (s *Scope) Encode(e *Encoder, ids, lengths []int64) *Tensor {
	tokens := int64(0)
	for i, n := range lengths {
		if n < 1 {
			s.Fail(fmt.Errorf("tensor: encode: text %d has no tokens", i))
			return nil
		}
		tokens += n
	}
	if tokens != int64(len(ids)) || tokens == 0 {
		s.Fail(fmt.Errorf("tensor: encode: %d ids for texts of %d tokens in all", len(ids), tokens))
		return nil
	}
	var all handles
	n := all.encoder(e)
	return s.doNative("encode", func() (native.Handle, error) { return native.Encode(n, ids, lengths) }, all...)
}

// handles are tensors that C reads.
type handles []*Tensor

// of returns a tensor's handle and remembers it; a nil one has none.
func (h *handles) of(t *Tensor) native.Handle {
	if t == nil {
		return nil
	}
	*h = append(*h, t)
	return t.handle()
}

func (h *handles) norm(n Norm) native.Norm {
	return native.Norm{Weight: h.of(n.Weight), Bias: h.of(n.Bias)}
}

func (h *handles) encoder(e *Encoder) *native.Encoder {
	n := &native.Encoder{
		Words: h.of(e.Words), Positions: h.of(e.Positions), Type: h.of(e.Type), First: h.norm(e.First), Distances: h.of(e.Distances),
		Heads: e.Heads, HeadSize: e.HeadSize, Hidden: e.Hidden, Epsilon: e.Epsilon, Scale: e.Scale,
		Layers: make([]native.EncoderLayer, 0, len(e.Layers)),
	}
	for _, l := range e.Layers {
		n.Layers = append(n.Layers, native.EncoderLayer{
			In: h.of(l.In), InBias: h.of(l.InBias), Out: h.of(l.Out), OutBias: h.of(l.OutBias), AfterAttention: h.norm(l.AfterAttention),
			Gate: h.of(l.Gate), Up: h.of(l.Up), UpBias: h.of(l.UpBias), Down: h.of(l.Down), DownBias: h.of(l.DownBias),
			AfterFeed: h.norm(l.AfterFeed),
		})
	}
	return n
}
