package t5

import (
	"fmt"

	"paperlab/lib/tensor"
)

// encodeEach returns the encoder's output for texts without padding, text after text, [tokens, d_model], and how many tokens each has,
// as this library's own kernel computes it.
func (m *Model) encodeEach(s *tensor.Scope, dtype tensor.DType, texts [][]int) (rows *tensor.Tensor, lengths []int64) {
	var ids []int64
	longest := 0
	for i, text := range texts {
		if len(text) == 0 {
			s.Fail(fmt.Errorf("t5: text %d has no ids", i))
			return nil, nil
		}
		longest = max(longest, len(text))
		lengths = append(lengths, int64(len(text)))
		for _, id := range text {
			ids = append(ids, int64(id))
		}
	}
	return s.Encode(m.encoderKernel(s, dtype, int64(longest)), ids, lengths), lengths
}

// encoderKernel lays out what the kernel reads for texts of at most so many tokens.
func (m *Model) encoderKernel(s *tensor.Scope, dtype tensor.DType, longest int64) *tensor.Encoder {
	c, stack := m.config, m.weights.encoder
	pack := func(weights ...*tensor.Tensor) *tensor.Tensor { return m.parameters.Packed(s, dtype, weights...) }
	line := s.FromInt64s(m.buckets(true).Between(1-longest, longest-1), 2*longest-1)
	distances := s.Contiguous(s.Transpose(s.Embedding(stack.bias, line), 0, 1))
	e := &tensor.Encoder{
		Words: m.weights.embedding, First: tensor.Norm{Weight: stack.blocks[0].self.norm}, Distances: distances,
		Heads: c.NumHeads, HeadSize: c.DKV, Hidden: c.DFF, Epsilon: c.LayerNormEpsilon, Scale: 1,
	}
	for i, b := range stack.blocks {
		layer := tensor.EncoderLayer{
			In: pack(b.self.q, b.self.k, b.self.v), Out: pack(b.self.o), AfterAttention: tensor.Norm{Weight: b.feed.norm},
			Up: pack(b.feed.up), Down: pack(b.feed.down), AfterFeed: tensor.Norm{Weight: stack.normAfter(i)},
		}
		if b.feed.gate != nil {
			layer.Gate = pack(b.feed.gate)
		}
		e.Layers = append(e.Layers, layer)
	}
	return e
}
