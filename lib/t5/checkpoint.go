package t5

import "paperlab/lib/tensor"

// blockBody computes a block from the residual stream, its norm, the position biases and, in a decoder, the encoder's output; it gives
// the first two for the next block.
type blockBody func(s *tensor.Scope, x, normed, bias, encoded *tensor.Tensor) (sum, next *tensor.Tensor)

// block computes a block; encoded is nil in an encoder. Where the model is Checkpointing and s is Training, what the block computes on the
// way is not kept.
func (m *Model) block(s *tensor.Scope, x, normed, bias, encoded *tensor.Tensor, body blockBody) (sum, next *tensor.Tensor) {
	if !m.Checkpointing || !s.Training {
		return body(s, x, normed, bias, encoded)
	}
	in := []*tensor.Tensor{x, normed, bias}
	if encoded != nil {
		in = append(in, encoded)
	}
	out := s.Checkpoint(func(s *tensor.Scope, in ...*tensor.Tensor) []*tensor.Tensor {
		sum, next := body(s, in[0], in[1], in[2], append(in, nil)[3])
		return []*tensor.Tensor{sum, next}
	}, in...)
	return out[0], out[1]
}
