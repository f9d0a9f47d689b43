package bert

import (
	"fmt"
	"math"

	"paperlab/lib/nn"
	"paperlab/lib/tensor"
)

// Encode returns the hidden states after the last layer, float32 [tokens, hidden_size], of texts whose ids, none empty, come one after
// the other: what [Model.Forward] gives with dropout off, without its padding. It is for inference, within [tensor.NoGrad]. Where
// [tensor.Kernels] says so, one call of this library's own kernel computes it, on weights that are packed at the first call.
func (m *Model) Encode(s *tensor.Scope, texts [][]int) *tensor.Tensor {
	var ids, lengths []int64
	for i, text := range texts {
		if n := int64(len(text)); n == 0 || n > m.config.MaxPositionEmbeddings {
			s.Fail(fmt.Errorf("bert: text %d has %d tokens, the model reads from 1 to %d (truncate it)", i, n, m.config.MaxPositionEmbeddings))
			return nil
		}
		lengths = append(lengths, int64(len(text)))
		for _, id := range text {
			ids = append(ids, int64(id))
		}
	}
	if dtype := tensor.Precision(s.Device()); tensor.Kernels(s.Device(), dtype) {
		return s.Encode(m.kernel(s, dtype), ids, lengths)
	}
	padded, mask := nn.Pad(s, texts, int(m.config.PadTokenID))
	length := padded.Dim(1)
	places := make([]int64, 0, len(ids))
	for i, n := range lengths {
		for j := range n {
			places = append(places, int64(i)*length+j)
		}
	}
	hidden := s.Reshape(m.Forward(s, padded, mask, nil), -1, m.config.HiddenSize)
	return s.IndexSelect(hidden, 0, s.FromInt64s(places, int64(len(places))))
}

// kernel lays out what the kernel reads.
func (m *Model) kernel(s *tensor.Scope, dtype tensor.DType) *tensor.Encoder {
	w, c := m.weights, m.config
	pack := func(weights ...*tensor.Tensor) *tensor.Tensor { return m.parameters.Packed(s, dtype, weights...) }
	norm := func(a affine) tensor.Norm { return tensor.Norm{Weight: a.weight, Bias: a.bias} }
	size := c.HiddenSize / c.NumAttentionHeads
	e := &tensor.Encoder{
		Words: w.words, Positions: w.positions, Type: s.Select(w.types, 0, 0), First: norm(w.norm),
		Heads: c.NumAttentionHeads, HeadSize: size, Hidden: c.IntermediateSize, Epsilon: c.LayerNormEps, Scale: 1 / math.Sqrt(float64(size)),
	}
	for _, l := range w.layers {
		e.Layers = append(e.Layers, tensor.EncoderLayer{
			In: pack(l.query.weight, l.key.weight, l.value.weight), InBias: pack(l.query.bias, l.key.bias, l.value.bias),
			Out: pack(l.output.weight), OutBias: l.output.bias, AfterAttention: norm(l.outputNorm),
			Up: pack(l.up.weight), UpBias: l.up.bias, Down: pack(l.down.weight), DownBias: l.down.bias, AfterFeed: norm(l.downNorm),
		})
	}
	return e
}
