package t5

import (
	"math"

	"paperlab/lib/nn"
	"paperlab/lib/tensor"
)

// Batch is what one forward pass takes: three int64 tensors on the model's device.
type Batch struct {
	InputIDs      *tensor.Tensor // [batch, length], padded with the pad token
	AttentionMask *tensor.Tensor // [batch, length], 1 for a token and 0 for padding
	Labels        *tensor.Tensor // [batch, target length], padded with [nn.IgnoredLabel]
}

// Loss returns the mean cross-entropy of the labels that are not [nn.IgnoredLabel], a scalar, as
// T5ForConditionalGeneration gives it. The result is s's, and so is its error; dropout takes place where s is Training.
func (m *Model) Loss(s *tensor.Scope, b Batch) *tensor.Tensor {
	return nn.LinearCrossEntropy(s, m.teacherForced(s, b), m.weights.head, b.Labels)
}

// Logits returns the scores of every token at each label's place, given the labels before it: [batch, target length,
// vocab_size].
func (m *Model) Logits(s *tensor.Scope, b Batch) *tensor.Tensor {
	return s.Linear(m.teacherForced(s, b), m.weights.head, nil)
}

// teacherForced returns what the output layer takes when the decoder reads the labels themselves, shifted right.
func (m *Model) teacherForced(s *tensor.Scope, b Batch) *tensor.Tensor {
	encoded := m.Encode(s, b.InputIDs, b.AttentionMask)
	decoder, n := m.weights.decoder, b.Labels.Dim(1)
	return m.decode(s, m.shiftRight(s, b.Labels), attended{
		selfBias:  s.Add(m.positionBias(s, decoder, m.buckets(false), n), nn.CausalMask(s, n)),
		crossBias: nn.PaddingMask(s, b.AttentionMask),
		encoded:   encoded,
		self: func(s *tensor.Scope, layer int, x *tensor.Tensor) keyValue {
			return m.keyValue(s, decoder.blocks[layer].self, x)
		},
		cross: func(s *tensor.Scope, layer int, encoded *tensor.Tensor) keyValue {
			return m.keyValue(s, decoder.blocks[layer].cross, encoded)
		},
	})
}

// shiftRight turns labels into the decoder's input: each is asked for where the one before it is read.
func (m *Model) shiftRight(s *tensor.Scope, labels *tensor.Tensor) *tensor.Tensor {
	start := s.Full(float64(m.config.DecoderStartTokenID), tensor.Int64, labels.Dim(0), 1)
	shifted := s.Cat(1, start, s.Narrow(labels, 1, 0, labels.Dim(1)-1))
	return s.MaskedFill(shifted, s.Equal(shifted, nn.IgnoredLabel), float64(m.config.PadTokenID))
}

// Encode returns the encoder's output [batch, length, d_model] for ids and mask as in [Batch].
func (m *Model) Encode(s *tensor.Scope, ids, mask *tensor.Tensor) *tensor.Tensor {
	encoder, n := m.weights.encoder, ids.Dim(1)
	bias, padding := m.positionBias(s, encoder, m.buckets(true), n), nn.PaddingMask(s, mask)
	x, normed := m.embed(s, encoder, ids)
	for i, b := range encoder.blocks {
		x, normed = m.block(s, x, normed, bias, nil, func(s *tensor.Scope, x, normed, bias, _ *tensor.Tensor) (sum, next *tensor.Tensor) {
			y := m.attend(s, b.self, normed, m.keyValue(s, b.self, normed), bias, padding)
			x, normed = m.add(s, x, y, b.feed.norm)
			y = m.feedForward(s, b.feed, normed)
			return m.add(s, x, y, encoder.normAfter(i))
		})
	}
	return s.Dropout(normed, m.config.DropoutRate)
}

// attended is what a decoder's attentions look at: biases for all blocks, and each block's keys and values, computed in scope s.
type attended struct {
	selfBias, crossBias *tensor.Tensor // broadcast to [batch, heads, queries, keys]
	encoded             *tensor.Tensor // what cross reads, nil where it needs nothing
	self                func(s *tensor.Scope, layer int, x *tensor.Tensor) keyValue
	cross               func(s *tensor.Scope, layer int, encoded *tensor.Tensor) keyValue
}

