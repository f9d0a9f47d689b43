package bert

import (
	"fmt"
	"math"

	"paperlab/lib/nn"
	"paperlab/lib/tensor"
)

// Forward returns the hidden states after the last layer, [batch, length, hidden_size], for int64 ids [batch, length], mask [batch,
// length] with 1 for a token and 0 for padding, and token types [batch, length], nil for all 0. Dropout takes place where s
// is Training. A text longer than max_position_embeddings is s's error.
func (m *Model) Forward(s *tensor.Scope, ids, mask, types *tensor.Tensor) *tensor.Tensor {
	if n := ids.Dim(1); n > m.config.MaxPositionEmbeddings {
		s.Fail(fmt.Errorf("bert: a text of %d tokens, the model reads %d at most (truncate it)", n, m.config.MaxPositionEmbeddings))
		return nil
	}
	bias := nn.PaddingMask(s, mask)
	x := m.embed(s, ids, types)
	for _, l := range m.weights.layers {
		layer := func(s *tensor.Scope, in ...*tensor.Tensor) []*tensor.Tensor {
			return []*tensor.Tensor{m.feedForward(s, l, m.attend(s, l, in[0], bias))}
		}
		if m.Checkpointing && s.Training {
			x = s.Checkpoint(layer, x)[0]
		} else {
			x = layer(s, x)[0]
		}
	}
	return x
}

// embed adds up what the token, its position and its type contribute.
func (m *Model) embed(s *tensor.Scope, ids, types *tensor.Tensor) *tensor.Tensor {
	w, c := m.weights, s.Child()
	x := c.Add(c.Embedding(w.words, ids), m.typeEmbedding(c, types))
	x = c.Add(x, c.Narrow(w.positions, 0, 0, ids.Dim(1)))
	x = c.Dropout(m.layerNorm(c, x, w.norm), m.config.HiddenDropoutProb)
	s.Adopt(c, x)
	return x
}

func (m *Model) typeEmbedding(s *tensor.Scope, types *tensor.Tensor) *tensor.Tensor {
	if types == nil {
		return s.Narrow(m.weights.types, 0, 0, 1)
	}
	return s.Embedding(m.weights.types, types)
}

// attend is a layer's first half: self-attention, added to x and normalised. Both halves free what they computed on the way, except
// what a backward pass needs.
func (m *Model) attend(s *tensor.Scope, l layer, x, bias *tensor.Tensor) *tensor.Tensor {
	c, heads := s.Child(), m.config.NumAttentionHeads
	q := nn.SplitHeads(c, c.Linear(x, l.query.weight, l.query.bias), heads)
	k := nn.SplitHeads(c, c.Linear(x, l.key.weight, l.key.bias), heads)
	v := nn.SplitHeads(c, c.Linear(x, l.value.weight, l.value.bias), heads)
	scale := 1 / math.Sqrt(float64(m.config.HiddenSize/heads))
	mixed := nn.Attention(c, q, k, v, nil, bias, scale, m.config.AttentionProbsDropoutProb)
	y := m.addNorm(c, x, c.Linear(mixed, l.output.weight, l.output.bias), l.outputNorm)
	s.Adopt(c, y)
	return y
}

// feedForward is a layer's second half.
func (m *Model) feedForward(s *tensor.Scope, l layer, x *tensor.Tensor) *tensor.Tensor {
	c := s.Child()
	y := m.addNorm(c, x, nn.GELUBlock(c, x, l.up.weight, l.up.bias, l.down.weight, l.down.bias), l.downNorm)
	s.Adopt(c, y)
	return y
}

// addNorm normalises after the sum, unlike T5.
func (m *Model) addNorm(s *tensor.Scope, x, y *tensor.Tensor, norm affine) *tensor.Tensor {
	return nn.AddLayerNorm(s, x, y, norm.weight, norm.bias, m.config.HiddenDropoutProb, m.config.LayerNormEps)
}

func (m *Model) layerNorm(s *tensor.Scope, x *tensor.Tensor, norm affine) *tensor.Tensor {
	return s.LayerNorm(x, norm.weight, norm.bias, m.config.LayerNormEps)
}