// decode returns what the output layer takes, [batch, length, d_model], for the decoder's input ids [batch, length].
func (m *Model) decode(s *tensor.Scope, ids *tensor.Tensor, to attended) *tensor.Tensor {
	decoder := m.weights.decoder
	x, normed := m.embed(s, decoder, ids)
	for i, b := range decoder.blocks {
		x, normed = m.block(s, x, normed, to.selfBias, to.encoded, func(s *tensor.Scope, x, normed, bias, encoded *tensor.Tensor) (sum, next *tensor.Tensor) {
			y := m.attend(s, b.self, normed, to.self(s, i, normed), bias, nil)
			x, normed = m.add(s, x, y, b.cross.norm)
			y = m.attend(s, b.cross, normed, to.cross(s, i, encoded), nil, to.crossBias)
			x, normed = m.add(s, x, y, b.feed.norm)
			y = m.feedForward(s, b.feed, normed)
			return m.add(s, x, y, decoder.normAfter(i))
		})
	}
	out := s.Dropout(normed, m.config.DropoutRate)
	if m.config.TieWordEmbeddings {
		out = s.MulScalar(out, math.Pow(float64(m.config.DModel), -0.5))
	}
	return out
}

// embed starts a stack: the residual stream x, and x normalised for the first block.
func (m *Model) embed(s *tensor.Scope, in stack, ids *tensor.Tensor) (x, normed *tensor.Tensor) {
	x = s.Dropout(s.Embedding(m.weights.embedding, ids), m.config.DropoutRate)
	return x, nn.RMSNorm(s, x, in.blocks[0].self.norm, m.config.LayerNormEpsilon)
}

// add ends a layer: its output y joins the residual stream x, and the sum is normalised for the next layer.
func (m *Model) add(s *tensor.Scope, x, y, norm *tensor.Tensor) (sum, normed *tensor.Tensor) {
	return nn.AddNorm(s, x, y, norm, m.config.DropoutRate, m.config.LayerNormEpsilon)
}

// normAfter is the norm that the output of block i meets.
func (st stack) normAfter(i int) *tensor.Tensor {
	if i+1 < len(st.blocks) {
		return st.blocks[i+1].self.norm
	}
	return st.norm
}

// keyValue is what an attention looks at: keys and values, each [batch, heads, positions, d_kv].
type keyValue struct{ k, v *tensor.Tensor }

func (m *Model) keyValue(s *tensor.Scope, a attention, x *tensor.Tensor) keyValue {
	heads := m.config.NumHeads
	return keyValue{nn.SplitHeads(s, s.Linear(x, a.k, nil), heads), nn.SplitHeads(s, s.Linear(x, a.v, nil), heads)}
}

func (m *Model) attend(s *tensor.Scope, a attention, x *tensor.Tensor, to keyValue, bias, mask *tensor.Tensor) *tensor.Tensor {
	const unscaled = 1 // the queries' weights start with the scale in them
	q := nn.SplitHeads(s, s.Linear(x, a.q, nil), m.config.NumHeads)
	return s.Linear(nn.Attention(s, q, to.k, to.v, bias, mask, unscaled, m.config.DropoutRate), a.o, nil)
}

func (m *Model) feedForward(s *tensor.Scope, f feedForward, x *tensor.Tensor) *tensor.Tensor {
	if f.gate != nil {
		return nn.GatedGELU(s, x, f.gate, f.up, f.down, m.config.DropoutRate)
	}
	return nn.ReLUBlock(s, x, f.up, f.down, m.config.DropoutRate)
}

// buckets are those of the encoder, which looks both ways, or of the decoder.
func (m *Model) buckets(bidirectional bool) Buckets {
	return Buckets{Num: m.config.RelativeAttentionNumBuckets, MaxDistance: m.config.RelativeAttentionMaxDistance, Bidirectional: bidirectional}
}

// positionBias returns what the distances between n positions add to their scores, in every block of a stack: [1, heads, n, n].
func (m *Model) positionBias(s *tensor.Scope, of stack, b Buckets, n int64) *tensor.Tensor {
	// The tables are libtorch's, which refuses what there is no memory for, where Go would end the process.
	line := s.FromInt64s(b.Between(1-n, n-1), 2*n-1)
	places := s.Sub(s.Narrow(s.Arange(2*n-1), 0, n-1, n), s.Unsqueeze(s.Arange(n), 1)) // in line, of each query's distances
	table := s.Reshape(s.IndexSelect(line, 0, s.Reshape(places, n*n)), n, n)
	return s.Contiguous(s.Unsqueeze(s.Permute(s.Embedding(of.bias, table), 2, 0, 1), 0))
}
